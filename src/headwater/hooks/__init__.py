"""The door for what mail providers and trackers post."""
