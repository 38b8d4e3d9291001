"""The mails of a simulated platform's users."""
