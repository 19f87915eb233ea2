"""The NumPy references of Tacotron beside the network and beside what they mean."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse.errors import AudioCourseError
from audiocourse.tts.tacotron.decoding import EncoderOutput, Generated
from audiocourse.tts.tacotron.from_scratch import (
    additive_attention,
    frames_until_stop,
    previous_frames,
    stop_targets,
)
from audiocourse.tts.tacotron.model import AdditiveAttention, Tacotron, TacotronConfig
from audiocourse.zoo import seeded


def test_the_step_equals_that_of_the_network() -> None:
    with seeded(1), torch.no_grad():
        attention = AdditiveAttention(query=5, values=4, attention=3)
        query, values = torch.randn(1, 5), torch.randn(1, 7, 4)
        output = EncoderOutput(values, attention.key(values), torch.zeros(1, 7, dtype=torch.bool))
        context, weights = attention(query, output)
        arrays = [each[0].numpy() for each in (attention.query(query), output.keys, values, attention.energy.weight)]
    ours = additive_attention(*arrays)
    np.testing.assert_allclose(ours[0], context[0], atol=1e-6)  # float32
    np.testing.assert_allclose(ours[1], weights[0], atol=1e-6)


def test_large_scores_do_not_overflow() -> None:
    _, weights = additive_attention(np.zeros(1), np.array([[1.0], [-1.0]]), np.eye(2), np.array([5e3]))
    assert weights.tolist() == [1.0, 0.0]


@pytest.mark.parametrize("frames", [1, 3, 4, 9])
def test_the_network_reads_what_the_reference_says(frames: int) -> None:
    model = Tacotron(TacotronConfig(("a",), reduction=4))
    mel = np.random.default_rng(frames).normal(size=(frames, 80)).astype(np.float32)
    theirs = model.previous_frames(torch.from_numpy(mel)[None])[0].numpy()
    np.testing.assert_array_equal(previous_frames(mel, reduction=4), theirs)


def test_a_step_never_reads_the_frames_it_writes() -> None:
    frames = np.arange(1.0, 13.0)[:, None]
    for reduction in (1, 2, 5):
        read = previous_frames(frames, reduction=reduction)[:, 0]
        assert read[0] == 0
        first_written = np.arange(len(read)) * reduction + 1
        np.testing.assert_array_equal(read, first_written - 1)


def test_the_stop_token_fires_in_the_step_that_writes_the_last_frame() -> None:
    targets = stop_targets(np.array([1, 4, 5, 12]), 3, reduction=4)
    assert targets.argmax(axis=1).tolist() == [0, 0, 1, 2]
    assert (np.diff(targets, axis=1) >= 0).all(), "once ended, it stays so"


def test_bad_input_is_refused() -> None:
    with pytest.raises(AudioCourseError, match="at least one symbol"):
        additive_attention(np.zeros(2), np.zeros((0, 2)), np.zeros((0, 3)), np.zeros(2))
    with pytest.raises(AudioCourseError, match="attention"):
        additive_attention(np.zeros(2), np.zeros((4, 3)), np.zeros((4, 3)), np.zeros(2))
    with pytest.raises(AudioCourseError, match="frames, n_mels"):
        previous_frames(np.zeros((0, 80)), reduction=2)
    with pytest.raises(AudioCourseError, match="reduction"):
        previous_frames(np.zeros((3, 80)), reduction=0)
    with pytest.raises(AudioCourseError, match="between 1 and the 6 frames"):
        stop_targets(np.array([3, 7]), 3, reduction=2)


def generated_with(model: Tacotron, bias: float) -> Generated:
    with seeded(3), torch.no_grad():
        model.stop_projection.bias.fill_(bias)
        return model.generate(torch.randint(1, 7, (6, 5)), torch.full((6,), 5), max_frames=24)


@pytest.mark.parametrize("reduction", [1, 4])
def test_the_frames_until_the_stop_are_those_that_the_network_generates(reduction: int) -> None:
    model = Tacotron(TacotronConfig(("a", "b"), reduction=reduction)).eval()
    endless = generated_with(model, -1e2).stop_logits + 1e2
    generated = generated_with(model, -float(endless[:, 1:].quantile(0.9)))  # in a tenth of the steps it may stop
    ours = [frames_until_stop(logits, reduction=reduction) for logits in generated.stop_logits.numpy()]
    assert generated.finished.any()
    assert ours == generated.lengths.tolist()


def test_the_first_stop_counts_even_if_the_token_changes_its_mind() -> None:
    assert frames_until_stop(np.array([-2.0, 0.1, -3.0, 4.0]), reduction=3) == 6


@pytest.mark.parametrize("logits", [np.zeros(0), np.zeros((1, 4))])
def test_stop_logits_of_another_shape_are_refused(logits: np.ndarray) -> None:
    with pytest.raises(AudioCourseError, match=r"\(steps,\)"):
        frames_until_stop(logits, reduction=2)
