"""What a voice vector misses of a timbre, made up for by an equaliser."""

from __future__ import annotations

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.signal import dct_basis
from audiocourse.tts.mel import MEL, MelSpectrogram, require_mel

COSINES = 30  # of the filter: finer detail is the harmonics of one pitch, which are no part of a timbre
SPEECH = 1.5  # log10 of a magnitude: frames more than 30 dB below the loudest are pauses


def match_long_term_spectrum(mel: MelSpectrogram, reference: MelSpectrogram) -> MelSpectrogram:
    """Filter speech so that its average spectrum is that of a reference.

    M′[b, m] = M[b, m] + G[b], G = DᵀD (mean_n R[b, n] − mean_n M[b, n]), the means over frames with speech, D the first
    30 cosines of `dct_basis`, which make the filter smooth; what is silent stays so. A fixed filter adds a constant to
    each band of a log-mel spectrogram, and over a few sentences, different words have nearly the same average. What
    remains of the difference is the voice, and also the microphone and the room.

    Parameters
    ----------
    mel : MelSpectrogram
        What a network predicts, with the parameters `MEL`.
    reference : MelSpectrogram
        Of a recording of the voice, one sentence or more.

    Returns
    -------
    MelSpectrogram
        As many frames as ``mel``.

    Raises
    ------
    AudioCourseError
        If one of them is an array, or has other parameters.

    Source: B. Atal, Effectiveness of linear prediction characteristics of the speech wave for automatic speaker
    identification and verification, J. Acoust. Soc. Am. 55, 1974 (there, the mean is subtracted).

    Notebook: 03e_cloning
    """
    require_mel(mel, MEL)
    require_mel(reference, MEL)
    cosines = dct_basis(COSINES, MEL.n_mels)  # (cosines, bands)
    gain = cosines.T @ (cosines @ (_long_term(reference.frames) - _long_term(mel.frames)))  # (bands,)
    audible = mel.frames > MEL.log_floor
    frames = np.where(audible, np.maximum(mel.frames + gain, MEL.log_floor), MEL.log_floor)
    return MelSpectrogram.from_frames(frames.astype(np.float32))


def _long_term(frames: FloatArray) -> FloatArray:
    """Average the frames with speech, (frames, bands) -> (bands,)."""
    loudest = frames.max(axis=1)
    mean: FloatArray = frames[loudest > loudest.max() - SPEECH].mean(axis=0)
    return mean
