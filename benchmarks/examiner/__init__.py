"""A second world of a payments platform, built from the catalogue of failure modes alone."""
