"""Whisper, of any size.

=============  ============================================================
``features``   log-mel as its encoder expects it
``tokens``     special tokens, the prompt, the language
``search``     greedy decoding, sampling, and the signs of a loop
``decoding``   one window: encoder, decoder, confidence
``windows``    longer than a window: where to cut, how to join
``published``  `transcribe`: sound of any length in, language and words out
``model``      a very small Whisper of the published classes
``targets``    what that model is trained to predict
=============  ============================================================
"""
