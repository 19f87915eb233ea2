"""The scenes on which exercise 5 tries detectors: six kinds of noise, several ratios, loud and soft recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from audiocourse.signal import FloatArray
from audiocourse.sounds import (
    Scene,
    active_samples,
    babble,
    hum,
    keyboard_clicks,
    mix,
    noise,
    speech_with_pauses,
)

SR = 16_000
SNR_DB = {  # deep noises mask less of a voice than others of the same power, so they are stronger here
    "pink": (5.0, 15.0),
    "hum": (0.0, 10.0),
    "babble": (5.0, 15.0),
    "keyboard": (5.0, 15.0),
    "white": (5.0, 15.0),
    "brown": (0.0, 10.0),
}
SOFTER_DB = (0.0, 18.0)  # microphones differ: the same voice is recorded up to 18 dB softer


def noisy_scenes(
    *, rng: np.random.Generator, voices: Sequence[str], per_noise: int = 8, seconds: float = 6.0
) -> list[tuple[str, Scene]]:
    """Build scenes of sentences and pauses in six kinds of noise, the same number in each.

    The ratios of speech to noise are spread evenly over the range of each noise (`SNR_DB`), and the levels evenly over
    18 dB, so that two draws of scenes are equally hard on average. One long recording of each noise is synthesised;
    each scene takes another piece of it.

    Parameters
    ----------
    rng : np.random.Generator
        Chooses voices, sentences, pauses, noises and which level goes with which ratio.
    voices : sequence of str
        Who may speak, as for `say`.
    per_noise : int
        How many scenes in each kind of noise.
    seconds : float
        Length of a scene.

    Returns
    -------
    list of (str, Scene)
        The kind of noise and the scene, kind by kind.

    Notebook: ex05_vad
    """
    samples = round(seconds * SR)
    takes = [
        speech_with_pauses(rng=rng, seconds=seconds, sr=SR, noise="none", voices=voices)
        for _ in range(len(SNR_DB) // 2 * per_noise)
    ]
    scenes: list[tuple[str, Scene]] = []
    for kind, ratios in SNR_DB.items():
        recording = _background(kind, seconds * 2, rng)
        softer = rng.permutation(_spread(SOFTER_DB, per_noise))
        for snr_db, softer_db in zip(_spread(ratios, per_noise), softer, strict=True):
            spoken = takes[len(scenes) % len(takes)]
            first = int(rng.integers(recording.size - samples))
            scenes.append((kind, _mixed(spoken, recording[first : first + samples], float(snr_db), float(softer_db))))
    return scenes


def _spread(borders: tuple[float, float], count: int) -> np.ndarray:
    """Return ``count`` values, evenly spread: the centres of as many equal parts of the range."""
    low, high = borders
    return low + (high - low) * (np.arange(count) + 0.5) / count


def _background(kind: str, seconds: float, rng: np.random.Generator) -> FloatArray:
    if kind == "babble":
        return babble(seconds=seconds, sr=SR, rng=rng)
    if kind == "hum":
        return hum(seconds=seconds, sr=SR, rng=rng)
    if kind == "keyboard":
        clicks, _ = keyboard_clicks(seconds=seconds, sr=SR, rng=rng)
        return clicks + noise("pink", seconds=seconds, sr=SR, rng=rng, rms=0.003)  # no room is digitally silent
    return noise(kind, seconds=seconds, sr=SR, rng=rng)


def _mixed(spoken: Scene, background: FloatArray, snr_db: float, softer_db: float) -> Scene:
    """Add the background, and attenuate the sum as a less sensitive microphone does."""
    active = active_samples(spoken.speech, samples=spoken.y.size, sr=SR)
    mixed = mix(spoken.clean, background, snr_db=snr_db, active=active)
    gain = np.float32(10 ** (-softer_db / 20))
    y, clean, rest = (gain * part for part in (mixed.y, mixed.target, mixed.noise))
    return replace(spoken, y=y, clean=clean, noise=rest, snr_db=snr_db)
