"""How the bundled models of chapter 3 are trained, one file each: ``audiocourse train fastspeech-mini``.

====================  ==========================================================================
``fastspeech_mini``   all frames of a sentence at once, in the voice of a reference recording
``hifigan_mini``      from mel spectrograms to sound
``tacotron_mini``     frame by frame, with attention: one voice, short sentences
``tacotron2_mini``    the same, with attention that knows where it has been
====================  ==========================================================================
"""
