"""Working on cases: tags, fields, following, snoozing, splitting, many cases at once."""
