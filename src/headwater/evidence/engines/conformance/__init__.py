"""The conformance suite: a small world, queries over it, and the verdict on an engine."""
