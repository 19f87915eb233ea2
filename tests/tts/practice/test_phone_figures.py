"""Figures of phones, and the mel spectrogram with other durations."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from audiocourse.intervals import Interval
from audiocourse.tts.mel import MelSpectrogram
from audiocourse.tts.practice.phone_figures import draw_mel, draw_phones, with_durations


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
