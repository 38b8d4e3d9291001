"""Telling accounts of a cause before they write; each contact waits for an approval."""
