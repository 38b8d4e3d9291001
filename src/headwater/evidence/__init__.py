"""Evidence: the platform's own data, read-only, bounded and recorded."""
