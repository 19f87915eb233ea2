"""Misconceptions about frames, levels in a spectrogram and the way back, as answers that people really give."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.authoring import mutant

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
    hint="The last frame also wants its middle inside the sound. What lies behind the last sample?",
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
    return max(0, 1 + (padded - n_fft) // max(1, n_fft - hop_length))


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
    hint="It fits while nobody edits the frames. What happens at a frame's edges when its values are changed?",
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
