"""What a platform could say of itself and does not yet: proposals that a person reviews."""
