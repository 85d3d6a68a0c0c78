"""Question and context -> Draft: verified, metric query, SQL, a question back, or a no."""
