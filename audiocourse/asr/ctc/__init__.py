"""TODO ctc."""
