"""Simulators that exist for the notebooks of this chapter.

=================  ==================================================
``noisy_scenes``   the scenes on which exercise 5 tries detectors
``tagging_clips``  the clips of chapter 4b, of ten kinds and of none
``linear``         a linear classifier, the baseline of that chapter
=================  ==================================================
"""
