"""A mark that no one hears and a detector finds: this speech was generated, and by whom.

::

    key → a sign for each tile (band of 94 Hz × block of 32 ms), repeated every 1.024 s → gain of up to ±3 dB → sound
    sound → level of each tile → minus that of its neighbours → folded over 1.024 s → correlation with the key's signs

It survives MP3 at 64 kbit/s, a telephone's 8 kHz, noise 30 dB below the speech, another level, and cutting down to two
seconds; mostly even a copy through a mel spectrogram and Griffin-Lim, which keeps the levels of the tiles. It does not
survive what moves the tiles: another speed (4 % is enough) or another pitch. Anyone with the key and this code can
remove it. A missing mark therefore proves nothing; a mark that is found proves that the key was used.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_mono
from audiocourse.signal import ComplexArray, FloatArray, istft, stft

SR = 16_000
N_FFT = 512  # 32 ms
HOP = 128  # 8 ms
LOWEST_BIN = 8  # 250 Hz
BINS = 3  # in a band: 94 Hz
BANDS = 72  # 250 Hz to 7 kHz; a telephone passes on the lower half, which is enough
FRAMES = 4  # in a block: 32 ms
BLOCKS = 32  # after which the pattern repeats: 1.024 s
STRONGEST_DB = 3.0  # change of a tile, at most
SNR_DB = 25.5  # level of the speech above that of the change
CLIP_DB = 6.0  # a tile that differs more from its neighbours counts no more than this
RANGE_DB = 60.0  # softer tiles than the loudest minus this do not count: noise decides there
FALSE_ALARMS = 1e-3
SHORTEST = SR  # samples: 1 s
QUIET = 1e-3  # of full scale: a sound whose peak is lower is silence
_BINS = slice(LOWEST_BIN, LOWEST_BIN + BANDS * BINS)
_ROUNDS = 3  # the last is within 0.1 dB
_SILENCE = 1e-10  # power added to each tile, so that digital silence has a level


class WatermarkScore(NamedTuple):
    """What the detector found: z, an upper bound of the chance of such a z without the mark, and the decision."""

    z: float
    p_value: float
    found: bool


def key_signs(key: str) -> FloatArray:
    """Derive the pattern of a key: +1 or −1 for each band and block, as good as random.

    The bits of the SHAKE-256 hash of the key, 1 for +1 and 0 for −1: no sign can be guessed without the key.

    Parameters
    ----------
    key : str
        Secret, at least one character.

    Returns
    -------
    np.ndarray [shape=(72, 32)]
        s, float64.

    Raises
    ------
    AudioCourseError
        If the key is not a text or is empty.

    Examples
    --------
    >>> key_signs("of our course").shape, float(np.abs(key_signs("of our course")).min())
    ((72, 32), 1.0)

    Notebook: 03e_cloning
    """
    if not isinstance(key, str) or not key:
        raise AudioCourseError(f"The key is {key!r}, but it must be a text of at least one character: pass a secret.")
    digest = hashlib.shake_256(key.encode()).digest(BANDS * BLOCKS // 8)
    bits = np.unpackbits(np.frombuffer(digest, dtype=np.uint8))
    return np.where(bits == 1, 1.0, -1.0).reshape(BANDS, BLOCKS)


def mark(y: FloatArray, sr: int, key: str, *, snr_db: float = SNR_DB) -> FloatArray:
    """Mark a sound with a key: each tile of its spectrogram becomes a little louder or softer.

    X′[k, m] = X[k, m] · 10^(s δ / 20), with s = ±1 the key's sign of the tile and δ = min(3 dB, c / A), A being the
    tile's magnitude: the louder a tile, the smaller its change, since loud tiles decide the signal-to-noise ratio and
    soft ones are masked by them. c is the largest for which 10 · log₁₀(Σ |X|² / Σ |X′ − X|²) ≥ snr_db.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz, at least 1 s.
    sr : int
        16 000.
    key : str
        See `key_signs`.
    snr_db : float
        Level of the sound above that of the change in dB, from 15 to 50: the higher, the weaker the mark.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The marked sound, float32 in [-1, 1].

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, silent or at another rate, or the key is empty.

    Source: I. Cox et al., Secure spread spectrum watermarking for multimedia, IEEE Trans. Image Process. 6, 1997; D.
    Kirovski and H. Malvar, Spread-spectrum watermarking of audio signals, IEEE Trans. Signal Process. 51, 2003.

    Notebook: 03e_cloning
    """
    _require_speech(y, sr)
    require_between("snr_db", snr_db, 15, 50)
    spectrum = stft(y.astype(np.float32), n_fft=N_FFT, hop_length=HOP)  # (bins, frames)
    power = np.pad(np.abs(spectrum) ** 2, ((0, 0), (0, -spectrum.shape[1] % FRAMES)))  # whole blocks
    tiles = tile_powers(power)  # (bands, blocks)
    signs = np.resize(key_signs(key).T, tiles.T.shape).T  # repeated every 32 blocks
    wanted = float(np.sum(y.astype(np.float64) ** 2)) * 10 ** (-snr_db / 10)  # power of the change
    allowed = power.sum() * 10 ** (-snr_db / 10)
    marked = y
    for _ in range(_ROUNDS):  # overlapping frames average the gains, so that a part of the change is lost
        gain_db = signs * change_depths_db(tiles, allowed=allowed)
        marked = _with_gains(spectrum, gain_db, length=y.size)
        allowed *= wanted / float(np.sum((marked - y) ** 2, dtype=np.float64))
    return np.clip(marked, -1, 1).astype(np.float32)


def tile_powers(power: FloatArray) -> FloatArray:
    """Add up |X|² over each tile; what does not fill a block is left out: (257, frames) -> (bands, frames // 4)."""
    blocks = power.shape[1] // FRAMES
    inside = power[_BINS, : blocks * FRAMES].astype(np.float64)
    sums: FloatArray = inside.reshape(BANDS, BINS, blocks, FRAMES).sum(axis=(1, 3))
    return sums


def change_depths_db(tiles: FloatArray, *, allowed: float) -> FloatArray:
    """Find δ = min(3 dB, c / A) in dB with the largest c for which the change has the allowed power, by bisection.

    The change of a tile has the power A² (10^(δ / 20) − 1)²; (bands, blocks) -> (bands, blocks).
    """
    amplitude = np.sqrt(tiles + _SILENCE)
    low = 0.0
    high = STRONGEST_DB * float(amplitude.max())
    for _ in range(40):
        c = (low + high) / 2
        depth_db = np.minimum(STRONGEST_DB, c / amplitude)
        if np.sum(tiles * (10 ** (depth_db / 20) - 1) ** 2) <= allowed:
            low = c
        else:
            high = c
    return np.asarray(np.minimum(STRONGEST_DB, low / amplitude))


def relative_levels(tiles: FloatArray) -> FloatArray:
    """Compare the level of each tile with that of its neighbours.

    r[b, m] = L[b, m] − (L[b, m − 1] + L[b, m + 1] + L[b − 1, m] + L[b + 1, m]) / 4, clipped to ±6 dB, with L = 10 ·
    log₁₀ of the tile's power. Speech changes slowly from tile to tile, the mark at random: the difference keeps the
    mark and loses most of the speech. Clipping keeps single onsets from drowning it.

    Parameters
    ----------
    tiles : np.ndarray [shape=(bands, blocks)]
        Power of each tile.

    Returns
    -------
    np.ndarray [shape=(bands, blocks)]
        r in dB; at the edges the nearest tile stands for the missing neighbour.

    Examples
    --------
    >>> tiles = np.ones((3, 3))
    >>> tiles[1, 1] = 2.0
    >>> relative_levels(tiles).round(2)
    array([[ 0.  , -0.75,  0.  ],
           [-0.75,  3.01, -0.75],
           [ 0.  , -0.75,  0.  ]])

    Notebook: 03e_cloning
    """
    level_db = 10 * np.log10(tiles + _SILENCE)
    edge = np.pad(level_db, 1, mode="edge")
    neighbours = (edge[1:-1, :-2] + edge[1:-1, 2:] + edge[:-2, 1:-1] + edge[2:, 1:-1]) / 4
    relative = np.clip(level_db - neighbours, -CLIP_DB, CLIP_DB)
    return np.where(level_db > level_db.max() - RANGE_DB, relative, 0.0)


def fold(relative: FloatArray) -> FloatArray:
    """Add up the blocks that have the same signs: R[b, p] = Σ_i r[b, p + 32 i]; (bands, blocks) -> (bands, 32)."""
    padded = np.pad(relative, ((0, 0), (0, -relative.shape[1] % BLOCKS)))
    folded: FloatArray = padded.reshape(len(relative), -1, BLOCKS).sum(axis=1)
    return folded


def correlation_z(folded: FloatArray, signs: FloatArray) -> FloatArray:
    """Correlate what was found with the signs of a key, beginning at each of the blocks of the pattern.

    z[d] = Σ_b Σ_p s[b, p + d] R[b, p] / √(Σ_b Σ_p R[b, p]²), p + d modulo the number of blocks. For a key that was not
    used the signs are as good as coin flips, whatever R is: z has mean 0 and standard deviation 1, and exceeds t with
    a probability of at most e^(−t² / 2) (Hoeffding 1963). Nothing needs to be assumed about speech.

    Parameters
    ----------
    folded : np.ndarray [shape=(bands, blocks)]
        R.
    signs : np.ndarray [shape=(bands, blocks)]
        s, +1 or −1.

    Returns
    -------
    np.ndarray [shape=(blocks,)]
        z for each shift d; 0 where R is 0 throughout.

    Examples
    --------
    >>> signs = np.array([[1.0, -1.0, 1.0, 1.0]])
    >>> correlation_z(np.array([[-1.0, 1.0, 1.0, 1.0]]), signs)  # the recording began one block late
    array([0., 2., 0., 0.])

    Notebook: 03e_cloning
    """
    shifted = np.stack([np.roll(signs, -d, axis=1) for d in range(signs.shape[1])])  # (shifts, bands, blocks)
    norm = float(np.linalg.norm(folded))
    z: FloatArray = np.tensordot(shifted, folded, axes=2) / (norm or 1.0)
    return z


def detect_mark(y: FloatArray, sr: int, key: str, *, false_alarms: float = FALSE_ALARMS) -> WatermarkScore:
    """Decide whether a sound, or a part of one, carries the mark of a key.

    z = the largest of the 128 values of `correlation_z`, for 32 blocks and each of the four frames of a block at which
    the pattern can begin; p = min(1, 128 e^(−z² / 2)), found if p ≤ false_alarms.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal at 16 kHz, at least 1 s; 2 s and more are reliable.
    sr : int
        16 000.
    key : str
        See `key_signs`.
    false_alarms : float
        Share of the unmarked sounds in which a mark may be found, at most.

    Returns
    -------
    WatermarkScore
        z, p and the decision.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, silent or at another rate, or the key is empty.

    Source: W. Hoeffding, Probability inequalities for sums of bounded random variables, J. Am. Stat. Assoc. 58, 1963.

    Notebook: 03e_cloning
    """
    _require_speech(y, sr)
    require_between("false_alarms", false_alarms, 1e-12, 0.5)
    signs = key_signs(key)
    power = np.abs(stft(y.astype(np.float32), n_fft=N_FFT, hop_length=HOP)) ** 2  # (bins, frames)
    z = max(
        float(correlation_z(fold(relative_levels(tile_powers(power[:, start:]))), signs).max())
        for start in range(FRAMES)
    )
    p_value = min(1.0, FRAMES * BLOCKS * float(np.exp(-(max(z, 0.0) ** 2) / 2)))
    return WatermarkScore(z, p_value, p_value <= false_alarms)


def _with_gains(spectrum: ComplexArray, gain_db: FloatArray, *, length: int) -> FloatArray:
    """Amplify each tile by its gain and return the sound; (257, frames), (bands, blocks) -> (samples,)."""
    gain = np.ones((len(spectrum), gain_db.shape[1] * FRAMES))
    gain[_BINS] = 10 ** (np.kron(gain_db, np.ones((BINS, FRAMES))) / 20)
    return istft(spectrum * gain[:, : spectrum.shape[1]], n_fft=N_FFT, hop_length=HOP, length=length)


def _require_speech(y: FloatArray, sr: int) -> None:
    """Refuse what cannot be marked: another rate, less than a second, silence."""
    if sr != SR:
        raise AudioCourseError(f"The watermark needs 16 000 samples per second, not {sr}: resample the sound first.")
    require_mono(y, at_least=SHORTEST)
    if np.abs(y).max() < QUIET:
        raise AudioCourseError("The sound is silent, and a change of nothing is nothing: pass one with speech.")
