"""What the platform holds and how far to trust it. Knows no chat model."""
