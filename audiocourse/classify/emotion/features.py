"""What carries emotion in a voice, frame by frame: pitch, noisiness, level and timbre."""

from __future__ import annotations

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.classify.features import FrontEnd, log_mel
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import cepstrum, cumulative_mean_normalised_difference, difference_function, frame

FRONT_END = FrontEnd(n_fft=1024, hop_length=640, n_mels=40)
FEATURES = ("pitch", "noisiness", "level", *(f"timbre {i}" for i in range(1, 14)))
SHORTEST = 4_800  # samples, 0.3 s: no one can tell an emotion from less
FAINTEST = 1e-4  # −80 dB re full scale: a recording whose loudest frame is softer is silent

_F0_HZ = 60.0, 500.0
_VOICED = 0.35  # of d′: a deeper dip is a pitch
_DB = 10 / np.log(10)
_RANGE_DB = 60.0


def voice_features(y: FloatArray, sr: int) -> FloatArray:
    """Describe a voice by 16 features every 40 ms.

    - pitch: 12 log₂(f0 / 100 Hz), in semitones, by the deepest dip of YIN's d′; interpolated where there is no pitch
    - noisiness: the depth of this dip, near 0 for a tone and near 1 for noise
    - level: dB relative to the loudest frame, at least −60. The absolute level is left out on purpose: it depends on
      the distance from the microphone
    - timbre 1 to 13: cepstral coefficients C[1], …, C[13] of 40 mel bands in dB, without C[0], the level

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, at least 0.3 s.
    sr : int
        Samples per second; 16 000.

    Returns
    -------
    np.ndarray [shape=(frames, 16)]
        float32, frames = 1 + samples // 640; the columns are `FEATURES`.

    Raises
    ------
    AudioCourseError
        If y is not mono, not at 16 kHz, shorter than 0.3 s, or silent.

    Notebook: 04e_emotion
    """
    require_mono(y)
    if y.size < SHORTEST:
        raise AudioCourseError(f"{y.size} samples are less than 0.3 s ({SHORTEST} samples): pass a longer recording.")
    if float(np.abs(y).max()) < FAINTEST:
        raise AudioCourseError("The recording is silent, so there is no voice in it: check the microphone.")
    level_db = _DB * log_mel(y, sr, front_end=FRONT_END)  # (n_mels, frames)
    loudness = _DB * np.logaddexp.reduce(level_db / _DB, axis=0)
    loudest = float(loudness.max())
    timbre = cepstrum(np.maximum(level_db, level_db.max() - _RANGE_DB), n=14)[1:]
    pitch, noisiness = _pitch(y, sr)
    columns = [pitch, noisiness, np.maximum(loudness - loudest, -_RANGE_DB), *timbre]
    features: FloatArray = np.stack(columns, axis=1).astype(np.float32)
    return features


def neutral_reference(y: FloatArray, sr: int) -> FloatArray:
    """Return the mean of the features of a neutral recording: (samples,) -> (features,).

    A high voice is not an excited one. Relative to its own neutral speech, it may be.

    Notebook: 04e_emotion
    """
    mean: FloatArray = voice_features(y, sr).mean(axis=0)
    return mean


def _pitch(y: FloatArray, sr: int) -> tuple[FloatArray, FloatArray]:
    """Return pitch in semitones re 100 Hz and noisiness, (frames,) each, centred like the spectrogram."""
    size = FRONT_END.n_fft
    frames = frame(np.pad(y, size // 2), frame_length=size, hop_length=FRONT_END.hop_length)
    lowest = int(sr / _F0_HZ[1])
    highest = int(sr / _F0_HZ[0])
    d_prime = cumulative_mean_normalised_difference(difference_function(frames, max_lag=highest))
    lags = lowest + d_prime[lowest:].argmin(axis=0)
    noisiness = np.minimum(d_prime.min(axis=0, initial=1, where=np.arange(len(d_prime))[:, None] >= lowest), 1)
    deep = d_prime[lowest:] < noisiness + 0.1  # the first dip that is nearly as deep: not an octave below
    lags = lowest + deep.argmax(axis=0)
    while True:  # down to the bottom of that dip
        following = np.minimum(lags + 1, highest)
        steps = d_prime[following, np.arange(lags.size)] < d_prime[lags, np.arange(lags.size)]
        if not steps.any():
            break
        lags = np.where(steps, following, lags)
    semitones = 12 * np.log2(sr / lags / 100)
    voiced = noisiness < _VOICED
    if not voiced.any():
        return np.zeros(lags.size), noisiness
    at = np.arange(lags.size)
    return np.interp(at, at[voiced], semitones[voiced]), noisiness
