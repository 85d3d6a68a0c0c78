"""Question and context -> Draft: verified query, metric query, SQL, a question back, or an honest no."""
