"""Scores of detected events beside those that sed_eval and psds_eval returned, and return where they are installed."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiocourse.classify.events import intersection, scoring
from audiocourse.classify.events.from_scratch import event_f1
from audiocourse.learn.checking.registry import load_by_path

golden = load_by_path(Path(__file__).with_name("golden.py"))
SAVED: dict[str, Any] = json.loads(golden.GOLDEN.read_text(encoding="utf-8"))


def files(saved: list) -> list:
    return [[tuple(event) for event in events] for events in saved]


def close(ours: float, theirs: float | None) -> bool:
    """Whether both are the same number, NaN included; sed_eval adds a rounding error to denominators."""
    return math.isnan(ours) if theirs is None else abs(ours - theirs) < 1e-9


def compare(counts: dict[str, scoring.Counts], peer: dict[str, Any]) -> None:
    total = scoring.overall(counts)
    assert close(total.recall, peer["recall"])
    if total.estimated:
        assert close(total.precision, peer["precision"])
    if total.reference:
        assert close(total.f1, peer["f_measure"])
        assert close(scoring.class_wise_f1(counts), peer["macro"])
    for label, count in counts.items():
        if count.reference:  # else the peer's F is undefined, as its recall is
            assert close(count.f1, peer["classes"][label]), label


@pytest.mark.parametrize("case", SAVED["cases"], ids=range(len(SAVED["cases"])))
@pytest.mark.parametrize("number", range(len(golden.SEGMENTS)))
def test_segments_count_as_in_sed_eval(case: dict, number: int) -> None:
    pair = files(case["references"]), files(case["estimates"])
    seconds = golden.SEGMENTS[number]
    peer = case["segments"][number]
    compare(scoring.segment_counts(*pair, segment_seconds=seconds), peer)
    assert close(scoring.segment_f1(*pair, segment_seconds=seconds), peer["f_measure"])
    ours = scoring.segment_error_rate(*pair, segment_seconds=seconds)
    assert close(ours.error_rate, peer["errors"]["error_rate"])
    assert close(ours.substitutions, peer["errors"]["substitution_rate"])
    assert close(ours.deletions, peer["errors"]["deletion_rate"])
    assert close(ours.insertions, peer["errors"]["insertion_rate"])


@pytest.mark.parametrize("case", SAVED["cases"], ids=range(len(SAVED["cases"])))
@pytest.mark.parametrize("number", range(len(golden.COLLARS)))
def test_events_count_as_in_sed_eval(case: dict, number: int) -> None:
    pair = files(case["references"]), files(case["estimates"])
    collar, share = golden.COLLARS[number]
    peer = case["events"][number]
    compare(scoring.event_counts(*pair, collar=collar, share=share), peer)
    assert close(event_f1(*pair, collar=collar, share=share), peer["f_measure"])


@pytest.mark.parametrize("sweep", SAVED["sweeps"], ids=range(len(SAVED["sweeps"])))
@pytest.mark.parametrize("number", range(len(golden.JUDGEMENTS)))
def test_intersections_count_as_in_psds_eval(sweep: dict, number: int) -> None:
    settings = golden.JUDGEMENTS[number]
    peer = sweep["judged"][number]
    references = files(sweep["references"])
    tolerances = intersection.Tolerances(settings["dtc"], settings["gtc"], settings["cttc"])
    seconds = [golden.SECONDS] * len(references)
    points = [
        intersection.operating_point(references, files(estimates), seconds=seconds, tolerances=tolerances)
        for estimates in sweep["points"]
    ]
    for point, *rates in zip(points, peer["tpr"], peer["fpr"], peer["ctr"], strict=True):
        for ours, theirs in zip(point, rates, strict=True):
            np.testing.assert_allclose(ours, np.array(theirs, dtype=float), atol=1e-6)
    curve = intersection.psd_roc(points, cross_trigger_cost=settings["alpha_ct"], instability_cost=settings["alpha_st"])
    assert close(intersection.psds(curve, max_per_hour=settings["max_efpr"]), peer["psds"])


def test_the_cases_tell_measures_apart() -> None:
    """Golden values that are all 0 or 1 would prove nothing."""
    values = [score["f_measure"] for case in SAVED["cases"] for score in (*case["segments"], *case["events"])]
    assert sum(0.1 < value < 0.95 for value in values) > len(values) / 2
    assert all(0.3 < judged["psds"] < 0.9 for sweep in SAVED["sweeps"] for judged in sweep["judged"])


@pytest.mark.filterwarnings("ignore")
def test_sed_eval_returns_what_is_saved() -> None:
    pytest.importorskip("sed_eval", reason="sed_eval is not in the course's environment; its saved values are used")
    for case in SAVED["cases"]:
        pair = files(case["references"]), files(case["estimates"])
        now = json.loads(json.dumps(golden.without_nan(golden.by_sed_eval(*pair))))
        assert now["segments"] == case["segments"]
        assert now["events"] == case["events"]


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) >= "2.4.0", reason="psds_eval 0.5.3 needs NumPy below 2.4")
@pytest.mark.filterwarnings("ignore")
def test_psds_eval_returns_what_is_saved() -> None:
    pytest.importorskip("psds_eval", reason="psds_eval is not in the course's environment; its saved values are used")
    for sweep in SAVED["sweeps"]:
        references = files(sweep["references"])
        now = list(golden.by_psds_eval(references, [files(estimates) for estimates in sweep["points"]]))
        assert json.loads(json.dumps(golden.without_nan(now))) == sweep["judged"]
