"""TODO vad."""
