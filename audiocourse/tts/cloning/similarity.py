"""How near two voices are, by plain statistics of their spectra and pitch.

A cloned voice must not be judged by the encoder with which its synthesiser was trained: the synthesiser has learned to
please it. These features were not part of any training. They describe the microphone and the room as well, so compare
recordings made in the same way.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray, mfcc, yin
from audiocourse.sounds import sentence, speakers

SR = 16_000
N_FFT = 512  # 32 ms
HOP = 160  # 10 ms
BANDS = 40
COEFFICIENTS = 19  # C[1] to C[19]; C[0] is the level
LOWEST_F0 = 60.0  # Hz
HIGHEST_F0 = 400.0  # Hz
PITCH_FRAME = 1024  # samples: 64 ms
SPEECH_DB = 25.0  # a frame this far below the loudest is a pause
SHORTEST = SR // 2  # samples: half a second
QUIET = 1e-3  # of full scale: a sound whose peak is lower is silence


class VoiceStatistics(NamedTuple):
    """Mean and standard deviation of each feature over training speakers of the course."""

    mean: FloatArray
    spread: FloatArray


def voice_features(y: FloatArray, sr: int) -> FloatArray:
    """Describe a voice: mean and spread of its cepstrum and of its pitch over the frames with speech.

    (mean_m C[i, m], i = 1 … 19; std_m C[i, m]; median_m ln f₀[m]; std_m ln f₀[m]). The means are the long-term
    spectrum, to which the length and shape of the vocal tract contribute; the level C[0] is left out.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz, at least half a second; a sentence is better.
    sr : int
        16 000.

    Returns
    -------
    np.ndarray [shape=(40,)]
        float64; cepstral coefficients in dB, the pitch as ln Hz.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, silent, without pitch or at another rate.

    Source: J. Markel, B. Oshika and A. Gray, Long-term feature averaging for speaker recognition, IEEE Trans. Acoust.
    Speech Signal Process. 25, 1977.

    Notebook: 03e_cloning
    """
    _require_voice(y, sr)
    y = y.astype(np.float32)
    cepstrum = mfcc(
        y, sr=sr, n_fft=N_FFT, hop_length=HOP, n_mels=BANDS, n_mfcc=1 + COEFFICIENTS, fmin=60.0, fmax=7_600.0, top_db=60
    )  # (20, frames)
    level_db = cepstrum[0] / np.sqrt(BANDS)
    speech = level_db > level_db.max() - SPEECH_DB
    shape = cepstrum[1:, speech].astype(np.float64)  # (19, speech frames)
    f0 = yin(y, sr=sr, fmin=LOWEST_F0, fmax=HIGHEST_F0, frame_length=PITCH_FRAME, hop_length=HOP)  # (frames,)
    ln_f0 = np.log(f0[speech & np.isfinite(f0)])
    if ln_f0.size == 0:
        raise AudioCourseError("No frame of the recording has a pitch, so it holds no voice: pass one with speech.")
    return np.concatenate([shape.mean(axis=1), shape.std(axis=1), [np.median(ln_f0), ln_f0.std()]])


@cache
def training_statistics() -> VoiceStatistics:
    """Compute the features of a sentence by a training speaker of each of the 22 families, their mean and spread."""
    features = []
    for number, speaker in enumerate(speakers("en", split="train")[::3]):
        text = sentence(np.random.default_rng([33, number]), "en", split="train").text
        features.append(voice_features(speaker.say(text, seed=number, sr=SR).y, SR))
    return VoiceStatistics(np.mean(features, axis=0), np.std(features, axis=0))


def voice_vector(y: FloatArray, sr: int) -> FloatArray:
    """Normalise `voice_features` by the training speakers: z = (x − μ) / σ.

    The average voice is at 0, so that the direction of z is what makes a voice different from the average.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz, at least half a second.
    sr : int
        16 000.

    Returns
    -------
    np.ndarray [shape=(40,)]
        z, float64.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, silent or at another rate.

    Notebook: 03e_cloning
    """
    features = voice_features(y, sr)
    mean, spread = training_statistics()
    return (features - mean) / spread


def similarity(a: FloatArray, b: FloatArray) -> float:
    """Compute the cosine of the angle between two voices.

    cos(a, b) = a · b / (|a| |b|): 1 for one direction, about 0 for two voices that have nothing in common.

    Parameters
    ----------
    a, b : np.ndarray [shape=(features,)]
        Such as `voice_vector`, or an embedding.

    Returns
    -------
    float
        From −1 to 1.

    Raises
    ------
    AudioCourseError
        If the lengths differ, or a vector is 0 or not finite.

    Examples
    --------
    >>> similarity(np.array([3.0, 4.0]), np.array([6.0, 8.0]))
    1.0

    Notebook: 03e_cloning
    """
    a, b = (_require_vectors(vector[None], name)[0] for name, vector in (("a", a), ("b", b)))
    if a.shape != b.shape:
        raise AudioCourseError(f"The vectors have {a.size} and {b.size} numbers: compare those of one encoder.")
    return float(a @ b)


def voice_similarity(y: FloatArray, reference: FloatArray, sr: int) -> float:
    """Compute `similarity` of two recordings at one rate, (samples,), (samples,) -> float."""
    return similarity(voice_vector(y, sr), voice_vector(reference, sr))


def nearest_share(clones: FloatArray, targets: FloatArray, others: FloatArray) -> float:
    """Measure how many clones are nearer to their own target voice than to each of the other voices.

    (1 / N) · #{n : cos(c_n, t_n) > max_i cos(c_n, o_i)}

    Parameters
    ----------
    clones : np.ndarray [shape=(clones, features)]
        c: a vector of each cloned utterance.
    targets : np.ndarray [shape=(clones, features)]
        t: a vector of its target, of an utterance that the synthesiser did not have as its reference.
    others : np.ndarray [shape=(voices, features)] or [shape=(clones, voices, features)]
        o: vectors of other voices, the same for all clones or each with its own.

    Returns
    -------
    float
        From 0 to 1; 1 / (voices + 1) by chance.

    Raises
    ------
    AudioCourseError
        If shapes do not fit, or a vector is 0 or not finite.

    Examples
    --------
    >>> voices = np.eye(3)
    >>> nearest_share(voices[:2], voices[:2], voices[2:])
    1.0

    Notebook: 03e_cloning
    """
    c, t, o = (_require_vectors(v, name) for name, v in (("clones", clones), ("targets", targets), ("others", others)))
    if c.ndim != 2 or c.shape != t.shape or o.shape[-1] != c.shape[-1] or (o.ndim == 3 and len(o) != len(c)):
        raise AudioCourseError(
            f"Clones {c.shape}, targets {t.shape} and others {o.shape} do not fit: one target for each clone, and all "
            "with the same number of features."
        )
    own = np.sum(c * t, axis=1)  # (clones,)
    foreign = c @ o.T if o.ndim == 2 else np.einsum("nf,nvf->nv", c, o)  # (clones, voices)
    return float(np.mean(own > foreign.max(axis=1)))


def _require_vectors(vectors: FloatArray, name: str) -> FloatArray:
    """Refuse what has no direction; return vectors of length 1, (…, features) -> (…, features)."""
    if not isinstance(vectors, np.ndarray) or vectors.dtype.kind != "f" or vectors.ndim < 2 or vectors.size == 0:
        raise AudioCourseError(f"{name} must be an array of floats with one vector in each row, and not be empty.")
    norm = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if not np.isfinite(norm).all() or norm.min() == 0:
        raise AudioCourseError(f"A vector in {name} is 0 or not finite, so it has no direction: look at its recording.")
    units: FloatArray = vectors / norm
    return units


def _require_voice(y: FloatArray, sr: int) -> None:
    if sr != SR:
        raise AudioCourseError(f"Voices are compared at 16 000 samples per second, not {sr}: resample the sound first.")
    require_mono(y, at_least=SHORTEST)
    if np.abs(y).max() < QUIET:
        raise AudioCourseError("The recording is silent, so it holds no voice: check the microphone.")
