"""Misconceptions about frames, levels in a spectrogram and the way back, as answers that people really give."""

from __future__ import annotations

import math

import numpy as np

from audiocourse.learn.checking.authoring import mutant

# ---------------------------------------------------------------- 1b.1 how many frames


@mutant(
    task="stft_frame_count",
    name="hops counted instead of frames",
    hint="A sound of exactly one frame: how many hops are there, and how many frames?",
)
def first_frame_forgotten(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return max(0, (padded - n_fft) // hop_length)


@mutant(
    task="stft_frame_count",
    name="a last frame that is not whole",
    hint="10 samples, frames of 4, a hop of 4: which samples does your last frame hold?",
)
def incomplete_frame_counted(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return 1 - (n_fft - padded) // hop_length if padded >= n_fft else 0


@mutant(
    task="stft_frame_count",
    name="a frame wherever a hop begins",
    hint="The last hop begins near the end. Is there room for n_fft samples from there?",
)
def every_start_counted(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return 1 + (padded - 1) // hop_length


@mutant(
    task="stft_frame_count",
    name="zeros that are never added",
    hint="Centred, frame 0 has its middle at sample 0. What fills its first half?",
)
def padding_forgotten(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    return max(0, 1 + (samples - n_fft) // hop_length)


@mutant(
    task="stft_frame_count",
    name="zeros that are always added",
    hint="What does center=False say about the first sample of frame 0?",
)
def always_padded(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    return 1 + (samples + 2 * (n_fft // 2) - n_fft) // hop_length


@mutant(
    task="stft_frame_count",
    name="zeros at one end only",
    hint="The last frame also wants its middle inside the sound. What comes after the last sample?",
)
def padded_in_front_only(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + n_fft // 2 if center else samples
    return max(0, 1 + (padded - n_fft) // hop_length)


@mutant(
    task="stft_frame_count",
    name="a whole window of zeros at each end",
    hint="Where is the middle of frame 0, if a whole window of zeros comes first?",
)
def padded_twice_as_much(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * n_fft if center else samples
    return max(0, 1 + (padded - n_fft) // hop_length)


@mutant(
    task="stft_frame_count",
    name="the rule for even windows on an odd one",
    hint="n_fft = 5: how many zeros are added in all, and is that n_fft?",
)
def as_if_even(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    return 1 + samples // hop_length if center else max(0, 1 + (samples - n_fft) // hop_length)


@mutant(
    task="stft_frame_count",
    name="at least one frame, even where none fits",
    hint="Three samples, frames of four, no zeros added: which whole frame do you count?",
)
def at_least_one(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return 1 + max(0, padded - n_fft) // hop_length


@mutant(
    task="stft_frame_count",
    name="a negative number of frames",
    hint="A sound much shorter than one frame: can there be fewer than no frames?",
)
def below_zero(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return 1 + (padded - n_fft) // hop_length


@mutant(
    task="stft_frame_count",
    name="the hop taken for the overlap",
    hint="With a hop of 3 and frames of 4, how far apart do two frames begin, and how much do they share?",
)
def hop_is_overlap(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return max(0, 1 + (padded - n_fft) // (n_fft - hop_length))


@mutant(
    task="stft_frame_count",
    name="a number of frames that is rounded up",
    hint="The last hop leads to a frame that is not whole. Does it count?",
)
def rounded_up(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return max(0, 1 + math.ceil((padded - n_fft) / hop_length))


@mutant(
    task="stft_frame_count",
    name="a number of frames that is rounded to the nearest",
    hint="Half a frame or more is left at the end. Does it count as a whole one?",
)
def to_the_nearest(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return max(0, round(1 + (padded - n_fft) / hop_length))


@mutant(
    task="stft_frame_count",
    name="a number of frames with a fraction",
    hint="3.7 frames: how many of them are whole? Which division of Python's gives whole numbers?",
)
def with_a_fraction(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return max(0, 1 + (padded - n_fft) / hop_length)


@mutant(
    task="stft_frame_count",
    name="samples divided by the hop",
    hint="A sound of exactly one frame: how many frames does your formula give?",
)
def hops_in_the_sound(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    return samples // hop_length


@mutant(
    task="stft_frame_count",
    name="1 + samples // hop, centred or not",
    hint="Without zeros at the ends, can a frame begin at the very last sample?",
)
def always_the_rule_of_thumb(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    return 1 + samples // hop_length


@mutant(
    task="stft_frame_count",
    name="int() of a negative number",
    hint="int(−0.5) is 0, and −0.5 rounded down is −1. How many frames has a sound shorter than one?",
)
def towards_zero(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return int(1 + (padded - n_fft) / hop_length)


@mutant(
    task="stft_frame_count",
    name="zeros where center is False",
    hint="When are zeros put at both ends: with center=True, or with center=False?",
)
def center_exchanged(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples if center else samples + 2 * (n_fft // 2)
    return max(0, 1 + (padded - n_fft) // hop_length)


@mutant(
    task="stft_frame_count",
    name="frames side by side",
    hint="With a hop below n_fft, neighbouring frames overlap. How far is it from the start of one to the next?",
)
def side_by_side(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    return (samples + 2 * (n_fft // 2) if center else samples) // n_fft


@mutant(
    task="stft_frame_count",
    name="a list of starts without its last",
    hint="range(0, 6, 2) ends before 6. Does a frame begin at sample 6, if it just fits?",
)
def range_without_its_end(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return len(range(0, max(0, padded - n_fft), hop_length))


@mutant(
    task="stft_frame_count",
    name="a division that only takes n_fft",
    hint="In which order are − and // evaluated? Where do brackets belong?",
)
def division_of_n_fft_only(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return max(0, 1 + padded - n_fft // hop_length)


@mutant(
    task="stft_frame_count",
    name="the first frame added before the division",
    hint="Is the 1 a frame or a sample? Does it belong inside the bracket that is divided?",
)
def one_added_before(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return max(0, (1 + padded - n_fft) // hop_length)


@mutant(
    task="stft_frame_count",
    name="a frame for each hop that begins in the sound",
    hint="The last hop begins near the end. Is there room for n_fft samples from there?",
)
def every_hop_of_the_sound(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    return -(-samples // hop_length)


@mutant(
    task="stft_frame_count",
    name="the number of rows instead of columns",
    hint="1 + n_fft // 2 is how many frequencies there are. Does it depend on how long the sound is?",
)
def rows_for_columns(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    return 1 + n_fft // 2


@mutant(
    task="stft_frame_count",
    name="a hop where the length of a frame is meant",
    hint="The first frame needs how many samples: hop_length or n_fft?",
)
def hop_for_the_frame(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return max(0, (padded - hop_length) // hop_length)


@mutant(
    task="stft_frame_count",
    name="hops that fit into the whole sound",
    hint="A sound of exactly one frame: how many frames does your formula give?",
)
def all_hops(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return padded // hop_length


@mutant(
    task="stft_frame_count",
    name="a frame wherever a whole hop begins",
    hint="The last hop begins near the end. Is there room for n_fft samples from there?",
)
def all_hops_and_one(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    padded = samples + 2 * (n_fft // 2) if center else samples
    return 1 + padded // hop_length


@mutant(
    task="stft_frame_count",
    name="a sound called too short before the zeros are added",
    hint="100 samples, frames of 512, centred: how many samples are there with the zeros?",
)
def too_short_before_the_zeros(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    if samples < n_fft:
        return 0
    padded = samples + 2 * (n_fft // 2) if center else samples
    return 1 + (padded - n_fft) // hop_length


@mutant(
    task="stft_frame_count",
    name="samples / hop_length rounded up, if centred",
    hint="Centred, with exactly 10 hops of sound: frame 0 has its middle at sample 0, and frame 10?",
)
def centred_rounded_up(samples: int, *, n_fft: int, hop_length: int, center: bool) -> int:
    if center:
        return math.ceil(samples / hop_length)
    return max(0, 1 + (samples - n_fft) // hop_length)


# ---------------------------------------------------------------- 1b.2 dB relative to full scale


def sine_amplitude(magnitude: np.ndarray, window: np.ndarray) -> np.ndarray:
    """|X| as the amplitude of a sine, with the edge rows counted once: the right scale, for mistakes made elsewhere."""
    amplitude = 2 * magnitude / window.sum()
    amplitude[[0, -1]] /= 2
    return amplitude


@mutant(
    task="magnitude_dbfs",
    name="10·log10 of an amplitude",
    hint="Half the amplitude is 6 dB less. How many dB less is it in your result?",
)
def amplitude_as_power(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 10 * np.log10(np.maximum(sine_amplitude(magnitude, window), 1e-10))


@mutant(
    task="magnitude_dbfs",
    name="only one of a sine's two waves",
    hint="You read −6 dB for a sine at full scale. Where is the other half of its amplitude?",
)
def mirror_image_forgotten(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(magnitude / window.sum(), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="N instead of the sum of the window",
    hint="A window weakens the samples at its ends. Do N weakened samples still add up to N times the amplitude?",
)
def divided_by_length(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(sine_amplitude(magnitude, np.ones(n_fft)), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="the loudest value as 0 dB",
    hint="The same sound 20 dB softer: does your result change?",
)
def relative_to_loudest(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    loudest = magnitude.max(initial=0.0) or 1.0
    return 20 * np.log10(np.maximum(magnitude / loudest, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="no reference at all",
    hint="A sine at full scale must read 0 dB with a window of 256 and of 4096. What do you read?",
)
def unscaled(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(magnitude, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="edge rows that are doubled as well",
    hint="A constant of 1: at how many frequencies, +f and −f, is it found?",
)
def edges_doubled(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(2 * magnitude / window.sum(), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="a last row that is doubled",
    hint="+1, −1, +1, … is a wave at half the rate. Does its mirror image lie in another row?",
)
def last_row_doubled(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    amplitude = 2 * magnitude / window.sum()
    amplitude[0] /= 2
    return 20 * np.log10(np.maximum(amplitude, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="first and last frames instead of first and last rows",
    hint="Shape (1 + n_fft // 2, frames): along which axis do the frequencies lie?",
)
def edges_in_time(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    amplitude = 2 * magnitude / window.sum()
    amplitude[:, [0, -1]] /= 2
    return 20 * np.log10(np.maximum(amplitude, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="the energy of the window instead of its sum",
    hint="In row k a sine's samples, weighted by the window, are added up. Is any window value squared on the way?",
)
def divided_by_energy(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(sine_amplitude(magnitude, np.square(window)), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="silence at minus infinity",
    hint="What is the logarithm of 0, and how low may a level be here?",
)
def no_floor(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return 20 * np.log10(sine_amplitude(magnitude, window))


@mutant(
    task="magnitude_dbfs",
    name="a floor that is added instead of held",
    hint="A level of −100 dB goes in and −94 dB comes out. What did you add to it?",
)
def floor_added(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(sine_amplitude(magnitude, window) + 1e-5)


@mutant(
    task="magnitude_dbfs",
    name="a floor of 1e-10 for an amplitude",
    hint="For a power, 1e-10 is −100 dB. How many dB is it for an amplitude?",
)
def floor_of_a_power(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(sine_amplitude(magnitude, window), 1e-10))


@mutant(
    task="magnitude_dbfs",
    name="10·log10 of an amplitude, held at −50 dB",
    hint="Half the amplitude is 6 dB less. How many dB less is it in your result?",
)
def amplitude_as_power_held_too_early(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 10 * np.log10(np.maximum(sine_amplitude(magnitude, window), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="N/2 instead of half the sum of the window",
    hint="A window weakens the samples at its ends. Do N of them still add up to N times the amplitude?",
)
def by_length_edges_doubled(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(2 * magnitude / n_fft, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="a first row that is doubled",
    hint="A constant is a wave of 0 Hz. Does its mirror image lie in another row?",
)
def first_row_doubled(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    amplitude = 2 * magnitude / window.sum()
    amplitude[-1] /= 2
    return 20 * np.log10(np.maximum(amplitude, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="a tiny number that is added, and a floor at −200 dB",
    hint="How many dB is 1e-10 for an amplitude? And how low may a level be here?",
)
def tiny_number_added(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(sine_amplitude(magnitude, window) + 1e-10)


@mutant(
    task="magnitude_dbfs",
    name="the mean of the window instead of its sum",
    hint="The transform adds up N samples. Does it divide by N anywhere?",
)
def divided_by_the_mean(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(sine_amplitude(magnitude, window / window.size), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="the natural logarithm",
    hint="A tenth of the amplitude is 20 dB less. How much is it with your logarithm?",
)
def natural_logarithm(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log(np.maximum(sine_amplitude(magnitude, window), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="a logarithm that is not multiplied",
    hint="A tenth of the amplitude: how much less is it in your result, and how much is it in dB?",
)
def bels(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return np.log10(np.maximum(sine_amplitude(magnitude, window), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="20·log10 of a power",
    hint="A tenth of the amplitude is a hundredth of the power. How many dB less is it in your result?",
)
def power_as_amplitude(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(sine_amplitude(magnitude, window) ** 2, 1e-10))


@mutant(
    task="magnitude_dbfs",
    name="20·log10 of a power, held at −100 dB",
    hint="A tenth of the amplitude is a hundredth of the power. How many dB less is it in your result?",
)
def power_as_amplitude_held_early(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(sine_amplitude(magnitude, window) ** 2, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="a half where a double is wanted",
    hint="A sine of amplitude A reads A · Σw / 2. To get A back, do you multiply by 2 or divide by it?",
)
def halved_instead_of_doubled(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(magnitude / 2 / window.sum(), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="edge rows that are 3 dB lower instead of 6",
    hint="The edge rows lack a factor of 2 in the amplitude. How many dB is that?",
)
def edges_three_decibels(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    levels = 20 * np.log10(np.maximum(2 * magnitude / window.sum(), 1e-5))
    levels[[0, -1]] = np.maximum(levels[[0, -1]] - 10 * np.log10(2), -100)
    return levels


@mutant(
    task="magnitude_dbfs",
    name="the RMS of a sine instead of its amplitude",
    hint="Which sine is to read 0 dB: the one with an amplitude of 1, or the one with an RMS of 1?",
)
def root_mean_square(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(sine_amplitude(magnitude, window) / np.sqrt(2), 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="the root of the window's energy instead of its sum",
    hint="That is the right factor for noise. In the row of a sine, do the weighted samples add up with the same sign?",
)
def by_the_root_of_the_energy(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    energy = np.sqrt(np.sum(np.square(window.astype(float))))
    return 20 * np.log10(np.maximum(sine_amplitude(magnitude, window) * window.sum() / energy, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="a floor of −80 dB",
    hint="A level of −90 dB: what do you return, and down to which level should a result go?",
)
def held_at_eighty(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return np.maximum(20 * np.log10(sine_amplitude(magnitude, window) + 1e-20), -80)


@mutant(
    task="magnitude_dbfs",
    name="edge rows doubled instead of all others",
    hint="Which rows have a mirror image elsewhere: the first and last, or those between?",
)
def only_the_edges_doubled(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    amplitude = magnitude / window.sum()
    amplitude[[0, -1]] *= 2
    return 20 * np.log10(np.maximum(amplitude, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="a floor of 1e-5 for a power",
    hint="For an amplitude, 1e-5 is −100 dB. How many dB is it for a power?",
)
def floor_of_an_amplitude(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 10 * np.log10(np.maximum(sine_amplitude(magnitude, window) ** 2, 1e-5))


@mutant(
    task="magnitude_dbfs",
    name="N alone instead of half the sum of the window",
    hint="You divide by N. Does the window weaken any samples, and is a sine one wave or two?",
)
def by_length_alone(magnitude: np.ndarray, *, window: np.ndarray, n_fft: int) -> np.ndarray:
    return 20 * np.log10(np.maximum(magnitude / n_fft, 1e-5))


# ---------------------------------------------------------------- 1b.3 overlap and add


def laid_over(columns: np.ndarray, hop_length: int) -> np.ndarray:
    """Add up columns, each at its place."""
    length, frames = columns.shape
    out = np.zeros(length + (frames - 1) * hop_length)
    for m in range(frames):
        out[m * hop_length : m * hop_length + length] += columns[:, m]
    return out


def divided(total: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """total / weight, and 0 where the weight is 0."""
    return np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)


@mutant(
    task="resynthesise",
    name="no division",
    hint="In the middle of the sound several windows overlap. By what is each sample multiplied in all?",
)
def never_divided(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    return laid_over(frames * window[:, None], hop_length)


@mutant(
    task="resynthesise",
    name="the sum of the windows instead of the sum of their squares",
    hint="How many times has each sample been multiplied by the window when it is added: once or twice?",
)
def window_not_squared(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(window[:, None].astype(float), frames.shape[1])
    return divided(laid_over(frames * window[:, None], hop_length), laid_over(weights, hop_length))


@mutant(
    task="resynthesise",
    name="a second multiplication by the window that is missing",
    hint="The frames carry the window once. The sum below the line carries its square: do the two belong together?",
)
def second_window_forgotten(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(np.square(window.astype(float))[:, None], frames.shape[1])
    return divided(laid_over(frames, hop_length), laid_over(weights, hop_length))


@mutant(
    task="resynthesise",
    name="a single window above and below the line",
    hint="It works as long as no one edits the frames. What happens at a frame's edges when its values are changed?",
)
def window_only_once(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(window[:, None].astype(float), frames.shape[1])
    return divided(laid_over(frames, hop_length), laid_over(weights, hop_length))


@mutant(
    task="resynthesise",
    name="a division by the number of frames that meet",
    hint="Two frames meet at a sample, one with weight 0.1, one with 0.9. Do they count the same?",
)
def divided_by_count(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    return divided(laid_over(frames * window[:, None], hop_length), laid_over(np.ones(frames.shape), hop_length))


@mutant(
    task="resynthesise",
    name="one divisor for all samples",
    hint="In the middle several windows overlap, at the ends only one. Is the divisor the same there?",
)
def constant_divisor(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    energy = float(np.sum(np.square(window.astype(float))))
    return laid_over(frames * window[:, None], hop_length) * hop_length / (energy or 1.0)


@mutant(
    task="resynthesise",
    name="the end of the last frame cut off",
    hint="The last frame begins at (frames − 1)·hop_length. Where does it end?",
)
def tail_cut_off(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(np.square(window.astype(float))[:, None], frames.shape[1])
    joined = divided(laid_over(frames * window[:, None], hop_length), laid_over(weights, hop_length))
    return joined[: frames.shape[1] * hop_length]


@mutant(
    task="resynthesise",
    name="frames that replace instead of add",
    hint="Two frames overlap. What is left of the first one after you have put the second one down?",
)
def replaced(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    length, count = frames.shape
    total = np.zeros(length + (count - 1) * hop_length)
    for m in range(count):
        total[m * hop_length : m * hop_length + length] = frames[:, m] * window
    weights = np.tile(np.square(window.astype(float))[:, None], count)
    return divided(total, laid_over(weights, hop_length))


@mutant(
    task="resynthesise",
    name="frames set end to end",
    hint="The frames overlapped when they were cut. At which sample does frame 1 begin?",
)
def end_to_end(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(np.square(window.astype(float))[:, None], frames.shape[1])
    return divided((frames * window[:, None]).T.reshape(-1).astype(float), weights.T.reshape(-1))


@mutant(
    task="resynthesise",
    name="a hop of half a window, whatever it was",
    hint="Which argument says how far apart the frames begin?",
)
def hop_of_half_a_window(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    hop = max(1, len(window) // 2)
    weights = np.tile(np.square(window.astype(float))[:, None], frames.shape[1])
    return divided(laid_over(frames * window[:, None], hop), laid_over(weights, hop))


@mutant(
    task="resynthesise",
    name="zero divided by zero",
    hint="A window may begin with 0. What do you divide by at the very first sample?",
)
def not_a_number(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(np.square(window.astype(float))[:, None], frames.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        return laid_over(frames * window[:, None], hop_length) / laid_over(weights, hop_length)


@mutant(
    task="resynthesise",
    name="a small number added under the line",
    hint="Near the ends the sum of the squares is as small as your number. By how much does the result change there?",
)
def small_number_added(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    n, count = frames.shape
    above, below = np.zeros(n + (count - 1) * hop_length), np.zeros(n + (count - 1) * hop_length)
    for m in range(count):
        here = slice(m * hop_length, m * hop_length + n)
        above[here] += window * frames[:, m]
        below[here] += window**2
    return above / (below + 1e-8)


@mutant(
    task="resynthesise",
    name="frames that are only added",
    hint="How often is each sample multiplied by the window in all, and by what must the sum be divided?",
)
def plain_overlap_add(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    return laid_over(frames, hop_length)


@mutant(
    task="resynthesise",
    name="a plain mean of the frames that meet",
    hint="Each frame still carries the window. What is the mean of a sample that two windows have weakened?",
)
def plain_mean(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    return divided(laid_over(frames.astype(float), hop_length), laid_over(np.ones(frames.shape), hop_length))


@mutant(
    task="resynthesise",
    name="weights that replace instead of add",
    hint="The samples are added up. Are the squared windows below the line added up as well?",
)
def weights_replaced(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    n, count = frames.shape
    weights = np.zeros(n + (count - 1) * hop_length)
    for m in range(count):
        weights[m * hop_length : m * hop_length + n] = window**2
    return divided(laid_over(frames * window[:, None], hop_length), weights)


@mutant(
    task="resynthesise",
    name="frames and weights that replace instead of add",
    hint="Two frames overlap. What is left of the first one after you have put the second one down?",
)
def both_replaced(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    n, count = frames.shape
    total, weights = np.zeros((2, n + (count - 1) * hop_length))
    for m in range(count):
        total[m * hop_length : m * hop_length + n] = frames[:, m] * window
        weights[m * hop_length : m * hop_length + n] = window**2
    return divided(total, weights)


@mutant(
    task="resynthesise",
    name="columns set end to end, as they are",
    hint="The frames overlapped when they were cut. At which sample does frame 1 begin?",
)
def flattened(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    return frames.T.reshape(-1)


@mutant(
    task="resynthesise",
    name="windowed columns set end to end",
    hint="The frames overlapped when they were cut. At which sample does frame 1 begin?",
)
def flattened_with_the_window(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    return (frames * window[:, None]).T.reshape(-1)


@mutant(
    task="resynthesise",
    name="room for one hop too many",
    hint="The first frame begins at 0. Where does the last of M frames begin: at M·hop or at (M − 1)·hop?",
)
def one_hop_too_long(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(np.square(window.astype(float))[:, None], frames.shape[1])
    joined = divided(laid_over(frames * window[:, None], hop_length), laid_over(weights, hop_length))
    return np.concatenate([joined, np.zeros(hop_length)])


@mutant(
    task="resynthesise",
    name="the energy of one window below the line",
    hint="At a given sample, which values of the windows are above it? Is their sum the sum over a whole window?",
)
def by_the_energy_of_one_window(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    return laid_over(frames * window[:, None], hop_length) / np.sum(np.square(window.astype(float)))


@mutant(
    task="resynthesise",
    name="the window divided out of each frame",
    hint="After the division every frame is complete. Two of them overlap and are added: how loud is their sum?",
)
def window_taken_off_first(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    once = np.tile(window[:, None].astype(float), frames.shape[1])
    return laid_over(divided(frames.astype(float), once), hop_length)


@mutant(
    task="resynthesise",
    name="a last frame that is not added",
    hint="range(count − 1) ends early. How many frames do you add, and how many are there?",
)
def last_frame_forgotten(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    kept = frames * window[:, None]
    weights = np.tile(np.square(window.astype(float))[:, None], frames.shape[1])
    kept[:, -1] = weights[:, -1] = 0
    return divided(laid_over(kept, hop_length), laid_over(weights, hop_length))


@mutant(
    task="resynthesise",
    name="the root of the sum of squares",
    hint="Above the line is w · w · y. By what must Σw² · y be divided to leave y?",
)
def root_of_the_squares(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(np.square(window.astype(float))[:, None], frames.shape[1])
    return divided(laid_over(frames * window[:, None], hop_length), np.sqrt(laid_over(weights, hop_length)))


@mutant(
    task="resynthesise",
    name="the square of the sum of the windows",
    hint="Two windows meet with 0.5 each. Is 0.5² + 0.5² the same as (0.5 + 0.5)²?",
)
def square_of_the_sum(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(window[:, None].astype(float), frames.shape[1])
    return divided(laid_over(frames * window[:, None], hop_length), laid_over(weights, hop_length) ** 2)


@mutant(
    task="resynthesise",
    name="a window that is multiplied three times",
    hint="The frames already carry the window once. How often is it multiplied in all, and how often below the line?",
)
def window_three_times(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = np.tile(np.square(window.astype(float))[:, None], frames.shape[1])
    return divided(laid_over(frames * window[:, None] ** 2, hop_length), laid_over(weights, hop_length))


@mutant(
    task="resynthesise",
    name="small weights taken for 0",
    hint="Near the ends the weights are small, and so are the sums above them. What is their quotient?",
)
def small_weights_silenced(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = laid_over(np.tile(np.square(window.astype(float))[:, None], frames.shape[1]), hop_length)
    return np.where(weights > 1e-3, divided(laid_over(frames * window[:, None], hop_length), weights), 0)


@mutant(
    task="resynthesise",
    name="weights held at a thousandth or more",
    hint="Near the ends the weights are below your limit. By how much does the result change there?",
)
def weights_held_at_a_thousandth(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = laid_over(np.tile(np.square(window.astype(float))[:, None], frames.shape[1]), hop_length)
    return laid_over(frames * window[:, None], hop_length) / np.maximum(weights, 1e-3)


@mutant(
    task="resynthesise",
    name="the largest weight for all samples",
    hint="In the middle several windows overlap, at the ends only one. Is the divisor the same there?",
)
def largest_weight(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    weights = laid_over(np.tile(np.square(window.astype(float))[:, None], frames.shape[1]), hop_length)
    return laid_over(frames * window[:, None], hop_length) / weights.max()


@mutant(
    task="resynthesise",
    name="the number of frames that overlap in the middle",
    hint="N / hop frames meet at a sample. Is each of them there at full height?",
)
def frames_that_overlap(frames: np.ndarray, window: np.ndarray, *, hop_length: int) -> np.ndarray:
    return laid_over(frames * window[:, None], hop_length) / (len(window) / hop_length)
