"""TODO wav2vec2."""
