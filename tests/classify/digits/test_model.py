"""The recogniser of digits: what its spectrograms leave out, clear refusals, that it learns, and the bundled one."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse import zoo
from audiocourse.classify.digits.model import (
    BANDS,
    FRAMES,
    SR,
    DigitConfig,
    DigitNet,
    digit_frames,
    digit_probabilities,
    spoken_part,
)
from audiocourse.classify.training import digits_mini
from audiocourse.sounds import say
from audiocourse.zoo import seeded


@pytest.fixture(scope="module")
def net() -> DigitNet:
    with seeded(3):
        return DigitNet(DigitConfig()).eval()


@pytest.fixture(scope="module")
def seven() -> np.ndarray:
    return say("seven", sr=SR).y


def test_how_loud_the_word_is_does_not_matter(seven: np.ndarray) -> None:
    # a third is no power of two: the samples are rounded to float32 anew
    np.testing.assert_allclose(digit_frames(seven), digit_frames(seven / np.float32(3)), atol=1e-3)


def test_a_microphone_that_lifts_some_bands_does_not_matter() -> None:
    """A filter adds the same to every frame of a band, in ln; the mean over the loud frames removes it.

    On noise that gets louder, since it never reaches the floor of the spectrogram, which moves with the loudest band.
    """
    t = np.arange(6_400) / SR
    y = (np.random.default_rng(1).standard_normal(t.size) * (0.05 + 0.1 * t)).astype(np.float32)
    filtered = np.convolve(y, [1.0, -0.5])[: y.size].astype(np.float32)  # 0.5 at 0 Hz, 1.5 at 4000 Hz: ln 9 in power
    difference = np.abs(digit_frames(y) - digit_frames(filtered))
    # ln 9 / 2.5 is 0.88; the filter is not quite constant within a band, nor are the ends of the sound
    assert np.median(difference) < 0.03


def test_a_spectrogram_has_one_size_and_the_word_in_its_middle(seven: np.ndarray) -> None:
    small, large = digit_frames(seven), digit_frames(seven, frames=2 * FRAMES)
    assert small.shape == (BANDS, FRAMES)
    assert small.dtype == np.float32
    np.testing.assert_array_equal(large[:, FRAMES // 2 : -FRAMES // 2], small)


def test_silence_around_the_word_is_cut_off(net: DigitNet, seven: np.ndarray) -> None:
    word = spoken_part(seven)
    padded = np.pad(word, (4_000, 8_000))
    np.testing.assert_array_equal(spoken_part(padded), word)
    np.testing.assert_array_equal(*(digit_probabilities(y, SR, model=net) for y in (word, padded)))


def test_probabilities_sum_to_one(net: DigitNet, seven: np.ndarray) -> None:
    probabilities = digit_probabilities(seven, SR, model=net)
    assert probabilities.shape == (10,)
    assert probabilities.min() >= 0
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)  # ten sums in float32


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (np.ones(8_000, np.float32), 16_000, "8000 samples per second"),
        (np.zeros(8_000, np.float32), 8_000, "digitally silent"),
        (np.ones(500, np.float32), 8_000, "800"),
        (np.ones((2, 8_000), np.float32), 8_000, "mono"),
        (np.full(8_000, np.nan, np.float32), 8_000, "NaN"),
    ],
)
def test_what_holds_no_digit_is_refused(y: np.ndarray, sr: int, words: str, net: DigitNet, refuses) -> None:
    with refuses(words):
        digit_probabilities(y, sr, model=net)


def test_a_picture_changed_for_training_keeps_its_size_and_its_values() -> None:
    pictures = torch.rand(8, 1, BANDS, 2 * FRAMES)
    with seeded(1):
        changed = digits_mini.spoken_differently(pictures)
    assert changed.shape == (8, 1, BANDS, FRAMES)
    assert 0 <= changed.min() <= changed.max() <= 1  # interpolation stays between neighbours
    constant = torch.arange(BANDS, dtype=torch.float32)[:, None].expand(2, 1, BANDS, 2 * FRAMES)
    with seeded(1):
        assert digits_mini.spoken_differently(constant).std(dim=3).max() < 1e-4  # no time gets into the bands; float32


def test_the_network_learns_thirty_words_by_heart() -> None:
    """Overfitting shows that the gradient reaches every layer and that truth and pictures belong together."""
    pictures, truth = digits_mini.examples(30, seed=5, split="train", frames=2 * FRAMES)
    with seeded(4):
        net = DigitNet(DigitConfig(dropout=0.0))
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    middle = pictures[..., FRAMES // 2 : -FRAMES // 2]
    for _ in range(40):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(net(middle), truth).backward()
        optimiser.step()
    assert (net(middle).argmax(dim=1) == truth).float().mean() > 0.95
    with seeded(5):
        assert torch.isfinite(digits_mini.loss(net, (pictures, truth)))


def test_the_bundled_model_understands_people_it_never_heard() -> None:
    net = zoo.load("digits-mini").model
    assert isinstance(net, DigitNet)
    pictures, truth = digits_mini.examples(100, seed=77, split="test", frames=FRAMES)
    with torch.no_grad():
        right = (net(pictures).argmax(dim=1) == truth).float().mean()
    assert right > 0.75  # see its card for what it reaches on 600
