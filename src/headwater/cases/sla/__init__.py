"""SLA policies: what is promised to whom; docs/algorithms/sla-clock.md."""
