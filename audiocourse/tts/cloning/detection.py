"""A detector of synthetic speech, small enough to see what it looks at, and therefore where it fails.

A vocoder that rebuilds a sound from a mel spectrogram invents its phases. The pulses of the voice are smeared, levels
flutter from frame to frame, and nothing is left above the highest band. Six numbers measure that, and a logistic
regression weighs them. On sound from the vocoder of its training it makes hardly an error, even for recordings of real
readers. Noise 30 dB below the speech is enough to hide every such copy; sound from another kind of vocoder is mostly
missed; and MP3, which removes the highest frequencies as a vocoder does, makes natural speech look synthetic. Its
error rate says how it does on its own vocoder, and nothing about the next one.

What natural means here: speech of the course's own synthesiser, before it went through the vocoder. The detector
learns what a vocoder adds, not what distinguishes a person from a machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiocourse import trials
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import BoolArray, ComplexArray, FloatArray, frame, griffin_lim, stft
from audiocourse.tts.mel import MEL, log_mel, magnitudes

SR = 16_000
N_FFT = 512  # 32 ms
HOP = 128  # 8 ms
MIDDLE = slice(40, 128)  # bins: 1.25 to 4 kHz
HIGH = slice(128, 240)  # bins: 4 to 7.5 kHz
HIGHEST = slice(246, 256)  # bins: 7.7 to 8 kHz, above the mel bands of this chapter
PULSE_FRAME = 400  # samples: 25 ms
SPEECH_DB = 30.0  # a frame this far below the loudest is a pause
SHORTEST = SR // 2  # samples: half a second
QUIET = 1e-3  # of full scale: a sound whose peak is lower is silence
FEATURES = (
    "level above 7.7 kHz",
    "flutter, 1.25 to 4 kHz",
    "flutter, 4 to 7.5 kHz",
    "log kurtosis",
    "phase coherence, 1.25 to 4 kHz",
    "phase coherence, 4 to 7.5 kHz",
)


def artefact_features(y: FloatArray, sr: int) -> FloatArray:
    """Measure six traces that a vocoder leaves, over the frames with speech.

    The level above the mel bands relative to that of 4 to 7.5 kHz, in dB; `flutter_db` and `phase_coherence` in two
    bands; and the mean ln kurtosis of 25 ms: 3 for noise, higher for a train of sharp pulses.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz, at least half a second.
    sr : int
        16 000.

    Returns
    -------
    np.ndarray [shape=(6,)]
        float64, in the order of `FEATURES`.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, silent or at another rate.

    Notebook: 03e_cloning
    """
    _require_speech(y, sr)
    spectrum = stft(y.astype(np.float32), n_fft=N_FFT, hop_length=HOP)  # (bins, frames)
    spectrum = spectrum[:, _with_speech(np.abs(spectrum[3:]) ** 2)]  # (bins, speech frames)
    level_db = 10 * np.log10(np.abs(spectrum) ** 2 + 1e-12)
    top_db = float(np.median(level_db[HIGHEST].mean(axis=0) - level_db[HIGH].mean(axis=0)))
    flutter = [flutter_db(level_db[band]) for band in (MIDDLE, HIGH)]
    coherence = [phase_coherence(spectrum[band]) for band in (MIDDLE, HIGH)]
    return np.array([top_db, *flutter, mean_log_kurtosis(y), *coherence])


def flutter_db(level_db: FloatArray) -> float:
    """Measure how unevenly bins change from frame to frame.

    The standard deviation of Δ[k, m] − mean_k Δ[k, m], with Δ[k, m] = L[k, m + 1] − L[k, m]: the bins of a pulse rise
    together, those with invented phases each on its own.

    Parameters
    ----------
    level_db : np.ndarray [shape=(bins, frames)]
        L in dB.

    Returns
    -------
    float
        In dB.

    Examples
    --------
    >>> flutter_db(np.array([[0.0, 6.0], [-20.0, -14.0]]))  # both bins rise by 6 dB
    0.0

    Notebook: 03e_cloning
    """
    change = np.diff(level_db, axis=1)
    return float(np.std(change - change.mean(axis=0)))


def phase_coherence(spectrum: ComplexArray) -> float:
    """Measure whether neighbouring bins have a common delay, as those of a pulse do.

    mean_m |mean_k u[k, m]|, u = X[k + 1, m] X*[k, m] / |X[k + 1, m] X*[k, m]|, X being the spectrum. A pulse at time t
    turns the phase by the same angle from bin to bin, which gives 1; K independent phases give about 0.9 / √K.

    Parameters
    ----------
    spectrum : np.ndarray [shape=(bins, frames)]
        X, part of an `stft`.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> pulse = np.exp(-0.3j * np.arange(20))[:, None]
    >>> round(phase_coherence(pulse), 6)
    1.0

    Notebook: 03e_cloning
    """
    product = spectrum[1:] * np.conj(spectrum[:-1])
    directions = product / np.maximum(np.abs(product), 1e-20)
    return float(np.mean(np.abs(directions.mean(axis=0))))


def mean_log_kurtosis(y: FloatArray) -> float:
    """Return the mean of ln(m₄ / m₂²) over 25 ms frames with speech, (samples,) -> float; noise has ln 3 ≈ 1.1."""
    frames = frame(y.astype(np.float64), frame_length=PULSE_FRAME, hop_length=PULSE_FRAME // 2)
    frames = frames[:, _with_speech(frames**2)]
    centred = frames - frames.mean(axis=0)
    variance = np.mean(centred**2, axis=0)
    return float(np.mean(np.log(np.mean(centred**4, axis=0) / variance**2)))


@dataclass(frozen=True, eq=False)
class SpeechDetector:
    """Logistic regression: P(synthetic | x) = σ(w · (x − μ) / s + b).

    Parameters
    ----------
    mean, spread : np.ndarray [shape=(features,)]
        μ and s of the training data.
    weights : np.ndarray [shape=(features,)]
        w.
    bias : float
        b.

    Notebook: 03e_cloning
    """

    mean: FloatArray
    spread: FloatArray
    weights: FloatArray
    bias: float

    def logits(self, features: FloatArray) -> FloatArray:
        """Return w · (x − μ) / s + b, positive for synthetic: (examples, features) -> (examples,)."""
        values: FloatArray = (features - self.mean) / self.spread @ self.weights + self.bias
        return values


def fit_detector(
    features: FloatArray, synthetic: BoolArray, *, penalty: float = 0.01, steps: int = 20
) -> SpeechDetector:
    """Fit a logistic regression by Newton's method.

    Minimises −(1/N) Σ_n log P(t_n | x_n) + (λ / 2) |w|²: g = zᵀ(p − t) / N + λ w, H = zᵀ diag(p (1 − p)) z / N + λ I,
    w ← w − H⁻¹ g, with z the standardised features and a column of ones.

    Parameters
    ----------
    features : np.ndarray [shape=(examples, features)]
        Such as `artefact_features` of each example.
    synthetic : np.ndarray [shape=(examples,), dtype=bool]
        t: which examples are synthetic.
    penalty : float
        λ. Without it, the weights of separable classes grow without end.
    steps : int
        Newton steps.

    Returns
    -------
    SpeechDetector
        The fitted detector.

    Raises
    ------
    AudioCourseError
        If the numbers of examples differ, a feature is not finite, or there is only one class.

    Source: T. Hastie, R. Tibshirani and J. Friedman, The Elements of Statistical Learning, 2009, section 4.4.

    Notebook: 03e_cloning
    """
    trials.require_trials(features, synthetic)
    mean = features.mean(axis=0)
    spread = features.std(axis=0) + 1e-9
    z = np.column_stack([(features - mean) / spread, np.ones(len(features))])  # (examples, features + 1)
    shrunk = np.append(np.full(features.shape[1], penalty), 1e-6)  # hardly the bias
    w = np.zeros(z.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(z @ w, -30, 30)))
        gradient = z.T @ (p - synthetic) / len(z) + shrunk * w
        hessian = (z.T * (p * (1 - p))) @ z / len(z) + np.diag(shrunk)
        w = w - np.linalg.solve(hessian, gradient)
    return SpeechDetector(mean, spread, w[:-1], float(w[-1]))


def equal_error_rate(scores: FloatArray, synthetic: BoolArray) -> float:
    """Find the error rate at the threshold where as many synthetic examples are missed as natural ones accused.

    EER = min_θ max(P(s < θ | synthetic), P(s ≥ θ | natural)), over all thresholds θ between the scores.

    Parameters
    ----------
    scores : np.ndarray [shape=(examples,)]
        Higher for synthetic.
    synthetic : np.ndarray [shape=(examples,), dtype=bool]
        Which examples are synthetic.

    Returns
    -------
    float
        0 for classes that a threshold separates, 0.5 for scores without information, 1 for those of the wrong sign.

    Raises
    ------
    AudioCourseError
        If the lengths differ, a score is not finite, or there is only one class.

    Examples
    --------
    >>> equal_error_rate(np.array([0.1, 0.6, 0.4, 0.9]), np.array([False, False, True, True]))
    0.5

    Notebook: 03e_cloning
    """
    return trials.equal_error_rate(scores, synthetic)


def copy_synthesis(y: FloatArray, sr: int, *, rng: np.random.Generator, iterations: int = 32) -> FloatArray:
    """Send a sound through its mel spectrogram and back with `griffin_lim`: synthetic speech with known content.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz.
    sr : int
        16 000.
    rng : np.random.Generator
        Draws the first phases.
    iterations : int
        Of `griffin_lim`.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The copy, float32 in [-1, 1], up to a hop shorter than y.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short or at another rate.

    Notebook: 03e_cloning
    """
    magnitude = magnitudes(log_mel(y, sr))
    copy = griffin_lim(magnitude, n_fft=MEL.n_fft, hop_length=MEL.hop_length, iterations=iterations, rng=rng)
    return np.clip(copy, -1, 1).astype(np.float32)


def _with_speech(power: FloatArray) -> BoolArray:
    """Find the frames that are not a pause, (values, frames) -> (frames,)."""
    total = power.sum(axis=0)
    active: BoolArray = total > total.max() * 10 ** (-SPEECH_DB / 10)
    return active


def _require_speech(y: FloatArray, sr: int) -> None:
    if sr != SR:
        raise AudioCourseError(f"The detector needs 16 000 samples per second, not {sr}: resample the sound first.")
    require_mono(y, at_least=SHORTEST)
    if np.abs(y).max() < QUIET:
        raise AudioCourseError("The sound is silent, so there is nothing to examine: pass one with speech.")
