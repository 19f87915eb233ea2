"""The small Whisper: its tokenizer, its prompts, its training on short windows."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import WhisperProcessor

from audiocourse.asr.material import LANGUAGES, SR, letters
from audiocourse.asr.recipes import texts_for_pieces, window_of
from audiocourse.asr.whisper_mini import (
    IGNORED,
    WhisperLearner,
    lesson,
    lesson_batch,
    lesson_loss,
    mini_model,
    mini_processor,
)
from audiocourse.zoo import seeded


@pytest.fixture(scope="module")
def processor() -> WhisperProcessor:
    return mini_processor(texts_for_pieces(), LANGUAGES)


@pytest.fixture(scope="module")
def learner(processor: WhisperProcessor) -> WhisperLearner:
    with seeded(4):
        return WhisperLearner(mini_model(processor, LANGUAGES)).eval()


def hiss(seconds: float, seed: int = 1) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(round(SR * seconds))).astype(np.float32)


def names(processor: WhisperProcessor, tokens: list[int]) -> list[str]:
    return [str(one) for one in processor.tokenizer.convert_ids_to_tokens(tokens)]


def test_any_text_survives_its_tokens(processor: WhisperProcessor) -> None:
    for text in (" où est l'école", " für größere straßen", " 你好 zebra"):
        tokens = processor.tokenizer.encode(text, add_special_tokens=False)
        assert processor.tokenizer.decode(tokens) == text
    assert len(processor.tokenizer.encode(" the teacher", add_special_tokens=False)) <= 5, "frequent words are short"


def test_what_the_decoder_reads_and_says(processor: WhisperProcessor) -> None:
    one = lesson(hiss(1.0), "the teacher", "en", processor=processor)
    assert names(processor, one.tokens[:4]) == ["<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>"]
    assert one.labels[:-1] == one.tokens[1:], "each label is the token after"
    assert names(processor, one.labels[-1:]) == ["<|endoftext|>"]
    assert "".join(letters()[letter] for letter in one.letters) == "the teacher"


def test_where_nobody_speaks_the_text_is_empty_whatever_the_prompt(processor: WhisperProcessor) -> None:
    one = lesson(hiss(1.0), "", "fr", processor=processor)
    assert names(processor, one.tokens)[1] == "<|fr|>"
    assert names(processor, [one.labels[0], one.labels[3]]) == ["<|nospeech|>", "<|endoftext|>"]
    assert one.labels[1:3] == [IGNORED, IGNORED]


def test_a_batch_is_padded_with_the_silence_of_the_extractor(processor: WhisperProcessor) -> None:
    lessons = [lesson(hiss(seconds), "the teacher", "en", processor=processor) for seconds in (1.0, 2.0)]
    batch = lesson_batch(lessons, 500)
    whole = processor.feature_extractor(hiss(1.0), sampling_rate=SR, return_tensors="pt")["input_features"][0]
    assert batch["features"].shape == (2, 80, 500)
    torch.testing.assert_close(batch["features"][0], whole, atol=2e-3, rtol=0)  # lessons are kept in float16


def test_the_encoder_is_whispers_own(processor: WhisperProcessor, learner: WhisperLearner) -> None:
    features = processor.feature_extractor(hiss(3.0), sampling_rate=SR, return_tensors="pt")["input_features"]
    with torch.no_grad():
        ours, theirs = learner.encode(features), learner.whisper.model.encoder(features).last_hidden_state
    torch.testing.assert_close(ours, theirs)


def test_the_loss_knows_the_text(processor: WhisperProcessor, learner: WhisperLearner) -> None:
    """Of a network whose last layer always says the same, the loss is that of saying it."""
    lessons = [lesson(hiss(1.0), "the teacher", "en", processor=processor)]
    batch = lesson_batch(lessons, 100)
    with torch.no_grad():
        loss = float(lesson_loss(learner, batch, share=0.0))
        said, _ = learner(batch["features"], batch["tokens"])
        chosen = said.log_softmax(dim=2).gather(2, batch["labels"][..., None])
    assert loss == pytest.approx(-float(chosen.mean()), rel=1e-5)


def test_a_window_holds_its_utterances() -> None:
    rng = np.random.default_rng(3)
    drawn = [window_of(frames, rng) for frames in (102, 300, 498) for _ in range(60)]
    assert all(window % 2 == 0 and window <= 500 for window in drawn)
    assert min(drawn[:60]) >= 102
    assert 500 in drawn
