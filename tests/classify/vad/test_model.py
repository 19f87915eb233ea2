"""The learned detector: no score depends on the future, and unusable input is refused with one sentence."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse import sounds, zoo
from audiocourse.classify.scoring import detection_error, roc_auc
from audiocourse.classify.training import vad_mini
from audiocourse.classify.vad.model import (
    N_FFT,
    STEP,
    VadConfig,
    VadNet,
    neural_score,
    neural_vad,
    vad_frames,
)
from audiocourse.zoo import seeded


def hiss(seconds: float, seed: int = 1) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(round(16_000 * seconds))).astype(np.float32)


def test_a_score_knows_nothing_of_what_comes_later(net: VadNet) -> None:
    y = hiss(1.0)
    later = y.copy()
    later[8_000:] = 0.9
    before, after = (neural_score(one, 16_000, model=net) for one in (y, later))
    np.testing.assert_array_equal(before[: 8_000 // STEP], after[: 8_000 // STEP])
    assert not np.allclose(before[8_000 // STEP :], after[8_000 // STEP :])


def test_a_frame_holds_the_level_of_its_band() -> None:
    """A sine ten times as strong has 20 dB more in its band: ln(100) more."""
    t = np.arange(N_FFT + 1600) / 16_000
    soft, loud = (vad_frames((peak * np.sin(2 * np.pi * 1000 * t)).astype(np.float32))[5] for peak in (0.01, 0.1))
    band = int(np.argmax(loud))
    assert loud[band] - soft[band] == pytest.approx(np.log(100), abs=0.01)


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (np.zeros(16_000, np.float32), 8_000, "16 000 samples per second"),
        (np.zeros(300, np.float32), 16_000, "less than one step"),
        (np.zeros((2, 16_000), np.float32), 16_000, "mono"),
        (np.full(16_000, np.nan, np.float32), 16_000, "NaN"),
    ],
)
def test_what_cannot_be_scored_is_refused(y: np.ndarray, sr: int, words: str, net: VadNet, refuses) -> None:
    with refuses(words):
        neural_score(y, sr, model=net)


def test_the_network_learns_eight_scenes_by_heart() -> None:
    """Overfitting shows that the gradient reaches every layer and that truth and frames are aligned."""
    frames, truth = vad_mini.examples(8, seed=5, split="train")
    with seeded(4):
        net = VadNet(VadConfig(dropout=0.0))
    optimiser = torch.optim.Adam(net.parameters(), lr=0.02)
    with seeded(5):
        losses = []
        for _ in range(60):
            scores, _ = net(frames)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, truth)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        assert torch.isfinite(vad_mini.loss(net, (frames, truth)))
    assert losses[-1] < 0.35 * losses[0]


def test_the_bundled_model_finds_speech_in_scenes_of_people_it_never_heard() -> None:
    net = zoo.load("vad-mini").model
    assert isinstance(net, VadNet)
    frames, truth = vad_mini.examples(30, seed=77, split="test")
    with torch.no_grad():
        scores = net(frames)[0].numpy()
    assert roc_auc(truth.numpy().ravel() > 0.5, scores.ravel()) > 0.8  # 0.85 on the 200 scenes of its card
    scene = sounds.speech_with_pauses(rng=np.random.default_rng(5), seconds=8.0, sr=16_000, snr_db=20.0)
    found = neural_vad(scene.y, scene.sr, model=net)
    _, _, error = detection_error([(one.start, one.end) for one in scene.speech], found)
    assert error < 0.4
    assert all(start < end for start, end in found)
