"""How likely each of a few texts is for Whisper: its decoder reads a text instead of writing one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from audiocourse.asr.whisper.decoding import encode
from audiocourse.asr.whisper.features import WhisperFrontEnd, require_rate, whisper_features
from audiocourse.asr.whisper.tokens import WhisperTokens
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray
from audiocourse.zoo.inference import evaluating


def whisper_phrase_scores(
    y: FloatArray, sr: int, texts: Sequence[str], *, loaded: Any, language: str = "en"
) -> FloatArray:
    """Compute how likely each text is: the sum of the log-probabilities of its tokens and of the end.

    log p(text | y) = Σ_i log p(w_i | w_1 … w_(i − 1), y), with w the tokens of the text and the end of the transcript
    (teacher forcing).

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1], at most one window long (30 s for published checkpoints).
    sr : int
        Samples per second; 16 000.
    texts : sequence of str
        What may have been said, written as Whisper writes.
    loaded : Loaded
        Such as ``zoo.load("openai/whisper-base")``.
    language : str
        Such as ``en``.

    Returns
    -------
    np.ndarray [shape=(texts,)]
        log p in nats, float64.

    Raises
    ------
    AudioCourseError
        If there is no text, a text is too long for the decoder, y is not mono or too long, or the rate is another.

    Source: A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022, arXiv:2212.04356.

    Notebook: 03e_cloning
    """
    if isinstance(texts, str) or len(texts) == 0:
        raise AudioCourseError("texts must be a list with at least one text: pass [phrase, *decoy_phrases(phrase)].")
    tokenizer = loaded.processor.tokenizer
    tokens = WhisperTokens.of(tokenizer, loaded.model.generation_config)
    prompt = tokens.prompt(language)
    spelled = [[*tokenizer.encode(f" {text}", add_special_tokens=False), tokens.end] for text in texts]
    longest = loaded.model.config.max_target_positions - len(prompt)
    if max(map(len, spelled)) > longest:
        raise AudioCourseError(f"A text has more than {longest} tokens, which the decoder cannot hold: shorten it.")
    front = WhisperFrontEnd.of(loaded.processor.feature_extractor)
    require_rate(require_mono(y), sr, front=front)
    with evaluating(loaded.model):
        encoder_output = encode(loaded.model, whisper_features(y.astype(np.float32), sr, front=front))
        return _scores(loaded.model, encoder_output, prompt, spelled)


def _scores(
    model: Any, encoder_output: torch.Tensor, prompt: list[int], spelled: Sequence[Sequence[int]]
) -> FloatArray:
    """Score text by text, (texts,); the decoder's keys and values of the sound are the same for all of them."""
    from transformers import DynamicCache, EncoderDecoderCache

    sound = (encoder_output,)
    cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
    model(encoder_outputs=sound, decoder_input_ids=_row(prompt[:1], model), cache=cache, use_cache=True)
    scores = np.zeros(len(spelled))
    for number, text in enumerate(spelled):
        inputs = _row([*prompt, *text[:-1]], model)
        own = EncoderDecoderCache(DynamicCache(), cache.cross_attention_cache)
        logits = model(encoder_outputs=sound, decoder_input_ids=inputs, cache=own, use_cache=True).logits
        log_p = logits[0, len(prompt) - 1 :].double().log_softmax(dim=1).cpu().numpy()  # (tokens, vocabulary)
        scores[number] = log_p[np.arange(len(text)), text].sum()
    return scores


def _row(tokens: Sequence[int], model: Any) -> torch.Tensor:
    """Make a batch of one, (1, tokens)."""
    return torch.tensor([tokens], device=model.device)
