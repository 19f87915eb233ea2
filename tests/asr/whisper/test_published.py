"""The whole recogniser, on random weights and on a decoder that is played by the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from asr.tiny_whisper import tiny_whisper

from audiocourse.asr.whisper import published as module
from audiocourse.asr.whisper.decoding import DecodingResult
from audiocourse.asr.whisper.published import FallbackThresholds, Whisper, audible, transcribe
from audiocourse.signal import FloatArray

SR = 16_000
SURE = FallbackThresholds(temperatures=(0.0,))


def hiss(seconds: float, seed: int = 1) -> FloatArray:
    return np.random.default_rng(seed).normal(0, 0.1, round(SR * seconds)).astype(np.float32)


@pytest.fixture(scope="module")
def tiny() -> Whisper:
    return Whisper.of(tiny_whisper(seed=3))


@pytest.fixture(scope="module")
def timed() -> Whisper:
    return Whisper.of(tiny_whisper(seed=3, timestamps=True))


@pytest.mark.parametrize("name", ["tiny", "timed"])
def test_what_comes_after_the_window_is_heard(name: str, request: pytest.FixtureRequest) -> None:
    whisper = request.getfixturevalue(name)
    y = hiss(5.0)  # the window has 2 s
    later = np.concatenate([y[: 3 * SR], hiss(2.0, seed=7) * np.hanning(2 * SR).astype(np.float32)])
    first, second = (transcribe(one, SR, whisper=whisper, thresholds=SURE) for one in (y, later))
    assert first.text != second.text
    assert first.segments[0] == second.segments[0]
    assert first.segments[-1].end == pytest.approx(5.0, abs=2.0)


def test_everything_up_to_the_end_is_heard_once(timed: Whisper, monkeypatch: pytest.MonkeyPatch) -> None:
    windows: list[int] = []

    def noted(y: FloatArray, sr: int) -> bool:
        windows.append(y.size)
        return audible(y, sr)

    played(monkeypatch, [(), (), ()])
    transcribe(hiss(5.3), SR, whisper=timed, is_speech=noted)
    assert windows == [32_000, 32_000, round(1.3 * SR)]


def played(monkeypatch: pytest.MonkeyPatch, texts: Sequence[Sequence[int]], sure: float = -0.1) -> None:
    """Let the decoder write these tokens, window by window."""
    following = iter(texts)

    def decode(*_: object, **__: object) -> DecodingResult:
        return DecodingResult(tuple(next(following)), (sure,))

    monkeypatch.setattr(module, "decode", decode)


def said(monkeypatch: pytest.MonkeyPatch, times: Sequence[Sequence[float]], *, begins: Sequence[float]) -> None:
    """Let the decoder look at these seconds of the recording, window by window (a window has 2 s)."""
    windows = iter([(np.array(window) - begin) / 2 for window, begin in zip(times, begins, strict=True)])
    monkeypatch.setattr(module, "token_times", lambda *_: next(windows))


def test_windows_without_times_are_joined_at_common_words(tiny: Whisper, monkeypatch: pytest.MonkeyPatch) -> None:
    spelling = "abcdefghijklmnop "
    whisper = replace(tiny, spell=lambda tokens: " ".join(spelling[token] for token in tokens))
    played(monkeypatch, [[0, 1, 2, 3, 9], [10, 2, 3, 4, 5], [4, 5, 6]])
    said(monkeypatch, [[0.2, 0.8, 1.5, 1.8, 1.9], [1.4, 1.5, 1.8, 2.9, 3.2], [2.9, 3.2, 4.0]], begins=(0.0, 1.4, 2.8))
    transcript = transcribe(hiss(4.5), SR, whisper=whisper)
    assert transcript.text == "a b c d e f g"
    assert [segment.text for segment in transcript.segments] == ["a b c d", "e f", "g"]
    assert [(segment.start, segment.end) for segment in transcript.segments] == [(0.0, 2.0), (1.4, 3.4), (2.8, 4.5)]


def test_windows_apart_from_each_other_share_no_words(tiny: Whisper, monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent window lies between: "ja" was said twice."""
    y = np.concatenate([hiss(1.4), np.zeros(2 * SR, np.float32), hiss(1.0)])
    whisper = replace(tiny, spell=lambda tokens: " ".join("ja" for _ in tokens))
    played(monkeypatch, [[0], [0]])
    assert transcribe(y, SR, whisper=whisper).text == "ja ja"


def test_times_say_where_the_next_window_begins(timed: Whisper, monkeypatch: pytest.MonkeyPatch) -> None:
    zero = timed.tokens.first_timestamp
    assert zero is not None
    played(monkeypatch, [[zero, 0, 1, zero + 60, zero + 60, 2], [zero, 2, 3, zero + 90]])
    transcript = transcribe(hiss(2.6), SR, whisper=timed)
    assert transcript.text == "ab cd"
    assert [(s.start, s.end) for s in transcript.segments] == [(0.0, 1.2), (1.2, pytest.approx(2.6))]


def test_silence_is_empty_whatever_the_decoder_would_write(tiny: Whisper, timed: Whisper) -> None:
    for whisper in (tiny, timed):
        for y in (np.zeros(5 * SR, np.float32), 1e-4 * hiss(3.0)):
            transcript = transcribe(y, SR, whisper=whisper, thresholds=SURE)
            assert (transcript.text, transcript.segments, transcript.language) == ("", (), None)
        assert transcribe(hiss(1.0), SR, whisper=whisper, thresholds=SURE).text


def test_a_detector_may_find_no_speech(tiny: Whisper) -> None:
    assert transcribe(hiss(3.0), SR, whisper=tiny, is_speech=lambda *_: False).text == ""
    assert not audible(np.full(100, 5e-4, np.float32), SR)
    assert audible(np.pad(np.full(400, 5e-3, np.float32), 8000), SR)


def test_no_speech_counts_only_where_the_text_is_unsure(tiny: Whisper, monkeypatch: pytest.MonkeyPatch) -> None:
    for sure, text in ((-0.5, "a"), (-1.5, "")):
        played(monkeypatch, [[0], [0]], sure)
        assert transcribe(hiss(1.0), SR, whisper=tiny, thresholds=replace(SURE, no_speech_threshold=-0.1)).text == text
        assert transcribe(hiss(1.0), SR, whisper=tiny, thresholds=replace(SURE, no_speech_threshold=1.0)).text == "a"


def test_in_silence_no_further_temperature_is_tried(tiny: Whisper, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the published recogniser: a text that a higher temperature would make believable is not waited for."""
    tried: list[float] = []

    def decode(*_: object, temperature: float, **__: object) -> DecodingResult:
        tried.append(temperature)
        return DecodingResult((0, 1), (-3.0,) if temperature == 0 else (-0.1,))

    monkeypatch.setattr(module, "decode", decode)
    thresholds = FallbackThresholds(temperatures=(0.0, 0.4), no_speech_threshold=-0.1)
    assert transcribe(hiss(1.0), SR, whisper=tiny, thresholds=thresholds).text == ""
    assert tried == [0.0]


def test_loops_and_doubts_are_tried_again_at_higher_temperatures(
    tiny: Whisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[float] = []
    written = {
        0.0: DecodingResult((0, 1) * 60, (-0.1,)),
        0.4: DecodingResult((0, 1), (-3.0,)),
        0.8: DecodingResult((2, 3), (-0.5,)),
    }

    def decode(*_: object, temperature: float, **__: object) -> DecodingResult:
        tried.append(temperature)
        return written[temperature]

    monkeypatch.setattr(module, "decode", decode)
    thresholds = FallbackThresholds(temperatures=(0.0, 0.4, 0.8))
    transcript = transcribe(hiss(1.0), SR, whisper=tiny, thresholds=thresholds)
    assert tried == [0.0, 0.4, 0.8]
    assert (transcript.text, transcript.segments[0].temperature) == ("cd", 0.8)
    tried.clear()
    written[0.0] = DecodingResult((4,), (-0.9,))
    assert transcribe(hiss(1.0), SR, whisper=tiny, thresholds=thresholds).text == "e"
    assert tried == [0.0]


def test_chance_comes_from_the_generator(tiny: Whisper) -> None:
    thresholds = FallbackThresholds(temperatures=(1.0,))
    texts = [
        transcribe(hiss(1.0), SR, whisper=tiny, thresholds=thresholds, rng=np.random.default_rng(seed)).text
        for seed in (1, 1, 2)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_one_recording_leaves_no_trace_in_the_next(tiny: Whisper) -> None:
    alone = [transcribe(hiss(3.0, seed), SR, whisper=tiny) for seed in (1, 2)]
    again = [transcribe(hiss(3.0, seed), SR, whisper=tiny) for seed in (2, 1)][::-1]
    assert alone == again


def test_the_language_is_found_or_given(tiny: Whisper) -> None:
    found = transcribe(hiss(1.0), SR, whisper=tiny, thresholds=SURE)
    assert found.language == max(found.language_probabilities, key=found.language_probabilities.__getitem__)
    given = transcribe(hiss(1.0), SR, whisper=tiny, language="de", thresholds=SURE)
    assert (given.language, given.language_probabilities) == ("de", {})
    assert given.text != transcribe(hiss(1.0), SR, whisper=tiny, language="fr", thresholds=SURE).text


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (hiss(1.0), 8_000, "16000 samples per second, not 8000"),
        (np.stack([hiss(1.0), hiss(1.0)]), SR, "mono"),
        (np.full(SR, np.nan, np.float32), SR, "NaN"),
        (np.zeros(0, np.float32), SR, "empty"),
        (np.zeros(SR, np.int16), SR, "int16"),
    ],
)
def test_sound_that_is_refused(y: np.ndarray, sr: int, words: str, tiny: Whisper, refuses) -> None:
    with refuses(words):
        transcribe(y, sr, whisper=tiny)


def test_wishes_that_are_refused(tiny: Whisper, refuses) -> None:
    with refuses("'xx'", "de, en, fr"):
        transcribe(np.zeros(SR, np.float32), SR, whisper=tiny, language="xx")
    with refuses("'translate'"):
        transcribe(hiss(1.0), SR, whisper=tiny, task="translate")
    with refuses("temperature"):
        FallbackThresholds(temperatures=())
