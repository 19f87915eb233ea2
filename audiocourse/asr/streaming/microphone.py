"""Sound in blocks, as it comes from a microphone of this computer, or from a recording in its place.

Both are iterators over blocks of `hop` samples, float32 in [-1, 1], mono, so that any code that reads one can read
the other.
"""

from __future__ import annotations

import contextlib
import math
import queue
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono, require_number, require_positive
from audiocourse.signal import FloatArray

INSTEAD = "or play a recording with blocks(y, sr, hop=…)"
GONE = "The microphone has stopped, so connect it again"


def blocks(
    y: FloatArray,
    sr: int,
    *,
    hop: int,
    paced: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[FloatArray]:
    """Play a recording in blocks, as a microphone would deliver it.

    Block k holds y[k · hop], …, y[(k + 1) · hop − 1], the last one what is left. Paced, it comes (k + 1) · hop / sr
    seconds after the first was asked for, or at once where the listener is late: no delay adds up.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second.
    hop : int
        Samples in a block.
    paced : bool
        Whether to wait until the sound of a block would have been spoken.
    sleep, clock : Callable
        How to wait some seconds, and what time it is.

    Yields
    ------
    np.ndarray [shape=(hop,)]
        Blocks in order; together they are y.

    Raises
    ------
    AudioCourseError
        If y is not mono, or sr or hop is not a positive whole number.

    Examples
    --------
    >>> import numpy as np
    >>> [block.size for block in blocks(np.zeros(7, dtype=np.float32), 16_000, hop=3)]
    [3, 3, 1]

    Notebook: ex10_realtime_asr
    """
    require_mono(y)
    require_positive(sr=sr, hop=hop)
    begun = clock()
    for start in range(0, y.size, hop):
        block = y[start : start + hop]
        if paced:
            sleep(max(0.0, begun + (start + block.size) / sr - clock()))
        yield block


def microphone(
    sr: int, *, hop: int, seconds: float, patience: float = 2.0, max_waiting: int = 200
) -> Iterator[FloatArray]:
    """Listen to the default microphone.

    Each block waits in a queue until it is asked for. No sound is ever dropped in silence: when the
    listener is so slow that the queue is full, or PortAudio had to drop samples, or no sound arrives for some seconds
    (the microphone was unplugged), listening ends, all blocks received until then are delivered, and then an error says
    what happened.

    Parameters
    ----------
    sr : int
        Samples per second; the device or its driver resamples.
    hop : int
        Samples in a block.
    seconds : float
        How long to listen.
    patience : float
        Seconds without sound after which the microphone is taken to be gone.
    max_waiting : int
        Blocks the queue holds.

    Yields
    ------
    np.ndarray [shape=(hop,)]
        Blocks in order, until they hold at least `seconds`.

    Raises
    ------
    AudioCourseError
        If there is no sounddevice package, PortAudio library or microphone, it refuses the rate, it vanishes, or the
        listener is too slow.

    Notebook: ex10_realtime_asr
    """
    require_positive(sr=sr, hop=hop, max_waiting=max_waiting)
    require_number(seconds=seconds, patience=patience)
    device = _sounddevice()
    _require_input(device)
    received = _BlockQueue(queue.Queue(maxsize=max_waiting))
    try:
        stream = device.InputStream(
            samplerate=sr,
            blocksize=hop,
            channels=1,
            dtype="float32",
            callback=received.put,
            finished_callback=received.end,
        )
        stream.start()
    except device.PortAudioError as error:
        raise AudioCourseError(
            f"The microphone does not deliver {sr} samples per second ({error}): choose another one in the settings of "
            f"your system, {INSTEAD}."
        ) from error
    try:
        yield from received.blocks(math.ceil(round(seconds * sr) / hop), seconds=hop / sr, patience=patience)
    finally:
        with contextlib.suppress(device.PortAudioError):  # a device that is gone cannot be closed
            stream.close()


@dataclass
class _BlockQueue:
    """What arrived from a device and was not asked for yet, and why no more will come."""

    waiting: queue.Queue[FloatArray]
    problem: str = ""

    def put(self, block: FloatArray, frames: int, times: Any, status: Any) -> None:  # noqa: ARG002 (PortAudio's)
        """Keep a block [shape=(hop, 1)]; called in a thread of PortAudio, which must never wait."""
        if self.problem:
            return
        if status:
            self.problem = f"The sound card dropped samples ({status}), so do less work per block"
            return
        try:
            self.waiting.put_nowait(block[:, 0].copy())
        except queue.Full:
            self.problem = f"The listener is {self.waiting.maxsize} blocks late, so do less work per block"

    def end(self) -> None:
        """Note that the device stopped; called in a thread of PortAudio."""
        self.problem = self.problem or GONE

    def blocks(self, count: int, *, seconds: float, patience: float) -> Iterator[FloatArray]:
        """Yield so many blocks of some seconds, or what there is and then an error."""
        for number in range(count):
            try:
                block = self.waiting.get(timeout=0.0 if self.problem else patience)
            except queue.Empty:
                raise AudioCourseError(
                    f"{self.problem or GONE}, {INSTEAD}: listening ended after {number * seconds:.1f} s, all of which "
                    "were delivered."
                ) from None
            yield block


def _sounddevice() -> Any:
    """Load the package that talks to sound cards: installed on demand, and on Linux without its C library."""
    try:
        return import_module("sounddevice")
    except ImportError:
        raise AudioCourseError(
            f"There is no package sounddevice, which reads microphones: install audiocourse[microphone], {INSTEAD}."
        ) from None
    except OSError:
        raise AudioCourseError(
            "sounddevice finds no PortAudio library: install it (on Debian and Ubuntu: apt-get install "
            f"libportaudio2), {INSTEAD}."
        ) from None


def _require_input(device: Any) -> None:
    try:
        device.query_devices(kind="input")
    except (device.PortAudioError, ValueError):
        raise AudioCourseError(
            f"There is no microphone: connect one, allow the program to use it, {INSTEAD}."
        ) from None
