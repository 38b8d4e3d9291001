"""What each cause leaves in the tables. A plant mutates the world and returns what it did."""
