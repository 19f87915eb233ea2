"""The small Whisper: its tokenizer."""

from __future__ import annotations

import pytest
from transformers import WhisperProcessor

from audiocourse.asr.material import LANGUAGES
from audiocourse.asr.recipes import texts_for_pieces
from audiocourse.asr.whisper_mini import mini_processor


@pytest.fixture(scope="module")
def processor() -> WhisperProcessor:
    return mini_processor(texts_for_pieces(), LANGUAGES)


def test_any_text_survives_its_tokens(processor: WhisperProcessor) -> None:
    for text in (" où est l'école", " für größere straßen", " 你好 zebra"):
        tokens = processor.tokenizer.encode(text, add_special_tokens=False)
        assert processor.tokenizer.decode(tokens) == text
    assert len(processor.tokenizer.encode(" the teacher", add_special_tokens=False)) <= 5, "frequent words are short"
