"""Speakers: who is speaking, and who speaks when.

=======================  =============================================================================
``diarization``          who speaks when: windows, embeddings, clusters, turns
``diarization_scoring``  the diarisation error rate and its parts; purity and coverage
=======================  =============================================================================
"""
