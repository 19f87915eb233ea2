"""The small Whisper: its tokenizer, when its words are said, and sentences that are said again and again."""

from __future__ import annotations

import numpy as np
import pytest
from transformers import WhisperProcessor

from audiocourse import zoo
from audiocourse.asr.training.whisper_mini import texts_for_tokenizer
from audiocourse.asr.utterances import LANGUAGES, utterance
from audiocourse.asr.whisper.decoding import decode, encode, token_times
from audiocourse.asr.whisper.features import whisper_features
from audiocourse.asr.whisper.model import mini_processor
from audiocourse.asr.whisper.published import Whisper, transcribe

SR = 16_000


@pytest.fixture(scope="module")
def whisper() -> Whisper:
    return Whisper.of(zoo.load("whisper-mini"))


@pytest.fixture(scope="module")
def processor() -> WhisperProcessor:
    return mini_processor(texts_for_tokenizer(12), LANGUAGES)


def test_any_text_survives_its_tokens(processor: WhisperProcessor) -> None:
    for text in (" où est l'école", " für größere straßen", " 你好 zebra"):
        tokens = processor.tokenizer.encode(text, add_special_tokens=False)
        assert processor.tokenizer.decode(tokens) == text
    assert len(processor.tokenizer.encode(" the teacher", add_special_tokens=False)) <= 5, "frequent words are short"


def test_a_word_is_said_where_the_decoder_looks(whisper: Whisper) -> None:
    """Found from 0.1 s before its beginning to 0.1 s behind its end: a fifth of what joining windows allows."""
    spoken = utterance(np.random.default_rng(2), language="de", split="test")
    hidden = encode(whisper.model, whisper_features(spoken.y, SR, front=whisper.front))
    prompt = whisper.tokens.prompt("de")
    tokens = list(decode(whisper.model, hidden, prompt, tokens=whisper.tokens).tokens)
    times = token_times(whisper.model, hidden, prompt, tokens) * whisper.front.seconds
    number = [len(whisper.spell(tokens[: n + 1]).split()) for n in range(len(tokens))]
    found = [times[number.index(n + 1)] for n in range(len(spoken.words))]
    assert all(word.start - 0.1 < time < word.end + 0.1 for time, word in zip(found, spoken.words, strict=True))


@pytest.mark.parametrize("times", [3, 6])
def test_a_sentence_said_again_and_again_is_written_as_often(whisper: Whisper, times: int) -> None:
    """Joining by words alone finds 2 and 4: it takes the repetition for the overlap."""
    spoken = utterance(np.random.default_rng(2), language="de", split="test")
    y = np.tile(np.pad(spoken.y, (0, SR // 2)), times)
    assert transcribe(y, SR, whisper=whisper).text == " ".join([spoken.text] * times)
