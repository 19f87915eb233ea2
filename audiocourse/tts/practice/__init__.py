"""What exists for the notebooks of chapter 3 alone.

``tiny_speecht5`` builds SpeechT5 and its vocoder in miniature, with random weights.
"""
