"""Chapter 2, speech recognition: from a sound to its words.

==============  ================================================================================================
``ctc``         a label or a blank for each frame, the sum over all paths, search, alignment
``attention``   an encoder, and a decoder that looks back at all of the sound
``wav2vec2``    learning from sound without text; the published recogniser in use
``whisper``     sound of any length in, language and words out
``streaming``   words while a person speaks: ring buffer, local agreement, end of speech, latency
``scoring``     word and character error rates, in total and for each group
``utterances``  synthetic utterances for training and testing
``practice``    simulators that exist for the notebooks
``training``    how the bundled models are trained: ``audiocourse train ctc-mini | whisper-mini``
==============  ================================================================================================
"""
