"""How ``ctc-mini`` is trained: with CTC, on synthetic utterances in five languages, without any real voice."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from audiocourse.asr.ctc.model import CtcConfig, CtcNet, ctc_features
from audiocourse.asr.ctc.recogniser import CtcRecogniser
from audiocourse.asr.utterances import LANGUAGES, held_out_error_rates, letters, varied_utterance
from audiocourse.signal import FloatArray, IntArray
from audiocourse.zoo import Card, Trained, fit, seeded, warm_up_then_cosine
from audiocourse.zoo.augment import spec_augment
from audiocourse.zoo.batching import batches_by_length, padded

CARD = Card(
    name="ctc-mini",
    task="speech-recognition",
    model="audiocourse.asr.ctc.model:CtcNet",
    licence="MIT",
    source="This course; a recurrent network trained with CTC (Graves et al., ICML 2006).",
    expect="Lower-case letters in German, English, Spanish, French and Italian at 16 kHz. It was trained on synthetic "
    "voices and about 200 words per language, nothing else. Word error rates of the bundled model with a 6-gram of "
    "letters: 1.6 % on synthetic speech, 61 to 79 % on another synthesiser, 81 % on real digits, 97 % on read English.",
)


@dataclass(frozen=True)
class Settings:
    """How much is trained; ``utterances`` and ``epochs`` are those of each of the two rounds."""

    utterances: int = 12_000
    epochs: int = 14
    batch_size: int = 32
    seed: int = 11
    test_utterances: int = 200


TINY = Settings(utterances=12, epochs=1, test_utterances=2)


class Batch(NamedTuple):
    """Padded features (batch, frames, bands), all labels in a row, and the length of each."""

    features: torch.Tensor
    lengths: torch.Tensor
    labels: torch.Tensor
    label_lengths: torch.Tensor


def examples(settings: Settings, symbols: tuple[str, ...], round_: int) -> tuple[list[FloatArray], list[IntArray]]:
    """Synthesise the utterances of a round: features (frames, bands) of each, and the numbers of its letters."""
    features: list[FloatArray] = []
    labels: list[IntArray] = []
    for number in range(round_ * settings.utterances, (round_ + 1) * settings.utterances):
        rng = np.random.default_rng([settings.seed, number])
        y, text = varied_utterance(rng, language=LANGUAGES[number % len(LANGUAGES)])
        features.append(ctc_features(y).T.astype(np.float16))
        labels.append(np.array([symbols.index(letter) for letter in text], dtype=np.int64))
    return features, labels


def batches(settings: Settings, symbols: tuple[str, ...]) -> Callable[[int], Iterator[Batch]]:
    """Return a function from the epoch to its batches; a round's utterances are synthesised when it begins."""
    examples_of = lru_cache(maxsize=1)(partial(examples, settings, symbols))

    def of_epoch(epoch: int) -> Iterator[Batch]:
        rng = np.random.default_rng([settings.seed, epoch])
        features, labels = examples_of(epoch // settings.epochs)
        for chosen in batches_by_length([len(x) for x in features], rng, batch_size=settings.batch_size):
            yield collate([spec_augment(features[i], rng) for i in chosen], [labels[i] for i in chosen])

    return of_epoch


def collate(features: list[FloatArray], labels: list[IntArray]) -> Batch:
    """Pad the features (frames, bands) of each utterance and join its labels (letters,) -> a batch."""
    lengths = torch.tensor([len(each) for each in labels])
    return Batch(*padded(features), torch.from_numpy(np.concatenate(labels)), lengths)


def loss(model: nn.Module, batch: Batch) -> torch.Tensor:
    """Return −ln P(labels | features), as PyTorch's CTC loss averages it."""
    log_probabilities, steps = model(batch.features, batch.lengths)
    by_time = log_probabilities.transpose(0, 1)  # (steps, batch, symbols)
    return nn.functional.ctc_loss(by_time, batch.labels, steps, batch.label_lengths, zero_infinity=True)


def evaluate(model: CtcNet, settings: Settings) -> dict[str, float]:
    """Measure error rates on voices and sentences that are not in training."""
    return held_out_error_rates(CtcRecogniser(model).text, utterances=settings.test_utterances)


def train(folder: Path, settings: Settings = Settings()) -> Trained:
    """Train in two rounds, the second with other utterances and a warm restart at 0.7 of the learning rate."""
    symbols = ("", *letters())
    with seeded(settings.seed):
        model = CtcNet(CtcConfig(symbols))
    steps = settings.epochs * math.ceil(settings.utterances / settings.batch_size)
    once = warm_up_then_cosine(steps, warm_up=steps // 20)
    fit(
        model,
        batches(settings, symbols),
        loss=loss,
        epochs=2 * settings.epochs,
        seed=settings.seed,
        learning_rate=2e-3,
        average=0.995,
        schedule=lambda step: once(step) if step < steps else 0.7 * once(step - steps),
        folder=folder,
    )
    data = f"{2 * settings.utterances} synthetic utterances of `sounds` in {len(LANGUAGES)} languages, 66 speakers"
    return Trained(model, data, settings.seed, evaluate(model, settings))
