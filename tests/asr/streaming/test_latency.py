"""Latency: a busy computer falls behind, and the report gives nearest ranks."""

import numpy as np
import pytest

from audiocourse.asr.streaming.latency import latency_report, ready_times


def test_a_slow_computer_falls_behind() -> None:
    arrived = np.arange(1.0, 11.0)
    assert np.allclose(ready_times(arrived, np.full(10, 0.9)), arrived + 0.9)
    assert np.allclose(ready_times(arrived, np.full(10, 1.5)) - arrived, 1.5 + 0.5 * np.arange(10))
    assert ready_times(arrived[:1], np.array([0.5]), free=3.0).tolist() == [3.5]


def test_the_latency_report_uses_the_nearest_rank() -> None:
    ends = np.arange(20.0)
    report = latency_report(ends, ends + np.arange(1, 21) / 10, audio_seconds=40, compute_seconds=10)
    assert report == {"median": pytest.approx(1.0), "p95": pytest.approx(1.9), "real_time_factor": 0.25}
    nothing = latency_report(np.zeros(0), np.zeros(0), audio_seconds=1, compute_seconds=0)
    assert np.isnan([nothing["median"], nothing["p95"]]).all()


def test_reports_that_make_no_sense_are_refused(refuses) -> None:  # type: ignore[no-untyped-def]
    with refuses("do not match"):
        latency_report(np.zeros(2), np.zeros(3), audio_seconds=1, compute_seconds=0)
    with refuses("No sound has arrived yet"):
        latency_report(np.zeros(2), np.zeros(2), audio_seconds=0, compute_seconds=0)
