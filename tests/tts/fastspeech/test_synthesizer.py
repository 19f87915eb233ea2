"""The bundled FastSpeech as a person uses it, and what a person can do wrong."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.signal import yin
from audiocourse.sounds import noise
from audiocourse.tts.fastspeech.reference import reference_frames
from audiocourse.tts.fastspeech.synthesizer import FastSpeechSynthesizer
from audiocourse.tts.mel import MEL, MelSpectrogram
from audiocourse.tts.synthesis import vocoder_named
from audiocourse.tts.utterances import SR, english_speakers, utterance
from audiocourse.zoo import load

BY_PITCH = sorted(english_speakers(split="held-out"), key=lambda speaker: speaker.f0)
LOW, HIGH = BY_PITCH[5], BY_PITCH[25]  # 91 and 237 Hz; Griffin-Lim loses the melody of still lower voices
TEXT = "Our neighbours mow their lawn in the morning."


@pytest.fixture(scope="module")
def synthesizer() -> FastSpeechSynthesizer:
    return FastSpeechSynthesizer(load("fastspeech-mini").model, vocoder_named("griffin-lim"))


@pytest.fixture(scope="module")
def voices(synthesizer: FastSpeechSynthesizer) -> list[np.ndarray]:
    recordings = [utterance(each, "Is there enough milk for everyone?", seed=1).speech.y for each in (LOW, HIGH)]
    return [synthesizer.voice_of(y, SR) for y in recordings]


def pitch(y: np.ndarray) -> float:
    return float(np.median(yin(y, sr=SR, fmin=60, fmax=500, frame_length=1024, hop_length=256)))


def test_a_cloned_voice_has_the_pitch_of_its_reference(
    synthesizer: FastSpeechSynthesizer, voices: list[np.ndarray]
) -> None:
    low, high = (pitch(synthesizer.synthesize(TEXT, voice).y) for voice in voices)
    assert abs(12 * np.log2(low / LOW.f0)) < 3, f"{low:.0f} Hz; the reference has {LOW.f0:.0f} Hz"
    assert abs(12 * np.log2(high / HIGH.f0)) < 3, f"{high:.0f} Hz; the reference has {HIGH.f0:.0f} Hz"


def test_the_level_of_a_reference_plays_no_part(synthesizer: FastSpeechSynthesizer) -> None:
    y = utterance(HIGH, "Is there enough milk for everyone?", seed=1).speech.y
    assert np.allclose(synthesizer.voice_of(y, SR), synthesizer.voice_of(0.1 * y, SR), atol=1e-4)


def test_a_clone_has_the_average_spectrum_of_its_reference(synthesizer: FastSpeechSynthesizer) -> None:
    y = utterance(LOW, "Is there enough milk for everyone?", seed=1).speech.y

    def distance(mel: MelSpectrogram) -> float:
        averages = [frames[frames.max(axis=1) > frames.max() - 1.5].mean(axis=0) for frames in (mel.frames, reference)]
        return float(np.abs(np.subtract(*averages)).mean())

    reference = reference_frames(y, SR)
    by_vector = synthesizer.synthesize(TEXT, synthesizer.voice_of(y, SR)).mel
    cloned = synthesizer.clone(TEXT, y, SR)
    assert distance(cloned.mel) < 0.6 * distance(by_vector)  # what is left are harmonics, which are not filtered


def test_rate_and_pitch_are_knobs(synthesizer: FastSpeechSynthesizer, voices: list[np.ndarray]) -> None:
    plain = synthesizer.synthesize(TEXT, voices[0])
    fast = synthesizer.synthesize(TEXT, voices[0], rate=1.5)
    high = synthesizer.synthesize(TEXT, voices[0], pitch_semitones=5)
    assert 0.55 < fast.y.size / plain.y.size < 0.8
    assert high.y.size == plain.y.size
    assert 2 < 12 * np.log2(pitch(high.y) / pitch(plain.y)) < 8


def test_durations_add_up_to_the_sound(synthesizer: FastSpeechSynthesizer, voices: list[np.ndarray]) -> None:
    spoken = synthesizer.synthesize("One. Two! Three?", voices[1])
    assert spoken.pronunciation.durations.sum() * MEL.hop_length == spoken.y.size
    assert [symbol for symbol in spoken.pronunciation.symbols if symbol in ".!?"] == [".", "!", "?"]


@pytest.mark.parametrize("text", ["", "   ", "!!!", "привет мир", "你好", "a" * 5_001])
def test_texts_that_cannot_be_spoken_are_refused(
    synthesizer: FastSpeechSynthesizer, voices: list[np.ndarray], text: str
) -> None:
    with pytest.raises(AudioCourseError):
        synthesizer.predict(text, voices[0])


@pytest.mark.parametrize("text", ["It costs $3.50 & 20% less!", "Hello 🙂", "naïve café", "e.g. Dr. Smith, 1999"])
def test_symbols_emoji_and_accents_are_spoken(
    synthesizer: FastSpeechSynthesizer, voices: list[np.ndarray], text: str
) -> None:
    mel, _ = synthesizer.predict(text, voices[0])
    assert mel.seconds > 0.5


@pytest.mark.parametrize(
    ("y", "says"),
    [
        (noise("pink", seconds=0.1, sr=SR, rng=np.random.default_rng(0)), "too short"),
        (np.zeros(2 * SR, dtype=np.float32), "silent"),
        (np.full(2 * SR, np.nan, dtype=np.float32), "NaN|finite"),
        (np.zeros((2, 2 * SR), dtype=np.float32), "mono"),
    ],
    ids=["0.1 s", "silence", "NaN", "stereo"],
)
def test_references_that_describe_no_voice_are_refused(
    synthesizer: FastSpeechSynthesizer, y: np.ndarray, says: str
) -> None:
    with pytest.raises(AudioCourseError, match=says):
        synthesizer.voice_of(y, SR)


def test_another_rate_another_voice_and_knobs_out_of_range_are_refused(
    synthesizer: FastSpeechSynthesizer, voices: list[np.ndarray]
) -> None:
    with pytest.raises(AudioCourseError, match="resample"):
        synthesizer.voice_of(np.ones(44_100, dtype=np.float32) / 10, 44_100)
    with pytest.raises(AudioCourseError, match="64 finite numbers"):
        synthesizer.predict(TEXT, voices[0][:8])
    for options in ({"rate": 0.0}, {"rate": 9.0}, {"pitch_semitones": 60.0}):
        with pytest.raises(AudioCourseError, match=next(iter(options))):
            synthesizer.predict(TEXT, voices[0], **options)
