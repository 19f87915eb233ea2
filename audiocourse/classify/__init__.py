"""Chapter 4, audio classification: so far voice activity detection and spoken digits.

==================  ===========================================================================================
``vad``             detectors written by hand, their stages, and how wrong they are
``neural_vad``      a detector that is learned, on recordings and on streams
``vad_material``    the made scenes it learns from
``vad_scenes``      the scenes on which exercise 5 tries detectors
``digits``          which English digit is spoken
``digit_material``  the made words it learns from
``recipes``         how both are trained: ``audiocourse train vad-mini``, ``audiocourse train digits-mini``
==================  ===========================================================================================
"""
