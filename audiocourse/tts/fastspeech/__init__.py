"""FastSpeech: all frames at once, because every symbol says beforehand how many frames it lasts.

==================  ============================================================================
``from_scratch``    the length regulator, the loss of durations, durations at another rate
``learning``        the loss of frames and their spread, of durations and pitch
``linear``          the same with one multiplication for each stage, to compute by hand
``model``           the network, its predictors of duration, pitch and energy, the reference encoder
``reference``       recordings that describe a voice, at one level
``synthesizer``     from a text and a voice to speech
==================  ============================================================================
"""
