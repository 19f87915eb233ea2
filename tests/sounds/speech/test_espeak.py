"""The library behind the voices: the same samples whatever was spoken before, and in another process."""

import json
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import espeakng_loader
import numpy as np
import pytest

from audiocourse.sounds import Speech, say, variants, voices
from audiocourse.sounds.speech import espeak
from audiocourse.sounds.speech.espeak import END, PHONEME, WORD

TEXT = "She sells yellow chairs."
# f3 and whisper breathe from the library's own generator, caleb and Reed from C's rand(), the others not at all
TRAPS = ("en-us+f3", "en-us+whisper", "en-us+caleb", "en-us+Reed", "en-us+f2", "en-us", "fr+m3")

PROGRAM = f"""
import json
from hashlib import sha256
from audiocourse.sounds import say
print(json.dumps({{voice: sha256(say({TEXT!r}, voice=voice).y.tobytes()).hexdigest() for voice in {TRAPS[::-1]!r}}}))
"""

Spoken = Callable[..., tuple[Any, list[espeak.EspeakEvent]]]


@pytest.fixture
def spoken() -> Spoken:
    def speak(text: str = TEXT, **changes: Any) -> tuple[Any, list[espeak.EspeakEvent]]:
        settings = {"voice": "en-us", "seed": 0, "rate": 160, "pitch": 50, "pitch_range": 50, "volume": 100}
        return espeak.synthesize(text, **{"ssml": False, **settings, **changes})

    return speak


def fingerprint(speech: Speech) -> str:
    return sha256(speech.y.tobytes() + repr(speech.words + speech.phones).encode()).hexdigest()


@pytest.mark.parametrize("voice", TRAPS)
def test_the_past_does_not_matter(voice: str) -> None:
    first = fingerprint(say(TEXT, voice=voice, seed=3))
    for before in ("en-us+caleb", "de", voice):
        say("Something else, and longer than that.", voice=before, seed=9)
        assert fingerprint(say(TEXT, voice=voice, seed=3)) == first


def test_every_variant_is_independent_of_the_order() -> None:
    def all_of_them(names: list[str]) -> dict[str, str]:
        return {name: fingerprint(say("Hello.", voice=f"en-us+{name}")) for name in names}

    names = variants()
    assert all_of_them(names) == all_of_them(names[::-1])


def test_another_process_says_the_same(fresh_python: Callable[[str], str]) -> None:
    here = {voice: sha256(say(TEXT, voice=voice).y.tobytes()).hexdigest() for voice in TRAPS}
    assert json.loads(fresh_python(PROGRAM)) == here


@pytest.mark.parametrize("voice", TRAPS[:4])
def test_the_seed_changes_the_breath(voice: str) -> None:
    assert not np.array_equal(say(TEXT, voice=voice, seed=1).y, say(TEXT, voice=voice, seed=2).y)


def test_many_threads_say_the_same() -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda voice: fingerprint(say(TEXT, voice=voice)), TRAPS * 3))
    assert results == [fingerprint(say(TEXT, voice=voice)) for voice in TRAPS] * 3


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the timer of POSIX")
def test_an_interruption_leaves_nothing_behind() -> None:
    """Ctrl-C or a time limit at any moment: it arrives, and the next call finds a fresh library."""

    class Stopped(BaseException):
        pass

    def stop(*_: object) -> None:
        raise Stopped

    def stopped_after(seconds: float) -> bool:
        """Python loses an exception that arrives in a callback of the garbage collector, such as Hypothesis's."""
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            for _ in range(20):
                say(TEXT, voice="en-us+f3")
        except Stopped:
            return True
        return False

    expected = fingerprint(say(TEXT, voice="en-us+f3"))
    before = signal.signal(signal.SIGALRM, stop)
    try:
        for milliseconds in np.linspace(0.2, 8, 40):  # a call lasts about 8 ms
            assert any(stopped_after(milliseconds / 1000) for _ in range(5))
            assert fingerprint(say(TEXT, voice="en-us+f3")) == expected
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_events_come_in_order_and_inside_the_samples(spoken: Spoken) -> None:
    pcm, events = spoken()
    assert [event.kind for event in events if event.kind != PHONEME] == [WORD] * 4 + [END]
    times = [event.sample for event in events]
    assert times == sorted(times)
    assert times[-1] <= pcm.size
    assert all(event.name == "" for event in events if event.kind != PHONEME)


@pytest.mark.parametrize(
    "text", ["Early April.", "The old piano in the evening.", "She said, and he heard, that I am."]
)
@pytest.mark.parametrize("voice", ["en-us+m3", "en-us+f2"])
def test_phonemes_without_a_name_are_pauses(text: str, voice: str, spoken: Spoken) -> None:
    """A glide between vowels has no name in IPA either, but it sounds."""
    pcm, events = spoken(text, voice=voice)
    loud = np.max(np.abs(pcm))
    phonemes = [event for event in events if event.kind != WORD]
    for event, following in pairwise(phonemes):
        if event.kind == PHONEME and not event.name and following.sample > event.sample:
            # the echo of f2 is 10 % of the voice, that of m3 nothing
            assert np.max(np.abs(pcm[event.sample : following.sample])) <= (0.1 * loud if voice.endswith("f2") else 0)


def test_a_rate_is_a_rate(spoken: Spoken) -> None:
    durations = [spoken(rate=rate)[0].size for rate in (80, 160, 320, 449)]
    assert durations == sorted(durations, reverse=True)


def test_the_library_is_missing(monkeypatch: pytest.MonkeyPatch, refuses: Any) -> None:
    voices()  # the names of the voices have been read before
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with refuses("espeakng-loader", "pip install", "audiocourse doctor"):
        say("Hello.")


def test_the_wheel_is_incomplete(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refuses: Any) -> None:
    there = str(espeakng_loader.get_library_path())
    elsewhere = SimpleNamespace(__file__=str(tmp_path / "__init__.py"), get_library_path=lambda: there)
    monkeypatch.setitem(sys.modules, "espeakng_loader", elsewhere)
    with refuses("incomplete", "espeakng-loader"):
        say("Hello.")


def test_the_library_is_no_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refuses: Any) -> None:
    broken = tmp_path / "libespeak-ng.so"
    broken.write_bytes(b"no library")
    monkeypatch.setattr(espeak, "_paths", lambda: (broken, tmp_path))
    with refuses("does not load", "espeakng-loader"):
        say("Hello.")


def test_the_data_are_damaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refuses: Any) -> None:
    voices()
    library = espeak._paths()[0]
    (tmp_path / "espeak-ng-data").mkdir()
    monkeypatch.setattr(espeak, "_paths", lambda: (library, tmp_path / "espeak-ng-data"))
    with refuses("cannot read its voices", "espeakng-loader"):
        say("Hello.")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows links to some users only")
def test_a_long_path_to_the_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    library, data = espeak._paths()
    deep = tmp_path / ("a deep folder " * 8).strip() / ("and a deeper one " * 5).strip()
    deep.mkdir(parents=True)
    (deep / "espeak-ng-data").symlink_to(data, target_is_directory=True)
    here = fingerprint(say(TEXT))
    monkeypatch.setattr(espeak, "_paths", lambda: (library, deep / "espeak-ng-data"))
    assert fingerprint(say(TEXT)) == here


def test_what_the_library_reports_is_said(spoken: Spoken, refuses: Any) -> None:
    with refuses("espeak-ng reports error", "espeak_SetVoiceByName"):
        spoken(voice="no-such-voice")
    assert spoken()[0].size > 0  # and the next one speaks again


def test_events_are_values(spoken: Spoken) -> None:
    event = spoken()[1][0]
    assert replace(event) == event
