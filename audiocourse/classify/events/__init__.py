"""Sound event detection: which events sound when.

================  ===========================================================================================
``from_scratch``  frame targets, the loss, the median filter, thresholds, events from frames, event-based F
================  ===========================================================================================
"""
