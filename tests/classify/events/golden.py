"""Event lists, and what sed_eval and psds_eval return for them: the script that writes ``golden.json`` beside it.

sed_eval is published as sources only, and psds_eval 0.5.3 needs NumPy below 2.4 and pandas below 3, so the course's
environment does without them. Where both are installed, ``python tests/classify/events/golden.py`` writes the file
anew, and `test_golden.py` compares it with what they return.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).with_name("golden.json")
LABELS = ("alarm", "dog_bark", "rain", "siren")
SECONDS = 10.0
SEGMENTS = (0.1, 0.5, 1.0)
COLLARS = ((0.2, 0.5), (0.2, 0.2), (0.1, 0.0), (0.5, 1.0))  # collar in seconds, share of the duration
JUDGEMENTS = (  # detection, ground truth and cross-trigger tolerance; their cost, that of instability; limit per hour
    {"dtc": 0.7, "gtc": 0.7, "cttc": 0.3, "alpha_ct": 0.0, "alpha_st": 1.0, "max_efpr": 100.0},
    {"dtc": 0.1, "gtc": 0.1, "cttc": 0.3, "alpha_ct": 0.5, "alpha_st": 1.0, "max_efpr": 100.0},
    {"dtc": 0.5, "gtc": 0.5, "cttc": 0.5, "alpha_ct": 1.0, "alpha_st": 0.0, "max_efpr": 3000.0},
)
Files = list[list[tuple[float, float, str]]]


def random_events(rng: np.random.Generator, count: int, *, grid: float, labels: tuple[str, ...] = LABELS) -> list:
    """Draw events on a grid of seconds, apart within each label."""
    events: list[tuple[float, float, str]] = []
    steps = round(SECONDS / grid)
    for _ in range(count):
        label = str(rng.choice(labels))
        first = int(rng.integers(0, steps - 1))
        last = int(min(steps, first + rng.integers(1, max(2, steps // 3))))
        start, end = round(first * grid, 3), round(last * grid, 3)
        if all(other[2] != label or other[1] < start or end < other[0] for other in events):
            events.append((start, end, label))
    return events


def disturbed(rng: np.random.Generator, events: list, *, by: float, grid: float) -> list:
    """Move both ends of events by random amounts, exchange some labels, leave some out."""
    result: list[tuple[float, float, str]] = []
    for start, end, label in events:
        chosen = str(rng.choice(LABELS)) if rng.random() < 0.15 else label
        ends = np.clip(np.array([start, end]) + rng.uniform(-by, by, 2), 0, SECONDS)
        first, last = (round(round(float(x) / grid) * grid, 3) for x in ends)
        apart = all(other[2] != chosen or other[1] < first or last < other[0] for other in result)
        if rng.random() < 0.85 and first < last and apart:
            result.append((first, last, chosen))
    return result


def cases() -> list[tuple[Files, Files]]:
    """References and estimates: near and far, on grids where boundaries coincide, with empty recordings."""
    rng = np.random.default_rng(17)
    pairs: list[tuple[Files, Files]] = []
    for grid, by in ((0.001, 0.15), (0.05, 0.25), (0.1, 0.4), (0.1, 1.0), (0.5, 0.5), (0.001, 3.0)):
        references = [random_events(rng, int(rng.integers(2, 9)), grid=grid) for _ in range(3)]
        pairs.append((references, [disturbed(rng, events, by=by, grid=grid) for events in references]))
    pairs.append(([[], random_events(rng, 4, grid=0.1)], [random_events(rng, 3, grid=0.1), []]))
    pairs.append(([random_events(rng, 5, grid=0.1), []], [[], []]))
    # a chain in which the first match that fits takes the partner of the next event
    shots = [(1.0, 1.1, "alarm"), (1.15, 1.25, "alarm"), (1.3, 1.4, "alarm")]
    pairs.append(([shots], [[(0.85, 0.95, "alarm"), (1.0, 1.1, "alarm"), (1.2, 1.3, "alarm")]]))
    pairs.append(([[(0.0, 2.0, "rain"), (1.0, 3.0, "siren")]], [[(0.5, 2.0, "siren"), (2.0, 4.0, "rain")]]))
    return pairs


def sweeps() -> list[tuple[Files, list[Files]]]:
    """References, and the detections of several operating points, from right to mostly wrong."""
    rng = np.random.default_rng(18)
    result = []
    for grid, labels in ((0.001, LABELS), (0.1, LABELS), (0.05, LABELS[:2])):
        references = [random_events(rng, 6, grid=grid, labels=labels) for _ in range(5)] + [[]]
        present = {event[2] for events in references for event in events}
        points = []
        for by in (0.2, 0.6, 1.5, 3.0):
            files = [disturbed(rng, events, by=by, grid=grid) for events in references[:-1]]
            files.append(random_events(rng, 2, grid=grid, labels=labels))
            points.append([[event for event in events if event[2] in present] for events in files])
        points.append([events[:3] for events in references])
        result.append((references, points))
    return result


def by_sed_eval(references: Files, estimates: Files) -> dict[str, Any]:
    """Score a pair by segments and by events."""
    import sed_eval

    labels = sorted({event[2] for events in (*references, *estimates) for event in events})

    def evaluated(metrics: Any) -> dict[str, Any]:
        metrics.empty_system_output_handling = "zero_score"  # else a class that was never detected is left out
        for pair in zip(references, estimates, strict=True):
            lists = [[dict(zip(("onset", "offset", "event_label"), event, strict=True)) for event in e] for e in pair]
            metrics.evaluate(reference_event_list=lists[0], estimated_event_list=lists[1])
        results = metrics.results()
        classes = {label: results["class_wise"][label]["f_measure"]["f_measure"] for label in labels}
        found = {**results["overall"]["f_measure"], "classes": classes}
        found["macro"] = results["class_wise_average"]["f_measure"]["f_measure"]
        found["errors"] = results["overall"]["error_rate"]
        return found

    segments = [evaluated(sed_eval.sound_event.SegmentBasedMetrics(labels, time_resolution=s)) for s in SEGMENTS]
    events = [
        evaluated(sed_eval.sound_event.EventBasedMetrics(labels, t_collar=collar, percentage_of_length=share))
        for collar, share in COLLARS
    ]
    return {"segments": segments, "events": events}


def by_psds_eval(references: Files, points: list[Files]) -> Iterator[dict[str, Any]]:
    """Score a sweep by intersection, once for each of the judgements."""
    import pandas as pd
    from psds_eval import PSDSEval

    def table(files: Files) -> Any:
        rows = [(f"{number}.wav", *event) for number, events in enumerate(files) for event in events]
        return pd.DataFrame(rows, columns=["filename", "onset", "offset", "event_label"])

    lengths = pd.DataFrame({"filename": [f"{n}.wav" for n in range(len(references))], "duration": SECONDS})
    for j in JUDGEMENTS:
        judge = PSDSEval(j["dtc"], j["gtc"], j["cttc"], ground_truth=table(references), metadata=lengths)
        for files in points:
            judge.add_operating_point(table(files))
        rows = judge.operating_points
        yield {
            "psds": judge.psds(alpha_ct=j["alpha_ct"], alpha_st=j["alpha_st"], max_efpr=j["max_efpr"]).value,
            "tpr": [tpr.tolist() for tpr in rows.tpr],
            "fpr": [fpr.tolist() for fpr in rows.fpr],
            "ctr": [ctr.tolist() for ctr in rows.ctr],
        }


def computed() -> dict[str, Any]:
    """Run both packages over all cases and sweeps; NaN becomes null."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scored = [{"references": r, "estimates": e, **by_sed_eval(r, e)} for r, e in cases()]
        judged = [{"references": r, "points": p, "judged": list(by_psds_eval(r, p))} for r, p in sweeps()]
    made_by = {name: version(name) for name in ("sed_eval", "dcase_util", "psds_eval")}
    return without_nan({"made_by": made_by, "cases": scored, "sweeps": judged})


def without_nan(value: Any) -> Any:
    """Replace NaN by None, at any depth, and round to 12 digits."""
    if isinstance(value, dict):
        return {key: without_nan(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_nan(each) for each in value]
    if isinstance(value, float):
        return None if np.isnan(value) else round(float(value), 12)
    return value


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(computed(), separators=(",", ":")) + "\n", encoding="utf-8")
