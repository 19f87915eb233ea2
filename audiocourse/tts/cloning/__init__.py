"""Cloning a voice, and what has to come with it.

==============  ================================================================================================
``consent``     a phrase that the owner of the voice reads aloud before anything is cloned
``watermark``   a mark in the sound that survives MP3, and its detector
``detection``   a detector of synthetic speech, and where it fails
``equalising``  filter a clone so that its average spectrum is that of the reference
``adapting``    fit the numbers of a voice to a few sentences of it
``similarity``  how near a cloned voice is to its target, by features that no synthesiser was trained on
==============  ================================================================================================
"""
