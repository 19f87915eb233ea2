"""How the small Whisper is taught: what its decoder says, what its encoder hears when, and where attention is to look.

A decoder that sees the words before guesses the next one from the grammar, long before its attention has found the
place where that word is said. So the times of letters, which another recogniser knows, teach two more things directly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from audiocourse.asr.utterances import letters
from audiocourse.asr.whisper.model import HOP, N_FFT, SR, WINDOW, token_number
from audiocourse.signal import FloatArray, IntArray

if TYPE_CHECKING:
    from transformers import WhisperForConditionalGeneration, WhisperProcessor

IGNORED = -100  # a label that does not count in cross_entropy
STEP = 2 * HOP / SR  # seconds: the encoder's second convolution moves on by two frames
STEPS = round(WINDOW / STEP)  # of a whole window
NEAR = 0.1  # seconds: a frame further away from the middle of every letter holds none


@dataclass(frozen=True)
class Lesson:
    """One utterance as the network learns from it.

    Parameters
    ----------
    features : np.ndarray [shape=(frames, bands)]
        Log-mel as Whisper's, without the padding; frames are even.
    tokens : np.ndarray [shape=(tokens,)]
        What the decoder reads, from <|startoftranscript|> on.
    labels : np.ndarray [shape=(tokens,)]
        What it is to say after each; `IGNORED` where nothing is asked.
    heard : np.ndarray [shape=(frames,)]
        The letter that is said in each frame; `len(letters())` where there is none.
    read_at, said_at : np.ndarray [shape=(tokens, 2)]
        First step of the encoder, and one past the last, in which each token, and each label, is said; 0, 0 if nowhere.
    """

    features: FloatArray
    tokens: IntArray
    labels: IntArray
    heard: IntArray
    read_at: IntArray
    said_at: IntArray


def lesson(y: FloatArray, text: str, language: str, times: FloatArray, *, processor: WhisperProcessor) -> Lesson:
    """Prepare an utterance of at most 10 s.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound at 16 kHz.
    text : str
        In normal form; "" where nobody speaks: then <|nospeech|> is right after the start, and the end after a prompt.
    language : str
        Its code.
    times : np.ndarray [shape=(letters, 2)]
        Begin and end of each letter of the text, in seconds.
    processor : transformers.WhisperProcessor
        From `mini_processor`.

    Returns
    -------
    Lesson
        Features, what is read, what is to be said, and when.

    Notebook: 02e_whisper
    """
    whole = processor.feature_extractor(y, sampling_rate=SR, return_tensors="np")["input_features"][0]
    frames = min(2 * -(-(y.size + N_FFT // 2) // (2 * HOP)), whole.shape[1])  # the last one that hears something
    features = whole[:, :frames].T.astype(np.float16)
    prompt = [token_number(processor, name) for name in ("startoftranscript", language, "transcribe", "notimestamps")]
    end = token_number(processor, "endoftext")
    nowhere = np.zeros((4, 2), dtype=np.int64)
    if not text:
        labels = [token_number(processor, "nospeech"), IGNORED, IGNORED, end]
        heard = np.full(frames, len(letters()))
        return Lesson(features, np.array(prompt), np.array(labels), heard, nowhere, nowhere)
    pieces = processor.tokenizer.encode(f" {text}", add_special_tokens=False)
    places = piece_steps(processor.tokenizer.convert_ids_to_tokens(pieces), text, times)
    after = [[int(times[-1, 1] / STEP) + 1, STEPS]]
    return Lesson(
        features,
        np.array([*prompt, *pieces]),
        np.array([*prompt[1:], *pieces, end]),
        letter_of_frames(text, times, frames),
        np.concatenate([nowhere, places]),
        np.concatenate([nowhere[1:], places, after]),
    )


def letter_of_frames(text: str, times: FloatArray, frames: int) -> IntArray:
    """Say which letter is said in each frame: the one whose middle is nearest.

    Parameters
    ----------
    text : str
        In normal form, not empty.
    times : np.ndarray [shape=(letters, 2)]
        Begin and end of each of its letters, in seconds.
    frames : int
        How many, one each 20 ms.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        Numbers of letters; `len(letters())` where none is nearer than 0.1 s.
    """
    away = np.abs(np.arange(frames)[:, None] * HOP / SR - times.mean(axis=1))
    said = np.array([letters().index(letter) for letter in text])
    return np.where(away.min(axis=1) < NEAR, said[away.argmin(axis=1)], len(letters()))


def piece_steps(pieces: Sequence[str], text: str, times: FloatArray) -> IntArray:
    """Find the steps of the encoder in which each piece of a text is said, with one more on either side.

    Parameters
    ----------
    pieces : sequence of str
        Of a space and the text, as a tokenizer of bytes writes them: a character for each byte of UTF-8.
    text : str
        In normal form.
    times : np.ndarray [shape=(letters, 2)]
        Begin and end of each of its letters, in seconds.

    Returns
    -------
    np.ndarray [shape=(pieces, 2)]
        First step, and one past the last.
    """
    letter_of_byte = [number - 1 for number, letter in enumerate(f" {text}") for _ in letter.encode()]
    found = []
    begin = 0
    for piece in pieces:
        first = letter_of_byte[begin]
        last = letter_of_byte[begin + len(piece) - 1]
        begin += len(piece)
        if f" {text}"[first + 1] == " " and last > first:
            first += 1  # the space before a word is no part of it
        found.append([max(int(times[max(first, 0), 0] / STEP) - 1, 0), int(times[max(last, 0), 1] / STEP) + 2])
    return np.array(found)


class WhisperLearner(nn.Module):
    """Whisper in training: windows as long as the longest utterance, a speller on its encoder, and its attention.

    The speller says which letter is spoken in each frame; it is thrown away afterwards.

    Parameters
    ----------
    whisper : transformers.WhisperForConditionalGeneration
        The model.

    Notebook: 02e_whisper
    """

    def __init__(self, whisper: WhisperForConditionalGeneration) -> None:
        super().__init__()
        self.whisper = whisper
        whisper.set_attn_implementation("eager")  # the fast ones do not say where they look
        self.symbols = len(letters()) + 1
        self.spell = nn.Linear(whisper.config.d_model, 2 * self.symbols)

    def forward(self, features: torch.Tensor, tokens: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Read sounds and tokens.

        Parameters
        ----------
        features : torch.Tensor [shape=(batch, bands, frames)]
            Log-mel.
        tokens : torch.Tensor [shape=(batch, tokens)]
            What is written so far.

        Returns
        -------
        said, spelt : torch.Tensor
            Scores of the next token [shape=(batch, tokens, vocabulary)], and of each frame's letter [shape=(batch,
            frames, letters + 1)].
        first, last : torch.Tensor [shape=(batch, tokens, frames / 2)]
            Where half of the heads of the decoder's first and last layer look: probabilities, their mean.
        """
        memory = self.encode(features)
        decoded = self.whisper.model.decoder(
            input_ids=tokens, encoder_hidden_states=memory, use_cache=False, output_attentions=True
        )
        spelt = self.spell(memory).reshape(len(memory), -1, self.symbols)
        heads = self.whisper.config.decoder_attention_heads // 2
        first, last = (decoded.cross_attentions[layer][:, :heads].mean(dim=1) for layer in (0, -1))
        return self.whisper.proj_out(decoded.last_hidden_state), spelt, first, last

    def encode(self, features: torch.Tensor) -> torch.Tensor:
        """Do what Whisper's encoder does, for features [shape=(batch, bands, frames)] of a window of any length.

        Returns
        -------
        torch.Tensor [shape=(batch, frames / 2, width)]
            What the decoder looks at.
        """
        encoder = self.whisper.model.encoder
        x = nn.functional.gelu(encoder.conv1(features))
        x = nn.functional.gelu(encoder.conv2(x)).transpose(1, 2)
        x = nn.functional.dropout(x + encoder.embed_positions.weight[: x.shape[1]], encoder.dropout, self.training)
        for layer in encoder.layers:
            x = layer(x, None)
        normalised: torch.Tensor = encoder.layer_norm(x)
        return normalised


def lesson_batch(lessons: Sequence[Lesson], frames: int) -> dict[str, torch.Tensor]:
    """Pad lessons to one size, sound with its own silence as the feature extractor does.

    Parameters
    ----------
    lessons : sequence of Lesson
        A batch.
    frames : int
        Length of the window, even, at least that of the longest lesson.

    Returns
    -------
    dict of torch.Tensor
        ``features`` [shape=(batch, bands, frames)], ``heard`` [shape=(batch, frames)], ``tokens`` and ``labels``
        [shape=(batch, tokens)], ``read_at`` and ``said_at`` [shape=(batch, tokens, 2)].

    Notebook: 02e_whisper
    """
    tokens = max(len(one.tokens) for one in lessons)
    parts = {
        # silence, eight powers of ten below the loudest value, which the extractor's scale makes 8 / 4
        "features": [
            _padded(one.features.astype(np.float32), frames, float(one.features.max()) - 8 / 4) for one in lessons
        ],
        "heard": [_padded(one.heard, frames, len(letters())) for one in lessons],
        "tokens": [_padded(one.tokens, tokens, 0) for one in lessons],
        "labels": [_padded(one.labels, tokens, IGNORED) for one in lessons],
        "read_at": [_padded(one.read_at, tokens, 0) for one in lessons],
        "said_at": [_padded(one.said_at, tokens, 0) for one in lessons],
    }
    batch = {name: torch.from_numpy(np.stack(part)) for name, part in parts.items()}
    batch["features"] = batch["features"].transpose(1, 2)
    return batch


def lesson_loss(model: nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Compute the loss of `WhisperLearner`.

    loss = 0.4 · cross-entropy of tokens + 0.6 · cross-entropy of letters + 0.1 · pointing, where pointing = −ln of the
    attention that lies where a piece is said, the mean over pieces: in the decoder's first layer the piece that was
    read, in its last the one that is to be said next.

    Parameters
    ----------
    model : torch.nn.Module
        A `WhisperLearner`.
    batch : dict of torch.Tensor
        From `lesson_batch`.

    Returns
    -------
    torch.Tensor [shape=()]
        The loss.

    Source: L. Liu et al., Neural machine translation with supervised attention, COLING 2016; S. Watanabe et al.,
    Hybrid CTC/attention architecture for end-to-end speech recognition, IEEE J. Sel. Top. Signal Process. 11, 2017.

    Notebook: 02e_whisper
    """
    said, spelt, first, last = model(batch["features"], batch["tokens"])
    tokens = nn.functional.cross_entropy(said.transpose(1, 2), batch["labels"], ignore_index=IGNORED)
    spelling = nn.functional.cross_entropy(spelt.transpose(1, 2), batch["heard"])
    loss: torch.Tensor = 0.4 * tokens + 0.6 * spelling
    return loss + 0.1 * (pointing_loss(first, batch["read_at"]) + pointing_loss(last, batch["said_at"]))


def pointing_loss(attention: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Compute −ln(attention between begin and end + 10⁻⁵), the mean over tokens that have a place.

    Parameters
    ----------
    attention : torch.Tensor [shape=(batch, tokens, steps)]
        Probabilities.
    places : torch.Tensor [shape=(batch, tokens, 2)]
        First step, and one past the last; 0, 0 for none.

    Returns
    -------
    torch.Tensor [shape=()]
        0 where all attention is inside, or no token has a place.
    """
    step = torch.arange(attention.shape[2], device=attention.device)
    inside = (step >= places[..., :1]) & (step < places[..., 1:])
    counted = inside.any(dim=2)
    share = (attention * inside).sum(dim=2)[counted]
    return -(share + 1e-5).log().sum() / counted.sum().clamp(min=1)


def _padded(values: NDArray[Any], size: int, filling: float) -> NDArray[Any]:
    """Lengthen an array along its first axis [shape=(values, …)] to a size."""
    missing = [(0, size - len(values)), *[(0, 0)] * (values.ndim - 1)]
    return np.pad(values, missing, constant_values=filling)
