"""What is written about graded submissions.

==============  =============================================================
``gradebook``   results on disk, each written at once or not at all (`files`)
``late``        what being late costs
``marks``       marks for texts, given by a person
``pages``       pages for a student and for the class
``export``      tables for spreadsheets and learning platforms
``handback``    pages by the names that a platform expects
``gradescope``  one submission, inside Gradescope's container
==============  =============================================================
"""
