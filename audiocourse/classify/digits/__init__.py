"""TODO digits."""
