"""Figures of dilated convolutions and of folded waveforms."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from audiocourse.tts.practice.vocoder_figures import draw_dilations, draw_folded
from audiocourse.tts.vocoders.from_scratch import receptive_field


@pytest.mark.parametrize("dilations", [[1, 1, 1], [1, 2, 4]])
def test_the_orange_samples_are_the_receptive_field(dilations: list[int]) -> None:
    axes = Figure().subplots()
    draw_dilations(axes, dilations, samples=12)
    dots = [line for line in axes.lines if line.get_marker() == "o" and line.get_ydata()[0] == 0]
    orange = [line.get_xdata()[0] for line in dots if to_rgba(line.get_color()) == to_rgba("C1")]
    assert len(dots) == 12
    assert sorted(orange) == list(range(1 - receptive_field(dilations), 1))


def test_a_period_fills_a_row() -> None:
    axes = Figure().subplots()
    image = draw_folded(axes, np.tile(np.arange(7.0), 5), width=7, rows=4)
    np.testing.assert_array_equal(image.get_array(), np.tile(np.arange(7.0), (4, 1)))
