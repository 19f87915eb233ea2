"""The telephone that spells: what it plays can be measured back, when and which."""

from __future__ import annotations

import itertools

import numpy as np

from audiocourse.asr.practice.touch_tones import (
    KEYS,
    LETTERS,
    TONE_SR,
    TONES,
    frame_times,
    key_tone,
    tone_strengths,
    tone_word,
    with_neighbours,
)


def test_each_key_plays_its_two_tones_and_no_others() -> None:
    for letter, hz in KEYS.items():
        strengths = tone_strengths(key_tone(letter, 800)).max(axis=0)
        assert {TONES[i] for i in np.argsort(strengths)[-2:]} == set(hz)
        assert np.sort(strengths)[-2] > 3 * np.sort(strengths)[-3]


def test_letters_are_where_the_truth_says(rng: np.random.Generator) -> None:
    y, keys = tone_word("hello", rng)
    strengths, times = tone_strengths(y), frame_times(len(tone_strengths(y)))
    assert len(keys) == 5
    assert all(end == start for (_, end), (start, _) in itertools.pairwise(keys))
    for (start, end), letter in zip(keys, "hello", strict=True):
        within = strengths[(times > start) & (times < end)].mean(axis=0)
        assert {TONES[i] for i in np.argsort(within)[-2:]} == set(KEYS[letter])
    assert strengths[times < keys[0][0] - 0.02].max() < 0.3
    assert y.dtype == np.float32
    assert keys[-1][1] < y.size / TONE_SR


def test_words_and_letters_are_of_the_same_keys() -> None:
    assert set(LETTERS) == set(KEYS)
    assert {hz for pair in KEYS.values() for hz in pair} == set(TONES)


def test_neighbours_stand_beside_each_frame() -> None:
    frames = np.arange(8.0).reshape(4, 2)
    joined = with_neighbours(frames, around=1)
    assert joined.shape == (4, 7)
    np.testing.assert_array_equal(joined[1], [0, 1, 2, 3, 4, 5, 1])
    np.testing.assert_array_equal(joined[0], [0, 0, 0, 1, 2, 3, 1])
