"""What a student meets: checking, hints, listening, looking, predictions, progress.

===============  ===================================================================================
``api``          `check`, `hint`, `mine_or_reference`, `status`: what notebooks call
``tasks``        a task: its reference, what it forbids, the report on an answer, its hints
``predictions``  the predictions of a notebook, read from ``audiocourse/predictions/``
``checking``     how an answer is checked, and how a check says what differs
``display``      players, figures, sliders, listening tests, the record button, captions, feedback
``listening``    designs, statistics and results of listening tests
``files``        the student's notebooks and progress
===============  ===================================================================================
"""

from audiocourse.learn.api import check, hint, mine_or_reference, status
from audiocourse.learn.display.blind_test import blind_test, identify
from audiocourse.learn.display.explore import explore
from audiocourse.learn.display.feedback import calm_blanks
from audiocourse.learn.display.listen import compare, listen
from audiocourse.learn.display.live import live
from audiocourse.learn.display.microphone import record
from audiocourse.learn.display.predict import predict
from audiocourse.learn.display.recording import own_recording
from audiocourse.learn.display.show import show
from audiocourse.learn.display.style import house_style

__all__ = [
    "blind_test",
    "check",
    "compare",
    "explore",
    "hint",
    "house_style",
    "identify",
    "listen",
    "live",
    "mine_or_reference",
    "own_recording",
    "predict",
    "record",
    "show",
    "status",
]

calm_blanks()
