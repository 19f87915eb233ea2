"""What the small Whisper learns from: the tokens, the letter spoken in each frame, and where attention is to look.

A decoder that sees the words so far guesses the next one from the grammar, long before its attention has found the
place where that word is spoken. So the times of letters, found by another recogniser, teach two more things directly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from audiocourse.asr.utterances import letters
from audiocourse.asr.whisper.features import DECADES
from audiocourse.asr.whisper.model import HOP, N_FFT, SR, WINDOW_SECONDS, token_number
from audiocourse.signal import FloatArray, IntArray

if TYPE_CHECKING:
    from transformers import WhisperForConditionalGeneration, WhisperProcessor

IGNORED = -100  # a label that does not count in cross_entropy
STEP = 2 * HOP / SR  # seconds: the encoder's second convolution moves on by two frames
STEPS = round(WINDOW_SECONDS / STEP)  # of a whole window
MAX_DISTANCE = 0.1  # seconds: a frame further away from the middle of every letter holds none


@dataclass(frozen=True)
class Example:
    """One utterance as the network learns from it.

    Parameters
    ----------
    features : np.ndarray [shape=(frames, bands)]
        Log-mel as Whisper's, without the padding; an even number of frames.
    tokens : np.ndarray [shape=(tokens,)]
        The decoder's input, from <|startoftranscript|> on.
    labels : np.ndarray [shape=(tokens,)]
        The next token after each; `IGNORED` where nothing is asked.
    frame_letters : np.ndarray [shape=(frames,)]
        The letter spoken in each frame; `len(letters())` where there is none.
    input_spans, label_spans : np.ndarray [shape=(tokens, 2)]
        Steps of the encoder, the first and one past the last, in which each token, and each label, is spoken; 0, 0 if
        nowhere.
    """

    features: FloatArray
    tokens: IntArray
    labels: IntArray
    frame_letters: IntArray
    input_spans: IntArray
    label_spans: IntArray


class Predictions(NamedTuple):
    """What `WhisperLearner` returns.

    The next token's logits (batch, tokens, vocabulary), those of each frame's letter (batch, frames, letters + 1), and
    the attention of the decoder's first and last layer (batch, tokens, frames / 2), averaged over half of the heads.
    """

    token_logits: torch.Tensor
    letter_logits: torch.Tensor
    first_attention: torch.Tensor
    last_attention: torch.Tensor


def example(y: FloatArray, text: str, language: str, times: FloatArray, *, processor: WhisperProcessor) -> Example:
    """Prepare an utterance of at most 10 s.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound at 16 kHz.
    text : str
        In normal form. An empty text means that no one speaks: then <|nospeech|> follows the start, and the end
        follows the prompt.
    language : str
        Its code.
    times : np.ndarray [shape=(letters, 2)]
        Start and end of each letter of the text, in seconds.
    processor : transformers.WhisperProcessor
        From `mini_processor`.

    Notebook: 02e_whisper
    """
    whole = processor.feature_extractor(y, sampling_rate=SR, return_tensors="np")["input_features"][0]
    frames_with_sound = 2 * math.ceil((y.size + N_FFT // 2) / (2 * HOP))
    frames = min(frames_with_sound, whole.shape[1])
    features = whole[:, :frames].T.astype(np.float16)  # (frames, bands)
    prompt = [token_number(processor, name) for name in ("startoftranscript", language, "transcribe", "notimestamps")]
    end = token_number(processor, "endoftext")
    nowhere = np.zeros((4, 2), dtype=np.int64)
    if not text:
        labels = [token_number(processor, "nospeech"), IGNORED, IGNORED, end]
        no_letters = np.full(frames, len(letters()))
        return Example(features, np.array(prompt), np.array(labels), no_letters, nowhere, nowhere)
    tokens = processor.tokenizer.encode(f" {text}", add_special_tokens=False)
    spans = token_steps(processor.tokenizer.convert_ids_to_tokens(tokens), text, times)
    end_span = [[int(times[-1, 1] / STEP) + 1, STEPS]]
    return Example(
        features,
        tokens=np.array([*prompt, *tokens]),
        labels=np.array([*prompt[1:], *tokens, end]),
        frame_letters=letter_of_frames(text, times, frames),
        input_spans=np.concatenate([nowhere, spans]),
        label_spans=np.concatenate([nowhere[1:], spans, end_span]),
    )


def letter_of_frames(text: str, times: FloatArray, frames: int) -> IntArray:
    """Find the letter spoken in each frame: the one whose middle is nearest.

    Parameters
    ----------
    text : str
        In normal form, not empty.
    times : np.ndarray [shape=(letters, 2)]
        Start and end of each of its letters, in seconds.
    frames : int
        How many, one each 20 ms.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        Numbers of letters; `len(letters())` where none is nearer than 0.1 s.
    """
    distance = np.abs(np.arange(frames)[:, None] * HOP / SR - times.mean(axis=1))  # (frames, letters), seconds
    numbers = np.array([letters().index(letter) for letter in text])
    nearest = distance.argmin(axis=1)  # (frames,)
    return np.where(distance.min(axis=1) < MAX_DISTANCE, numbers[nearest], len(letters()))


def token_steps(tokens: Sequence[str], text: str, times: FloatArray) -> IntArray:
    """Find the steps of the encoder in which each token of a text is spoken, with one more on either side.

    Parameters
    ----------
    tokens : sequence of str
        Of a space and the text, as a byte-level tokenizer writes them: a character for each byte of UTF-8.
    text : str
        In normal form.
    times : np.ndarray [shape=(letters, 2)]
        Start and end of each of its letters, in seconds.

    Returns
    -------
    np.ndarray [shape=(tokens, 2)]
        First step, and one past the last.
    """
    letter_of_byte = [number - 1 for number, letter in enumerate(f" {text}") for _ in letter.encode()]
    spans = []
    position = 0
    for token in tokens:
        first = letter_of_byte[position]
        last = letter_of_byte[position + len(token) - 1]
        position += len(token)
        if f" {text}"[first + 1] == " " and last > first:
            first += 1  # the space before a word is not part of it
        start = int(times[max(first, 0), 0] / STEP) - 1
        end = int(times[max(last, 0), 1] / STEP) + 2
        spans.append([max(start, 0), end])
    return np.array(spans)


class WhisperLearner(nn.Module):
    """Whisper in training: windows as long as the longest utterance, a letter head on its encoder, and its attention.

    The letter head says which letter is spoken in each frame; it is discarded afterwards.

    Parameters
    ----------
    whisper : transformers.WhisperForConditionalGeneration
        The model.

    Notebook: 02e_whisper
    """

    def __init__(self, whisper: WhisperForConditionalGeneration) -> None:
        super().__init__()
        self.whisper = whisper
        whisper.set_attn_implementation("eager")  # the fast ones do not return their attention
        self.symbols = len(letters()) + 1
        self.letter_head = nn.Linear(whisper.config.d_model, 2 * self.symbols)

    def forward(self, features: torch.Tensor, tokens: torch.Tensor) -> Predictions:
        """Run encoder and decoder: log-mel features (batch, bands, frames), input tokens (batch, tokens)."""
        encoder_output = self.encode(features)  # (batch, frames / 2, width)
        decoded = self.whisper.model.decoder(
            input_ids=tokens, encoder_hidden_states=encoder_output, use_cache=False, output_attentions=True
        )
        letter_logits = self.letter_head(encoder_output)  # (batch, frames / 2, 2 * (letters + 1))
        letter_logits = letter_logits.reshape(len(letter_logits), -1, self.symbols)  # (batch, frames, letters + 1)
        heads = self.whisper.config.decoder_attention_heads // 2
        first, last = (decoded.cross_attentions[layer][:, :heads].mean(dim=1) for layer in (0, -1))
        return Predictions(self.whisper.proj_out(decoded.last_hidden_state), letter_logits, first, last)

    def encode(self, features: torch.Tensor) -> torch.Tensor:
        """Run Whisper's encoder on a window of any length: (batch, bands, frames) -> (batch, frames / 2, width)."""
        encoder = self.whisper.model.encoder
        x = nn.functional.gelu(encoder.conv1(features))
        x = nn.functional.gelu(encoder.conv2(x)).transpose(1, 2)
        x = nn.functional.dropout(x + encoder.embed_positions.weight[: x.shape[1]], encoder.dropout, self.training)
        for layer in encoder.layers:
            x = layer(x, None)
        normalised: torch.Tensor = encoder.layer_norm(x)
        return normalised


def collate(examples: Sequence[Example], frames: int) -> dict[str, torch.Tensor]:
    """Pad examples to one size, features with the extractor's own silence.

    Parameters
    ----------
    examples : sequence of Example
        A batch.
    frames : int
        Length of the window, even, at least that of the longest example.

    Returns
    -------
    dict of torch.Tensor
        ``features`` [shape=(batch, bands, frames)], ``frame_letters`` [shape=(batch, frames)], ``tokens`` and
        ``labels`` [shape=(batch, tokens)], ``input_spans`` and ``label_spans`` [shape=(batch, tokens, 2)].
    """
    tokens = max(len(each.tokens) for each in examples)
    parts = {
        "features": [_padded(each.features.astype(np.float32), frames, _silence(each.features)) for each in examples],
        "frame_letters": [_padded(each.frame_letters, frames, len(letters())) for each in examples],
        "tokens": [_padded(each.tokens, tokens, 0) for each in examples],
        "labels": [_padded(each.labels, tokens, IGNORED) for each in examples],
        "input_spans": [_padded(each.input_spans, tokens, 0) for each in examples],
        "label_spans": [_padded(each.label_spans, tokens, 0) for each in examples],
    }
    batch = {name: torch.from_numpy(np.stack(part)) for name, part in parts.items()}
    batch["features"] = batch["features"].transpose(1, 2)  # (batch, bands, frames)
    return batch


def loss(model: nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Compute the loss of `WhisperLearner`.

    loss = 0.4 · cross-entropy of tokens + 0.6 · cross-entropy of letters + 0.1 · pointing, where pointing = −ln of the
    attention that lies where a token is spoken, the mean over tokens: in the decoder's first layer the token that was
    read, in its last the one that comes next.

    Parameters
    ----------
    model : torch.nn.Module
        A `WhisperLearner`.
    batch : dict of torch.Tensor
        From `collate`.

    Returns
    -------
    torch.Tensor [shape=()]
        The loss.

    Source: L. Liu et al., Neural machine translation with supervised attention, COLING 2016; S. Watanabe et al.,
    Hybrid CTC/attention architecture for end-to-end speech recognition, IEEE J. Sel. Top. Signal Process. 11, 2017.
    """
    predictions: Predictions = model(batch["features"], batch["tokens"])
    cross_entropy = nn.functional.cross_entropy
    token_loss = cross_entropy(predictions.token_logits.transpose(1, 2), batch["labels"], ignore_index=IGNORED)
    letter_loss = cross_entropy(predictions.letter_logits.transpose(1, 2), batch["frame_letters"])
    pointing = pointing_loss(predictions.first_attention, batch["input_spans"])
    pointing = pointing + pointing_loss(predictions.last_attention, batch["label_spans"])
    return 0.4 * token_loss + 0.6 * letter_loss + 0.1 * pointing


def pointing_loss(attention: torch.Tensor, spans: torch.Tensor) -> torch.Tensor:
    """Compute −ln(attention inside the span + 10⁻⁵), the mean over tokens that have a span.

    Parameters
    ----------
    attention : torch.Tensor [shape=(batch, tokens, steps)]
        Probabilities.
    spans : torch.Tensor [shape=(batch, tokens, 2)]
        First step, and one past the last; 0, 0 for none.

    Returns
    -------
    torch.Tensor [shape=()]
        0 where all attention is inside, or no token has a span.
    """
    step = torch.arange(attention.shape[2], device=attention.device)
    inside = (step >= spans[..., :1]) & (step < spans[..., 1:])  # (batch, tokens, steps)
    has_span = inside.any(dim=2)  # (batch, tokens)
    share = (attention * inside).sum(dim=2)[has_span]  # (tokens with a span,)
    return -(share + 1e-5).log().sum() / has_span.sum().clamp(min=1)


def _silence(features: FloatArray) -> float:
    """Return silence as the extractor writes it: eight powers of ten below the loudest value, divided by 4."""
    return float(features.max()) - DECADES / 4


def _padded(values: NDArray[Any], size: int, filling: float) -> NDArray[Any]:
    """Lengthen an array along its first axis [shape=(values, …)] to a size."""
    missing = [(0, size - len(values)), *[(0, 0)] * (values.ndim - 1)]
    return np.pad(values, missing, constant_values=filling)
