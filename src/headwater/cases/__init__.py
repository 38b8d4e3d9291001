"""One problem of one user: messages, events, clocks, and whose turn it is."""
