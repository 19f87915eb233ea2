"""Tacotron 2: attention that knows where it has been.

================  ================================================================================================
``from_scratch``  one step of location-sensitive attention in NumPy
``model``         the network; its loop over the steps is that of `audiocourse.tts.tacotron.decoding`
================  ================================================================================================
"""
