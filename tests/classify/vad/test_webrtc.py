"""WebRTC's detector: it is called as its library asks for, and what is known about it holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
import webrtcvad

from audiocourse import AudioCourseError, sounds
from audiocourse.classify.vad.webrtc import webrtc_decisions, webrtc_score, webrtc_vad

SR = 16_000


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_webrtc_is_asked_frame_by_frame_and_the_last_one_too() -> None:
    scene = sounds.speech_with_pauses(rng=rng(1), seconds=3.0, sr=SR, snr_db=20.0, noise="pink")
    y = scene.y[: 480 * 50 + 123]
    got = webrtc_decisions(y, SR, aggressiveness=2)
    assert got.size == 51
    detector = webrtcvad.Vad(2)
    pcm = np.round(np.clip(np.pad(y, (0, 480 - 123)), -1, 1) * 32767).astype("<i2")
    expected = [detector.is_speech(pcm[start : start + 480].tobytes(), SR) for start in range(0, pcm.size, 480)]
    np.testing.assert_array_equal(got, expected)


def test_loud_input_is_clipped_not_wrapped() -> None:
    t = np.arange(SR) / SR
    tone = (1.3 * np.sin(2 * np.pi * 200 * t)).astype(np.float32)
    clipped = webrtc_decisions(np.clip(tone, -1, 1), SR, aggressiveness=1)
    np.testing.assert_array_equal(webrtc_decisions(tone, SR, aggressiveness=1), clipped)


def test_what_fools_webrtc_is_on_record() -> None:
    """Contract S002-22: white noise and a 300 Hz tone are speech to it, digital silence is not."""
    noise = sounds.noise("white", seconds=2, sr=SR, rng=rng(), rms=0.1)
    assert webrtc_decisions(noise, SR, aggressiveness=2).mean() > 0.9
    assert webrtc_decisions(sounds.sine(300, seconds=2, sr=SR, peak=0.3), SR, aggressiveness=2).mean() > 0.9
    assert not webrtc_decisions(np.zeros(SR, dtype=np.float32), SR).any()


@pytest.mark.parametrize("samples", [1, 479, 480, 481])
def test_any_length_is_classified_to_its_end(samples: int) -> None:
    assert webrtc_decisions(np.zeros(samples, dtype=np.float32), SR).size == math.ceil(samples / 480)


def test_webrtc_segments_end_with_the_recording() -> None:
    scene = sounds.speech_with_pauses(rng=rng(7), seconds=6.0, sr=SR, snr_db=20.0, noise="pink")
    spoken = scene.speech[0]
    y = scene.y[: round((spoken.end - 0.2) * SR) + 37]
    assert webrtc_vad(y, SR)[-1][1] == y.size / SR


def test_the_score_of_webrtc_counts_its_modes() -> None:
    scene = sounds.speech_with_pauses(rng=rng(1), seconds=3.0, sr=SR, snr_db=10.0, noise="pink")
    yes_counts = sum(webrtc_decisions(scene.y, SR, aggressiveness=mode, frame_ms=10).astype(int) for mode in range(4))
    np.testing.assert_array_equal(webrtc_score(scene.y, SR), yes_counts)


def test_float64_gives_the_same() -> None:
    scene = sounds.speech_with_pauses(rng=rng(2), seconds=3.0, sr=SR, snr_db=20.0, noise="pink")
    np.testing.assert_array_equal(webrtc_decisions(scene.y.astype(float), SR), webrtc_decisions(scene.y, SR))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: webrtc_decisions(np.zeros((2, 480), dtype=np.float32), SR), "to_mono"),
        (lambda: webrtc_decisions(np.zeros(480, dtype=np.int16), SR), "int16"),
        (lambda: webrtc_decisions(np.full(480, np.nan, dtype=np.float32), SR), "NaN"),
        (lambda: webrtc_decisions(np.zeros(480, dtype=np.float32), 22_050), "not 22050; resample first"),
        (lambda: webrtc_decisions(np.zeros(480, dtype=np.float32), SR, frame_ms=25), "10, 20 or 30 ms"),  # type: ignore[arg-type]
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_one_sentence(call: object, words: str) -> None:
    with pytest.raises(AudioCourseError) as caught:
        call()  # type: ignore[operator]
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
