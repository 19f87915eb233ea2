"""Which English digit is spoken.

=========  ================================================
``model``  the network, its front end and its probabilities
=========  ================================================
"""
