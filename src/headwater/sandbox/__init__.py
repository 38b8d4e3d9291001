"""A simulated payments platform: its evidence lake, the mails of its users, and the truth."""
