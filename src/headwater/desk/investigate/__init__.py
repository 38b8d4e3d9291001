"""Investigate: a specialist asks the evidence, looks, and puts what was found into the case."""
