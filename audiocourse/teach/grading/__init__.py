"""Grading that keeps the checks and the answers in different processes.

===============  ================================================================================
``grader``       one submission in, one result out
``classroom``    a folder of submissions, graded once; pages and tables
``submissions``  the files that arrive, sorted by student and notebook (``platforms``: their names)
``kept``         what a run keeps, so that it can go on
``further``      an instructor's own checks
``sandbox``      where answers run, apart from checks and expected values
``reports``      results, late rule, pages, tables
===============  ================================================================================
"""
