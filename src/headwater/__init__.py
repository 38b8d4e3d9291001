"""Headwater: from contact to proven cause."""

__version__ = "0.1.0"
