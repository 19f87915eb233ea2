"""Grading that keeps the checks and the answers in different processes.

=============  =========================================================================================
``protocol``   what crosses between them: frames of JSON and raw arrays, never pickle
``nursery``    where processes for submissions come from: forked from the ``zygote``, or started (``processes``)
``zygote``     a warm process that is forked for each submission
``libraries``  what a warm process imports, and what it prepares where a notebook names it
``answers``    what is run of a notebook: its answers, and what these need (``needed``)
``child``      the student's side: loads a notebook's answers and calls them
``jail``       what such a process may do: ``namespaces``, system calls, limits
``remote``     a `Student` for the checks, behind a channel
``lender``     the references that later stages of an answer may borrow, in a process of their own
``grader``     one submission in, one result out
``classroom``  a folder of them, graded once; pages and tables
``book``       results on disk, each written at once or not at all (``files``)
``late``       what being late costs
``export``     tables for spreadsheets and learning platforms
``page``       pages for a student and for the class
``gradescope`` the same for one submission, inside Gradescope's container
=============  =========================================================================================
"""
