"""Working time between pairs of instants by the million, in SQL."""
