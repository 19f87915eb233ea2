"""wav2vec 2.0: learning from sound without text.

================  =================================================================
``from_scratch``  hidden spans, distractors and the contrastive loss in NumPy
``model``         the pretraining in miniature, and the published recogniser in use
================  =================================================================
"""
