"""How ``speaker-mini`` is trained: GE2E on many synthetic voices, recorded in many ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from audiocourse.classify.augment import recorded_differently
from audiocourse.classify.clips import CHANNELS, draw, speaking, training_voice
from audiocourse.classify.features import log_mel
from audiocourse.classify.speakers.losses import Ge2eLoss
from audiocourse.classify.speakers.model import SR, SpeakerConfig, SpeakerEncoder
from audiocourse.signal import FloatArray
from audiocourse.sounds import LANGUAGES, Speaker, augment, sentence
from audiocourse.zoo import seeded

FRAMES = 150  # of 20 ms, of each utterance: 3 s
SHORTEST_CROP = 40  # frames
LONGEST_CROP = 120
OTHER_LANGUAGE = 0.4  # the share of utterances in another language than the speaker's own


@dataclass(frozen=True)
class Settings:
    voices: int = 800
    utterances: int = 6
    epochs: int = 50
    batch_size: int = 16
    seed: int = 7


TINY = Settings(voices=16, utterances=2, epochs=1)


def recorded(y: FloatArray, *, rng: np.random.Generator, share: float = 0.4) -> FloatArray:
    """Record speech in a random room, through a random channel, in noise; the voice does not change."""
    return augment(
        y, sr=SR, rng=rng, share=share, speed=(1.0, 1.0), rt60=(0.1, 0.6), snr_db=(5.0, 35.0), channels=CHANNELS
    ).y


def utterance_of(speaker: Speaker, *, rng: np.random.Generator, split: str = "train") -> FloatArray:
    language = draw(rng, tuple(LANGUAGES)) if rng.random() < OTHER_LANGUAGE else speaker.language
    text = sentence(rng, language, split=split).text
    return speaking(speaker, language, rng=rng).say(text, seed=int(rng.integers(2**31)), sr=SR).y


def examples(voices: int, utterances: int, *, seed: int) -> torch.Tensor:
    """Synthesise voices: features (voices, utterances, frames, n_mels), float16."""
    features = np.empty((voices, utterances, FRAMES, SpeakerConfig().n_mels), dtype=np.float16)
    for number in range(voices):
        rng = np.random.default_rng([seed, number])
        speaker = training_voice(rng=rng)
        for row in features[number]:
            row[:] = excerpt(log_mel(recorded(utterance_of(speaker, rng=rng), rng=rng), SR).T, rng=rng)
    return torch.from_numpy(features)


def excerpt(frames: FloatArray, *, rng: np.random.Generator) -> FloatArray:
    start = int(rng.integers(max(1, len(frames) - FRAMES + 1)))
    return np.take(frames, np.arange(start, start + FRAMES), axis=0, mode="wrap")
