"""Both Tacotrons, tiny and with random weights, for tests."""

from __future__ import annotations

import torch

from audiocourse.tts.tacotron.decoding import AttentionSynthesizer
from audiocourse.tts.tacotron.model import Tacotron, TacotronConfig
from audiocourse.tts.tacotron2.model import Tacotron2, Tacotron2Config
from audiocourse.zoo import seeded

PHONES = tuple("abcdefg.")
NUMBERS = 1 + 3 * len(PHONES)  # of symbols, with stress and padding


def tacotron(**options: float) -> Tacotron:
    sizes = {"embedding": 8, "channels": 6, "bank": 4, "units": 10, "attention": 7, "prenet": 9}
    sizes |= {"postnet_channels": 5, "postnet_bank": 3, "reduction": 3, **options}
    with seeded(1):
        return randomised(Tacotron(TacotronConfig(PHONES, **sizes)))


def tacotron2(**options: float) -> Tacotron2:
    sizes = {"encoder": 8, "units": 10, "attention": 7, "filters": 3, "filter_width": 5, "prenet": 9}
    sizes |= {"postnet_channels": 5, "reduction": 3, **options}
    with seeded(1):
        return randomised(Tacotron2(Tacotron2Config(PHONES, **sizes)))


def randomised(model: AttentionSynthesizer) -> AttentionSynthesizer:
    """Give batch normalisation statistics that would turn zeros into other numbers, and let the text matter."""
    for name, value in model.state_dict().items():
        if name.endswith(("running_mean", "running_var")):
            value.uniform_(0.5, 1.5)
        elif value.is_floating_point() and ".norm." not in name:
            value.mul_(2)
    return model.eval()


def example(*, symbols: int, frames: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A text (symbols,) and its log-mel frames (frames, 80)."""
    generator = torch.Generator().manual_seed(seed)
    text = torch.randint(1, NUMBERS, (symbols,), generator=generator)
    return text, torch.rand(frames, 80, generator=generator) * 4 - 4
