"""TODO acoustics."""
