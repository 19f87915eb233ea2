"""Noise, rooms, mixtures and channels.

============  =======================================
``noise``     coloured noise, hum, babble, a keyboard
``room``      impulse responses and reverberation
``mix``       levels and signal-to-noise ratios
``channels``  microphones, telephones and codecs
============  =======================================
"""
