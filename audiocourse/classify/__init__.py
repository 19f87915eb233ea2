"""Chapter 4, audio classification: so far voice activity detection.

================  ===========================================================================================
``vad``           detectors written by hand, their stages, and how wrong they are
``neural_vad``    a detector that is learned, on recordings and on streams
``vad_material``  the made scenes it learns from
``recipes``       how it is trained: ``audiocourse train vad-mini``
================  ===========================================================================================
"""
