"""Background work: a leased table in the operational store. Knows nothing of support."""
