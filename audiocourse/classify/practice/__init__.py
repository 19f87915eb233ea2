"""Simulators and figures that exist for the notebooks of this chapter.

====================  =============================================================================================
``noisy_scenes``      the scenes on which exercise 5 tries detectors
``tagging_clips``     the clips of chapter 4b, of ten kinds and of none
``linear``            a linear classifier, the baseline of that chapter
``event_frames``      scenes without sound and the output of a simulated network, on which exercise 4 does
``event_timeline``    the figures of exercise 4: events over time, a row for each class
``sound_events``      the scenes of chapter 4c, and a tagger used as a detector
``who_speaks``        the figures of chapter 4d: turns over time, embeddings in two dimensions
``voice_tracks``      features of voices without sound: the open task of exercise 9, and clips with an early cue
``emotion_training``  the trainings of chapter 4e and exercise 9, and a figure of what is confused
====================  =============================================================================================
"""
