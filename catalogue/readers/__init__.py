"""One outside format per module, each read into the nouns of `catalogue.model`."""
