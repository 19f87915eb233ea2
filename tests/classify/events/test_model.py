"""The CRNN: independent of padding and batch, several classes at once, silence without events."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from audiocourse import zoo
from audiocourse.classify.events.from_scratch import event_f1, match_events
from audiocourse.classify.events.model import (
    FRAME_SECONDS,
    Crnn,
    CrnnConfig,
    active_frames,
    detect_events,
    frame_probabilities,
)
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import labelled_segments
from audiocourse.sounds import EVENTS, event_scene
from audiocourse.zoo import seeded

CLOSE = 1e-5  # float32 sums in another order


@pytest.fixture
def batch() -> torch.Tensor:
    with seeded(1):
        return 3 * torch.randn(3, 61, 16) - 8


@pytest.fixture
def model(batch: torch.Tensor) -> Crnn:
    with seeded(2):
        crnn = Crnn(CrnnConfig(n_mels=16, channels=(4, 6, 8), hidden=5))
    crnn.train()
    for _ in range(3):
        crnn(batch)
    return crnn.eval()


@pytest.mark.parametrize("frames", [2, 25, 60])
@torch.no_grad()
def test_padding_changes_nothing(model: Crnn, batch: torch.Tensor, frames: int) -> None:
    alone = model(batch[:1, :frames])
    padded = model(batch, torch.tensor([frames, 61, 30]))
    assert padded[:1, : frames // 2] == pytest.approx(alone, abs=CLOSE)


@torch.no_grad()
def test_a_gru_that_reads_the_padding_would_be_noticed(
    model: Crnn, batch: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = model(batch[:1, :24])
    monkeypatch.setattr(model, "_states", lambda x, _lengths: model.gru(x)[0])
    padded = model(batch, torch.tensor([24, 61, 30]))
    assert float((padded[:1, :12] - alone).abs().max()) > 100 * CLOSE


@torch.no_grad()
def test_the_rest_of_the_batch_changes_nothing(model: Crnn, batch: torch.Tensor) -> None:
    assert model(batch)[:1] == pytest.approx(model(batch[:1]), abs=CLOSE)


@torch.no_grad()
def test_classes_do_not_compete(model: Crnn, batch: torch.Tensor) -> None:
    """A softmax would: raising one score would lower the probabilities of all others."""
    before = torch.sigmoid(model(batch))
    model.head.bias[0] += 5
    after = torch.sigmoid(model(batch))
    assert torch.all(after[..., 0] > before[..., 0])
    assert torch.equal(after[..., 1:], before[..., 1:])


@torch.no_grad()
def test_the_softmax_of_a_tagger_would_compete(model: Crnn, batch: torch.Tensor) -> None:
    before = nn.functional.softmax(model(batch), dim=-1)
    model.head.bias[0] += 5
    assert torch.all(nn.functional.softmax(model(batch), dim=-1)[..., 1:] < before[..., 1:])


def test_each_class_has_its_own_threshold_and_filter() -> None:
    probabilities = np.array([[0.4, 0.4], [0.9, 0.9], [0.4, 0.4]], np.float32)

    def active(*thresholds: float) -> list[list[bool]]:
        frames = active_frames(probabilities, thresholds=thresholds, lower_thresholds=thresholds, median_frames=(1, 3))
        return [list(frame) for frame in frames]

    assert active(0.3, 0.5) == [[True, False], [True, False], [True, False]]
    assert active(0.5, 0.3) == [[False, True], [True, True], [False, True]]


def test_an_event_goes_on_in_both_directions_down_to_the_lower_threshold() -> None:
    probabilities = np.array([0.4, 0.1, 0.4, 0.9, 0.4, 0.4, 0.1, 0.4], np.float32)[:, None]
    active = active_frames(probabilities, thresholds=(0.8,), lower_thresholds=(0.3,), median_frames=(1,))
    assert np.flatnonzero(active).tolist() == [2, 3, 4, 5], "what never passes the threshold is no event"


def bundled() -> Crnn:
    model = zoo.load("events-mini").model
    assert isinstance(model, Crnn)
    return model


@pytest.mark.parametrize("rms", [0.0, 1e-4, 1e-2])
def test_in_silence_and_in_noise_there_is_no_event(rms: float) -> None:
    y = (rms * np.random.default_rng(1).standard_normal(80_000)).astype(np.float32)
    assert detect_events(y, 16_000, model=bundled()) == []


def test_overlapping_events_are_found_with_their_times() -> None:
    overlapping = 0
    found = 0
    for seed in range(10):
        scene = event_scene(rng=np.random.default_rng([98, seed]), seconds=8, events=4, snr_db=20.0)
        reference = labelled_segments(scene.events)
        shared = [one for one in reference if sum(one[0] < other[1] and other[0] < one[1] for other in reference) > 1]
        estimated = labelled_segments(detect_events(scene.y, scene.sr, model=bundled()))
        overlapping += len(shared)
        found += len(match_events(shared, estimated, collar=0.2, share=0.5))
    assert overlapping > 15
    assert found > 0.5 * overlapping  # a softmax over the classes, or one label for each frame, loses every second one


def test_at_0_db_the_bundled_network_finds_most_events() -> None:
    references = []
    estimates = []
    for seed in range(8):
        scene = event_scene(rng=np.random.default_rng([99, seed]), events=5, snr_db=0.0)
        references.append(labelled_segments(scene.events))
        estimates.append(labelled_segments(detect_events(scene.y, scene.sr, model=bundled())))
    assert event_f1(references, estimates) > 0.6  # 40 events; its card says 0.746 on 750


def test_probabilities_come_every_40_ms() -> None:
    probabilities = frame_probabilities(np.zeros(32_000, np.float32), 16_000, model=bundled())
    assert probabilities.shape == (50, len(EVENTS))
    assert FRAME_SECONDS == 0.04
    assert np.all((probabilities >= 0) & (probabilities <= 1))


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (np.zeros(1_599, np.float32), 16_000, "0.1 s"),
        (np.zeros(16_000, np.float32), 44_100, "16000"),
        (np.zeros((2, 16_000), np.float32), 16_000, "mono"),
        (np.full(16_000, np.nan, np.float32), 16_000, "NaN"),
    ],
)
def test_bad_input_is_one_clear_sentence(model: Crnn, y: np.ndarray, sr: int, words: str) -> None:
    with pytest.raises(AudioCourseError, match=words):
        detect_events(y, sr, model=model)
