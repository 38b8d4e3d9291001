"""Working calendars: hours, holidays and exceptions; docs/algorithms/working-time.md."""
