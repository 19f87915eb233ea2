"""Sound event detection: which events sound when.

================  ===========================================================================================
``from_scratch``  frame targets, the loss, the median filter, thresholds, events from frames, event-based F
``model``         a convolutional recurrent network, from samples to events
``weak_labels``   pooling over time, to learn from labels of whole clips
``scoring``       scores by segments and by events, overall and for each class
``intersection``  scores by intersection over all thresholds: PSD-ROC, PSDS
================  ===========================================================================================
"""
