"""Checks of exercise 5: each is a truth that any right answer obeys, on data that the seed decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from weakref import WeakKeyDictionary

import numpy as np

from audiocourse.classify.practice.noisy_scenes import noisy_scenes
from audiocourse.classify.scoring import detection_error
from audiocourse.learn.checking.authoring import (
    Mismatch,
    Segment,
    Student,
    check,
    expect,
    expect_close,
    expect_equal,
    expect_intervals,
)
from audiocourse.sounds import SCENE_VOICES, Scene

FRAME = {"axis": "frame", "step": 0.01}  # one frame every 10 ms throughout the exercise


def yes_no(text: str) -> np.ndarray:
    """Read decisions from a drawing: ``..###.`` is no, no, yes, yes, yes, no."""
    return np.array([letter == "#" for letter in text])


def random_decisions(rng: np.random.Generator, *, stretches: int, longest: int) -> np.ndarray:
    """Make decisions with runs of random lengths, beginning with a random one of yes and no."""
    first = bool(rng.integers(2))
    lengths = rng.integers(1, longest + 1, stretches)
    return np.concatenate([np.full(n, first ^ bool(k % 2)) for k, n in enumerate(lengths)])


# 5.1 frame_level_db -------------------------------------------------------------------------------------------------


@check(task="frame_level_db", label="a sine with peak 1 has a level of −3 dB")
def sine_is_minus_three_db(student: Student, rng: np.random.Generator) -> None:
    periods = rng.integers(2, 40)
    frames = np.sin(2 * np.pi * periods * np.arange(800) / 800).astype(np.float32)[:, None].repeat(5, axis=1)
    expect_close(student.call("frame_level_db", frames), np.full(5, -3.0103), atol=0.01, unit="dB", **FRAME)


@check(task="frame_level_db", label="a tenth of the amplitude is 20 dB less")
def a_tenth_is_twenty_db(student: Student, rng: np.random.Generator) -> None:
    frames = rng.uniform(-1, 1, (400, 7))
    frames = (frames - frames.mean(axis=0)).astype(np.float32)
    expected = 10 * np.log10(np.mean(np.square(frames, dtype=np.float64), axis=0)) - 20
    expect_close(student.call("frame_level_db", 0.1 * frames), expected, atol=0.01, unit="dB", **FRAME)


@check(task="frame_level_db", label="each frame has a level of its own, however many there are")
def frames_keep_apart(student: Student, rng: np.random.Generator) -> None:
    levels = rng.uniform(-60, -1, 9)
    frames = rng.choice([-1.0, 1.0], (160, 9)) * 10 ** (levels / 20)
    expect_close(student.call("frame_level_db", frames.astype(np.float32)), levels, atol=0.01, unit="dB", **FRAME)


@check(task="frame_level_db", label="a constant of 0.5 has a level of −6 dB, because the mean is not subtracted")
def offset_counts(student: Student, rng: np.random.Generator) -> None:
    frames = np.full((int(rng.integers(100, 500)), 3), 0.5, dtype=np.float32)
    expect_close(student.call("frame_level_db", frames), np.full(3, -6.0206), atol=0.01, unit="dB", **FRAME)


@check(task="frame_level_db", label="digital silence has a level of −100 dB, not −∞, and so has anything softer")
def silence_has_a_floor(student: Student, rng: np.random.Generator) -> None:
    frames = np.zeros((400, 3), dtype=np.float32)
    frames[:, 1] = rng.choice([-1e-6, 1e-6], 400)
    frames[:, 2] = 10 ** (-90 / 20)
    expect_close(student.call("frame_level_db", frames), [-100.0, -100.0, -90.0], atol=0.01, unit="dB", **FRAME)


# 5.2 noise_floor_db -------------------------------------------------------------------------------------------------


def random_levels(rng: np.random.Generator, frames: int) -> np.ndarray:
    """Make levels of a fluctuating background with louder stretches."""
    loud = random_decisions(rng, stretches=frames // 8, longest=20)[:frames]
    return np.where(loud, -20.0, -55.0) + rng.normal(0, 3, len(loud))


def floor_by_definition(level: np.ndarray, rise: float) -> np.ndarray:
    """Compute it without recursion: the lowest, over all earlier frames, of their level plus the rise since then."""
    m = np.arange(len(level))
    since = m[:, None] - m[None, :]
    return np.where(since >= 0, level[None, :] + rise * since, np.inf).min(axis=1)


@check(task="noise_floor_db", label="the example of the text comes out: −60, −59, −58, −70")
def example_by_hand(student: Student, rng: np.random.Generator) -> None:
    level = np.array([-60.0, -20.0, -20.0, -70.0])
    got = student.call("noise_floor_db", level, rise_db=1.0)
    expect_close(got, [-60.0, -59.0, -58.0, -70.0], atol=1e-6, unit="dB", **FRAME)


@check(
    task="noise_floor_db",
    label="where the level is less than one rise above the floor, the floor climbs to it and no further",
)
def never_above_the_level(student: Student, rng: np.random.Generator) -> None:
    base = float(rng.integers(-70, -50))
    level = base + np.array([0.0, 0.3, 0.3, 0.4])
    expect_close(student.call("noise_floor_db", level, rise_db=0.5), level, atol=1e-6, unit="dB", **FRAME)


@check(task="noise_floor_db", label="the floor falls at once and climbs by the rise, whatever the levels do")
def follows_the_rule(student: Student, rng: np.random.Generator) -> None:
    level, rise = random_levels(rng, 300), float(rng.uniform(0.02, 0.5))
    expected = floor_by_definition(level, rise)
    expect_close(student.call("noise_floor_db", level, rise_db=rise), expected, atol=1e-6, unit="dB", **FRAME)


@check(task="noise_floor_db", label="the floor of a frame does not depend on later frames")
def floor_is_causal(student: Student, rng: np.random.Generator) -> None:
    level = random_levels(rng, 200)
    whole = student.call("noise_floor_db", level, rise_db=0.1)
    begun = student.call("noise_floor_db", level[:120], rise_db=0.1)
    expect_close(begun, np.asarray(whole)[:120], atol=1e-6, unit="dB", **FRAME)


@check(task="noise_floor_db", label="after the noise has become louder for good, the floor reaches it in the end")
def floor_follows_a_louder_room(student: Student, rng: np.random.Generator) -> None:
    level = np.concatenate([np.full(50, -60.0), np.full(400, -40.0)])
    expected = floor_by_definition(level, 0.1)
    expect_close(student.call("noise_floor_db", level, rise_db=0.1), expected, atol=1e-6, unit="dB", **FRAME)


@check(
    task="noise_floor_db", label="the floor begins at the first level, even where levels are positive (dB re 20 µPa)"
)
def begins_at_the_first_level(student: Student, rng: np.random.Generator) -> None:
    level = np.array([40.0, 62.0, 61.0, 38.0]) + rng.integers(0, 9)
    expected = level[0] + np.array([0.0, 2.0, 4.0, -2.0])
    expect_close(student.call("noise_floor_db", level, rise_db=2.0), expected, atol=1e-6, unit="dB", **FRAME)
    expect_close(student.call("noise_floor_db", level[:1], rise_db=2.0), level[:1], atol=1e-6, unit="dB", **FRAME)


@check(task="noise_floor_db", label="with a rise of 0 the floor never climbs")
def no_rise(student: Student, rng: np.random.Generator) -> None:
    level = np.array([-50.0, -62.0, -30.0, -65.0, -20.0, -20.0]) + rng.uniform(0, 5)
    expected = np.minimum.accumulate(level)
    expect_close(student.call("noise_floor_db", level, rise_db=0.0), expected, atol=1e-6, unit="dB", **FRAME)


@check(task="noise_floor_db", label="half a minute of sound is no harder than half a second")
def half_a_minute(student: Student, rng: np.random.Generator) -> None:
    level, rise = rng.normal(-50, 9, 3_000), float(rng.uniform(0.02, 0.5))
    climb = rise * np.arange(level.size)
    expected = climb + np.minimum.accumulate(level - climb)
    expect_close(student.call("noise_floor_db", level, rise_db=rise), expected, atol=1e-6, unit="dB", **FRAME)


# 5.3 hysteresis -----------------------------------------------------------------------------------------------------


def held_by_definition(score: np.ndarray, on: float, off: float) -> np.ndarray:
    """Compute it without a state: the last frame so far that was decisive said on."""
    decisive = np.where(score >= on, 1, np.where(score < off, 0, -1))
    active = np.zeros(len(score), dtype=bool)
    for m in range(len(score)):
        decided = decisive[: m + 1][decisive[: m + 1] >= 0]
        active[m] = bool(decided[-1]) if decided.size else False
    return active


@check(task="hysteresis", label="the example of the text comes out: no, yes, yes, no, no")
def hysteresis_example(student: Student, rng: np.random.Generator) -> None:
    score = np.array([4.0, 9.0, 4.0, 2.0, 4.0])
    expect_equal(student.call("hysteresis", score, on=8.0, off=3.0), yes_no(".##.."), **FRAME)


@check(task="hysteresis", label="speech may begin with the very first frame")
def speech_from_the_first_frame(student: Student, rng: np.random.Generator) -> None:
    score = np.array([10.0, 5.0, 2.0, 5.0])
    expect_equal(student.call("hysteresis", score, on=8.0, off=3.0), yes_no("##.."), **FRAME)


@check(task="hysteresis", label="a score exactly at on begins speech; a score exactly at off does not end it")
def thresholds_belong_to_yes(student: Student, rng: np.random.Generator) -> None:
    on = float(rng.integers(5, 10))
    score = np.array([0.0, on - 0.5, on, 3.0, 2.5, 3.0, on + 1, 3.0, 2.9])
    expect_equal(student.call("hysteresis", score, on=on, off=3.0), yes_no("..##..##."), **FRAME)


@check(task="hysteresis", label="between the thresholds the decision stays what it was")
def between_the_thresholds(student: Student, rng: np.random.Generator) -> None:
    score = rng.normal(5, 4, 400)
    expect_equal(student.call("hysteresis", score, on=8.0, off=3.0), held_by_definition(score, 8.0, 3.0), **FRAME)


@check(task="hysteresis", label="with equal thresholds it is one threshold")
def equal_thresholds(student: Student, rng: np.random.Generator) -> None:
    score = rng.normal(0, 1, 100)
    expect_equal(student.call("hysteresis", score, on=0.3, off=0.3), score >= 0.3, **FRAME)


@check(task="hysteresis", label="each recording begins without speech, however the last one ended")
def begins_anew(student: Student, rng: np.random.Generator) -> None:
    middle = float(rng.uniform(4, 7))
    recordings = {
        "###": [9.0, middle, middle],
        ".#.": [middle, 9.0, 2.0],
        "..#": [middle, 2.0, 9.0],
        "...": [middle] * 3,
    }
    for expected, score in recordings.items():
        expect_equal(student.call("hysteresis", np.array(score), on=8.0, off=3.0), yes_no(expected), **FRAME)


# 5.4 hangover -------------------------------------------------------------------------------------------------------


@check(task="hangover", label="one yes is held for exactly that many frames more")
def one_yes_is_held(student: Student, rng: np.random.Generator) -> None:
    frames, at = int(rng.integers(2, 6)), int(rng.integers(3, 8))
    active = np.arange(20) == at
    expected = (np.arange(20) >= at) & (np.arange(20) <= at + frames)
    expect_equal(student.call("hangover", active, frames=frames), expected, **FRAME)


@check(task="hangover", label="a frame is yes if it, or one of the frames held before it, is yes")
def held_everywhere(student: Student, rng: np.random.Generator) -> None:
    active, frames = random_decisions(rng, stretches=90, longest=9), int(rng.integers(2, 6))
    expected = np.array([active[max(0, m - frames) : m + 1].any() for m in range(len(active))])
    expect_equal(student.call("hangover", active, frames=frames), expected, **FRAME)


@check(
    task="hangover",
    label="a yes near the beginning is held, and one near the end does not wrap around to the beginning",
)
def yes_near_the_edges(student: Student, rng: np.random.Generator) -> None:
    expect_equal(student.call("hangover", yes_no("..#.....#"), frames=3), yes_no("..####..#"), **FRAME)


@check(task="hangover", label="with 0 frames nothing changes, and with very many it lasts to the end")
def extreme_hangovers(student: Student, rng: np.random.Generator) -> None:
    active = random_decisions(rng, stretches=9, longest=5)
    expect_equal(student.call("hangover", active, frames=0), active, **FRAME)
    expect_equal(student.call("hangover", active, frames=1000), np.logical_or.accumulate(active), **FRAME)


@check(task="hangover", label="a word that lasts for seconds is held for seconds, without a break")
def long_word_long_hold(student: Student, rng: np.random.Generator) -> None:
    word, frames = int(rng.integers(520, 600)), int(rng.integers(520, 600))
    active = np.arange(1500) < word
    expect_equal(student.call("hangover", active, frames=frames), np.arange(1500) < word + frames, **FRAME)


# 5.5 smooth_decisions -----------------------------------------------------------------------------------------------


def smoothed_by_text(active: np.ndarray, min_speech: int, min_silence: int) -> np.ndarray:
    """Compute it with string patterns: an independent way, slow and plain."""
    import re

    text = "".join("#" if a else "." for a in active)
    text = re.sub(r"(?<=#)\.+(?=#)", lambda gap: ("#" if len(gap[0]) < min_silence else ".") * len(gap[0]), text)
    text = re.sub(r"#+", lambda burst: ("." if len(burst[0]) < min_speech else "#") * len(burst[0]), text)
    return yes_no(text)


@check(task="smooth_decisions", label="the example of the text comes out")
def smooth_example(student: Student, rng: np.random.Generator) -> None:
    got = student.call("smooth_decisions", yes_no(".##.#...#."), min_speech=3, min_silence=2)
    expect_equal(got, yes_no(".####....."), **FRAME)


@check(task="smooth_decisions", label="a gap or burst of exactly the minimum stays")
def exactly_the_minimum(student: Student, rng: np.random.Generator) -> None:
    n = int(rng.integers(2, 6))
    word, pause, long_word, long_pause = "#" * n, "." * n, "#" * (n + 1), "." * (n + 2)
    active = yes_no("..." + word + long_pause + word + pause + long_word + long_pause + word[1:] + long_pause)
    expected = yes_no("..." + word + long_pause + word + pause + long_word + long_pause + pause[1:] + long_pause)
    expect_equal(student.call("smooth_decisions", active, min_speech=n, min_silence=n), expected, **FRAME)


@check(task="smooth_decisions", label="a word with a gap in it survives, because gaps are closed first")
def gaps_come_first(student: Student, rng: np.random.Generator) -> None:
    active, joined = yes_no("..####.#.####.."), yes_no("..###########..")
    expect_equal(student.call("smooth_decisions", active, min_speech=3, min_silence=4), joined, **FRAME)
    n = int(rng.integers(3, 6))
    active = yes_no("....." + "#" * n + "." + "#" * n + ".....")
    expected = yes_no("....." + "#" * (2 * n + 1) + ".....")
    got = student.call("smooth_decisions", active, min_speech=n + 2, min_silence=2)
    expect_equal(got, expected, **FRAME)


@check(task="smooth_decisions", label="short silence at the very beginning or end is not a gap between two words")
def edges_are_no_gaps(student: Student, rng: np.random.Generator) -> None:
    n = int(rng.integers(1, 4))
    active = yes_no("." * n + "########" + "." * n)
    expect_equal(student.call("smooth_decisions", active, min_speech=2, min_silence=10), active, **FRAME)
    other_edge = yes_no("####............####" + "." * n)  # speech at one edge does not fill the silence at the other
    for active in (other_edge, other_edge[::-1].copy()):
        expect_equal(student.call("smooth_decisions", active, min_speech=2, min_silence=10), active, **FRAME)


@check(
    task="smooth_decisions",
    label="bursts at the very beginning and end are dropped like others; all silence or all speech stays as it is",
)
def bursts_at_the_edges(student: Student, rng: np.random.Generator) -> None:
    for before, behind in (("#....####....#", ".....####....."), ("#.####....####....#", "######....####.....")):
        got = student.call("smooth_decisions", yes_no(before), min_speech=3, min_silence=2)
        expect_equal(got, yes_no(behind), **FRAME)
    silence = np.zeros(int(rng.integers(5, 20)), dtype=bool)
    for all_alike, kept in ((silence, False), (~silence, True), (~silence[:2], False)):
        expected = np.full(all_alike.size, kept)
        expect_equal(student.call("smooth_decisions", all_alike, min_speech=3, min_silence=2), expected, **FRAME)


@check(task="smooth_decisions", label="any decisions are smoothed as the two rules say")
def smooth_everywhere(student: Student, rng: np.random.Generator) -> None:
    for first in (0, 1):
        active = random_decisions(rng, stretches=120, longest=9)
        active[0] = bool(first)
        expected = smoothed_by_text(active, 4, 5)
        expect_equal(student.call("smooth_decisions", active, min_speech=4, min_silence=5), expected, **FRAME)


# 5.6 to_segments ----------------------------------------------------------------------------------------------------


def segments_by_frames(active: np.ndarray, frame_length: int, hop_length: int, sr: int) -> list[Segment]:
    """Join the little intervals that single frames stand for: an independent way."""
    segments: list[list[float]] = []
    for m in np.flatnonzero(active):
        centre = m * hop_length + frame_length / 2
        start, end = (centre - hop_length / 2) / sr, (centre + hop_length / 2) / sr
        if segments and abs(segments[-1][1] - start) < 1e-9:
            segments[-1][1] = end
        else:
            segments.append([start, end])
    return [(start, end) for start, end in segments]


def call_segments(student: Student, active: np.ndarray, sizes: tuple[int, int, int]) -> object:
    frame_length, hop_length, sr = sizes
    return student.call("to_segments", active, frame_length=frame_length, hop_length=hop_length, sr=sr)


@check(task="to_segments", label="one word in the middle begins and ends where its frames say")
def one_word(student: Student, rng: np.random.Generator) -> None:
    first, length = int(rng.integers(5, 40)), int(rng.integers(5, 40))
    active = (np.arange(100) >= first) & (np.arange(100) < first + length)
    expected = [(first * 0.01 + 0.0075, (first + length) * 0.01 + 0.0075)]
    expect_intervals(call_segments(student, active, (400, 160, 16000)), expected, atol=1e-6)


@check(task="to_segments", label="a word at the very beginning and one at the very end are both found")
def words_at_the_edges(student: Student, rng: np.random.Generator) -> None:
    n = int(rng.integers(3, 9))
    active = yes_no("#" * n + "." * n + "#" * n)
    sizes = (400, 160, 16000)
    expect_intervals(call_segments(student, active, sizes), segments_by_frames(active, *sizes), atol=1e-6)


@check(task="to_segments", label="the times follow the sampling rate, the frame length and the hop, odd ones too")
def other_sizes(student: Student, rng: np.random.Generator) -> None:
    for sizes in ((512, 512, 8000), (1024, 256, 44100), (401, 160, 16000), (551, 221, 22050), (400, 161, 16000)):
        active = random_decisions(rng, stretches=12, longest=8)
        expect_intervals(call_segments(student, active, sizes), segments_by_frames(active, *sizes), atol=1e-6)


@check(task="to_segments", label="with a hop longer than the frame, frame 0 begins before the sound, at a time below 0")
def begins_below_zero(student: Student, rng: np.random.Generator) -> None:
    sizes = (400, 480, 16000)
    active = yes_no("#" * int(rng.integers(1, 6)) + "...##.")
    expect_intervals(call_segments(student, active, sizes), segments_by_frames(active, *sizes), atol=1e-6)


@check(task="to_segments", label="late in a long recording the times are as exact as at its beginning")
def exact_after_minutes(student: Student, rng: np.random.Generator) -> None:
    sizes = (400, 160, 16000)
    active = np.zeros(30_000, dtype=bool)
    active[20_000:] = np.resize(random_decisions(rng, stretches=40, longest=99), 10_000)
    expect_intervals(call_segments(student, active, sizes), segments_by_frames(active, *sizes), atol=1e-6)


@check(task="to_segments", label="silence has no segment, and a single frame is one")
def silence_and_one_frame(student: Student, rng: np.random.Generator) -> None:
    sizes = (400, 160, 16000)
    expect_intervals(call_segments(student, np.zeros(int(rng.integers(5, 20)), dtype=bool), sizes), [], atol=1e-6)
    expect_intervals(call_segments(student, yes_no("...#..."), sizes), [(0.0375, 0.0475)], atol=1e-6)


# 5.7 detection_error ------------------------------------------------------------------------------------------------


def random_segments(rng: np.random.Generator, *, count: int) -> list[Segment]:
    """Make segments in order with pauses between them, their ends on no grid."""
    edges = np.cumsum(rng.uniform(0.05, 1.0, 2 * count))
    return [(float(start), float(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def error_on_a_line(reference: list[Segment], hypothesis: list[Segment]) -> tuple[float, float, float]:
    """Cut the time axis at every edge and ask each piece who covers it: an independent way."""
    edges = sorted({edge for segment in [*reference, *hypothesis] for edge in segment})
    missed = false_alarm = 0.0
    for start, end in pairwise(edges):
        middle = (start + end) / 2
        truth = any(a <= middle < b for a, b in reference)
        found = any(a <= middle < b for a, b in hypothesis)
        missed += (end - start) * (truth and not found)
        false_alarm += (end - start) * (found and not truth)
    return missed, false_alarm, (missed + false_alarm) / sum(end - start for start, end in reference)


def expect_error(got: object, expected: tuple[float, float, float]) -> None:
    """Compare the three numbers one by one, each by its name."""
    if not (isinstance(got, (tuple, list, np.ndarray)) and len(got) == 3):
        raise Mismatch(message=f"You return {got!r:.60}; three numbers are right: missed, false alarm, error.")
    for name, unit, value, right in zip(("missed", "false alarm", "error"), ("s", "s", ""), got, expected, strict=True):
        try:
            expect_close(value, right, atol=1e-6, unit=unit)
        except Mismatch as mismatch:
            raise Mismatch(value, right, message=f"Look at {name}. {mismatch}") from None


@check(
    task="detection_error",
    label="two seconds of speech, found half a second late and one second too long: an error of 0.75",
)
def error_example(student: Student, rng: np.random.Generator) -> None:
    t = float(rng.integers(0, 5))
    got = student.call("detection_error", [(t, t + 2.0)], [(t + 0.5, t + 3.0)])
    expect_error(got, (0.5, 1.0, 0.75))


@check(task="detection_error", label="a perfect hypothesis has an error of 0, and an empty one an error of 1")
def perfect_and_empty(student: Student, rng: np.random.Generator) -> None:
    reference = random_segments(rng, count=5)
    spoken = sum(end - start for start, end in reference)
    expect_error(student.call("detection_error", reference, reference), (0.0, 0.0, 1e-12))
    expect_error(student.call("detection_error", reference, []), (spoken, 0.0, 1.0))


@check(task="detection_error", label="many segments: every second counts once")
def error_of_many(student: Student, rng: np.random.Generator) -> None:
    reference, hypothesis = random_segments(rng, count=8), random_segments(rng, count=11)
    expect_error(student.call("detection_error", reference, hypothesis), error_on_a_line(reference, hypothesis))


@check(
    task="detection_error", label="false alarms are counted against the speech there is, so the error can exceed 100 %"
)
def error_without_bound(student: Student, rng: np.random.Generator) -> None:
    end = float(rng.integers(8, 12))
    expect_error(student.call("detection_error", [(1.0, 2.0)], [(0.0, end)]), (0.0, end - 1, end - 1))


@check(task="detection_error", label="several finds inside one long word are all counted")
def several_finds_in_one_word(student: Student, rng: np.random.Generator) -> None:
    t = float(rng.integers(0, 5))
    found = [(t + 1.0, t + 2.0), (t + 3.0, t + 4.0), (t + 8.0, t + 12.0)]
    expect_error(student.call("detection_error", [(t, t + 10.0)], found), (6.0, 2.0, 0.8))


@check(task="detection_error", label="one long find over two words misses nothing but the pause")
def one_find_over_two_words(student: Student, rng: np.random.Generator) -> None:
    gap = float(rng.uniform(0.2, 0.8))
    reference = [(1.0, 2.0), (2.0 + gap, 3.0 + gap)]
    expect_error(student.call("detection_error", reference, [(1.0, 3.0 + gap)]), (0.0, gap, gap / 2))


# 5.8 detect_speech (open) -------------------------------------------------------------------------------------------

BANDS = (0.40, 0.22, 0.16)  # the largest error of each; how the answers of the notebook's table do: docs/scores.txt


@lru_cache(maxsize=4)
def scenes(seed: int) -> list[tuple[str, Scene]]:
    """Make 48 scenes with voices that the practice scenes do not use."""
    return noisy_scenes(rng=np.random.default_rng(seed), voices=SCENE_VOICES[1::2])


@dataclass(frozen=True)
class Measured:
    """How a detector did: the error over all scenes together, and what it does wrong in which noise."""

    error: float
    worst: str


_measured: WeakKeyDictionary[Student, Measured] = WeakKeyDictionary()


def measure(student: Student, rng: np.random.Generator) -> Measured:
    """Try the detector on unseen scenes, once for all bands."""
    if student not in _measured:
        rows = [(kind, *errors_in(kind, scene, student)) for kind, scene in scenes(int(rng.integers(2**31)))]
        seconds: dict[tuple[str, str], float] = defaultdict(float)
        for kind, missed, false_alarm, _ in rows:
            seconds[kind, "missed speech"] += missed
            seconds[kind, "false alarms"] += false_alarm
        kind, what = max(seconds, key=lambda key: seconds[key])
        error = sum(seconds.values()) / sum(spoken for *_, spoken in rows)
        _measured[student] = Measured(error, f"{what} in {kind} noise")
    return _measured[student]


def errors_in(kind: str, scene: Scene, student: Student) -> tuple[float, float, float]:
    """Return the seconds missed, the seconds of false alarm and the seconds spoken in one scene."""
    found = student.call("detect_speech", scene.y, scene.sr)
    truth = [(part.start, part.end) for part in scene.speech]
    segments = sane_segments(found, scene.y.size / scene.sr, f"In a scene with {kind} noise")
    missed, false_alarm, _ = detection_error(truth, segments)
    return missed, false_alarm, sum(end - start for start, end in truth)


def sane_segments(found: object, duration: float, where: str) -> list[Segment]:
    """Require (start, end) pairs in order, without overlap, inside the recording (up to half a frame)."""
    try:
        pairs = [(float(start), float(end)) for start, end in found]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise Mismatch(message=f"You return {found!r:.60}; a list of (start, end) pairs is right.") from None
    last = -0.05
    for start, end in pairs:
        message = f"{where} of {duration:.1f} s you return the segment {start:.2f}–{end:.2f} s"
        expect(start <= end, f"{message}, which does not end after it begins.")
        expect(
            start >= last, f"{message}, which begins before {max(last, 0):.2f} s; sort the segments and merge overlaps."
        )
        expect(end <= duration + 0.05, f"{message}, which ends after the recording.")
        last = end
    return [(min(max(start, 0.0), duration), min(max(end, 0.0), duration)) for start, end in pairs]


def reach(band: int, student: Student, rng: np.random.Generator) -> None:
    """Report which band is reached and where most is lost, but no figure, so that no one tunes on these scenes."""
    measured = measure(student, rng)
    reached = sum(measured.error <= limit for limit in BANDS)
    message = f"On 48 unseen scenes your detector reaches {f'band {reached}' if reached else 'no band yet'}."
    expect(reached >= band, f"{message} The largest part of the error is {measured.worst}.")


@check(task="detect_speech", label="band 1: as good as the stages of this exercise (error at most 40 %)")
def band_one(student: Student, rng: np.random.Generator) -> None:
    reach(1, student, rng)


@check(task="detect_speech", label="band 2: one more good idea (error at most 22 %)")
def band_two(student: Student, rng: np.random.Generator) -> None:
    reach(2, student, rng)


@check(task="detect_speech", label="band 3: two more good ideas (error at most 16 %)")
def band_three(student: Student, rng: np.random.Generator) -> None:
    reach(3, student, rng)
