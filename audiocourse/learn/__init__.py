"""What a student meets: checking, hints, listening, looking, progress.

``check`` · ``hint`` · ``mine_or_reference`` · ``status``  what notebooks call
``listen`` · ``compare`` · ``show``                       players and figures everybody can use
``explore``                                               a slider, and what stands for it without one
``live``                                                  a text that grows while something listens
``own_recording``                                         the student's own voice, kept on their machine
``authoring``                                             what an author of exercises writes with
``student`` · ``registry`` · ``runner`` · ``diagnose``     how a check runs and says what differs
``notebook`` · ``workspace`` · ``progress``                the student's files
"""

from audiocourse.learn.api import check, hint, mine_or_reference, status
from audiocourse.learn.display.explore import explore
from audiocourse.learn.display.listen import compare, listen
from audiocourse.learn.display.recording import own_recording
from audiocourse.learn.display.show import show

__all__ = ["check", "compare", "explore", "hint", "listen", "mine_or_reference", "own_recording", "show", "status"]
