"""Tests of the voice embedding and the scores of cloning, in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse.errors import AudioCourseError
from audiocourse.tts.cloning.from_scratch import cloning_scores, voice_embedding
from audiocourse.tts.fastspeech.model import FastSpeechConfig, ReferenceEncoder
from audiocourse.tts.scaling import scale_mel


def test_the_pooling_is_that_of_the_network() -> None:
    torch.manual_seed(1)
    encoder = ReferenceEncoder(FastSpeechConfig(phones=("a",), hidden=8, voice_size=4)).eval()
    frames, lengths = torch.randn(2, 40, 80), torch.tensor([40, 25])
    with torch.no_grad():
        x = scale_mel(frames).transpose(1, 2)
        for layer in (encoder.conv1, encoder.conv2, encoder.conv3):
            x = torch.relu(layer(x))
        expected = encoder(frames, lengths).numpy()
        weight, bias = encoder.head.weight.numpy(), encoder.head.bias.numpy()
    ours = voice_embedding(x.transpose(1, 2).numpy(), lengths.numpy() - 8, weight, bias)
    np.testing.assert_allclose(ours, expected, atol=1e-5)  # float32


def test_lengths_beyond_the_frames_are_refused() -> None:
    for length in (0, 4):
        with pytest.raises(AudioCourseError, match="Lengths"):
            voice_embedding(np.zeros((1, 3, 2)), np.array([length]), np.ones((2, 4)), np.ones(2))


def test_scores_of_a_case_by_hand() -> None:
    clones = np.array([[2.0, 0.0], [0.0, 1.0]])
    targets = np.array([[3.0, 0.0], [1.0, 0.0]])  # cosines 1 and 0
    others = np.array([[[0.0, 1.0], [3.0, 4.0]], [[0.0, 1.0], [1.0, 0.0]]])  # largest 0.6 and 1
    scores = cloning_scores(clones, targets, others, np.array([1, 2]), np.array([2, 8]))
    np.testing.assert_allclose(scores, (0.5, -0.3, 0.5, 0.3), atol=1e-12)  # float64


def test_nothing_to_compare_is_refused() -> None:
    clones, others = np.ones((1, 2)), np.ones((1, 3, 2))
    with pytest.raises(AudioCourseError, match="no words"):
        cloning_scores(clones, clones, others, np.array([0]), np.array([0]))
    with pytest.raises(AudioCourseError, match="no direction"):
        cloning_scores(0 * clones, clones, others, np.array([0]), np.array([1]))
    with pytest.raises(AudioCourseError, match="check the shapes"):
        cloning_scores(clones, clones, others[0], np.array([0]), np.array([1]))
