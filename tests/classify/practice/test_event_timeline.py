"""The timeline of exercise 4: every event is a bar in the row of its class, at its time."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import pyplot

from audiocourse.classify.practice.event_timeline import event_timeline, probability_map
from audiocourse.errors import AudioCourseError


def test_bars_lie_at_the_times_of_the_events_in_the_row_of_their_class() -> None:
    lists = {"reference": [(1.0, 2.0, "rain"), (3.0, 4.5, "rain")], "estimate": [(0.5, 1.5, "siren")]}
    fig = event_timeline(lists, classes=["siren", "rain"], seconds=10.0)
    (ax,) = fig.axes
    bars = {str(each.get_label()): each for each in ax.collections}
    assert set(bars) == {"reference, rain", "estimate, siren"}
    spans = [path.get_extents() for path in bars["reference, rain"].get_paths()]
    assert [(span.x0, span.x1) for span in spans] == [(1.0, 2.0), (3.0, 4.5)]
    assert all(0.6 - 1e-9 <= span.y0 < span.y1 <= 1.4 for span in spans)
    assert ax.get_xlabel() == "time (s)"
    pyplot.close(fig)


def test_no_events_give_an_empty_timeline() -> None:
    fig = event_timeline({"reference": []}, classes=["rain"], seconds=5.0)
    assert not fig.axes[0].collections
    pyplot.close(fig)


def test_events_that_overlap_themselves_are_refused() -> None:
    with pytest.raises(AudioCourseError, match="overlap"):
        event_timeline({"mine": [(0.0, 2.0, "rain"), (1.0, 3.0, "rain")]}, classes=["rain"], seconds=5.0)


def test_the_map_has_a_row_for_each_class_and_time_along_x() -> None:
    fig = probability_map(np.array([[0.0, 1.0], [0.5, 0.0], [0.2, 0.1]]), classes=["siren", "rain"], frame_seconds=0.5)
    (image,) = fig.axes[0].images
    np.testing.assert_array_equal(np.asarray(image.get_array()), [[0.0, 0.5, 0.2], [1.0, 0.0, 0.1]])
    assert tuple(image.get_extent())[:2] == (0.0, 1.5)
    pyplot.close(fig)
