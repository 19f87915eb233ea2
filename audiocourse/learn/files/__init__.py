"""The student's files.

=============  =============================================================
``notebook``   notebooks as JSON that differs little from version to version
``stored``     notebooks in any state in which they arrive
``lost_tags``  finds the tasks of a notebook that has lost its tags
``workspace``  `work/`, its notebooks and what is handed in
``progress``   what is solved so far
=============  =============================================================
"""
