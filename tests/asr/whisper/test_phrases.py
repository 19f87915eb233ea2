"""Scores of phrases by Whisper: token by token as the decoder writes them, and the spoken phrase above others."""

from __future__ import annotations

import numpy as np
import pytest
from asr.tiny_whisper import tiny_whisper
from conftest import Refuses

from audiocourse import zoo
from audiocourse.asr.whisper.decoding import DecoderSteps, encode
from audiocourse.asr.whisper.features import WhisperFrontEnd, whisper_features
from audiocourse.asr.whisper.phrases import whisper_phrase_scores
from audiocourse.asr.whisper.tokens import WhisperTokens
from audiocourse.sounds import speakers

SR = 16_000


@pytest.mark.parametrize("texts", [["abc", "ab", "pong a mole"], ["abcd"]])
def test_they_are_the_sums_of_the_decoders_steps(texts: list[str]) -> None:
    loaded = tiny_whisper(seed=3)
    y = np.random.default_rng(1).normal(0, 0.1, SR).astype(np.float32)
    tokens = WhisperTokens.of(loaded.processor.tokenizer, loaded.model.generation_config)
    front = WhisperFrontEnd.of(loaded.processor.feature_extractor)
    encoder_output = encode(loaded.model, whisper_features(y, SR, front=front))
    expected = []
    for text in texts:
        ids = [*loaded.processor.tokenizer.encode(f" {text}", add_special_tokens=False), tokens.end]
        steps, read, total = DecoderSteps(loaded.model, encoder_output), tokens.prompt("en"), 0.0
        for token in ids:
            logits = np.asarray(steps(read), dtype=np.float64)
            total += logits[token] - np.logaddexp.reduce(logits)
            read = [*read, token]
        expected.append(total)
    found = whisper_phrase_scores(y, SR, texts, loaded=loaded)
    np.testing.assert_allclose(found, expected, atol=1e-3)  # 32-bit sums in another order


def test_what_was_spoken_is_more_likely_than_what_was_not() -> None:
    texts = ["The teacher opens the window.", "The teacher opens the garden.", "A doctor opens the window."]
    y = speakers("en", split="test")[0].say(texts[0], seed=1, sr=SR).y
    scores = whisper_phrase_scores(y, SR, [text.lower().rstrip(".") for text in texts], loaded=zoo.load("whisper-mini"))
    assert scores.argmax() == 0


def test_no_text_and_too_long_a_text_are_refused(refuses: Refuses) -> None:
    loaded = tiny_whisper()
    y = np.full(SR, 0.1, np.float32)
    with refuses("at least one text"):
        whisper_phrase_scores(y, SR, "abc", loaded=loaded)
    with refuses("tokens", "shorten"):
        whisper_phrase_scores(y, SR, ["a" * 100], loaded=loaded)
    with refuses("resample"):
        whisper_phrase_scores(y, 8_000, ["abc"], loaded=loaded)
