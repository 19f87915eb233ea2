"""YAMNet: its front end against the specification, its plan, independence of batch and neighbours, clear refusals."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse.classify.yamnet.model import (
    BLOCKS,
    PATCH_SAMPLES,
    ConvSame,
    Yamnet,
    YamnetConfig,
    embed,
    mel_weights,
    tag,
    yamnet_features,
    yamnet_patches,
)
from audiocourse.errors import AudioCourseError
from audiocourse.sounds import noise, sine
from audiocourse.zoo import seeded

SR = 16_000
STEP = 7_680  # samples from one patch to the next


@pytest.fixture(scope="module")
def net() -> Yamnet:
    """A narrow network whose batch normalisation has seen data, so that its training mode differs."""
    with seeded(3):
        model = Yamnet(YamnetConfig(("rain", "siren", "speech"), width=0.1))
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)  # type: ignore[union-attr]
                module.running_var.uniform_(0.05, 0.2)  # type: ignore[union-attr]
                torch.nn.init.uniform_(module.bias, 0, 0.3)
    return model.eval()


@pytest.fixture(scope="module")
def hiss() -> np.ndarray:
    loud = noise("pink", seconds=3, sr=SR, rng=np.random.default_rng(1))
    return (loud * np.linspace(0.01, 1, loud.size)).astype(np.float32)  # each patch has another level


@pytest.mark.parametrize(
    ("samples", "patches"),
    [(400, 1), (15_600, 1), (15_601, 2), (15_600 + STEP, 2), (15_601 + STEP, 3), (48_000, 6)],
)
def test_the_end_is_padded_to_a_whole_patch(samples: int, patches: int) -> None:
    y = noise("white", seconds=3, sr=SR, rng=np.random.default_rng(2))[:samples]
    assert yamnet_patches(y).shape == (patches, 96, 64)
    assert yamnet_patches(y).dtype == np.float32


def test_a_frame_is_25_ms_and_the_first_begins_with_the_first_sample() -> None:
    """A click at sample n is in the frames whose 400 samples hold it, but for the zero at the start of the window."""
    y = np.zeros(1_600, dtype=np.float32)
    y[400] = 1.0
    silence = np.log(np.float32(0.001))
    sounding = np.flatnonzero((yamnet_features(y) > silence + 1e-3).any(axis=1))
    assert yamnet_features(y).shape == (1 + (1_600 - 400) // 160, 64)
    assert sounding.tolist() == [1, 2], "frame 0 ends before it; in frame 3 (from sample 480) it is over"
    assert yamnet_features(np.zeros(400, np.float32)).min() == silence


def test_twice_the_amplitude_doubles_magnitudes_and_does_not_square_them() -> None:
    y = sine(1000.0, seconds=0.1, sr=SR, peak=0.25)
    mel = np.exp(yamnet_features(y)) - 0.001
    twice = np.exp(yamnet_features(2 * y)) - 0.001
    np.testing.assert_allclose(twice[:, 20:30], 2 * mel[:, 20:30], rtol=1e-3, atol=1e-4)


def test_a_tone_is_loudest_in_the_band_of_its_mel() -> None:
    mel = 1127 * np.log(1 + np.array([125.0, 7500.0, 1000.0]) / 700)
    expected = round((mel[2] - mel[0]) / (mel[1] - mel[0]) * 65) - 1
    loudest = yamnet_features(sine(1000.0, seconds=0.1, sr=SR)).mean(axis=0).argmax()
    assert abs(int(loudest) - expected) <= 1


def test_neighbouring_triangles_add_up_to_one_and_leave_out_0_hz() -> None:
    weights = mel_weights()
    assert weights.shape == (64, 257)
    assert not weights[:, 0].any()
    inside = slice(8, 222)  # from 250 Hz to the top of the last triangle
    np.testing.assert_allclose(weights.sum(axis=0)[inside], 1.0)


def test_padding_is_that_of_tensorflow() -> None:
    """An even size at stride 2 is padded at its end only; an odd one at both. PyTorch's own padding starts at −1."""
    conv = ConvSame(1, 1, 3, stride=2)
    torch.nn.init.zeros_(conv.weight)
    with torch.no_grad():
        conv.weight[0, 0, 0, 0] = 1.0  # picks the first value under the kernel
        even = conv(torch.arange(1.0, 17.0).reshape(1, 1, 4, 4))
        odd = conv(torch.arange(1.0, 26.0).reshape(1, 1, 5, 5))
    assert even.flatten().tolist() == [1.0, 3.0, 9.0, 11.0]
    assert odd.flatten().tolist() == [0.0, 0.0, 0.0, 0.0, 7.0, 9.0, 0.0, 17.0, 19.0]


def test_the_plan_has_the_published_size() -> None:
    model = Yamnet(YamnetConfig(tuple(str(number) for number in range(521))))
    published = {  # batch normalisation has a bias and no scale there
        name: value.numel()
        for name, value in model.state_dict().items()
        if not name.endswith(("norm.weight", "norm1.weight", "num_batches_tracked"))
    }
    assert sum(published.values()) == 3_751_369
    assert len(model.blocks) == 13 and model.head.weight.shape == (521, 1024)
    assert [block.pointwise.out_channels for block in model.blocks] == [channels for _, channels in BLOCKS]  # type: ignore[union-attr]


def test_a_patch_does_not_depend_on_its_batch(net: Yamnet, hiss: np.ndarray) -> None:
    patches = torch.from_numpy(yamnet_patches(hiss))
    with torch.no_grad():
        together = net(patches)
        alone = torch.cat([net(patch[None]) for patch in patches])
        net.train()
        in_training = net(patches)
        net.eval()
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)
    assert (in_training - alone).abs().max() > 0.01, "with the statistics of the batch it would"


def test_a_patch_does_not_depend_on_the_rest_of_the_recording(net: Yamnet, hiss: np.ndarray) -> None:
    """A front end that normalised the whole recording would fail: the level rises from patch to patch."""
    whole = tag(hiss, SR, model=net)
    for number in (0, 2, 4):
        part = hiss[number * STEP : number * STEP + PATCH_SAMPLES]
        np.testing.assert_allclose(tag(part, SR, model=net)[0], whole[number], atol=1e-5)


def test_zeros_after_the_end_change_nothing_before_it(net: Yamnet, hiss: np.ndarray) -> None:
    longer = np.pad(hiss, (0, 4 * STEP))
    patches = len(tag(hiss, SR, model=net))
    np.testing.assert_allclose(tag(longer, SR, model=net)[:patches], tag(hiss, SR, model=net), atol=1e-5)
    np.testing.assert_allclose(embed(longer, SR, model=net)[:patches], embed(hiss, SR, model=net), atol=1e-5)


def test_probabilities_are_the_sigmoid_of_the_head_on_the_embedding(net: Yamnet, hiss: np.ndarray) -> None:
    """Several classes can be present at once, so their probabilities do not sum to 1 as those of a softmax."""
    embeddings = embed(hiss, SR, model=net)
    assert embeddings.shape == (6, 102) and embeddings.min() >= 0
    with torch.no_grad():
        logits = net.head(torch.from_numpy(embeddings)).numpy()
    probabilities = tag(hiss, SR, model=net)
    np.testing.assert_allclose(probabilities, 1 / (1 + np.exp(-logits)), atol=1e-5)
    assert probabilities.shape == (6, 3) and np.abs(probabilities.sum(axis=1) - 1).max() > 0.01


def test_a_long_recording_goes_through_in_pieces(net: Yamnet) -> None:
    y = noise("pink", seconds=35, sr=SR, rng=np.random.default_rng(4))
    probabilities = tag(y, SR, model=net)
    assert len(probabilities) == len(yamnet_patches(y)) > 64
    np.testing.assert_allclose(probabilities[66], tag(y[66 * STEP :], SR, model=net)[0], atol=1e-5)


def test_tagging_leaves_the_mode_of_the_network_alone(hiss: np.ndarray) -> None:
    with seeded(5):
        model = Yamnet(YamnetConfig(("rain",), width=0.1, dropout=0.5)).train()
    once = tag(hiss, SR, model=model)
    assert model.training
    np.testing.assert_array_equal(once, tag(hiss, SR, model=model))


@pytest.mark.parametrize(
    ("y", "sr", "message"),
    [
        (np.zeros(16_000, np.float32), 44_100, "resample"),
        (np.zeros(399, np.float32), SR, "400"),
        (np.zeros((2, 16_000), np.float32), SR, "mono"),
        (np.full(16_000, np.nan, np.float32), SR, "NaN"),
        (np.zeros(16_000, np.int16), SR, "int16"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(net: Yamnet, y: np.ndarray, sr: int, message: str) -> None:
    for door in (tag, embed):
        with pytest.raises(AudioCourseError, match=message):
            door(y, sr, model=net)


@pytest.mark.parametrize("config", [YamnetConfig(()), YamnetConfig(("a", "a")), YamnetConfig(("a",), width=0.0)])
def test_an_impossible_plan_is_refused(config: YamnetConfig) -> None:
    with pytest.raises(AudioCourseError):
        Yamnet(config)
