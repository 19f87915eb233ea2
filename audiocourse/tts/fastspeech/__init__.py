"""FastSpeech: all frames at once, because every symbol says beforehand how many frames it lasts.

==================  ============================================================================
``from_scratch``    the length regulator, the loss of durations, durations at another rate
``learning``        the loss of frames, durations and pitch
``model``           the network, its predictors of duration, pitch and energy, the reference encoder
==================  ============================================================================
"""
