"""What a student meets: checking, hints, listening, looking, predictions, progress.

===============  ===================================================================================
``api``          `check`, `hint`, `mine_or_reference`, `status`: what notebooks call
``tasks``        a task: its reference, what it forbids, the report on an answer, its hints
``predictions``  the predictions of a notebook, read from ``audiocourse/predictions/``
``checking``     how an answer is checked, and how a check says what differs
``display``      players, figures, sliders, feedback, listening tests
``listening``    designs, statistics and results of listening tests
``files``        the student's notebooks and progress
===============  ===================================================================================
"""

from audiocourse.learn.api import check, hint, mine_or_reference, status
from audiocourse.learn.display.blind_test import blind_test
from audiocourse.learn.display.explore import explore
from audiocourse.learn.display.listen import compare, listen
from audiocourse.learn.display.predict import predict
from audiocourse.learn.display.recording import own_recording
from audiocourse.learn.display.show import show

__all__ = [
    "blind_test",
    "check",
    "compare",
    "explore",
    "hint",
    "listen",
    "mine_or_reference",
    "own_recording",
    "predict",
    "show",
    "status",
]
