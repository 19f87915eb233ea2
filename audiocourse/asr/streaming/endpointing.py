"""Endpointing: from a yes or no for each frame to the moments at which an utterance begins and ends, on a stream.

Who decides yes or no is not said here: any detector of voice activity will do.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.signal import BoolArray

Endpoint: TypeAlias = tuple[Literal["start", "end"], int]  # what happens, and in which frame


class Endpointer:
    """Find out where utterances begin and end while their frames arrive.

    Silent: after `min_speech` frames of yes in a row, an utterance has begun, `lead` frames before the first of them.
    Speaking: after `hangover` frames of no in a row, it has ended, after the last of these. The utterances are pairs
    [start, end) of frames, counted from the beginning of the stream; they never overlap.

    Parameters
    ----------
    min_speech : int
        Frames of yes in a row that it takes to begin: what is shorter is a click.
    hangover : int
        Frames of no in a row that it takes to end: what is shorter is a pause between two words.
    lead : int
        Frames to add in front, since words begin softly; fewer where the utterance before has just ended.

    Raises
    ------
    AudioCourseError
        If a number of frames is impossible.

    Source: L. R. Rabiner and M. R. Sambur, An algorithm for determining the endpoints of isolated utterances, Bell
    System Technical Journal 54(2), 1975 (the two counters are the simplest of its relatives).

    Examples
    --------
    >>> endpointer = Endpointer(min_speech=2, hangover=3, lead=1)
    >>> endpointer.feed(np.array([False, False, True, True, True, False]))
    [('start', 1)]
    >>> endpointer.feed(np.array([False, False, False]))
    [('end', 8)]

    Notebook: ex10_realtime_asr
    """

    def __init__(self, *, min_speech: int = 4, hangover: int = 25, lead: int = 15) -> None:
        require_positive(min_speech=min_speech, hangover=hangover)
        if isinstance(lead, bool) or not isinstance(lead, int) or lead < 0:
            raise AudioCourseError(f"lead is {lead!r}, but it is a number of frames: pass 0 or more.")
        self.min_speech = min_speech
        self.hangover = hangover
        self.lead = lead
        self._frames = 0  # seen so far
        self._last_end = 0
        self._speaking = False
        self._in_a_row = 0  # frames of yes while silent, of no while speaking

    def feed(self, decisions: BoolArray) -> list[Endpoint]:
        """Take the decisions of the next frames and return what they make certain.

        Parameters
        ----------
        decisions : np.ndarray [shape=(frames,), dtype=bool]
            Whether there is speech in each frame; any number of frames, 0 included.

        Returns
        -------
        list of (str, int)
            ("start", frame) and ("end", frame), in order.

        Raises
        ------
        AudioCourseError
            If the decisions are not booleans in a row.
        """
        array = np.asarray(decisions)
        if array.ndim != 1 or array.dtype != bool:
            raise AudioCourseError(
                f"One yes or no (dtype bool) a frame is needed, not {array.dtype} of shape {array.shape}."
            )
        return [event for yes in array.tolist() for event in self._one_frame(yes)]

    def flush(self) -> list[Endpoint]:
        """End the utterance in progress, if there is one, after the last frame seen."""
        return [self._end()] if self._speaking else []

    def _one_frame(self, yes: bool) -> list[Endpoint]:
        self._frames += 1
        self._in_a_row = self._in_a_row + 1 if yes != self._speaking else 0
        if self._speaking:
            return [self._end()] if self._in_a_row == self.hangover else []
        return [self._start()] if self._in_a_row == self.min_speech else []

    def _start(self) -> Endpoint:
        self._speaking = True
        self._in_a_row = 0
        return "start", max(self._frames - self.min_speech - self.lead, self._last_end)

    def _end(self) -> Endpoint:
        self._speaking = False
        self._in_a_row = 0
        self._last_end = self._frames
        return "end", self._frames
