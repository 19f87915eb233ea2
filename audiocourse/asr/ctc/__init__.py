"""Connectionist temporal classification (CTC).

================  ============================================================
``from_scratch``  collapse, the sum over all paths, the loss and its gradient
``model``         a recurrent network that is trained with CTC
``search``        the best path; the best labelling, with a language model
``ngram``         a language model that counts
``alignment``     when each letter and word of a text is spoken
``phrases``       how likely each of a few texts is
``recogniser``    network, search and alignment together: text and timed words
================  ============================================================
"""
