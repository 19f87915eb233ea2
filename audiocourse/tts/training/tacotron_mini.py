"""How ``tacotron-mini`` is trained: on short sentences of a single synthetic voice, without any real voice."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiocourse.sounds import Text, command, digits, sentence, speaker
from audiocourse.tts.mel import log_mel
from audiocourse.tts.tacotron.alignment import alignment_errors, diagonality
from audiocourse.tts.tacotron.decoding import AttentionSynthesizer, synthesize_mel
from audiocourse.tts.tacotron.learning import Batch, Example, collate, loss, mel_error
from audiocourse.tts.tacotron.model import Tacotron, TacotronConfig
from audiocourse.tts.text import PHONES, symbol_numbers
from audiocourse.tts.utterances import SR, Utterance, american, utterance
from audiocourse.zoo import Card, Trained, fit, seeded, warm_up_then_cosine
from audiocourse.zoo.batching import batches_by_length
from audiocourse.zoo.inference import evaluating

CARD = Card(
    name="tacotron-mini",
    task="text-to-speech",
    model="audiocourse.tts.tacotron.model:Tacotron",
    licence="MIT",
    source="This course; Y. Wang et al., Tacotron: towards end-to-end speech synthesis, Interspeech 2017.",
    expect="Phones in, a mel spectrogram at 16 kHz out, in one synthetic English voice. It learned digits, commands "
    "and short sentences of some 200 words. Long texts and repeated words make its attention skip, repeat or never "
    "stop, which notebook 03b shows.",
)
VOICE = american(speaker("wren-2", "en"))


@dataclass(frozen=True)
class Settings:
    """How much is trained; ``guide_width`` is g of the guided attention.

    In this voice the phones lie 0.03 of the text from the diagonal on average, and 97 % within 0.09. Attention that
    looks at content alone stays spread over five symbols in a band of 0.2, the width of the paper.
    """

    utterances: int = 2_400
    epochs: int = 24
    batch_size: int = 16
    learning_rate: float = 3e-3
    seed: int = 31
    guide_width: float = 0.1
    test_utterances: int = 40


TINY = Settings(utterances=12, epochs=1, test_utterances=1)


def draw_text(rng: np.random.Generator, split: str) -> Text:
    """Draw a text in English: a sentence with probability 0.4, a command with 0.3, else three to five digits."""
    kind = rng.random()
    if kind < 0.4:
        return sentence(rng, "en", split=split)
    if kind < 0.7:
        return command(rng, "en", split=split)
    return digits(rng, int(rng.integers(3, 6)), language="en", split=split)


def utterances(settings: Settings, split: str) -> list[Utterance]:
    """Synthesise the utterances of a split, all in the same voice and tempo."""
    number = settings.utterances if split == "train" else settings.test_utterances
    texts = [draw_text(np.random.default_rng([settings.seed, split == "test", n]), split) for n in range(number)]
    return [utterance(VOICE, text.text, seed=0) for text in texts]


def examples(spoken: list[Utterance]) -> list[Example]:
    """Turn utterances into what the network reads and should write."""
    return [
        Example(symbol_numbers(each.pronunciation.symbols, PHONES), log_mel(each.speech.y, SR).frames)
        for each in spoken
    ]


def batches(learned: list[Example], settings: Settings, reduction: int) -> Callable[[int], Iterator[Batch]]:
    """Return a function from the epoch to its batches."""

    def of_epoch(epoch: int) -> Iterator[Batch]:
        rng = np.random.default_rng([settings.seed, epoch])
        lengths = [len(each.frames) for each in learned]
        for chosen in batches_by_length(lengths, rng, batch_size=settings.batch_size):
            chosen_examples = [learned[number] for number in chosen]
            yield collate(chosen_examples, reduction, guide_width=settings.guide_width)

    return of_epoch


def evaluate(model: AttentionSynthesizer, settings: Settings) -> dict[str, float]:
    """Measure attention, ends and frames on texts that are not in training, with the true frames and without."""
    held_out = utterances(settings, "test")
    forced = [collate([example], model.config.reduction) for example in examples(held_out)]
    with seeded(settings.seed), evaluating(model):
        errors = [mel_error(model, batch) for batch in forced]
        weights = [model(*batch[:4]).weights[0].numpy() for batch in forced]
    free = [synthesize_mel(each.pronunciation.symbols, model=model) for each in held_out]
    mistakes = [alignment_errors(each.attention) for each in free]
    test = "synthetic speech, unseen texts"
    return {
        f"{test}, teacher-forced, diagonality": round(float(np.mean([diagonality(each) for each in weights])), 3),
        f"{test}, teacher-forced, mel L1 in log10": round(float(np.mean(errors)), 3),
        f"{test}, free-running, diagonality": round(float(np.mean([diagonality(each.attention) for each in free])), 3),
        f"{test}, free-running, share that stops": round(float(np.mean([each.finished for each in free])), 3),
        f"{test}, free-running, symbols skipped per text": round(float(np.mean([e.skipped for e in mistakes])), 3),
        f"{test}, free-running, repeats per text": round(float(np.mean([e.repeats for e in mistakes])), 3),
    }


def fit_synthesizer(build: Callable[[], AttentionSynthesizer], folder: Path, settings: Settings) -> Trained:
    """Train the network that `build` returns; both Tacotrons learn in the same way."""
    learned = examples(utterances(settings, "train"))
    with seeded(settings.seed):
        model = build()
    steps = settings.epochs * math.ceil(len(learned) / settings.batch_size)
    fit(
        model,
        batches(learned, settings, model.config.reduction),
        loss=loss,
        epochs=settings.epochs,
        seed=settings.seed,
        learning_rate=settings.learning_rate,
        average=0.995,
        schedule=warm_up_then_cosine(steps, warm_up=min(200, steps // 10)),
        folder=folder,
    )
    data = f"{settings.utterances} synthetic utterances of `sounds` in American English, one speaker ({VOICE.name})"
    scores = evaluate(model.half().float(), settings)  # of the weights as they are saved
    return Trained(model.half(), data, settings.seed, scores)


def train(folder: Path, settings: Settings = Settings()) -> Trained:
    """Train on one voice."""
    return fit_synthesizer(lambda: Tacotron(TacotronConfig(PHONES)), folder, settings)
