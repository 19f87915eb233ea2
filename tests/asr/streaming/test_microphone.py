"""Blocks of sound: from a recording at the pace of speech, and from a microphone that is a fake."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from audiocourse.asr.streaming.microphone import blocks, microphone

RAMP = np.linspace(-0.5, 0.5, 1_000, dtype=np.float32)


class Time:
    """A clock that only moves when somebody sleeps or works."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_blocks_are_the_recording() -> None:
    cut = list(blocks(RAMP, 16_000, hop=300))
    assert [block.size for block in cut] == [300, 300, 300, 100]
    assert np.array_equal(np.concatenate(cut), RAMP)


def test_without_pace_nobody_waits() -> None:
    time = Time()
    assert len(list(blocks(RAMP, 1_000, hop=100, sleep=time.sleep, clock=lambda: time.now))) == 10
    assert time.slept == []


def test_a_paced_block_comes_when_it_was_spoken_and_delays_do_not_add_up() -> None:
    time, came = Time(), []
    for block in blocks(RAMP, 1_000, hop=300, paced=True, sleep=time.sleep, clock=lambda: time.now):
        came.append(round(time.now - 100, 3))
        time.now += 0.45 if block[0] == RAMP[300] else 0.1  # the second block takes longer than it lasts
    assert came == [0.3, 0.6, 1.05, 1.15]


@pytest.mark.parametrize("bad", [np.zeros((2, 9), np.float32), np.zeros(0, np.float32), np.zeros(9, np.int16)])
def test_what_is_no_mono_signal_is_refused(bad: np.ndarray, refuses) -> None:  # type: ignore[no-untyped-def]
    with refuses(""):
        next(blocks(bad, 16_000, hop=3))


class PortAudioError(Exception):
    """As in sounddevice."""


class FakeDevice(ModuleType):
    """A sounddevice whose stream does what a script says as soon as it starts."""

    PortAudioError = PortAudioError

    def __init__(self, script: Callable[[Any, Any], None], *, inputs: int = 1) -> None:
        super().__init__("sounddevice")
        self.script, self.inputs, self.closed, self.asked = script, inputs, 0, {}
        fake = self

        class InputStream:
            def __init__(self, **asked: Any) -> None:
                fake.asked = asked
                if asked["samplerate"] == 1:
                    raise PortAudioError("Invalid sample rate")

            def start(self) -> None:
                fake.script(fake.asked["callback"], fake.asked["finished_callback"])

            def close(self) -> None:
                fake.closed += 1

        self.InputStream = InputStream

    def query_devices(self, kind: str) -> dict[str, int]:
        assert kind == "input"
        if not self.inputs:
            raise PortAudioError("Error querying device -1")
        return {"max_input_channels": self.inputs}


def said(first: int, count: int, callback: Any, status: str = "") -> None:
    """Deliver blocks of four samples, in PortAudio's own array, which it uses again and again."""
    own = np.zeros((4, 1), dtype=np.float32)
    for number in range(first, first + count):
        own[:] = number / 100
        callback(own, 4, None, status)


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeDevice]:
    def plugged(script: Callable[[Any, Any], None] = lambda *_: None, **options: int) -> FakeDevice:
        device = FakeDevice(script, **options)
        monkeypatch.setitem(sys.modules, "sounddevice", device)
        return device

    return plugged


def listened(heard: list[float], **options: Any) -> None:
    for block in microphone(8, hop=4, **{"seconds": 10.0, "patience": 0.01, **options}):
        assert block.shape == (4,)
        assert block.dtype == np.float32
        heard.append(round(float(block[0]) * 100))


def test_a_microphone_delivers_blocks_in_order_until_the_time_is_over(plug: Any) -> None:
    device = plug(lambda callback, _: said(0, 9, callback))
    heard: list[float] = []
    listened(heard, seconds=2.25)
    assert heard == [0, 1, 2, 3, 4]  # 5 blocks of half a second
    assert device.closed == 1
    assert (device.asked["samplerate"], device.asked["blocksize"], device.asked["channels"]) == (8, 4, 1)


def test_whoever_stops_listening_closes_the_microphone(plug: Any) -> None:
    device = plug(lambda callback, _: said(0, 9, callback))
    stream = microphone(8, hop=4, seconds=10)
    next(stream)
    stream.close()
    assert device.closed == 1


@pytest.mark.parametrize("tells", [True, False])
def test_a_microphone_that_vanishes_loses_nothing_heard(tells: bool, plug: Any, refuses) -> None:  # type: ignore[no-untyped-def]
    """Some systems say that the stream has ended, on others the blocks stop coming."""

    def script(callback: Any, finished: Any) -> None:
        said(0, 3, callback)
        if tells:
            finished()

    device, heard = plug(script), []
    with refuses("The microphone has stopped", "after 1.5 s, all of which were delivered"):
        listened(heard)
    assert heard == [0, 1, 2]
    assert device.closed == 1


def test_a_listener_who_is_too_slow_is_told_so_after_all_that_was_heard(plug: Any, refuses) -> None:  # type: ignore[no-untyped-def]
    plug(lambda callback, _: said(0, 9, callback))
    heard: list[float] = []
    with refuses("The listener is 4 blocks late", "after 2.0 s"):
        listened(heard, max_waiting=4)
    assert heard == [0, 1, 2, 3]


def test_samples_dropped_by_the_sound_card_end_the_stream_instead_of_leaving_a_hole(plug: Any, refuses) -> None:  # type: ignore[no-untyped-def]
    def script(callback: Any, _: Any) -> None:
        said(0, 2, callback)
        said(2, 1, callback, status="input overflow")
        said(3, 4, callback)

    plug(script)
    heard: list[float] = []
    with refuses("dropped samples (input overflow)"):
        listened(heard)
    assert heard == [0, 1]


def test_no_microphone_is_one_sentence(plug: Any, refuses) -> None:  # type: ignore[no-untyped-def]
    plug(inputs=0)
    with refuses("There is no microphone", "blocks(y, sr, hop=…)"):
        listened([])


def test_a_rate_that_the_device_refuses_is_one_sentence(plug: Any, refuses) -> None:  # type: ignore[no-untyped-def]
    plug()
    with refuses("does not deliver 1 samples per second", "Invalid sample rate"):
        next(microphone(1, hop=4, seconds=1))


def test_no_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch, refuses) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with refuses("no package sounddevice", "install audiocourse[microphone]"):
        listened([])


def test_no_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch, refuses) -> None:  # type: ignore[no-untyped-def]
    def no_library(name: str) -> ModuleType:
        raise OSError(f"PortAudio library not found by {name}")

    monkeypatch.setattr("audiocourse.asr.streaming.microphone.import_module", no_library)
    with refuses("no PortAudio library", "apt-get install libportaudio2"):
        listened([])
