"""TODO checking."""
