"""CTC beside torch and torchaudio: loss and gradient, forced alignment, beam search.

torchaudio's beam search needs flashlight-text, which has no wheels for Python 3.13 and later: its rows are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np
import torch
from torch.nn import functional
from torchaudio.functional import forced_align
from torchaudio.models import decoder as peer

from audiocourse.asr.ctc import alignment
from audiocourse.asr.ctc import from_scratch as ctc
from audiocourse.asr.ctc import search as decoding


def log_softmax(scores: np.ndarray) -> np.ndarray:
    return scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)


def random_log_probs(rng: np.random.Generator, frames: int, symbols: int, *, spread: float = 3.0) -> np.ndarray:
    return log_softmax(rng.normal(0, spread, (frames, symbols)))


def random_labels(rng: np.random.Generator, count: int, symbols: int) -> np.ndarray:
    """Labels 1 … symbols − 1, about every third a repetition."""
    labels = rng.integers(1, symbols, count)
    for i in range(1, count):
        labels[i] = labels[i - 1] if rng.random() < 0.3 else labels[i]
    return labels


def batches() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Scores, targets and lengths; empty targets and long texts among them, all of them possible."""
    rng = np.random.default_rng(11)
    for symbols, frames, longest in ((3, 12, 5), (6, 40, 12), (34, 120, 50)):
        targets = np.stack([random_labels(rng, longest, symbols) for _ in range(6)])
        target_lengths = rng.integers(0, longest + 1, 6)
        needed = [ctc.frames_needed(row[:n]) for row, n in zip(targets, target_lengths, strict=True)]
        input_lengths = np.array([rng.integers(max(n, 1), frames + 1) for n in needed])
        yield rng.normal(0, 3, (6, frames, symbols)), targets, input_lengths, target_lengths


def losses() -> Iterator[tuple[ctc.CtcLoss, np.ndarray, np.ndarray]]:
    """Our loss, and torch's values and gradient by the scores."""
    for scores, targets, input_lengths, target_lengths in batches():
        lengths = {"input_lengths": input_lengths, "target_lengths": target_lengths}
        ours = ctc.ctc_loss(log_softmax(scores), targets, **lengths)
        leaf = torch.tensor(scores, requires_grad=True)
        values = functional.ctc_loss(
            functional.log_softmax(leaf, dim=-1).transpose(0, 1),
            torch.tensor(targets),
            torch.tensor(input_lengths),
            torch.tensor(target_lengths),
            reduction="none",
        )
        values.sum().backward()
        yield ours, values.detach().numpy(), leaf.grad.numpy()


def loss_value() -> float:
    return max(float(np.max(np.abs(ours.values - values) / np.maximum(values, 1))) for ours, values, _ in losses())


def loss_gradient() -> float:
    return max(float(np.max(np.abs(ours.gradient - gradient))) for ours, _, gradient in losses())


def alignments() -> Iterator[tuple[alignment.Alignment, np.ndarray, np.ndarray]]:
    """Our alignment, and torchaudio's path and scores, on float32 log-probabilities."""
    rng = np.random.default_rng(5)
    for frames, symbols, count in [(400, 34, 150), (60, 5, 30), (9, 3, 3), (1, 4, 1)] * 5:
        labels = random_labels(rng, count, symbols)
        frames = max(frames, ctc.frames_needed(labels))
        log_probs = random_log_probs(rng, frames, symbols).astype(np.float32)
        path, scores = forced_align(torch.tensor(log_probs[None]), torch.tensor(labels[None]))
        yield alignment.forced_align(log_probs, labels), path[0].numpy(), scores[0].numpy()


def alignment_path() -> float:
    return float(sum(np.count_nonzero(ours.path != path) for ours, path, _ in alignments()))


def alignment_score() -> float:
    return max(float(np.abs(ours.scores.sum() - scores.sum())) for ours, _, scores in alignments())


def beam_best_differs() -> float:
    """How often the best labelling differs, each beam wide enough to lose nothing.

    The last frame is a sure blank: torchaudio's decoder does not add up paths of a labelling that end in a blank and
    those that do not. Its sil token, which it puts around a text, is a symbol of probability 0 here.
    """
    rng = np.random.default_rng(9)
    tokens = ["-", "a", "b", "c", "|"]
    decoder = peer.ctc_decoder(lexicon=None, tokens=tokens, beam_size=4000, beam_threshold=1e9, log_add=True)
    differs = 0
    for frames in [4, 5, 6, 7] * 10:
        log_probs = np.pad(random_log_probs(rng, frames, 4, spread=1.0), ((0, 1), (0, 1)), constant_values=-60.0)
        log_probs[-1] = [0.0, -60.0, -60.0, -60.0, -60.0]
        theirs = decoder(torch.tensor(log_probs[None], dtype=torch.float32))[0][0]
        ours = decoding.ctc_beam_search(log_probs, width=4000)[0]
        spelled = tuple(token for token in theirs.tokens.tolist() if token != len(tokens) - 1)
        differs += spelled != ours.labels or abs(theirs.score - ours.log_probability) > 1e-3
    return float(differs)


def beam_score_behind() -> float:
    """By how much our best labelling is less likely than theirs, in nats, on 100 frames of a 34-symbol network.

    With beams that do lose prefixes (ours of 50, theirs of 100, as it counts a prefix twice); both labellings are
    judged by their exact likelihood.
    """
    rng = np.random.default_rng(10)
    letters = [chr(0x3B1 + k) for k in range(32)]
    decoder = peer.ctc_decoder(
        lexicon=None, tokens=["-", *letters, "|"], beam_size=100, beam_threshold=1e9, log_add=True
    )
    behind = []
    for _ in range(5):
        log_probs = np.pad(random_log_probs(rng, 100, 33), ((0, 0), (0, 1)), constant_values=-60.0)
        theirs = decoder(torch.tensor(log_probs[None], dtype=torch.float32))[0][0].tokens
        ours = decoding.ctc_beam_search(log_probs, width=50)[0].labels
        spelled = theirs[theirs != 33].numpy()
        behind.append(ctc.ctc_forward(log_probs, spelled) - ctc.ctc_forward(log_probs, ours))
    return max(0.0, *behind)


PEERS = [
    ("ctc_loss", "torch.nn.functional.ctc_loss (value)", 1e-9, "of the value", loss_value),
    ("ctc_loss", "torch.nn.functional.ctc_loss (gradient)", 1e-9, "", loss_gradient),
    ("forced_align", "torchaudio.functional.forced_align (path)", 0.0, "frames", alignment_path),
    ("forced_align", "torchaudio.functional.forced_align (score)", 1e-2, "nats, theirs in float32", alignment_score),
]
if find_spec("flashlight"):
    PEERS += [
        ("ctc_beam_search", "torchaudio.models.decoder.ctc_decoder (wide)", 0.0, "of 40 labellings", beam_best_differs),
        ("ctc_beam_search", "torchaudio.models.decoder.ctc_decoder (narrow)", 0.5, "nats behind", beam_score_behind),
    ]
