"""Which cause explains a case, proven by rows."""
