"""One score per module, each with its evidence."""
