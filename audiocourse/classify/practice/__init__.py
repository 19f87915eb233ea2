"""Simulators that exist for the exercises of this chapter.

================  ==============================================
``noisy_scenes``  the scenes on which exercise 5 tries detectors
================  ==============================================
"""
