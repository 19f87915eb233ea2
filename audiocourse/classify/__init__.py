"""Chapter 4, audio classification: so far voice activity detection and spoken digits.

``vad``             detectors written by hand, and one that is learned
``digits``          which English digit is spoken
``vad_material``    the synthetic scenes on which the detector is trained
``digit_material``  the synthetic words on which the recogniser of digits is trained
``practice``        the scenes on which exercise 5 tries detectors
``training``        how both are trained: ``audiocourse train vad-mini``, ``audiocourse train digits-mini``
==================  ==========================================================================================
=======
============  ==========================================================================================
``vad``       detectors by rules, that of WebRTC, and one that is learned
``digits``    which English digit is spoken
``scoring``   the error of detected segments, rates of decisions, the area under the ROC curve
``clips``     the synthetic scenes and spoken digits on which both networks are trained
``practice``  the scenes on which exercise 5 tries detectors
``training``  how both are trained: ``audiocourse train vad-mini``, ``audiocourse train digits-mini``
============  ==========================================================================================
"""
