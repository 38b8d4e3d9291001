"""Routing: which queue a case lies in, how much it presses, and who gets it; docs/routing.md."""
