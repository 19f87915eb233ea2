"""Chapter 4, audio classification: so far voice activity detection and spoken digits.

==================  ==========================================================================================
``vad``             detectors written by hand, and one that is learned
``digits``          which English digit is spoken
``vad_material``    the synthetic scenes on which the detector is trained
``digit_material``  the synthetic words on which the recogniser of digits is trained
``practice``        the scenes on which exercise 5 tries detectors
``recipes``         how both are trained: ``audiocourse train vad-mini``, ``audiocourse train digits-mini``
==================  ==========================================================================================

The references of tasks can be imported from here, whichever module defines them.
"""

from audiocourse.lazy import lazy_names

__getattr__ = lazy_names(
    __name__,
    {
        "vad.from_scratch": (
            "detection_error",
            "hangover",
            "hysteresis",
            "noise_floor_db",
            "roc_point",
            "smooth_decisions",
            "to_segments",
        ),
    },
)
