"""From one window of features to tokens: the encoder once, the decoder step by step, and how sure it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from audiocourse.asr.whisper.search import greedy_decode
from audiocourse.asr.whisper.tokens import WhisperTokens, allowed_scores
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray


@dataclass(frozen=True)
class DecodingResult:
    """The ``tokens`` after the prompt and before the end, and ``log_probabilities``: ln P of each, and of the end."""

    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]

    @property
    def mean_log_probability(self) -> float:
        """How sure the decoder was, on average over the tokens."""
        return float(np.mean(self.log_probabilities))


def encode(model: Any, features: FloatArray) -> torch.Tensor:
    """Run the encoder over one window of `whisper_features` [shape=(mels, frames)].

    Returns what the decoder attends to [shape=(1, frames / 2, width)].
    """
    batch = torch.from_numpy(np.ascontiguousarray(features))[None]
    with torch.no_grad():
        encoder_output: torch.Tensor = model.model.encoder(batch.to(model.device, model.dtype)).last_hidden_state
    return encoder_output


class DecoderSteps:
    """The decoder as a function from tokens to the scores of the next one; it computes only the new steps.

    The keys and values of all earlier tokens are kept (the KV cache); tokens must therefore grow call by call.

    Parameters
    ----------
    model : transformers.WhisperForConditionalGeneration
        The model.
    encoder_output : torch.Tensor [shape=(1, frames / 2, width)]
        From `encode`, of one window.

    Notebook: 02e_whisper
    """

    def __init__(self, model: Any, encoder_output: torch.Tensor) -> None:
        self._model = model
        self._encoder_output = encoder_output
        self._read: list[int] = []
        self._cache: Any = None

    def __call__(self, tokens: list[int]) -> FloatArray:
        """Return the logits of the next token [shape=(tokens,)]."""
        if len(tokens) <= len(self._read) or tokens[: len(self._read)] != self._read:
            raise AudioCourseError(
                "These tokens do not continue the last ones: create new DecoderSteps for a new text."
            )
        new = torch.tensor([tokens[len(self._read) :]], device=self._model.device)
        with torch.no_grad():
            state = self._model.model.decoder(
                new, encoder_hidden_states=self._encoder_output, cache=self._cache, use_cache=True
            )
            logits = self._model.proj_out(state.last_hidden_state[0, -1])
        self._read = list(tokens)
        self._cache = state.cache
        scores: FloatArray = logits.float().cpu().numpy()
        return scores


def attention_weights(model: Any, encoder_output: torch.Tensor, tokens: Sequence[int]) -> FloatArray:
    """Return where in the sound each head of the decoder looks after each token.

    Parameters
    ----------
    model : transformers.WhisperForConditionalGeneration
        The model.
    encoder_output : torch.Tensor [shape=(1, frames / 2, width)]
        From `encode`, of one window.
    tokens : sequence of int
        The prompt and what was written.

    Returns
    -------
    np.ndarray [shape=(layers, heads, tokens, frames / 2)]
        Weights of 0 to 1; each row sums to 1. Row n holds those from which the token after n is written.

    Notebook: 02e_whisper
    """
    usual = model.config._attn_implementation
    model.set_attn_implementation("eager")  # the fast ones do not return weights
    try:
        with torch.no_grad():
            state = model.model.decoder(
                torch.tensor([list(tokens)], device=model.device),
                encoder_hidden_states=encoder_output,
                output_attentions=True,
            )
    finally:
        model.set_attn_implementation(usual)
    weights: FloatArray = torch.cat(state.cross_attentions).float().cpu().numpy()
    return weights


def token_times(model: Any, encoder_output: torch.Tensor, prompt: Sequence[int], text: Sequence[int]) -> FloatArray:
    """Estimate when each token is spoken, from where the decoder's last layer looks before it is written.

    t_n = Σ_k a_n[k]·k / K, the centre of the attention a_n over the K steps of the window.

    Parameters
    ----------
    model : transformers.WhisperForConditionalGeneration
        The model.
    encoder_output : torch.Tensor [shape=(1, frames / 2, width)]
        From `encode`, of one window.
    prompt, text : sequence of int
        The prompt, and what was written after it.

    Returns
    -------
    np.ndarray [shape=(len(text),)]
        As parts of the window, 0 to 1.

    Notebook: 02e_whisper
    """
    a = attention_weights(model, encoder_output, [*prompt, *text])[-1].mean(axis=0)  # (tokens, K)
    a = a[len(prompt) - 1 : -1]  # (len(text), K): the row before each token of the text
    steps = a.shape[1]
    times: FloatArray = a @ np.arange(steps) / steps
    return times


def decode(
    model: Any,
    encoder_output: torch.Tensor,
    prompt: Sequence[int],
    *,
    tokens: WhisperTokens,
    temperature: float = 0.0,
    rng: np.random.Generator | None = None,
) -> DecodingResult:
    """Decode one window, greedily or by sampling.

    At temperature T > 0 tokens are drawn with their `sampling_probabilities`. That is greedy decoding, too, of
    z_k / T + G_k with independent Gumbel noise G_k = −ln(−ln U_k) (E. J. Gumbel, 1954).

    Parameters
    ----------
    model : transformers.WhisperForConditionalGeneration
        The model.
    encoder_output : torch.Tensor [shape=(1, frames / 2, width)]
        From `encode`, of the window.
    prompt : sequence of int
        From `WhisperTokens.prompt`.
    tokens : WhisperTokens
        The special tokens.
    temperature : float
        T; 0 for the most probable token in each step.
    rng : np.random.Generator, optional
        Source of randomness; needed above temperature 0.

    Returns
    -------
    DecodingResult
        Tokens and how sure the decoder was of them.

    Raises
    ------
    AudioCourseError
        If the temperature is negative, or above 0 without a generator.

    Notebook: 02e_whisper
    """
    if temperature < 0 or (temperature > 0 and rng is None):
        raise AudioCourseError("A temperature is 0 or more, and above 0 tokens are drawn with a generator: pass rng.")
    steps = DecoderSteps(model, encoder_output)
    timestamps = tokens.no_timestamps not in prompt
    log_probabilities: list[FloatArray] = []  # one array [shape=(vocabulary,)] per step

    def next_scores(so_far: list[int]) -> FloatArray:
        scores = allowed_scores(steps(so_far), so_far[len(prompt) :], tokens=tokens, timestamps=timestamps)
        log_probabilities.append(scores - np.logaddexp.reduce(scores))
        return scores if rng is None or temperature == 0 else scores / temperature + rng.gumbel(size=scores.size)

    max_new_tokens = model.config.max_target_positions - len(prompt)
    text = greedy_decode(next_scores, prompt, end=tokens.end, max_new_tokens=max_new_tokens)
    chosen = [*text, tokens.end][: len(log_probabilities)]
    ln_p = tuple(float(row[k]) for row, k in zip(log_probabilities, chosen, strict=True))
    return DecodingResult(tuple(text), ln_p)
