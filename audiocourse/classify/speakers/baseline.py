"""The baseline of speaker verification: the mean of the cepstrum, without anything learned but a scale.

On clean recordings of one microphone it is hard to beat, because the long-term spectrum is that of the vocal tract. It
is that of the microphone, the room and the noise as well.
"""

from __future__ import annotations

import numpy as np

from audiocourse.classify.speakers.model import SR, require_speech
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray, mfcc

COEFFICIENTS = 19  # C[1] to C[19]; C[0] is the level
N_FFT = 512  # 32 ms
HOP = 160  # 10 ms
BANDS = 40
SPEECH_DB = 25.0  # a frame this far below the loudest is a pause


def mfcc_mean(y: FloatArray, sr: int) -> FloatArray:
    """Return the mean of each cepstral coefficient over the frames with speech.

    x[i] = (1 / |S|) Σ_(m ∈ S) C[i, m], i = 1 … 19, S being the frames at most 25 dB below the loudest.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal with speech, at least 0.2 s.
    sr : int
        Samples per second; 16 000.

    Returns
    -------
    np.ndarray [shape=(19,)]
        float64, in dB.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, silent, not finite, or at another rate.

    Source: J. Markel, B. Oshika and A. Gray, Long-term feature averaging for speaker recognition, IEEE Trans. Acoust.
    Speech Signal Process. 25, 1977.
    """
    if sr != SR:
        raise AudioCourseError(f"The baseline needs {SR} samples per second, not {sr}: resample the sound.")
    require_speech(y)
    cepstrum = mfcc(
        y.astype(np.float32),
        sr=sr,
        n_fft=N_FFT,
        hop_length=HOP,
        n_mels=BANDS,
        n_mfcc=1 + COEFFICIENTS,
        fmin=60.0,
        fmax=7_600.0,
        top_db=60,
    )  # (20, frames)
    level_db = cepstrum[0] / np.sqrt(BANDS)
    speech = level_db > level_db.max() - SPEECH_DB
    mean: FloatArray = cepstrum[1:, speech].astype(np.float64).mean(axis=1)
    return mean


def standardised(vectors: FloatArray, development: FloatArray) -> FloatArray:
    """Return (x − μ) / σ, μ and σ over development vectors: (vectors, dimensions), (others, dimensions) -> as vectors.

    The average voice is then at 0, and the direction of a vector is what makes a voice different from the average.
    """
    scaled: FloatArray = (vectors - development.mean(axis=0)) / np.maximum(development.std(axis=0), 1e-9)
    return scaled
