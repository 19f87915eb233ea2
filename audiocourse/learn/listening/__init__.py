"""Listening tests without a page: their designs, their statistics, and the results that are kept.

==============  =======================================================================
``designs``     ABX, A/B preference, staircase, several stimuli with a hidden reference
``statistics``  the exact binomial test, a confidence interval, a threshold
``results``     one small file in ``work/``, handed in with a notebook
==============  =======================================================================
"""
