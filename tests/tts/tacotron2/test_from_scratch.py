"""The NumPy references of location-sensitive attention beside the network and beside what they mean."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse.errors import AudioCourseError
from audiocourse.tts.tacotron2.from_scratch import location_features, location_sensitive_attention
from audiocourse.tts.tacotron2.model import Tacotron2, Tacotron2Config
from audiocourse.zoo import seeded


def test_the_step_equals_that_of_the_network() -> None:
    with seeded(1), torch.no_grad():
        model = Tacotron2(
            Tacotron2Config(tuple("abc"), encoder=8, units=6, attention=5, filters=3, filter_width=7)
        ).eval()
        output = model.encode(torch.tensor([[0, 1, 2, 1, 0, 2]]), torch.tensor([6]))
        state = model.initial_state(output)
        for _ in range(3):
            state_before = state
            state = model.attend(torch.randn(1, 64), state, output)
        attention = model.attention
        history = location_features(
            state_before.weights[0].numpy(), state_before.cumulative[0].numpy(), attention.location_conv.weight.numpy()
        )
        query = attention.query(state.query)[0].numpy()
    location = history @ attention.location_projection.weight.detach().numpy().T
    context, weights = location_sensitive_attention(
        query,
        output.keys[0].numpy(),
        output.values[0].numpy(),
        location.astype(np.float32),
        attention.energy.weight[0].detach().numpy(),
    )
    np.testing.assert_allclose(weights, state.weights[0], atol=1e-6)  # float32
    np.testing.assert_allclose(context, state.context[0], atol=1e-6)


def test_a_filter_that_looks_back_moves_attention_on() -> None:
    """With f[n] = a[n − 1] as score, attention walks over the text, one symbol a step."""
    shift = np.zeros((1, 2, 3))
    shift[0, 0, 0] = 1.0
    weights = np.eye(6)[0]
    for position in range(1, 6):
        location = 3 * location_features(weights, np.zeros(6), shift)
        _, weights = location_sensitive_attention(np.zeros(1), np.zeros((6, 1)), np.eye(6), location, np.array([20.0]))
        assert weights.argmax() == position


def test_both_channels_count() -> None:
    filters = np.zeros((2, 2, 1))
    filters[0, 0, 0] = filters[1, 1, 0] = 1.0
    features = location_features(np.array([0.0, 1.0]), np.array([3.0, 1.5]), filters)
    assert features.tolist() == [[0.0, 3.0], [1.0, 1.5]]


def test_bad_input_is_refused() -> None:
    with pytest.raises(AudioCourseError, match="odd width"):
        location_features(np.zeros(3), np.zeros(3), np.zeros((1, 2, 4)))
    with pytest.raises(AudioCourseError, match="symbols"):
        location_features(np.zeros(3), np.zeros(4), np.zeros((1, 2, 3)))
    with pytest.raises(AudioCourseError, match="at least one symbol"):
        location_sensitive_attention(np.zeros(1), np.zeros((0, 1)), np.zeros((0, 1)), np.zeros((0, 1)), np.zeros(1))
    with pytest.raises(AudioCourseError, match="as long as a key"):
        location_sensitive_attention(np.zeros(2), np.zeros((3, 1)), np.zeros((3, 1)), np.zeros((3, 1)), np.zeros(1))
