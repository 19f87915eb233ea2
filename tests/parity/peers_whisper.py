"""Whisper's front end and its windows beside transformers."""

from __future__ import annotations

import numpy as np
import torch
import transformers

from audiocourse.asr.whisper.features import WhisperFrontEnd, whisper_features
from audiocourse.asr.whisper.windows import split_at_timestamps
from audiocourse.sounds import sine, speaker

SR = 16_000
SIZES = ({}, {"feature_size": 128}, {"hop_length": 320, "chunk_length": 10}, {"feature_size": 40, "chunk_length": 5})
FIRST, WINDOW = 100, 1500  # the token of 0.00 s, timestamps in a window


def features_transformers() -> float:
    rng = np.random.default_rng(3)
    heard = (
        rng.uniform(-1, 1, 5 * SR).astype(np.float32),
        (1e-4 * rng.normal(size=SR)).astype(np.float32),
        rng.normal(0, 0.1, 10).astype(np.float32),
        sine(440, seconds=3, sr=SR),
        np.zeros(SR, dtype=np.float32),
        speaker("wren-2", "fr").say("bonjour tout le monde").y,
    )
    worst = 0.0
    for options in SIZES:
        extractor = transformers.WhisperFeatureExtractor(**options)
        front = WhisperFrontEnd.of(extractor)
        for y in heard:
            theirs = extractor(y, sampling_rate=SR, return_tensors="np").input_features[0]
            worst = max(worst, float(np.abs(whisper_features(y, SR, front=front) - theirs).max()))
    return worst


def windows_transformers() -> float:
    """Count the texts that are cut differently, or that lead to another next window."""
    rng = np.random.default_rng(4)
    return float(sum(_ours(written) != _theirs(written) for written in (_written(rng) for _ in range(300))))


def _written(rng: np.random.Generator) -> list[int]:
    """Make a text with times in order, that may end anywhere after the first segment.

    Without its end, theirs lets the first segment end where it begins, ours where the window does.
    """
    times = FIRST + np.sort(rng.choice(WINDOW, 2 * int(rng.integers(1, 5)), replace=False))
    text = [token for start, end in zip(times[::2], times[1::2], strict=True) for token in (start, 1, 2, end)]
    cut = int(rng.integers(4, len(text) + 1))
    return [int(token) for token in text[:cut]]


def _ours(written: list[int]) -> tuple[list[tuple[int, list[int]]], int]:
    segments, advance = split_at_timestamps(written, first_timestamp=FIRST, length=WINDOW)
    return [(one.end, list(one.tokens)) for one in segments], advance


def _theirs(written: list[int]) -> tuple[list[tuple[int, list[int]]], int]:
    segments, advance = transformers.WhisperForConditionalGeneration._retrieve_segment(
        seek_sequence=torch.tensor(written),
        seek_outputs=[{}],
        time_offset=torch.zeros(1, dtype=torch.float64),
        timestamp_begin=FIRST,
        seek_num_frames=torch.tensor([2 * WINDOW]),
        time_precision=0.02,
        time_precision_features=0.01,
        input_stride=2,
        prev_idx=0,
        idx=0,
        return_token_timestamps=False,
        decoder_input_ids=torch.zeros(1, 4),
    )
    found = [(round(float(one["end"]) / 0.02), [k for k in one["tokens"].tolist() if k < FIRST]) for one in segments]
    return found, int(advance) // 2


PEERS = [
    ("whisper_features", "transformers.WhisperFeatureExtractor", 1e-4, "", features_transformers),
    ("split_at_timestamps", "transformers' long form", 0, "texts of 300", windows_transformers),
]
