"""The door for mail that providers post."""
