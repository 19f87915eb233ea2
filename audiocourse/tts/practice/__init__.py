"""What exists for the notebooks of chapter 3 alone.

``phone_figures`` draws a mel spectrogram with the phones under it, and gives its phones other durations.
``tiny_speecht5`` builds SpeechT5 and its vocoder in miniature, with random weights.
``vocoder_figures`` draws which samples dilated convolutions read, and a waveform folded into rows.
``messy_recordings`` makes recordings of a voice that are noisy, soft, cut or of someone else; ``assembled`` puts a
synthesiser together from parts, some of which are a student's.
"""
