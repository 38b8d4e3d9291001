"""What agents do again and again: canned answers by language, and macros."""
