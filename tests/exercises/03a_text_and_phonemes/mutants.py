"""Misconceptions about numbers in words and about durations, as answers that people really give."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array: TypeAlias = np.ndarray

# ---------------------------------------------------------------- 3a.1 numbers

BELOW_TWENTY = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
ONES = BELOW_TWENTY.split()
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def small(n: int, *, hyphen: str = "-", glue: str = " ", tens: list[str] = TENS) -> str:
    """Numbers below 1000, with what can go wrong as options."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return tens[n // 10 - 2] + (hyphen + ONES[n % 10] if n % 10 else "")
    words = f"{ONES[n // 100]} hundred"
    return words + (glue + small(n % 100, hyphen=hyphen, tens=tens) if n % 100 else "")


def whole(n: int, *, between: str = " ", **options: object) -> str:
    """All numbers, by thousands and the rest."""
    if n < 1000:
        return small(n, **options)
    words = f"{small(n // 1000, **options)} thousand"
    return words + (between + small(n % 1000, **options) if n % 1000 else "")


@mutant(
    task="spell_number",
    name="a British “and” after the hundreds",
    hint="Both readings exist. Which of them does the docstring ask for, and what would a network hear in training?",
)
def with_and(n: int) -> str:
    return whole(n, glue=" and ")


@mutant(
    task="spell_number",
    name="a space instead of the hyphen",
    hint="How does the docstring write 42?",
)
def without_hyphen(n: int) -> str:
    return whole(n, hyphen=" ")


@mutant(
    task="spell_number",
    name="a zero that is read after a ten",
    hint="No one reads 20 as “twenty-zero”. What must hold for the ones to be read?",
)
def twenty_zero(n: int) -> str:
    if 20 <= n < 100:
        return f"{TENS[n // 10 - 2]}-{ONES[n % 10]}"
    if n < 20:
        return ONES[n]
    size, name = (1000, "thousand") if n >= 1000 else (100, "hundred")
    head = f"{twenty_zero(n // size)} {name}"
    return f"{head} {twenty_zero(n % size)}" if n % size else head


@mutant(
    task="spell_number",
    name="a zero that is read after a full hundred or thousand",
    hint="What is left of 700 after the hundreds, and do people read it?",
)
def hundred_zero(n: int) -> str:
    if n < 100:
        return small(n)
    size, name = (1000, "thousand") if n >= 1000 else (100, "hundred")
    return f"{hundred_zero(n // size)} {name} {hundred_zero(n % size)}"


@mutant(
    task="spell_number",
    name="zero read as nothing",
    hint="A rest of zero is silent. Is a price of 0 silent, too?",
)
def silent_zero(n: int) -> str:
    return whole(n) if n else ""


@mutant(
    task="spell_number",
    name="teens read as ten and a number",
    hint="Read 13 aloud. Up to which number does English have a word of its own for each?",
)
def ten_three(n: int) -> str:
    if n < 11:
        return ONES[n]
    if n < 20:
        return f"ten-{ONES[n - 10]}"
    if n < 100:
        return small(n)
    size, name = (1000, "thousand") if n >= 1000 else (100, "hundred")
    head = f"{ten_three(n // size)} {name}"
    return f"{head} {ten_three(n % size)}" if n % size else head


@mutant(
    task="spell_number",
    name="hundreds and thousands in the plural",
    hint="Two hundred, two thousand: what does English do with the plural after a number?",
)
def plural(n: int) -> str:
    if n < 100:
        return small(n)
    size, name = (1000, "thousand") if n >= 1000 else (100, "hundred")
    head = f"{plural(n // size)} {name}{'s' if n // size > 1 else ''}"
    return f"{head} {plural(n % size)}" if n % size else head


@mutant(
    task="spell_number",
    name="forty with a u",
    hint="Look the word up: four has a u, 14 has one, 40 …",
)
def fourty(n: int) -> str:
    return whole(n, tens=["twenty", "thirty", "fourty", *TENS[3:]])


@mutant(
    task="spell_number",
    name="a comma after the thousands",
    hint="The docstring asks for words with a space between them. What would a synthesiser do at a comma?",
)
def comma(n: int) -> str:
    return whole(n, between=", ")


@mutant(
    task="spell_number",
    name="thousands read digit by digit",
    hint="61 thousand: which function of yours can already read 61?",
)
def thousands_digit_by_digit(n: int) -> str:
    if n < 1000:
        return small(n)
    words = " ".join(ONES[int(digit)] for digit in str(n // 1000)) + " thousand"
    return f"{words} {small(n % 1000)}" if n % 1000 else words


@mutant(
    task="spell_number",
    name="every digit by itself",
    hint="That is how codes and telephone numbers are read. What is 42 as a quantity?",
)
def digit_by_digit(n: int) -> str:
    return " ".join(ONES[int(digit)] for digit in str(n))


@mutant(
    task="spell_number",
    name="thousands counted in hundreds",
    hint="“Nineteen hundred” is a year. What is the quantity 1900?",
)
def in_hundreds(n: int) -> str:
    if not 1000 <= n < 10_000 or n % 1000 < 100:
        return whole(n)
    words = f"{small(n // 100)} hundred"
    return f"{words} {small(n % 100)}" if n % 100 else words


@mutant(
    task="spell_number",
    name="one hundred and one thousand without their one",
    hint="“Hundred dollars” or “one hundred dollars”: what stands in the docstring's example of 107?",
)
def without_one(n: int) -> str:
    if n < 100:
        return small(n)
    size, name = (1000, "thousand") if n >= 1000 else (100, "hundred")
    head = name if n // size == 1 else f"{without_one(n // size)} {name}"
    return f"{head} {without_one(n % size)}" if n % size else head


@mutant(
    task="spell_number",
    name="a capital at the beginning",
    hint="The words may stand in the middle of a sentence. Which letters does the docstring ask for?",
)
def capital(n: int) -> str:
    return whole(n).capitalize()


@mutant(
    task="spell_number",
    name="an “and” before the last two digits everywhere",
    hint="The docstring has no “and” in 107. Should there be one in 1007?",
)
def with_and_everywhere(n: int) -> str:
    rest = n % 1000
    if n < 1000 or rest == 0:
        return whole(n, glue=" and ")
    between = " and " if rest < 100 else " "
    return whole(n, glue=" and ", between=between)


@mutant(
    task="spell_number",
    name="every zero that is read",
    hint="Read 20, 700 and 3000 aloud. Which of their zeros do you hear?",
)
def all_zeros(n: int) -> str:
    if n < 20:
        return ONES[n]
    if n < 100:
        return f"{TENS[n // 10 - 2]}-{ONES[n % 10]}"
    size, name = (1000, "thousand") if n >= 1000 else (100, "hundred")
    return f"{all_zeros(n // size)} {name} {all_zeros(n % size)}"


@mutant(
    task="spell_number",
    name="a space that is left at the end",
    hint="Look for a space before the closing quote. When is there nothing to separate?",
)
def space_at_the_end(n: int) -> str:
    def below(k: int) -> str:
        if k < 100:
            return small(k) if k else ""
        return f"{ONES[k // 100]} hundred {below(k % 100)}"

    if n < 1000:
        return below(n) or "zero"
    return f"{below(n // 1000)} thousand {below(n % 1000)}"


@mutant(
    task="spell_number",
    name="two spaces where the hundreds are missing",
    hint='An empty word still gets its space. What does " ".join of a list without empty words return?',
)
def two_spaces(n: int) -> str:
    def below(k: int) -> str:
        return f"{ONES[k // 100] + ' hundred' if k >= 100 else ''} {small(k % 100) if k % 100 else ''}"

    thousands = f"{below(n // 1000)} thousand" if n >= 1000 else ""
    return f"{thousands} {below(n % 1000)}".strip() or "zero"


@mutant(
    task="spell_number",
    name="tens taken one place too far",
    hint="For 20 you look up the word of 30. At which place of your list is “twenty”, and what is 20 // 10?",
)
def next_ten(n: int) -> str:
    return whole(n, tens=TENS[1:])  # 90 has no word any more: an IndexError


@mutant(
    task="spell_number",
    name="thousands that are read even if there are none",
    hint="How many thousands does 12 have, and do people read them?",
)
def zero_thousand(n: int) -> str:
    words = f"{small(n // 1000)} thousand"
    return f"{words} {small(n % 1000)}" if n % 1000 else words


# ---------------------------------------------------------------- 3a.2 frames


def boundaries_of(starts: Array, frames: int, sr: int, hop_length: int) -> Array:
    inner = np.round(starts * sr / hop_length).astype(int)
    boundaries = np.append(np.minimum(inner, frames), frames)
    boundaries[0] = 0
    return boundaries


@mutant(
    task="frame_durations",
    name="each duration rounded by itself",
    hint="Sixty roundings, each wrong by up to half a frame: where is the last boundary? Round something else.",
)
def rounded_by_itself(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    edges = np.append(starts * sr / hop_length, frames)
    edges[0] = 0
    return np.maximum(np.round(np.diff(np.minimum(edges, frames))), 0).astype(int)


@mutant(
    task="frame_durations",
    name="each duration cut off by itself",
    hint="int() loses half a frame per symbol on average, always in the same direction. Round the boundaries instead.",
)
def cut_by_itself(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    edges = np.append(starts * sr / hop_length, frames)
    edges[0] = 0
    return np.maximum(np.diff(np.minimum(edges, frames)), 0).astype(int)


@mutant(
    task="frame_durations",
    name="each duration rounded by itself, and the last one takes what is left",
    hint="The sum is right now. But how far has the boundary before the last symbol drifted?",
)
def rest_to_the_last(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    durations = rounded_by_itself(starts, frames=frames, sr=sr, hop_length=hop_length)
    durations[-1] = max(0, frames - durations[:-1].sum())
    return durations


@mutant(
    task="frame_durations",
    name="boundaries that are cut off",
    hint="A boundary at 6.9 frames: is frame 6 or frame 7 nearer?",
)
def cut_boundaries(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    boundaries = np.append(np.minimum((starts * sr / hop_length).astype(int), frames), frames)
    boundaries[0] = 0
    return np.diff(boundaries)


@mutant(
    task="frame_durations",
    name="boundaries that are rounded up",
    hint="A boundary at 6.1 frames: is frame 6 or frame 7 nearer?",
)
def boundaries_up(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    boundaries = np.append(np.minimum(np.ceil(starts * sr / hop_length), frames), frames).astype(int)
    boundaries[0] = 0
    return np.diff(boundaries)


@mutant(
    task="frame_durations",
    name="frames before the first symbol that belong to no symbol",
    hint="The sentence begins after a little silence. Which symbol takes its frames, so that the sum is right?",
)
def silence_left_out(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    inner = np.round(starts * sr / hop_length).astype(int)
    return np.diff(np.append(np.minimum(inner, frames), frames))


@mutant(
    task="frame_durations",
    name="a last symbol without a duration",
    hint="N symbols have N durations. Where does the last symbol end?",
)
def last_forgotten(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    return np.diff(boundaries_of(starts, frames, sr, hop_length)[:-1])


@mutant(
    task="frame_durations",
    name="at least one frame for every symbol",
    hint="A symbol shorter than half a frame gets a frame that belongs to its neighbour. What becomes of the sum?",
)
def at_least_one(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    return np.maximum(np.diff(boundaries_of(starts, frames, sr, hop_length)), 1)


@mutant(
    task="frame_durations",
    name="boundaries in place of durations",
    hint="You return where each symbol begins. How long does it last?",
)
def the_boundaries(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    return boundaries_of(starts, frames, sr, hop_length)[:-1]


@mutant(
    task="frame_durations",
    name="boundaries beyond the last frame",
    hint="The last start may lie in half a frame that the spectrogram does not have. Can a duration be negative?",
)
def beyond(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    boundaries = np.append(np.round(starts * sr / hop_length).astype(int), frames)
    boundaries[0] = 0
    return np.diff(boundaries)


@mutant(
    task="frame_durations",
    name="durations in samples",
    hint="sr turns seconds into samples. How many samples are there from frame to frame?",
)
def in_samples(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    boundaries = np.append(np.round(starts * sr).astype(int), frames * hop_length)
    boundaries[0] = 0
    return np.diff(np.minimum(boundaries, frames * hop_length))


@mutant(
    task="frame_durations",
    name="a hop of 256 samples at 16 kHz, whatever is given",
    hint="Another vocoder has another hop or rate. Which arguments does your code read?",
)
def fixed_hop(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    return np.diff(boundaries_of(starts, frames, 16_000, 256))


@mutant(
    task="frame_durations",
    name="whole numbers stored as floats",
    hint="np.repeat, and every count of frames, needs an integer dtype. What is the dtype after np.round?",
)
def as_floats(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    return np.diff(boundaries_of(starts, frames, sr, hop_length)).astype(float)


@mutant(
    task="frame_durations",
    name="durations stretched until the sum fits",
    hint="You share the error among all symbols. Where is the boundary in the middle of the sentence now?",
)
def stretched(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    durations = np.diff(np.append(starts, starts[-1] + 0.05)) * sr / hop_length
    boundaries = np.round(np.cumsum(durations) * frames / durations.sum()).astype(int)
    return np.diff(np.insert(boundaries, 0, 0))


@mutant(
    task="frame_durations",
    name="each duration rounded by itself, and no one takes the frames before the first symbol",
    hint="The roundings add up, and the first start is not frame 0. What if you rounded boundaries, the first being 0?",
)
def rounded_from_the_first_start(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    edges = np.append(starts, frames * hop_length / sr)
    return np.round(np.diff(edges) * sr / hop_length).astype(int)


@mutant(
    task="frame_durations",
    name="differences rounded, and the rest given to the last symbol",
    hint="The sum is right, but all errors are in the last symbol now. Who takes the frames before the first start?",
)
def differences_and_a_rest(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    durations = np.round(np.diff(starts) * sr / hop_length).astype(int)
    return np.append(durations, frames - durations.sum())


@mutant(
    task="frame_durations",
    name="differences cut off, and the rest given to the last symbol",
    hint="The sum is right, but each symbol loses half a frame on average to the last. What if you rounded boundaries?",
)
def cut_differences_and_a_rest(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    durations = np.floor(np.diff(starts) * sr / hop_length).astype(int)
    return np.append(durations, frames - durations.sum())


@mutant(
    task="frame_durations",
    name="starts that nearly all become frame 0",
    hint="With sr = 16 000 and hop_length = 256, a start of 2 s is frame 125. What does your code make of 2 s?",
)
def not_in_frames(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    return np.diff(boundaries_of(starts, frames, hop_length, sr))


@mutant(
    task="frame_durations",
    name="a whole number of frames per second",
    hint="16 000 / 256 is 62.5. What is 16 000 // 256, and how far off is the boundary after ten seconds?",
)
def whole_frame_rate(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    return np.diff(boundaries_of(starts, frames, sr // hop_length, 1))


@mutant(
    task="frame_durations",
    name="negative durations set to 0",
    hint="No duration is negative any more. What is their sum now? Keep the boundaries inside the frames instead.",
)
def negative_to_zero(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    return np.maximum(beyond(starts, frames=frames, sr=sr, hop_length=hop_length), 0)


@mutant(
    task="frame_durations",
    name="the frames before the first symbol as an entry of their own",
    hint="You return one duration more than there are symbols. Which symbol takes the frames before the first start?",
)
def silence_as_a_symbol(starts: Array, *, frames: int, sr: int, hop_length: int) -> Array:
    inner = np.minimum(np.round(starts * sr / hop_length).astype(int), frames)
    return np.diff(np.concatenate([[0], inner, [frames]]))
