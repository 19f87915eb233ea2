"""Tacotron: attention learns by itself which symbol is spoken when.

================  ================================================================================================
``from_scratch``  additive attention, teacher forcing and the stop token in NumPy
``model``         Tacotron: pre-net, CBHG, additive attention, decoder GRUs
``cbhg``          bank of convolutions, highway layers, bidirectional GRU
``recurrent``     a recurrent layer in both directions, each from its own end
``decoding``      what Tacotron 2 shares: steps of r frames, teacher forcing, free running, `synthesize_mel`
``alignment``     how diagonal attention is, skips and repeats, guided attention
``learning``      batches and the loss of both networks
================  ================================================================================================
"""
