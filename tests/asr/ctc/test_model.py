"""The CTC network: no frame beyond an utterance's end and no other utterance of a batch has a say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse.asr.ctc.model import SR, BiLSTM, CtcConfig, CtcNet, ctc_features, log_probabilities
from audiocourse.zoo import seeded

SYMBOLS = ("", " ", "a", "b")


@pytest.fixture(scope="module")
def net() -> CtcNet:
    with seeded(3):
        return CtcNet(CtcConfig(SYMBOLS, units=16)).eval()


def hiss(seconds: float, seed: int = 1) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(round(SR * seconds))).astype(np.float32)


def test_each_row_is_a_distribution(net: CtcNet) -> None:
    scores = log_probabilities(hiss(1.0), SR, model=net)
    assert scores.shape == (41, len(SYMBOLS))  # 81 frames, every second one
    np.testing.assert_allclose(np.exp(scores).sum(axis=1), 1, atol=1e-5)  # float32


@pytest.mark.parametrize("padding", [0.0, 7.0])
def test_padding_and_neighbours_change_nothing(net: CtcNet, padding: float) -> None:
    """The guide's LSTM read the padding first, backwards: with that, this test fails by more than 0.01."""
    long, short = (torch.from_numpy(ctc_features(hiss(seconds)).T.copy()) for seconds in (1.5, 0.8))
    batch = torch.full((2, len(long), 40), padding)
    batch[0], batch[1, : len(short)] = long, short
    with torch.no_grad():
        together, counts = net(batch, torch.tensor([len(long), len(short)]))
        alone, (count,) = net(short[None], torch.tensor([len(short)]))
    assert counts.tolist() == [(len(long) + 1) // 2, int(count)]
    torch.testing.assert_close(together[1, :count], alone[0], atol=1e-5, rtol=0)  # sums in other groups


def test_it_reads_both_ways_as_pytorch_does_without_padding() -> None:
    with seeded(5):
        ours, peer = BiLSTM(3, 4), torch.nn.LSTM(3, 4, batch_first=True, bidirectional=True)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    ours.forward_lstm.load_state_dict({name: getattr(peer, name) for name in names})
    ours.backward_lstm.load_state_dict({name: getattr(peer, f"{name}_reverse") for name in names})
    x = torch.randn(2, 9, 3, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(ours(x, torch.tensor([9, 9])), peer(x)[0])


def test_a_network_in_training_recognises_without_dropout_and_stays_in_training(net: CtcNet) -> None:
    y = hiss(1.0)
    usual = log_probabilities(y, SR, model=net)
    net.train()
    try:
        np.testing.assert_array_equal(log_probabilities(y, SR, model=net), usual)
        assert net.training
    finally:
        net.eval()


def test_loudness_and_a_microphone_carry_no_information(net: CtcNet) -> None:
    y = hiss(1.0)
    loud, soft = (log_probabilities(gain * y, SR, model=net) for gain in (1.0, 0.1))
    np.testing.assert_allclose(loud, soft, atol=0.02)  # what 10⁻⁷ of power adds to the softer one


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (np.zeros(SR, np.float32), 8_000, "16 000 samples per second"),
        (np.zeros(300, np.float32), SR, "300 of the 800"),
        (np.zeros((2, SR), np.float32), SR, "mono"),
        (np.full(SR, np.nan, np.float32), SR, "NaN"),
    ],
)
def test_what_cannot_be_recognised_is_refused(
    y: np.ndarray, sr: int, words: str, net: CtcNet, refuses: Refuses
) -> None:
    with refuses(words):
        log_probabilities(y, sr, model=net)


def test_silence_is_no_number_trouble(net: CtcNet) -> None:
    assert np.isfinite(log_probabilities(np.zeros(SR, np.float32), SR, model=net)).all()
