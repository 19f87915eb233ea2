"""How the bundled models of chapter 3 are trained, one file each: ``audiocourse train tacotron-mini``.

==================  ===============================================================================
``tacotron_mini``   a small Tacotron, one voice
``tacotron2_mini``  a small Tacotron 2, on the same utterances
==================  ===============================================================================
"""
