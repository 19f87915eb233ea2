"""The equaliser of a clone: its average spectrum becomes that of the reference, and silence stays silent."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses

from audiocourse.sounds import sentence, speaker
from audiocourse.tts.cloning.equalising import SPEECH, match_long_term_spectrum
from audiocourse.tts.mel import MEL, MelSpectrogram, log_mel


@pytest.fixture(scope="module")
def mel() -> MelSpectrogram:
    """A sentence of one speaker, and a second of silence after it."""
    y = speaker("dove-1", "en").say(sentence(np.random.default_rng(0), "en").text, seed=1, sr=MEL.sr).y
    return log_mel(np.concatenate([y, np.zeros(MEL.sr, np.float32)]), MEL.sr)


def test_a_fixed_filter_is_undone(mel: MelSpectrogram) -> None:
    gain = 0.3 * np.cos(np.pi * np.arange(MEL.n_mels) / MEL.n_mels)  # 6 dB more below, 6 dB less above
    audible = mel.values > MEL.log_floor
    filtered = MelSpectrogram(np.where(audible, mel.values + gain[:, None], MEL.log_floor).astype(np.float32))
    undone = match_long_term_spectrum(filtered, mel)
    audible &= (filtered.values > MEL.log_floor) & (undone.values > MEL.log_floor)
    assert np.abs(undone.values - mel.values)[audible].max() < 0.1  # frames near the limit of `SPEECH` change sides
    assert np.abs(filtered.values - mel.values)[audible].max() > 0.2


def test_another_sentence_and_voice_lend_their_average(mel: MelSpectrogram) -> None:
    y = speaker("swift-2", "en").say("The bus to the station leaves at nine.", seed=3, sr=MEL.sr).y
    reference = log_mel(y, MEL.sr)
    matched = match_long_term_spectrum(mel, reference)

    def average(values: np.ndarray) -> np.ndarray:
        loudest = values.max(axis=0)
        mean: np.ndarray = values[:, loudest > loudest.max() - SPEECH].mean(axis=1)
        return mean

    before, after = (np.abs(average(m.values) - average(reference.values)).mean() for m in (mel, matched))
    assert after < 0.35 * before  # not 0: harmonics stay those of the clone, and a few frames change sides


def test_silence_stays_silent(mel: MelSpectrogram) -> None:
    loud = MelSpectrogram(mel.values + np.float32(0.5))
    assert match_long_term_spectrum(mel, loud).values[:, -20:].max() == pytest.approx(MEL.log_floor)


def test_arrays_are_refused(mel: MelSpectrogram, refuses: Refuses) -> None:
    with refuses("MelSpectrogram"):
        match_long_term_spectrum(mel.values, mel)  # type: ignore[arg-type]
    with refuses("MelSpectrogram"):
        match_long_term_spectrum(mel, mel.values)  # type: ignore[arg-type]
