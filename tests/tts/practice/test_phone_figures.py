"""Figures of phones, and the mel spectrogram with other durations."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from audiocourse.intervals import Interval
from audiocourse.tts.mel import MelSpectrogram
from audiocourse.tts.practice.phone_figures import draw_attention, draw_mel, draw_phones, with_durations


def counted(frames: int) -> MelSpectrogram:
    """A mel spectrogram in which every value of frame m is −m / 100."""
    return MelSpectrogram(np.tile(-np.arange(frames, dtype=np.float32) / 100, (80, 1)))


def test_the_first_frame_is_centred_at_zero_and_time_is_in_seconds() -> None:
    axes = Figure().subplots()
    left, right, _, _ = draw_mel(axes, counted(100)).get_extent()
    hop = 256 / 16_000
    assert (left, right) == (pytest.approx(-hop / 2), pytest.approx(99.5 * hop))
    assert axes.get_xlabel() == "time (s)"


def test_a_narrow_phone_has_a_box_but_no_label() -> None:
    axes = Figure().subplots()
    draw_phones(axes, [Interval(0.0, 0.1, "ˈoʊ"), Interval(0.1, 0.12, "l")])
    assert [text.get_text() for text in axes.texts] == ["ˈoʊ"]
    assert len(axes.get_lines()) == 2


@pytest.mark.parametrize(
    ("durations", "wanted", "frames"),
    [
        ([2, 3], [2, 3], [0, 1, 2, 3, 4]),
        ([2, 3], [4, 1], [0, 0, 1, 1, 3]),
        ([2, 0, 2], [1, 5, 3], [1, 2, 3, 3]),
    ],
)
def test_each_symbol_gets_the_frames_that_are_wanted(
    durations: list[int], wanted: list[int], frames: list[int]
) -> None:
    changed = with_durations(counted(sum(durations)), np.array(durations), wanted)
    assert np.round(-100 * changed.values[0]).astype(int).tolist() == frames


def test_attention_lies_over_the_frames_of_its_steps() -> None:
    axes = Figure().subplots()
    image = draw_attention(axes, np.eye(3), ["a", "b", "."], reduction=4)
    frames = draw_mel(Figure().subplots(), counted(12)).get_extent()
    assert image.get_extent()[:2] == pytest.approx(frames[:2])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b", "."]


def test_symbols_that_would_cover_each_other_are_not_written() -> None:
    axes = Figure().subplots()
    draw_attention(axes, np.eye(60), ["a"] * 60, reduction=4)
    assert "a" not in [label.get_text() for label in axes.get_yticklabels()]
