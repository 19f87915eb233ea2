"""The score board of yamnet-mini: real recordings of four of its classes (see `LAYOUT`), and sounds of no class.

Nothing was trained or tuned on these recordings.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch

from audiocourse import zoo
from audiocourse.classify.tagged_clips import TAGS
from audiocourse.classify.training.yamnet_mini import baseline_scores, examples, unknown_sounds
from audiocourse.classify.yamnet.model import SR, yamnet_patches
from audiocourse.signal import FloatArray, read, resample, to_mono

LAYOUT = "esc10/: labels.csv with file and label, and the recordings it names, as in ESC-10"
QUIET = -5.0  # log-mel: a patch whose loudest band is softer on average is one of the pauses in the recordings
UNKNOWN = ("tone", "chirp", "metronome", "keyboard", "hum")  # in the order of `unknown_sounds`
Scorer = Callable[[FloatArray], FloatArray]  # patches (patches, 96, 64) to scores (patches, classes)


def tables(data: Path | None) -> Iterator[str]:
    """Yield the tables; what is not there is left out with a sentence.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    """
    yield "\n".join(unknown_table())
    if data is not None and (data / "esc10" / "labels.csv").is_file():
        yield "\n".join(real_table(real_patches(data / "esc10")))
    else:
        yield f"Real recordings are measured with --data DIR, with {LAYOUT}."


def real_table(patches: dict[str, FloatArray], *, clips: int = 400) -> list[str]:
    """Measure in how many patches the highest score is that of the label, beside a linear baseline."""
    training = examples(clips, seed=21, split="train")
    scorers: dict[str, Scorer] = {
        "yamnet-mini": network,
        "regression": lambda chosen: baseline_scores(training, torch.from_numpy(chosen)),
    }
    lines = ["Real recordings (ESC-10), share of patches of 0.96 s whose highest of 12 scores is right; chance is 0.08"]
    lines.append(f"(the regression, on mean and deviation of each band, has learned from {clips} synthetic clips)")
    lines.append(f"{'':<12} {'patches':>8} " + " ".join(f"{name:>12}" for name in scorers))
    for label, chosen in patches.items():
        shares = [share_right(scorer(chosen), label) for scorer in scorers.values()]
        lines.append(f"{label:<12} {len(chosen):8d} " + " ".join(f"{share:12.2f}" for share in shares))
    return lines


def unknown_table(each: int = 10) -> list[str]:
    """List which tag most of the sounds of no class get, of those with a mean probability above 0.5."""
    tags: dict[str, Counter[str]] = {name: Counter() for name in UNKNOWN}
    for number in range(each):
        for name, y in zip(UNKNOWN, unknown_sounds(np.random.default_rng([9, number])), strict=True):
            mean = 1 / (1 + np.exp(-network(yamnet_patches(y)))).mean(axis=0)
            tags[name][TAGS[int(mean.argmax())] if mean.max() > 0.5 else "none"] += 1
    lines = [f"Synthetic sounds of no class, {each} of each: tags of yamnet-mini at 0.5"]
    return lines + [
        f"{name:<12} {', '.join(f'{tag} {n}' for tag, n in counts.most_common())}" for name, counts in tags.items()
    ]


def network(patches: FloatArray) -> FloatArray:
    """Score patches with yamnet-mini: (patches, 96, 64) -> logits (patches, classes)."""
    model = zoo.load("yamnet-mini").model
    with torch.no_grad():
        rows = [model(torch.from_numpy(patches[start : start + 64])) for start in range(0, len(patches), 64)]
    logits: FloatArray = torch.cat(rows).numpy()
    return logits


def share_right(scores: FloatArray, label: str) -> float:
    """Return the share of patches in which the class of the label has the highest score: (patches, classes)."""
    return float(np.mean(scores.argmax(axis=1) == TAGS.index(label)))


def real_patches(folder: Path) -> dict[str, FloatArray]:
    """Read the recordings of classes that yamnet-mini knows: (patches, 96, 64) of each label.

    Pauses are left out, and so is the last patch of a recording, which is padded with zeros.
    """
    found: dict[str, list[FloatArray]] = {}
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] in TAGS:
                recording = read(folder / row["file"])
                patches = yamnet_patches(resample(to_mono(recording.y), recording.sr, SR))[:-1]
                found.setdefault(row["label"], []).append(patches[patches.mean(axis=1).max(axis=1) > QUIET])
    return {label: np.concatenate(patches) for label, patches in found.items()}
