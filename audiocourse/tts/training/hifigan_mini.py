"""How ``hifigan-mini`` is trained: first to match spectrograms, then also to convince discriminators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from audiocourse.arrays import FloatArray
from audiocourse.tts.mel import MEL, log_mel
from audiocourse.tts.utterances import SR, english_speakers, held_out_sentences, training_text, utterance, varied
from audiocourse.tts.vocoders.adversarial import (
    WEIGHT_FEATURES,
    WEIGHT_MEL,
    DiscriminatorConfig,
    Discriminators,
    discriminator_loss,
    feature_matching_loss,
    generator_loss,
    mel_loss,
    stft_loss,
)
from audiocourse.tts.vocoders.hifigan import HifiGan, HifiGanConfig, hifigan_vocode
from audiocourse.zoo import Card, Trained, fit, seeded, warm_up_then_cosine

CARD = Card(
    name="hifigan-mini",
    task="vocoder",
    model="audiocourse.tts.vocoders.hifigan:HifiGan",
    licence="MIT",
    source="This course; HiFi-GAN (Kong et al., NeurIPS 2020), a thirtieth of its weights.",
    expect="Sound at 16 kHz from the mel spectrograms of chapter 3. It was trained on synthetic voices only: music, "
    "noise and laughter are not its trade.",
)
FRAMES = 16  # of a training segment: 256 ms


@dataclass(frozen=True)
class Settings:
    """How much is trained: sentences, steps with the losses of spectra alone, and steps with discriminators."""

    sentences: int = 2_000
    first_steps: int = 6_000
    steps: int = 4_000
    steps_per_epoch: int = 250
    batch_size: int = 16
    seed: int = 37
    test_utterances: int = 30


TINY = Settings(sentences=4, first_steps=2, steps=2, steps_per_epoch=2, batch_size=2, test_utterances=2)


class Example(NamedTuple):
    """Samples (samples,), and their log-mel (frames, bands)."""

    y: FloatArray
    frames: FloatArray


class Batch(NamedTuple):
    """Samples (batch, FRAMES * hop) and the frames that belong to them (batch, FRAMES, bands)."""

    y: torch.Tensor
    frames: torch.Tensor


class Adversaries(nn.Module):
    """The generator and its discriminators, trained by the same steps."""

    def __init__(self, generator: HifiGan, discriminators: Discriminators) -> None:
        super().__init__()
        self.generator = generator
        self.discriminators = discriminators

    def forward(self, batch: Batch) -> torch.Tensor:
        """Return the sum of all losses: each part gets the gradient of its own.

        The discriminators are frozen while they judge for the generator, and the generator's sound is detached while
        they learn from it.
        """
        generated = self.generator(batch.frames)
        real = self.discriminators(batch.y)
        self.discriminators.requires_grad_(False)
        judged = self.discriminators(generated)
        self.discriminators.requires_grad_(True)
        convince = generator_loss(judged) + WEIGHT_FEATURES * feature_matching_loss(real, judged)
        same_spectrum = WEIGHT_MEL * spectral_loss(batch.y, generated)
        tell_apart = discriminator_loss(real, self.discriminators(generated.detach()))
        return convince + same_spectrum + tell_apart


def examples(settings: Settings) -> list[Example]:
    """Synthesise sentences of training voices, each varied."""
    found = []
    speakers = english_speakers(split="train")
    for number in range(settings.sentences):
        rng = np.random.default_rng([settings.seed, number])
        speaker = varied(speakers[number % len(speakers)], rng)
        y = utterance(speaker, training_text(rng), seed=int(rng.integers(2**31))).speech.y
        y = y * np.float32(10 ** rng.uniform(-0.3, 0.2))
        found.append(Example(y.astype(np.float16), log_mel(y, SR).frames.astype(np.float16)))
    return found


def batches(examples: list[Example], settings: Settings, *, steps: int, stage: int) -> Callable[[int], Iterator[Batch]]:
    """Return a function from the epoch to its batches: random segments of random sentences."""
    per_epoch = min(settings.steps_per_epoch, steps)

    def of_epoch(epoch: int) -> Iterator[Batch]:
        rng = np.random.default_rng([settings.seed, stage, epoch])
        for _ in range(per_epoch):
            yield collate([segment(examples[i], rng) for i in rng.integers(len(examples), size=settings.batch_size)])

    return of_epoch


def segment(example: Example, rng: np.random.Generator) -> Example:
    """Cut `FRAMES` frames and their samples out of a sentence."""
    last = len(example.y) // MEL.hop_length - FRAMES
    start = int(rng.integers(last + 1))
    samples = slice(start * MEL.hop_length, (start + FRAMES) * MEL.hop_length)
    return Example(example.y[samples], example.frames[start : start + FRAMES])


def collate(segments: list[Example]) -> Batch:
    """Stack segments into a batch."""
    y, frames = (np.stack(rows).astype(np.float32) for rows in zip(*segments, strict=True))
    return Batch(torch.from_numpy(y), torch.from_numpy(frames))


def first_loss(model: nn.Module, batch: Batch) -> torch.Tensor:
    """Return the `spectral_loss` alone: before it is small, discriminators have an easy time and teach little."""
    return spectral_loss(batch.y, model(batch.frames))


def spectral_loss(y: torch.Tensor, generated: torch.Tensor) -> torch.Tensor:
    """`mel_loss` + `stft_loss` / 2 of sounds, (batch, samples)."""
    return mel_loss(y, generated, sr=SR) + stft_loss(y, generated) / 2


def loss(model: nn.Module, batch: Batch) -> torch.Tensor:
    """Return the sum of the losses of generator and discriminators."""
    return model(batch)  # type: ignore[no-any-return]


def evaluate(model: HifiGan, settings: Settings) -> dict[str, float]:
    """Measure how far the mel spectrogram of the output is from the input, on voices that are not in training."""
    speakers = english_speakers(split="held-out")
    texts = held_out_sentences()
    distances = []
    for number in range(settings.test_utterances):
        y = utterance(speakers[number % len(speakers)], texts[number % len(texts)], seed=number).speech.y
        mel = log_mel(y, SR)
        again = log_mel(hifigan_vocode(mel, model=model), SR)
        frames = mel.values.shape[1]
        distances.append(20 * np.abs(again.values[:, :frames] - mel.values).mean())
    return {
        "synthetic speech, unseen voices, mel spectrogram, mean difference in dB": round(float(np.mean(distances)), 2)
    }


def train(folder: Path, settings: Settings = Settings()) -> Trained:
    """Train with the losses of spectra alone, then against the discriminators."""
    with seeded(settings.seed):
        model = HifiGan(HifiGanConfig())
        adversaries = Adversaries(model, Discriminators(DiscriminatorConfig()))
    sentences = examples(settings)
    for stage, (learner, objective, steps, rate) in enumerate(
        (
            (model, first_loss, settings.first_steps, 2e-3),
            (adversaries, loss, settings.steps, 5e-4),
        )
    ):
        fit(
            learner,
            batches(sentences, settings, steps=steps, stage=stage),
            loss=objective,
            epochs=max(1, steps // settings.steps_per_epoch),
            seed=settings.seed,
            optimiser=partial(adam_of_gans, learning_rate=rate),
            schedule=warm_up_then_cosine(steps, warm_up=max(1, steps // 30)),
            clip=50.0,
            average=0.99,
            folder=folder / f"stage-{stage + 1}",
        )
    scores = evaluate(model.half().float(), settings)
    data = f"{settings.sentences} synthetic English sentences of `sounds`, varied voices around 66 speakers"
    return Trained(model.half(), data, settings.seed, scores)


def adam_of_gans(parameters: Iterable[nn.Parameter], *, learning_rate: float) -> torch.optim.Optimizer:
    """Return AdamW with the short memory that HiFi-GAN uses, since the opponent changes all the time."""
    return torch.optim.AdamW(parameters, lr=learning_rate, betas=(0.8, 0.99), weight_decay=0.01)
