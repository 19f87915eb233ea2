"""How the recognisers of this chapter are trained: ``audiocourse train ctc-mini | whisper-mini``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audiocourse.asr.utterances import LANGUAGES, SR, letters, utterance, varied_utterance
from audiocourse.signal import FloatArray, IntArray
from audiocourse.sounds import command, sentence
from audiocourse.zoo.cards import Card, Training
from audiocourse.zoo.recipes import Trained, recipe

if TYPE_CHECKING:
    import torch
    from transformers import WhisperProcessor

    from audiocourse.asr.ctc.model import CtcNet
    from audiocourse.asr.whisper.targets import Lesson

    CtcBatch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]

UTTERANCES = 12_000  # of each of the two rounds of ctc-mini
EPOCHS = 14
BATCH = 32
SEED = 11
WHISPER_UTTERANCES = 18_000
WHISPER_EPOCHS = 12
WHISPER_BATCH = 16
WHISPER_SEED = 12
WHISPER_WINDOWS = 4_000  # cut out of long recordings; used in the last epochs only
LAST_EPOCHS = 2
SORTED = 40  # batches of similar length are cut from so many at a time: less padding, still in random order


@recipe("ctc-mini")
def ctc_mini(folder: Path) -> Trained:
    """Train a recogniser with CTC on made utterances in five languages; it never hears a real voice."""
    from torch.nn.functional import ctc_loss

    from audiocourse.asr.ctc.model import CtcConfig, CtcNet
    from audiocourse.asr.ctc.recogniser import CtcRecogniser
    from audiocourse.zoo import fit, seeded, warm_up_then_cosine

    begin = time.process_time()
    symbols = ("", *letters())
    with seeded(SEED):
        net = CtcNet(CtcConfig(symbols))

    lessons = cache(partial(ctc_lessons, symbols))

    def batches(epoch: int) -> Iterator[CtcBatch]:
        rng = np.random.default_rng([SEED, epoch])
        heard, said = lessons(epoch // EPOCHS)
        for chosen in batches_by_length([len(features) for features in heard], rng):
            yield ctc_batch([masked(heard[one], rng) for one in chosen], [said[one] for one in chosen])

    def loss(model: torch.nn.Module, batch: CtcBatch) -> torch.Tensor:
        features, lengths, letters, counts = batch
        scores, steps = model(features, lengths)
        return ctc_loss(scores.transpose(0, 1), letters, steps, counts, zero_infinity=True)

    steps = EPOCHS * -(-UTTERANCES // BATCH)
    once = warm_up_then_cosine(steps, warm_up=steps // 20)
    fit(
        net,
        batches,
        loss=loss,
        epochs=2 * EPOCHS,
        seed=SEED,
        learning_rate=2e-3,
        average=0.995,
        schedule=lambda step: once(step) if step < steps else 0.7 * once(step - steps),  # a warm restart
        folder=folder,
    )
    training = Training(
        recipe="ctc-mini",
        data=f"{2 * UTTERANCES} made utterances of `sounds` in {len(LANGUAGES)} languages, 66 speakers",
        seed=SEED,
        cpu_minutes=round((time.process_time() - begin) / 60, 1),
        scores=made_scores(CtcRecogniser(net).text),
    )
    return Trained(net, ctc_card(training))


def ctc_lessons(symbols: tuple[str, ...], round_: int) -> tuple[list[FloatArray], list[IntArray]]:
    """Make the utterances of a round: their features, and the numbers of their letters."""
    from audiocourse.asr.ctc.model import ctc_features

    heard: list[FloatArray] = []
    said: list[IntArray] = []
    for number in range(round_ * UTTERANCES, (round_ + 1) * UTTERANCES):
        y, text = varied_utterance(np.random.default_rng([SEED, number]), language=LANGUAGES[number % len(LANGUAGES)])
        heard.append(ctc_features(y).T.astype(np.float16))
        said.append(np.array([symbols.index(letter) for letter in text], dtype=np.int64))
    return heard, said


@recipe("whisper-mini")
def whisper_mini(folder: Path) -> Trained:
    """Train a small Whisper on made utterances in five languages; it never hears a real voice.

    `ctc-mini` says when each letter of the known texts is spoken.
    """
    from audiocourse.asr.whisper.model import mini_model, mini_processor
    from audiocourse.asr.whisper.targets import WhisperLearner, lesson_batch, lesson_loss
    from audiocourse.zoo import fit, seeded, warm_up_then_cosine

    begin = time.process_time()
    processor = mini_processor(texts_for_pieces(), LANGUAGES)
    lessons = cache(partial(utterance_lessons, processor))
    windows = cache(partial(window_lessons, processor))
    with seeded(WHISPER_SEED):
        learner = WhisperLearner(mini_model(processor, LANGUAGES))

    def batches(epoch: int) -> Iterator[dict[str, torch.Tensor]]:
        rng = np.random.default_rng([WHISPER_SEED, epoch])
        known = lessons() if epoch < WHISPER_EPOCHS else [*lessons(), *windows()]
        for chosen in batches_by_length([len(one.features) for one in known], rng, batch=WHISPER_BATCH):
            some = [known[number] for number in chosen]
            yield lesson_batch(some, window_of(max(len(one.features) for one in some), rng))

    steps = WHISPER_EPOCHS * -(-len(lessons()) // WHISPER_BATCH)
    more = LAST_EPOCHS * -(-(len(lessons()) + WHISPER_WINDOWS) // WHISPER_BATCH)
    once = warm_up_then_cosine(steps, warm_up=100)
    again = warm_up_then_cosine(more, warm_up=100)
    fit(
        learner,
        batches,
        loss=lesson_loss,
        epochs=WHISPER_EPOCHS + LAST_EPOCHS,
        seed=WHISPER_SEED,
        learning_rate=3e-3,
        average=0.997,
        schedule=lambda step: once(step) if step < steps else 0.4 * again(step - steps),  # a warm restart
        folder=folder,
    )
    training = Training(
        recipe="whisper-mini",
        data=f"{WHISPER_UTTERANCES} made utterances of `sounds` in {len(LANGUAGES)} languages, 66 speakers, and "
        f"{WHISPER_WINDOWS} windows of longer talk",
        seed=WHISPER_SEED,
        cpu_minutes=round((time.process_time() - begin) / 60, 1),
        scores=made_scores(whisper_text(learner.whisper, processor)),
    )
    return Trained(learner.whisper.half(), whisper_card(training), processor=processor)


def whisper_text(net: Any, processor: WhisperProcessor) -> Callable[[FloatArray, int], str]:
    """Make a recogniser of a network and its processor."""
    from types import SimpleNamespace

    from audiocourse.asr.whisper.published import Whisper, transcribe

    whisper = Whisper.of(SimpleNamespace(model=net, processor=processor))
    return lambda y, sr: transcribe(y, sr, whisper=whisper).text


def texts_for_pieces() -> list[str]:
    """Draw the texts from which the tokenizer learns its pieces."""
    rng = np.random.default_rng(WHISPER_SEED)
    return [sentence(rng, language, split="train").normal for language in LANGUAGES for _ in range(600)] + [
        command(rng, language, split="train").normal for language in LANGUAGES for _ in range(200)
    ]


def utterance_lessons(processor: WhisperProcessor) -> list[Lesson]:
    """Make the utterances that fit into a window; the others, about one in a hundred, are left out."""
    from audiocourse import zoo
    from audiocourse.asr.whisper.model import WINDOW
    from audiocourse.asr.whisper.targets import lesson

    knows: Any = zoo.load("ctc-mini").model
    lessons = []
    for number in range(WHISPER_UTTERANCES):
        language = LANGUAGES[number % len(LANGUAGES)]
        rng = np.random.default_rng([WHISPER_SEED, number])
        y, text = varied_utterance(rng, language=language)
        if y.size <= WINDOW * SR:
            lessons.append(lesson(y, text, language, letter_times(y, text, knows), processor=processor))
    return lessons


def window_lessons(processor: WhisperProcessor) -> list[Lesson]:
    """Make windows that are full from end to end, as those of long recordings are; too long a text is left out."""
    from audiocourse import zoo
    from audiocourse.asr.whisper.model import LONGEST
    from audiocourse.asr.whisper.targets import lesson

    knows: Any = zoo.load("ctc-mini").model
    windows = []
    for number in range(WHISPER_WINDOWS):
        language = LANGUAGES[number % len(LANGUAGES)]
        rng = np.random.default_rng([WHISPER_SEED, 1, number])
        y, text, times = talk_window(rng, language, knows)
        windows.append(lesson(y, text, language, times, processor=processor))
    return [one for one in windows if len(one.tokens) <= LONGEST]


def talk_window(rng: np.random.Generator, language: str, net: CtcNet) -> tuple[FloatArray, str, FloatArray]:
    """Cut ten seconds out of utterances in a row; a word that is cut in half is heard, and not to be written.

    Parameters
    ----------
    rng : np.random.Generator
        Where chance comes from.
    language : str
        Of all utterances.
    net : CtcNet
        It finds when each letter is said.

    Returns
    -------
    y : np.ndarray [shape=(160 000,)]
        The sound at 16 kHz.
    text : str
        The words that lie wholly inside.
    times : np.ndarray [shape=(letters, 2)]
        Begin and end of each letter, in seconds; a space lies between its words.
    """
    from audiocourse.asr.whisper.model import WINDOW

    parts: list[FloatArray] = []
    words: list[tuple[str, FloatArray]] = []
    seconds = 0.0
    while seconds < 1.5 * WINDOW:
        y, text = varied_utterance(rng, language=language)
        times = letter_times(y, text, net) + seconds
        first = 0
        for word in text.split():
            words.append((word, times[first : first + len(word)]))
            first += len(word) + 1
        parts.append(y)
        seconds += y.size / SR
    begin = int(rng.integers(round((seconds - WINDOW) * SR)))
    from_ = begin / SR
    to = begin / SR + WINDOW
    inside = [(word, times - from_) for word, times in words if from_ <= times[0, 0] and times[-1, 1] <= to]
    rows: list[FloatArray] = []
    for _, times in inside:
        if rows:
            rows.append(np.array([[rows[-1][-1, 1], times[0, 0]]]))
        rows.append(times)
    whole = np.concatenate(parts)[begin : begin + WINDOW * SR]
    return whole, " ".join(word for word, _ in inside), np.concatenate(rows) if rows else np.zeros((0, 2))


def letter_times(y: FloatArray, text: str, net: CtcNet) -> FloatArray:
    """Find begin and end of each letter of a known text, in seconds, by forced alignment.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound at 16 kHz.
    text : str
        What is said, in normal form.
    net : CtcNet
        A trained network.

    Returns
    -------
    np.ndarray [shape=(letters, 2)]
        Seconds.
    """
    from audiocourse.asr.ctc.alignment import forced_align, token_spans
    from audiocourse.asr.ctc.model import log_probabilities

    if not text:
        return np.zeros((0, 2))
    path = forced_align(log_probabilities(y, SR, model=net), [net.symbols.index(letter) for letter in text])
    return np.array([[span.start, span.end] for span in token_spans(path)]) * net.frame_seconds


def window_of(frames: int, rng: np.random.Generator) -> int:
    """Draw the length of a batch's window: mostly short, which is fast, at times the whole ten seconds."""
    from audiocourse.asr.whisper.model import HOP, WINDOW

    whole = WINDOW * SR // HOP
    if rng.random() < 0.12:
        return whole
    return 2 * min(frames // 2 + int(rng.integers(25)), whole // 2)


def made_scores(recognise: Callable[[FloatArray, int], str]) -> dict[str, float]:
    """Measure errors in 200 made utterances of people and with sentences that are not in training, for the card.

    Parameters
    ----------
    recognise : callable
        From y [shape=(samples,)] and its rate to a text in normal form.

    Returns
    -------
    dict
        Word and character error rate, 0 or more.
    """
    from audiocourse.asr.scoring import character_error_rate, word_error_rate

    made = [
        utterance(np.random.default_rng([99, number]), language=LANGUAGES[number % len(LANGUAGES)], split="test")
        for number in range(200)
    ]
    said = [one.text for one in made]
    heard = [recognise(one.y, SR) for one in made]
    what = "made speech, unseen voices and sentences,"
    words = word_error_rate(said, heard)
    letters = character_error_rate(said, heard)
    return {f"{what} word error rate": round(words, 3), f"{what} character error rate": round(letters, 3)}


def batches_by_length(lengths: list[int], rng: np.random.Generator, *, batch: int = BATCH) -> Iterator[list[int]]:
    """Deal out numbers of utterances in random order, so that those of a batch are about equally long."""
    order = rng.permutation(len(lengths))
    found: list[list[int]] = []
    for first in range(0, len(order), SORTED * batch):
        some = sorted((int(one) for one in order[first : first + SORTED * batch]), key=lambda one: lengths[one])
        found += [some[start : start + batch] for start in range(0, len(some), batch)]
    yield from (found[index] for index in rng.permutation(len(found)))


def masked(features: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Put zeros over two strips of time and two of frequency: SpecAugment.

    Parameters
    ----------
    features : np.ndarray [shape=(frames, bands)]
        Of an utterance; they stay as they are.
    rng : np.random.Generator
        Where chance comes from.

    Returns
    -------
    np.ndarray [shape=(frames, bands)]
        float32.

    Source: D. S. Park et al., SpecAugment, Interspeech 2019, arXiv:1904.08779.
    """
    masked = features.astype(np.float32)
    frames, bands = masked.shape
    for _ in range(2):
        width = int(rng.integers(0, min(16, frames // 8) + 1))
        first = int(rng.integers(frames - width + 1))
        masked[first : first + width] = 0
        width = int(rng.integers(0, bands // 6 + 1))
        first = int(rng.integers(bands - width + 1))
        masked[:, first : first + width] = 0
    return masked


def ctc_batch(features: list[FloatArray], letters: list[np.ndarray]) -> CtcBatch:
    """Pad and join features, join letters, and count both.

    Parameters
    ----------
    features : list of np.ndarray [shape=(frames, bands)]
        Of each utterance.
    letters : list of np.ndarray [shape=(letters,)]
        Their numbers.

    Returns
    -------
    features, lengths, letters, counts : torch.Tensor
        [shape=(batch, frames, bands)], [shape=(batch,)], [shape=(all letters,)], [shape=(batch,)].
    """
    import torch
    from torch.nn.utils.rnn import pad_sequence

    return (
        pad_sequence([torch.from_numpy(one) for one in features], batch_first=True),
        torch.tensor([len(one) for one in features]),
        torch.from_numpy(np.concatenate(letters)),
        torch.tensor([len(one) for one in letters]),
    )


def ctc_card(training: Training) -> Card:
    """Describe the model; name, size and checksums are filled in when it is saved."""
    return Card(
        name="ctc-mini",
        task="speech-recognition",
        model="audiocourse.asr.ctc.model:CtcNet",
        licence="MIT",
        source="This course; a recurrent network trained with CTC (Graves et al., ICML 2006).",
        expect="Small letters in German, English, Spanish, French and Italian at 16 kHz. It has heard synthetic voices "
        "and some 200 words a language, nothing else. Word errors of the bundled one with a 6-gram of letters: 1.6 % "
        "on made speech, 61 to 79 % on another synthesiser, 81 % on real digits, 97 % on read English.",
        training=training,
    )


def whisper_card(training: Training) -> Card:
    """Describe the model; name, size and checksums are filled in when it is saved."""
    return Card(
        name="whisper-mini",
        task="speech-recognition",
        model="transformers:WhisperForConditionalGeneration",
        processor="transformers:WhisperProcessor",
        licence="MIT",
        source="This course; Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision, 2022.",
        expect="Small letters in German, English, Spanish, French and Italian at 16 kHz, windows of 10 s, no "
        "timestamps. It has heard synthetic voices and some 200 words a language, nothing else. Word errors of the "
        "bundled one: 1.8 % on made speech, 3 to 12 % where it goes on for 35 s, 49 to 81 % on another synthesiser, "
        "more than 100 % on real speech, into which it invents sentences.",
        training=training,
    )
