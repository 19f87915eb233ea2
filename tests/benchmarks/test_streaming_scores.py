"""The score board of streaming: its table, and what the bundled recogniser must hold on a stream."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiocourse.asr.utterances import SR
from audiocourse.learn.checking.registry import load_by_path

board = load_by_path(Path(__file__).with_name("streaming_scores.py"))


@pytest.fixture(scope="module")
def talks() -> list[tuple[object, str]]:
    """A dialogue in German and one in English."""
    return [board.talk(number, turns=3) for number in (0, 1)]


def test_the_bundled_recogniser_keeps_up_and_is_not_late(talks: list[tuple[object, str]]) -> None:
    """Real-time factor below 0.3 on one core, 95th percentile of the latency at most 1.5 s, words nearly all right."""
    table = board.streaming_table(talks, {"as it is": board.Setting()})
    row = table.split("as it is")[1].splitlines()[0]
    errors, median, p95, factor = (float(number) for number in re.findall(r"[\d.]+", row))
    assert factor < 0.3
    assert p95 <= 1.5
    assert median < p95
    assert errors < 15
    whole = float(re.findall(r"[\d.]+", table.split("at once")[1].splitlines()[0])[0])
    assert errors < whole + 10


def test_no_word_of_the_bundled_recogniser_depends_on_the_chunks(talks: list[tuple[object, str]]) -> None:
    one, _ = talks[0]
    short = replace(one, y=one.y[: 4 * SR])
    hears = board.recogniser()
    runs = [board.streamed(hears, short, board.Setting(), chunk=chunk) for chunk in (37, 4 * SR)]
    words = [[(commit.word, commit.audio_time) for commit in run.commits] for run in runs]
    assert len(words[0]) > 3
    assert words[0] == words[1]


def test_silence_and_noise_alone_give_no_words(talks: list[tuple[object, str]]) -> None:
    one, _ = talks[0]
    hears = board.recogniser()
    rng = np.random.default_rng(1)
    for y in (np.zeros(3 * SR), rng.normal(0, 0.003, 3 * SR)):
        run = board.streamed(hears, replace(one, y=y.astype(np.float32)), board.Setting())
        assert run.commits == []
        assert run.audio_seconds == 3
