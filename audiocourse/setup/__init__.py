"""From a bare clone to a course that works: before anything is installed, while it is, and when something is wrong.

==============  ============================================================================
``bootstrap``   what ``python -m audiocourse`` does first: is there an environment?
``install``     makes ``.venv`` and fills it with the tested versions
``progress``    one line on the terminal meanwhile
``selfcheck``   uses every library and every bundled model once
``doctor``      the same list, and what the machine offers: ``audiocourse doctor``
``lock``        writes ``constraints.txt``: ``audiocourse lock``
==============  ============================================================================
"""
