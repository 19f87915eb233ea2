"""Scores of phrases: the sum over all paths as torch computes it, and the order that a listener would choose."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse import zoo
from audiocourse.asr.ctc.from_scratch import ctc_collapse
from audiocourse.asr.ctc.model import CtcConfig, CtcNet, log_probabilities
from audiocourse.asr.ctc.phrases import phrase_scores
from audiocourse.signal import FloatArray
from audiocourse.sounds import speakers
from audiocourse.zoo import seeded

SR = 16_000
TEXTS = ["The teacher opens the window.", "The teacher opens the garden.", "A dog sleeps."]


@pytest.fixture(scope="module")
def y() -> FloatArray:
    return speakers("en", split="test")[0].say(TEXTS[0], seed=1, sr=SR).y


def test_they_are_torchs_ctc_loss_with_another_sign(y: FloatArray) -> None:
    model = zoo.load("ctc-mini").model
    log_probs = torch.from_numpy(log_probabilities(y, SR, model=model))
    expected = []
    for text in ("the teacher opens the window", "the teacher opens the garden", "a dog sleeps"):
        labels = torch.tensor([model.symbols.index(letter) for letter in text])
        lengths = torch.tensor([len(log_probs)]), torch.tensor([len(labels)])
        expected.append(
            -float(torch.nn.functional.ctc_loss(log_probs[:, None], labels[None], *lengths, reduction="sum"))
        )
    scores = phrase_scores(y, SR, TEXTS, model=model)
    np.testing.assert_allclose(scores, expected, atol=1e-3)  # torch sums in 32 bits
    assert scores.argmax() == 0  # what was spoken


def test_they_sum_over_every_path() -> None:
    """Three steps and three symbols: all 27 paths by hand."""
    with seeded(1):
        model = CtcNet(CtcConfig(("", "a", "b"), units=8))
    y = np.random.default_rng(1).normal(0, 0.1, 1_000).astype(np.float32)  # six frames, three steps
    p = np.exp(log_probabilities(y, SR, model=model).astype(np.float64))
    assert len(p) == 3
    total = {(1,): 0.0, (1, 2): 0.0}
    for path in product(range(3), repeat=3):
        text = tuple(ctc_collapse(np.array(path)).tolist())
        if text in total:
            total[text] += float(np.prod(p[np.arange(3), path]))
    found = phrase_scores(y, SR, ["a", "ab", "abab"], model=model)
    np.testing.assert_allclose(np.exp(found), [total[1,], total[1, 2], 0], rtol=1e-6)  # "abab" has no path


def test_no_text_and_letters_without_a_symbol_are_refused(y: FloatArray, refuses: Refuses) -> None:
    model = CtcNet(CtcConfig(("", *"abc"), units=8))
    for texts in ([], "abc"):
        with refuses("at least one text"):
            phrase_scores(y, SR, texts, model=model)
    with refuses("no symbol for 'd'"):
        phrase_scores(y, SR, ["cab", "dab"], model=model)
    with refuses("resample"):
        phrase_scores(y, 8_000, ["cab"], model=model)
