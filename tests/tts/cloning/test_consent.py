"""Consent: given by the phrase in the right voice, refused otherwise, with one sentence each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from audiocourse import zoo
from audiocourse.asr.ctc.from_scratch import ctc_forward
from audiocourse.asr.ctc.model import log_probabilities
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray
from audiocourse.sounds import normal_form, sentence, speaker
from audiocourse.tts.cloning.consent import (
    Consent,
    consent_phrase,
    decoy_phrases,
    fingerprint,
    phrase_margin,
    require_consent,
)
from audiocourse.tts.cloning.similarity import voice_similarity

SR = 16_000
PHRASE = consent_phrase(np.random.default_rng(3))


def ctc_phrase_scores(y: FloatArray, sr: int, texts: Sequence[str]) -> list[float]:
    """log p(text | y) with the bundled recogniser, which has never had the code words in its training."""
    net = zoo.load("ctc-mini").model
    symbols = {symbol: number for number, symbol in enumerate(net.symbols)}
    log_probs = log_probabilities(y, sr, model=net)
    return [ctc_forward(log_probs, [symbols[letter] for letter in normal_form(text, "en")]) for text in texts]


def consent(y: FloatArray, reference: FloatArray) -> Consent:
    return require_consent(
        y, SR, PHRASE, reference=reference, phrase_scores=ctc_phrase_scores, similarity=voice_similarity
    )


@pytest.fixture(scope="module")
def owner() -> tuple[FloatArray, FloatArray]:
    """The phrase, and something else as a reference, in the voice of one test speaker."""
    voice = speaker("dove-1", "en")
    other = sentence(np.random.default_rng(0), "en").text
    return voice.say(PHRASE, seed=1, sr=SR).y, voice.say(other, seed=2, sr=SR).y


def test_the_phrase_in_the_right_voice_is_consent(owner: tuple[FloatArray, FloatArray], tmp_path: Path) -> None:
    spoken, reference = owner
    given = consent(spoken, reference)
    assert given.covers(reference)
    assert not given.covers(spoken)
    given.save(tmp_path / "me.consent.json")
    stored = json.loads((tmp_path / "me.consent.json").read_text(encoding="utf-8"))
    assert Consent(**stored) == given
    assert set(stored) == {"phrase", "time", "margin", "similarity", "sha256"}


def test_another_phrase_is_refused(owner: tuple[FloatArray, FloatArray]) -> None:
    other = consent_phrase(np.random.default_rng(4))
    old_recording = speaker("dove-1", "en").say(other, seed=1, sr=SR).y
    with pytest.raises(AudioCourseError, match="does not hold the phrase"):
        consent(old_recording, owner[1])


def test_something_else_is_refused(owner: tuple[FloatArray, FloatArray]) -> None:
    with pytest.raises(AudioCourseError, match="does not hold the phrase"):
        consent(owner[1], owner[1])


def test_a_recording_too_short_for_the_phrase_is_refused_in_words(owner: tuple[FloatArray, FloatArray]) -> None:
    with pytest.raises(AudioCourseError, match="too short to hold the phrase"):
        consent(owner[0][: 3 * SR // 2], owner[1])


def test_another_speaker_is_refused(owner: tuple[FloatArray, FloatArray]) -> None:
    stranger = speaker("swift-2", "en").say(PHRASE, seed=1, sr=SR).y
    with pytest.raises(AudioCourseError, match="voice that read the phrase is not that of the reference"):
        require_consent(
            stranger,
            SR,
            PHRASE,
            reference=owner[1],
            phrase_scores=lambda _y, _sr, texts: [0.0, *[-20.0] * (len(texts) - 1)],
            similarity=voice_similarity,
        )


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.zeros(3 * SR, np.float32), "is silent"),
        (np.full(SR // 10, 0.1, np.float32), "lasts 0.1 s"),
        (np.full(3 * SR, np.nan, np.float32), "NaN"),
        (np.ones((2, 3 * SR), np.float32), "mono"),
    ],
)
def test_bad_recordings_are_one_sentence(y: FloatArray, message: str, owner: tuple[FloatArray, FloatArray]) -> None:
    with pytest.raises(AudioCourseError, match=message):
        consent(y, owner[1])
    with pytest.raises(AudioCourseError, match=message):
        consent(owner[0], y)


def test_phrases_are_new_each_time() -> None:
    phrases = {consent_phrase(np.random.default_rng(seed)) for seed in range(100)}
    assert len(phrases) > 95
    assert all(len(set(phrase.lower().rstrip(".").split(". ")[1].split(", "))) == 3 for phrase in phrases)


def test_decoys_differ_in_a_single_word() -> None:
    decoys = decoy_phrases(PHRASE)
    assert len(set(decoys)) == len(decoys) == 63
    words = PHRASE.lower().split()
    for decoy in decoys:
        assert sum(a != b for a, b in zip(words, decoy.lower().split(), strict=True)) == 1


def test_a_phrase_that_was_not_drawn_is_refused() -> None:
    for text in ("Good morning.", "I agree that this course clones my voice. Ladder, kitten, banana.", None):
        with pytest.raises(AudioCourseError, match="is not a consent phrase"):
            decoy_phrases(text)  # type: ignore[arg-type]


def test_the_likeliest_other_word_at_each_place_decides() -> None:
    assert phrase_margin(-10.0, np.array([[-30.0, -12.0], [-16.0, -50.0], [-9.0, -9.0]])) == pytest.approx(7 / 3)
    for scores in (np.zeros((3, 0)), np.array([[np.nan]]), np.zeros(63)):
        with pytest.raises(AudioCourseError, match="NaN, or are not one row"):
            phrase_margin(-1.0, scores)


def test_fingerprints_follow_the_samples() -> None:
    y = np.arange(4, dtype=np.float32)
    assert fingerprint(y) == fingerprint(y.astype(np.float64))
    assert fingerprint(y) != fingerprint(y[::-1])
