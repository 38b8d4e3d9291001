"""Contacts in, answers out: today e-mail."""
