"""What exists for the notebooks of chapter 3 alone.

``phone_figures`` draws a mel spectrogram with the phones under it, and gives its phones other durations.
"""
