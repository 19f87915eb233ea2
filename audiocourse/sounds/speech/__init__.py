"""Synthetic speech with the times of its words.

===============  ====================================================================
``espeak``       the espeak-ng library
``synthesis``    `say` a text; voices and variants
``speakers``     ninety-six speakers (``speakers.csv``), split into training and test
``grammars``     the languages and their words
``texts``        sentences, commands and digits
``dialogues``    several speakers in turn
``emotions``     acted by rule
``scenes``       speech with pauses in noise
``scene_texts``  the sentences and voices of scenes and babble
===============  ====================================================================
"""
