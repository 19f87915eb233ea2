"""Attention: an encoder, and a decoder that looks back at all of the sound.

================  ============================================================
``from_scratch``  masked attention and teacher forcing in NumPy
``model``         the network, its loss, texts and sounds as it reads them
``search``        greedy decoding and beam search: from the network to a text
================  ============================================================
"""
