"""What a student hears and sees.

==============  =========================================
``listen``      players
``show``        figures with a text
``explore``     sliders
``microphone``  the record button
``recording``   the student's own voice
``live``        captions of what someone says
``widget``      what speaks with the kernel
``feedback``    the report of a check
``html``        HTML and plain text for the notebook
==============  =========================================
"""
