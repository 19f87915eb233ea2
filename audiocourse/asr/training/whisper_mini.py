"""How ``whisper-mini`` is trained: on synthetic utterances in five languages, without any real voice.

``ctc-mini`` finds when each letter of the known texts is spoken; `whisper.targets` says what is learned from that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from transformers import WhisperForConditionalGeneration, WhisperProcessor

from audiocourse.asr.ctc.alignment import forced_align, token_spans
from audiocourse.asr.ctc.model import CtcNet, log_probabilities
from audiocourse.asr.utterances import LANGUAGES, SR, held_out_error_rates, varied_utterance
from audiocourse.asr.whisper.model import HOP, LONGEST, WINDOW_SECONDS, mini_model, mini_processor
from audiocourse.asr.whisper.published import Whisper, transcribe
from audiocourse.asr.whisper.targets import Example, WhisperLearner, collate, example, loss
from audiocourse.signal import FloatArray
from audiocourse.sounds import command, sentence
from audiocourse.zoo import Card, Trained, fit, load, seeded, warm_up_then_cosine
from audiocourse.zoo.batching import batches_by_length

CARD = Card(
    name="whisper-mini",
    task="speech-recognition",
    model="transformers:WhisperForConditionalGeneration",
    processor="transformers:WhisperProcessor",
    licence="MIT",
    source="This course; Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision, 2022.",
    expect="Lower-case letters in German, English, Spanish, French and Italian at 16 kHz, windows of 10 s, no "
    "timestamps. It was trained on synthetic voices and about 200 words per language, nothing else. Word error rates "
    "of the bundled model: 1.8 % on synthetic speech, 3 to 12 % where it goes on for 35 s, 49 to 81 % on another "
    "synthesiser, more than 100 % on real speech, into which it invents sentences.",
)
SHARE_OF_FULL_WINDOWS = 0.12  # of the batches; all others are as short as their utterances allow, which is fast


@dataclass(frozen=True)
class Settings:
    """How much is trained; windows of longer recordings are added in the last epochs only."""

    utterances: int = 18_000
    epochs: int = 12
    windows: int = 4_000
    last_epochs: int = 2
    batch_size: int = 16
    seed: int = 12
    test_utterances: int = 200


TINY = Settings(utterances=12, epochs=1, windows=4, last_epochs=1, test_utterances=2)


def texts_for_tokenizer(seed: int) -> list[str]:
    """Draw the texts from which the tokenizer learns its tokens."""
    rng = np.random.default_rng(seed)
    return [sentence(rng, language, split="train").normal for language in LANGUAGES for _ in range(600)] + [
        command(rng, language, split="train").normal for language in LANGUAGES for _ in range(200)
    ]


def examples(settings: Settings, processor: WhisperProcessor) -> list[Example]:
    """Synthesise the utterances that fit into a window; the others, about one in a hundred, are left out."""
    aligner: Any = load("ctc-mini").model
    fitting = []
    for number in range(settings.utterances):
        language = LANGUAGES[number % len(LANGUAGES)]
        rng = np.random.default_rng([settings.seed, number])
        y, text = varied_utterance(rng, language=language)
        if y.size <= WINDOW_SECONDS * SR:
            fitting.append(example(y, text, language, letter_times(y, text, aligner), processor=processor))
    return fitting


def window_examples(settings: Settings, processor: WhisperProcessor) -> list[Example]:
    """Cut windows that are full from end to end, as those of long recordings are; too long a text is left out."""
    aligner: Any = load("ctc-mini").model
    windows = []
    for number in range(settings.windows):
        language = LANGUAGES[number % len(LANGUAGES)]
        rng = np.random.default_rng([settings.seed, 1, number])
        y, text, times = full_window(rng, language, aligner)
        windows.append(example(y, text, language, times, processor=processor))
    return [window for window in windows if len(window.tokens) <= LONGEST]


def full_window(rng: np.random.Generator, language: str, aligner: CtcNet) -> tuple[FloatArray, str, FloatArray]:
    """Cut ten seconds out of utterances in a row; a word that is cut in half sounds, but is not to be written.

    Parameters
    ----------
    rng : np.random.Generator
        The random numbers.
    language : str
        Of all utterances.
    aligner : CtcNet
        It finds when each letter is spoken.

    Returns
    -------
    y : np.ndarray [shape=(160 000,)]
        The sound at 16 kHz.
    text : str
        The words that lie wholly inside.
    times : np.ndarray [shape=(letters, 2)]
        Start and end of each letter, in seconds; a space lies between its words.
    """
    # 1. Utterances in a row, 1.5 windows long, and each word with the times of its letters
    parts: list[FloatArray] = []
    words: list[tuple[str, FloatArray]] = []
    seconds = 0.0
    while seconds < 1.5 * WINDOW_SECONDS:
        y, text = varied_utterance(rng, language=language)
        times = letter_times(y, text, aligner) + seconds
        position = 0
        for word in text.split():
            words.append((word, times[position : position + len(word)]))
            position += len(word) + 1
        parts.append(y)
        seconds += y.size / SR
    # 2. A window at a random place, and the words inside it
    first_sample = int(rng.integers(round((seconds - WINDOW_SECONDS) * SR)))
    start = first_sample / SR
    end = start + WINDOW_SECONDS
    inside = [(word, times - start) for word, times in words if start <= times[0, 0] and times[-1, 1] <= end]
    # 3. A space from the end of a word to the start of the next
    rows: list[FloatArray] = []
    for _, times in inside:
        if rows:
            rows.append(np.array([[rows[-1][-1, 1], times[0, 0]]]))
        rows.append(times)
    y = np.concatenate(parts)[first_sample : first_sample + WINDOW_SECONDS * SR]
    return y, " ".join(word for word, _ in inside), np.concatenate(rows) if rows else np.zeros((0, 2))


def letter_times(y: FloatArray, text: str, aligner: CtcNet) -> FloatArray:
    """Find start and end of each letter of a known text by forced alignment: y (samples,) -> (letters, 2), seconds."""
    if not text:
        return np.zeros((0, 2))
    path = forced_align(log_probabilities(y, SR, model=aligner), [aligner.symbols.index(letter) for letter in text])
    return np.array([[span.start, span.end] for span in token_spans(path)]) * aligner.frame_seconds


def batches(
    settings: Settings, utterances: list[Example], windows: Callable[[], list[Example]]
) -> Callable[[int], Iterator[dict[str, torch.Tensor]]]:
    """Return a function from the epoch to its batches; the windows are synthesised when they are first needed."""

    def of_epoch(epoch: int) -> Iterator[dict[str, torch.Tensor]]:
        rng = np.random.default_rng([settings.seed, epoch])
        drawn = utterances if epoch < settings.epochs else [*utterances, *windows()]
        frames = [len(each.features) for each in drawn]
        for chosen in batches_by_length(frames, rng, batch_size=settings.batch_size):
            longest = max(frames[number] for number in chosen)
            yield collate([drawn[number] for number in chosen], window_frames(longest, rng))

    return of_epoch


def window_frames(frames: int, rng: np.random.Generator) -> int:
    """Draw the length of a batch's window: mostly short, which is fast, sometimes the whole ten seconds."""
    whole = WINDOW_SECONDS * SR // HOP
    if rng.random() < SHARE_OF_FULL_WINDOWS:
        return whole
    return 2 * min(frames // 2 + int(rng.integers(25)), whole // 2)


def evaluate(
    model: WhisperForConditionalGeneration, processor: WhisperProcessor, settings: Settings
) -> dict[str, float]:
    """Measure error rates on voices and sentences that are not in training."""
    whisper = Whisper.of(SimpleNamespace(model=model, processor=processor))
    return held_out_error_rates(
        lambda y, sr: transcribe(y, sr, whisper=whisper).text, utterances=settings.test_utterances
    )


def train(folder: Path, settings: Settings = Settings()) -> Trained:
    """Train on utterances, then, after a warm restart at 0.4 of the learning rate, on full windows too."""
    processor = mini_processor(texts_for_tokenizer(settings.seed), LANGUAGES)
    with seeded(settings.seed):
        learner = WhisperLearner(mini_model(processor, LANGUAGES))
    utterances = examples(settings, processor)
    windows = cache(partial(window_examples, settings, processor))
    steps = settings.epochs * math.ceil(len(utterances) / settings.batch_size)
    last_steps = settings.last_epochs * math.ceil((len(utterances) + settings.windows) / settings.batch_size)
    once = warm_up_then_cosine(steps, warm_up=100)
    again = warm_up_then_cosine(last_steps, warm_up=100)
    fit(
        learner,
        batches(settings, utterances, windows),
        loss=loss,
        epochs=settings.epochs + settings.last_epochs,
        seed=settings.seed,
        learning_rate=3e-3,
        average=0.997,
        schedule=lambda step: once(step) if step < steps else 0.4 * again(step - steps),
        folder=folder,
    )
    data = (
        f"{settings.utterances} synthetic utterances of `sounds` in {len(LANGUAGES)} languages, 66 speakers, and "
        f"{settings.windows} windows of longer speech"
    )
    scores = evaluate(learner.whisper, processor, settings)
    return Trained(learner.whisper.half(), data, settings.seed, scores, processor=processor)
