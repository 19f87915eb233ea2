"""Misconceptions about voice activity detection, as answers that people really give."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from audiocourse.learn.checking.authoring import Segment, mutant

# ---------------------------------------------------------------- 5.1 level of a frame


@mutant(
    task="frame_level_db",
    name="20·log10 of a power, limited to −100 dB afterwards",
    hint="Ten times the amplitude is 20 dB. How many dB is ten times the power?",
)
def power_as_amplitude(frames: np.ndarray) -> np.ndarray:
    return np.maximum(20 * np.log10(np.mean(frames**2, axis=0)), -100)


@mutant(
    task="frame_level_db",
    name="10·log10 of an amplitude",
    hint="You took a square root. Is the result a power or an amplitude, and to which of them does the factor 10 "
    "belong?",
)
def amplitude_as_power(frames: np.ndarray) -> np.ndarray:
    rms = np.sqrt(np.mean(frames**2, axis=0))
    return 10 * np.log10(np.maximum(rms, 1e-10))


@mutant(
    task="frame_level_db",
    name="a sum of squares instead of their mean",
    hint="Hold a steady tone for twice as long. Does it get louder?",
)
def sum_without_mean(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.sum(frames**2, axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="a mean across frames instead of within each frame",
    hint="A column is one frame. Which axis of the matrix runs down a column?",
)
def mean_along_the_wrong_axis(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.mean(frames**2, axis=1), 1e-10))


@mutant(
    task="frame_level_db",
    name="one level for all frames together",
    hint="The detector decides frame by frame. How many levels does it need, and how many do you return?",
)
def one_level_for_all(frames: np.ndarray) -> np.ndarray:
    return np.asarray(10 * np.log10(max(np.mean(frames**2), 1e-10)))


@mutant(
    task="frame_level_db",
    name="a mean of decibels instead of the decibels of a mean",
    hint="One sample at 0 dB, one at −100 dB: is their mean power at −50 dB? Which comes first, mean or logarithm?",
)
def mean_of_decibels(frames: np.ndarray) -> np.ndarray:
    return np.mean(10 * np.log10(np.maximum(frames**2, 1e-10)), axis=0)


@mutant(
    task="frame_level_db",
    name="the natural logarithm",
    hint="A decibel is a tenth of a power of ten. Which base does np.log use?",
)
def natural_logarithm(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log(np.maximum(np.mean(frames**2, axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="levels relative to the loudest frame",
    hint="0 dB is full scale, an amplitude of 1. What does 0 dB mean in your result, and where is it when all frames "
    "are soft?",
)
def relative_to_the_loudest(frames: np.ndarray) -> np.ndarray:
    level = 10 * np.log10(np.maximum(np.mean(frames**2, axis=0), 1e-10))
    return np.maximum(level - level.max(), -100)


@mutant(
    task="frame_level_db",
    name="the peak instead of the mean square",
    hint="A sine and a single click can have the same peak. Are they equally loud?",
)
def peak_level(frames: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.maximum(np.max(np.abs(frames), axis=0), 1e-5))


@mutant(
    task="frame_level_db",
    name="a variance instead of the mean square",
    hint="A variance subtracts the mean before it squares. Does the formula for the level do that?",
)
def variance_as_power(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.var(frames, axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="a logarithm without a lower limit",
    hint="Which level does a frame of digital silence get, and how often does a muted microphone send one?",
)
def no_lower_limit(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.mean(frames**2, axis=0))


@mutant(
    task="frame_level_db",
    name="20·log10 of a power",
    hint="Ten times the amplitude is 20 dB. How many dB is ten times the power, and which of the two do you have?",
)
def power_as_amplitude_without_a_floor(frames: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.maximum(np.mean(frames**2, axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="a small number added to every power",
    hint="The task says: never below −100 dB. What does your sum make of a frame at exactly −90 dB?",
)
def small_number_added(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.mean(frames**2, axis=0) + 1e-10)


@mutant(
    task="frame_level_db",
    name="a lower limit of −120 dB",
    hint="10·log10 of which power is −100 dB, and what is the smallest power that you let through?",
)
def other_small_number_added(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.mean(frames**2, axis=0) + 1e-12)


@mutant(
    task="frame_level_db",
    name="a lower limit of 10⁻⁵ for the power",
    hint="10·log10(10⁻⁵) is −50 dB. Of which quantity is 10⁻⁵ the right limit: the power or the amplitude?",
)
def limit_of_an_amplitude(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.mean(frames**2, axis=0), 1e-5))


@mutant(
    task="frame_level_db",
    name="a lower limit of 10⁻¹⁰ for the amplitude",
    hint="20·log10(10⁻¹⁰) is −200 dB. Of which quantity is 10⁻¹⁰ the right limit: the power or the amplitude?",
)
def limit_of_a_power(frames: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.maximum(np.sqrt(np.mean(frames**2, axis=0)), 1e-10))


@mutant(
    task="frame_level_db",
    name="the natural logarithm, limited to −100 dB afterwards",
    hint="Which base does np.log use, and which base does a decibel need?",
)
def natural_logarithm_held(frames: np.ndarray) -> np.ndarray:
    return np.maximum(10 * np.log(np.mean(frames**2, axis=0)), -100)


@mutant(
    task="frame_level_db",
    name="the mean of the amplitudes instead of the mean of their squares",
    hint="A frame of 0, 0, 0 and 1: what is the mean of the amplitudes, and what is the root of the mean square?",
)
def mean_of_amplitudes(frames: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.maximum(np.mean(np.abs(frames), axis=0), 1e-5))


@mutant(
    task="frame_level_db",
    name="the square of a mean instead of the mean of the squares",
    hint="The mean of a whole period of a sine is 0. Which comes first in the formula, the square or the mean?",
)
def square_of_the_mean(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.mean(frames, axis=0) ** 2, 1e-10))


@mutant(
    task="frame_level_db",
    name="a power that is not converted to decibels",
    hint="Which unit does your result have? Where in your function is the logarithm?",
)
def power_itself(frames: np.ndarray) -> np.ndarray:
    return np.maximum(np.mean(frames**2, axis=0), 1e-10)


@mutant(
    task="frame_level_db",
    name="bels instead of decibels",
    hint="log10 of a power gives bels. How many decibels is one bel?",
)
def bels(frames: np.ndarray) -> np.ndarray:
    return np.log10(np.maximum(np.mean(frames**2, axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="a sum divided by the number of frames",
    hint="A mean over one frame: by how many samples do you divide? Which entry of shape is that?",
)
def divided_by_the_frames(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.sum(frames**2, axis=0) / frames.shape[1], 1e-10))


@mutant(
    task="frame_level_db",
    name="a lower limit for digital silence only",
    hint="A frame of amplitude 10⁻⁶ is not digital silence. How low is its level, and how low may it be?",
)
def only_infinity_replaced(frames: np.ndarray) -> np.ndarray:
    level = 10 * np.log10(np.mean(np.square(frames, dtype=np.float64), axis=0))
    return np.where(np.isinf(level), -100, level)


@mutant(
    task="frame_level_db",
    name="the machine epsilon added to every power",
    hint="10·log10 of np.finfo(float).eps is −157 dB. Which limit does the task name?",
)
def eps_added(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.mean(frames**2, axis=0) + np.finfo(float).eps)


@mutant(
    task="frame_level_db",
    name="a small number added to every amplitude",
    hint="The task says: never below −100 dB. What does your sum make of a frame at exactly −90 dB?",
)
def small_number_on_the_amplitude(frames: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.sqrt(np.mean(frames**2, axis=0)) + 1e-5)


@mutant(
    task="frame_level_db",
    name="10·log10 of a mean amplitude",
    hint="Is the mean of |x| a power? And to which quantity does the factor 10 belong?",
)
def mean_amplitude_as_power(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.mean(np.abs(frames), axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="a level that is never above −100 dB",
    hint="Of −3 and −100, which is the smaller? Which of the two do you want to keep?",
)
def held_from_above(frames: np.ndarray) -> np.ndarray:
    return np.minimum(10 * np.log10(np.mean(frames**2, axis=0)), -100)


@mutant(
    task="frame_level_db",
    name="a lower limit of −100 applied before the factor 10",
    hint="log10 of a power counts bels. How many decibels are −100 bels?",
)
def bels_held(frames: np.ndarray) -> np.ndarray:
    return 10 * np.maximum(np.log10(np.mean(frames**2, axis=0)), -100)


@mutant(
    task="frame_level_db",
    name="a level after the mean of all frames together is subtracted",
    hint="The sound has a constant offset. Is it part of what you measure, and whose mean do you subtract?",
)
def without_the_mean_of_all(frames: np.ndarray) -> np.ndarray:
    moving = frames.astype(float) - frames.astype(float).mean()
    return 10 * np.log10(np.maximum(np.mean(moving**2, axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="levels at which a full sine reads 0 dB",
    hint="A sine with peak 1 has a mean square of 1/2. How many dB is that, and who asked for a correction?",
)
def sine_reads_zero(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(2 * np.mean(np.square(frames, dtype=float), axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="a result that keeps two dimensions",
    hint="One number for each frame has the shape (frames,). Which shape has yours, and what does keepdims keep?",
)
def two_dimensions_kept(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.mean(np.square(frames, dtype=float), axis=0, keepdims=True), 1e-10))


@mutant(
    task="frame_level_db",
    name="a window laid over each frame before its level",
    hint="A window makes the ends of a frame softer. What does it do to the level of a steady tone?",
)
def windowed(frames: np.ndarray) -> np.ndarray:
    window = np.hanning(frames.shape[0])[:, None]
    return 10 * np.log10(np.maximum(np.mean(np.square(frames.astype(float) * window), axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="a limit of 10⁻¹² under a power",
    hint="10·log10 of which power is −100 dB? And which one is the smallest that you let through?",
)
def limit_of_a_trillionth(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.mean(np.square(frames, dtype=float), axis=0), 1e-12))


@mutant(
    task="frame_level_db",
    name="one silent frame that silences all the others",
    hint="One frame is silent. What does it say about the level of the frame next to it?",
)
def one_silences_all(frames: np.ndarray) -> np.ndarray:
    power = np.mean(np.square(frames, dtype=float), axis=0)
    return np.full(power.size, -100.0) if np.any(power <= 1e-10) else 10 * np.log10(power)


# ---------------------------------------------------------------- 5.2 the floor under the voice


@mutant(
    task="noise_floor_db",
    name="a floor that can never rise again",
    hint="Someone switches on a fan after one quiet second. What does your floor do in the next minute?",
)
def smallest_so_far(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    return np.minimum.accumulate(level_db)


@mutant(
    task="noise_floor_db",
    name="a floor that depends on later frames",
    hint="The softest frame may come last. Can a detector that works while someone speaks know it in the first frame?",
)
def smallest_of_all(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    return np.full_like(level_db, np.min(level_db))


@mutant(
    task="noise_floor_db",
    name="a floor that climbs from the last level, not from the last floor",
    hint="In a long syllable the last level is loud. From where may the floor climb by one rise?",
)
def climbs_from_the_level(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    floor[1:] = np.minimum(level_db[1:], level_db[:-1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a rise added after taking the minimum",
    hint="The level falls. Can your floor end up above the level of the same frame?",
)
def rise_after_the_minimum(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1]) + rise_db
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that follows the peaks",
    hint="Which of the two numbers in the formula is kept, and which one do you keep?",
)
def follows_the_peaks(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    ceiling = level_db.copy()
    for m in range(1, ceiling.size):
        ceiling[m] = max(level_db[m], ceiling[m - 1] - rise_db)
    return ceiling


@mutant(
    task="noise_floor_db",
    name="a floor that climbs above the level",
    hint="The level lies half a rise above the floor. Where is your floor in the next frame, and may it be there?",
)
def steps_over_the_level(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = floor[m - 1] + rise_db if level_db[m] > floor[m - 1] else level_db[m]
    return floor


@mutant(
    task="noise_floor_db",
    name="a first floor of 0 dB that was never set",
    hint="An array of zeros is full of levels, because 0 dB is full scale. Which value belongs in frame 0?",
)
def begins_at_zero(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = np.zeros(level_db.size)
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that begins at −100 dB",
    hint="At a rise of 0.05 dB per frame, how long does the climb from −100 dB to the noise of a room take? What does "
    "the formula say about F[0]?",
)
def begins_at_minus_hundred(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor, last = np.empty(level_db.size), -100.0
    for m, level in enumerate(level_db):
        floor[m] = last = min(level, last + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a rise counted from frame 0",
    hint="The floor has just fallen into a gap. From which frame on does it climb?",
)
def climbs_since_the_beginning(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    climb = rise_db * np.arange(level_db.size)
    return np.minimum(level_db, np.minimum.accumulate(level_db) + climb)


@mutant(
    task="noise_floor_db",
    name="a floor that does not stop at the level",
    hint="The level stays constant and the floor has just reached it. Where is your floor one frame later?",
)
def steps_over_a_steady_level(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = level_db[m] if level_db[m] < floor[m - 1] else floor[m - 1] + rise_db
    return floor


@mutant(
    task="noise_floor_db",
    name="the larger of the two numbers instead of the smaller",
    hint="A floor lies below the level. May yours exceed the level, or the last floor plus the rise?",
)
def larger_of_the_two(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = max(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that falls by the rise",
    hint="Someone speaks for a while. Does the background become softer meanwhile? Which sign has your rise?",
)
def sinks(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] - rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="the distance to the floor instead of the floor",
    hint="Is your result a level, or the difference of two levels? Which of them does the docstring ask for?",
)
def distance_to_the_floor(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return level_db - floor


@mutant(
    task="noise_floor_db",
    name="a floor that starts from 0 dB",
    hint="Levels in dB re 20 µPa are positive: 70 dB in a street. With which value does your floor begin there?",
)
def starts_from_zero(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor, last = np.empty(level_db.size), 0.0
    for m, level in enumerate(level_db):
        floor[m] = last = min(level, last + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a last frame that the loop leaves out",
    hint="range(1, n − 1) ends before n − 1. Which frame then has no floor of its own?",
)
def last_frame_left_out(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size - 1):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that is one frame late",
    hint="F[m] is compared with L[m], in the same frame. With which level do you compare yours in frame m?",
)
def one_frame_late(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = min(level_db[m - 1], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a first frame without a floor",
    hint="How many levels come in, and how many floors go out? What is F[0]?",
)
def first_frame_missing(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor, last = [], level_db[0]
    for level in level_db[1:]:
        last = min(level, last + rise_db)
        floor.append(last)
    return np.array(floor)


@mutant(
    task="noise_floor_db",
    name="a rise of 0.02 dB written into the function",
    hint="The caller says by how much the floor may climb. Where does your function use that number?",
)
def fixed_rise(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + 0.02)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that climbs by the rise, whatever the level",
    hint="The level falls below the floor. Which line of yours lets the floor fall with it?",
)
def climbs_only(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    return level_db[0] + rise_db * np.arange(level_db.size)


@mutant(
    task="noise_floor_db",
    name="a first frame that appears twice",
    hint="How many levels come in, and how many floors go out? With which frame does your loop begin?",
)
def first_frame_twice(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = [level_db[0]]
    for level in level_db:
        floor.append(min(level, floor[-1] + rise_db))
    return np.array(floor)


@mutant(
    task="noise_floor_db",
    name="the minimum of all levels so far plus the rise",
    hint="The floor falls at once with a softer frame. By how much does yours stay above it?",
)
def rise_on_the_smallest(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    return np.minimum.accumulate(level_db) + rise_db * np.arange(level_db.size)


@mutant(
    task="noise_floor_db",
    name="a floor in whole decibels",
    hint="The rise is 0.02 dB per frame. What is left of it in an integer array?",
)
def whole_decibels(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(int)
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a last frame that stays at 0 dB",
    hint="range(1, n − 1) ends before n − 1. Which value is left in the last frame of your array?",
)
def last_frame_zero(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = np.zeros(level_db.size)
    floor[:1] = level_db[:1]
    for m in range(1, floor.size - 1):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a first floor of −100 dB",
    hint="The formula names F[0]. What is it, and how long does a floor take to climb from −100 dB?",
)
def first_floor_of_minus_hundred(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = np.full(level_db.size, -100.0)
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that never falls",
    hint="A frame is softer than the floor. Which line of yours lets the floor fall to it?",
)
def never_falls(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = floor[m - 1] + rise_db if level_db[m] > floor[m - 1] + rise_db else floor[m - 1]
    return floor


@mutant(
    task="noise_floor_db",
    name="a rise that grows with the frame number",
    hint="From one frame to the next the floor may climb by one rise. By how many does yours climb in frame 100?",
)
def growing_rise(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db * m)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that remembers the first level only",
    hint="The floor has fallen into a gap. From which floor does it climb on, the last one or the first one?",
)
def climbs_from_the_first(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    return np.minimum(level_db, level_db[0] + rise_db * np.arange(level_db.size))


@mutant(
    task="noise_floor_db",
    name="a first floor taken from the softest frame of the whole recording",
    hint="At frame 0, has anyone heard the frames that follow? What is F[0] in the rule?",
)
def begins_at_the_softest(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    floor[0] = level_db.min()
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a first floor that is the mean of the first levels",
    hint="F[0] is one level. Of which frame, and how many frames do you take the mean of?",
)
def begins_at_a_mean(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    floor[0] = level_db[:10].mean()
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a fall that is limited to the rise as well",
    hint="A softer frame has come, 40 dB below. Where is the floor in that very frame, and which limit holds it up?",
)
def falls_slowly(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    for m in range(1, floor.size):
        floor[m] = np.clip(level_db[m], floor[m - 1] - rise_db, floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a rise taken as a share of the distance to the level",
    hint="The rise is in dB per frame. By how many dB does your floor climb when the level is 40 dB above it?",
)
def rises_by_a_share(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db * (level_db[m] - floor[m - 1]))
    return floor


@mutant(
    task="noise_floor_db",
    name="a rise turned into a factor",
    hint="What is added in decibels is multiplied in powers. In which of the two is your floor kept?",
)
def rise_as_a_factor(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] * 10 ** (rise_db / 10))
    return floor


@mutant(
    task="noise_floor_db",
    name="a rise per second spread over the frames",
    hint="rise_db is how far the floor may climb from one frame to the next. By what do you divide it, and why?",
)
def rise_per_second(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db / 100)
    return floor


@mutant(
    task="noise_floor_db",
    name="a second frame that the loop leaves out",
    hint="F[0] is known before the loop. With which frame does the loop begin, and what is in F[1]?",
)
def second_frame_left_out(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    for m in range(2, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that stays still while the level is well above it",
    hint="In the example the floor climbs from −60 to −59 while the level is at −20. What does yours do there?",
)
def frozen_under_speech(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    for m in range(1, floor.size):
        rise = 0.0 if level_db[m] > floor[m - 1] + 6 else rise_db
        floor[m] = min(level_db[m], floor[m - 1] + rise)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that runs from the last frame to the first",
    hint="Time goes forwards. Which frame is decided first, and from which neighbour does the floor climb?",
)
def backwards(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    for m in range(floor.size - 2, -1, -1):
        floor[m] = min(level_db[m], floor[m + 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a rise of 0 taken for none given",
    hint="In Python 0 counts as false. What does `rise_db or 0.02` make of a rise of 0?",
)
def zero_is_not_given(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + (rise_db or 0.02))
    return floor


@mutant(
    task="noise_floor_db",
    name="a function that calls itself once for each frame",
    hint="Python gives up after about a thousand nested calls. How many frames are half a minute?",
)
def calls_itself(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.astype(float)

    def fill(m: int) -> float:
        if m > 0:
            floor[m] = min(level_db[m], fill(m - 1) + rise_db)
        return float(floor[m])

    fill(floor.size - 1)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor written into the levels themselves",
    hint="The caller still needs what it gave you. Which array does your function write into?",
)
def into_the_levels(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    for m in range(1, level_db.size):
        level_db[m] = min(level_db[m], level_db[m - 1] + rise_db)
    return level_db


# ---------------------------------------------------------------- 5.3 two thresholds


def _held(score: np.ndarray, on: float, off: float) -> np.ndarray:
    """Decide rightly, for wrong answers to spoil."""
    active, speaking = np.zeros(len(score), dtype=bool), False
    for m, value in enumerate(score):
        speaking = bool(value >= off) if speaking else bool(value >= on)
        active[m] = speaking
    return active


@mutant(
    task="hysteresis",
    name="a decision by on alone",
    hint="Someone is speaking, and the score falls a little below on. Which threshold decides now?",
)
def only_on(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return score >= on


@mutant(
    task="hysteresis",
    name="a decision by off alone",
    hint="No one has spoken yet, and the score lies between the two thresholds. May speech begin there?",
)
def only_off(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return score >= off


@mutant(
    task="hysteresis",
    name="a decision that never returns to no",
    hint="A speaker has stopped. Which line of yours ever says no again?",
)
def never_ends(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return np.maximum.accumulate(score >= on)


@mutant(
    task="hysteresis",
    name="the two thresholds swapped",
    hint="Should it take more to begin speech or to continue it? Which of the two thresholds is the higher one?",
)
def exchanged_thresholds(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = False, []
    for value in score:
        speaking = bool(value >= on) if speaking else bool(value >= off)
        decisions.append(speaking)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="a memory of one frame only",
    hint="Someone keeps speaking between the thresholds. Do you ask for the last score, or for your last decision?",
)
def remembers_the_score(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    high = score >= on
    decided = high.copy()
    decided[1:] |= (score[1:] >= off) & high[:-1]
    return decided


@mutant(
    task="hysteresis",
    name="a decision that depends on later frames",
    hint="A score climbs slowly through off and later through on. In which of these frames do you first know that "
    "someone speaks?",
)
def reaches_back(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    decided = np.zeros(score.size, dtype=bool)
    edges = np.flatnonzero(np.diff(score >= off, prepend=False, append=False))
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        decided[first:end] = np.any(score[first:end] >= on)
    return decided


@mutant(
    task="hysteresis",
    name="a beginning that requires more than on",
    hint="A score of exactly on: is that at least on?",
)
def strictly_above_on(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = False, []
    for value in score:
        speaking = bool(value >= off) if speaking else bool(value > on)
        decisions.append(speaking)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="an end at a score of exactly off",
    hint="A score of exactly off: is that below off?",
)
def ends_at_off(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = False, []
    for value in score:
        speaking = bool(value > off) if speaking else bool(value >= on)
        decisions.append(speaking)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="speech before the first frame",
    hint="The first scores lie between the thresholds, so the decision does not change. What was it before the first "
    "frame?",
)
def begins_with_yes(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = True, []
    for value in score:
        speaking = bool(value >= off) if speaking else bool(value >= on)
        decisions.append(speaking)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="a first frame without a decision",
    hint="Your loop needs the frame before the current one. What decides about frame 0, if its score is above on?",
)
def first_frame_undecided(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    decisions = np.zeros(score.size, dtype=bool)
    for m in range(1, score.size):
        decisions[m] = score[m] >= (off if decisions[m - 1] else on)
    return decisions


@mutant(
    task="hysteresis",
    name="one threshold in the middle of the two",
    hint="While someone speaks, the score falls to just above off. Is that below off, and what does your mean "
    "threshold say?",
)
def threshold_in_the_middle(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return score >= (on + off) / 2


@mutant(
    task="hysteresis",
    name="both comparisons wrong when the score equals a threshold",
    hint="A score of exactly on begins speech, and a score of exactly off does not end it. Do your comparisons say so?",
)
def equal_signs_exchanged(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = False, []
    for value in score:
        speaking = bool(value > off) if speaking else bool(value > on)
        decisions.append(speaking)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="8 and 3 dB written into the function",
    hint="Another room needs other thresholds. Where does your function use on and off?",
)
def fixed_thresholds(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = False, []
    for value in score:
        speaking = bool(value >= 3.0) if speaking else bool(value >= 8.0)
        decisions.append(speaking)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="a decision that is stored before it is updated",
    hint="In which frame does your result first say yes: the one that reaches on, or the next one?",
)
def one_frame_late_decision(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = False, []
    for value in score:
        decisions.append(speaking)
        speaking = bool(value >= off) if speaking else bool(value >= on)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="no decision stored between the thresholds",
    hint="A score between off and on changes nothing. Does its frame still need a decision?",
)
def middle_left_out(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    decisions = []
    for value in score:
        if value >= on:
            decisions.append(True)
        elif value < off:
            decisions.append(False)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="yes and no swapped",
    hint="True means that someone speaks. What do you return for a score far above on?",
)
def exchanged_answers(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = False, []
    for value in score:
        speaking = bool(value >= off) if speaking else bool(value >= on)
        decisions.append(not speaking)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="a memory of the last score instead of the last decision",
    hint="The score stays between the thresholds for three frames. What was your last decision? Does the last score "
    "tell you?",
)
def asks_the_last_score_for_off(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    decided = score >= on
    decided[1:] |= (score[1:] >= off) & (score[:-1] >= off)
    return decided


@mutant(
    task="hysteresis",
    name="off taken as a distance below on",
    hint="on is 8 dB and off is 3 dB. At which score does speech end, at 3 dB or at 8 − 3 dB?",
)
def off_as_a_distance(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = False, []
    for value in score:
        speaking = bool(value >= on - off) if speaking else bool(value >= on)
        decisions.append(speaking)
    return np.array(decisions, dtype=bool)


_kept = [False]  # what a global variable remembers


@mutant(
    task="hysteresis",
    name="a state that is kept from one call to the next",
    hint="The last recording ended in the middle of a word. What does your variable hold when the next call begins?",
)
def state_kept(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    decisions = []
    for value in score:
        _kept[0] = bool(value >= off) if _kept[0] else bool(value >= on)
        decisions.append(_kept[0])
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="a decision by on alone, and strictly above it",
    hint="A speaker continues, and the score falls a little below on. Which threshold decides now?",
)
def strictly_on_alone(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return score > on


@mutant(
    task="hysteresis",
    name="a first frame that looks back to the last frame",
    hint="In numpy, decisions[−1] is the last frame. Which frame comes before frame 0?",
)
def first_looks_at_the_last(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    decisions = score >= on
    for m in range(score.size):
        decisions[m] |= bool(score[m] >= off and decisions[m - 1])
    return decisions


@mutant(
    task="hysteresis",
    name="integers instead of Booleans",
    hint="What is ~1, and what is ~True? Which dtype does the array that you fill have?",
)
def numbers_for_decisions(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    decisions, speaking = np.zeros(score.size), False
    for m, value in enumerate(score):
        speaking = bool(value >= off) if speaking else bool(value >= on)
        decisions[m] = speaking
    return decisions


@mutant(
    task="hysteresis",
    name="yes only between the two thresholds",
    hint="A score of 20 dB is far above on. Is it speech? What does your second comparison say?",
)
def between_is_yes(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return (score >= off) & (score < on)


@mutant(
    task="hysteresis",
    name="an end that comes one frame late",
    hint="A score falls below off in frame 9. What does your result say in frame 9, and when do you store that "
    "decision?",
)
def end_one_frame_late(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = False, []
    for value in score:
        speaking = speaking or bool(value >= on)
        decisions.append(speaking)
        speaking = speaking and bool(value >= off)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="speech that goes on again without reaching on",
    hint="Speech has ended. Is a score between the thresholds enough to begin again, because on was reached "
    "once before?",
)
def reached_once(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return np.logical_or.accumulate(score >= on) & (score >= off)


@mutant(
    task="hysteresis",
    name="an end that needs two frames below off",
    hint="One frame lies below off. Does the rule ask for another before it says no?",
)
def two_frames_to_end(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    active, speaking, low = np.zeros(len(score), dtype=bool), False, 0
    for m, value in enumerate(score):
        low = low + 1 if value < off else 0
        speaking = low < 2 if speaking else bool(value >= on)
        active[m] = speaking
    return active


@mutant(
    task="hysteresis",
    name="equal thresholds refused",
    hint="The docstring says on ≥ off. What should come out when both are the same?",
)
def refuses_equal(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    if on <= off:
        raise ValueError("on must be larger than off")
    return _held(score, on, off)


@mutant(
    task="hysteresis",
    name="a score without its sign",
    hint="A score far below 0 is a sure no. What does abs make of it?",
)
def without_a_sign(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return _held(np.abs(score), on, off)


@mutant(
    task="hysteresis",
    name="a list instead of an array",
    hint="The next stage writes `~active`, which a list cannot do. What turns a list into an array of bool?",
)
def a_list(score: np.ndarray, *, on: float, off: float) -> list[bool]:
    return [bool(yes) for yes in _held(score, on, off)]


@mutant(
    task="hysteresis",
    name="a switch that each loud frame flips",
    hint="Two loud frames come one after the other while someone speaks. What does the second one change?",
)
def toggled(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    active, speaking = np.zeros(len(score), dtype=bool), False
    for m, value in enumerate(score):
        speaking = not speaking if value >= on else speaking and bool(value >= off)
        active[m] = speaking
    return active


@mutant(
    task="hysteresis",
    name="a decision that stops after the first word",
    hint="Your loop meets its `break` at the first end of speech. What decides the frames after it?",
)
def stops_after_a_word(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    active = _held(score, on, off)
    ended = np.flatnonzero(active[:-1] & ~active[1:])
    if ended.size:
        active[ended[0] + 1 :] = False
    return active


# ---------------------------------------------------------------- 5.4 hangover


@mutant(
    task="hangover",
    name="a hold that counts the yes itself",
    hint="One yes and a hangover of 1 frame: how many frames say yes in the result?",
)
def held_one_too_few(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for shift in range(1, frames):
        held[shift:] |= active[:-shift]
    return held


@mutant(
    task="hangover",
    name="a hold of one frame too many",
    hint="With a hangover of 0 frames nothing may change. What does your function do then?",
)
def held_one_too_many(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for shift in range(1, frames + 2):
        held[shift:] |= active[:-shift]
    return held


@mutant(
    task="hangover",
    name="a hold in both directions",
    hint="A hangover saves the end of a word. Which frames does yours add before its beginning?",
)
def held_before_and_after(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.convolve(active, np.ones(2 * frames + 1))[frames : frames + active.size] > 0


@mutant(
    task="hangover",
    name="a hold before the yes instead of after it",
    hint="Frame 10 says yes, with a hangover of 2. Which frames come later in time, 8 and 9 or 11 and 12?",
)
def held_before(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for shift in range(1, frames + 1):
        held[:-shift] |= active[shift:]
    return held


@mutant(
    task="hangover",
    name="a yes at the end that wraps around to the beginning",
    hint="np.roll puts back at the front what falls out at the end. Which frames come before the first one?",
)
def rolled_round(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for shift in range(1, frames + 1):
        held |= np.roll(active, shift)
    return held


@mutant(
    task="hangover",
    name="a hangover that extends itself",
    hint="A frame says yes only because it is held. May it hold the next one? In which array do you look back?",
)
def fed_by_its_own_result(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for m in range(active.size):
        held[m] = held[max(0, m - frames) : m + 1].any()
    return held


@mutant(
    task="hangover",
    name="a slice that begins before the first frame",
    hint="With 5 frames to hold, frame 2 looks back to index −3. Which frames does numpy return for that?",
)
def negative_start(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.array([active[m - frames : m + 1].any() for m in range(active.size)], dtype=bool)


@mutant(
    task="hangover",
    name="a hold counted from the first yes of a word",
    hint="A word lasts longer than the hangover. From which of its frames must you count?",
)
def counted_from_the_beginning(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for first in np.flatnonzero(np.diff(active, prepend=False) & active):
        held[first : first + frames + 1] = True
    return held


@mutant(
    task="hangover",
    name="a hold that a new yes does not renew",
    hint="Two frames into the hold there is another yes. From which of the two do you count?",
)
def not_renewed(active: np.ndarray, *, frames: int) -> np.ndarray:
    left, held = 0, active.copy()
    for m in range(active.size):
        if left:
            held[m], left = True, left - 1
        elif active[m]:
            left = frames
    return held


@mutant(
    task="hangover",
    name="a result that is longer than its input",
    hint="How many frames come in, and how many go out? What does a convolution add at the end?",
)
def not_cut_to_length(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.convolve(active, np.ones(frames + 1)) > 0


@mutant(
    task="hangover",
    name="a yes that counts only in the frames after it",
    hint="A single yes in frame 10: is frame 10 itself still yes in your result?",
)
def only_the_frames_before(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.array([active[max(0, m - frames) : m].any() for m in range(active.size)], dtype=bool)


@mutant(
    task="hangover",
    name="only the last of the held frames",
    hint="One yes and a hangover of 3 frames: what does your result say one frame later, and two frames later?",
)
def only_the_last_held_frame(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    held[frames:] |= active[:-frames]
    return held


@mutant(
    task="hangover",
    name="a centred convolution",
    hint="mode='same' returns the middle of a convolution. Does your hold begin before the yes?",
)
def centred_convolution(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.convolve(active, np.ones(frames + 1), mode="same") > 0


@mutant(
    task="hangover",
    name="a kernel without the frame itself",
    hint="A frame and the 5 before it: how many frames is that? How long is your kernel, with 5 and with 0?",
)
def kernel_one_too_short(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.convolve(active, np.ones(frames))[: active.size] > 0


@mutant(
    task="hangover",
    name="a hold only where a yes follows",
    hint="A word ends and silence follows for good. Is its last yes held in your result?",
)
def only_gaps_are_held(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    yes = np.flatnonzero(active)
    for first, second in pairwise(yes.tolist()):
        if second - first - 1 <= frames:
            held[first:second] = True
    return held


@mutant(
    task="hangover",
    name="5 frames written into the function",
    hint="The caller says how many frames to hold. Where does your function use that number?",
)
def fixed_hold(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for shift in range(1, min(5, active.size) + 1):
        held[shift:] |= active[:-shift]
    return held


@mutant(
    task="hangover",
    name="a hold of one frame only",
    hint="With a hangover of 3, is the third frame after a yes still yes? How many shifted arrays do you combine?",
)
def one_shift(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    if frames:
        held[1:] |= active[:-1]
    return held


@mutant(
    task="hangover",
    name="a hold at the end of the last word only",
    hint="A recording holds several words. Which of them does your hangover follow?",
)
def last_word_only(active: np.ndarray, *, frames: int) -> np.ndarray:
    held, yes = active.copy(), np.flatnonzero(active)
    if yes.size:
        held[yes[-1] : yes[-1] + frames + 1] = True
    return held


@mutant(
    task="hangover",
    name="all instead of any",
    hint="One of the last frames is yes, and the others are no. Is that enough for a yes?",
)
def all_for_any(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.array([active[max(0, m - frames) : m + 1].all() for m in range(active.size)], dtype=bool)


@mutant(
    task="hangover",
    name="a count instead of a decision",
    hint="A convolution counts how many of the frames are yes. What turns a count into a yes or no?",
)
def count_for_decision(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.convolve(active, np.ones(frames + 1))[: active.size]


@mutant(
    task="hangover",
    name="a hold whose shifts add up",
    hint="You shift what is held already: by 1, then by 2, then by 3. How far has the first yes come by then?",
)
def shifts_add_up(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for lag in range(1, min(frames, active.size - 1) + 1):
        held[lag:] = held[lag:] | held[:-lag]
    return held


@mutant(
    task="hangover",
    name="a window that is centred, in a result as long as the input",
    hint="Half of your window lies before the frame. Does a yes hold the frames before it?",
)
def centred_and_cut(active: np.ndarray, *, frames: int) -> np.ndarray:
    full = np.convolve(active.astype(int), np.ones(frames + 1, dtype=int))
    return full[frames // 2 : frames // 2 + active.size] > 0


@mutant(
    task="hangover",
    name="a window that has no frames when nothing is held",
    hint="With frames=0 nothing changes. How long is your window then, and what does np.convolve do with it?",
)
def empty_window(active: np.ndarray, *, frames: int) -> np.ndarray:
    before = np.concatenate([[0], active[:-1].astype(int)])
    return active | (np.convolve(before, np.ones(frames, dtype=int))[: active.size] > 0)


@mutant(
    task="hangover",
    name="the frame at the end of the hold alone",
    hint="One yes and a hangover of 3 frames: which of the next three frames say yes in your result?",
)
def end_of_the_hold_alone(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    if 0 < frames < active.size:
        held[frames:] |= active[:-frames]
    return held


@mutant(
    task="hangover",
    name="a shift beyond the end of the array",
    hint="The hangover may exceed the length. What is active[: n − k] when k is larger than n?",
)
def shift_beyond_the_end(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for lag in range(1, frames + 1):
        held[lag:] |= active[: active.size - lag]
    return held


@mutant(
    task="hangover",
    name="a hold that begins anew only when it has run out",
    hint="Yes, no, yes, then silence: from which yes is the hold counted, and from which one should it be?",
)
def begins_anew_when_run_out(active: np.ndarray, *, frames: int) -> np.ndarray:
    held, left = np.zeros(active.size, dtype=bool), 0
    for m, yes in enumerate(active):
        held[m] = yes or left > 0
        if yes:
            left = left or frames
        elif left:
            left -= 1
    return held


@mutant(
    task="hangover",
    name="a beginning in which nothing is held",
    hint="For the first frames there is no whole window before them. May a yes in frame 2 not hold frame 3?",
)
def nothing_held_at_the_beginning(active: np.ndarray, *, frames: int) -> np.ndarray:
    held, total = active.copy(), np.cumsum(active)
    held[frames + 1 :] = total[frames + 1 :] > total[: -frames - 1]
    return held


@mutant(
    task="hangover",
    name="a last frame whose yes is not looked at",
    hint="range(n − 1) ends before n − 1. What becomes of a yes in the last frame?",
)
def last_frame_not_looked_at(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = np.zeros(active.size, dtype=bool)
    for m in np.flatnonzero(active[:-1]):
        held[m : m + frames + 1] = True
    return held


@mutant(
    task="hangover",
    name="a count that begins again at 256",
    hint="How far does a uint8 count, and what comes after that? A word of three seconds has 300 frames.",
)
def counted_in_uint8(active: np.ndarray, *, frames: int) -> np.ndarray:
    window = np.ones(frames + 1, dtype=np.uint8)
    return np.convolve(active.astype(np.uint8), window)[: active.size] > 0


@mutant(
    task="hangover",
    name="a hold written into the decisions themselves",
    hint="The caller still needs what it gave you. Which array does your function write into?",
)
def into_the_decisions(active: np.ndarray, *, frames: int) -> np.ndarray:
    for m in np.flatnonzero(active):
        active[m : m + frames + 1] = True
    return active


# ---------------------------------------------------------------- 5.5 minimum lengths


def _runs(active: np.ndarray) -> list[tuple[int, int]]:
    """List the runs of yes as (first, one past the last)."""
    edges = np.flatnonzero(np.diff(active, prepend=False, append=False)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _close_gaps(active: np.ndarray, shorter_than: int) -> np.ndarray:
    closed = active.copy()
    runs = _runs(active)
    for (_, end), (first, _) in pairwise(runs):
        if first - end < shorter_than:
            closed[end:first] = True
    return closed


def _drop_bursts(active: np.ndarray, shorter_than: int) -> np.ndarray:
    kept = active.copy()
    for first, end in _runs(active):
        if end - first < shorter_than:
            kept[first:end] = False
    return kept


@mutant(
    task="smooth_decisions",
    name="bursts dropped before the gaps are closed",
    hint="A word with a gap in it is two short runs. What is left of it when you drop short runs first?",
)
def bursts_first(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _close_gaps(_drop_bursts(active, min_speech), min_silence)


@mutant(
    task="smooth_decisions",
    name="silence at the beginning or end taken for a gap",
    hint="A gap lies between two words. Which word comes before the first frame?",
)
def edges_filled(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(~_drop_bursts(~active, min_silence), min_speech)


@mutant(
    task="smooth_decisions",
    name="a gap of exactly the minimum closed",
    hint="With min_silence=3, is a gap of 3 frames shorter than the minimum?",
)
def gap_of_the_minimum_closed(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_silence + 1), min_speech)


@mutant(
    task="smooth_decisions",
    name="a burst of exactly the minimum dropped",
    hint="With min_speech=3, is a run of 3 frames shorter than the minimum?",
)
def burst_of_the_minimum_dropped(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_silence), min_speech + 1)


@mutant(
    task="smooth_decisions",
    name="a list of runs that is out of date",
    hint="Closing a gap joins two runs. How long are the runs now, and how long are those in your list?",
)
def runs_listed_once(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = _close_gaps(active, min_silence)
    for first, end in _runs(active):
        if end - first < min_speech:
            smoothed[first:end] = False
    return smoothed


@mutant(
    task="smooth_decisions",
    name="the two minimum lengths swapped",
    hint="Which of the two numbers is about runs of yes, and which about runs of no?",
)
def exchanged_minimums(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_speech), min_silence)


@mutant(
    task="smooth_decisions",
    name="a gap closed by holding every yes",
    hint="Look at a pause that is long enough. Is it as long afterwards as it was before?",
)
def held_instead_of_closed(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    held = active.copy()
    for shift in range(1, min(min_silence, active.size)):
        held[shift:] |= active[:-shift]
    return _drop_bursts(held, min_speech)


@mutant(
    task="smooth_decisions",
    name="short bursts kept where they touch the beginning or the end",
    hint="Silence at the edge has no speech on one side. Does a burst at the edge need any, to be too short?",
)
def runs_at_the_edge_unseen(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = _close_gaps(active, min_silence)
    for first, end in _runs(smoothed):
        if end - first < min_speech and first > 0 and end < smoothed.size:
            smoothed[first:end] = False
    return smoothed


@mutant(
    task="smooth_decisions",
    name="an assumption that someone speaks",
    hint="No one says a word from beginning to end. What is the first run of yes then?",
)
def silence_not_expected(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed, yes = active.copy(), np.flatnonzero(active)
    smoothed[yes[0] : yes[-1] + 1] = ~_drop_bursts(~active[yes[0] : yes[-1] + 1], min_silence)
    return _drop_bursts(smoothed, min_speech)


@mutant(
    task="smooth_decisions",
    name="gaps that stay open",
    hint="There are two rules. Which line of yours turns a no into a yes?",
)
def rule_two_alone(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(active, min_speech)


@mutant(
    task="smooth_decisions",
    name="bursts that stay",
    hint="There are two rules. Which line of yours turns a yes into a no?",
)
def rule_one_alone(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _close_gaps(active, min_silence)


@mutant(
    task="smooth_decisions",
    name="runs of exactly the minimum treated as too short",
    hint="With a minimum of 3, is a run of exactly 3 frames shorter than the minimum?",
)
def both_minimums_too_short(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_silence + 1), min_speech + 1)


@mutant(
    task="smooth_decisions",
    name="run lengths counted one frame too long",
    hint="From frame 4 to before frame 7, how many frames is that? How many do you count?",
)
def runs_counted_too_long(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_silence - 1), min_speech - 1)


@mutant(
    task="smooth_decisions",
    name="a gap one frame below the minimum left open",
    hint="With min_silence=3, is a gap of 2 frames shorter than the minimum?",
)
def gap_below_the_minimum(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_silence - 1), min_speech)


@mutant(
    task="smooth_decisions",
    name="a burst one frame below the minimum kept",
    hint="With min_speech=3, is a run of 2 frames shorter than the minimum?",
)
def burst_below_the_minimum(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_silence), min_speech - 1)


@mutant(
    task="smooth_decisions",
    name="silence before the first word taken for a gap",
    hint="A gap lies between two words. Which word comes before the first silence?",
)
def silence_at_the_beginning_filled(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = _close_gaps(active, min_silence)
    first = int(np.argmax(active))
    if active.any() and first < min_silence:
        smoothed[:first] = True
    return _drop_bursts(smoothed, min_speech)


@mutant(
    task="smooth_decisions",
    name="silence after the last word taken for a gap",
    hint="A gap lies between two words. Which word comes after the last silence?",
)
def silence_at_the_end_filled(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = _close_gaps(active, min_silence)
    last = active.size - int(np.argmax(active[::-1]))
    if active.any() and active.size - last < min_silence:
        smoothed[last:] = True
    return _drop_bursts(smoothed, min_speech)


@mutant(
    task="smooth_decisions",
    name="a gap closed except for one frame",
    hint="From frame 4 to before frame 7, how many frames is that? Where does your slice end?",
)
def one_frame_of_the_gap_left(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    closed = active.copy()
    for (_, end), (first, _) in pairwise(_runs(active)):
        if first - end < min_silence:
            closed[end : first - 1] = True
    return _drop_bursts(closed, min_speech)


@mutant(
    task="smooth_decisions",
    name="a burst dropped except for one frame",
    hint="From frame 4 to before frame 7, how many frames is that? Where does your slice end?",
)
def one_frame_of_the_burst_left(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = _close_gaps(active, min_silence)
    for first, end in _runs(smoothed):
        if end - first < min_speech:
            smoothed[first : end - 1] = False
    return smoothed


@mutant(
    task="smooth_decisions",
    name="each run treated on its own",
    hint="A gap that is closed joins two words. How long is the new run, and which gaps lie between two words at all?",
)
def run_by_run(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = active.copy()
    for first, end in _runs(~active):
        smoothed[first:end] = end - first < min_silence
    for first, end in _runs(active):
        smoothed[first:end] = end - first >= min_speech
    return smoothed


@mutant(
    task="smooth_decisions",
    name="long gaps closed instead of short ones",
    hint="A pause of a second and a gap of 50 ms: which of them lies inside a word?",
)
def long_gaps_closed(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    closed = active.copy()
    for (_, end), (first, _) in pairwise(_runs(active)):
        closed[end:first] = first - end > min_silence
    return _drop_bursts(closed, min_speech)


@mutant(
    task="smooth_decisions",
    name="long runs dropped instead of short ones",
    hint="A sentence of a second and a click of 20 ms: which of them has to go?",
)
def long_runs_dropped(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = _close_gaps(active, min_silence)
    for first, end in _runs(smoothed):
        smoothed[first:end] = end - first <= min_speech
    return smoothed


@mutant(
    task="smooth_decisions",
    name="bursts dropped first, and silence at the edges taken for gaps",
    hint="Which of the two rules comes first? And which word comes before the first frame?",
)
def bursts_first_edges_filled(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return ~_drop_bursts(~_drop_bursts(active, min_speech), min_silence)


@mutant(
    task="smooth_decisions",
    name="bursts dropped first, and runs of exactly the minimum treated as too short",
    hint="Which of the two rules comes first? And is a run of exactly the minimum shorter than the minimum?",
)
def bursts_first_and_too_many(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _close_gaps(_drop_bursts(active, min_speech + 1), min_silence + 1)


@mutant(
    task="smooth_decisions",
    name="runs at the edges that np.diff cannot see",
    hint="np.diff finds changes. What changes before frame 0, and after the last frame?",
)
def edges_without_padding_smooth(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = active.copy()
    for close in (True, False):
        change = np.diff(smoothed.astype(int))
        begins, ends = (np.flatnonzero(change == sign) + 1 for sign in (1, -1))
        pairs = zip(ends, begins[1:], strict=False) if close else zip(begins, ends, strict=False)
        for first, end in pairs:
            if end - first < (min_silence if close else min_speech):
                smoothed[first:end] = close
    return smoothed


@mutant(
    task="smooth_decisions",
    name="the last gap left out",
    hint="Three words have two gaps between them. How many of them does your loop look at?",
)
def last_gap_left_out(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    closed, words = active.copy(), _runs(active)
    for (_, end), (first, _) in pairwise(words[:-1]):
        if first - end < min_silence:
            closed[end:first] = True
    return _drop_bursts(closed, min_speech)


@mutant(
    task="smooth_decisions",
    name="a gap closed except for its first frame",
    hint="The second number of a run is one past its last frame. Does that frame belong to the run or to the gap?",
)
def first_frame_of_the_gap_left(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    closed = active.copy()
    for (_, end), (first, _) in pairwise(_runs(active)):
        if first - end < min_silence:
            closed[end + 1 : first] = True
    return _drop_bursts(closed, min_speech)


@mutant(
    task="smooth_decisions",
    name="min_silence used for both rules",
    hint="There are two rules and two numbers. With which of them do you compare the length of a burst?",
)
def min_silence_twice(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_silence), min_silence)


@mutant(
    task="smooth_decisions",
    name="min_speech used for both rules",
    hint="There are two rules and two numbers. With which of them do you compare the length of a gap?",
)
def min_speech_twice(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_speech), min_speech)


@mutant(
    task="smooth_decisions",
    name="a list of runs that is out of date, and gaps of exactly the minimum closed",
    hint="Closing a gap joins two runs: how long are the runs in your list? And is a gap of exactly the minimum "
    "shorter than it?",
)
def out_of_date_and_too_many(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = _close_gaps(active, min_silence + 1)
    for first, end in _runs(active):
        if end - first < min_speech:
            smoothed[first:end] = False
    return smoothed


@mutant(
    task="smooth_decisions",
    name="a short burst at the end that stays",
    hint="A run that goes on to the last frame has no no after it. What measures it?",
)
def last_burst_stays(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    closed = _close_gaps(active, min_silence)
    kept = _drop_bursts(closed, min_speech)
    runs = _runs(closed)
    if runs and runs[-1][1] == active.size:
        kept[runs[-1][0] :] = True
    return kept


@mutant(
    task="smooth_decisions",
    name="a short burst at the beginning that stays",
    hint="A run that begins in frame 0 has no no before it. What measures it?",
)
def first_burst_stays(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    closed = _close_gaps(active, min_silence)
    kept = _drop_bursts(closed, min_speech)
    runs = _runs(closed)
    if runs and runs[0][0] == 0:
        kept[: runs[0][1]] = True
    return kept


@mutant(
    task="smooth_decisions",
    name="only the first short gap closed",
    hint="Your loop ends with the first gap that it closes. What happens to the others?",
)
def first_gap_only(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    closed = active.copy()
    for (_, end), (first, _) in pairwise(_runs(active)):
        if first - end < min_silence:
            closed[end:first] = True
            break
    return _drop_bursts(closed, min_speech)


@mutant(
    task="smooth_decisions",
    name="zeros and ones instead of yes and no",
    hint="The next stage writes `~active`. What is ~1 in whole numbers, and what is ~True?",
)
def zeros_and_ones(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_silence), min_speech).astype(int)


@mutant(
    task="smooth_decisions",
    name="a gap that is closed only between two long runs",
    hint="A word may be broken into short pieces. How long must the runs beside a gap be before it is closed?",
)
def between_long_runs(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    closed = active.copy()
    for (begin, end), (first, last) in pairwise(_runs(active)):
        if first - end < min_silence and min(end - begin, last - first) >= min_speech:
            closed[end:first] = True
    return _drop_bursts(closed, min_speech)


@mutant(
    task="smooth_decisions",
    name="silence at one edge closed by speech at the other",
    hint="Which element of an array has the index −1? It is not a neighbour of frame 0.",
)
def round_the_edge(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    closed = active.copy()
    for start, end in _runs(~active):
        if end - start < min_silence and active[start - 1] and active[end % active.size]:
            closed[start:end] = True
    return _drop_bursts(closed, min_speech)


@mutant(
    task="smooth_decisions",
    name="smoothing written into the decisions themselves",
    hint="The caller still needs what it gave you. Which array does your function write into?",
)
def smoothed_in_place(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    active[:] = _drop_bursts(_close_gaps(active, min_silence), min_speech)
    return active


# ---------------------------------------------------------------- 5.6 from frames to seconds


@mutant(
    task="to_segments",
    name="a frame number taken for a sample number",
    hint="By how many samples does the signal advance from one frame to the next?",
)
def hop_forgotten(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [((first + lead) / sr, (end + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="frame numbers divided by the rate, as if a frame were one sample",
    hint="A second has sr samples. How many frames does it have, when a frame begins every H samples?",
)
def frames_over_rate(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    return [(first / sr, end / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a frame that stands for the samples at its beginning",
    hint="A frame begins at mH. Where is its centre, and which samples lie around the centre?",
)
def centre_forgotten(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    return [(first * hop_length / sr, end * hop_length / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a frame that stands for all of its samples",
    hint="Frame 3 says yes and frame 4 says no. To which of them do the samples belong that both contain?",
)
def whole_frames(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    return [(first * hop_length / sr, ((end - 1) * hop_length + frame_length) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a segment from centre to centre",
    hint="A run of a single frame: how long is your segment, and how long should it be?",
)
def from_centre_to_centre(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    half = frame_length / 2
    return [((first * hop_length + half) / sr, ((end - 1) * hop_length + half) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a last segment that is never closed",
    hint="Someone is still speaking in the last frame. Where does your loop store that segment?",
)
def last_segment_lost(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [
        ((first * hop_length + lead) / sr, (end * hop_length + lead) / sr)
        for first, end in _runs(active)
        if end < active.size
    ]


@mutant(
    task="to_segments",
    name="a last segment that ends by another rule",
    hint="Someone is still speaking in the last frame. Which formula gives the end of that segment, and which the end "
    "of all others?",
)
def last_end_by_counting_hops(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [
        ((first * hop_length + lead) / sr, (end * hop_length + (lead if end < active.size else 0)) / sr)
        for first, end in _runs(active)
    ]


@mutant(
    task="to_segments",
    name="one segment for each frame",
    hint="Two neighbouring frames say yes. Does the speech stop between them?",
)
def frames_not_joined(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [((m * hop_length + lead) / sr, ((m + 1) * hop_length + lead) / sr) for m in np.flatnonzero(active).tolist()]


@mutant(
    task="to_segments",
    name="a start and a duration instead of a start and an end",
    hint="At what time does your second segment end? Is that after its beginning?",
)
def start_and_length(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [((first * hop_length + lead) / sr, (end - first) * hop_length / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="times in samples instead of seconds",
    hint="Which of your numbers are counts of samples? How many samples make a second?",
)
def in_samples(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [(first * hop_length + lead, end * hop_length + lead) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="this notebook's rate, frame and hop written into the function",
    hint="A telephone sends 8000 samples per second. Where does your function use sr?",
)
def fixed_numbers(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    return [((first * 160 + 120) / 16_000, (end * 160 + 120) / 16_000) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="half a sample lost in an integer division",
    hint="N = 401: what is N/2, and what is N // 2? Which of the two is in the formula?",
)
def whole_number_division(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = frame_length // 2 - hop_length // 2
    return [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="half a sample of the hop lost in an integer division",
    hint="H = 161: what is H/2, and what is H // 2? Which of the two is in the formula?",
)
def half_a_hop_lost(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = frame_length / 2 - hop_length // 2
    return [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a frame centred on its first sample",
    hint="A frame begins at mH and holds N samples. Where is its centre? Which term of the formula says so?",
)
def half_a_frame_forgotten(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    half = hop_length / 2
    return [((first * hop_length - half) / sr, (end * hop_length - half) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a segment that begins at the centre of its first frame",
    hint="A frame stands for half a hop before its centre and half a hop after it. Where is the first half in your "
    "formula?",
)
def half_a_hop_forgotten(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    half = frame_length / 2
    return [((first * hop_length + half) / sr, (end * hop_length + half) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="segments that are one hop late, at both ends",
    hint="Frame 0 begins half a hop before its centre, N/2. When does your first segment begin if frame 0 says yes?",
)
def sign_of_the_hop(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length + hop_length) / 2
    return [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a segment that ends one hop too early",
    hint="A run of a single frame: how long is your segment, and how long is a hop?",
)
def one_hop_too_early(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [((first * hop_length + lead) / sr, ((end - 1) * hop_length + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a segment that ends one hop too late",
    hint="A run of a single frame: how long is your segment, and how long is a hop?",
)
def one_hop_too_late(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [((first * hop_length + lead) / sr, ((end + 1) * hop_length + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="edges counted one frame early",
    hint="np.diff at index m compares the frames m and m + 1. In which of the two does the run begin?",
)
def edges_one_frame_early(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    edges = np.flatnonzero(np.diff(active)) * hop_length
    seconds = ((edges + lead) / sr).tolist()
    return list(zip(seconds[::2], seconds[1::2], strict=False))


@mutant(
    task="to_segments",
    name="runs at the edges that np.diff cannot see",
    hint="np.diff finds changes. Where is the change if frame 0, or the last frame, says yes?",
)
def edges_without_padding(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    edges = (np.flatnonzero(np.diff(active)) + 1) * hop_length
    seconds = ((edges + lead) / sr).tolist()
    return list(zip(seconds[::2], seconds[1::2], strict=False))


@mutant(
    task="to_segments",
    name="runs at the edges that np.diff cannot see, with beginnings and ends in separate lists",
    hint="If frame 0 says yes, how many beginnings do you find and how many ends? Which of them does zip pair?",
)
def edges_in_two_lists(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    change = np.diff(active.astype(int))
    begins, ends = (((np.flatnonzero(change == sign) + 1) * hop_length + lead) / sr for sign in (1, -1))
    return list(zip(begins.tolist(), ends.tolist(), strict=False))


@mutant(
    task="to_segments",
    name="beginnings and ends in separate lists, one frame early",
    hint="If frame 0 says yes, how many beginnings and how many ends do you find? And in which frame does np.diff see "
    "a run begin?",
)
def early_edges_in_two_lists(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    change = np.diff(active.astype(int))
    begins, ends = ((np.flatnonzero(change == sign) * hop_length + lead) / sr for sign in (1, -1))
    return list(zip(begins.tolist(), ends.tolist(), strict=False))


@mutant(
    task="to_segments",
    name="a first segment that never begins",
    hint="Someone speaks in frame 0 already. Which change do you look for, and is there one before frame 0?",
)
def first_segment_lost(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [
        ((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(active) if first > 0
    ]


@mutant(
    task="to_segments",
    name="segments at the edges left out",
    hint="Someone speaks in frame 0, or is still speaking in the last frame. Is that not speech?",
)
def edge_segments_lost(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [
        ((first * hop_length + lead) / sr, (end * hop_length + lead) / sr)
        for first, end in _runs(active)
        if first > 0 and end < active.size
    ]


@mutant(
    task="to_segments",
    name="one segment from the first yes to the last",
    hint="There is a pause between two words. Where is it in your result?",
)
def one_segment_for_all(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    runs = _runs(active)
    return [((runs[0][0] * hop_length + lead) / sr, (runs[-1][1] * hop_length + lead) / sr)] if runs else []


@mutant(
    task="to_segments",
    name="times rounded to hundredths of a second",
    hint="A frame may begin at 0.0375 s. What is left of that in your result?",
)
def rounded_to_hundredths(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    seconds = [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(active)]
    return [(round(start, 2), round(end, 2)) for start, end in seconds]


@mutant(
    task="to_segments",
    name="times rounded to thousandths of a second",
    hint="A frame may begin at 0.0375 s. What is left of that in your result?",
)
def rounded_to_thousandths(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    seconds = [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(active)]
    return [(round(start, 3), round(end, 3)) for start, end in seconds]


@mutant(
    task="to_segments",
    name="times in frames instead of seconds",
    hint="How many frames make a second? Where do hop_length and sr appear in your formula?",
)
def in_frames(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    return [(float(first), float(end)) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="times in milliseconds instead of seconds",
    hint="The docstring asks for seconds. How do your times compare with the length of the recording?",
)
def in_milliseconds(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [
        (1000 * (first * hop_length + lead) / sr, 1000 * (end * hop_length + lead) / sr) for first, end in _runs(active)
    ]


@mutant(
    task="to_segments",
    name="segments of silence instead of speech",
    hint="True means that someone speaks. Which runs do you list?",
)
def silence_listed(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(~active)]


@mutant(
    task="to_segments",
    name="a segment from the beginning of its first frame to the beginning of its last",
    hint="Where is the centre of a frame, and how much of the time around it does the frame stand for?",
)
def from_beginning_to_beginning(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    return [(first * hop_length / sr, (end - 1) * hop_length / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="the frame length in place of the hop",
    hint="Frames overlap. Does the next frame begin N samples later, or H?",
)
def length_for_hop(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    return [(first * frame_length / sr, end * frame_length / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="10 ms per frame written into the function",
    hint="Another recording has another hop and another rate. Where does your function use them?",
)
def ten_ms_a_frame(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    return [(0.01 * first, 0.01 * end) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a segment that ends at the centre of its last frame",
    hint="A frame stands for half a hop before its centre and half a hop after it. Where is the second half in your "
    "formula?",
)
def ends_at_the_centre(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    half = frame_length / 2
    return [((first * hop_length + lead) / sr, ((end - 1) * hop_length + half) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a division that applies to the last term only",
    hint="a + b / c divides b alone. Which part of your formula is divided by sr?",
)
def last_term_divided(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    before, behind = frame_length / 2 - hop_length / 2 / sr, frame_length / 2 + hop_length / 2 / sr
    return [(first * hop_length + before, (end - 1) * hop_length + behind) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a segment that ends with the first no",
    hint="The loop notices the end of a run one frame later. Which frame is the last yes then, and where does it end?",
)
def ends_with_the_first_no(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [
        ((first * hop_length + lead) / sr, ((end + (end < active.size)) * hop_length + lead) / sr)
        for first, end in _runs(active)
    ]


@mutant(
    task="to_segments",
    name="plus and minus swapped",
    hint="Does the time that a frame stands for begin before its centre or after it? Which sign does half a hop have "
    "there?",
)
def signs_exchanged(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length + hop_length) / 2
    return [((first * hop_length + lead) / sr, ((end - 2) * hop_length + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a frame that stands for all of its samples except the last",
    hint="To which frame do the samples belong that two neighbours contain? And how long are N samples?",
)
def whole_frames_but_one_sample(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    return [(first * hop_length / sr, ((end - 1) * hop_length + frame_length - 1) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a segment from 0 to 0 where no one speaks",
    hint="No one speaks. How many segments are there, and how many has your list?",
)
def an_empty_segment(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    found = [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(active)]
    return found or [(0.0, 0.0)]


@mutant(
    task="to_segments",
    name="frame length and hop length exchanged",
    hint="How far apart are two frames, and how long is each? Which of the two do you multiply by m?",
)
def exchanged_lengths(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (hop_length - frame_length) / 2
    return [((first * frame_length + lead) / sr, (end * frame_length + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="16 000 samples per second, written into the function",
    hint="A recording may have 8000 samples per second. Where does your function ask?",
)
def always_sixteen_thousand(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [((first * hop_length + lead) / 16_000, (end * hop_length + lead) / 16_000) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="400 samples per frame, written into the function",
    hint="A frame may have 512 samples. Where does your function ask?",
)
def always_four_hundred(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (400 - hop_length) / 2
    return [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a run of one frame left out",
    hint="One frame says yes and its neighbours say no. From when to when does someone speak?",
)
def single_frames_left_out(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    long = [(first, end) for first, end in _runs(active) if end - first > 1]
    return [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in long]


@mutant(
    task="to_segments",
    name="a single no that does not end a segment",
    hint="Yes, no, yes: how many runs of yes are these? Closing gaps was the stage before.",
)
def single_gaps_closed(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    joined = _close_gaps(active, 2)
    return [((first * hop_length + lead) / sr, (end * hop_length + lead) / sr) for first, end in _runs(joined)]


@mutant(
    task="to_segments",
    name="times in whole seconds",
    hint="What does // do that / does not? Where is the word that lasts for half a second?",
)
def whole_seconds(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [((first * hop_length + lead) // sr, (end * hop_length + lead) // sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="times below 0 set to 0",
    hint="With a hop longer than the frame, frame 0 stands for more than its samples. What does the formula "
    "give for it?",
)
def nothing_below_zero(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = (frame_length - hop_length) / 2
    return [
        (max(0.0, (first * hop_length + lead) / sr), (end * hop_length + lead) / sr) for first, end in _runs(active)
    ]


@mutant(
    task="to_segments",
    name="times in single precision",
    hint="A float32 keeps seven digits. After five minutes, how many of them are left after the decimal point?",
)
def single_precision(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    lead = np.float32((frame_length - hop_length) / 2)
    times = (np.arange(active.size + 1, dtype=np.float32) * hop_length + lead) / np.float32(sr)
    return [(float(times[first]), float(times[end])) for first, end in _runs(active)]


# ---------------------------------------------------------------- 5.7 how wrong is it?


def _seconds(segments: list[Segment]) -> float:
    return sum(end - start for start, end in segments)


def _shared(reference: list[Segment], hypothesis: list[Segment]) -> float:
    """Seconds that are in both lists."""
    return sum(max(0.0, min(b, d) - max(a, c)) for a, b in reference for c, d in hypothesis)


def _on_points(reference: list[Segment], hypothesis: list[Segment], step: float) -> tuple[float, float, float]:
    """Ask at points in time, a step apart, who speaks."""
    points = np.arange(0, max(end for _, end in [*reference, *hypothesis]), step)
    truth, found = (
        np.any(
            [(start <= points) & (points < end) for start, end in segments] or [np.zeros(points.size, dtype=bool)], 0
        )
        for segments in (reference, hypothesis)
    )
    missed, false_alarm = step * np.sum(truth & ~found), step * np.sum(found & ~truth)
    return missed, false_alarm, (missed + false_alarm) / (step * np.sum(truth))


@mutant(
    task="detection_error",
    name="missed speech and false alarm swapped",
    hint="A detector always says no. What does it miss, and what does it invent?",
)
def exchanged_errors(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    spoken, shared = _seconds(reference), _shared(reference, hypothesis)
    missed, false_alarm = spoken - shared, _seconds(hypothesis) - shared
    return false_alarm, missed, (missed + false_alarm) / spoken


@mutant(
    task="detection_error",
    name="total durations compared, regardless of position",
    hint="The reference is 0–1 s and you found 5–6 s. The durations agree, but how good was the detector?",
)
def lengths_only(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    surplus = _seconds(hypothesis) - _seconds(reference)
    missed, false_alarm = max(0.0, -surplus), max(0.0, surplus)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="segments compared by their index",
    hint="After one early false alarm every index is off by one. Which segments belong together?",
)
def paired_by_number(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    pairs = zip(reference, hypothesis, strict=False)
    shared = sum(max(0.0, min(b, d) - max(a, c)) for (a, b), (c, d) in pairs)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="a distance counted as a negative overlap",
    hint="The segments 0–1 s and 5–6 s do not overlap. How many seconds do they share, and what does your formula say?",
)
def negative_overlaps(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = sum(min(b, d) - max(a, c) for a, b in reference for c, d in hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="a search that stops at the first overlap",
    hint="The reference is one long segment, and you found three pieces of it. How many of them do you count?",
)
def first_overlap_only(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = 0.0
    for a, b in reference:
        overlaps = (min(b, d) - max(a, c) for c, d in hypothesis)
        shared += next((overlap for overlap in overlaps if overlap > 0), 0.0)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="a found segment that is matched with one word only",
    hint="You found one long segment over two words. How many of the words did it hit, and how many do you count?",
)
def first_word_only(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = 0.0
    for c, d in hypothesis:
        overlaps = (min(b, d) - max(a, c) for a, b in reference)
        shared += next((overlap for overlap in overlaps if overlap > 0), 0.0)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="whole segments counted as right or wrong",
    hint="Your segment begins half a second late. Is all of it right, or all of it wrong?",
)
def whole_segments(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    missed = sum(b - a for a, b in reference if not _shared([(a, b)], hypothesis))
    false_alarm = sum(d - c for c, d in hypothesis if not _shared(reference, [(c, d)]))
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="shares instead of seconds",
    hint="Only one of the three numbers is a ratio. Which ones are in seconds?",
)
def shares_for_seconds(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    spoken, shared = _seconds(reference), _shared(reference, hypothesis)
    missed, false_alarm = (spoken - shared) / spoken, (_seconds(hypothesis) - shared) / spoken
    return missed, false_alarm, missed + false_alarm


@mutant(
    task="detection_error",
    name="an error in percent",
    hint="The example of the task gives 0.75. What do you return for it?",
)
def in_percent(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    spoken, shared = _seconds(reference), _shared(reference, hypothesis)
    missed, false_alarm = spoken - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, 100 * (missed + false_alarm) / spoken


@mutant(
    task="detection_error",
    name="an error per second of recording",
    hint="A minute of silence is added at the end. The detector has not changed; should its error shrink?",
)
def divided_by_the_recording(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / max(end for _, end in [*reference, *hypothesis])


@mutant(
    task="detection_error",
    name="an error per second of found speech",
    hint="A detector that always says no finds 0 seconds. Which seconds are in the denominator in the task?",
)
def divided_by_the_found(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared, found = _shared(reference, hypothesis), _seconds(hypothesis)
    missed, false_alarm = _seconds(reference) - shared, found - shared
    return missed, false_alarm, (missed + false_alarm) / found


@mutant(
    task="detection_error",
    name="a division by the seconds in either list",
    hint="What is the error of a detector that invents twice what was spoken? What is the largest value yours can "
    "take?",
)
def divided_by_the_union(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / (missed + false_alarm + shared)


@mutant(
    task="detection_error",
    name="an error cut off at 1",
    hint="A detector invents three times what was spoken. Is its error 1, or 3? Which of the two do you return?",
)
def clipped_at_one(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, min(1.0, (missed + false_alarm) / _seconds(reference))


@mutant(
    task="detection_error",
    name="times rounded to a grid of 10 ms",
    hint="A word ends at 1.2345 s. What does your grid make of that, and does the docstring allow a grid?",
)
def rounded_to_a_grid(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    grid = [[(round(start, 2), round(end, 2)) for start, end in segments] for segments in (reference, hypothesis)]
    shared = _shared(grid[0], grid[1])
    missed, false_alarm = _seconds(grid[0]) - shared, _seconds(grid[1]) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(grid[0])


@mutant(
    task="detection_error",
    name="time sampled every 10 ms",
    hint="You look every 10 ms. What happens to the 4 ms between the last of these points and the end of a word?",
)
def sampled_every_ten_ms(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    return _on_points(reference, hypothesis, 0.01)


@mutant(
    task="detection_error",
    name="time sampled every millisecond",
    hint="You look every millisecond. What happens to the time between the last of these points and the end of a word?",
)
def sampled_every_ms(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    return _on_points(reference, hypothesis, 0.001)


@mutant(
    task="detection_error",
    name="the three numbers in a different order",
    hint="The example of the task is missed 0.5 s, false alarm 1 s, error 0.75. In which order do you return them?",
)
def error_first(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return (missed + false_alarm) / _seconds(reference), missed, false_alarm


@mutant(
    task="detection_error",
    name="an error without the false alarms",
    hint="A detector that always says yes misses nothing. Is its error 0?",
)
def error_of_missed_only(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, missed / _seconds(reference)


@mutant(
    task="detection_error",
    name="an error in seconds",
    hint="Missed plus false alarm are seconds. By what must you divide them to get a ratio?",
)
def error_in_seconds(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, missed + false_alarm


@mutant(
    task="detection_error",
    name="reference and hypothesis swapped",
    hint="Speech only in the reference: is it missed, or a false alarm? Which list gives the denominator?",
)
def exchanged_lists(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return false_alarm, missed, (missed + false_alarm) / _seconds(hypothesis)


@mutant(
    task="detection_error",
    name="an error per second from the first word to the last",
    hint="There is a long pause between two words of the reference. Does it count as speech?",
)
def divided_by_the_span(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / (reference[-1][1] - reference[0][0])


@mutant(
    task="detection_error",
    name="only the best overlap of each word",
    hint="The reference is one long segment, and you found three pieces of it. How many of them do you count?",
)
def best_overlap_only(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = sum(max([0.0, *(min(b, d) - max(a, c) for c, d in hypothesis)]) for a, b in reference)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="starts and ends compared pair by pair",
    hint="After one early false alarm every pair belongs to two different words. How do you find which segments "
    "overlap?",
)
def ends_of_pairs(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    pairs = list(zip(reference, hypothesis, strict=False))
    missed = sum(max(0.0, c - a) + max(0.0, b - d) for (a, b), (c, d) in pairs)
    false_alarm = sum(max(0.0, a - c) + max(0.0, d - b) for (a, b), (c, d) in pairs)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="false alarms counted only where a segment overlaps no word",
    hint="A found segment begins on a word and ends a second after it. In which of your sums does that second appear?",
)
def whole_find_is_false(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed = _seconds(reference) - shared
    false_alarm = sum(d - c for c, d in hypothesis if not _shared(reference, [(c, d)]))
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="the shared seconds instead of the missed ones",
    hint="Seconds in both lists are hits. Which seconds are only in the reference?",
)
def shared_for_missed(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    false_alarm = _seconds(hypothesis) - shared
    return shared, false_alarm, (shared + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="all found speech counted as a false alarm",
    hint="A found segment that lies on a word is right. What do you subtract from the seconds that were found?",
)
def found_for_false_alarm(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="results rounded to hundredths",
    hint="The docstring says that the times are exact. What is left of 0.1234 s in your result?",
)
def rounded_results(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return round(missed, 2), round(false_alarm, 2), round((missed + false_alarm) / _seconds(reference), 2)


@mutant(
    task="detection_error",
    name="segments counted instead of seconds",
    hint="One missed segment lasts half a second, another five. Should they count the same?",
)
def segments_counted(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    missed = float(sum(not _shared([word], hypothesis) for word in reference))
    false_alarm = float(sum(not _shared(reference, [find]) for find in hypothesis))
    return missed, false_alarm, (missed + false_alarm) / len(reference)


@mutant(
    task="detection_error",
    name="missed and false alarm sampled every 10 ms",
    hint="You look every 10 ms. What happens to the 4 ms between the last of these points and the end of a word?",
)
def numerator_every_ten_ms(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    missed, false_alarm, _ = _on_points(reference, hypothesis, 0.01)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="times truncated to a grid of 10 ms",
    hint="int(100 * 1.2345) is 123. Where do the last 4.5 ms go, and does the docstring allow a grid?",
)
def cut_off_to_a_grid(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    grid = [[(int(100 * a) / 100, int(100 * b) / 100) for a, b in segments] for segments in (reference, hypothesis)]
    shared = _shared(grid[0], grid[1])
    missed, false_alarm = _seconds(grid[0]) - shared, _seconds(grid[1]) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(grid[0])


@mutant(
    task="detection_error",
    name="times rounded to a grid of 1 ms",
    hint="A word ends at 1.23456 s. What does your grid make of that, and does the docstring allow a grid?",
)
def rounded_to_a_fine_grid(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    grid = [[(round(a, 3), round(b, 3)) for a, b in segments] for segments in (reference, hypothesis)]
    shared = _shared(grid[0], grid[1])
    missed, false_alarm = _seconds(grid[0]) - shared, _seconds(grid[1]) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(grid[0])


@mutant(
    task="detection_error",
    name="an error per second of found speech, 1 if there is none",
    hint="Which seconds are in the denominator in the task: those of the reference or those that were found?",
)
def divided_by_the_found_if_any(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(hypothesis) if hypothesis else 1.0


@mutant(
    task="detection_error",
    name="an error per second in both lists together",
    hint="Which of the two lists gives the denominator in the task, and which do you use?",
)
def divided_by_both(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / (_seconds(reference) + _seconds(hypothesis))


@mutant(
    task="detection_error",
    name="nothing missed where nothing was found",
    hint="The hypothesis is empty. How many seconds of speech did that detector miss?",
)
def empty_is_special(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return (missed, false_alarm, (missed + false_alarm) / _seconds(reference)) if hypothesis else (0.0, 0.0, 1.0)


@mutant(
    task="detection_error",
    name="only found segments that begin inside a word",
    hint="A found segment begins before a word and reaches into it. Which seconds of it are right?",
)
def begins_inside(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = sum(min(b, d) - max(a, c) for a, b in reference for c, d in hypothesis if a <= c < b)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="only found segments that lie entirely inside a word",
    hint="A found segment is half a second late at both ends. Is all of it wrong?",
)
def inside_only(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = sum(d - c for a, b in reference for c, d in hypothesis if a <= c and d <= b)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="only as many segments as the shorter list has",
    hint="zip ends with the shorter list. What happens to the segments that are left over?",
)
def pairs_only(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    pairs = list(zip(reference, hypothesis, strict=False))
    missed = sum(b - a - _shared([(a, b)], [find]) for (a, b), find in pairs)
    false_alarm = sum(d - c - _shared([word], [(c, d)]) for word, (c, d) in pairs)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="missed minus false alarm",
    hint="A detector misses one second and invents another. Is it free of errors?",
)
def difference_of_errors(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed - false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="each kind of error divided by its own list",
    hint="Both kinds of error have the same denominator in the task. Which is it?",
)
def own_denominators(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, missed / _seconds(reference) + (false_alarm / _seconds(hypothesis) if hypothesis else 0)


@mutant(
    task="detection_error",
    name="segments compared for equality",
    hint="A found segment begins 10 ms late. Is the whole word missed, and the whole segment wrong?",
)
def equal_segments(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    missed = sum(b - a for a, b in reference if (a, b) not in hypothesis)
    false_alarm = sum(d - c for c, d in hypothesis if (c, d) not in reference)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="only the best overlap of each word and of each found segment",
    hint="A long found segment covers two words. How many seconds of it are right, and how many do you count?",
)
def best_overlaps(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    missed = sum(b - a - max([0.0, *(min(b, d) - max(a, c) for c, d in hypothesis)]) for a, b in reference)
    false_alarm = sum(d - c - max([0.0, *(min(b, d) - max(a, c) for a, b in reference)]) for c, d in hypothesis)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="time sampled in the middle of every 10 ms",
    hint="You count 10 ms for each point at which someone speaks. How long is a word of 14 ms for you?",
)
def sampled_at_the_centres(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    points = (np.arange(int(np.ceil(100 * max(end for _, end in [*reference, *hypothesis]))) + 1) + 0.5) / 100
    truth, found = (
        np.sum([(start <= points) & (points < end) for start, end in [(0.0, 0.0), *segments]], axis=0) > 0
        for segments in (reference, hypothesis)
    )
    missed, false_alarm = np.sum(truth & ~found) / 100, np.sum(found & ~truth) / 100
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="no error at all where nothing was found",
    hint="A detector that finds nothing misses everything. How large is its error?",
)
def nothing_found_is_perfect(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    if not hypothesis:
        return 0.0, 0.0, 0.0
    missed = _seconds(reference) - _shared(reference, hypothesis)
    false_alarm = _seconds(hypothesis) - _shared(reference, hypothesis)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="an index into an empty list or array",
    hint="If no segment was found, there is no first one and no column 1. What should come out then?",
)
def no_columns(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    found = np.array(hypothesis, dtype=float)
    seconds = float((found[:, 1] - found[:, 0]).sum())
    missed = _seconds(reference) - _shared(reference, hypothesis)
    false_alarm = seconds - _shared(reference, hypothesis)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="two positions in the lists, of which the wrong one moves on",
    hint="A long word meets a short found segment. Which of them can still meet the next: the one that ends later?",
)
def wrong_one_moves_on(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    i = j = 0
    shared = 0.0
    while i < len(reference) and j < len(hypothesis):
        shared += _shared([reference[i]], [hypothesis[j]])
        if reference[i][0] < hypothesis[j][0]:
            i += 1
        else:
            j += 1
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="found segments cut to the time between the first and the last word",
    hint="A detector says yes before anyone has spoken. Where is that false alarm counted?",
)
def cut_to_the_words(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    first, last = reference[0][0], reference[-1][1]
    inside = [(max(start, first), min(end, last)) for start, end in hypothesis if end > first and start < last]
    missed = _seconds(reference) - _shared(reference, inside)
    false_alarm = _seconds(inside) - _shared(reference, inside)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="all found segments taken as one, pauses included",
    hint="Between two found segments there is a pause. Did the detector say yes in it?",
)
def finds_as_one(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    whole = [(hypothesis[0][0], hypothesis[-1][1])] if hypothesis else []
    missed = _seconds(reference) - _shared(reference, whole)
    false_alarm = _seconds(whole) - _shared(reference, whole)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="the time from the first edge to the last taken for all that is covered",
    hint="No one speaks in the pauses, and nothing is found there. In which of your two sums are they?",
)
def first_to_last_edge(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    everything = [*reference, *hypothesis]
    covered = max(end for _, end in everything) - min(start for start, _ in everything)
    missed, false_alarm = covered - _seconds(hypothesis), covered - _seconds(reference)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)
