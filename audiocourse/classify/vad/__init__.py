"""Voice activity detection.

================  ========================================================
``from_scratch``  detectors written by hand, their stages and their errors
``model``         a detector that is learned, on recordings and on streams
================  ========================================================
"""
