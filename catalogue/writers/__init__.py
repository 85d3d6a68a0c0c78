"""The catalogue's way out: what is known, written in the formats that people review and keep."""
