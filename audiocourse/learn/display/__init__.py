"""What a student hears and sees.

==============  =========================================
``listen``      players
``show``        figures with a text
``explore``     sliders
``blind_test``  listening tests
``predict``     predictions
``live``        a text that grows while something listens
``recording``   the student's own voice
``feedback``    the report of a check
``html``        HTML and plain text for the notebook
==============  =========================================
"""
