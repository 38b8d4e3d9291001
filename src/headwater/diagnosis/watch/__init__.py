"""Watching how many accounts each cause reaches, and saying when it is more than usual."""
