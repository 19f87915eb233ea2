"""Speed of beam search and forced alignment beside torchaudio's, on the same log-probabilities in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from statistics import median

import numpy as np
import torch
from torchaudio.functional import forced_align
from torchaudio.models import decoder as peer

from audiocourse.asr.ctc import alignment
from audiocourse.asr.ctc import search as decoding

FRAMES, SYMBOLS, LABELS = 400, 34, 100
WIDTHS = 10, 50
LEADS = {"unsure": 0.0, "sure": 12.0}  # how far one symbol of each frame stands above the others, in nats
HAS_PEER = find_spec("flashlight") is not None  # no wheels for Python 3.13 and later
Job = Callable[[], object]


@dataclass(frozen=True)
class Race:
    """What a pair took: the median of seconds, and the median of the ratio within a round."""

    ours: float
    theirs: float
    ratio: float


def random_log_probs(*, frames: int, lead: float) -> np.ndarray:
    """Log-probabilities in which no symbol stands out, or one of each frame does: a letter in 3 of 10, else blank."""
    rng = np.random.default_rng(4)
    scores = rng.normal(0, 3, (frames, SYMBOLS))
    scores[np.arange(frames), rng.integers(1, SYMBOLS, frames) * (rng.random(frames) < 0.3)] += lead
    return (scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)).astype(np.float32)


def jobs(*, frames: int) -> dict[str, tuple[Job, Job]]:
    """Pairs of ours and torchaudio's, each ready to run."""
    networks = {name: random_log_probs(frames=frames, lead=lead) for name, lead in LEADS.items()}
    labels = np.random.default_rng(5).integers(1, SYMBOLS, min(LABELS, frames // 4))
    unsure, targets = networks["unsure"], torch.tensor(labels[None])
    pairs: dict[str, tuple[Job, Job]] = {
        "forced_align": (
            lambda: alignment.forced_align(unsure, labels),
            lambda: forced_align(torch.tensor(unsure[None]), targets),
        )
    }
    for (name, log_probs), width in product(networks.items(), WIDTHS if HAS_PEER else ()):
        pairs[f"beam_search {width}, {name}"] = _beams(log_probs, width)
    return pairs


def race(pair: tuple[Job, Job], *, rounds: int) -> Race:
    """Run a pair in turns, after one run of each that warms up."""
    times: list[list[float]] = [[], []]
    for lap in range(rounds + 1):
        for run, taken in zip(pair, times, strict=True):
            begin = time.perf_counter()
            run()
            if lap:
                taken.append(time.perf_counter() - begin)
    ratio = median(theirs / ours for ours, theirs in zip(*times, strict=True))
    return Race(median(times[0]), median(times[1]), ratio)


def tables(data: Path | None = None) -> Iterator[str]:  # noqa: ARG001 (every board takes the folder of real recordings)
    """Yield the table of all pairs."""
    lines = [
        f"Speed beside torchaudio, {FRAMES} frames of {SYMBOLS} symbols, random, one thread: seconds (median of 7)",
        f"{'function':<24}     ours  torchaudio  times as fast",
    ]
    for name, pair in jobs(frames=FRAMES).items():
        r = race(pair, rounds=7)
        lines.append(f"{name:<24} {r.ours:8.4f} {r.theirs:11.4f} {r.ratio:14.2f}")
    if not HAS_PEER:
        lines.append("Beam search is not measured: flashlight-text, behind torchaudio's, is not installed.")
    yield "\n".join(lines)


def _beams(log_probs: np.ndarray, width: int) -> tuple[Job, Job]:
    """Our beam search and torchaudio's, without lexicon or language model; both add paths up."""
    letters = [chr(0x3B1 + k) for k in range(SYMBOLS - 2)]
    decoder = peer.ctc_decoder(lexicon=None, tokens=["-", *letters, "|"], beam_size=width, log_add=True)
    batch = torch.tensor(log_probs[None])
    return lambda: decoding.ctc_beam_search(log_probs, width=width), lambda: decoder(batch)
