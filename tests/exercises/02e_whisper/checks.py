"""Checks of the chapter on Whisper."""

from __future__ import annotations

import zlib

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_close

# 2e.1 forced_prompt -------------------------------------------------------------------------------------------------

LANGUAGES = ("de", "en", "es", "fr", "it", "haw")
NAMES = ("endoftext", "startoftranscript", "startofprev", "nospeech", "transcribe", "translate", "notimestamps")


def special_tokens(rng: np.random.Generator) -> dict[str, int]:
    """Number the special tokens at random, because no checkpoint promises an order."""
    numbers = rng.choice(np.arange(900, 60_000), len(NAMES) + len(LANGUAGES), replace=False)
    return {f"<|{name}|>": int(number) for name, number in zip([*NAMES, *LANGUAGES], numbers, strict=True)}


def expect_prompt(got: object, ids: dict[str, int], *names: str) -> None:
    """Compare token by token, and name the tokens in the message."""
    if not isinstance(got, list) or any(isinstance(one, bool) or not isinstance(one, int) for one in got):
        raise Mismatch(message=f"You return {got!r:.90}; a list of whole numbers, one for each token, is right.")
    spelt = {number: token for token, number in ids.items()}
    mine = " ".join(spelt.get(number, str(number)) for number in got)
    right = " ".join(f"<|{name}|>" for name in names)
    expect(mine == right, f"You return {mine or 'no token'}; {right} is right.")


@check(task="forced_prompt", label="start, language, task, no timestamps: the four numbers, in this order")
def four_tokens(student: Student, rng: np.random.Generator) -> None:
    ids, language = special_tokens(rng), str(rng.choice(LANGUAGES))
    got = student.call("forced_prompt", ids, language)
    expect_prompt(got, ids, "startoftranscript", language, "transcribe", "notimestamps")


@check(task="forced_prompt", label="each language has its own token")
def every_language(student: Student, rng: np.random.Generator) -> None:
    ids = special_tokens(rng)
    for language in LANGUAGES:
        got = student.call("forced_prompt", ids, language, task="transcribe", timestamps=False)
        expect_prompt(got, ids, "startoftranscript", language, "transcribe", "notimestamps")


@check(task="forced_prompt", label="to translate is another task, with another token")
def another_task(student: Student, rng: np.random.Generator) -> None:
    ids = special_tokens(rng)
    got = student.call("forced_prompt", ids, "fr", task="translate")
    expect_prompt(got, ids, "startoftranscript", "fr", "translate", "notimestamps")


@check(task="forced_prompt", label="where timestamps are wanted, the token that forbids them is left out")
def with_timestamps(student: Student, rng: np.random.Generator) -> None:
    ids = special_tokens(rng)
    for task in ("transcribe", "translate"):
        got = student.call("forced_prompt", ids, "it", task=task, timestamps=True)
        expect_prompt(got, ids, "startoftranscript", "it", task)


# 2e.2 sampling_probabilities ----------------------------------------------------------------------------------------


def softmax(z: np.ndarray, temperature: float) -> np.ndarray:
    """Compute each probability from its odds against all others: an independent way."""
    odds = (z[None, :].astype(np.float64) - z[:, None]) / temperature
    with np.errstate(over="ignore"):
        return 1 / np.exp(odds).sum(axis=1)


@check(
    task="sampling_probabilities",
    label="two tokens with 80 and 20 %: at T = 2 they have 67 and 33 %, at T = ½ 94 and 6 %",
)
def by_hand(student: Student, rng: np.random.Generator) -> None:
    z = np.log(np.array([0.8, 0.2])) + rng.normal()
    for temperature, likely in ((1.0, 0.8), (2.0, 2 / 3), (0.5, 16 / 17)):
        got = student.call("sampling_probabilities", z, temperature=temperature)
        expect_close(got, np.array([likely, 1 - likely]), atol=1e-6, axis="token")


@check(task="sampling_probabilities", label="any logits: T divides the distances between them, and all adds up to 1")
def any_logits(student: Student, rng: np.random.Generator) -> None:
    z = rng.normal(0, 3, int(rng.integers(60, 90)))
    for temperature in (0.3, 1.0, 1.7):
        got = student.call("sampling_probabilities", z, temperature=temperature)
        expect_close(got, softmax(z, temperature), atol=1e-6, axis="token")


@check(
    task="sampling_probabilities",
    label="only distances count: 1000 more, or 1000 less, for every logit changes nothing",
)
def only_distances_count(student: Student, rng: np.random.Generator) -> None:
    z = rng.normal(0, 2, 12)
    for shift in (1000.0, -1000.0):
        got = student.call("sampling_probabilities", z + shift, temperature=0.8)
        expect_close(got, softmax(z, 0.8), atol=1e-6, axis="token")


@check(
    task="sampling_probabilities",
    label="a large T brings back tokens thousands below; a small T keeps equal tokens equal",
)
def far_and_near(student: Student, rng: np.random.Generator) -> None:
    far = rng.permutation(8) * 1000.0
    got = student.call("sampling_probabilities", far, temperature=3000.0)
    expect_close(got, softmax(far, 3000.0), atol=1e-6, axis="token")
    near = rng.permutation([0.0, 0.0, -0.01, -0.02, -0.05]) + 1
    got = student.call("sampling_probabilities", near, temperature=0.02)
    expect_close(got, softmax(near, 0.02), atol=1e-6, axis="token")


@check(task="sampling_probabilities", label="a forbidden token (a logit of −∞) has the probability 0")
def forbidden_tokens(student: Student, rng: np.random.Generator) -> None:
    z = rng.normal(0, 1, 9)
    allowed = np.arange(9) % 3 > 0
    expected = np.zeros(9)
    expected[allowed] = softmax(z[allowed], 1.3)
    got = student.call("sampling_probabilities", np.where(allowed, z, -np.inf), temperature=1.3)
    expect_close(got, expected, atol=1e-6, axis="token")


@check(task="sampling_probabilities", label="near T = 0 only the likeliest is left, at a large T all are equal")
def extremes(student: Student, rng: np.random.Generator) -> None:
    z = rng.permutation(10).astype(float)
    got = student.call("sampling_probabilities", z, temperature=0.005)
    expect_close(got, (z == 9).astype(float), atol=1e-6, axis="token")
    expect_close(student.call("sampling_probabilities", z, temperature=1e7), np.full(10, 0.1), atol=1e-5, axis="token")


# 2e.3 believable ----------------------------------------------------------------------------------------------------

WORDS = (
    "the",
    "cat",
    "sees",
    "a",
    "small",
    "blue",
    "house",
    "and",
    "a",
    "man",
    "asks",
    "when",
    "the",
    "train",
    "leaves",
)


def ratio(text: str) -> float:
    """Compress with a compressor object: an independent way."""
    raw, machine = text.encode("utf-8"), zlib.compressobj()
    return len(raw) / len(machine.compress(raw) + machine.flush())


def expect_belief(student: Student, text: str, log_probabilities: list[float], **thresholds: float) -> None:
    """Compare, and report both measures."""
    got = student.call("believable", text, log_probabilities, **thresholds)
    limits = {"compression": 2.4, "log_probability": -1.0, **thresholds}
    measured, mean = ratio(text), sum(log_probabilities) / len(log_probabilities)
    right = measured <= limits["compression"] and mean >= limits["log_probability"]
    if not isinstance(got, bool):
        raise Mismatch(got, right, message=f"You return {got!r:.60}; True or False is right.")
    ratios = f"a ratio of {measured:.3f} (at most {limits['compression']:.3f})"
    means = f"a mean of {mean:.2f} (at least {limits['log_probability']:g})"
    message = f"You return {got}; {right} is right for {ratios} and {means}."
    expect(got == right, message.replace("-", "−"))


def a_sentence(rng: np.random.Generator) -> str:
    return " ".join(str(word) for word in rng.permutation(WORDS))


@check(
    task="believable", label="an ordinary sentence, a word, or nothing at all: believed if the decoder was sure of it"
)
def ordinary_sentence(student: Student, rng: np.random.Generator) -> None:
    expect_belief(student, a_sentence(rng), rng.uniform(-0.5, 0, 16).tolist())
    expect_belief(student, str(rng.choice(WORDS)), [-0.2, -0.1])
    expect_belief(student, "", [-0.05])
    expect_belief(student, "", [-2.5])


@check(task="believable", label="a loop is not believed, however sure the decoder was")
def loop(student: Student, rng: np.random.Generator) -> None:
    text = " ".join([str(word) for word in rng.permutation(WORDS)[:3]] * 25)
    expect_belief(student, text, rng.uniform(-0.1, 0, 76).tolist())
    once, times = a_sentence(rng), 1
    while ratio(" ".join([once] * times)) <= 2.4:
        times += 1
    for count in (times - 1, times):
        expect_belief(student, " ".join([once] * count), [-0.1] * 8)


@check(task="believable", label="a sentence of which the decoder was not sure is not believed")
def doubt(student: Student, rng: np.random.Generator) -> None:
    expect_belief(student, a_sentence(rng), rng.uniform(-3, -1.2, 16).tolist())
    expect_belief(student, a_sentence(rng), [-0.05] + [-3.0] * 15)  # one sure token among doubtful ones


@check(task="believable", label="the mean of ln P decides: not the sum, not the worst token, not the mean of P")
def mean_of_logarithms(student: Student, rng: np.random.Generator) -> None:
    text, n = a_sentence(rng), int(rng.integers(10, 20))
    expect_belief(student, text, [-0.3] * n)  # the sum is below −1
    expect_belief(student, text, [*[-0.1] * n, -6.0])  # the worst token is, too
    expect_belief(student, text, [*[-0.05] * n, *[-4.0] * n])  # the mean of P is 0.48
    expect_belief(student, text, [-0.6] * 2 * len(WORDS))  # two tokens per word: −1.2 for each word


@check(
    task="believable",
    label="every token counts alike: a few very doubtful ones pull the mean down, many sure ones hold it",
)
def not_the_median(student: Student, rng: np.random.Generator) -> None:
    text = a_sentence(rng)
    expect_belief(student, text, [0.0] * 6 + [-1.5] * 6)  # ln P is 0 where a token is certain
    expect_belief(student, text, [-0.1] * 9 + [-6.0] * 4)  # the median is −0.1, the mean −1.9
    expect_belief(student, text, [-0.02] * 7 + [-1.3] * 9)  # the median is −1.3, the mean −0.7
    expect_belief(student, text, [-0.1] * 5 + [-8.0])  # the last token alone pulls the mean below −1
    expect_belief(student, text, [-8.0] + [-0.1] * 5)  # and so does the first


@check(
    task="believable", label="a text is still believed with a mean of ln P exactly at its threshold, but not below it"
)
def at_the_threshold_of_doubt(student: Student, rng: np.random.Generator) -> None:
    text, limit = a_sentence(rng), -float(rng.integers(2, 4)) / 4
    expect_belief(student, text, [limit + 0.01] * 8, log_probability=limit)
    expect_belief(student, text, [limit] * 8, log_probability=limit)
    expect_belief(student, text, [limit - 0.01] * 8, log_probability=limit)


@check(task="believable", label="a text is still believed with a ratio exactly at its threshold, but not above it")
def at_the_threshold_of_loops(student: Student, rng: np.random.Generator) -> None:
    text = a_sentence(rng)
    expect_belief(student, text, [-0.1, -0.2], compression=0.7 * ratio(text))
    expect_belief(student, text, [-0.1, -0.2], compression=ratio(text) + 1e-3)
    expect_belief(student, text, [-0.1, -0.2], compression=ratio(text))
    expect_belief(student, text, [-0.1, -0.2], compression=ratio(text) - 1e-6)


@check(task="believable", label="letters with accents count two bytes")
def accents(student: Student, rng: np.random.Generator) -> None:
    text = "".join(str(letter) for letter in rng.choice(list("äöüßéèàçñ "), 40))
    expect_belief(student, text, [-0.1, -0.2], compression=ratio(text))
    expect_belief(student, text, [-0.1, -0.2], compression=0.9 * ratio(text))
