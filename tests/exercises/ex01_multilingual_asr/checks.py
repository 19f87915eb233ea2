"""Checks of exercise 1: each is a truth that any right answer obeys, on data that the seed decides."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from audiocourse.asr.practice.overlapping_windows import OverlappingHypotheses, overlapping_hypotheses
from audiocourse.learn.checking.authoring import Given, Mismatch, Student, check, expect, expect_close
from audiocourse.signal import mel_filterbank

# 1.1 whisper_log_mel ------------------------------------------------------------------------------------------------

PUBLISHED = {"sr": 16_000, "n_fft": 400, "hop_length": 160, "n_mels": 80}
MINI = {**PUBLISHED, "hop_length": 320}
OTHER = {"sr": 8_000, "n_fft": 256, "hop_length": 100, "n_mels": 23}


def log_mel_by_hand(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    """Sum up every frame against sines and cosines: an independent way, slow and plain."""
    half = n_fft // 2
    padded = np.concatenate([y[half:0:-1], y, y[-2 : -half - 2 : -1]]).astype(np.float64)
    n = np.arange(n_fft)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * n / n_fft)
    waves = np.exp(-2j * np.pi * np.outer(np.arange(half + 1), n) / n_fft) * hann
    frames = np.stack([padded[m * hop_length :][:n_fft] for m in range(y.size // hop_length)], axis=1)
    power = mel_filterbank(sr=sr, n_fft=n_fft, n_mels=n_mels) @ np.abs(waves @ frames) ** 2
    decades = np.log10(np.clip(power, 1e-10, None))
    return 1 + np.clip(decades, decades.max() - 8, None) / 4


def scale_of(sizes: dict[str, int]) -> dict[str, Any]:
    return {"axis": "frame", "row": "band", "step": sizes["hop_length"] / sizes["sr"]}


def expect_log_mel(student: Student, y: np.ndarray, sizes: dict[str, int]) -> None:
    got = student.call("whisper_log_mel", y, **sizes)
    expect_close(got, log_mel_by_hand(y, **sizes), atol=2e-3, **scale_of(sizes))


@check(task="whisper_log_mel", label="one frame for each whole hop: a second at a hop of 10 ms has 100, not 101")
def one_frame_a_hop(student: Student, rng: np.random.Generator) -> None:
    y = rng.normal(0, 0.1, 16_000).astype(np.float32)
    got = np.asarray(student.call("whisper_log_mel", y, **PUBLISHED))
    expect(got.shape == (80, 100), f"You return shape {got.shape}; (80, 100) is right: bands, frames.")


@check(task="whisper_log_mel", label="noise: every band in every frame, for three different sizes")
def noise(student: Student, rng: np.random.Generator) -> None:
    for sizes in (PUBLISHED, MINI, OTHER):
        expect_log_mel(student, rng.normal(0, 0.1, int(rng.integers(3_000, 6_000))).astype(np.float32), sizes)


@check(task="whisper_log_mel", label="a sound that begins and ends at full strength is mirrored there")
def mirrored_ends(student: Student, rng: np.random.Generator) -> None:
    t = np.arange(3_200) / 16_000
    y = np.abs(t - 0.1) * 5 * np.cos(2 * np.pi * rng.uniform(500, 700) * t) + rng.normal(0, 0.01, t.size)
    expect_log_mel(student, y.astype(np.float32), PUBLISHED)


@check(
    task="whisper_log_mel",
    label="values more than eight decades below the loudest band of all are raised to that floor",
)
def eight_decades(student: Student, rng: np.random.Generator) -> None:
    faded = rng.normal(0, 1, 6_000) * np.geomspace(1, 1e-6, 6_000)
    tone = np.sin(2 * np.pi * rng.uniform(300, 3_000) * np.arange(6_000) / 16_000)  # a range of its own in each frame
    expect_log_mel(student, np.concatenate([tone, faded]).astype(np.float32), PUBLISHED)


@check(task="whisper_log_mel", label="the largest value is taken among the frames that are kept")
def click_after_the_last_frame(student: Student, rng: np.random.Generator) -> None:
    y = rng.normal(0, 1e-5, 16 * 320)
    click = np.cos(2 * np.pi * rng.uniform(500, 1_500) * np.arange(40) / 16_000)
    y[-click.size :] += 0.9 * click  # only the frame that is left out contains it
    expect_log_mel(student, y.astype(np.float32), MINI)


@check(task="whisper_log_mel", label="a very soft sound: the floor of 10⁻¹⁰ adds nothing to a power above it")
def a_floor_adds_nothing(student: Student, rng: np.random.Generator) -> None:
    expect_log_mel(student, rng.normal(0, 3e-6, 4_000).astype(np.float32), PUBLISHED)


@check(task="whisper_log_mel", label="ten times as loud is half a unit more everywhere")
def louder(student: Student, rng: np.random.Generator) -> None:
    y = rng.normal(0, 0.02, 4_000).astype(np.float32)
    soft, loud = (np.asarray(student.call("whisper_log_mel", gain * y, **MINI)) for gain in (1, 10))
    expect_close(loud - soft, np.full(soft.shape, 0.5), atol=2e-3, **scale_of(MINI))


@check(task="whisper_log_mel", label="digital silence is −1.5 everywhere, not minus infinity")
def digital_silence(student: Student, rng: np.random.Generator) -> None:
    y = np.zeros(int(rng.integers(1_000, 3_000)), dtype=np.float32)
    got = student.call("whisper_log_mel", y, **PUBLISHED)
    expect_close(got, np.full((80, y.size // 160), -1.5), atol=1e-4, **scale_of(PUBLISHED))


# 1.2 language_probabilities -----------------------------------------------------------------------------------------

CODES = ("de", "en", "es", "fr", "it", "nl", "pl", "yue")


def expect_probabilities(got: object, expected: dict[str, float]) -> None:
    """Compare language by language."""
    if not isinstance(got, dict):
        raise Mismatch(message=f"You return {got!r:.60}; a dict with a probability for each language is right.")
    expect(
        set(got) == set(expected),
        f"You return {', '.join(map(str, got)) or 'nothing'}; {', '.join(expected)} are the languages.",
    )
    for language, right in expected.items():
        try:
            expect_close(got[language], right, atol=1e-6)
        except Mismatch as mismatch:
            raise Mismatch(got[language], right, message=f"Look at {language}. {mismatch}") from None


def some_languages(rng: np.random.Generator, tokens: int) -> dict[str, int]:
    """Place some language tokens anywhere among all."""
    count = int(rng.integers(3, len(CODES) + 1))
    places = rng.choice(np.arange(3, tokens), count, replace=False)
    return {str(code): int(place) for code, place in zip(rng.permutation(CODES), places, strict=False)}


def by_odds(logits: np.ndarray, languages: dict[str, int]) -> dict[str, float]:
    """Weigh each language against all others: an independent way."""
    z = {language: float(logits[token]) for language, token in languages.items()}
    return {one: 1 / sum(np.exp(min(other - z[one], 700)) for other in z.values()) for one in z}


@check(task="language_probabilities", label="two languages whose logits differ by ln 3: 75 % and 25 %")
def three_to_one(student: Student, rng: np.random.Generator) -> None:
    logits = rng.normal(0, 1, 20)
    logits[[7, 11]] = np.array([np.log(3.0), 0.0]) + rng.normal()
    got = student.call("language_probabilities", logits, {"fr": 7, "it": 11})
    expect_probabilities(got, {"fr": 0.75, "it": 0.25})


@check(task="language_probabilities", label="logits of tokens that are not languages do not count")
def other_tokens_do_not_count(student: Student, rng: np.random.Generator) -> None:
    logits = rng.normal(0, 2, 60)
    languages = some_languages(rng, 60)
    logits[[k for k in range(60) if k not in languages.values()]] += 6.0
    expect_probabilities(student.call("language_probabilities", logits, languages), by_odds(logits, languages))


@check(task="language_probabilities", label="any logits, as float32 from a network, with tokens in any order")
def any_languages(student: Student, rng: np.random.Generator) -> None:
    for _ in range(4):
        logits = rng.normal(0, 3, 80).astype(np.float32)
        languages = some_languages(rng, 80)
        expect_probabilities(student.call("language_probabilities", logits, languages), by_odds(logits, languages))


@check(task="language_probabilities", label="huge logits do not overflow: only their distances count")
def huge_logits(student: Student, rng: np.random.Generator) -> None:
    logits, languages = rng.normal(0, 2, 40), some_languages(rng, 40)
    for shift in (5_000.0, -5_000.0):
        got = student.call("language_probabilities", logits + shift, languages)
        expect_probabilities(got, by_odds(logits, languages))
    words = [k for k in range(40) if k not in languages.values()]
    logits[int(rng.choice(words))] = 5_000.0  # a word far above all languages
    expect_probabilities(student.call("language_probabilities", logits, languages), by_odds(logits, languages))
    for lowest in (-1_000.0, -20_000.0):
        logits[languages[min(languages)]] = lowest
        expect_probabilities(student.call("language_probabilities", logits, languages), by_odds(logits, languages))


# 1.3 greedy_decode --------------------------------------------------------------------------------------------------

TOKENS = 12


@dataclass(frozen=True)
class Decoder:
    """A decoder that decides by chance what follows, the token that ends its text, and a prompt."""

    seed: int
    end: int
    prompt: tuple[int, ...]

    def text(self, max_new_tokens: int) -> list[int]:
        """Ask again and again what comes next, then cut at the end: an independent way."""
        next_scores, tokens = Given("scores_after", seed=self.seed, tokens=TOKENS).build(), list(self.prompt)
        for _ in range(max_new_tokens):
            tokens.append(int(np.asarray(next_scores(tokens)).argmax()))
        return list(itertools.takewhile(lambda token: token != self.end, tokens[len(self.prompt) :]))


def some_decoder(rng: np.random.Generator, shortest: int, longest: int, *, places: int = 4) -> Decoder:
    """Find a decoder and a prompt whose text has a length between two bounds."""
    while True:
        end = int(rng.integers(1, TOKENS - 1))  # neither the first nor the last of all tokens
        others = [token for token in range(TOKENS) if token != end]
        prompt = tuple(int(token) for token in rng.choice(others, places))
        decoder = Decoder(int(rng.integers(1_000_000)), end, prompt)
        if shortest <= len(decoder.text(longest + 1)) <= longest:
            return decoder


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def expect_tokens(student: Student, decoder: Decoder, max_new_tokens: int) -> None:
    prompt, right = list(decoder.prompt), decoder.text(max_new_tokens)
    next_scores = Given("scores_after", seed=decoder.seed, tokens=TOKENS)
    got = student.call("greedy_decode", next_scores, prompt, end=decoder.end, max_new_tokens=max_new_tokens)
    if not isinstance(got, list) or any(isinstance(one, bool) or not isinstance(one, int) for one in got):
        raise Mismatch(got, right, message=f"You return {got!r:.70}; a list of whole numbers is right: the new tokens.")
    case = f"The prompt is {prompt}, the end is {decoder.end}, max_new_tokens = {max_new_tokens}"
    if got[: len(prompt)] == prompt and right[: len(prompt)] != prompt:
        raise Mismatch(
            got, right, message=f"{case}. Your list begins with the prompt; only what comes after it is right."
        )
    if len(got) > max_new_tokens:
        message = f"{case}. You return {counted(len(got), 'token')}. Where do you count the new ones?"
        raise Mismatch(got, right, message=message)
    if got != right:
        at = next((k for k, (a, b) in enumerate(zip(got, right, strict=False)) if a != b), min(len(got), len(right)))
        mine, theirs = (str(text[at]) if at < len(text) else "nothing" for text in (got, right))
        lengths = f"you return {counted(len(got), 'token')}, {len(right)} {'is' if len(right) == 1 else 'are'} right"
        message = f"{case}. As token {at + 1} after the prompt you return {mine}; {theirs} is right ({lengths})."
        raise Mismatch(got, right, message=message)


@check(task="greedy_decode", label="with max_new_tokens = 1: one token, the likeliest after the whole prompt")
def first_token(student: Student, rng: np.random.Generator) -> None:
    expect_tokens(student, some_decoder(rng, 2, 40), 1)


@check(task="greedy_decode", label="each token is read again before the next is chosen, up to the end token")
def until_the_end(student: Student, rng: np.random.Generator) -> None:
    for shortest in (3, 8):
        expect_tokens(student, some_decoder(rng, shortest, shortest + 6), 40)


@check(
    task="greedy_decode",
    label="a decoder that never ends is stopped after `max_new_tokens` new tokens; the prompt does not count",
)
def stopped(student: Student, rng: np.random.Generator) -> None:
    for max_new_tokens in (5, 9, 0):
        expect_tokens(student, some_decoder(rng, 20, 40), max_new_tokens)


@check(
    task="greedy_decode",
    label="scores may all be negative; the decoder is asked once for each new token and once for the end",
)
def asked_as_often_as_needed(student: Student, rng: np.random.Generator) -> None:
    """A real decoder has no place for a token more, and each call costs as much as a word."""
    for shortest, max_new_tokens in ((20, 6), (3, 40)):
        decoder = some_decoder(rng, shortest, shortest + 20)
        right = decoder.text(max_new_tokens)
        calls = min(max_new_tokens, len(right) + 1)
        next_scores = Given("scores_after", seed=decoder.seed, tokens=TOKENS, calls=calls, shift=-20.0)  # as logarithms
        got = student.call(
            "greedy_decode", next_scores, list(decoder.prompt), end=decoder.end, max_new_tokens=max_new_tokens
        )
        expect(got == right, f"You return {got!r:.70}; {right!r:.70} is right.")


@check(task="greedy_decode", label="a decoder that ends at once writes nothing")
def nothing_to_say(student: Student, rng: np.random.Generator) -> None:
    expect_tokens(student, some_decoder(rng, 0, 0), 20)


@check(task="greedy_decode", label="another prompt gives another text, and a prompt may have any length")
def another_prompt(student: Student, rng: np.random.Generator) -> None:
    for places in (4, 4, 3, 6):
        expect_tokens(student, some_decoder(rng, 5, 20, places=places), 25)


@check(task="greedy_decode", label="an end token in the prompt ends nothing: only a new one does")
def end_in_the_prompt(student: Student, rng: np.random.Generator) -> None:
    for place in (1, 3):
        decoder = some_decoder(rng, 5, 20)
        prompt = tuple(decoder.end if k == place else token for k, token in enumerate(decoder.prompt))
        decoder = replace(decoder, prompt=prompt)
        while len(decoder.text(4)) < 3:
            decoder = replace(decoder, seed=decoder.seed + 1)
        expect_tokens(student, decoder, 12)


# 1.4 edit_distance --------------------------------------------------------------------------------------------------


def edits_by_recursion(reference: list[str], hypothesis: list[str]) -> int:
    """Compare from the last words on, remembering what is known: an independent way."""

    @cache
    def fewest(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        if reference[i - 1] == hypothesis[j - 1]:
            return fewest(i - 1, j - 1)
        return 1 + min(fewest(i - 1, j - 1), fewest(i - 1, j), fewest(i, j - 1))

    return fewest(len(reference), len(hypothesis))


VOCABULARY = ("we", "you", "see", "hear", "the", "a", "red", "old", "house", "train", "late", "now")


def some_words(rng: np.random.Generator, count: int, *, different: int = len(VOCABULARY)) -> list[str]:
    return [str(word) for word in rng.choice(VOCABULARY[:different], count)]


def require_count(got: object, right: int) -> None:
    if isinstance(got, bool) or not isinstance(got, int):
        raise Mismatch(got, right, message=f"You return {got!r:.60}; a whole number, {right}, is right.")


def shown(words: list[str]) -> str:
    """Write a text, of a long one the beginning."""
    more = f" … ({len(words)} words)" if len(words) > 12 else ""
    return (" ".join(words[:12]) or "(empty)") + more


def expect_distance(student: Student, reference: list[str], hypothesis: list[str]) -> None:
    got = student.call("edit_distance", reference, hypothesis)
    right = edits_by_recursion(reference, hypothesis)
    require_count(got, right)
    texts = f"reference: {shown(reference)} | recognised: {shown(hypothesis)}"
    expect(got == right, f"You count {got}; {right} is right for {texts}.")


@check(task="edit_distance", label="equal texts have no error; one word substituted, deleted or inserted is one error")
def one_edit(student: Student, rng: np.random.Generator) -> None:
    words, at = some_words(rng, 8), int(rng.integers(1, 7))
    for heard in (
        words,
        [*words[:at], "oh", *words[at + 1 :]],
        [*words[:at], *words[at + 1 :]],
        [*words[:at], "oh", *words[at:]],
    ):
        expect_distance(student, words, heard)


@check(task="edit_distance", label="a word deleted at the beginning is one error, although every later word moves")
def first_word_lost(student: Student, rng: np.random.Generator) -> None:
    words = [str(word) for word in rng.permutation(VOCABULARY)[:9]]
    expect_distance(student, words, words[1:])
    expect_distance(student, words[1:], words)
    expect_distance(student, words, [*words[1:], "oh"])


@check(task="edit_distance", label="an empty hypothesis: every word of the reference is a deletion")
def nothing_recognised(student: Student, rng: np.random.Generator) -> None:
    expect_distance(student, some_words(rng, int(rng.integers(3, 9))), [])
    expect_distance(student, [], [])


@check(task="edit_distance", label="an empty reference: every word of the hypothesis is an insertion")
def empty_reference(student: Student, rng: np.random.Generator) -> None:
    expect_distance(student, [], some_words(rng, int(rng.integers(3, 9))))


@check(task="edit_distance", label="words are compared, not letters; and their order matters")
def words_in_order(student: Student, rng: np.random.Generator) -> None:
    words = [str(word) for word in rng.permutation(VOCABULARY)[:6]]
    expect_distance(student, words, words[::-1])
    expect_distance(student, ["thee", "train"], ["the", "etrain"])


LONG, SHORT = 90, 3  # words; a table has 364 cells, a recursion without one about a million calls
SECONDS = 0.15  # a table takes milliseconds, the recursion about half a second


@check(task="edit_distance", label="a long text is done at once: no small problem is computed again and again")
def long_texts(student: Student, rng: np.random.Generator) -> None:
    reference = [f"{word}{k}" for k, word in enumerate(some_words(rng, LONG))]
    for hypothesis in (["oh"] * SHORT, ["ah"] * SHORT):
        begin = time.perf_counter()
        expect_distance(student, reference, hypothesis)
        if time.perf_counter() - begin < SECONDS:
            return  # the machine may be busy once, hardly twice
    message = f"{LONG} words against {SHORT} take too long. You compute the same small problem again and again. "
    raise Mismatch(message=message + "Keep each result in a table.")


VERY_LONG = 5_000  # words: more than a byte can count, and more calls within calls than Python or JupyterLab allow


@check(task="edit_distance", label="5000 words against one: the count is right, and Python's stack is deep enough")
def very_long_text(student: Student, rng: np.random.Generator) -> None:
    reference = [f"{word}{k}" for k, word in enumerate(some_words(rng, VERY_LONG))]
    right = VERY_LONG - 1  # one word is found again, all others are lost
    got = student.call("edit_distance", reference, [reference[int(rng.integers(10, VERY_LONG - 10))]])
    require_count(got, right)
    message = f"You count {got} for {VERY_LONG} different words of which one was recognised; {right} is right."
    if got != right:
        raise Mismatch(got, right, message=message)


@check(task="edit_distance", label="two words are equal only if all their letters and signs are, capital or small")
def exactly_equal_words(student: Student, rng: np.random.Generator) -> None:
    words = some_words(rng, 6)
    at = int(rng.integers(6))
    for changed in (words[at].upper(), f"{words[at]},"):
        expect_distance(student, words, [*words[:at], changed, *words[at + 1 :]])


@check(task="edit_distance", label="any two texts: the fewest edits, found by trying all")
def fewest_edits(student: Student, rng: np.random.Generator) -> None:
    for different in (2, 2, 3, 3, 4, 12):
        reference, hypothesis = (some_words(rng, int(rng.integers(0, 10)), different=different) for _ in range(2))
        expect_distance(student, reference, hypothesis)


# 1.5 rates_by_group -------------------------------------------------------------------------------------------------


def pooled(groups: list[str], errors: list[int], words: list[int]) -> dict[str, float]:
    """Go through the texts group by group: an independent way."""
    order = sorted(range(len(groups)), key=lambda k: groups[k])
    parts = {group: list(texts) for group, texts in itertools.groupby(order, key=lambda k: groups[k])}
    return {group: sum(errors[k] for k in texts) / sum(words[k] for k in texts) for group, texts in parts.items()}


def expect_rates(student: Student, groups: list[str], errors: list[int], words: list[int]) -> None:
    got, right = student.call("rates_by_group", groups, errors, words), pooled(groups, errors, words)
    if not isinstance(got, dict):
        raise Mismatch(message=f"You return {got!r:.60}; a dict with a rate for each group is right.")
    expect(
        set(got) == set(right),
        f"You return groups {', '.join(map(str, got)) or '(none)'}; {', '.join(right)} are right.",
    )
    for group, rate in right.items():
        try:
            expect_close(got[group], rate, atol=1e-9)
        except Mismatch as mismatch:
            texts = [f"{bad} in {n}" for other, bad, n in zip(groups, errors, words, strict=True) if other == group]
            message = f"Look at group {group}; errors in words: {', '.join(texts):.60}. {mismatch}"
            raise Mismatch(got[group], rate, message=message) from None


@check(task="rates_by_group", label="one text per group: its errors divided by its words")
def one_text_each(student: Student, rng: np.random.Generator) -> None:
    words = [int(n) for n in rng.integers(4, 20, 3)]
    expect_rates(student, ["de", "fr", "it"], [1, 0, words[2]], words)


@check(task="rates_by_group", label="a long text weighs more than a short one")
def long_texts_weigh_more(student: Student, rng: np.random.Generator) -> None:
    expect_rates(student, ["en", "en"], [1, 0], [1, int(rng.integers(5, 30))])


@check(task="rates_by_group", label="many texts in any order, groups of different sizes")
def many_texts(student: Student, rng: np.random.Generator) -> None:
    groups = [str(group) for group in rng.choice(["high", "low", "low", "other"], 40)]
    words = [int(n) for n in rng.integers(1, 15, 40)]
    expect_rates(student, groups, [int(rng.integers(0, n + 1)) for n in words], words)


@check(task="rates_by_group", label="a text in which no one speaks has no words, but the words inserted in it count")
def silence_has_errors(student: Student, rng: np.random.Generator) -> None:
    expect_rates(student, ["it", "it"], [3, 1], [0, 10])
    expect_rates(student, ["de", "fr", "de", "fr"], [0, int(rng.integers(2, 6)), 2, 0], [0, 0, 8, 5])


@check(task="rates_by_group", label="more errors than words: a rate above 1 is possible")
def more_errors_than_words(student: Student, rng: np.random.Generator) -> None:
    expect_rates(student, ["fr", "fr"], [int(rng.integers(5, 9)), 0], [3, 20])
    expect_rates(student, ["es", "es"], [int(rng.integers(5, 9)), 4], [2, 3])


@check(task="rates_by_group", label="two texts are of one group only if its name is the same, letter for letter")
def names_alike(student: Student, rng: np.random.Generator) -> None:
    groups = ["male", "female", "Male", "female", "male"]
    words = [int(n) for n in rng.integers(10, 20, 5)]
    expect_rates(student, groups, [1, 4, 2, 3, int(rng.integers(2, 6))], words)


# 1.6 window_starts --------------------------------------------------------------------------------------------------


def starts_by_walking(samples: int, window: int, hop: int) -> list[int]:
    """Go on until a window reaches the end: an independent way."""
    starts = [0]
    while starts[-1] + window < samples:
        starts.append(starts[-1] + hop)
    return starts


def expect_starts(student: Student, samples: int, window: int, hop: int) -> None:
    got = student.call("window_starts", samples, window=window, hop=hop)
    right = starts_by_walking(samples, window, hop)
    case = f"{samples} samples, windows of {window}, a hop of {hop}"
    if not isinstance(got, list) or any(isinstance(one, bool) or not isinstance(one, int) for one in got):
        raise Mismatch(message=f"You return {got!r:.60}; a list of whole numbers is right.")
    expect(got == right, f"You return {listed(got)} for {case}; {listed(right)} is right.")


def listed(numbers: list[int]) -> str:
    """Write a list, a long one with its beginning and end."""
    shown = numbers if len(numbers) <= 6 else [*numbers[:3], "…", *numbers[-2:]]
    return f"[{', '.join(map(str, shown))}]"


@check(task="window_starts", label="25 samples, windows of 10, a hop of 7: 0, 7, 14, and 21 for the rest")
def starts_example(student: Student, rng: np.random.Generator) -> None:
    expect_starts(student, 25, 10, 7)


@check(task="window_starts", label="a recording that fits into one window has one")
def one_window(student: Student, rng: np.random.Generator) -> None:
    for samples in (100, int(rng.integers(2, 99)), 1):
        expect_starts(student, samples, 100, 70)
    expect_starts(student, int(rng.integers(2, 99)), 100, 1)


@check(task="window_starts", label="one sample too many for the last window takes one window more")
def one_sample_too_many(student: Student, rng: np.random.Generator) -> None:
    window, hop, count = 100, int(rng.integers(40, 100)), int(rng.integers(2, 6))
    for extra in (0, 1):
        expect_starts(student, window + count * hop + extra, window, hop)


@check(task="window_starts", label="no window begins when the one before has already reached the end")
def no_idle_window(student: Student, rng: np.random.Generator) -> None:
    expect_starts(student, 20 * int(rng.integers(6, 20)), 100, 20)
    expect_starts(student, int(rng.integers(120, 130)), 100, 20)


@check(task="window_starts", label="thousands of windows: Python's stack is deep enough")
def thousands_of_windows(student: Student, rng: np.random.Generator) -> None:
    expect_starts(student, int(rng.integers(5_000, 6_000)), 10, 1)


@check(task="window_starts", label="any lengths, without overlap too")
def any_lengths(student: Student, rng: np.random.Generator) -> None:
    expect_starts(student, int(rng.integers(1, 40)), 40, 15)
    expect_starts(student, 40 + 2 * 15 + 14, 40, 15)
    for _ in range(12):
        window = int(rng.integers(2, 50))
        expect_starts(student, int(rng.integers(1, 400)), window, int(rng.integers(1, window + 1)))
    expect_starts(student, int(rng.integers(300, 400)), 40, 40)


# 1.7 stitch_words ---------------------------------------------------------------------------------------------------


def stitched_by_search(left: list[str], right: list[str], max_shared: int) -> list[str]:
    """Try every run of every length, the longest first: an independent way."""
    tail = left[max(len(left) - max_shared, 0) :]
    head = right[:max_shared]
    before = left[: len(left) - len(tail)]
    for length in range(min(len(tail), len(head)), 0, -1):
        for i in range(len(tail) - length, -1, -1):
            for j in range(len(head) - length + 1):
                if tail[i : i + length] == head[j : j + length]:
                    return before + tail[: i + length] + right[j + length :]
    return left + right


def expect_stitched(student: Student, left: list[str], right: list[str], max_shared: int = 20) -> None:
    got, expected = (
        student.call("stitch_words", left, right, max_shared=max_shared),
        stitched_by_search(left, right, max_shared),
    )
    if isinstance(got, tuple):
        got = list(got)
    if not isinstance(got, list) or not all(isinstance(word, str) for word in got):
        raise Mismatch(message=f"You return {got!r:.70}; a list of words is right.")
    if got != expected:
        case = f"{' '.join(left) or '(nothing)'} | {' '.join(right) or '(nothing)'}"
        message = (
            f"You return “{' '.join(got)}”; “{' '.join(expected)}” is right for {case} (max_shared = {max_shared})."
        )
        raise Mismatch(got, expected, message=message)


@check(task="stitch_words", label="words recognised in both windows appear once")
def heard_twice(student: Student, rng: np.random.Generator) -> None:
    words = [str(word) for word in rng.permutation(VOCABULARY)]
    cut, shared = int(rng.integers(5, 10)), int(rng.integers(2, 5))
    expect_stitched(student, words[:cut], words[cut - shared :])


@check(task="stitch_words", label="halves of words at the edges of the windows drop out")
def halves_drop_out(student: Student, rng: np.random.Generator) -> None:
    words = [str(word) for word in rng.permutation(VOCABULARY)]
    cut, shared = int(rng.integers(5, 10)), int(rng.integers(2, 5))
    expect_stitched(student, [*words[:cut], "tra"], ["se", *words[cut - shared :]])


@check(task="stitch_words", label="without a common word both are kept whole; an empty window changes nothing")
def nothing_in_common(student: Student, rng: np.random.Generator) -> None:
    words = [str(word) for word in rng.permutation(VOCABULARY)]
    for left, right in ((words[:4], words[4:9]), (words[:4], []), ([], words[:4]), ([], [])):
        expect_stitched(student, left, right)


@check(task="stitch_words", label="a word that is spoken twice stays twice, outside the overlap")
def spoken_twice(student: Student, rng: np.random.Generator) -> None:
    a, b, c, d = (str(word) for word in rng.permutation(VOCABULARY)[:4])
    expect_stitched(student, [a, a, b, a, c], [a, c, d, a, a])
    expect_stitched(student, [a, b, b], [b, b, c])


@check(task="stitch_words", label="the longest common run counts, not the first or the last common word")
def longest_run(student: Student, rng: np.random.Generator) -> None:
    a, b, c, d, e, f = (str(word) for word in rng.permutation(VOCABULARY)[:6])
    expect_stitched(student, [a, b, c, d, "xx", e], [e, b, c, d, f])
    expect_stitched(student, [e, b, c, d, f], [a, f, b, c, d, e])


@check(task="stitch_words", label="of equally long runs: the last on the left, then the first on the right")
def equally_long(student: Student, rng: np.random.Generator) -> None:
    a, b, c, d = (str(word) for word in rng.permutation(VOCABULARY)[:4])
    expect_stitched(student, [a, b, a], [a, c, a, d])
    expect_stitched(student, [a, b, c], [c, a, d])
    expect_stitched(student, [a, b], [b, a, c])


@check(task="stitch_words", label="words further than `max_shared` from the seam are not in the overlap")
def far_from_the_seam(student: Student, rng: np.random.Generator) -> None:
    words = [str(word) for word in rng.permutation(VOCABULARY)]
    expect_stitched(student, words[:5], [*words[5:8], *words[:2]], 2)  # the outer ends
    left, right = words[:7], [*words[7:10], *words[:3], *words[10:], "so"]
    for max_shared in (3, 6, 20):
        expect_stitched(student, left, right, max_shared)
    a, b, c, d, e, f, g, h = words[:8]
    expect_stitched(student, [d, e, a], [a, f, g, h, d, e], 4)  # d e lies outside
    expect_stitched(student, [a, b, c, d, e, f], [b, c, f, g], 4)  # b lies outside, so b c is no run of two
    expect_stitched(student, [d, e, f, a], [a, g, d, e, f], 4)  # f lies outside on the right
    expect_stitched(student, [d, e, a], [a, f, g, d, e], 4)  # e does, so d e is no run of two


@check(
    task="stitch_words", label="two words are equal only if all their letters are, capital or small, and all of them"
)
def exactly_equal(student: Student, rng: np.random.Generator) -> None:
    a, b, c = (str(word) for word in rng.permutation(VOCABULARY)[:3])
    expect_stitched(student, [a, b.upper(), c.upper()], [b, c, "so"])
    expect_stitched(student, [a, "he", "see"], ["these", "see", b])
    expect_stitched(student, [a, "he"], ["the", b])


@check(task="stitch_words", label="any two windows: as a search through all runs finds it")
def any_windows(student: Student, rng: np.random.Generator) -> None:
    for _ in range(40):
        left, right = (some_words(rng, int(rng.integers(0, 9)), different=3) for _ in range(2))
        expect_stitched(student, left, right, int(rng.integers(1, 10)))


# 1.8 join_windows (open) --------------------------------------------------------------------------------------------

LANGUAGES = 4 * ("de", "en", "es", "fr", "it")  # with fewer texts, bands are a matter of luck
BANDS = {1: 0.15, 2: 0.085, 3: 0.053}  # largest word error rate; measured by tests/benchmarks/joining_scores.py


@lru_cache(maxsize=4)
def unseen_texts(seed: int) -> tuple[OverlappingHypotheses, ...]:
    """Make four texts in each language from sentences that the practice texts do not have."""
    rng = np.random.default_rng(seed)
    return tuple(overlapping_hypotheses(rng, language=language, split="test") for language in LANGUAGES)


_measured: WeakKeyDictionary[Student, float] = WeakKeyDictionary()


def error_rate(student: Student, rng: np.random.Generator) -> float:
    """Return the word error rate over unseen texts, measured once for all bands."""
    if student not in _measured:
        errors = words = 0
        for text in unseen_texts(int(rng.integers(2**31))):
            got = student.call("join_windows", [list(window) for window in text.windows])
            if not isinstance(got, (list, tuple)) or not all(isinstance(word, str) for word in got):
                raise Mismatch(message=f"You return {got!r:.60}; a list of words is right.")
            errors += edits(text.words, got)
            words += len(text.words)
        _measured[student] = errors / words
    return _measured[student]


def edits(reference: tuple[str, ...], hypothesis: list[str]) -> int:
    """Count the fewest edits, row by row."""
    row = list(range(len(hypothesis) + 1))
    for i, word in enumerate(reference, start=1):
        before, row = row, [i]
        for j, other in enumerate(hypothesis):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (word != other)))
    return row[-1]


def reach(band: int, student: Student, rng: np.random.Generator) -> None:
    """Require a band, and report which one is reached, but not the rate, on which one could tune."""
    rate = error_rate(student, rng)
    reached = max((number for number, limit in BANDS.items() if rate <= limit), default=0)
    where = f"in band {reached}" if reached else "in no band"
    message = (
        f"On twenty unseen texts your answer is {where}; band {band} is up to {100 * BANDS[band]:g} % word errors."
    )
    expect(rate <= BANDS[band], message)


@check(task="join_windows", label="band 1: each window is stitched to the text before (word error rate at most 15 %)")
def band_one(student: Student, rng: np.random.Generator) -> None:
    reach(1, student, rng)


@check(task="join_windows", label="band 2: every place of the text is put to the vote (word error rate at most 8.5 %)")
def band_two(student: Student, rng: np.random.Generator) -> None:
    reach(2, student, rng)


@check(task="join_windows", label="band 3: and words near an edge count less (word error rate at most 5.3 %)")
def band_three(student: Student, rng: np.random.Generator) -> None:
    reach(3, student, rng)
