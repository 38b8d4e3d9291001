"""CSAT, Contact Rate, SLA compliance: definitions, models and statistics."""
