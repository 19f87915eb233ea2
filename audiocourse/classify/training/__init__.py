"""How the bundled models of chapter 4 are trained, one file each: ``audiocourse train vad-mini``.

===============  ======================================================================
``vad_mini``     a recurrent network that says in every frame whether a person speaks
``digits_mini``  a convolutional network that says which digit a word is
``events_mini``  a convolutional recurrent network that says which sounds are present in every frame
===============  ======================================================================
"""
