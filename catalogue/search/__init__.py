"""Finds what the catalogue holds: by meaning, by spelling, and along the joins."""
