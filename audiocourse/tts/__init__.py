"""Chapter 3, text-to-speech: from a sentence to a voice that speaks it.

==============  ================================================================================================
``mel``         the mel spectrogram between a network and its vocoder, and what its numbers mean
==============  ================================================================================================

The references of tasks can be imported from here, whichever module defines them.
"""
