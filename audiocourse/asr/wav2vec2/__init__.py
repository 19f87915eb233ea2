"""wav2vec 2.0: learning from sound without text.

================  =============================================================
``from_scratch``  masked spans, distractors and the contrastive loss in NumPy
``model``         the pretraining in miniature
``published``     a published recogniser in use: text and timed words
================  =============================================================
"""
