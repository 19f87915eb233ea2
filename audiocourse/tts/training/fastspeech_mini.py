"""How ``fastspeech-mini`` is trained: on synthetic sentences of many voices, each beside a reference of that voice."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.sounds import Speaker
from audiocourse.tts.fastspeech.learning import fastspeech_loss
from audiocourse.tts.fastspeech.model import FastSpeech, FastSpeechConfig, FastSpeechOutput
from audiocourse.tts.mel import MEL, log_mel
from audiocourse.tts.text import PHONES, symbol_numbers
from audiocourse.tts.utterances import (
    SR,
    Utterance,
    english_speakers,
    held_out_sentences,
    phone_pitch,
    training_text,
    utterance,
    varied,
)
from audiocourse.zoo import Card, Trained, fit, seeded, warm_up_then_cosine
from audiocourse.zoo.batching import batches_by_length, padded

CARD = Card(
    name="fastspeech-mini",
    task="text-to-speech",
    model="audiocourse.tts.fastspeech.model:FastSpeech",
    licence="MIT",
    source="This course; FastSpeech 2 (Ren et al., ICLR 2021) with a reference encoder for the voice.",
    expect="American English phones in, a mel spectrogram at 16 kHz out, in the voice of a reference recording. It was "
    "trained on synthetic voices only: it copies pitch and vocal tract of a voice, and sounds like espeak-ng.",
)
REFERENCE_FRAMES = 160  # 2.6 s of another sentence
TIMBRE = 0.2  # log10 of a magnitude, 4 dB: how much the spectra of invented voices differ at each of `COSINES`
COSINES = 10
DISTANCE = 0.3  # log10, 6 dB: how much nearer or farther than its sentence a reference may be


@dataclass(frozen=True)
class Settings:
    """How much is trained; each voice speaks two sentences."""

    voices: int = 10_000
    epochs: int = 8
    batch_size: int = 32
    seed: int = 31
    test_utterances: int = 60


TINY = Settings(voices=4, epochs=1, batch_size=4, test_utterances=2)


class Example(NamedTuple):
    """Numbers of the symbols, frames of each, pitch of each, log-mel (frames, bands); ``pair`` has the same voice."""

    symbols: IntArray
    durations: IntArray
    pitch: FloatArray
    frames: FloatArray


class Batch(NamedTuple):
    """Padded symbols, durations, pitch (batch, symbols), frames (batch, frames, bands), references, and lengths."""

    symbols: torch.Tensor
    lengths: torch.Tensor
    durations: torch.Tensor
    pitch: torch.Tensor
    frames: torch.Tensor
    frame_lengths: torch.Tensor
    references: torch.Tensor


def example_of(pronounced: Utterance) -> Example:
    """Turn an utterance into what the network reads and should write."""
    symbols, durations = pronounced.pronunciation
    frames = log_mel(pronounced.speech.y, SR).frames.astype(np.float16)
    return Example(symbol_numbers(symbols, PHONES), durations, phone_pitch(pronounced), frames)


def utterances(settings: Settings) -> list[Utterance]:
    """Synthesise two sentences of each voice; utterances 2 i and 2 i + 1 have the same voice."""
    spoken: list[Utterance] = []
    speakers = english_speakers(split="train")
    for number in range(settings.voices):
        rng = np.random.default_rng([settings.seed, number])
        speaker = varied(speakers[number % len(speakers)], rng)
        spoken += [_spoken(speaker, training_text(rng), rng) for _ in range(2)]
    return spoken


def batches(examples: list[Example], settings: Settings) -> Callable[[int], Iterator[Batch]]:
    """Return a function from the epoch to its batches."""

    def of_epoch(epoch: int) -> Iterator[Batch]:
        rng = np.random.default_rng([settings.seed, epoch])
        for chosen in batches_by_length([len(each.frames) for each in examples], rng, batch_size=settings.batch_size):
            pairs = [invented_voice(examples[i], examples[i ^ 1], rng) for i in chosen]
            yield collate([example for example, _ in pairs], [crop(reference, rng) for _, reference in pairs])

    return of_epoch


def invented_voice(example: Example, other: Example, rng: np.random.Generator) -> tuple[Example, FloatArray]:
    """Filter two sentences of a voice alike: a timbre that no speaker has, so that new ones are no surprise.

    L[b] = Σ_k a_k cos(π k (b + ½) / B), k = 1, …, 10, a_k normal with σ = 4 dB / √k, is added to the levels of the
    bands. Returns the example and the frames of the other sentence, (frames, n_mels), nearer or farther.
    """
    order = np.arange(1, COSINES + 1)
    cosines = np.cos(np.pi * order[:, None] * (np.arange(MEL.n_mels) + 0.5) / MEL.n_mels)  # (cosines, bands)
    timbre = rng.normal(0, TIMBRE / np.sqrt(order)) @ cosines  # (bands,)
    frames = filtered(example.frames, timbre)
    return example._replace(frames=frames), filtered(other.frames, timbre + rng.uniform(-DISTANCE, DISTANCE))


def filtered(frames: FloatArray, log10_gain: FloatArray) -> FloatArray:
    """Add gains (n_mels,) to log10 magnitudes [shape=(frames, n_mels)]; what is silent stays so."""
    louder = np.where(frames > MEL.log_floor + 0.01, frames + log10_gain, MEL.log_floor)
    return np.maximum(louder, MEL.log_floor).astype(np.float32)


def crop(frames: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Cut `REFERENCE_FRAMES` frames out of a sentence [shape=(frames, n_mels)]; a shorter one is repeated."""
    if len(frames) < REFERENCE_FRAMES:
        frames = np.tile(frames, (math.ceil(REFERENCE_FRAMES / len(frames)), 1))
    start = int(rng.integers(len(frames) - REFERENCE_FRAMES + 1))
    return frames[start : start + REFERENCE_FRAMES]


def collate(examples: list[Example], references: list[FloatArray]) -> Batch:
    """Pad examples into one batch; references, each [shape=(REFERENCE_FRAMES, n_mels)], have one length."""
    lengths = torch.tensor([len(each.symbols) for each in examples])
    rows = [[torch.from_numpy(np.asarray(each[place])) for each in examples] for place in range(3)]
    symbols, durations, pitch = (torch.nn.utils.rnn.pad_sequence(row, batch_first=True) for row in rows)
    frames, frame_lengths = padded([each.frames for each in examples])
    stacked = torch.from_numpy(np.stack(references).astype(np.float32))
    return Batch(symbols, lengths, durations, pitch, frames, frame_lengths, stacked)


def predictions(model: nn.Module, batch: Batch) -> FastSpeechOutput:
    """Pass a batch through the network with the true durations and pitch (teacher forcing)."""
    full = torch.full_like(batch.lengths, batch.references.shape[1])
    voice = model.reference_encoder(batch.references, full)  # type: ignore[operator]
    output: FastSpeechOutput = model(batch.symbols, batch.lengths, voice, durations=batch.durations, pitch=batch.pitch)
    return output


def loss(model: nn.Module, batch: Batch) -> torch.Tensor:
    """Return the `fastspeech_loss` of a batch."""
    return fastspeech_loss(predictions(model, batch), batch)


def evaluate(model: FastSpeech, settings: Settings) -> dict[str, float]:
    """Measure errors on sentences and voices that are not in training."""
    speakers = english_speakers(split="held-out")
    texts = held_out_sentences()
    rng = np.random.default_rng([settings.seed, 1])
    mel, duration = [], []
    model.eval()
    for number in range(settings.test_utterances):
        speaker = speakers[number % len(speakers)]
        first, second = (
            example_of(utterance(speaker, texts[(number + step) % len(texts)], seed=number)) for step in (0, 7)
        )
        batch = collate([first], [crop(second.frames, rng)])
        with torch.no_grad():
            output = predictions(model, batch)
        mel.append(20 * float((output.frames - batch.frames).abs().mean()))
        duration.append(float((torch.expm1(output.log_durations) - batch.durations).abs().mean()))
    test = "synthetic speech, unseen voices and sentences"
    return {
        f"{test}, mel spectrogram, mean difference in dB": round(float(np.mean(mel)), 2),
        f"{test}, durations, mean difference in frames": round(float(np.mean(duration)), 2),
    }


def train(folder: Path, settings: Settings = Settings()) -> Trained:
    """Train on shuffled sentences."""
    with seeded(settings.seed):
        model = FastSpeech(FastSpeechConfig(PHONES))
    examples = [example_of(each) for each in utterances(settings)]
    steps = settings.epochs * math.ceil(len(examples) / settings.batch_size)
    fit(
        model,
        batches(examples, settings),
        loss=loss,
        epochs=settings.epochs,
        seed=settings.seed,
        learning_rate=2e-3,
        average=0.995,
        schedule=warm_up_then_cosine(steps, warm_up=max(1, steps // 20)),
        folder=folder,
    )
    scores = evaluate(model.half().float(), settings)
    data = f"{len(examples)} synthetic English sentences of `sounds`, {settings.voices} voices around 66 speakers"
    return Trained(model.half(), data, settings.seed, scores)


def _spoken(speaker: Speaker, text: str, rng: np.random.Generator) -> Utterance:
    return utterance(speaker, text, seed=int(rng.integers(2**31)))
