"""How much time a case took: measured from real activity, corrected with a reason."""
