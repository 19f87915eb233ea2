"""What a student hears, sees and answers.

==============  ===========================================================================
``listen``      players
``show``        figures that play, with a text
``explore``     sliders
``microphone``  the record button
``recording``   the student's own voice
``live``        captions of what someone says
``blind_test``  listening tests whose order is hidden
``predict``     predictions, chosen before the answer appears
``feedback``    the report of a check
``player``      the component that plays, in a page without a kernel
``picture``     a figure as a picture, in the ink of the page
``style``       how every figure looks
``widget``      what speaks with the kernel
``script``      the scripts that outputs carry
``html``        HTML and plain text for the notebook
==============  ===========================================================================
"""
