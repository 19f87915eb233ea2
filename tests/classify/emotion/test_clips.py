"""Features of a voice, and the clips: pitch as it is, actors apart, the same words in all emotions."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.classify.emotion.clips import NAMES, TEXTS, acted_clips, labels_of
from audiocourse.classify.emotion.features import FEATURES, neutral_reference, voice_features
from audiocourse.classify.emotion.from_scratch import require_disjoint_actors
from audiocourse.errors import AudioCourseError
from audiocourse.sounds import speakers

SR = 16_000


def tone(hertz: float) -> np.ndarray:
    """A second of a voice-like tone with ten harmonics."""
    t = np.arange(SR) / SR
    return sum(0.1 / k * np.sin(2 * np.pi * k * hertz * t) for k in range(1, 11)).astype(np.float32)


@pytest.mark.parametrize("hertz", [80.0, 150.0, 260.0, 420.0])
def test_the_pitch_of_a_tone_is_found_without_octave_errors(hertz: float) -> None:
    x = voice_features(tone(hertz), SR)
    assert x.shape == (26, len(FEATURES))
    assert x[3:-3, 0] == pytest.approx(12 * np.log2(hertz / 100), abs=0.6)  # lags are whole: 420 Hz is 38.1 samples
    assert x[3:-3, 1].max() < 0.15


def test_noise_is_noisy_and_has_no_pitch_of_its_own() -> None:
    x = voice_features(0.1 * np.random.default_rng(0).standard_normal(SR).astype(np.float32), SR)
    assert np.median(x[:, 1]) > 0.4


def test_the_absolute_level_is_not_a_feature() -> None:
    y = tone(150)
    assert voice_features(y, SR) == pytest.approx(voice_features(y / 4, SR), abs=0.1)  # the floor of the log-mel


@pytest.mark.parametrize("y", [np.zeros(SR, np.float32), tone(100)[:4000], np.stack([tone(100)] * 2)])
def test_what_is_silent_short_or_stereo_is_refused(y: np.ndarray) -> None:
    with pytest.raises(AudioCourseError):
        voice_features(y, SR)


def test_clips_have_the_same_words_in_all_emotions_and_actors_of_their_split() -> None:
    train = acted_clips("train", actors=2)
    test = acted_clips("test", actors=2)
    require_disjoint_actors([clip.actor for clip in train], [clip.actor for clip in test])
    assert labels_of(train).tolist() == 2 * list(range(len(NAMES)))
    assert {clip.actor for clip in test} <= {speaker.name for speaker in speakers("en", split="test")}
    for clips in (train, test):
        assert len({(clip.actor, clip.text) for clip in clips}) == 2
        assert all(clip.text in TEXTS for clip in clips)
    again = acted_clips("train", actors=2)
    assert np.array_equal(train[5].features, again[5].features)


def test_a_take_is_the_same_sentence_spoken_again() -> None:
    clips = acted_clips("test", actors=1, emotions=("happy",), per_emotion=2, takes=2)
    assert [clip.text == clips[0].text for clip in clips] == [True, True, False, False]
    assert not np.array_equal(clips[0].y[:8000], clips[1].y[:8000])


def test_features_are_relative_to_the_neutral_speech_of_the_actor() -> None:
    clips = acted_clips("test", actors=2, emotions=("neutral", "fearful"))
    for clip in clips:
        reference = clip.raw_features - clip.features
        assert reference == pytest.approx(np.broadcast_to(reference[0], reference.shape), abs=1e-3)
    pitch = {clip.emotion: clip.features[:, 0].mean() for clip in clips[:2]}
    assert abs(pitch["neutral"]) < 2
    assert pitch["fearful"] > 2


def test_a_reference_is_the_mean_over_frames() -> None:
    assert neutral_reference(tone(200), SR) == pytest.approx(voice_features(tone(200), SR).mean(axis=0))


@pytest.mark.parametrize("options", [{"actors": 19}, {"per_emotion": 0}, {"seed": -1}, {"actors": 0}])
def test_impossible_casts_are_refused(options: dict) -> None:
    with pytest.raises(AudioCourseError):
        acted_clips("test", **options)
