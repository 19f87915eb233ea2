"""The genre of a song.

================  ===================================================================================================
``from_scratch``  the references of the tasks: splits, segments, votes, a folded first convolution, a gap
``model``         a ResNet-18, trained on photographs, for spectrograms; and the genre of a whole song
``published``     the Audio Spectrogram Transformer, trained on sounds: its tags and its embedding
``songs``         synthetic songs by several artists, played by two synthesisers
================  ===================================================================================================
"""
