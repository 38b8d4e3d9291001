"""Statistics that do not lie: intervals, comparisons, explanations and alerts. Pure."""
