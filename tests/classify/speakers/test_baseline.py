"""The mean cepstrum: a voice's, but a microphone's too."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal
from conftest import Refuses

from audiocourse.classify.speakers.baseline import mfcc_mean, standardised
from audiocourse.signal import FloatArray
from audiocourse.sounds import say

SR = 16_000


@pytest.fixture(scope="module")
def y() -> FloatArray:
    return say("The teacher opens the door.", sr=SR).y


def test_neither_level_nor_silence_matters(y: FloatArray) -> None:
    mean = mfcc_mean(y, SR)
    assert mean.shape == (19,)
    assert mfcc_mean(y / 8, SR) == pytest.approx(mean, abs=0.05)
    assert mfcc_mean(np.pad(y, (SR, SR)), SR) == pytest.approx(mean, abs=0.3)


def test_a_microphone_moves_it_as_another_voice_would(y: FloatArray) -> None:
    dull = scipy.signal.lfilter([1.0], [1.0, -0.9], y).astype(np.float32) / 10
    assert np.linalg.norm(mfcc_mean(dull, SR) - mfcc_mean(y, SR)) > 20


def test_standardised_by_others() -> None:
    others = np.array([[1.0, 0.0, 5.0], [3.0, 4.0, 5.0]])
    assert standardised(np.array([[4.0, 2.0, 5.0]]), others).tolist() == [[2.0, 0.0, 0.0]]


def test_what_holds_no_voice(y: FloatArray, refuses: Refuses) -> None:
    with refuses("8000"):
        mfcc_mean(y, 8_000)
    with refuses("silent"):
        mfcc_mean(np.zeros(SR, np.float32), SR)
