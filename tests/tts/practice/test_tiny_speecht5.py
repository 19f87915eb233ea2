"""The miniature of SpeechT5 returns what the published model returns, in shape."""

from __future__ import annotations

import torch

from audiocourse.tts.practice.tiny_speecht5 import tiny_speecht5
from audiocourse.tts.speecht5.published import PublishedHifiGan
from audiocourse.zoo import seeded


def test_without_a_vocoder_it_returns_frames_and_with_one_samples() -> None:
    model, vocoder = tiny_speecht5(seed=1)
    PublishedHifiGan(vocoder)  # refuses other hops, bands and rates
    ids, voice = torch.tensor([[5, 6, 7, 8]]), torch.nn.functional.normalize(torch.ones(1, 512))
    with seeded(1):
        frames = model.generate_speech(ids, voice, maxlenratio=4)
    with seeded(1):
        y = model.generate_speech(ids, voice, vocoder=vocoder, maxlenratio=4)
    assert frames.shape == (16, 80)
    assert y.shape == (16 * 256,)
    again, _ = tiny_speecht5(seed=1)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))
