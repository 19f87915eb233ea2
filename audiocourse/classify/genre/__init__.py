"""Which genre a song is.

================  ===================================================================================================
``from_scratch``  what a student writes: splits, segments, votes, and the first convolution folded to one channel
``model``         a ResNet-18 of photographs on spectrograms, and the genre of a whole song
``published``     the Audio Spectrogram Transformer, which was trained on sounds: its tags and its embedding
``songs``         synthetic songs with their artists, played by two synthesisers
================  ===================================================================================================
"""
