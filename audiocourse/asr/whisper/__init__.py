"""Whisper, of any size.

=============  =================================================================
``features``   log-mel as its encoder expects it
``tokens``     special tokens, the prompt, the language
``search``     from scores to text: greedy decoding, sampling, when to believe it
``decoding``   one window through the network: encoder, decoder, attention
``windows``    longer than a window: where to cut, how to join
``published``  `transcribe`: sound of any length in, language and words out
``phrases``    how likely each of a few texts is
``model``      a very small Whisper of the published classes
``targets``    what that model is trained to predict
=============  =================================================================
"""
