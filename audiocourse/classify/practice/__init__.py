"""Simulators that exist for the exercises of this chapter.

==================  ================================================================================
``noisy_scenes``    the scenes on which exercise 5 tries detectors
``event_frames``    scenes without sound and the output of a simulated network, on which exercise 4 does
``event_timeline``  the figures of exercise 4: events over time, a row for each class
==================  ================================================================================
"""
