"""Warehouses that queries are written for and that nobody here can run."""
