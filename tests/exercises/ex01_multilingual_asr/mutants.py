"""Misconceptions about recognisers and their scores, as answers that people really give."""

from __future__ import annotations

import difflib
import itertools
import math
import statistics
from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np

from audiocourse.learn.checking.authoring import mutant
from audiocourse.signal import mel_filterbank, mel_spectrogram

# ---------------------------------------------------------------- 1.1 log-mel


def power_of(y: np.ndarray, sr: int, n_fft: int, hop_length: int, n_mels: int, *, scale: str = "slaney") -> np.ndarray:
    """Mel power of the mirrored sound, with the one frame too many."""
    mirrored = np.pad(y, n_fft // 2, mode="reflect")
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    return mel_spectrogram(mirrored, center=False, scale=scale, **sizes)


def scaled(decades: np.ndarray) -> np.ndarray:
    """Whisper's range."""
    return (np.maximum(decades, decades.max() - 8) + 4) / 4


def log_of(power: np.ndarray) -> np.ndarray:
    """Decades, never below −10."""
    return np.log10(np.maximum(power, 1e-10))


@mutant(
    task="whisper_log_mel",
    name="one frame too many",
    hint="A second at a hop of 10 ms: how many hops are there, and how many centres from 0 s to 1 s, both included?",
)
def last_frame_kept(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, sr, n_fft, hop_length, n_mels)))


@mutant(
    task="whisper_log_mel",
    name="silence instead of a mirror at the ends",
    hint="Look at your first and your last frame. What does a frame centred at sample 0 find on its left side?",
)
def zeros_at_the_ends(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = mel_spectrogram(y, sr=sr, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels)
    return scaled(log_of(power[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="the first frame dropped instead of the last",
    hint="Frame m is to be centred at m hops. Where is your frame 0 centred?",
)
def first_frame_dropped(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)
    return scaled(log_of(power[:, 1 : 1 + y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="the natural logarithm",
    hint="Eight decades are eight powers of ten. To which base does np.log count?",
)
def natural_logarithm(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]
    return scaled(np.log(np.maximum(power, 1e-10)))


@mutant(
    task="whisper_log_mel",
    name="decibels",
    hint="The network was trained on decades, not on tenths of them. By which factor are your numbers larger?",
)
def decibels(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]
    return scaled(10 * log_of(power))


@mutant(
    task="whisper_log_mel",
    name="a floor under each frame instead of one under all",
    hint="With a floor of its own, a silent frame looks as detailed as a loud one. Whose maximum is in the formula?",
)
def floor_per_frame(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades, decades.max(axis=0) - 8) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="no floor eight decades down",
    hint="Fade a sound into silence. How far below its loudest band may the softest lie?",
)
def no_floor(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return (log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="a floor at −8 instead of eight below the loudest",
    hint="Play the sound ten times as loud. Does your floor rise with it?",
)
def floor_at_minus_eight(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades, -8.0) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="every band normalised to mean 0 and spread 1",
    hint="Other recognisers do that. Does the formula here subtract a mean?",
)
def normalised(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (decades - decades.mean(axis=1, keepdims=True)) / (decades.std(axis=1, keepdims=True) + 1e-8)


@mutant(
    task="whisper_log_mel",
    name="the other mel scale",
    hint="There are two formulas for the mel scale, and Whisper's is the one that is straight up to 1000 Hz.",
)
def htk_scale(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, sr, n_fft, hop_length, n_mels, scale="htk")[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="the floor before the last frame is left out",
    hint="Step 3 comes before step 5. Which frames set your floor: even one that is left out?",
)
def cut_after_the_floor(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, sr, n_fft, hop_length, n_mels)))[:, : y.size // hop_length]


@mutant(
    task="whisper_log_mel",
    name="a mirror that doubles the sample at the edge",
    hint="Write down what comes left of y[0]: is it y[0] once more, or y[1]? np.pad has a mode for each.",
)
def edge_doubled(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    mirrored = np.pad(y, n_fft // 2, mode="symmetric")
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    power = mel_spectrogram(mirrored, center=False, **sizes)
    return scaled(log_of(power[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="samples put before the beginning twice",
    hint="You mirror, and mel_spectrogram with center=True puts samples before the beginning once more. Who should?",
)
def padded_twice(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    mirrored = np.pad(y, n_fft // 2, mode="reflect")
    power = mel_spectrogram(mirrored, sr=sr, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels)
    return scaled(log_of(power[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="a floor under each band instead of one under all",
    hint="A band without any sound gets a floor of its own, far below the others. Whose maximum is in the formula?",
)
def floor_per_band(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades, decades.max(axis=1, keepdims=True) - 8) + 4) / 4


def padded_with(y: np.ndarray, before: int, after: int, mode: str, **sizes: int) -> np.ndarray:
    """Whisper's features with another padding."""
    padded = np.pad(y, (before, after), mode=mode)  # type: ignore[call-overload]
    power = mel_spectrogram(padded, center=False, **sizes)
    return scaled(log_of(power[:, : y.size // sizes["hop_length"]]))


@mutant(
    task="whisper_log_mel",
    name="no samples put before the beginning",
    hint="Your frame 0 begins at sample 0. Where is its centre, and where does the recipe put it?",
)
def not_padded(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    return padded_with(y, 0, 0, "reflect", **sizes)


@mutant(
    task="whisper_log_mel",
    name="a whole frame mirrored instead of half of one",
    hint="How many samples before the beginning bring the centre of frame 0 to sample 0?",
)
def whole_frame_padded(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    return padded_with(y, n_fft, n_fft, "reflect", **sizes)


@mutant(
    task="whisper_log_mel",
    name="the edge repeated instead of mirrored",
    hint="You put the same sample before the beginning again and again. What would a mirror show there?",
)
def edge_repeated(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    return padded_with(y, n_fft // 2, n_fft // 2, "edge", **sizes)


@mutant(
    task="whisper_log_mel",
    name="only the beginning mirrored",
    hint="Where is the centre of your last frame, and what does it need on its right side?",
)
def beginning_mirrored(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    return padded_with(y, n_fft // 2, 0, "reflect", **sizes)


@mutant(
    task="whisper_log_mel",
    name="a frame for the last part of a hop, too",
    hint="With 1000 samples and a hop of 160, how many *whole* hops are there?",
)
def rounded_up(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)
    return scaled(log_of(power[:, : math.ceil(y.size / hop_length)]))


@mutant(
    task="whisper_log_mel",
    name="frames first, bands second",
    hint="Which axis of your result is the time? Compare its shape with that in the docstring.",
)
def transposed(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])).T


@mutant(
    task="whisper_log_mel",
    name="a range that is squeezed but not moved",
    hint="Which x belongs to a power of 1, which is 0 decades: 0 or 1? Put L = 0 into the last formula.",
)
def not_moved(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return np.maximum(decades, decades.max() - 8) / 4


@mutant(
    task="whisper_log_mel",
    name="a range that is moved but not squeezed",
    hint="How many units of x are four decades: four, or one?",
)
def not_squeezed(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return np.maximum(decades, decades.max() - 8) + 4


@mutant(
    task="whisper_log_mel",
    name="a division before the shift",
    hint="Which is done first in the formula: the 4 added, or the division by 4?",
)
def squeezed_first(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return np.maximum(decades, decades.max() - 8) / 4 + 4


@mutant(
    task="whisper_log_mel",
    name="1e-10 added instead of a floor",
    hint="What does your formula make of a power of exactly 10⁻¹⁰, and what does max(P, 10⁻¹⁰)?",
)
def floor_added(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(np.log10(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length] + 1e-10))


@mutant(
    task="whisper_log_mel",
    name="no floor at 10⁻¹⁰",
    hint="What is the logarithm of the power of digital silence?",
)
def without_smallest(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(np.log10(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="a ceiling instead of a floor",
    hint="Where a band is soft, is your x larger or smaller than the formula says? What does np.minimum keep?",
)
def ceiling(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.minimum(decades, decades.max() - 8) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="amplitudes instead of powers",
    hint="Ten times as loud is one decade of amplitude. How many decades of power is it?",
)
def amplitudes(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(
        np.log10(np.maximum(np.sqrt(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]), 1e-10))
    )


@mutant(
    task="whisper_log_mel",
    name="the sound made equally loud first",
    hint="Play the sound ten times as loud. Does your spectrogram become brighter, as it should?",
)
def loudness_removed(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    y = y / (np.abs(y).max() + 1e-12)
    return scaled(log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="the published model's sizes written into the function",
    hint="Call your function with a hop of 320. Which of its arguments does it use?",
)
def fixed_sizes(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, 16_000, 400, 160, 80)[:, : y.size // 160]))


@mutant(
    task="whisper_log_mel",
    name="mel filters of equal height instead of equal area",
    hint="mel_spectrogram makes filters of equal area by itself. What did you pass as norm?",
)
def equal_height(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    mirrored = np.pad(y, n_fft // 2, mode="reflect")
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    power = mel_spectrogram(mirrored, center=False, norm=None, **sizes)
    return scaled(log_of(power[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="decibels, with a floor 80 dB down",
    hint="Your floor is where it belongs, but in dB. How many of your units are one decade?",
)
def decibels_and_their_floor(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    level_db = 10 * log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(level_db, level_db.max() - 80) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="half a hop mirrored instead of half a frame",
    hint="How many samples before the beginning bring the centre of frame 0 to sample 0: half of which length?",
)
def half_a_hop_padded(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    return padded_with(y, hop_length // 2, hop_length // 2, "reflect", **sizes)


@mutant(
    task="whisper_log_mel",
    name="one sample too few mirrored on each side",
    hint="N is 400. How many samples lie before the centre of frame 0, and how many do you mirror?",
)
def one_sample_less_padded(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    return padded_with(y, n_fft // 2 - 1, n_fft // 2 - 1, "reflect", **sizes)


@mutant(
    task="whisper_log_mel",
    name="as many frames as the nearest number of hops",
    hint="With 1050 samples and a hop of 100, how many *whole* hops are there? What does round make of 10.6?",
)
def rounded_frames(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)
    return scaled(log_of(power[:, : round(y.size / hop_length)]))


@mutant(
    task="whisper_log_mel",
    name="a floor of 10⁻⁵ instead of 10⁻¹⁰",
    hint="Which is the smallest power that the recipe lets through, and which is yours?",
)
def higher_floor(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]
    return scaled(np.log10(np.maximum(power, 1e-5)))


@mutant(
    task="whisper_log_mel",
    name="brackets left out: L + 4 / 4",
    hint="What does Python do first in L + 4 / 4?",
)
def without_brackets(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return np.maximum(decades, decades.max() - 8) + 4 / 4


@mutant(
    task="whisper_log_mel",
    name="the largest absolute value as the loudest band",
    hint="Which is the largest of −3 and −9, and which has the largest absolute value?",
)
def loudest_by_absolute_value(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades, np.abs(decades).max() - 8) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="squeezed between the smallest and the largest value",
    hint="Play the sound ten times as loud. Does your spectrogram become brighter, as it should?",
)
def between_its_own_extremes(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    lifted = np.maximum(decades, decades.max() - 8)
    return (lifted - lifted.min()) / max(lifted.max() - lifted.min(), 1e-9)


@mutant(
    task="whisper_log_mel",
    name="a hop of a quarter of a frame, whatever is asked",
    hint="Call your function with a hop of 320 and n_fft = 400. How far apart are your frames?",
)
def quarter_of_a_frame(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, sr, n_fft, n_fft // 4, n_mels)[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="16 kHz, whatever the rate",
    hint="At 8000 samples per second, up to which frequency do your bands reach?",
)
def always_sixteen_kilohertz(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, 16_000, n_fft, hop_length, n_mels)[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="a window that is symmetric instead of periodic",
    hint="np.hanning ends with a second 0. Which window does mel_spectrogram use, of which one period is N samples?",
)
def symmetric_window(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    padded = np.pad(y, n_fft // 2, mode="reflect").astype(float)
    frames = [padded[m * hop_length : m * hop_length + n_fft] for m in range(y.size // hop_length)]
    spectrum = np.abs(np.fft.rfft(np.stack(frames, axis=1) * np.hanning(n_fft)[:, None], axis=0)) ** 2
    return scaled(log_of(mel_filterbank(sr=sr, n_fft=n_fft, n_mels=n_mels) @ spectrum))


@mutant(
    task="whisper_log_mel",
    name="moved by eight instead of four",
    hint="Which x belongs to a power of 1, which is 0 decades: 1 or 2? Put L = 0 into the last formula.",
)
def moved_by_eight(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades, decades.max() - 8) + 8) / 4


@mutant(
    task="whisper_log_mel",
    name="a division by eight instead of four",
    hint="How many units of x are four decades: a half, or one?",
)
def divided_by_eight(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades, decades.max() - 8) + 4) / 8


@mutant(
    task="whisper_log_mel",
    name="the loudest band at 1",
    hint="Play the sound ten times as loud. Does your spectrogram become brighter, as it should?",
)
def loudest_at_one(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades - decades.max(), -8.0) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="mel powers without a logarithm",
    hint="How many times as strong is a loud vowel as a soft one, and how far apart are they in your spectrogram?",
)
def powers_unlogged(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]
    return (np.maximum(power, power.max() - 8) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="cut to the frames that fit wholly into the sound",
    hint="How many frames has one second at a hop of 10 ms, and how many have you? Which centres are missing?",
)
def whole_frames_only(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    count = max(y.size - n_fft, 0) // hop_length + 1
    return scaled(log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, :count]))


# ---------------------------------------------------------------- 1.2 which language


@mutant(
    task="language_probabilities",
    name="a share among all tokens",
    hint="Do your probabilities add up to 1? Whom does a language compete with: other languages, or all words too?",
)
def among_all(logits: np.ndarray, languages: dict) -> dict:
    powers = np.exp(logits - np.max(logits))
    return {language: float(powers[token] / powers.sum()) for language, token in languages.items()}


@mutant(
    task="language_probabilities",
    name="the first logits instead of those of the language tokens",
    hint="The dict says which number each language's token has. Which places of the logits did you read?",
)
def first_places(logits: np.ndarray, languages: dict) -> dict:
    z = logits[: len(languages)]
    powers = np.exp(z - np.max(z))
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="the logits of sorted tokens, given to unsorted languages",
    hint="You took the right logits in the order of their numbers. Does the dict list its languages in that order?",
)
def in_token_order(logits: np.ndarray, languages: dict) -> dict:
    z = logits[sorted(languages.values())]
    powers = np.exp(z - np.max(z))
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="exponentials that overflow",
    hint="exp(5000) is infinite in floating point. Subtract the largest of the logits first: that changes no ratio.",
)
def overflowing(logits: np.ndarray, languages: dict) -> dict:
    powers = {language: np.exp(logits[token]) for language, token in languages.items()}
    total = sum(powers.values())
    return {language: float(power / total) for language, power in powers.items()}


@mutant(
    task="language_probabilities",
    name="the largest of all logits subtracted",
    hint="A word may have a logit thousands above every language. What is exp of minus thousands, and what is 0 / 0?",
)
def largest_of_all(logits: np.ndarray, languages: dict) -> dict:
    powers = np.exp(np.array([logits[token] for token in languages.values()]) - np.max(logits))
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="all the probability given to the likeliest language",
    hint="Which is the second likeliest language, and how sure is the model? Your answer cannot say.",
)
def winner_takes_all(logits: np.ndarray, languages: dict) -> dict:
    best = max(languages, key=lambda language: logits[languages[language]])
    return {language: float(language == best) for language in languages}


@mutant(
    task="language_probabilities",
    name="logits taken for probabilities",
    hint="Logits may be negative. Which function makes them positive, and their distances ratios?",
)
def no_exponential(logits: np.ndarray, languages: dict) -> dict:
    z = {language: float(logits[token]) for language, token in languages.items()}
    return {language: value / sum(z.values()) for language, value in z.items()}


@mutant(
    task="language_probabilities",
    name="a sigmoid for each language alone",
    hint="A sigmoid asks for every language: yes or no? Here exactly one is spoken. Do your numbers add up to 1?",
)
def each_alone(logits: np.ndarray, languages: dict) -> dict:
    return {language: float(1 / (1 + np.exp(-logits[token]))) for language, token in languages.items()}


def shares(logits: np.ndarray, languages: dict) -> np.ndarray:
    """Probabilities in the order of the dict, as they are right."""
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = np.exp(z - z.max())
    return powers / powers.sum()


@mutant(
    task="language_probabilities",
    name="probabilities scaled so that the likeliest is 1",
    hint="Add up your probabilities. By what must each be divided so that the sum is 1?",
)
def largest_is_one(logits: np.ndarray, languages: dict) -> dict:
    p = shares(logits, languages)
    return dict(zip(languages, (p / p.max()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="logarithms of probabilities",
    hint="Can a probability be negative? Which step turns your numbers into probabilities?",
)
def logarithms(logits: np.ndarray, languages: dict) -> dict:
    with np.errstate(divide="ignore"):
        return dict(zip(languages, np.log(shares(logits, languages)).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="percent instead of shares",
    hint="To how much do your numbers add up: to 1, or to 100?",
)
def percent(logits: np.ndarray, languages: dict) -> dict:
    return dict(zip(languages, (100 * shares(logits, languages)).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="the right numbers, given to the languages in alphabetical order",
    hint="In which order did you read the logits, and in which order do you write the names?",
)
def alphabetical(logits: np.ndarray, languages: dict) -> dict:
    return dict(zip(sorted(languages), shares(logits, languages).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="the mean of the logits subtracted instead of the largest",
    hint="One logit far below the others pulls the mean down. How large can z minus the mean become then?",
)
def mean_taken_away(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = np.exp(z - z.mean())
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="logits moved above 0, without an exponential",
    hint="Your least likely language has exactly 0. Can its share be 0, with e to the power of any number?",
)
def moved_above_zero(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    return dict(zip(languages, ((z - z.min()) / (z - z.min()).sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="the largest logit subtracted on one side only",
    hint="You divide exp(z − max) by the sum of exp(z). Which of the two did you move?",
)
def moved_above_only(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    return dict(zip(languages, (np.exp(z - z.max()) / np.exp(z).sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="the smallest of the logits subtracted instead of the largest",
    hint="One logit far below the others: how large does z minus the smallest become for all others?",
)
def smallest_taken_away(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = np.exp(z - z.min())
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="the largest absolute value subtracted",
    hint="All logits may be thousands below 0. Which is the largest then, and which has the largest absolute value?",
)
def largest_absolute_value(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = np.exp(z - np.abs(z).max())
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="tokens that are taken to follow each other",
    hint="You count on from the smallest number. Does the dict promise numbers without gaps?",
)
def one_after_another(logits: np.ndarray, languages: dict) -> dict:
    first = min(languages.values())
    z = np.asarray(logits[first : first + len(languages)], dtype=float)
    powers = np.exp(z - z.max())
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="every token between the first and the last language",
    hint="Two languages have the numbers 7 and 11. Do tokens 8, 9 and 10 compete?",
)
def all_in_between(logits: np.ndarray, languages: dict) -> dict:
    among = logits[min(languages.values()) : max(languages.values()) + 1].astype(float)
    total = np.exp(among - among.max()).sum()
    return {language: float(np.exp(logits[token] - among.max()) / total) for language, token in languages.items()}


@mutant(
    task="language_probabilities",
    name="powers of two instead of e",
    hint="Two logits that differ by ln 3: how much likelier is one than the other? Which base have you?",
)
def powers_of_two(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = 2.0 ** (z - z.max())
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="powers of ten instead of e",
    hint="Two logits that differ by ln 3: how much likelier is one than the other? Which base have you?",
)
def powers_of_ten(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = 10.0 ** (z - z.max())
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="logits clipped to ±50",
    hint="You clip against overflow. What becomes of logits of 5000 and 5001? What else helps?",
)
def clipped(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = np.exp(np.clip(z, -50, 50))
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="probabilities rounded to two digits",
    hint="Do your probabilities still add up to 1? What does rounding leave of 0.003?",
)
def rounded_to_two(logits: np.ndarray, languages: dict) -> dict:
    return dict(zip(languages, np.round(shares(logits, languages), 2).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="probabilities rounded to three digits",
    hint="Do your probabilities still add up to 1? What does rounding leave of 0.0003?",
)
def rounded_to_three(logits: np.ndarray, languages: dict) -> dict:
    return dict(zip(languages, np.round(shares(logits, languages), 3).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="logits divided by the largest, which should be subtracted",
    hint="Does a division keep the distances between logits? And what if the largest is negative?",
)
def divided_by_largest_logit(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = np.exp(z / z.max())
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="odds instead of probabilities",
    hint="75 % against 25 % are odds of 3 to 1. Over which languages does the sum in the denominator run?",
)
def odds(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = np.exp(z - z.max())
    return dict(zip(languages, (powers / (powers.sum() - powers)).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="logits cut to whole numbers",
    hint="What becomes of a logit of 1.9 in an array of whole numbers?",
)
def whole_logits(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([int(logits[token]) for token in languages.values()])
    powers = np.exp(z - z.max())
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="one more competitor, with a logit of 0",
    hint="Do your probabilities add up to 1? What does the 1 in the denominator mean?",
)
def one_more_competitor(logits: np.ndarray, languages: dict) -> dict:
    z = np.array([logits[token] for token in languages.values()], dtype=float)
    powers = np.exp(z - z.max())
    return dict(zip(languages, (powers / (powers.sum() + np.exp(-z.max()))).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="an array instead of a dict",
    hint="Your numbers are right. How does a caller find out which language they belong to?",
)
def array_of_shares(logits: np.ndarray, languages: dict) -> dict:
    return shares(logits, languages)


# ---------------------------------------------------------------- 1.3 greedy decoding

NextScores = Callable[[list], np.ndarray]


@mutant(
    task="greedy_decode",
    name="a limit that counts the prompt",
    hint="How many new tokens do you write with a prompt of four and max_new_tokens = 5?",
)
def limit_counts_the_prompt(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    tokens = list(prompt)
    while len(tokens) < max_new_tokens:
        best = int(np.argmax(next_scores(tokens)))
        if best == end:
            break
        tokens.append(best)
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="a decoder that sees only the last token",
    hint="Which language was forced, four tokens ago? A decoder that sees only the last token cannot know.",
)
def last_token_only(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    tokens = list(prompt)
    while len(tokens) < len(prompt) + max_new_tokens:
        best = int(np.argmax(next_scores(tokens[-1:])))
        if best == end:
            break
        tokens.append(best)
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="the prompt forgotten after the first token",
    hint="What do you pass on the second call: the new tokens alone, or the prompt and the new tokens?",
)
def prompt_forgotten(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text: list = []
    while len(text) < max_new_tokens:
        best = int(np.argmax(next_scores(text or list(prompt))))
        if best == end:
            break
        text.append(best)
    return text


@mutant(
    task="greedy_decode",
    name="the best few tokens of one step as a text",
    hint="The second word depends on the first. How often did you ask what comes next?",
)
def all_from_one_step(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    order = np.argsort(next_scores(list(prompt)))[::-1].tolist()
    return order[: min(max_new_tokens, order.index(end))]


@mutant(
    task="greedy_decode",
    name="the prompt in the text",
    hint="No one spoke <|startoftranscript|>. Which part of your list was written, and which was forced?",
)
def prompt_kept(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    tokens = list(prompt)
    while len(tokens) < len(prompt) + max_new_tokens:
        best = int(np.argmax(next_scores(tokens)))
        if best == end:
            break
        tokens.append(best)
    return tokens


@mutant(
    task="greedy_decode",
    name="the end token in the text",
    hint="The end token says that the text is over. Is it a part of what was spoken?",
)
def end_kept(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    tokens = list(prompt)
    while len(tokens) < len(prompt) + max_new_tokens:
        tokens.append(int(np.argmax(next_scores(tokens))))
        if tokens[-1] == end:
            break
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="a decoder that never ends",
    hint="What does your loop do when the likeliest token is the end?",
)
def never_ends(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    tokens = list(prompt)
    for _ in range(max_new_tokens):
        tokens.append(int(np.argmax(next_scores(tokens))))
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="the end left out, and the text goes on",
    hint="You skip the end token and write what follows it. What does the decoder mean by it?",
)
def ends_are_skipped(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    tokens = list(prompt)
    for _ in range(max_new_tokens):
        scores = np.array(next_scores(tokens), dtype=float)
        scores[end] = -np.inf
        tokens.append(int(np.argmax(scores)))
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="a decoder that sees the prompt, then only the newest token",
    hint="This decoder remembers nothing between two calls. What must it be told each time?",
)
def newest_token_only(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text: list = []
    while len(text) < max_new_tokens:
        best = int(np.argmax(next_scores(text[-1:] or list(prompt))))
        if best == end:
            break
        text.append(best)
    return text


@mutant(
    task="greedy_decode",
    name="no limit",
    hint="What stops your loop when the end token never comes?",
)
def without_a_limit(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    tokens = list(prompt)
    while (best := int(np.argmax(next_scores(tokens)))) != end:
        tokens.append(best)
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="one token more than the limit",
    hint="With max_new_tokens = 1, how often does your loop run? Where do you compare, before or after you append?",
)
def one_more_than_most(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return without_a_limit(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)[: max_new_tokens + 1]


def written_after(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    """The new tokens, as they are right."""
    text: list = []
    while len(text) < max_new_tokens and (best := int(np.argmax(next_scores(prompt + text)))) != end:
        text.append(best)
    return text


@mutant(
    task="greedy_decode",
    name="an end token anywhere in the prompt ends the text",
    hint="May a prompt hold an end token, for example that of the text before? Which tokens can end *this* text?",
)
def ends_with_any_end(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return [] if end in prompt else written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)


@mutant(
    task="greedy_decode",
    name="an end token at the end of the prompt ends the text",
    hint="Before your first question you look at the last token of the prompt. Has the decoder written it?",
)
def ends_with_last_end(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return [] if prompt[-1] == end else written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)


@mutant(
    task="greedy_decode",
    name="a prompt of always four tokens",
    hint="With timestamps the prompt has three tokens. Where does your function say how long it is?",
)
def prompt_of_four(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return [*prompt, *written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)][4:]


@mutant(
    task="greedy_decode",
    name="the end is always token 0",
    hint="Which token ends a text is passed to your function. Does it look?",
)
def end_is_zero(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return written_after(next_scores, prompt, end=0, max_new_tokens=max_new_tokens)


@mutant(
    task="greedy_decode",
    name="the new tokens before the prompt",
    hint="In which order were the tokens written? In which order does the decoder get them from you?",
)
def prompt_behind(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text: list = []
    while len(text) < max_new_tokens and (best := int(np.argmax(next_scores(text + prompt)))) != end:
        text.append(best)
    return text


@mutant(
    task="greedy_decode",
    name="one token fewer than the limit",
    hint="With max_new_tokens = 1 you write nothing. Does your loop run? Do you drop a last token that is not the end?",
)
def one_fewer(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens - 1)


@mutant(
    task="greedy_decode",
    name="the least likely token",
    hint="Is the best token that with the largest score or that with the smallest?",
)
def least_likely(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text: list = []
    while len(text) < max_new_tokens and (best := int(np.argmin(next_scores(prompt + text)))) != end:
        text.append(best)
    return text


@mutant(
    task="greedy_decode",
    name="a text that stops at the first repeated token",
    hint="“no no no” is a text. What besides the end token and the limit may end yours?",
)
def stops_at_repetition(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text = written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)
    seen = [k for k, token in enumerate(text) if token in text[:k]]
    return text[: seen[0]] if seen else text


@mutant(
    task="greedy_decode",
    name="a decoder that never sees the prompt",
    hint="What do you pass on the first call, when nothing is written yet?",
)
def prompt_never_seen(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return written_after(
        lambda tokens: next_scores(tokens[len(prompt) :]), prompt, end=end, max_new_tokens=max_new_tokens
    )


@mutant(
    task="greedy_decode",
    name="a decoder that sees nothing but the prompt",
    hint="You ask the same question again and again. What should the second question contain besides the prompt?",
)
def nothing_but_the_prompt(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return written_after(lambda tokens: next_scores(list(prompt)), prompt, end=end, max_new_tokens=max_new_tokens)  # noqa: ARG005


@mutant(
    task="greedy_decode",
    name="a text that stops when a token follows itself",
    hint="“no no no” is a text. What besides the end token and the limit may end yours?",
)
def stops_at_a_double(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text = written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)
    doubles = [k for k in range(1, len(text)) if text[k] == text[k - 1]]
    return text[: doubles[0]] if doubles else text


@mutant(
    task="greedy_decode",
    name="tokens of the prompt never written",
    hint="May a token of the prompt not come up in the text? Which scores do you rule out?",
)
def prompt_tokens_forbidden(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    def allowed(tokens: list) -> np.ndarray:
        scores = np.array(next_scores(tokens), dtype=float)
        scores[list(prompt)] = -np.inf
        return scores

    return written_after(allowed, prompt, end=end, max_new_tokens=max_new_tokens)


@mutant(
    task="greedy_decode",
    name="token 0 taken for nothing",
    hint="In Python, 0 counts as false. Which question do you mean: is it the end, or is it nothing?",
)
def zero_is_nothing(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text = written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)
    return text[: text.index(0)] if 0 in text else text


@mutant(
    task="greedy_decode",
    name="an array instead of a list",
    hint="Which type does the docstring name?",
)
def array_of_tokens(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return np.array(written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens), dtype=int)


@mutant(
    task="greedy_decode",
    name="a first token that is never asked whether it is the end",
    hint="A decoder may end at once. What do you do with your very first token?",
)
def first_token_unasked(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text = written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)
    return text or ([end] if max_new_tokens else [])


@mutant(
    task="greedy_decode",
    name="a limit that is asked for only after writing",
    hint="With max_new_tokens = 0, how many tokens do you write? Where do you compare, before or after you append?",
)
def limit_asked_too_late(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return written_after(next_scores, prompt, end=end, max_new_tokens=max(max_new_tokens, 1))


@mutant(
    task="greedy_decode",
    name="scores instead of tokens",
    hint="Which of an array is wanted: its largest value, or the index of that value?",
)
def scores_for_tokens(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text = written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)
    return [float(np.max(next_scores(prompt + text[:k]))) for k in range(len(text))]


@mutant(
    task="greedy_decode",
    name="the last token lost",
    hint="Your list lacks its last token, end or no end. Which slice removes it?",
)
def last_token_lost(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)[:-1]


@mutant(
    task="greedy_decode",
    name="the first token lost",
    hint="With which token does your list begin: the first or the second new one?",
)
def first_token_lost(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    return written_after(next_scores, prompt, end=end, max_new_tokens=max_new_tokens)[1:]


@mutant(
    task="greedy_decode",
    name="the second best token",
    hint="Which of the sorted scores do you take: the last, or the one before?",
)
def second_best(next_scores: NextScores, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text: list = []
    while len(text) < max_new_tokens and (best := int(np.argsort(next_scores(prompt + text))[-2])) != end:
        text.append(best)
    return text


# ---------------------------------------------------------------- 1.4 counting errors


@mutant(
    task="edit_distance",
    name="the same small problems again and again",
    hint="Every call asks three more. How often is the distance of two beginnings computed? Keep each in a table.",
)
def without_a_table(reference: list, hypothesis: list) -> int:
    if not reference or not hypothesis:
        return len(reference) + len(hypothesis)
    if reference[-1] == hypothesis[-1]:
        return without_a_table(reference[:-1], hypothesis[:-1])
    shorter = ((reference[:-1], hypothesis), (reference, hypothesis[:-1]), (reference[:-1], hypothesis[:-1]))
    return 1 + min(without_a_table(*pair) for pair in shorter)


@mutant(
    task="edit_distance",
    name="word beside word at the same place",
    hint="Leave out the first word of ten. How many of the other nine does your function call wrong, and are they?",
)
def place_by_place(reference: list, hypothesis: list) -> int:
    pairs = zip(reference, hypothesis, strict=False)
    return sum(a != b for a, b in pairs) + abs(len(reference) - len(hypothesis))


@mutant(
    task="edit_distance",
    name="words as sets, without their order",
    hint="“dog bites man” and “man bites dog” have the same words. Is there no error?",
)
def bags_of_words(reference: list, hypothesis: list) -> int:
    return len(set(reference) ^ set(hypothesis))


@mutant(
    task="edit_distance",
    name="a substitution counts twice",
    hint="You delete the wrong word and insert the right one: two edits. Which single edit does the same?",
)
def without_substitutions(reference: list, hypothesis: list) -> int:
    row = list(range(len(hypothesis) + 1))
    for i, said in enumerate(reference, start=1):
        before, row = row, [i]
        for j, heard in enumerate(hypothesis):
            row.append(before[j] if said == heard else 1 + min(before[j + 1], row[j]))
    return row[-1]


@mutant(
    task="edit_distance",
    name="a count of deletions only",
    hint="A recogniser that invents a sentence in silence: how many errors do you count?",
)
def only_lost_words(reference: list, hypothesis: list) -> int:
    table = np.zeros((len(reference) + 1, len(hypothesis) + 1), dtype=int)
    for (i, said), (j, heard) in itertools.product(enumerate(reference), enumerate(hypothesis)):
        table[i + 1, j + 1] = table[i, j] + 1 if said == heard else max(table[i, j + 1], table[i + 1, j])
    return len(reference) - int(table[-1, -1])


@mutant(
    task="edit_distance",
    name="a table whose first row and column are 0",
    hint="What does it cost to turn nothing into three words, and three words into nothing?",
)
def free_beginnings(reference: list, hypothesis: list) -> int:
    table = np.zeros((len(reference) + 1, len(hypothesis) + 1), dtype=int)
    for (i, said), (j, heard) in itertools.product(enumerate(reference), enumerate(hypothesis)):
        table[i + 1, j + 1] = min(table[i, j] + (said != heard), table[i, j + 1] + 1, table[i + 1, j] + 1)
    return int(table[-1, -1])


@mutant(
    task="edit_distance",
    name="letters instead of words",
    hint="“see” for “sea” is one wrong word. How many wrong letters are in a word that is altogether wrong?",
)
def letters(reference: list, hypothesis: list) -> int:
    a, b = " ".join(reference), " ".join(hypothesis)
    row = list(range(len(b) + 1))
    for i, said in enumerate(a, start=1):
        before, row = row, [i]
        for j, heard in enumerate(b):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (said != heard)))
    return row[-1]


@mutant(
    task="edit_distance",
    name="a word matched without looking at its neighbours' cost",
    hint="You always go on from the diagonal. When is it cheaper to delete a word first?",
)
def only_diagonals(reference: list, hypothesis: list) -> int:
    errors = 0
    i = j = 0
    while i < len(reference) and j < len(hypothesis):
        if reference[i] == hypothesis[j]:
            i, j = i + 1, j + 1
            continue
        errors += 1
        if len(reference) - i > len(hypothesis) - j:
            i += 1
        elif len(reference) - i < len(hypothesis) - j:
            j += 1
        else:
            i, j = i + 1, j + 1
    return errors + len(reference) - i + len(hypothesis) - j


@mutant(
    task="edit_distance",
    name="a rate instead of a number of errors",
    hint="Dividing by the words comes later, once for all texts together. What is asked here is a count.",
)
def already_divided(reference: list, hypothesis: list) -> float:
    row = list(range(len(hypothesis) + 1))
    for i, said in enumerate(reference, start=1):
        before, row = row, [i]
        for j, heard in enumerate(hypothesis):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (said != heard)))
    return row[-1] / max(len(reference), 1)


def table_of(
    reference: list,
    hypothesis: list,
    *,
    swap: Callable[[object, object], int] = lambda said, heard: int(said != heard),
    delete: float = 1,
    insert: float = 1,
) -> int:
    """Fill the table with costs of one's own for a pair of words, a word lost and a word made up."""
    row: list = [j * (1 if insert > 1 else insert) for j in range(len(hypothesis) + 1)]
    for i, said in enumerate(reference, start=1):
        before, row = row, [i * (1 if delete > 1 else delete)]
        for j, heard in enumerate(hypothesis):
            row.append(min(before[j] + swap(said, heard), before[j + 1] + delete, row[j] + insert))
    return int(row[-1])


@mutant(
    task="edit_distance",
    name="a recursion as deep as the text is long",
    hint="Python allows about a thousand calls within calls. Which order of filling a table needs no call at all?",
)
def deep_recursion(reference: list, hypothesis: list) -> int:
    @cache
    def fewest(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        differs = reference[i - 1] != hypothesis[j - 1]
        return min(fewest(i - 1, j) + 1, fewest(i, j - 1) + 1, fewest(i - 1, j - 1) + differs)

    return fewest(len(reference), len(hypothesis))


@mutant(
    task="edit_distance",
    name="a table whose numbers end at 255",
    hint="How many errors can a long text have, and what is the largest number that your dtype holds?",
)
def byte_table(reference: list, hypothesis: list) -> int:
    d = np.zeros((len(reference) + 1, len(hypothesis) + 1), dtype=np.uint8)
    d[:, 0] = np.arange(len(reference) + 1)
    d[0] = np.arange(len(hypothesis) + 1)
    with np.errstate(over="ignore"):
        for (i, said), (j, heard) in itertools.product(enumerate(reference), enumerate(hypothesis)):
            d[i + 1, j + 1] = min(d[i, j] + np.uint8(said != heard), d[i, j + 1] + 1, d[i + 1, j] + 1)
    return int(d[-1, -1])


@mutant(
    task="edit_distance",
    name="capital and small letters taken as equal",
    hint="Is “Us” the same word as “us”? What does the formula ask of two words: to be equal, or to be similar?",
)
def lower_case(reference: list, hypothesis: list) -> int:
    return table_of([word.lower() for word in reference], [word.lower() for word in hypothesis])


@mutant(
    task="edit_distance",
    name="punctuation removed from the ends of words",
    hint="Cleaning a text comes before counting, and here it is not asked for. Which two words do you call equal?",
)
def signs_removed(reference: list, hypothesis: list) -> int:
    return table_of([word.strip(".,;:!?") for word in reference], [word.strip(".,;:!?") for word in hypothesis])


@mutant(
    task="edit_distance",
    name="a table without a row and a column for nothing",
    hint="How many rows does a table need for 0, 1, …, N words of the reference? Which words does yours never compare?",
)
def without_the_empty(reference: list, hypothesis: list) -> int:
    d = np.zeros((len(reference), len(hypothesis)), dtype=int)
    d[:, 0] = np.arange(len(reference))
    d[0] = np.arange(len(hypothesis))
    for i, j in itertools.product(range(1, len(reference)), range(1, len(hypothesis))):
        d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + (reference[i] != hypothesis[j]))
    return int(d[-1, -1])


@mutant(
    task="edit_distance",
    name="the last words never compared",
    hint="range(1, N) ends before N. Which row and column does your table, or your answer, leave out?",
)
def without_the_last(reference: list, hypothesis: list) -> int:
    return table_of(reference[:-1], hypothesis[:-1])


@mutant(
    task="edit_distance",
    name="the first words never compared",
    hint="reference[i] with i from 1 on: when is reference[0] compared? Which row stands for no words at all?",
)
def one_word_late(reference: list, hypothesis: list) -> int:
    d = np.zeros((len(reference) + 1, len(hypothesis) + 1), dtype=int)
    d[:, 0] = np.arange(len(reference) + 1)
    d[0] = np.arange(len(hypothesis) + 1)
    for i, j in itertools.product(range(1, len(reference)), range(1, len(hypothesis))):
        d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + (reference[i] != hypothesis[j]))
    return int(d[len(reference) - 1, len(hypothesis) - 1]) if reference and hypothesis else int(d[-1, -1])


@mutant(
    task="edit_distance",
    name="a first row of zeros",
    hint="Turning nothing into three words takes how many insertions? Look at your row 0.",
)
def first_row_zero(reference: list, hypothesis: list) -> int:
    d = np.zeros((len(reference) + 1, len(hypothesis) + 1), dtype=int)
    d[:, 0] = np.arange(len(reference) + 1)
    for (i, said), (j, heard) in itertools.product(enumerate(reference), enumerate(hypothesis)):
        d[i + 1, j + 1] = min(d[i, j] + (said != heard), d[i, j + 1] + 1, d[i + 1, j] + 1)
    return int(d[-1, -1])


@mutant(
    task="edit_distance",
    name="a first column of zeros",
    hint="Turning three words into nothing takes how many deletions? Look at your column 0.",
)
def first_column_zero(reference: list, hypothesis: list) -> int:
    d = np.zeros((len(reference) + 1, len(hypothesis) + 1), dtype=int)
    d[0] = np.arange(len(hypothesis) + 1)
    for (i, said), (j, heard) in itertools.product(enumerate(reference), enumerate(hypothesis)):
        d[i + 1, j + 1] = min(d[i, j] + (said != heard), d[i, j + 1] + 1, d[i + 1, j] + 1)
    return int(d[-1, -1])


@mutant(
    task="edit_distance",
    name="the difference of the two lengths only",
    hint="Eight words replaced by eight others are how many errors? What does a pair of different words add?",
)
def free_replacement(reference: list, hypothesis: list) -> int:
    return table_of(reference, hypothesis, swap=lambda said, heard: 0)  # noqa: ARG005


@mutant(
    task="edit_distance",
    name="an equal word costs one edit, too",
    hint="Compare a text with itself. How many edits does your function find, and where does it add them?",
)
def equal_words_cost(reference: list, hypothesis: list) -> int:
    return table_of(reference, hypothesis, swap=lambda said, heard: 1)  # noqa: ARG005


@mutant(
    task="edit_distance",
    name="equal words cost, different ones are free",
    hint="[r ≠ h] is 1 if the words *differ*. What does your comparison give for two equal words?",
)
def equality_exchanged(reference: list, hypothesis: list) -> int:
    return table_of(reference, hypothesis, swap=lambda said, heard: int(said == heard))


@mutant(
    task="edit_distance",
    name="no way to insert a word",
    hint="Of the three neighbours, which one inserts a word? Does your minimum look at it?",
)
def no_insertion(reference: list, hypothesis: list) -> int:
    return table_of(reference, hypothesis, insert=10**6)


@mutant(
    task="edit_distance",
    name="no way to delete a word",
    hint="Of the three neighbours, which one deletes a word? Does your minimum look at it?",
)
def no_deletion(reference: list, hypothesis: list) -> int:
    return table_of(reference, hypothesis, delete=10**6)


@mutant(
    task="edit_distance",
    name="words counted without their order",
    hint="How often each word occurs says nothing about where. Does your count change when a text is reversed?",
)
def counted_words(reference: list, hypothesis: list) -> int:
    said, heard = Counter(reference), Counter(hypothesis)
    return max((said - heard).total(), (heard - said).total())


@mutant(
    task="edit_distance",
    name="word beside word, the rest of the longer text ignored",
    hint="zip stops with the shorter of two lists. What becomes of the words after its end?",
)
def shorter_text_only(reference: list, hypothesis: list) -> int:
    return sum(a != b for a, b in zip(reference, hypothesis, strict=False))


@mutant(
    task="edit_distance",
    name="the longer length minus the longest common subsequence",
    hint="The longest common subsequence pairs words far apart. Does it minimise what is left unpaired, or the edits?",
)
def longer_minus_common(reference: list, hypothesis: list) -> int:
    row = [0] * (len(hypothesis) + 1)
    for said in reference:
        before, row = row, [0]
        for j, heard in enumerate(hypothesis):
            row.append(before[j] + 1 if said == heard else max(before[j + 1], row[j]))
    return max(len(reference), len(hypothesis)) - row[-1]


@mutant(
    task="edit_distance",
    name="the edits that difflib finds",
    hint="difflib looks for long equal blocks, which please the eye. Does it promise the *fewest* edits?",
)
def through_difflib(reference: list, hypothesis: list) -> int:
    codes = difflib.SequenceMatcher(None, reference, hypothesis, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in codes if tag != "equal")


@mutant(
    task="edit_distance",
    name="a table whose numbers end at 127",
    hint="Can a count be negative? What is the largest number that your dtype holds?",
)
def small_table(reference: list, hypothesis: list) -> int:
    edits = table_of(reference, hypothesis)
    return (edits + 128) % 256 - 128


@mutant(
    task="edit_distance",
    name="a first row and column of ones",
    hint="Turning nothing into one word is one insertion. How many is it for nothing into three words?",
)
def beginnings_of_one(reference: list, hypothesis: list) -> int:
    row = [0] + [1] * len(hypothesis)
    for said in reference:
        before, row = row, [1]
        for j, heard in enumerate(hypothesis):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (said != heard)))
    return row[-1]


def full_table(reference: list, hypothesis: list) -> np.ndarray:
    """The table, as it is right."""
    table = [list(range(len(hypothesis) + 1))]
    for i, said in enumerate(reference, start=1):
        row = [i]
        for j, heard in enumerate(hypothesis):
            row.append(min(table[-1][j + 1] + 1, row[j] + 1, table[-1][j] + (said != heard)))
        table.append(row)
    return np.array(table)


@mutant(
    task="edit_distance",
    name="the larger neighbour instead of the smaller",
    hint="Fewest edits: do you look for the smallest or for the largest of the three ways?",
)
def larger_neighbour(reference: list, hypothesis: list) -> int:
    row = list(range(len(hypothesis) + 1))
    for i, said in enumerate(reference, start=1):
        before, row = row, [i]
        for j, heard in enumerate(hypothesis):
            row.append(before[j] if said == heard else 1 + max(before[j + 1], row[j]))
    return row[-1]


@mutant(
    task="edit_distance",
    name="inserted words cost nothing, except at the beginning",
    hint="What is added to d[i, j−1] for an inserted word?",
)
def free_insertions(reference: list, hypothesis: list) -> int:
    row = list(range(len(hypothesis) + 1))
    for i, said in enumerate(reference, start=1):
        before, row = row, [i]
        for j, heard in enumerate(hypothesis):
            row.append(min(before[j] + (said != heard), before[j + 1] + 1, row[j]))
    return row[-1]


@mutant(
    task="edit_distance",
    name="deleted words cost nothing, except at the beginning",
    hint="What is added to d[i−1, j] for a deleted word?",
)
def free_deletions(reference: list, hypothesis: list) -> int:
    row = list(range(len(hypothesis) + 1))
    for i, said in enumerate(reference, start=1):
        before, row = row, [i]
        for j, heard in enumerate(hypothesis):
            row.append(min(before[j] + (said != heard), before[j + 1], row[j] + 1))
    return row[-1]


@mutant(
    task="edit_distance",
    name="a rate instead of a number of errors, and 0 for an empty reference",
    hint="Dividing by the words comes later, once for all texts together. What is asked here is a count.",
)
def rate_or_zero(reference: list, hypothesis: list) -> int:
    edits = int(full_table(reference, hypothesis)[-1, -1])
    return edits / len(reference) if reference else 0


@mutant(
    task="edit_distance",
    name="the smallest number of the last row",
    hint="Words invented at the end are insertions, too. In which corner of the table is the answer?",
)
def end_of_hypothesis_free(reference: list, hypothesis: list) -> int:
    return int(full_table(reference, hypothesis)[-1].min())


@mutant(
    task="edit_distance",
    name="no error for an empty reference",
    hint="A recogniser writes three words into silence. How many insertions are these?",
)
def nothing_said_no_error(reference: list, hypothesis: list) -> int:
    return int(full_table(reference, hypothesis)[-1, -1]) if reference else 0


@mutant(
    task="edit_distance",
    name="no error for an empty hypothesis",
    hint="Eight words were spoken and none was written. How many deletions are these?",
)
def nothing_recognised_no_error(reference: list, hypothesis: list) -> int:
    return int(full_table(reference, hypothesis)[-1, -1]) if hypothesis else 0


@mutant(
    task="edit_distance",
    name="two neighbours that changed places count as one edit",
    hint="Is an exchange of two words one of the three edits of the docstring?",
)
def exchanges_count_once(reference: list, hypothesis: list) -> int:
    d = full_table(reference, hypothesis)
    for i, j in itertools.product(range(1, len(reference) + 1), range(1, len(hypothesis) + 1)):
        differs = reference[i - 1] != hypothesis[j - 1]
        d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + differs)
        if i > 1 and j > 1 and reference[i - 2 : i] == [hypothesis[j - 1], hypothesis[j - 2]]:
            d[i, j] = min(d[i, j], d[i - 2, j - 2] + 1)
    return int(d[-1, -1])


@mutant(
    task="edit_distance",
    name="repeated words merged before counting",
    hint="“no no” and “no”: is there no error?",
)
def repetitions_merged(reference: list, hypothesis: list) -> int:
    merged = [[word for word, _ in itertools.groupby(words)] for words in (reference, hypothesis)]
    return int(full_table(*merged)[-1, -1])


@mutant(
    task="edit_distance",
    name="words as sets, the larger of the two differences",
    hint="“dog bites man” and “man bites dog” have the same words. Is there no error?",
)
def larger_difference_of_sets(reference: list, hypothesis: list) -> int:
    said, heard = set(reference), set(hypothesis)
    return max(len(said - heard), len(heard - said))


@mutant(
    task="edit_distance",
    name="a row that is overwritten while it is still needed",
    hint="Two names for one list are one list. Which line makes a copy of the row before?",
)
def row_overwritten(reference: list, hypothesis: list) -> int:
    row = list(range(len(hypothesis) + 1))
    for i, said in enumerate(reference, start=1):
        row[0] = i
        for j, heard in enumerate(hypothesis, start=1):
            row[j] = min(row[j] + 1, row[j - 1] + 1, row[j - 1] + (said != heard))
    return row[-1]


@mutant(
    task="edit_distance",
    name="equal words counted instead of errors",
    hint="How many errors are in two equal texts? Is more of what you count better or worse?",
)
def equal_words_counted(reference: list, hypothesis: list) -> int:
    return sum(a == b for a, b in zip(reference, hypothesis, strict=False))


@mutant(
    task="edit_distance",
    name="one error for a wrong text, however many words differ",
    hint="Three wrong words in one text are three errors. How many does your function count?",
)
def one_error_a_text(reference: list, hypothesis: list) -> int:
    return int(reference != hypothesis)


# ---------------------------------------------------------------- 1.5 rates by group


@mutant(
    task="rates_by_group",
    name="a mean of rates",
    hint="One wrong word in a text of one, none in a text of twenty: is the recogniser wrong half of the time?",
)
def mean_of_rates(groups: list, errors: list, words: list) -> dict:
    rates: dict = {}
    for group, bad, said in zip(groups, errors, words, strict=True):
        rates.setdefault(group, []).append(bad / said)
    return {group: float(np.mean(values)) for group, values in rates.items()}


@mutant(
    task="rates_by_group",
    name="errors per text instead of errors per word",
    hint="By what do you divide: by the number of texts, or by the number of words that were spoken?",
)
def errors_per_text(groups: list, errors: list, words: list) -> dict:
    return {
        group: float(np.mean([bad for other, bad in zip(groups, errors, strict=True) if other == group]))
        for group in dict.fromkeys(groups)
    }


@mutant(
    task="rates_by_group",
    name="the last text of each group only",
    hint="A dict keeps one value for a key. What happens when the second text of a group arrives?",
)
def last_text_only(groups: list, errors: list, words: list) -> dict:
    return {group: bad / said for group, bad, said in zip(groups, errors, words, strict=True)}


@mutant(
    task="rates_by_group",
    name="a sum divided by the words of all groups",
    hint="A group with few texts would always look good. Whose words belong in the denominator?",
)
def all_words_below(groups: list, errors: list, words: list) -> dict:
    rates = dict.fromkeys(groups, 0.0)
    for group, bad in zip(groups, errors, strict=True):
        rates[group] += bad / sum(words)
    return rates


@mutant(
    task="rates_by_group",
    name="rates that stop at 100 %",
    hint="A recogniser may invent more words than were spoken. Is there an upper limit to what can be invented?",
)
def at_most_one(groups: list, errors: list, words: list) -> dict:
    wrong, said = dict.fromkeys(groups, 0), dict.fromkeys(groups, 0)
    for group, bad, count in zip(groups, errors, words, strict=True):
        wrong[group] += bad
        said[group] += count
    return {group: min(1.0, wrong[group] / said[group]) for group in wrong}


@mutant(
    task="rates_by_group",
    name="the share of right words",
    hint="A perfect recogniser has an error rate of 0. What do you return for it?",
)
def accuracies(groups: list, errors: list, words: list) -> dict:
    wrong, said = dict.fromkeys(groups, 0), dict.fromkeys(groups, 0)
    for group, bad, count in zip(groups, errors, words, strict=True):
        wrong[group] += bad
        said[group] += count
    return {group: 1 - wrong[group] / said[group] for group in wrong}


def sums(groups: list, values: list) -> dict:
    """Add up the values of each group."""
    totals = dict.fromkeys(groups, 0)
    for group, value in zip(groups, values, strict=True):
        totals[group] += value
    return totals


def divided(wrong: dict, said: dict) -> dict:
    """Errors by words, group by group."""
    return {group: wrong[group] / said[group] for group in wrong}


@mutant(
    task="rates_by_group",
    name="texts without words left out",
    hint="A recogniser writes three words into silence. Are these not errors, because no one spoke?",
)
def without_silent_texts(groups: list, errors: list, words: list) -> dict:
    kept = [k for k, said in enumerate(words) if said]
    names, bad, said = ([values[k] for k in kept] for values in (groups, errors, words))
    return divided(sums(names, bad), sums(names, said))


@mutant(
    task="rates_by_group",
    name="errors of a text cut off at its words",
    hint="Five words inserted where three were spoken: how many errors does your function add?",
)
def cut_at_the_words(groups: list, errors: list, words: list) -> dict:
    return divided(sums(groups, [min(bad, said) for bad, said in zip(errors, words, strict=True)]), sums(groups, words))


@mutant(
    task="rates_by_group",
    name="words divided by errors",
    hint="A recogniser without an error: what is your number for it?",
)
def upside_down(groups: list, errors: list, words: list) -> dict:
    return divided(sums(groups, words), sums(groups, errors))


@mutant(
    task="rates_by_group",
    name="percent instead of a share",
    hint="The docstring says that 0.05 is 5 %. What do you return for 5 errors in 100 words?",
)
def percent_of_words(groups: list, errors: list, words: list) -> dict:
    return {group: 100 * rate for group, rate in divided(sums(groups, errors), sums(groups, words)).items()}


@mutant(
    task="rates_by_group",
    name="whole-number division",
    hint="What is 1 // 20 in Python, and what is 1 / 20?",
)
def whole_division(groups: list, errors: list, words: list) -> dict:
    wrong, said = sums(groups, errors), sums(groups, words)
    return {group: wrong[group] // said[group] for group in wrong}


@mutant(
    task="rates_by_group",
    name="one rate for all groups",
    hint="Do two groups of yours ever get different rates? Look whether they share one list or one sum.",
)
def one_for_all(groups: list, errors: list, words: list) -> dict:
    return dict.fromkeys(groups, sum(errors) / sum(words))


@mutant(
    task="rates_by_group",
    name="only neighbouring texts taken together",
    hint="Texts of a group need not be next to each other. What does groupby do when a group comes back later?",
)
def neighbours_only(groups: list, errors: list, words: list) -> dict:
    runs = itertools.groupby(range(len(groups)), key=lambda k: groups[k])
    parts = {group: list(run) for group, run in runs}
    return {group: sum(errors[k] for k in run) / sum(words[k] for k in run) for group, run in parts.items()}


@mutant(
    task="rates_by_group",
    name="the share of texts with an error",
    hint="Two texts of twenty words, one wrong word each: are all their words wrong?",
)
def texts_with_errors(groups: list, errors: list, words: list) -> dict:
    return divided(sums(groups, [bool(bad) for bad in errors]), sums(groups, [1] * len(groups)))


@mutant(
    task="rates_by_group",
    name="texts with an error, divided by words",
    hint="Three wrong words in one text are three errors. How many does your function count?",
)
def texts_by_words(groups: list, errors: list, words: list) -> dict:
    return divided(sums(groups, [bool(bad) for bad in errors]), sums(groups, words))


@mutant(
    task="rates_by_group",
    name="the first text of each group only",
    hint="What happens to the second text of a group, once its key is in the dict?",
)
def first_text_only(groups: list, errors: list, words: list) -> dict:
    rates: dict = {}
    for group, bad, said in zip(groups, errors, words, strict=True):
        rates.setdefault(group, bad / said)
    return rates


@mutant(
    task="rates_by_group",
    name="the median of rates",
    hint="One text in three is nonsense, two are perfect. Which rate does a median see? What does the formula add up?",
)
def median_of_rates(groups: list, errors: list, words: list) -> dict:
    rates: dict = {}
    for group, bad, said in zip(groups, errors, words, strict=True):
        rates.setdefault(group, []).append(bad / said)
    return {group: statistics.median(values) for group, values in rates.items()}


@mutant(
    task="rates_by_group",
    name="groups without an error left out",
    hint="A group for which all was right is good news. Which rate should it have?",
)
def perfect_left_out(groups: list, errors: list, words: list) -> dict:
    rates = divided(sums(groups, errors), sums(groups, words))
    return {group: rate for group, rate in rates.items() if rate}


@mutant(
    task="rates_by_group",
    name="rates rounded to two digits",
    hint="One error in 300 words is 0.0033. What becomes of it in your function?",
)
def rounded_rates(groups: list, errors: list, words: list) -> dict:
    return {group: round(rate, 2) for group, rate in divided(sums(groups, errors), sums(groups, words)).items()}


@mutant(
    task="rates_by_group",
    name="a mean of rates, with 0 for a text without words",
    hint="One wrong word in a text of one, none in a text of twenty: is the recogniser wrong half of the time?",
)
def mean_of_rates_or_zero(groups: list, errors: list, words: list) -> dict:
    rates: dict = {}
    for group, bad, said in zip(groups, errors, words, strict=True):
        rates.setdefault(group, []).append(bad / said if said else 0)
    return {group: float(np.mean(values)) for group, values in rates.items()}


@mutant(
    task="rates_by_group",
    name="errors divided by errors and words together",
    hint="Five errors in ten words: a half, or a third?",
)
def errors_below_the_line(groups: list, errors: list, words: list) -> dict:
    wrong, said = sums(groups, errors), sums(groups, words)
    return {group: wrong[group] / (wrong[group] + said[group]) for group in wrong}


@mutant(
    task="rates_by_group",
    name="words divided by errors, and 0 without an error",
    hint="A recogniser with ten errors in a hundred words: is your number for it 0.1 or 10?",
)
def upside_down_or_zero(groups: list, errors: list, words: list) -> dict:
    wrong, said = sums(groups, errors), sums(groups, words)
    return {group: said[group] / wrong[group] if wrong[group] else 0.0 for group in wrong}


@mutant(
    task="rates_by_group",
    name="one word more than was spoken",
    hint="From which number does your sum of words start?",
)
def one_word_more(groups: list, errors: list, words: list) -> dict:
    wrong, said = sums(groups, errors), sums(groups, words)
    return {group: wrong[group] / (said[group] + 1) for group in wrong}


@mutant(
    task="rates_by_group",
    name="one error more than was made",
    hint="From which number does your sum of errors start?",
)
def one_error_more(groups: list, errors: list, words: list) -> dict:
    wrong, said = sums(groups, errors), sums(groups, words)
    return {group: (wrong[group] + 1) / said[group] for group in wrong}


@mutant(
    task="rates_by_group",
    name="groups sorted before they are paired with their numbers",
    hint="You sort one list of three. To which text do the first errors belong then?",
)
def one_list_sorted(groups: list, errors: list, words: list) -> dict:
    return divided(sums(sorted(groups), errors), sums(sorted(groups), words))


@mutant(
    task="rates_by_group",
    name="one more entry, for all together",
    hint="Which groups occur in the list? Is there one called “all”?",
)
def entry_for_all(groups: list, errors: list, words: list) -> dict:
    return {**divided(sums(groups, errors), sums(groups, words)), "all": sum(errors) / max(sum(words), 1)}


@mutant(
    task="rates_by_group",
    name="only the words of texts with an error",
    hint="Twenty words without an error are twenty right words. Are they in your denominator?",
)
def words_of_wrong_texts(groups: list, errors: list, words: list) -> dict:
    said = sums(groups, [count if bad else 0 for bad, count in zip(errors, words, strict=True)])
    return {group: bad / max(said[group], 1) for group, bad in sums(groups, errors).items()}


@mutant(
    task="rates_by_group",
    name="sums overwritten by the last text",
    hint="What does = do with the sum so far, and what does += ?",
)
def overwritten_by_the_last(groups: list, errors: list, words: list) -> dict:
    wrong, said = dict(zip(groups, errors, strict=True)), dict(zip(groups, words, strict=True))
    return divided(wrong, said)


@mutant(
    task="rates_by_group",
    name="all errors, divided by the words of the last text",
    hint="You add up errors. Do you add up words, too?",
)
def words_of_the_last_text(groups: list, errors: list, words: list) -> dict:
    said = dict(zip(groups, words, strict=True))
    return {group: bad / max(said[group], 1) for group, bad in sums(groups, errors).items()}


@mutant(
    task="rates_by_group",
    name="the median of rates, with 0 for a text without words",
    hint="One text in three is nonsense, two are perfect. Which rate does a median see? What does the formula add up?",
)
def median_or_zero(groups: list, errors: list, words: list) -> dict:
    rates: dict = {}
    for group, bad, said in zip(groups, errors, words, strict=True):
        rates.setdefault(group, []).append(bad / said if said else 0.0)
    return {group: statistics.median(values) for group, values in rates.items()}


@mutant(
    task="rates_by_group",
    name="the first text of each group not counted",
    hint="What does your loop do when a group comes up for the first time: open an entry, or also add the text?",
)
def first_text_not_counted(groups: list, errors: list, words: list) -> dict:
    first = [groups.index(group) == k for k, group in enumerate(groups)]
    wrong, said = ([0 if new else n for new, n in zip(first, one, strict=True)] for one in (errors, words))
    rates = {group: (bad, sums(groups, said)[group]) for group, bad in sums(groups, wrong).items()}
    return {group: bad / count if count else 0.0 for group, (bad, count) in rates.items()}


@mutant(
    task="rates_by_group",
    name="groups whose names differ in capitals put together",
    hint="Are “male” and “Male” the same name? Who has asked you to change names?",
)
def names_in_small_letters(groups: list, errors: list, words: list) -> dict:
    small = [group.lower() for group in groups]
    return divided(sums(small, errors), sums(small, words))


@mutant(
    task="rates_by_group",
    name="texts whose group only contains the name",
    hint="“female” contains “male”. Which question is asked by `in`, and which by `==`?",
)
def contained_names(groups: list, errors: list, words: list) -> dict:
    rates = {}
    for group in dict.fromkeys(groups):
        inside = [k for k, other in enumerate(groups) if group in other]
        rates[group] = sum(errors[k] for k in inside) / sum(words[k] for k in inside)
    return rates


@mutant(
    task="rates_by_group",
    name="sums of errors, not divided",
    hint="How many words do these errors belong to? By what do you divide?",
)
def errors_undivided(groups: list, errors: list, words: list) -> dict:
    return {group: float(bad) for group, bad in sums(groups, errors).items()}


@mutant(
    task="rates_by_group",
    name="rates in a list instead of a dict",
    hint="How does a caller find out which group a number belongs to?",
)
def list_of_rates(groups: list, errors: list, words: list) -> dict:
    return list(divided(sums(groups, errors), sums(groups, words)).values())


@mutant(
    task="rates_by_group",
    name="the largest rate of each group",
    hint="One bad text in twenty: is the whole group that bad?",
)
def worst_text(groups: list, errors: list, words: list) -> dict:
    rates: dict = {}
    for group, bad, said in zip(groups, errors, words, strict=True):
        rates[group] = max(rates.get(group, 0.0), bad / max(said, 1))
    return rates


@mutant(
    task="rates_by_group",
    name="errors shared out over all errors",
    hint="Which share of all errors is that? Which words belong in the denominator?",
)
def share_of_all_errors(groups: list, errors: list, words: list) -> dict:
    return {group: bad / max(sum(errors), 1) for group, bad in sums(groups, errors).items()}


# ---------------------------------------------------------------- 1.6 where windows begin


@mutant(
    task="window_starts",
    name="the end of the recording is never recognised",
    hint="Which samples come after the last whole window, and in which window are they?",
)
def whole_windows_only(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, samples - window + 1, hop))


@mutant(
    task="window_starts",
    name="windows up to the very last sample",
    hint="Does your last window hold a sample that the one before does not?",
)
def idle_windows(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, samples, hop))


@mutant(
    task="window_starts",
    name="the first window only",
    hint="That is what a feature extractor does with a long recording. What becomes of the rest?",
)
def first_window_only(samples: int, *, window: int, hop: int) -> list:
    return [0]


@mutant(
    task="window_starts",
    name="windows that do not overlap",
    hint="A word across the border of two windows is whole in neither. How far apart are your windows to begin?",
)
def no_overlap(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, max(samples - window, 0) + window, window))


@mutant(
    task="window_starts",
    name="a last window moved back to fit",
    hint="A good idea, but not what is asked: each window begins one hop after the one before.",
)
def last_one_moved(samples: int, *, window: int, hop: int) -> list:
    starts = list(range(0, max(samples - window, 0) + 1, hop))
    rest = samples - window
    return [*starts, rest] if rest > starts[-1] else starts


@mutant(
    task="window_starts",
    name="one window more than needed",
    hint="Take a recording as long as one window. How many windows hold all of it?",
)
def one_too_many(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, max(samples - window, 0) + hop + 1, hop))


@mutant(
    task="window_starts",
    name="no window for a recording shorter than one",
    hint="A recording of five samples, a window of ten: which samples are in your windows?",
)
def none_if_short(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, samples - window + hop, hop))


@mutant(
    task="window_starts",
    name="the end is never recognised, unless the recording is short",
    hint="Which samples come after your last window? Must a window be full to be recognised?",
)
def whole_windows_or_one(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, max(samples - window, 0) + 1, hop))


@mutant(
    task="window_starts",
    name="stopped before the window that reaches the end",
    hint="Your loop ends as soon as a window reaches the end of the recording. Has that window been written down?",
)
def without_the_last_window(samples: int, *, window: int, hop: int) -> list:
    starts, start = [], 0
    while start + window < samples:
        starts.append(start)
        start += hop
    return starts


@mutant(
    task="window_starts",
    name="one window more where the last ends with the recording",
    hint="A window ends exactly with the recording. Is there a sample that it does not hold?",
)
def one_more_at_the_end(samples: int, *, window: int, hop: int) -> list:
    starts = [0]
    while starts[-1] + window <= samples:
        starts.append(starts[-1] + hop)
    return starts


@mutant(
    task="window_starts",
    name="the hop taken for the overlap",
    hint="Windows of 10, a hop of 7: do two neighbours share 7 samples, or do they begin 7 apart?",
)
def hop_as_overlap(samples: int, *, window: int, hop: int) -> list:
    step = window - hop
    return list(range(0, max(samples - window, 0) + step, step))


@mutant(
    task="window_starts",
    name="a number of windows rounded to the nearest",
    hint="A tenth of a window is left at the end. Does your rounding keep it?",
)
def rounded_count(samples: int, *, window: int, hop: int) -> list:
    return [k * hop for k in range(1 + round(max(samples - window, 0) / hop))]


@mutant(
    task="window_starts",
    name="as many windows as whole hops",
    hint="How many hops fit into the recording, and how many windows does it take to reach its end?",
)
def as_many_as_hops(samples: int, *, window: int, hop: int) -> list:
    return [k * hop for k in range(max(samples // hop, 1))]


@mutant(
    task="window_starts",
    name="the ends of the windows instead of their beginnings",
    hint="What is asked is the first sample of each window. Which sample does your first number name?",
)
def ends_of_windows(samples: int, *, window: int, hop: int) -> list:
    return [start + window for start in range(0, max(samples - window, 0) + hop, hop)]


def starts_of(samples: int, window: int, hop: int) -> list:
    """The beginnings of the windows, as they are right."""
    return list(range(0, max(samples - window, 0) + hop, hop))


@mutant(
    task="window_starts",
    name="a last sample that is in no window",
    hint="One sample is left after your last window. Which window holds it?",
)
def one_sample_unheard(samples: int, *, window: int, hop: int) -> list:
    return starts_of(samples - 1, window, hop)


@mutant(
    task="window_starts",
    name="pairs of beginning and end",
    hint="Which numbers does the docstring ask for: one for each window, or two?",
)
def pairs(samples: int, *, window: int, hop: int) -> list:
    return [(start, start + window) for start in starts_of(samples, window, hop)]


@mutant(
    task="window_starts",
    name="seconds instead of samples",
    hint="Which sample is number 0.0004375?",
)
def in_seconds(samples: int, *, window: int, hop: int) -> list:
    return [start / 16_000 for start in starts_of(samples, window, hop)]


@mutant(
    task="window_starts",
    name="no window at all for a recording shorter than one, however little",
    hint="A recording of 99 samples, a window of 100: which samples are in your windows?",
)
def empty_if_shorter(samples: int, *, window: int, hop: int) -> list:
    return starts_of(samples, window, hop) if samples >= window else []


@mutant(
    task="window_starts",
    name="no window at all for a recording that fits into one",
    hint="A recording as long as a window: which samples are in your windows?",
)
def empty_if_it_fits(samples: int, *, window: int, hop: int) -> list:
    return starts_of(samples, window, hop) if samples > window else []


@mutant(
    task="window_starts",
    name="a last window dropped because most of it is silence",
    hint="Less than half of your last window holds sound. Which other window holds that sound?",
)
def half_empty_window_dropped(samples: int, *, window: int, hop: int) -> list:
    starts = starts_of(samples, window, hop)
    return starts[:-1] if len(starts) > 1 and samples - starts[-1] < window / 2 else starts


@mutant(
    task="window_starts",
    name="a first window that begins one hop late",
    hint="Which samples come before your first window, and which window holds them?",
)
def one_hop_late(samples: int, *, window: int, hop: int) -> list:
    return [start + hop for start in starts_of(samples, window, hop)]


@mutant(
    task="window_starts",
    name="an array instead of a list",
    hint="Which type does the docstring name?",
)
def array_of_starts(samples: int, *, window: int, hop: int) -> list:
    return np.array(starts_of(samples, window, hop))


@mutant(
    task="window_starts",
    name="floating-point numbers instead of whole ones",
    hint="Can one write y[7.0:]? Where does the point in your numbers come from?",
)
def float_starts(samples: int, *, window: int, hop: int) -> list:
    return [float(start) for start in starts_of(samples, window, hop)]


@mutant(
    task="window_starts",
    name="windows until the middle of one reaches the end",
    hint="Your last window: does it hold a sample that the one before does not?",
)
def until_the_middle(samples: int, *, window: int, hop: int) -> list:
    starts = [0]
    while starts[-1] + window // 2 < samples:
        starts.append(starts[-1] + hop)
    return starts


@mutant(
    task="window_starts",
    name="beginnings counted back from the end",
    hint="Which is the first sample of a recording? In your list, with what does it begin?",
)
def counted_back(samples: int, *, window: int, hop: int) -> list:
    return [max(samples - window, 0) - start for start in starts_of(samples, window, hop)][::-1]


@mutant(
    task="window_starts",
    name="the window that reaches the end left out, unless it is the only one",
    hint="How many hops lead to your last window, and how many windows are that, the first included?",
)
def one_too_few(samples: int, *, window: int, hop: int) -> list:
    return starts_of(samples, window, hop)[:-1] or [0]


@mutant(
    task="window_starts",
    name="as many windows as fit side by side",
    hint="Windows that overlap get ahead by a hop each. How many does it take to reach the end?",
)
def side_by_side_count(samples: int, *, window: int, hop: int) -> list:
    return [k * hop for k in range(math.ceil(samples / window))]


@mutant(
    task="window_starts",
    name="one more window at the end of the recording, always",
    hint="Each window begins one hop after the one before. Does yours, and does it hold anything new?",
)
def last_one_added(samples: int, *, window: int, hop: int) -> list:
    whole = list(range(0, max(samples - window, 0) + 1, hop))
    return [*whole, max(samples - window, 0)]


@mutant(
    task="window_starts",
    name="windows that begin after the last sample",
    hint="A recording of 140 samples and a hop of 20: what does a window that begins at sample 140 hold?",
)
def behind_the_last_sample(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, samples + 1, hop))


@mutant(
    task="window_starts",
    name="a recursion as deep as there are windows",
    hint="Python allows about a thousand calls within calls. Can a range or a loop do the same?",
)
def deep_starts(samples: int, *, window: int, hop: int) -> list:
    if samples <= window:
        return [0]
    return [0, *(hop + start for start in deep_starts(samples - hop, window=window, hop=hop))]


@mutant(
    task="window_starts",
    name="the number of windows instead of their beginnings",
    hint="How many numbers are asked for: one, or one for each window?",
)
def how_many(samples: int, *, window: int, hop: int) -> list:
    return len(starts_of(samples, window, hop))


@mutant(
    task="window_starts",
    name="no window at the beginning",
    hint="Which is the first sample of the first window?",
)
def without_the_first(samples: int, *, window: int, hop: int) -> list:
    return starts_of(samples, window, hop)[1:]


@mutant(
    task="window_starts",
    name="windows counted in ones instead of hops",
    hint="Window number 3: at which sample does it begin?",
)
def numbers_of_windows(samples: int, *, window: int, hop: int) -> list:
    return list(range(len(starts_of(samples, window, hop))))


# ---------------------------------------------------------------- 1.7 stitching


def ends(words: list, max_shared: int) -> tuple[list, list]:
    """What cannot and what can be in the overlap, on the left."""
    cut = max(len(words) - max_shared, 0)
    return words[:cut], words[cut:]


@mutant(
    task="stitch_words",
    name="one window after the other",
    hint="Read the result aloud. How often do the words of the overlap occur?",
)
def one_after_the_other(left: list, right: list, *, max_shared: int) -> list:
    return left + right


@mutant(
    task="stitch_words",
    name="every word once",
    hint="“no no no” is three words. What is left of it?",
)
def every_word_once(left: list, right: list, *, max_shared: int) -> list:
    return list(dict.fromkeys(left + right))


@mutant(
    task="stitch_words",
    name="only an end that equals the beginning word for word",
    hint="The last word of a window is often half a word. Which run do the two windows share nevertheless?",
)
def exact_overlap(left: list, right: list, *, max_shared: int) -> list:
    for length in range(min(len(left), len(right), max_shared), 0, -1):
        if left[-length:] == right[:length]:
            return left + right[length:]
    return left + right


@mutant(
    task="stitch_words",
    name="the last common word instead of the longest run",
    hint="“the” occurs nearly everywhere. Which proves more that two places are the same: one word, or five in a row?",
)
def last_common_word(left: list, right: list, *, max_shared: int) -> list:
    before, tail = ends(left, max_shared)
    for i in range(len(tail) - 1, -1, -1):
        if tail[i] in right[:max_shared]:
            return before + tail[: i + 1] + right[right.index(tail[i]) + 1 :]
    return left + right


def seam(left: list, right: list, max_shared: int, better: Callable[[tuple, tuple], bool]) -> tuple[int, int, int]:
    """The run that is better than all others: length, its end on the left, its end on the right."""
    best = (0, len(left), 0)
    first = max(len(left) - max_shared, 0)
    for i, j in itertools.product(range(first, len(left)), range(min(max_shared, len(right)))):
        length = 0
        while (
            i + length < len(left)
            and j + length < min(max_shared, len(right))
            and left[i + length] == right[j + length]
        ):
            length += 1
        found = (length, i + length, j + length)
        if length and better(found, best):
            best = found
    return best


@mutant(
    task="stitch_words",
    name="the run left out altogether",
    hint="Words in the overlap are recognised twice and must be written once. How often do you write them?",
)
def run_left_out(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = seam(left, right, max_shared, lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2]))
    return left[: i - length] + right[j:]


@mutant(
    task="stitch_words",
    name="the rest of the left window kept",
    hint="After the common run the left window has only what its edge cut off. Which window is better there?",
)
def left_rest_kept(left: list, right: list, *, max_shared: int) -> list:
    _, _, j = seam(left, right, max_shared, lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2]))
    return left + right[j:]


@mutant(
    task="stitch_words",
    name="an overlap of any length",
    hint="A word from the beginning of the left window was not spoken in the overlap. What is `max_shared` for?",
)
def most_ignored(left: list, right: list, *, max_shared: int) -> list:
    better = lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2])  # noqa: E731
    _, i, j = seam(left, right, len(left) + len(right), better)
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="the first of the longest runs on the left",
    hint="Two runs are equally long. If you take the earlier one, what becomes of the words between them?",
)
def first_on_the_left(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = seam(left, right, max_shared, lambda a, b: a[0] > b[0])
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="the last of the longest runs on the right",
    hint="Two runs on the right are equally long. If you take the later one, which words are lost?",
)
def last_on_the_right(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = seam(left, right, max_shared, lambda a, b: a > b)
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="a run that begins before the overlap",
    hint="The whole run must lie within the last `max_shared` words on the left, not only its end.",
)
def run_begins_too_early(left: list, right: list, *, max_shared: int) -> list:
    def run(keep: int, skip: int) -> int:
        length = 0
        while length < min(keep, skip) and left[keep - 1 - length] == right[skip - 1 - length]:
            length += 1
        return length

    keeps, skips = range(max(len(left) - max_shared, 0), len(left) + 1), range(min(max_shared, len(right)) + 1)
    _, keep, skip = max((run(keep, skip), keep, -skip) for keep in keeps for skip in skips)
    return left[:keep] + right[-skip:]


@mutant(
    task="stitch_words",
    name="a run that ends after the overlap",
    hint="The whole run must lie within the first `max_shared` words on the right, not only its beginning.",
)
def run_ends_too_late(left: list, right: list, *, max_shared: int) -> list:
    best = (0, len(left), 0)
    for i, j in itertools.product(range(max(len(left) - max_shared, 0), len(left)), range(min(max_shared, len(right)))):
        pairs = zip(left[i:], right[j:], strict=False)
        length = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
        if length:
            best = max(best, (length, i + length, -j - length), key=lambda one: (one[0], one[1] * bool(one[0]), one[2]))
    return left[: best[1]] + right[-best[2] :]


@mutant(
    task="stitch_words",
    name="the words before the overlap lost",
    hint="Words outside the overlap stay in the text. What becomes of those before the last `max_shared` on the left?",
)
def beginning_lost(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = seam(left, right, max_shared, lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2]))
    return left[max(len(left) - max_shared, 0) : i] + right[j:]


def true_seam(left: list, right: list, max_shared: int) -> tuple[int, int, int]:
    """The seam of the rules."""
    return seam(left, right, max_shared, lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2]))


@mutant(
    task="stitch_words",
    name="one word of the run twice",
    hint="right[skip:] begins after the run. With which word does yours begin?",
)
def one_word_twice(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return left[:i] + right[j - bool(length) :]


@mutant(
    task="stitch_words",
    name="one word after the run lost",
    hint="right[skip:] begins after the run. Which word does yours leave out?",
)
def one_word_lost(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return left[:i] + right[j + bool(length) :]


@mutant(
    task="stitch_words",
    name="the last word of the run lost",
    hint="left[:keep] ends with the run. With which word does yours end?",
)
def run_cut_short(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return left[: i - bool(length)] + right[j:]


@mutant(
    task="stitch_words",
    name="the run twice",
    hint="The run is in both windows. How often must it occur in the text?",
)
def run_twice(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return left[:i] + right[j - length :]


@mutant(
    task="stitch_words",
    name="both ties the other way",
    hint="Of equally long runs, which counts on the left: the first or the last? And on the right?",
)
def both_ties_exchanged(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = seam(left, right, max_shared, lambda a, b: (a[0], -a[1], a[2]) > (b[0], -b[1], b[2]))
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="the overlap looked for at the outer ends",
    hint="Which end of the left window does the right one share: its first words or its last?",
)
def outer_ends(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = seam(
        left[:max_shared], right[-max_shared:], max_shared, lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1], -b[2])
    )
    shift = max(len(right) - max_shared, 0)
    return left[:i] + right[shift + j :] if i and j else left + right


@mutant(
    task="stitch_words",
    name="the right window lost where nothing is common",
    hint="A recogniser wrote two windows without a common word. Was nothing spoken in the second?",
)
def right_lost(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return left[:i] + right[j:] if length else list(left)


@mutant(
    task="stitch_words",
    name="the left window lost where nothing is common",
    hint="Your best run has length 0 at the beginning. How much of the left window do you keep then?",
)
def left_lost(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return left[:i] + right[j:] if length else list(right)


@mutant(
    task="stitch_words",
    name="only words that the left window does not have",
    hint="“the” occurs in every sentence. May it not occur again, after the overlap?",
)
def new_words_only(left: list, right: list, *, max_shared: int) -> list:
    return left + [word for word in right if word not in left]


@mutant(
    task="stitch_words",
    name="the first common word instead of the longest run",
    hint="A word in common may be chance. Which proves more: one word, or five in a row?",
)
def first_common_word(left: list, right: list, *, max_shared: int) -> list:
    cut = max(len(left) - max_shared, 0)
    for j, word in enumerate(right[:max_shared]):
        if word in left[cut:]:
            return left[: left.index(word, cut) + 1] + right[j + 1 :]
    return left + right


@mutant(
    task="stitch_words",
    name="the shortest end that equals the beginning",
    hint="Left ends with “no no no”, right begins with “no no yes”. Do you take one “no” or as many as possible?",
)
def shortest_overlap(left: list, right: list, *, max_shared: int) -> list:
    for length in range(1, min(len(left), len(right), max_shared) + 1):
        if left[-length:] == right[:length]:
            return left + right[length:]
    return left + right


@mutant(
    task="stitch_words",
    name="the words after the overlap lost",
    hint="You look for the run in the first `max_shared` words on the right. Do you join that list, or all words?",
)
def right_end_lost(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = true_seam(left, right, max_shared)
    return left[:i] + right[j:max_shared]


@mutant(
    task="stitch_words",
    name="every common word of the right window taken out",
    hint="The overlap is one place. What becomes of a common word that is spoken again later?",
)
def common_words_removed(left: list, right: list, *, max_shared: int) -> list:
    tail = left[max(len(left) - max_shared, 0) :]
    return left + [word for word in right[:max_shared] if word not in tail] + right[max_shared:]


@mutant(
    task="stitch_words",
    name="an overlap of any length, and the first of the longest runs",
    hint="What is `max_shared` for? And of equally long runs, which one counts on the left?",
)
def most_ignored_and_first(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = seam(left, right, len(left) + len(right), lambda a, b: a[0] > b[0])
    return left[:i] + right[j:]


def rules(a: tuple, b: tuple) -> bool:
    """Whether one run is better than another, by the rules."""
    return (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2])


def tail_of(left: list, max_shared: int) -> tuple[list, list]:
    """What comes before the overlap on the left, and what may be in it."""
    cut = max(len(left) - max_shared, 0)
    return left[:cut], left[cut:]


@mutant(
    task="stitch_words",
    name="ties settled on the right before the left",
    hint="Two runs are equally long. Which rule comes first: the last on the left, or the first on the right?",
)
def right_tie_first(left: list, right: list, *, max_shared: int) -> list:
    before, tail = tail_of(left, max_shared)
    better = lambda a, b: (a[0], -(a[2] - a[0]), a[1]) > (b[0], -(b[2] - b[0]), b[1])  # noqa: E731
    _, i, j = seam(tail, right[:max_shared], max_shared, better)
    return before + tail[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="a run anywhere on the left",
    hint="A word from the beginning of the left window cannot be in the overlap. Where do you look at `max_shared`?",
)
def left_unlimited(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = seam(left, right[:max_shared], len(left) + max_shared, rules)
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="a run anywhere on the right",
    hint="A word from the end of the right window cannot be in the overlap. Where do you look at `max_shared`?",
)
def right_unlimited(left: list, right: list, *, max_shared: int) -> list:
    before, tail = tail_of(left, max_shared)
    _, i, j = seam(tail, right, len(left) + len(right), rules)
    return before + tail[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="places in the last words taken for places in all",
    hint="You number the last `max_shared` words from 0. Which word of the whole left window is number 0?",
)
def offset_forgotten(left: list, right: list, *, max_shared: int) -> list:
    _, tail = tail_of(left, max_shared)
    length, i, j = seam(tail, right[:max_shared], max_shared, rules)
    return left[:i] + right[j:] if length else left + right


@mutant(
    task="stitch_words",
    name="as many words off the right as the run is long",
    hint="Where does the run begin on the right? Which words come before it, and do they belong there?",
)
def length_instead_of_place(left: list, right: list, *, max_shared: int) -> list:
    length, i, _ = true_seam(left, right, max_shared)
    return left[:i] + right[length:]


@mutant(
    task="stitch_words",
    name="the whole right window after the run",
    hint="The run is at the end of your left part. Where else is it?",
)
def whole_right_appended(left: list, right: list, *, max_shared: int) -> list:
    _, i, _ = true_seam(left, right, max_shared)
    return left[:i] + right


@mutant(
    task="stitch_words",
    name="the last words of the left lost where nothing is common",
    hint="Two windows without a common word: which words of the left one were not spoken?",
)
def tail_lost(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return left[:i] + right[j:] if length else left[: max(len(left) - max_shared, 0)] + right


@mutant(
    task="stitch_words",
    name="no run of a single word",
    hint="One word in common is a short run. Does the docstring ask for two?",
)
def two_words_at_least(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return left[:i] + right[j:] if length > 1 else left + right


@mutant(
    task="stitch_words",
    name="the last word of the left never compared",
    hint="range(…, len(left) − 1) ends before the last word. Can a run end with it?",
)
def last_word_never_compared(left: list, right: list, *, max_shared: int) -> list:
    before, tail = tail_of(left, max_shared)
    length, i, j = seam(tail[:-1], right, max_shared, rules)
    return before + tail[:i] + right[j:] if length else left + right


@mutant(
    task="stitch_words",
    name="the first word of the right never compared",
    hint="range(1, …) begins with the second word. Can a run begin with the first?",
)
def first_word_never_compared(left: list, right: list, *, max_shared: int) -> list:
    before, tail = tail_of(left, max_shared)
    length, i, j = seam(tail, right[1:max_shared], max_shared, rules)
    return before + tail[:i] + right[1 + j :] if length else left + right


@mutant(
    task="stitch_words",
    name="one word more than `max_shared` on both sides",
    hint="With max_shared = 4, how many words on the left do you look at?",
)
def one_more_than_most_words(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = true_seam(left, right, max_shared + 1)
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="one word fewer than `max_shared` on both sides",
    hint="With max_shared = 1, how many words on the left do you look at?",
)
def one_fewer_than_most_words(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = true_seam(left, right, max_shared - 1)
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="a place that becomes negative in a short text",
    hint="With five words and max_shared = 20, what is len(left) − max_shared, and what does a slice make of it?",
)
def negative_place(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = seam(left[-max_shared:], right[:max_shared], max_shared, rules)
    return left[: len(left) - max_shared + i] + right[j:] if length else left + right


@mutant(
    task="stitch_words",
    name="the run that ends last, however short",
    hint="A word in common may be chance. Which proves more: one word near the end, or five in a row?",
)
def last_run(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = seam(
        left, right, max_shared, lambda a, b: (a[1] if b[0] else a[1] + 1, a[0]) > (b[1] if b[0] else 0, b[0])
    )
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="equal neighbours merged",
    hint="“no no no” is three words. What is left of it?",
)
def neighbours_merged(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return [word for word, _ in itertools.groupby(left[:i] + right[j:])] if length else left + right


@mutant(
    task="stitch_words",
    name="one text instead of a list of words",
    hint="Which type does the docstring name? join makes one string of many.",
)
def one_string(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = true_seam(left, right, max_shared)
    return " ".join(left[:i] + right[j:])


@mutant(
    task="stitch_words",
    name="the largest of no runs at all",
    hint="What is the longest of no runs? Which two windows have none?",
)
def largest_of_nothing(left: list, right: list, *, max_shared: int) -> list:
    length, i, j = true_seam(left, right, max_shared)
    return left[:i] + right[j:] if length else max([])


@mutant(
    task="stitch_words",
    name="capital and small letters taken as equal",
    hint="Is “The” the same word as “the”? What does the docstring ask: equal words, or similar ones?",
)
def capitals_ignored(left: list, right: list, *, max_shared: int) -> list:
    _, i, j = true_seam([word.lower() for word in left], [word.lower() for word in right], max_shared)
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="a run found in the middle of a word",
    hint="“he” is in “the”, as letters. Do you look for words in a list of words, or for letters in a text?",
)
def letters_of_a_text(left: list, right: list, *, max_shared: int) -> list:
    before, tail = tail_of(left, max_shared)
    text = " ".join(right[:max_shared])
    for length in range(len(tail), 0, -1):
        for stop in range(len(tail), length - 1, -1):
            place = text.find(" ".join(tail[stop - length : stop]))
            if place >= 0:
                return before + tail[:stop] + right[text[:place].count(" ") + length :]
    return left + right


@mutant(
    task="stitch_words",
    name="the rest of the right window lost",
    hint="What was spoken after the overlap? Which of your two parts contains it?",
)
def right_rest_lost(left: list, right: list, *, max_shared: int) -> list:
    length, i, _ = true_seam(left, right, max_shared)
    return left[:i] if length else left + right


@mutant(
    task="stitch_words",
    name="half of the overlap from each side",
    hint="You cut where half of `max_shared` is over. Is that a place where both windows agree?",
)
def cut_in_the_middle(left: list, right: list, *, max_shared: int) -> list:
    half = max_shared // 2
    return left[: max(len(left) - half, 0)] + right[half:]


@mutant(
    task="stitch_words",
    name="`max_shared` words always taken off the right",
    hint="How many words were spoken in the overlap: `max_shared`, or at most `max_shared`?",
)
def most_words_off(left: list, right: list, *, max_shared: int) -> list:
    return left + right[max_shared:]


@mutant(
    task="greedy_decode",
    name="asking for one token more than is written",
    hint="When `max_new_tokens` tokens are written, what is left to ask? A real decoder has no place for another one.",
)
def asks_once_more(next_scores: Callable, prompt: list, *, end: int, max_new_tokens: int) -> list:
    written: list[int] = []
    best = int(np.argmax(next_scores(list(prompt))))
    while best != end and len(written) < max_new_tokens:
        written.append(best)
        best = int(np.argmax(next_scores([*prompt, *written])))
    return written


@mutant(
    task="greedy_decode",
    name="a search for the largest score that begins with 0",
    hint="Scores may be logarithms, all below 0. Which token do you find then?",
)
def largest_above_zero(next_scores: Callable, prompt: list, *, end: int, max_new_tokens: int) -> list:
    written: list[int] = []
    for _ in range(max_new_tokens):
        scores = next_scores([*prompt, *written])
        best = int(np.argmax(scores)) if np.max(scores) > 0 else 0
        if best == end:
            break
        written.append(best)
    return written
