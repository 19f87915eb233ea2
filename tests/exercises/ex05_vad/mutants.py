"""Misconceptions about voice activity detection, as answers that people really give."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from audiocourse.learn.authoring import Interval, mutant

# ---------------------------------------------------------------- 5.1 level of a frame


@mutant(
    task="frame_level_db",
    name="20·log10 of a power",
    hint="Ten times the amplitude is 20 dB. How many dB is ten times the power?",
)
def power_as_amplitude(frames: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.maximum(np.mean(frames**2, axis=0), 1e-5))


@mutant(
    task="frame_level_db",
    name="10·log10 of an amplitude",
    hint="You took a square root. Is what you have then a power, and what does the factor 10 belong to?",
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
    name="a mean across the frames",
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
    hint="A decibel is a tenth of a power of ten. To which base does np.log count?",
)
def natural_logarithm(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log(np.maximum(np.mean(frames**2, axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="levels relative to the loudest frame",
    hint="0 dB is full scale, an amplitude of 1. What is 0 dB with you, and where is it when all frames are soft?",
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
    name="a level from which the constant part is taken away",
    hint="A variance subtracts the mean before it squares. Does the formula of the level?",
)
def variance_as_power(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(np.var(frames, axis=0), 1e-10))


@mutant(
    task="frame_level_db",
    name="a logarithm with nothing under it",
    hint="Which level does a frame of digital silence get, and how often does a muted microphone send one?",
)
def no_lower_limit(frames: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.mean(frames**2, axis=0))


# ---------------------------------------------------------------- 5.2 the floor under the voice


@mutant(
    task="noise_floor_db",
    name="a floor that can never rise again",
    hint="Somebody switches on a fan after one quiet second. What does your floor do in the next minute?",
)
def smallest_so_far(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    return np.minimum.accumulate(level_db)


@mutant(
    task="noise_floor_db",
    name="a floor that knows the future",
    hint="The softest frame may come last. Can a detector that works while somebody talks know it in the first frame?",
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
    name="a rise added after the minimum is taken",
    hint="Let the level fall. Can your floor end up above the level it has just met?",
)
def rise_after_the_minimum(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1]) + rise_db
    return floor


@mutant(
    task="noise_floor_db",
    name="a ceiling over the voice instead of a floor under it",
    hint="Which of the two numbers lies lower, and at which of them does a floor stop?",
)
def follows_the_peaks(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    ceiling = level_db.copy()
    for m in range(1, ceiling.size):
        ceiling[m] = max(level_db[m], ceiling[m - 1] - rise_db)
    return ceiling


@mutant(
    task="noise_floor_db",
    name="a floor that steps over the level",
    hint="The level lies half a rise above the floor. Where is your floor in the next frame, and may it be there?",
)
def steps_over_the_level(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = level_db.copy()
    for m in range(1, floor.size):
        floor[m] = floor[m - 1] + rise_db if level_db[m] > floor[m - 1] else level_db[m]
    return floor


@mutant(
    task="noise_floor_db",
    name="a first floor of 0 dB that nobody set",
    hint="An array of zeros is full of levels: 0 dB is full scale. What should stand in frame 0?",
)
def begins_at_zero(level_db: np.ndarray, *, rise_db: float) -> np.ndarray:
    floor = np.zeros(level_db.size)
    for m in range(1, floor.size):
        floor[m] = min(level_db[m], floor[m - 1] + rise_db)
    return floor


@mutant(
    task="noise_floor_db",
    name="a floor that begins at the bottom of the scale",
    hint="From −100 dB at 0.05 dB a frame, how long is the climb to the noise of a room? Which frame tells more?",
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


# ---------------------------------------------------------------- 5.3 two thresholds


@mutant(
    task="hysteresis",
    name="a decision by on alone",
    hint="Somebody is speaking and the score falls a little below on. Which threshold decides now?",
)
def only_on(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return score >= on


@mutant(
    task="hysteresis",
    name="a decision by off alone",
    hint="Nobody has spoken yet and the score lies between the two thresholds. What has begun the speech?",
)
def only_off(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return score >= off


@mutant(
    task="hysteresis",
    name="a door that never shuts again",
    hint="Somebody has spoken and is silent now. Which line of yours ever says no again?",
)
def never_ends(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    return np.maximum.accumulate(score >= on)


@mutant(
    task="hysteresis",
    name="two thresholds that have changed places",
    hint="Is it harder to begin to speak or to go on? Which of the two thresholds is the higher one?",
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
    hint="Somebody speaks on between the thresholds. Do you ask for the last score, or for your last decision?",
)
def remembers_the_score(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    high = score >= on
    decided = high.copy()
    decided[1:] |= (score[1:] >= off) & high[:-1]
    return decided


@mutant(
    task="hysteresis",
    name="a decision that knows the future",
    hint="A score climbs slowly through off and later through on. In which of these frames could you know of speech?",
)
def reaches_back(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    decided = np.zeros(score.size, dtype=bool)
    edges = np.flatnonzero(np.diff(score >= off, prepend=False, append=False))
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        decided[first:end] = np.any(score[first:end] >= on)
    return decided


@mutant(
    task="hysteresis",
    name="a beginning that needs more than on",
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
    name="an end that comes at off already",
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
    name="somebody speaking before the first frame",
    hint="The first scores lie between the thresholds, so nothing changes. From what?",
)
def begins_with_yes(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    speaking, decisions = True, []
    for value in score:
        speaking = bool(value >= off) if speaking else bool(value >= on)
        decisions.append(speaking)
    return np.array(decisions, dtype=bool)


@mutant(
    task="hysteresis",
    name="a first frame that nobody decides",
    hint="Your loop needs a frame before the current one. Who decides for frame 0, if its score is above on?",
)
def first_frame_undecided(score: np.ndarray, *, on: float, off: float) -> np.ndarray:
    decisions = np.zeros(score.size, dtype=bool)
    for m in range(1, score.size):
        decisions[m] = score[m] >= (off if decisions[m - 1] else on)
    return decisions


# ---------------------------------------------------------------- 5.4 hangover


@mutant(
    task="hangover",
    name="a hold that counts the yes itself",
    hint="One yes and a hangover of 1 frame: how many frames say yes in the end?",
)
def held_one_too_few(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for shift in range(1, frames):
        held[shift:] |= active[:-shift]
    return held


@mutant(
    task="hangover",
    name="a hold of one frame too many",
    hint="With a hangover of 0 frames nothing may change. What do you do then?",
)
def held_one_too_many(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for shift in range(1, frames + 2):
        held[shift:] |= active[:-shift]
    return held


@mutant(
    task="hangover",
    name="a hold in both directions",
    hint="A word ends too early. Does it also begin too late?",
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
    name="a yes at the end that comes round to the beginning",
    hint="np.roll puts back in front what falls out at the end. Does a recording begin again when it ends?",
)
def rolled_round(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for shift in range(1, frames + 1):
        held |= np.roll(active, shift)
    return held


@mutant(
    task="hangover",
    name="a hold that holds itself",
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
    hint="With 5 frames to hold, frame 2 looks back to index −3. Which frames does numpy give you for that?",
)
def negative_start(active: np.ndarray, *, frames: int) -> np.ndarray:
    return np.array([active[m - frames : m + 1].any() for m in range(active.size)], dtype=bool)


@mutant(
    task="hangover",
    name="a hold counted from the first yes of a word",
    hint="A word lasts longer than the hangover. From which of its frames on must you count?",
)
def counted_from_the_beginning(active: np.ndarray, *, frames: int) -> np.ndarray:
    held = active.copy()
    for first in np.flatnonzero(np.diff(active, prepend=False) & active):
        held[first : first + frames + 1] = True
    return held


@mutant(
    task="hangover",
    name="a hold that a new yes does not renew",
    hint="Two frames into the hold somebody says yes again. From which of the two do you count on?",
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
    hint="A gap lies between two words. Which word stands before the first frame?",
)
def edges_filled(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(~_drop_bursts(~active, min_silence), min_speech)


@mutant(
    task="smooth_decisions",
    name="a gap of exactly the minimum that is closed",
    hint="With min_silence=3, is a gap of 3 frames shorter than the minimum?",
)
def gap_of_the_minimum_closed(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    return _drop_bursts(_close_gaps(active, min_silence + 1), min_speech)


@mutant(
    task="smooth_decisions",
    name="a burst of exactly the minimum that is dropped",
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
    name="two minimum lengths that have changed places",
    hint="Which of the two numbers speaks about runs of yes, and which about runs of no?",
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
    name="a burst at the edge that nobody sees",
    hint="np.diff finds changes. What changes at a run that begins in frame 0 or goes on to the last frame?",
)
def runs_at_the_edge_unseen(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed = _close_gaps(active, min_silence)
    for first, end in _runs(smoothed):
        if end - first < min_speech and first > 0 and end < smoothed.size:
            smoothed[first:end] = False
    return smoothed


@mutant(
    task="smooth_decisions",
    name="a recording in which somebody has to speak",
    hint="Nobody says a word from beginning to end. Which frame is the first yes then?",
)
def silence_not_expected(active: np.ndarray, *, min_speech: int, min_silence: int) -> np.ndarray:
    smoothed, yes = active.copy(), np.flatnonzero(active)
    smoothed[yes[0] : yes[-1] + 1] = ~_drop_bursts(~active[yes[0] : yes[-1] + 1], min_silence)
    return _drop_bursts(smoothed, min_speech)


# ---------------------------------------------------------------- 5.6 from frames to seconds


@mutant(
    task="to_segments",
    name="a frame number taken for a sample number",
    hint="From one frame to the next, by how many samples do you move on?",
)
def hop_forgotten(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    lead = (frame_length - hop_length) / 2
    return [((first + lead) / sr, (end + lead) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="frame numbers divided by the rate, as if a frame were one sample",
    hint="A second has sr samples. How many frames has it, when a frame begins every H samples?",
)
def frames_over_rate(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    return [(first / sr, end / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a frame that stands for the samples at its beginning",
    hint="A frame begins at mH. Where is its centre, and which samples lie around that?",
)
def centre_forgotten(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    return [(first * hop_length / sr, end * hop_length / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a frame that stands for all of its samples",
    hint="One yes in frame 3, one no in frame 4: who owns the samples that both of them hold?",
)
def whole_frames(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    return [(first * hop_length / sr, ((end - 1) * hop_length + frame_length) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a segment from centre to centre",
    hint="A run of a single frame: how long is your segment, and how long should it be?",
)
def from_centre_to_centre(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    half = frame_length / 2
    return [((first * hop_length + half) / sr, ((end - 1) * hop_length + half) / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="a last segment that is never closed",
    hint="Somebody is still speaking in the last frame. Where does your loop write that segment down?",
)
def last_segment_lost(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    lead = (frame_length - hop_length) / 2
    return [
        ((first * hop_length + lead) / sr, (end * hop_length + lead) / sr)
        for first, end in _runs(active)
        if end < active.size
    ]


@mutant(
    task="to_segments",
    name="a last segment that ends by another rule",
    hint="Somebody is still speaking in the last frame. By which formula do you end that segment, and all the others?",
)
def last_end_by_counting_hops(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    lead = (frame_length - hop_length) / 2
    return [
        ((first * hop_length + lead) / sr, (end * hop_length + (lead if end < active.size else 0)) / sr)
        for first, end in _runs(active)
    ]


@mutant(
    task="to_segments",
    name="one segment for each frame",
    hint="Two neighbouring frames say yes. Does anything happen between them?",
)
def frames_not_joined(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    lead = (frame_length - hop_length) / 2
    return [((m * hop_length + lead) / sr, ((m + 1) * hop_length + lead) / sr) for m in np.flatnonzero(active).tolist()]


@mutant(
    task="to_segments",
    name="a start and a length instead of a start and an end",
    hint="At which time does the second segment of yours end? Is that after it begins?",
)
def start_and_length(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    lead = (frame_length - hop_length) / 2
    return [((first * hop_length + lead) / sr, (end - first) * hop_length / sr) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="samples where seconds are asked for",
    hint="Which of your numbers are counts of samples? How many samples make a second?",
)
def in_samples(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    lead = (frame_length - hop_length) / 2
    return [(first * hop_length + lead, end * hop_length + lead) for first, end in _runs(active)]


@mutant(
    task="to_segments",
    name="the numbers of this notebook, written into the function",
    hint="A telephone sends 8000 samples a second. Where does your function learn that?",
)
def fixed_numbers(active: np.ndarray, *, frame_length: int, hop_length: int, sr: int) -> list[Interval]:
    return [((first * 160 + 120) / 16_000, (end * 160 + 120) / 16_000) for first, end in _runs(active)]


# ---------------------------------------------------------------- 5.7 how wrong is it?


def _seconds(segments: list[Interval]) -> float:
    return sum(end - start for start, end in segments)


def _shared(reference: list[Interval], hypothesis: list[Interval]) -> float:
    """Seconds that are in both lists."""
    return sum(max(0.0, min(b, d) - max(a, c)) for a, b in reference for c, d in hypothesis)


@mutant(
    task="detection_error",
    name="missed speech and false alarm exchanged",
    hint="A detector that always says no: what does it miss, and what does it invent?",
)
def exchanged_errors(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    spoken, shared = _seconds(reference), _shared(reference, hypothesis)
    missed, false_alarm = spoken - shared, _seconds(hypothesis) - shared
    return false_alarm, missed, (missed + false_alarm) / spoken


@mutant(
    task="detection_error",
    name="lengths compared without their places",
    hint="The truth is 0–1 s and you found 5–6 s. The lengths agree; how good was the detector?",
)
def lengths_only(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    surplus = _seconds(hypothesis) - _seconds(reference)
    missed, false_alarm = max(0.0, -surplus), max(0.0, surplus)
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="segments compared by their number in the list",
    hint="One early false alarm and every number after it is off by one. Which segments belong together?",
)
def paired_by_number(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    pairs = zip(reference, hypothesis, strict=False)
    shared = sum(max(0.0, min(b, d) - max(a, c)) for (a, b), (c, d) in pairs)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="a distance counted as a negative overlap",
    hint="The segments 0–1 s and 5–6 s do not meet. How many seconds do they share, and what does your formula say?",
)
def negative_overlaps(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    shared = sum(min(b, d) - max(a, c) for a, b in reference for c, d in hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="a search that stops at the first overlap",
    hint="The truth is one long segment and you found three pieces of it. How many of them do you count?",
)
def first_overlap_only(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    shared = 0.0
    for a, b in reference:
        overlaps = (min(b, d) - max(a, c) for c, d in hypothesis)
        shared += next((overlap for overlap in overlaps if overlap > 0), 0.0)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="a find that may serve one word only",
    hint="You found one long segment over two words. How many of them did it hit, and how many do you count?",
)
def first_word_only(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
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
def whole_segments(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    missed = sum(b - a for a, b in reference if not _shared([(a, b)], hypothesis))
    false_alarm = sum(d - c for c, d in hypothesis if not _shared(reference, [(c, d)]))
    return missed, false_alarm, (missed + false_alarm) / _seconds(reference)


@mutant(
    task="detection_error",
    name="shares where seconds are asked for",
    hint="Only one of the three numbers is a fraction. Which ones are seconds?",
)
def shares_for_seconds(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    spoken, shared = _seconds(reference), _shared(reference, hypothesis)
    missed, false_alarm = (spoken - shared) / spoken, (_seconds(hypothesis) - shared) / spoken
    return missed, false_alarm, missed + false_alarm


@mutant(
    task="detection_error",
    name="an error in percent",
    hint="The example of the task gives 0.75. What do you return for it?",
)
def in_percent(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    spoken, shared = _seconds(reference), _shared(reference, hypothesis)
    missed, false_alarm = spoken - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, 100 * (missed + false_alarm) / spoken


@mutant(
    task="detection_error",
    name="an error per second of recording",
    hint="Add a minute of silence at the end. The detector has not changed; should its error shrink?",
)
def divided_by_the_recording(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / max(end for _, end in [*reference, *hypothesis])


@mutant(
    task="detection_error",
    name="an error per second of found speech",
    hint="A detector that always says no finds 0 seconds. Whose seconds stand under the fraction in the task?",
)
def divided_by_the_found(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    shared, found = _shared(reference, hypothesis), _seconds(hypothesis)
    missed, false_alarm = _seconds(reference) - shared, found - shared
    return missed, false_alarm, (missed + false_alarm) / found


@mutant(
    task="detection_error",
    name="an error that can never exceed 1",
    hint="You divide by the seconds in either list. What may the error be if a detector invents twice what was spoken?",
)
def divided_by_the_union(reference: list[Interval], hypothesis: list[Interval]) -> tuple[float, float, float]:
    shared = _shared(reference, hypothesis)
    missed, false_alarm = _seconds(reference) - shared, _seconds(hypothesis) - shared
    return missed, false_alarm, (missed + false_alarm) / (missed + false_alarm + shared)
