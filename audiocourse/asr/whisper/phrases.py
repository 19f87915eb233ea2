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

_AT_ONCE = 16  # texts in a batch


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
        parts = [
            _scores(loaded.model, encoder_output, prompt, spelled[start : start + _AT_ONCE])
            for start in range(0, len(spelled), _AT_ONCE)
        ]
    return np.concatenate(parts)


def _scores(
    model: Any, encoder_output: torch.Tensor, prompt: list[int], spelled: Sequence[Sequence[int]]
) -> FloatArray:
    """Score a few texts at once; what lies beyond the end of a shorter one does not count, (texts,)."""
    lengths = torch.tensor([len(text) for text in spelled])
    targets = torch.nn.utils.rnn.pad_sequence([torch.tensor(text) for text in spelled], batch_first=True)
    start = torch.tensor(prompt).expand(len(spelled), -1)
    inputs = torch.cat([start, targets[:, :-1]], dim=1).to(encoder_output.device)  # (texts, prompt + tokens - 1)
    states = (encoder_output.expand(len(spelled), -1, -1),)
    logits = model(encoder_outputs=states, decoder_input_ids=inputs).logits[:, len(prompt) - 1 :]
    log_p = logits.double().log_softmax(dim=2).cpu().gather(2, targets[..., None])[..., 0]  # (texts, tokens)
    real = torch.arange(targets.shape[1]) < lengths[:, None]
    scores: FloatArray = torch.where(real, log_p, 0.0).sum(dim=1).numpy()
    return scores
