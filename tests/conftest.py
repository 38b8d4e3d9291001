"""Shared by every test. HEADWATER_DATABASE_URL chooses the store; empty means SQLite."""
