"""Synthetic utterances in five languages: the training and test data of this chapter's recognisers.

How real are they? The voices are a synthesiser's, the sentences come from small grammars, some 200 words per
language: a recogniser trained on them knows these words and no others. Speakers and sentences are new in every test.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from audiocourse.asr.ctc.ngram import NgramModel
from audiocourse.asr.scoring import character_error_rate, word_error_rate
from audiocourse.intervals import Interval
from audiocourse.require import require_choice
from audiocourse.signal import FloatArray
from audiocourse.sounds import (
    COLORS,
    EVENTS,
    Speaker,
    alphabet,
    at_level,
    augment,
    command,
    digits,
    event,
    noise,
    normal_form,
    sentence,
    speakers,
)

SR = 16_000
LANGUAGES = ("de", "en", "es", "fr", "it")
SENTENCES = 0.65  # share of the utterances
COMMANDS = 0.15  # share of the utterances; the rest are digits
HELD_OUT = ("validation", "test")  # no speaker of these splits is in training


@dataclass(frozen=True)
class Utterance:
    """Speech, and what is true about it.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound at 16 kHz, float32 in [-1, 1].
    text : str
        The words, in normal form.
    language : str
        One of `LANGUAGES`.
    speaker : Speaker
        The speaker.
    words : list of Interval
        When each word is spoken, in seconds. Where the synthesiser speaks two as one ("in the"), each has a share of
        the time by its letters.

    Notebook: ex01_multilingual_asr
    """

    y: FloatArray
    text: str
    language: str
    speaker: Speaker
    words: list[Interval]


def utterance(rng: np.random.Generator, *, language: str, split: str = "train") -> Utterance:
    """Synthesise an utterance of a random speaker, in a quiet room.

    A sentence with probability 0.65, a command with 0.15, else three to seven digits.

    Parameters
    ----------
    rng : np.random.Generator
        The random numbers.
    language : str
        One of `LANGUAGES`.
    split : {"train", "test"}
        Of the words and of the speakers. Those of the test are all 30 of the ten families that are not in training.

    Returns
    -------
    Utterance
        The sound and its truth.

    Raises
    ------
    AudioCourseError
        If language or split is unknown.

    Examples
    --------
    >>> example = utterance(np.random.default_rng(3), language="fr", split="test")
    >>> example.speaker.split in HELD_OUT, [word.label for word in example.words] == example.text.split()
    (True, True)

    Notebook: ex01_multilingual_asr
    """
    require_choice("language", language, LANGUAGES)
    require_choice("split", split, ("train", "test"))
    splits = (split,) if split == "train" else HELD_OUT
    candidates = [speaker for speaker in speakers(language) if speaker.split in splits]
    speaker = candidates[int(rng.integers(len(candidates)))]
    return _spoken_by(speaker, rng, split)


def varied_utterance(rng: np.random.Generator, *, language: str) -> tuple[FloatArray, str]:
    """Synthesise an utterance for training: another voice, another place, another level each time.

    The speaker's vocal tract (±5 %), pitch and speed vary; one utterance in six is two with a pause between; quiet of
    up to half a second lies around it; then `augment`. One in thirty is not speech at all: noise, or an event.

    Parameters
    ----------
    rng : np.random.Generator
        The random numbers.
    language : str
        One of `LANGUAGES`.

    Returns
    -------
    y : np.ndarray [shape=(samples,)]
        The sound at 16 kHz.
    text : str
        The words, in normal form; "" where there is no speech.

    Raises
    ------
    AudioCourseError
        If the language is unknown.

    Notebook: ex01_multilingual_asr
    """
    if rng.random() < 1 / 30:
        return _no_speech(rng), ""
    first = utterance(rng, language=language)
    speaker = _varied_speaker(first.speaker, rng)
    parts = [_spoken_by(speaker, rng, "train") for _ in range(1 + int(rng.random() < 1 / 6))]
    pieces = [_quiet(rng, 0.5)]
    for part in parts:
        pieces += [part.y, _quiet(rng, 0.5)]
    y = np.concatenate(pieces)
    augmented = augment(y, sr=SR, rng=rng, share=0.4, speed=(0.85, 1.18), rt60=(0.1, 0.6), snr_db=(3.0, 30.0))
    return augmented.y, " ".join(part.text for part in parts)


def grammar_language_model(*, order: int = 6) -> NgramModel:
    """Count the letters of 2100 training texts in each language.

    How real is it? Every sentence of a test is new to it, but comes from the same grammar of some 200 words: it helps
    as much as a language model can, far more than one of real language would.

    Parameters
    ----------
    order : int
        n: letters that are looked at together.

    Returns
    -------
    NgramModel
        Over the characters of all five languages.

    Notebook: 02a_ctc
    """
    rng = np.random.default_rng(1)
    texts = [
        text
        for language in LANGUAGES
        for text in [
            *(sentence(rng, language, split="train") for _ in range(1_500)),
            *(command(rng, language, split="train") for _ in range(300)),
            *(digits(rng, int(rng.integers(3, 8)), language=language, split="train") for _ in range(300)),
        ]
    ]
    return NgramModel([text.normal for text in texts], order=order, vocabulary=letters())


def letters() -> tuple[str, ...]:
    """List the characters of all five languages, in order."""
    return tuple(sorted(set("".join(alphabet(language) for language in LANGUAGES))))


def _spoken_by(speaker: Speaker, rng: np.random.Generator, split: str) -> Utterance:
    """Synthesise a text of a split in a speaker's voice."""
    language = speaker.language
    kind = rng.random()
    if kind < SENTENCES:
        text = sentence(rng, language, split=split)
    elif kind < SENTENCES + COMMANDS:
        text = command(rng, language, split=split)
    else:
        text = digits(rng, int(rng.integers(3, 8)), language=language, split=split)
    speech = speaker.say(text.text, seed=int(rng.integers(2**31)), sr=SR)
    words = [word for spoken in speech.words for word in _each_word(spoken, language)]
    return Utterance(speech.y, text.normal, language, speaker, words)


def _each_word(spoken: Interval, language: str) -> Iterator[Interval]:
    """Share out the time of words that are spoken as one, such as "in the", by their letters."""
    labels = normal_form(spoken.label, language).split()
    ends = np.cumsum([0, *(len(label) for label in labels)]) / sum(len(label) for label in labels)
    times = spoken.start + ends * spoken.seconds
    for start, end, label in zip(times, times[1:], labels, strict=False):
        yield Interval(float(start), float(end), label)


def _varied_speaker(speaker: Speaker, rng: np.random.Generator) -> Speaker:
    """Vary the vocal tract, pitch and speed of a speaker."""
    return replace(
        speaker,
        tract=float(np.clip(speaker.tract * np.exp(rng.normal(0, 0.05)), 0.8, 1.25)),
        pitch=float(np.clip(speaker.pitch + rng.normal(0, 8), 5, 92)),
        rate=float(np.clip(speaker.rate * np.exp(rng.normal(0, 0.12)), 110, 240)),
    )


def _quiet(rng: np.random.Generator, max_seconds: float) -> FloatArray:
    """Generate up to `max_seconds` of almost nothing, about −80 dB re full scale."""
    samples = int(rng.uniform(0, max_seconds) * SR)
    quiet: FloatArray = rng.normal(0, 1e-4, samples).astype(np.float32)
    return quiet


def _no_speech(rng: np.random.Generator) -> FloatArray:
    """Generate one to four seconds without speech."""
    if rng.random() < 0.5:
        kinds = tuple(COLORS)
        y = noise(kinds[int(rng.integers(len(kinds)))], seconds=rng.uniform(1, 4), sr=SR, rng=rng)
    else:
        y = event(EVENTS[int(rng.integers(len(EVENTS)))], rng=rng, sr=SR, max_seconds=4.0).y
    return at_level(y, np.ones(y.size, dtype=np.bool_), level_db=float(rng.uniform(-60, -20)))


def held_out_error_rates(recognise: Callable[[FloatArray, int], str], *, utterances: int) -> dict[str, float]:
    """Measure a recogniser, y (samples,) and its rate -> text, on voices and sentences that are not in training."""
    drawn = [
        utterance(np.random.default_rng([99, number]), language=LANGUAGES[number % len(LANGUAGES)], split="test")
        for number in range(utterances)
    ]
    references = [each.text for each in drawn]
    hypotheses = [recognise(each.y, SR) for each in drawn]
    test = "synthetic speech, unseen voices and sentences"
    return {
        f"{test}, word error rate": round(word_error_rate(references, hypotheses), 3),
        f"{test}, character error rate": round(character_error_rate(references, hypotheses), 3),
    }
