"""Thin views: parse, call acts and queries, render."""
