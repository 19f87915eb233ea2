"""HiFi-GAN and the mel spectrogram of chapter 3 beside those of SpeechT5 in transformers, with the same weights."""

from __future__ import annotations

import numpy as np
import torch
import transformers

from audiocourse.sounds import speaker
from audiocourse.tts.mel import MelParameters, log_mel
from audiocourse.tts.vocoders.hifigan import HifiGan, HifiGanConfig
from audiocourse.zoo import seeded

SR = 16_000


def generator_transformers() -> float:
    """Load random weights of ours into theirs; every name is the same."""
    config = HifiGanConfig(channels=32, resblock_kernels=(3, 7, 11), resblock_dilations=(1, 3, 5))
    with seeded(8):
        ours = HifiGan(config).eval()
        frames = torch.randn(2, 12, 80) - 2
    theirs = transformers.SpeechT5HifiGan(
        transformers.SpeechT5HifiGanConfig(
            upsample_initial_channel=config.channels,
            upsample_rates=list(config.upsample_rates),
            upsample_kernel_sizes=list(config.upsample_kernels),
            resblock_kernel_sizes=list(config.resblock_kernels),
            resblock_dilation_sizes=[list(config.resblock_dilations)] * 3,
        )
    ).eval()
    theirs.load_state_dict(ours.state_dict())
    with torch.no_grad():
        return float((ours(frames) - theirs(frames)).abs().max())


def mel_transformers() -> float:
    """Frames whose window lies inside the sound: at the ends theirs mirrors the sound and ours adds zeros."""
    y = speaker("wren-2", "en").say("Good morning, dear friends.").y
    theirs = transformers.SpeechT5FeatureExtractor()(
        audio_target=y, sampling_rate=SR, return_tensors="np"
    ).input_values[0]
    ours = log_mel(y, SR, parameters=MelParameters(floor=1e-10)).frames
    inside = slice(2, len(ours) - 3)
    return float(np.abs(theirs[inside] - ours[inside]).max())


PEERS = [
    ("tts.vocoders.hifigan.HifiGan", "transformers.SpeechT5HifiGan", 1e-5, "", generator_transformers),
    ("tts.mel.log_mel", "transformers.SpeechT5FeatureExtractor", 1e-4, "log10", mel_transformers),
]
