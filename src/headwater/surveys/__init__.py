"""Whether the user was satisfied: one question after solving, and what is done with the answer."""
