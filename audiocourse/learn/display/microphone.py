"""The record button: the browser's microphone, so that it works where the kernel runs on another machine too.

The browser captures, trims and plays; the kernel is sent the samples in parts, resamples them and writes
``work/recordings/NAME.wav``. Nothing of the sound is stored in the notebook, and `audiocourse forget` deletes the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse import signal
from audiocourse.errors import AudioCourseError
from audiocourse.learn.display.widget import can_interact, widget
from audiocourse.learn.files.workspace import free_path, recordings_folder
from audiocourse.require import require_between, require_positive
from audiocourse.signal import FloatArray

MAX_SECONDS = 300.0
SILENCE_DBFS = -60.0  # of the loudest frame: a quiet room is softer, a whisper is louder
FULL_SCALE = 1 - 2.0**-14  # from here on a 16-bit sample counts as clipped
FRAME_SECONDS = 0.02


def record(seconds: float = 10.0, *, sr: int = 16_000, name: str = "my_recording") -> None:
    """Show a button that records through the browser's microphone.

    The cell ends at once; a later cell gets the recording from `own_recording`. A new take and a trimmed one replace
    the file of this button, and no other file.

    Parameters
    ----------
    seconds : float
        Upper length.
    sr : int
        The rate at which the recording is stored, mono, float32.
    name : str
        Name of the file in ``work/recordings/``; a number is added where it is taken.

    Raises
    ------
    AudioCourseError
        If a length, rate or name is impossible.
    """
    seconds = require_between("seconds", seconds, 1.0, MAX_SECONDS)
    require_between("sr", sr, 8_000, 192_000)
    require_positive(sr=sr)
    if not re.fullmatch(r"[\w-]+", name):
        raise AudioCourseError(f"The name {name!r} must consist of letters, digits, - and _ only.")
    if not can_interact():
        print(f"[record button] Where a student works, it records up to {seconds:g} s into the folder recordings.")
        return
    from IPython.display import display

    button = widget("microphone.js", "recorder.js", seconds=seconds, name=name)
    recorder = Recorder(name, sr)
    button.on_msg(lambda _, content, buffers: recorder.receive(content, buffers, button.send))
    display(button)


def quality_notes(y: FloatArray, sr: int) -> list[str]:
    """Return a sentence where a recording [shape=(samples,) or (channels, samples)] is silent, one where it clips."""
    mono = signal.to_mono(y)
    frame_length = min(mono.size, round(FRAME_SECONDS * sr))
    level_db = signal.frame_level_db(signal.frame(mono, frame_length=frame_length, hop_length=frame_length))
    clipped = int(np.sum(np.abs(y) >= FULL_SCALE))
    notes = []
    if level_db.max() < SILENCE_DBFS:
        notes.append(
            f"It is silent, with nothing above −{-SILENCE_DBFS:g} dBFS: choose another microphone in the menu, or "
            "check that this one is not muted."
        )
    if clipped:
        notes.append(
            f"It clips, with {clipped} samples at full scale: record again from further away, or with a lower input "
            "level."
        )
    return notes


class Recorder:
    """The kernel's side of a record button: takes the parts of a recording and writes its file."""

    def __init__(self, name: str, sr: int) -> None:
        self._name = name
        self._sr = sr
        self._parts: list[FloatArray] = []
        self._path: Path | None = None  # chosen when there is something to write

    def receive(self, content: Mapping[str, Any], buffers: Sequence[Any], send: Callable[[object], None]) -> None:
        """Take a part, float32 samples at ``content["sr"]``; after the last one, send back what became of them."""
        try:
            text = self._take(content, np.frombuffer(buffers[0], dtype=np.float32))
        except AudioCourseError as problem:
            send({"kind": "problem", "text": str(problem)})
        else:
            if text:
                send({"kind": "stored", "text": text})

    def _take(self, content: Mapping[str, Any], part: FloatArray) -> str:
        """Keep a part; after the last one, write the file and describe it."""
        self._parts = [] if content["index"] == 0 else self._parts
        if content["index"] != len(self._parts):
            raise AudioCourseError("The kernel has not received the whole recording: save it with the link below.")
        self._parts.append(part)
        if len(self._parts) < content["of"]:
            return ""
        return self._store(np.concatenate(self._parts), content["sr"])

    def _store(self, y: FloatArray, sr: int) -> str:
        """Write the samples, resampled, and describe the file."""
        notes = quality_notes(y, sr)
        resampled = signal.resample(y, sr, self._sr)
        folder = recordings_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AudioCourseError(
                f"The folder {folder} cannot be created ({error.strerror}): save the recording with the link below."
            ) from error
        self._path = self._path or free_path(folder / f"{self._name}.wav")
        signal.write(self._path, resampled, self._sr, subtype="FLOAT")
        length = signal.duration_seconds(resampled, self._sr)
        return " ".join([f"{self._path.name} is stored: {length:.1f} s at {self._sr} Hz.", *notes])
