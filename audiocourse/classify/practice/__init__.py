"""Simulators and figures that exist for the notebooks of this chapter.

================  =============================================================================
``noisy_scenes``  the scenes on which exercise 5 tries detectors
``sound_events``  the scenes of 4c, a tagger used as a detector, and events drawn over time
================  =============================================================================
"""
