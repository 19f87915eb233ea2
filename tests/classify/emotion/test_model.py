"""The network of emotions: independent of padding and batch, an early cue that is not lost, a door with checks."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from audiocourse.classify.emotion.from_scratch import attention_pooling, final_states, masked_mean
from audiocourse.classify.emotion.model import POOLINGS, AttentionPooling, EmotionConfig, EmotionNet, predict_emotion
from audiocourse.classify.practice.emotion_training import LastFrameNet, early_cue_accuracy
from audiocourse.errors import AudioCourseError
from audiocourse.sounds import EMOTIONS, emotional, speaker
from audiocourse.zoo.seeds import seeded

CLOSE = 1e-5  # float32 sums in another order
LENGTHS = torch.tensor([12, 30, 7])
SR = 16_000


@pytest.fixture
def batch() -> torch.Tensor:
    with seeded(1):
        return 3 * torch.randn(3, 30, 16) + 2


def net(batch: torch.Tensor, *, kind: type[EmotionNet] = EmotionNet, pooling: str = "attention") -> EmotionNet:
    """Build a small network, with norms that have seen something."""
    with seeded(2):
        model = kind(EmotionConfig(hidden=6, pooling=pooling))
        for _ in range(3):
            model(batch, LENGTHS)
    return model.eval()


@pytest.mark.parametrize("pooling", POOLINGS)
@torch.no_grad()
def test_padding_and_batch_change_nothing(batch: torch.Tensor, pooling: str) -> None:
    model = net(batch, pooling=pooling)
    dirty = batch.clone()
    dirty[torch.arange(30)[None] >= LENGTHS[:, None]] = 1e3
    together = model(dirty, LENGTHS)
    for clip, length in enumerate(LENGTHS.tolist()):
        assert together[clip] == pytest.approx(model(batch[clip : clip + 1, :length])[0], abs=CLOSE)


@torch.no_grad()
def test_the_last_frame_of_the_guide_depends_on_padding(batch: torch.Tensor) -> None:
    model = net(batch, kind=LastFrameNet, pooling="mean")
    together = model(batch, LENGTHS)
    alone = model(batch[:1, :12])
    assert float((together[:1] - alone).abs().max()) > 100 * CLOSE


def test_padding_does_not_train_the_norm(batch: torch.Tensor) -> None:
    means = []
    for frames in (30, 60):
        with seeded(3):
            model = EmotionNet(EmotionConfig(hidden=4))
        model(nn.functional.pad(batch, (0, 0, 0, frames - 30)), LENGTHS)
        means.append(model.input_norm.running_mean)
    assert means[0] == pytest.approx(means[1], abs=CLOSE)


@torch.no_grad()
def test_its_pooling_is_that_of_the_numpy_references(batch: torch.Tensor) -> None:
    model = net(batch)
    x = model._normalised(batch, LENGTHS)
    states, last = model._states(x, LENGTHS)
    h, lengths = states.numpy(), LENGTHS.numpy()
    assert final_states(h, lengths) == pytest.approx(last.numpy(), abs=CLOSE)
    assert isinstance(model.pooling, AttentionPooling)
    scores = model.pooling.query(torch.tanh(model.pooling.projection(states)))[:, :, 0].numpy()
    pooled, weights = attention_pooling(h, scores, lengths)
    ours = model.pooling(states, LENGTHS)
    assert pooled == pytest.approx(ours[0].numpy(), abs=CLOSE)
    assert weights == pytest.approx(model.attention(batch, LENGTHS).numpy(), abs=CLOSE)
    by_mean = net(batch, pooling="mean")
    states, last = by_mean._states(by_mean._normalised(batch, LENGTHS), LENGTHS)
    mean = by_mean._pooled(states, last, LENGTHS).numpy()
    assert masked_mean(states.numpy(), lengths) == pytest.approx(mean, abs=CLOSE)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_an_early_cue_is_found(pooling: str) -> None:
    assert early_cue_accuracy(pooling, epochs=6) > 0.85


def test_an_early_cue_is_lost_at_the_last_frame() -> None:
    assert early_cue_accuracy("last frame", epochs=6) < 0.35  # chance is 0.17


def test_the_loss_reaches_zero_on_eight_clips_but_not_through_another_softmax(batch: torch.Tensor) -> None:
    labels = torch.tensor([0, 3, 6])
    reached = []
    for before in (lambda z: z, lambda z: z.softmax(dim=1)):
        with seeded(4):
            model = EmotionNet(EmotionConfig(hidden=8, dropout=0))
            optimiser = torch.optim.AdamW(model.parameters(), lr=0.05)
            for _ in range(60):
                loss = nn.functional.cross_entropy(before(model(batch, LENGTHS)), labels)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
        reached.append(loss.item())
    assert reached[0] < 0.02
    assert reached[1] > 1.16


def test_attention_exists_only_where_it_pools(batch: torch.Tensor) -> None:
    with pytest.raises(AudioCourseError, match="attention"):
        net(batch, pooling="mean").attention(batch, LENGTHS)
    with pytest.raises(AudioCourseError):
        EmotionNet(EmotionConfig(pooling="last"))


# ---------------------------------------------------------------- the door


@pytest.fixture(scope="module")
def clip() -> np.ndarray:
    return emotional("Dinner is ready.", "angry", speaker=speaker("wren-1", "en")).y


@pytest.fixture
def model() -> EmotionNet:
    with seeded(5):
        return EmotionNet(EmotionConfig(hidden=4))


def test_the_door_returns_a_distribution_and_leaves_the_mode(model: EmotionNet, clip: np.ndarray) -> None:
    assert model.training
    p = predict_emotion(clip, SR, neutral=clip, model=model)
    assert tuple(p) == tuple(EMOTIONS)
    assert sum(p.values()) == pytest.approx(1, abs=CLOSE)
    assert model.training


def test_the_level_of_a_recording_says_nothing(model: EmotionNet, clip: np.ndarray) -> None:
    loud = predict_emotion(clip, SR, neutral=clip, model=model)
    soft = predict_emotion(0.3 * clip, SR, neutral=0.3 * clip, model=model)
    assert list(soft.values()) == pytest.approx(list(loud.values()), abs=1e-2)  # the floor of the log-mel remains


def test_what_is_not_a_recording_of_a_voice_is_refused(model: EmotionNet, clip: np.ndarray) -> None:
    for wrong in (clip[:1600], np.zeros(SR, np.float32), np.stack([clip, clip])):
        with pytest.raises(AudioCourseError):
            predict_emotion(wrong, SR, neutral=clip, model=model)
        with pytest.raises(AudioCourseError):
            predict_emotion(clip, SR, neutral=wrong, model=model)
    with pytest.raises(AudioCourseError, match="16000"):
        predict_emotion(clip, 22_050, neutral=clip, model=model)
