"""How the bundled models of chapter 2 are trained, one file each: ``audiocourse train ctc-mini``.

================  =====================================================================================
``ctc_mini``      a recurrent network with CTC
``whisper_mini``  a small Whisper, which learns from `ctc_mini` when each letter is spoken
================  =====================================================================================
"""
