"""Files written about graded submissions.

==============  =============================================================
``gradebook``   results on disk, each written whole or not at all (`files`)
``late``        the deduction for late submissions
``marks``       marks for texts, given by a person
``pages``       pages for a student and for the class
``export``      tables for spreadsheets and learning platforms
``handback``    zips of pages, under the names that a platform expects
``gradescope``  one submission, inside Gradescope's container
==============  =============================================================
"""
