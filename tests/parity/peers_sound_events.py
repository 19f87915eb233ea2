"""Scores of detected events beside those of sed_eval and psds_eval.

Neither package fits the course's environment, so their values for random lists of events are read from a file that
both wrote (``tests/classify/events/golden.py``); `test_golden.py` compares every count and, where the packages are
installed, the file with what they return.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse.classify.events import intersection, scoring
from audiocourse.classify.events.from_scratch import event_f1
from audiocourse.learn.checking.registry import load_by_path

golden = load_by_path(Path(__file__).parents[1] / "classify/events/golden.py")


def saved() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(golden.GOLDEN.read_text(encoding="utf-8"))
    return found


def furthest(kind: str, measure: Callable[[Any, Any, int], float], value: Callable[[Any], float]) -> float:
    """Return the largest difference over all cases and settings."""
    return max(
        abs(measure(case["references"], case["estimates"], number) - value(peer))
        for case in saved()["cases"]
        for number, peer in enumerate(case[kind])
    )


def segments() -> float:
    def ours(references: Any, estimates: Any, number: int) -> float:
        return scoring.segment_f1(references, estimates, segment_seconds=golden.SEGMENTS[number])

    return furthest("segments", ours, lambda peer: peer["f_measure"])


def segment_errors() -> float:
    def ours(references: Any, estimates: Any, number: int) -> float:
        return scoring.segment_error_rate(references, estimates, segment_seconds=golden.SEGMENTS[number]).error_rate

    return furthest("segments", ours, lambda peer: peer["errors"]["error_rate"])


def events() -> float:
    def ours(references: Any, estimates: Any, number: int) -> float:
        collar, share = golden.COLLARS[number]
        return event_f1(references, estimates, collar=collar, share=share)

    return furthest("events", ours, lambda peer: peer["f_measure"])


def class_wise_events() -> float:
    def ours(references: Any, estimates: Any, number: int) -> float:
        collar, share = golden.COLLARS[number]
        return scoring.class_wise_f1(scoring.event_counts(references, estimates, collar=collar, share=share))

    return furthest("events", ours, lambda peer: peer["macro"])


def detection_score() -> float:
    differences = []
    for sweep in saved()["sweeps"]:
        seconds = [golden.SECONDS] * len(sweep["references"])
        for settings, peer in zip(golden.JUDGEMENTS, sweep["judged"], strict=True):
            tolerances = intersection.Tolerances(settings["dtc"], settings["gtc"], settings["cttc"])
            points = [
                intersection.operating_point(sweep["references"], each, seconds=seconds, tolerances=tolerances)
                for each in sweep["points"]
            ]
            curve = intersection.psd_roc(
                points, cross_trigger_cost=settings["alpha_ct"], instability_cost=settings["alpha_st"]
            )
            differences.append(intersection.psds(curve, max_per_hour=settings["max_efpr"]) - peer["psds"])
    return float(np.max(np.abs(differences)))


PEERS = [
    ("segment_f1", "sed_eval.SegmentBasedMetrics (saved)", 1e-9, "F", segments),
    ("segment_error_rate", "sed_eval.SegmentBasedMetrics (saved)", 1e-9, "errors per segment", segment_errors),
    ("event_f1", "sed_eval.EventBasedMetrics (saved)", 1e-9, "F", events),
    ("class_wise_f1", "sed_eval.EventBasedMetrics (saved)", 1e-9, "F", class_wise_events),
    ("psds", "psds_eval.PSDSEval (saved)", 1e-9, "PSDS", detection_score),
]
