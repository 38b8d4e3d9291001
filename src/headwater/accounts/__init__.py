"""People who write, platform accounts they act for, and the agents who answer."""
