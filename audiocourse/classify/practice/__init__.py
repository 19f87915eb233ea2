"""TODO practice."""
