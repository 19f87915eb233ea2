"""Voice activity detection by rules: its stages against their definitions, its detectors on synthetic scenes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from audiocourse import AudioCourseError, sounds
from audiocourse.classify import scoring
from audiocourse.classify.vad import from_scratch as vad
from audiocourse.classify.vad.webrtc import webrtc_vad

SR = 16_000


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


# The stages ---------------------------------------------------------------------------------------------------------


def test_floor_is_the_lowest_level_so_far_plus_the_rise_since() -> None:
    level = rng().normal(-40, 10, 200)
    m = np.arange(200)
    by_definition = [np.min(level[: k + 1] + 0.3 * (k - m[: k + 1])) for k in m]
    np.testing.assert_allclose(vad.noise_floor_db(level, rise_db=0.3), by_definition, atol=1e-9)


def test_floor_without_rise_is_the_running_minimum() -> None:
    level = rng().normal(-40, 10, 200)
    np.testing.assert_array_equal(vad.noise_floor_db(level, rise_db=0.0), np.minimum.accumulate(level))


def test_hysteresis_remembers_the_last_decisive_score() -> None:
    score = rng(1).normal(5, 3, 500)
    decisive = np.where(score >= 8, 1.0, np.where(score < 3, 0.0, np.nan))
    last = 0.0
    expected = []
    for value in decisive:
        last = last if np.isnan(value) else value
        expected.append(bool(last))
    np.testing.assert_array_equal(vad.hysteresis(score, on=8.0, off=3.0), expected)


def test_hysteresis_switches_less_often_than_a_threshold() -> None:
    score = 6 + rng(2).normal(0, 1.5, 1000)
    switches = [int(np.sum(np.diff(x))) for x in (score >= 6, vad.hysteresis(score, on=8.0, off=4.0))]
    assert switches[1] < switches[0] / 2


def test_hangover_is_a_dilation_to_the_right() -> None:
    from scipy.ndimage import binary_dilation

    active = rng(3).random(300) < 0.1
    for frames in (0, 1, 4, 500):
        structure = np.r_[np.zeros(frames), np.ones(frames + 1)].astype(bool)
        np.testing.assert_array_equal(vad.hangover(active, frames=frames), binary_dilation(active, structure))


def test_closing_gaps_then_dropping_bursts_is_a_closing_and_an_opening() -> None:
    from scipy.ndimage import binary_closing, binary_opening

    active = np.pad(rng(4).random(400) < 0.4, 20)
    closed = binary_closing(active, np.ones(4))  # closes gaps shorter than 4 frames
    expected = binary_opening(closed, np.ones(5))  # drops bursts shorter than 5 frames
    np.testing.assert_array_equal(vad.smooth_decisions(active, min_speech=5, min_silence=4), expected)


def test_segments_and_frame_truth_are_inverse() -> None:
    active = vad.smooth_decisions(rng(5).random(500) < 0.5, min_speech=3, min_silence=3)
    segments = vad.to_segments(active, frame_length=400, hop_length=160, sr=SR)
    back = scoring.frame_truth(segments, frames=500, frame_length=400, hop_length=160, sr=SR)
    np.testing.assert_array_equal(back, active)


def test_segments_stay_inside_the_recording() -> None:
    y = np.ones(16_123, dtype=np.float32)
    length, hop = vad.frame_sizes(SR)
    active = np.ones(1 + (y.size - length) // hop, dtype=bool)
    ((start, end),) = vad.to_segments(active, frame_length=length, hop_length=hop, sr=SR)
    assert 0 <= start < end <= y.size / SR


# The detectors on synthetic scenes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("snr_db", "most"), [(20.0, 0.25), (10.0, 0.35)])
def test_adaptive_vad_on_synthetic_scenes(snr_db: float, most: float) -> None:
    """Bounds are well above what was measured (see the table in ex05_vad) and well below always-yes (about 0.9)."""
    errors = []
    for seed in range(4):
        scene = sounds.speech_with_pauses(rng=rng(seed), seconds=8.0, sr=SR, snr_db=snr_db, noise="pink")
        truth = [(part.start, part.end) for part in scene.speech]
        errors.append(scoring.detection_error(truth, vad.adaptive_vad(scene.y, SR))[2])
    assert np.mean(errors) < most


def test_an_offset_changes_nothing() -> None:
    scene = sounds.speech_with_pauses(rng=rng(3), seconds=5.0, sr=SR, snr_db=20.0, noise="pink")
    with_offset = vad.adaptive_vad(scene.y + np.float32(0.1), SR)
    np.testing.assert_allclose(with_offset, vad.adaptive_vad(scene.y, SR), atol=0.011)  # one hop, by rounding


@pytest.mark.parametrize("detect", [vad.adaptive_vad, webrtc_vad])
def test_memory_keeps_a_detector_from_chattering(
    detect: Callable[..., list[tuple[float, float]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contract S002-22: bare decisions fall into many segments; each stage of memory must be at work."""
    scenes = [
        sounds.speech_with_pauses(rng=rng(seed), seconds=6.0, sr=SR, snr_db=10.0, noise="pink") for seed in range(3)
    ]

    def found() -> list[list[tuple[float, float]]]:
        return [detect(scene.y, SR) for scene in scenes]

    whole = found()
    assert sum(map(len, whole)) <= 2 * sum(len(scene.speech) for scene in scenes)
    assert all(end - start >= 0.1 - 1e-9 for segments in whole for start, end in segments)
    stages = {
        "hangover": lambda active, *, frames: active,  # noqa: ARG005
        "smooth_decisions": lambda active, *, min_speech, min_silence: active,  # noqa: ARG005
        "hysteresis": lambda score, *, on, off: score >= on,  # noqa: ARG005
    }
    for name, without in stages.items():
        if name == "hysteresis" and detect is webrtc_vad:
            continue
        with monkeypatch.context() as patched:
            patched.setattr(vad, name, without)
            assert found() != whole, f"{name} makes no difference"
    with monkeypatch.context() as patched:
        patched.setattr(vad, "smooth_decisions", stages["smooth_decisions"])
        assert sum(map(len, found())) > sum(map(len, whole))


def test_stages_leave_their_input_alone() -> None:
    active = rng(4).random(200) < 0.4
    kept = active.copy()
    vad.hangover(active, frames=3)
    vad.smooth_decisions(active, min_speech=4, min_silence=4)
    np.testing.assert_array_equal(active, kept)


def test_gain_changes_nothing_for_the_adaptive_detector() -> None:
    scene = sounds.speech_with_pauses(rng=rng(3), seconds=5.0, sr=SR, snr_db=15.0, noise="pink")
    assert vad.adaptive_vad(scene.y, SR) == vad.adaptive_vad(scene.y / 8, SR)


def test_adaptive_score_survives_a_louder_room_better_than_level() -> None:
    scene = sounds.speech_with_pauses(rng=rng(8), seconds=12.0, sr=SR, snr_db=20.0, noise="pink")
    step = np.where(np.arange(scene.y.size) < 6 * SR, 1.0, 4.0).astype(np.float32)
    y = scene.clean + scene.noise * step
    level = vad.energy_score(y, SR)
    truth = scoring.frame_truth(
        [(part.start, part.end) for part in scene.speech], frames=level.size, frame_length=400, hop_length=160, sr=SR
    )
    assert scoring.roc_auc(truth, vad.adaptive_score(y, SR)) > scoring.roc_auc(truth, level)


# Bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: vad.noise_floor_db(np.zeros((2, 3)), rise_db=1.0), "One finite number per frame"),
        (lambda: vad.noise_floor_db(np.array([np.nan]), rise_db=1.0), "One finite number per frame"),
        (lambda: vad.noise_floor_db(np.zeros(3), rise_db=-1.0), "cannot rise"),
        (lambda: vad.hysteresis(np.zeros(3), on=1.0, off=2.0), "on ≥ off"),
        (lambda: vad.hangover(np.zeros(3), frames=1), "dtype bool"),
        (lambda: vad.hangover(np.zeros(3, dtype=bool), frames=-1), "0 or more"),
        (lambda: vad.smooth_decisions(np.ones(3, dtype=int), min_speech=1, min_silence=1), "dtype bool"),
        (lambda: vad.to_segments(np.ones((2, 2), dtype=bool), frame_length=1, hop_length=1, sr=1), "dtype bool"),
        (lambda: vad.adaptive_vad(np.zeros(100, dtype=np.float32), SR), "100 of the 400 samples needed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_one_sentence(call: object, words: str) -> None:
    with pytest.raises(AudioCourseError) as caught:
        call()  # type: ignore[operator]
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_any_memory_order_gives_the_same() -> None:
    scene = sounds.speech_with_pauses(rng=rng(2), seconds=3.0, sr=SR, snr_db=20.0, noise="pink")
    strided = np.repeat(scene.y, 2)[::2]
    assert vad.adaptive_vad(strided, SR) == vad.adaptive_vad(scene.y, SR)
