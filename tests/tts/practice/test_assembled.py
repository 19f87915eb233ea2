"""Tests of the synthesiser that is put together from parts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse.signal import spectral_convergence
from audiocourse.sounds import say
from audiocourse.tts.cloning.from_scratch import voice_embedding
from audiocourse.tts.fastspeech.from_scratch import length_regulate
from audiocourse.tts.fastspeech.model import FastSpeech, FastSpeechConfig
from audiocourse.tts.fastspeech.synthesizer import FastSpeechSynthesizer
from audiocourse.tts.mel import MEL, log_mel
from audiocourse.tts.practice.assembled import AssembledSynthesizer, step_vocoder
from audiocourse.tts.text import PHONES
from audiocourse.tts.vocoders.griffin_lim import nonnegative_magnitudes
from audiocourse.tts.vocoders.griffin_lim_step import griffin_lim_step

TEXT = "Two birds."


@pytest.fixture(scope="module")
def model() -> FastSpeech:
    torch.manual_seed(3)
    return FastSpeech(FastSpeechConfig(phones=PHONES, hidden=16, filter_size=16, encoder_layers=1, decoder_layers=1))


def test_with_the_references_it_speaks_as_the_network_itself(model: FastSpeech) -> None:
    vocode = step_vocoder(griffin_lim_step, iterations=1)
    whole = FastSpeechSynthesizer(model, vocode)
    parts = AssembledSynthesizer(model, vocode, length_regulate, voice_embedding)
    reference = say("My grandmother bakes bread.", seed=1, sr=MEL.sr).y
    voices = [each.voice_of(reference, MEL.sr) for each in (whole, parts)]
    np.testing.assert_allclose(voices[1], voices[0], atol=1e-5)  # float32
    mels = [each.predict(TEXT, voices[0], rate=1.3, pitch_semitones=2.0) for each in (whole, parts)]
    np.testing.assert_allclose(mels[1][0].values, mels[0][0].values, atol=1e-4)
    assert mels[1][1].durations.tolist() == mels[0][1].durations.tolist()


def test_the_given_parts_are_used(model: FastSpeech) -> None:
    def twice(states: np.ndarray, durations: np.ndarray) -> np.ndarray:
        return length_regulate(states, durations)[::-1]

    def nobody(states: np.ndarray, *_: np.ndarray) -> np.ndarray:
        return np.ones((len(states), model.config.voice_size), dtype=np.float32) / np.sqrt(model.config.voice_size)

    vocode = step_vocoder(griffin_lim_step, iterations=1)
    usual = AssembledSynthesizer(model, vocode, length_regulate, voice_embedding)
    other = AssembledSynthesizer(model, vocode, twice, nobody)
    reference = say("My grandmother bakes bread.", seed=1, sr=MEL.sr).y
    assert np.ptp(other.voice_of(reference, MEL.sr)) == 0
    voice = usual.voice_of(reference, MEL.sr)
    assert not np.allclose(usual.predict(TEXT, voice)[0].values, other.predict(TEXT, voice)[0].values)


def test_more_steps_come_closer_to_the_magnitudes() -> None:
    mel = log_mel(say(TEXT, seed=1, sr=MEL.sr).y, MEL.sr)
    S = nonnegative_magnitudes(mel)  # noqa: N806 (the symbol of the formula)
    apart = []
    for iterations in (1, 8):
        y = step_vocoder(griffin_lim_step, iterations=iterations)(mel)
        assert y.size == mel.values.shape[1] * MEL.hop_length
        y = np.append(y, 0)[: (S.shape[1] - 1) * MEL.hop_length]
        apart.append(spectral_convergence(S, y, n_fft=MEL.n_fft, hop_length=MEL.hop_length))
    assert apart[1] < 0.7 * apart[0]
