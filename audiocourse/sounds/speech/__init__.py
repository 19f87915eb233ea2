"""Synthetic speech with the times of its words.

===============  ===============================================
``espeak``       the espeak-ng library
``synthesis``    `say` a text; voices and variants
``speakers``     ninety-six people, split into training and test
``texts``        sentences, commands and digits, from ``grammars``
``dialogues``    several people in turn
``emotions``     acted by rule
``scenes``       speech with pauses in noise
``scene_texts``  the sentences and voices of scenes and babble
===============  ===============================================
"""
