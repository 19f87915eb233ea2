"""The diarisation error rate, purity and coverage beside those of pyannote.metrics.

Its collar is the length of both sides together, so it is given twice ours. It counts two turns of one speaker that
overlap twice, ours merges them; so its annotations are given merged (``support``), and its boundaries with them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationCoverage, DiarizationErrorRate, DiarizationPurity

from audiocourse.classify.speakers.diarization_scoring import diarization_errors, purity_coverage
from audiocourse.intervals import LabelledSegment

SETTINGS = ((0.0, False), (0.0, True), (0.25, False), (0.25, True), (0.1, False))  # collar, skip_overlap
SECONDS = 60.0
Turns = list[LabelledSegment]


def random_turns(rng: np.random.Generator, *, speakers: str, count: int, grid: float) -> Turns:
    """Draw turns that overlap, touch and repeat, on a grid of seconds so that boundaries coincide, or on none."""
    turns = []
    for _ in range(count):
        start, duration = rng.uniform(0, SECONDS - 8), rng.uniform(1, 8)
        ends = np.array([start, start + duration])
        ends = np.round(ends / grid) * grid if grid else ends
        turns.append((float(ends[0]), float(ends[1]), str(rng.choice(list(speakers)))))
    return turns


def cases() -> Iterator[tuple[Turns, Turns]]:
    """References and hypotheses: unrelated, near, and with more or fewer speakers."""
    rng = np.random.default_rng(18)
    for grid in (0.0, 0.5):
        for speakers, clusters in (("ab", "xy"), ("abcd", "xy"), ("ab", "wxyz"), ("abcd", "wxyz")):
            reference = random_turns(rng, speakers=speakers, count=14, grid=grid)
            yield reference, random_turns(rng, speakers=clusters, count=12, grid=grid)
            renamed = {name: str(rng.choice(list(clusters))) for name in speakers}
            moved = [(start, end + rng.uniform(0, 0.4), renamed[name]) for start, end, name in reference[2:]]
            yield reference, moved
    yield random_turns(rng, speakers="ab", count=6, grid=0.0), []


def annotation(turns: Turns) -> Annotation:
    """Bring turns into the peer's form, those of one speaker merged."""
    result = Annotation()
    for number, (start, end, speaker) in enumerate(turns):
        result[Segment(start, end), number] = speaker
    return result.support()


def error_rate() -> float:
    """Compare the seconds of every kind of error, and the rate."""
    apart = 0.0
    everything = Timeline([Segment(-1, SECONDS + 1)])
    for collar, skip_overlap in SETTINGS:
        peer = DiarizationErrorRate(collar=2 * collar, skip_overlap=skip_overlap)
        for reference, hypothesis in cases():
            theirs = peer(annotation(reference), annotation(hypothesis), uem=everything, detailed=True)
            ours = diarization_errors(reference, hypothesis, collar=collar, skip_overlap=skip_overlap)
            names = ("missed detection", "false alarm", "confusion", "total", "diarization error rate")
            values = [theirs[name] for name in names]
            apart = max(apart, float(np.abs(np.array([*ours, ours.error_rate]) - values).max()))
    return apart


def purity() -> float:
    return max(
        abs(purity_coverage(reference, hypothesis).purity - _by_peer(DiarizationPurity, reference, hypothesis))
        for reference, hypothesis in cases()
    )


def coverage() -> float:
    return max(
        abs(purity_coverage(reference, hypothesis).coverage - _by_peer(DiarizationCoverage, reference, hypothesis))
        for reference, hypothesis in cases()
    )


def _by_peer(metric: type, reference: Turns, hypothesis: Turns) -> float:
    everything = Timeline([Segment(-1, SECONDS + 1)])
    return float(metric()(annotation(reference), annotation(hypothesis), uem=everything))


PEERS = [
    ("diarization_errors", "pyannote.metrics", 1e-9, "seconds", error_rate),
    ("purity_coverage (purity)", "pyannote.metrics", 1e-9, "as a ratio", purity),
    ("purity_coverage (coverage)", "pyannote.metrics", 1e-9, "as a ratio", coverage),
]
