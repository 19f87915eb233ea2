"""Checks of chapter 3a: how numbers are read, and how durations become whole frames."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_equal, kind_of

# 3a.1 spell_number --------------------------------------------------------------------------------------------------

BELOW_TWENTY = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
ONES = BELOW_TWENTY.split()
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def expect_words(student: Student, n: int, words: str) -> None:
    """Require the words of a number, and show both readings in the message."""
    got = student.call("spell_number", n)
    expect(isinstance(got, str), f"For {n} you return {kind_of(got)}; a string is right.")
    expect(got == words, f"For {n} you return {got!r}; {words!r} is right.")


@check(task="spell_number", label="the numbers below twenty have words of their own, and zero is one of them")
def below_twenty(student: Student, rng: np.random.Generator) -> None:
    for n in rng.permutation(20).tolist():
        expect_words(student, n, ONES[n])


@check(task="spell_number", label="a hyphen joins tens and ones, and a ten alone has none")
def tens_and_ones(student: Student, rng: np.random.Generator) -> None:
    for ten, name in enumerate(TENS, start=2):
        one = int(rng.integers(1, 10))
        expect_words(student, 10 * ten, name)
        expect_words(student, 10 * ten + one, f"{name}-{ONES[one]}")


@check(task="spell_number", label="hundreds are counted, and the rest follows without “and”")
def hundreds(student: Student, rng: np.random.Generator) -> None:
    for hundred in [1, *rng.permutation(np.arange(2, 10))[:4].tolist()]:
        one = int(rng.integers(1, 20))
        ten = int(rng.integers(2, 10))
        expect_words(student, 100 * hundred, f"{ONES[hundred]} hundred")
        expect_words(student, 100 * hundred + one, f"{ONES[hundred]} hundred {ONES[one]}")
        expect_words(student, 100 * hundred + 10 * ten, f"{ONES[hundred]} hundred {TENS[ten - 2]}")
    expect_words(student, 999, "nine hundred ninety-nine")


@check(task="spell_number", label="thousands come first, and a rest of zero is not read")
def thousands(student: Student, rng: np.random.Generator) -> None:
    few = int(rng.integers(1, 20))
    one = int(rng.integers(1, 20))
    expect_words(student, 1000 * few, f"{ONES[few]} thousand")
    expect_words(student, 1000 * few + one, f"{ONES[few]} thousand {ONES[one]}")
    expect_words(student, 1000, "one thousand")
    expect_words(student, 1000 * few + 100, f"{ONES[few]} thousand one hundred")
    expect_words(student, 1999, "one thousand nine hundred ninety-nine")


@check(task="spell_number", label="the thousands are a number of up to three digits themselves")
def many_thousands(student: Student, rng: np.random.Generator) -> None:
    hundred = int(rng.integers(1, 10))
    ten = int(rng.integers(2, 10))
    one = int(rng.integers(1, 10))
    expect_words(student, 61_020, "sixty-one thousand twenty")
    expect_words(student, 100_000 * hundred, f"{ONES[hundred]} hundred thousand")
    words = f"{ONES[hundred]} hundred {TENS[ten - 2]}-{ONES[one]} thousand"
    expect_words(student, 1000 * (100 * hundred + 10 * ten + one), words)
    expect_words(student, 1000 * (100 * hundred + one) + 7, f"{ONES[hundred]} hundred {ONES[one]} thousand seven")
    expect_words(student, 999_999, "nine hundred ninety-nine thousand nine hundred ninety-nine")


# 3a.2 frame_durations -----------------------------------------------------------------------------------------------

SR = 16_000


def durations_of(student: Student, starts: np.ndarray, *, frames: int, hop_length: int, sr: int = SR) -> np.ndarray:
    """Call the answer, and require whole numbers, one for each symbol."""
    got = student.call("frame_durations", starts, frames=frames, sr=sr, hop_length=hop_length)
    if not isinstance(got, np.ndarray) or got.dtype.kind not in "iu":
        kind = f"an array of {got.dtype}" if isinstance(got, np.ndarray) else kind_of(got)
        raise Mismatch(got, message=f"You return {kind}; an array of whole numbers (an integer dtype) is right.")
    expect(
        got.shape == starts.shape, f"For {starts.size} symbols you return shape {got.shape}; {starts.shape} is right."
    )
    return got


def near_frames(rng: np.random.Generator, whole: list[int], hop_length: int, sr: int = SR) -> np.ndarray:
    """Seconds up to 0.4 frames beside whole frames, on both sides: rounding gives these frames."""
    beside = rng.uniform(0.15, 0.4, len(whole)) * rng.choice([-1, 1], len(whole))
    return np.maximum(np.array(whole) + beside, 0) * hop_length / sr


def expect_durations(
    student: Student, starts: np.ndarray, boundaries: list[int], *, hop_length: int, sr: int = SR
) -> None:
    got = durations_of(student, starts, frames=boundaries[-1], hop_length=hop_length, sr=sr)
    right = np.diff(boundaries)
    expect_equal(got, right.astype(got.dtype), axis="symbol", unit="frames")


@check(task="frame_durations", label="the durations of any sentence add up to all frames")
def add_up(student: Student, rng: np.random.Generator) -> None:
    starts = np.cumsum(rng.uniform(0.02, 0.15, int(rng.integers(40, 60))))
    frames = 1 + int((starts[-1] + 0.3) * SR) // 256
    total = int(durations_of(student, starts, frames=frames, hop_length=256).sum())
    expect(total == frames, f"Your durations of {starts.size} symbols add up to {total} frames; {frames} is right.")


@check(task="frame_durations", label="every boundary lies within half a frame of its start, to the end of the sentence")
def no_drift(student: Student, rng: np.random.Generator) -> None:
    starts = np.cumsum(rng.uniform(0.02, 0.15, 60))
    frames = 1 + int((starts[-1] + 0.3) * SR) // 256
    got = durations_of(student, starts, frames=frames, hop_length=256)
    apart = np.cumsum(got[:-1]) - starts[1:] * SR / 256
    worst = int(np.argmax(np.abs(apart)))
    early = "early" if apart[worst] < 0 else "late"
    where = f"Your boundary before symbol {worst + 1} of {starts.size} comes {abs(apart[worst]):.1f} frames too {early}"
    expect(abs(apart[worst]) <= 0.51, f"{where}; at most half a frame is right.")


@check(task="frame_durations", label="boundaries are rounded to the nearest frame, up as well as down")
def nearest(student: Student, rng: np.random.Generator) -> None:
    for hop_length, sr in ((256, 16_000), (200, 16_000), (256, 22_050)):
        whole = [0, *np.cumsum(rng.integers(2, 9, 6)).tolist()]
        starts = near_frames(rng, whole, hop_length, sr)
        expect_durations(student, starts, [*whole, whole[-1] + 5], hop_length=hop_length, sr=sr)
    high = (np.array([0, 3, 7, 12]) - 0.3) * 256 / SR  # all of them are rounded up
    expect_durations(student, np.maximum(high, 0), [0, 3, 7, 12, 15], hop_length=256)
    low = (np.array([0, 3, 7, 12]) + 0.3) * 256 / SR
    expect_durations(student, low, [0, 3, 7, 12, 15], hop_length=256)


@check(task="frame_durations", label="the first symbol also takes the frames before it begins")
def silence_at_the_beginning(student: Student, rng: np.random.Generator) -> None:
    before = int(rng.integers(3, 9))
    starts = near_frames(rng, [before, before + 4, before + 9], 256)
    expect_durations(student, starts, [0, before + 4, before + 9, before + 12], hop_length=256)


@check(task="frame_durations", label="a symbol shorter than half a frame may have no frame at all")
def no_frame(student: Student, rng: np.random.Generator) -> None:
    whole = int(rng.integers(3, 8))
    starts = np.array([0, whole - 0.2, whole + 0.2, whole + 4.1]) * 256 / SR
    expect_durations(student, starts, [0, whole, whole, whole + 4, whole + 6], hop_length=256)
    twice = np.array([0, whole + 0.1, whole + 0.1, whole + 0.1]) * 256 / SR
    expect_durations(student, twice, [0, whole, whole, whole, whole + 1], hop_length=256)


@check(task="frame_durations", label="no boundary lies beyond the last frame")
def beyond_the_end(student: Student, rng: np.random.Generator) -> None:
    whole = int(rng.integers(4, 9))
    starts = np.array([0, whole - 0.2, whole + 1.2, whole + 3.3]) * 256 / SR
    expect_durations(student, starts, [0, whole, whole, whole, whole], hop_length=256)
    expect_durations(student, starts, [0, whole, whole + 1, whole + 1, whole + 1], hop_length=256)


@check(task="frame_durations", label="a single symbol takes all frames")
def single(student: Student, rng: np.random.Generator) -> None:
    frames = int(rng.integers(1, 30))
    for start in (0.0, 0.05):
        got = durations_of(student, np.array([start]), frames=frames, hop_length=256)
        expect_equal(got, np.array([frames], dtype=got.dtype), axis="symbol", unit="frames")
