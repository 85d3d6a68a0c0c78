"""Records of a run, shown."""
