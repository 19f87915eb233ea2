"""Voices for training and testing: many, none of them held out, the same each time."""

from __future__ import annotations

import numpy as np

from audiocourse.classify.voices import recorded, speaking, training_voice, utterances_of
from audiocourse.sounds import speakers


def test_training_voices_are_many_and_none_is_held_out() -> None:
    held_out = {speaker.voice.partition("+")[2] for speaker in speakers() if speaker.split != "train"}
    drawn = [training_voice(rng=np.random.default_rng(number)) for number in range(300)]
    timbres = {speaker.voice.partition("+")[2] for speaker in drawn}
    assert not timbres & held_out
    assert len(timbres) > 60
    assert len({(speaker.voice, speaker.tract, speaker.rate) for speaker in drawn}) == 300
    assert training_voice(rng=np.random.default_rng(4)) == drawn[4]


def test_a_voice_remains_in_another_language() -> None:
    speaker = training_voice(rng=np.random.default_rng(1))
    other = speaking(speaker, "it", rng=np.random.default_rng(2))
    assert other.language == "it"
    assert other.voice.partition("+")[2] == speaker.voice.partition("+")[2]
    assert (other.tract, other.pitch, other.rate) == (speaker.tract, speaker.pitch, speaker.rate)
    assert other.say("Buongiorno, signora.", seed=1).y.size > 8_000


def test_every_speaker_of_a_split_says_as_much() -> None:
    clean = utterances_of("validation", 1, share=0.0, seed=3)
    assert clean.names == [speaker.name for speaker in speakers(split="validation")]
    again = utterances_of("validation", 1, share=0.0, seed=3)
    assert all(np.array_equal(a, b) for a, b in zip(clean.sounds, again.sounds, strict=True))
    elsewhere = utterances_of("validation", 1, share=1.0, seed=3)
    assert not np.array_equal(clean.sounds[0][:8_000], elsewhere.sounds[0][:8_000])


def test_a_recording_elsewhere_lasts_as_long_or_longer() -> None:
    y = 0.1 * np.sin(np.arange(16_000) / 20).astype(np.float32)
    assert np.array_equal(recorded(y, rng=np.random.default_rng(1), share=0.0), y)
    for number in range(8):
        z = recorded(y, rng=np.random.default_rng(number), share=1.0)
        assert z.size >= y.size - 1
        assert np.abs(z).max() <= 1
