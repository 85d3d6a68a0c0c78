"""Readers of public question sets, given by path; nothing here downloads."""
