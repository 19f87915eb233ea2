"""TODO whisper."""
