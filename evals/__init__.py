"""Measures the assistant; nothing in assistant or catalogue imports it."""
