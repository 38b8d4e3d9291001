"""Mail on its way out: one row for each, from the moment it is asked for."""
