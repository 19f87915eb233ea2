"""Grading that keeps the checks and the answers in different processes.

===============  ==============================================================================
``grader``       grades one submission
``classroom``    grades a folder of submissions, each once, in processes of ``parallel``
``submissions``  the files that arrive, by student and notebook (``platforms``: their names)
``seeds``        the seed of the hidden data, and the version of the checks
``isolation``    the sandbox level to grade in
``settings``     late rule, deadline, times and marks, stored between runs
``further``      an instructor's own checks
``sandbox``      processes that run answers, apart from checks and expected values
``reports``      results, late rule, pages, tables
===============  ==============================================================================
"""
