"""What exists for the notebooks of chapter 3 alone.

``messy_recordings`` makes recordings of a voice that are noisy, soft, cut or of someone else; ``assembled`` puts a
synthesiser together from parts, some of which are a student's.
"""
