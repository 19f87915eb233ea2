"""Misconceptions about aliases, fewer samples and rounding, as answers that people really give."""

from __future__ import annotations

import numpy as np

from audiocourse import signal
from audiocourse.learn.checking.authoring import mutant

# ---------------------------------------------------------------- 1a.1 aliases


@mutant(
    task="alias_frequency",
    name="a remainder that is never folded back",
    hint="At a rate of 8000 Hz, is 7000 Hz closer to 0 Hz or to 8000 Hz, and what is its distance to that?",
)
def remainder_only(hz: float, *, sr: int) -> float:
    return float(hz % sr)


@mutant(
    task="alias_frequency",
    name="a tone that is held at half the rate",
    hint="A siren rises through half the rate and on. Does its alias stay where it is?",
)
def held_at_half(hz: float, *, sr: int) -> float:
    return float(min(hz, sr / 2))


@mutant(
    task="alias_frequency",
    name="a single fold",
    hint="Try a tone at three times the rate: is your answer still at or below half the rate?",
)
def folded_once(hz: float, *, sr: int) -> float:
    return float(hz if hz <= sr / 2 else abs(sr - hz))


@mutant(
    task="alias_frequency",
    name="a tone that keeps its name",
    hint="Can samples at 8000 Hz tell 9000 Hz from 1000 Hz? Write down a few of each.",
)
def unchanged(hz: float, *, sr: int) -> float:
    return float(hz)


@mutant(
    task="alias_frequency",
    name="a mirror at the rate instead of at half of it",
    hint="At a rate of 8000 Hz, what is the highest frequency that your function can return, and can it be heard?",
)
def folded_at_the_rate(hz: float, *, sr: int) -> float:
    remainder = hz % (2 * sr)
    return float(min(remainder, 2 * sr - remainder))


@mutant(
    task="alias_frequency",
    name="a remainder by half the rate",
    hint="A tone a little above half the rate: does it come back near 0 Hz or just below half the rate?",
)
def starts_again_at_half(hz: float, *, sr: int) -> float:
    return float(hz if hz <= sr / 2 else hz % (sr / 2))


@mutant(
    task="alias_frequency",
    name="silence above half the rate",
    hint="There is no filter. What removes the tone before it is sampled?",
)
def not_heard(hz: float, *, sr: int) -> float:
    return float(hz) if hz <= sr / 2 else 0.0


@mutant(
    task="alias_frequency",
    name="a negative frequency",
    hint="A cosine at −1000 Hz and one at 1000 Hz: which samples differ?",
)
def signed(hz: float, *, sr: int) -> float:
    remainder = float(hz % sr)
    return remainder if remainder <= sr / 2 else remainder - sr


@mutant(
    task="alias_frequency",
    name="a mirror image in every interval of half the rate",
    hint="A siren rises from 0 Hz to twice the rate. When its alias arrives at 0 Hz again, where can it go next?",
)
def always_falling(hz: float, *, sr: int) -> float:
    return float(hz if hz <= sr / 2 else sr / 2 - hz % (sr / 2))


@mutant(
    task="alias_frequency",
    name="a mirror that goes on below zero",
    hint="A tone at 1.2 times the rate: is your answer a frequency that can be heard?",
)
def below_zero(hz: float, *, sr: int) -> float:
    return float(hz if hz <= sr / 2 else sr - hz)


@mutant(
    task="alias_frequency",
    name="a remainder by half the rate, even at half the rate",
    hint="A tone a little above half the rate: does it come back near 0 Hz or just below half the rate?",
)
def remainder_of_half(hz: float, *, sr: int) -> float:
    return float(hz % (sr / 2))


@mutant(
    task="alias_frequency",
    name="a distance that keeps its sign",
    hint="A cosine at −1000 Hz and one at 1000 Hz: which samples differ?",
)
def rounded_but_signed(hz: float, *, sr: int) -> float:
    return float(hz - sr * round(hz / sr))


@mutant(
    task="alias_frequency",
    name="the distance to the next multiple above",
    hint="A tone of 100 Hz at a rate of 8000 Hz: which multiple of the rate is nearest, 0 or 8000?",
)
def next_multiple(hz: float, *, sr: int) -> float:
    return float(abs(hz - sr * np.ceil(hz / sr)))


@mutant(
    task="alias_frequency",
    name="a mirror image where none is needed",
    hint="A tone far below half the rate: does sampling change it?",
)
def always_mirrored(hz: float, *, sr: int) -> float:
    return float(sr - hz % sr)


@mutant(
    task="alias_frequency",
    name="the rate subtracted once, and the sign kept",
    hint="5000 Hz at a rate of 8000 Hz: is your answer a frequency that can be heard?",
)
def rate_taken_once(hz: float, *, sr: int) -> float:
    return float(hz if hz <= sr / 2 else hz - sr)


@mutant(
    task="alias_frequency",
    name="half the rate subtracted as often as needed",
    hint="Subtracting which number changes no sample: the rate, or half of it?",
)
def halves_taken_away(hz: float, *, sr: int) -> float:
    while hz > sr / 2:
        hz -= sr / 2
    return float(hz)


@mutant(
    task="alias_frequency",
    name="a frequency cut to whole hertz",
    hint="A tone of 440.7 Hz at 16 000 Hz: where is it heard?",
)
def whole_hertz(hz: float, *, sr: int) -> float:
    return int(abs(hz - sr * round(hz / sr)))


@mutant(
    task="alias_frequency",
    name="half the rate subtracted once",
    hint="A tone a little above half the rate: does it come back near 0 Hz or just below half the rate?",
)
def half_taken_once(hz: float, *, sr: int) -> float:
    return float(hz if hz <= sr / 2 else hz - sr / 2)


@mutant(
    task="alias_frequency",
    name="half of an odd rate cut to a whole number",
    hint="A rate of 11 025 Hz: what is half of it, and what does // make of that?",
)
def half_of_an_odd_rate(hz: float, *, sr: int) -> float:
    turns, rest = divmod(hz, sr // 2)
    return float(rest if turns % 2 == 0 else sr // 2 - rest)


@mutant(
    task="alias_frequency",
    name="a frequency rounded to whole hertz",
    hint="A tone of 440.7 Hz at 16 000 Hz: where is it heard?",
)
def nearest_hertz(hz: float, *, sr: int) -> float:
    return round(abs(hz - sr * round(hz / sr)))


@mutant(
    task="alias_frequency",
    name="half the rate lost between two strict comparisons",
    hint="Neither < nor > holds at exactly half the rate. What do you return there?",
)
def between_two_comparisons(hz: float, *, sr: int) -> float:
    rest = hz % sr
    if rest < sr / 2:
        return float(rest)
    return float(sr - rest) if rest > sr / 2 else 0.0


# ---------------------------------------------------------------- 1a.2 decimate


@mutant(
    task="decimate",
    name="nothing removed before samples are dropped",
    hint="Where does a tone above half of the new rate go if nothing removes it?",
)
def no_filter(y: np.ndarray, *, factor: int) -> np.ndarray:
    return y[::factor].copy()


@mutant(
    task="decimate",
    name="a filter after the samples are dropped",
    hint="Once 9000 Hz has become 1000 Hz, can any filter tell it from a real 1000 Hz?",
)
def filter_too_late(y: np.ndarray, *, factor: int) -> np.ndarray:
    if factor == 1:
        return y.copy()
    weights = signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1)
    return signal.filter_fir(y[::factor].copy(), weights).astype(np.float32)


@mutant(
    task="decimate",
    name="a cut-off at the new rate instead of at half of it",
    hint="From 48 kHz to 16 kHz: what is the highest tone that 16 000 samples per second can hold?",
)
def cutoff_at_new_rate(y: np.ndarray, *, factor: int) -> np.ndarray:
    weights = signal.lowpass(1 / factor, sr=1, taps=60 * factor + 1)
    return signal.filter_fir(y, weights)[::factor].astype(np.float32)


@mutant(
    task="decimate",
    name="a cut-off at half of what still fits",
    hint="A tone at three quarters of half the new rate still fits. Does it come through your filter?",
)
def cutoff_too_low(y: np.ndarray, *, factor: int) -> np.ndarray:
    weights = signal.lowpass(0.25 / factor, sr=1, taps=60 * factor + 1)
    return signal.filter_fir(y, weights)[::factor].astype(np.float32)


@mutant(
    task="decimate",
    name="the mean of each block",
    hint="How much softer does your mean make a tone above half of the new rate? And is a block's mean at its start?",
)
def mean_of_blocks(y: np.ndarray, *, factor: int) -> np.ndarray:
    starts = np.arange(0, len(y), factor)
    return np.array([y[start : start + factor].mean() for start in starts], dtype=np.float32)


@mutant(
    task="decimate",
    name="a running mean as a filter",
    hint="Equal weights make the simplest filter. By how many dB does yours weaken what must go, and what must stay?",
)
def running_mean(y: np.ndarray, *, factor: int) -> np.ndarray:
    taps = 2 * factor + 1
    full = np.convolve(y, np.full(taps, 1 / taps))
    return full[factor : factor + len(y)][::factor].astype(np.float32)


@mutant(
    task="decimate",
    name="a filter with a delay",
    hint="A click in the middle of silence: where is it loudest in your result, and where should it be?",
)
def delayed(y: np.ndarray, *, factor: int) -> np.ndarray:
    if factor == 1:
        return y.copy()
    weights = signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1)
    return np.convolve(y, weights)[: len(y)][::factor].astype(np.float32)


@mutant(
    task="decimate",
    name="a delay corrected by one sample too few",
    hint="A filter of K weights delays by (K − 1) / 2 samples. How many do you drop at the start?",
)
def one_sample_late(y: np.ndarray, *, factor: int) -> np.ndarray:
    if factor == 1:
        return y.copy()
    weights = signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1)
    return np.convolve(y, weights)[30 * factor - 1 :][: len(y)][::factor].astype(np.float32)


@mutant(
    task="decimate",
    name="too few weights for the factor",
    hint="The same 21 weights for every factor: how many periods of the lowest tone that must go do they cover?",
)
def too_few_taps(y: np.ndarray, *, factor: int) -> np.ndarray:
    if factor == 1:
        return y.copy()
    return signal.filter_fir(y, signal.lowpass(0.5 / factor, sr=1, taps=21))[::factor].astype(np.float32)


@mutant(
    task="decimate",
    name="weights that do not add up to one",
    hint="Feed in a constant 1. What comes out, and what is the sum of your weights?",
)
def level_changed(y: np.ndarray, *, factor: int) -> np.ndarray:
    if factor == 1:
        return y.copy()
    weights = factor * signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1)  # a bare sinc with 1 in the middle
    return signal.filter_fir(y, weights)[::factor].astype(np.float32)


@mutant(
    task="decimate",
    name="a last, incomplete block that is lost",
    hint="Ten samples, a factor of 4: samples 0, 4 and 8 exist. How many do you return?",
)
def tail_lost(y: np.ndarray, *, factor: int) -> np.ndarray:
    if factor == 1:
        return y.copy()
    weights = signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1)
    return signal.filter_fir(y, weights)[::factor][: len(y) // factor].astype(np.float32)


@mutant(
    task="decimate",
    name="the last sample of each block instead of the first",
    hint="Is the sample at time 0 still the sample at time 0 in your result?",
)
def last_of_each_block(y: np.ndarray, *, factor: int) -> np.ndarray:
    if factor == 1:
        return y.copy()
    weights = signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1)
    padded = np.concatenate([y, np.zeros(factor - 1, dtype=y.dtype)])
    return signal.filter_fir(padded, weights)[factor - 1 :: factor].astype(np.float32)


@mutant(
    task="decimate",
    name="a cut-off at half of the old rate",
    hint="Which tones does your filter stop? Which must it stop, if only every fourth sample is kept?",
)
def nothing_stopped(y: np.ndarray, *, factor: int) -> np.ndarray:
    weights = signal.lowpass(0.499, sr=1, taps=60 * factor + 1)
    return signal.filter_fir(y, weights)[::factor]


@mutant(
    task="decimate",
    name="the mean of each whole block",
    hint="The last block may be incomplete. And how much softer does a mean make a tone above half of the new rate?",
)
def mean_of_whole_blocks(y: np.ndarray, *, factor: int) -> np.ndarray:
    return y[: len(y) // factor * factor].reshape(-1, factor).mean(axis=1)


@mutant(
    task="decimate",
    name="a mean of `factor` samples as a filter",
    hint="An even number of equal weights has no middle. Where does the mean of samples 3 and 4 belong?",
)
def box(y: np.ndarray, *, factor: int) -> np.ndarray:
    return np.convolve(y, np.ones(factor) / factor, "same")[::factor]


@mutant(
    task="decimate",
    name="a convolution that is longer than the sound",
    hint="np.convolve returns len(y) + taps − 1 samples. Which of them do you want?",
)
def tail_of_the_filter(y: np.ndarray, *, factor: int) -> np.ndarray:
    return np.convolve(y, signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1))[::factor]


@mutant(
    task="decimate",
    name="a convolution that is shorter than the sound",
    hint='mode="valid" leaves out taps − 1 samples. Which ones, and at what time does your first one lie?',
)
def ends_of_the_sound_lost(y: np.ndarray, *, factor: int) -> np.ndarray:
    return np.convolve(y, signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1), "valid")[::factor]


@mutant(
    task="decimate",
    name="a hundred weights for every factor",
    hint="The lower the cut-off, the longer the filter must be. What happens at a factor of 6 or 8?",
)
def hundred_taps(y: np.ndarray, *, factor: int) -> np.ndarray:
    return signal.filter_fir(y, signal.lowpass(0.5 / factor, sr=1, taps=101))[::factor]


@mutant(
    task="decimate",
    name="some thirty weights for every factor",
    hint="Thirty weights: how many periods of a tone at half the new rate do they cover if the factor is 8?",
)
def thirty_taps(y: np.ndarray, *, factor: int) -> np.ndarray:
    return signal.filter_fir(y, signal.lowpass(0.5 / factor, sr=1, taps=31))[::factor]


@mutant(
    task="decimate",
    name="a filter, and no sample dropped",
    hint="How many samples did you get, and how many do you return?",
)
def never_dropped(y: np.ndarray, *, factor: int) -> np.ndarray:
    return signal.filter_fir(y, signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1))


@mutant(
    task="decimate",
    name="the last sample of each whole block",
    hint="Is the sample at time 0 still the sample at time 0 in your result? And what becomes of the last block?",
)
def starts_at_the_end_of_a_block(y: np.ndarray, *, factor: int) -> np.ndarray:
    return signal.filter_fir(y, signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1))[factor - 1 :: factor]


@mutant(
    task="decimate",
    name="a start at sample 1",
    hint="Python counts from 0. Which sample is your first?",
)
def starts_one_late(y: np.ndarray, *, factor: int) -> np.ndarray:
    return signal.filter_fir(y, signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1))[1::factor]


@mutant(
    task="decimate",
    name="a cut-off for a factor of 4, whatever was asked for",
    hint="What is half of the new rate if the factor is 2, and if it is 8?",
)
def quarter_always(y: np.ndarray, *, factor: int) -> np.ndarray:
    return signal.filter_fir(y, signal.lowpass(0.125, sr=1, taps=241))[::factor]


@mutant(
    task="decimate",
    name="the first samples instead of every `factor`-th",
    hint="y[:n] and y[::n]: which of them is at half the speed?",
)
def first_samples_only(y: np.ndarray, *, factor: int) -> np.ndarray:
    return signal.filter_fir(y, signal.lowpass(0.5 / factor, sr=1, taps=60 * factor + 1))[: len(y) // factor]


@mutant(
    task="decimate",
    name="a spectrum that is cut off and not scaled",
    hint="A shorter inverse transform divides by a smaller N. By how much does the level change?",
)
def spectrum_cut_off(y: np.ndarray, *, factor: int) -> np.ndarray:
    return np.fft.irfft(np.fft.rfft(y)[: len(y) // (2 * factor) + 1], n=-(-len(y) // factor))


# ---------------------------------------------------------------- 1a.3 quantise


@mutant(
    task="quantise",
    name="values cut towards zero",
    hint="A sample lies at 0.9 steps. Which value is nearer, 0 or 1 step, and which do you return?",
)
def cut_towards_zero(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return np.clip(np.trunc(y.astype(np.float64) * half), -half, half - 1) / half


@mutant(
    task="quantise",
    name="values always moved down",
    hint="What is the mean of your error over many samples, and what should it be?",
)
def moved_down(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return np.clip(np.floor(y.astype(np.float64) * half), -half, half - 1) / half


@mutant(
    task="quantise",
    name="values spread evenly from −1 to 1",
    hint="Silence goes in. Is 0 one of your values?",
)
def one_step_less(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / (2**bits - 1)
    return np.round((np.clip(y.astype(np.float64), -1, 1) + 1) / step) * step - 1


@mutant(
    task="quantise",
    name="a top value that does not exist",
    hint="Count your values, from −1 up, with 2 bits. Are there four?",
)
def reaches_one(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return np.round(np.clip(y.astype(np.float64), -1, 1) * half) / half


@mutant(
    task="quantise",
    name="samples beyond the end that wrap around",
    hint="A sample a little above the last value: does it come out loud and positive, or loud and negative?",
)
def wrapped(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return ((np.round(y.astype(np.float64) * half) + half) % (2 * half) - half) / half


@mutant(
    task="quantise",
    name="samples beyond the end that are let through",
    hint="A sample of 1.5 goes in. Is what comes out one of the 2**bits values?",
)
def not_held(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return np.round(y.astype(np.float64) * half) / half


@mutant(
    task="quantise",
    name="one bit too many",
    hint="From −1 to 1 is a distance of 2, not of 1. How many values do you get with 3 bits?",
)
def step_half_as_large(y: np.ndarray, *, bits: int) -> np.ndarray:
    steps = 2**bits
    return np.clip(np.round(y.astype(np.float64) * steps), -steps, steps - 1) / steps


@mutant(
    task="quantise",
    name="one bit too few",
    hint="The 2**bits values already include the negative ones. How many do you get with 3 bits?",
)
def step_twice_as_large(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 4 / 2**bits
    return np.clip(np.round(y.astype(np.float64) / step) * step, -1, 1 - step)


@mutant(
    task="quantise",
    name="a loudest sample moved to full scale",
    hint="A whisper goes in. Who asked for a shout?",
)
def scaled_by_loudest(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    loudest = np.abs(y).max(initial=0.0) or 1.0
    return np.clip(np.round(y.astype(np.float64) / loudest * half), -half, half - 1) / half


@mutant(
    task="quantise",
    name="the same number of values on both sides of zero",
    hint="A sample of exactly −1 goes in. Is −1 one of the 2**bits values?",
)
def same_on_both_sides(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return np.clip(np.round(y.astype(np.float64) * half), 1 - half, half - 1) / half


@mutant(
    task="quantise",
    name="the middle of each step, so that no value is zero",
    hint="With one value half a step above zero and one half a step below: where does silence go?",
)
def middle_of_step(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return (np.clip(np.floor(y.astype(np.float64) * half), -half, half - 1) + 0.5) / half


@mutant(
    task="quantise",
    name="a number of steps instead of a value",
    hint="How loud is your result compared with what went in? What is one step worth?",
)
def counts_steps(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return np.clip(np.round(y.astype(np.float64) * half), -half, half - 1)


@mutant(
    task="quantise",
    name="values always moved up",
    hint="What is the mean of your error over many samples, and what should it be?",
)
def moved_up(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return np.clip(np.ceil(y.astype(np.float64) * half), -half, half - 1) / half


@mutant(
    task="quantise",
    name="a step of 2 / (2**bits − 1)",
    hint="From −1 to 1 − Δ there are 2**bits values. How many steps lie from −1 to 1?",
)
def one_value_less(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / (2**bits - 1)
    return np.clip(np.round(y / step) * step, -1, 1)


@mutant(
    task="quantise",
    name="the largest whole number as full scale",
    hint="With 8 bits you multiply by 127. Where does −1 go, and how large is your step?",
)
def largest_integer(y: np.ndarray, *, bits: int) -> np.ndarray:
    half = 2 ** (bits - 1)
    return np.clip(np.round(y * (half - 1)) / (half - 1), -1, 1)


@mutant(
    task="quantise",
    name="a number of steps that is not held",
    hint="What is one step worth, and which is the last one?",
)
def counts_steps_freely(y: np.ndarray, *, bits: int) -> np.ndarray:
    return np.round(y.astype(np.float64) * 2 ** (bits - 1))


@mutant(
    task="quantise",
    name="16 bits, whatever was asked for",
    hint="Which line of yours looks at bits?",
)
def sixteen_bits(y: np.ndarray, *, bits: int) -> np.ndarray:
    return np.round(y * 32767) / 32767


@mutant(
    task="quantise",
    name="a number of decimals instead of bits",
    hint="np.round(y, 3) keeps three decimals. How many different values between 0 and 1 is that?",
)
def decimals(y: np.ndarray, *, bits: int) -> np.ndarray:
    return np.clip(np.round(y.astype(np.float64), bits), -1, 1 - 2 / 2**bits)


@mutant(
    task="quantise",
    name="values spread evenly from −1 to 1, and on beyond",
    hint="Silence goes in. Is 0 one of your values? And what becomes of a sample of 1.5?",
)
def spread_evenly_and_not_held(y: np.ndarray, *, bits: int) -> np.ndarray:
    return np.round((y + 1) / 2 * (2**bits - 1)) / (2**bits - 1) * 2 - 1


@mutant(
    task="quantise",
    name="values cut towards zero, and on beyond the end",
    hint="A sample lies at 0.9 steps. Which value is nearer, 0 or 1 step? And what becomes of a sample of 1.5?",
)
def cut_and_not_held(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / 2**bits
    return (y.astype(np.float64) / step).astype(int) * step


@mutant(
    task="quantise",
    name="values always moved down, up to 1",
    hint="What is the mean of your error over many samples? And is 1 one of the values?",
)
def down_to_one(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / 2**bits
    return np.clip(np.floor(y.astype(np.float64) / step) * step, -1, 1)


@mutant(
    task="quantise",
    name="a lower end that is not held",
    hint="A sample of −3 goes in. Is what comes out one of the 2**bits values?",
)
def held_above_only(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / 2**bits
    return np.minimum(np.round(y.astype(np.float64) / step) * step, 1 - step)


@mutant(
    task="quantise",
    name="an upper end that is not held",
    hint="A sample of 3 goes in. Is what comes out one of the 2**bits values?",
)
def held_below_only(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / 2**bits
    return np.maximum(np.round(y.astype(np.float64) / step) * step, -1)


@mutant(
    task="quantise",
    name="the nearest of 2**bits values from −1 to 1",
    hint="np.linspace(−1, 1, 8): is 0 among its values? How far apart are they?",
)
def nearest_of_linspace(y: np.ndarray, *, bits: int) -> np.ndarray:
    values = np.linspace(-1, 1, 2**bits)
    return values[np.abs(y.astype(np.float64)[:, None] - values).argmin(axis=1)]


@mutant(
    task="quantise",
    name="2 · bits values instead of 2**bits",
    hint="Each bit more: does it add two values, or double their number?",
)
def two_times_bits(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / (2 * bits)
    return np.clip(np.round(y / step) * step, -1, 1 - step)


@mutant(
    task="quantise",
    name="the middle of each step, up to 1",
    hint="Silence goes in. Is 0 one of your values?",
)
def middle_up_to_one(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / 2**bits
    return np.clip((np.floor(y.astype(np.float64) / step) + 0.5) * step, -1, 1)


@mutant(
    task="quantise",
    name="samples that are held but never rounded",
    hint="How many different values can your result take?",
)
def never_rounded(y: np.ndarray, *, bits: int) -> np.ndarray:
    return np.clip(y, -1, 1 - 2 / 2**bits)


@mutant(
    task="quantise",
    name="steps that are held as if they were values",
    hint="You round to a number of steps. Is the last one 1 − Δ steps?",
)
def steps_held_at_one(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / 2**bits
    return np.clip(np.round(y / step), -1, 1 - step)


@mutant(
    task="quantise",
    name="values always moved down, and on beyond the end",
    hint="What is the mean of your error over many samples? And what becomes of a sample of 1.5?",
)
def down_and_not_held(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / 2**bits
    return np.floor(y.astype(np.float64) / step) * step


@mutant(
    task="quantise",
    name="the middle of each step, and on beyond the end",
    hint="Silence goes in. Is 0 one of your values? And what becomes of a sample of 1.5?",
)
def middle_and_not_held(y: np.ndarray, *, bits: int) -> np.ndarray:
    step = 2 / 2**bits
    return np.floor(y.astype(np.float64) / step) * step + step / 2


@mutant(
    task="quantise",
    name="one bit too many, and on beyond the end",
    hint="From −1 to 1 is a distance of 2, not of 1. And what becomes of a sample of 1.5?",
)
def one_bit_too_many_not_held(y: np.ndarray, *, bits: int) -> np.ndarray:
    return np.round(y.astype(np.float64) * 2**bits) / 2**bits
