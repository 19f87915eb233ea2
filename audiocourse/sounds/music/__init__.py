"""Tones, melodies, drums and songs.

=============  ===========================================================
``tones``      sines, harmonic tones, chirps, silence
``melody``     notes, melodies and chords with their fundamental frequency
``drums``      clicks and drum loops with beats and onsets
``sf2``        the SoundFont file
``soundfont``  notes played by its instruments
``additive``   the same notes played by sums of sines and noise
``styles``     rules of seven styles
``songs``      songs with beats, chords, key and notes
``genres``     clips in six genres
=============  ===========================================================
"""
