"""Other help desks, each run by its own Python over the benchmark's mails."""
