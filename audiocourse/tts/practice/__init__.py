"""What exists for the notebooks of chapter 3 alone.

``phone_figures`` draws a mel spectrogram with the phones under it, and gives its phones other durations.
``vocoder_figures`` draws which samples dilated convolutions read, and a waveform folded into rows.
"""
