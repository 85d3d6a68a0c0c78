"""Platforms that nobody tuned names for, made on the spot: the newcomers' yardstick."""
