"""Voice activity detection against definitions, against libraries that nobody here wrote, and on made scenes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import webrtcvad
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.detection import DetectionErrorRate
from sklearn.metrics import roc_auc_score, roc_curve

from audiocourse import AudioCourseError, sounds
from audiocourse.classify.vad import from_scratch as vad
from audiocourse.intervals import Interval
from audiocourse.sounds.speech.dialogues import read_rttm

SR = 16_000


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def random_segments(generator: np.random.Generator, count: int) -> list[tuple[float, float]]:
    edges = np.cumsum(generator.uniform(0.05, 1.0, 2 * count))
    return [(float(start), float(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


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
    back = vad.frame_truth(segments, frames=500, frame_length=400, hop_length=160, sr=SR)
    np.testing.assert_array_equal(back, active)


def test_segments_stay_inside_the_recording() -> None:
    y = np.ones(16_123, dtype=np.float32)
    length, hop = vad.frame_sizes(SR)
    active = np.ones(1 + (y.size - length) // hop, dtype=bool)
    ((start, end),) = vad.to_segments(active, frame_length=length, hop_length=hop, sr=SR)
    assert 0 <= start < end <= y.size / SR


# Measures, against libraries ----------------------------------------------------------------------------------------


def test_segments_may_be_the_courses_own_intervals() -> None:
    (turns,) = read_rttm("SPEAKER a 1 0.0 2.0 <NA> <NA> anna").values()
    assert vad.detection_error(turns, [(0.5, 3.0)]) == vad.detection_error([(0.0, 2.0)], [Interval(0.5, 3.0)])
    grid = {"frames": 4, "frame_length": 8000, "hop_length": 8000, "sr": 16_000}
    assert vad.frame_truth(turns, **grid).all()


def test_detection_error_equals_pyannote() -> None:
    peer = DetectionErrorRate(collar=0.0, skip_overlap=False)
    for seed in range(20):
        reference, hypothesis = random_segments(rng(seed), 8), random_segments(rng(seed + 100), 9)
        annotations = []
        for segments in (reference, hypothesis):
            annotation = Annotation()
            for start, end in segments:
                annotation[Segment(start, end)] = "speech"
            annotations.append(annotation)
        everything = Timeline([Segment(0, 30)])
        detail = peer(*annotations, uem=everything, detailed=True)
        missed, false_alarm, error = vad.detection_error(reference, hypothesis)
        assert missed == pytest.approx(detail["miss"], abs=1e-6)
        assert false_alarm == pytest.approx(detail["false alarm"], abs=1e-6)
        assert error == pytest.approx(detail["detection error rate"], abs=1e-6)


@pytest.mark.parametrize("ties", [False, True])
def test_auc_equals_scikit_learn(ties: bool) -> None:
    truth = rng(6).random(1000) < 0.3
    score = truth + rng(7).normal(0, 1, 1000)
    score = np.round(score) if ties else score
    assert vad.roc_auc(truth, score) == pytest.approx(roc_auc_score(truth, score), abs=1e-9)


def test_roc_points_lie_on_the_curve_of_scikit_learn() -> None:
    truth = rng(8).random(500) < 0.3
    score = truth + rng(9).normal(0, 1, 500)
    false_alarms, hits, thresholds = roc_curve(truth, score, drop_intermediate=False)
    for expected, threshold in zip(zip(false_alarms, hits, strict=True), thresholds, strict=True):
        assert vad.roc_point(truth, score >= threshold) == pytest.approx(expected)


# WebRTC -------------------------------------------------------------------------------------------------------------


def test_webrtc_is_asked_frame_by_frame_and_the_last_one_too() -> None:
    scene = sounds.speech_with_pauses(rng=rng(1), seconds=3.0, sr=SR, snr_db=20.0, noise="pink")
    y = scene.y[: 480 * 50 + 123]
    got = vad.webrtc_decisions(y, SR, aggressiveness=2)
    assert got.size == 51
    detector = webrtcvad.Vad(2)
    pcm = np.round(np.clip(np.pad(y, (0, 480 - 123)), -1, 1) * 32767).astype("<i2")
    expected = [detector.is_speech(pcm[start : start + 480].tobytes(), SR) for start in range(0, pcm.size, 480)]
    np.testing.assert_array_equal(got, expected)


def test_loud_input_is_clipped_not_wrapped() -> None:
    t = np.arange(SR) / SR
    tone = (1.3 * np.sin(2 * np.pi * 200 * t)).astype(np.float32)
    clipped = vad.webrtc_decisions(np.clip(tone, -1, 1), SR, aggressiveness=1)
    np.testing.assert_array_equal(vad.webrtc_decisions(tone, SR, aggressiveness=1), clipped)


def test_what_fools_webrtc_is_on_record() -> None:
    """Contract S002-22: white noise and a 300 Hz tone are speech to it, digital silence is not."""
    noise = sounds.noise("white", seconds=2, sr=SR, rng=rng(), rms=0.1)
    assert vad.webrtc_decisions(noise, SR, aggressiveness=2).mean() > 0.9
    assert vad.webrtc_decisions(sounds.sine(300, seconds=2, sr=SR, peak=0.3), SR, aggressiveness=2).mean() > 0.9
    assert not vad.webrtc_decisions(np.zeros(SR, dtype=np.float32), SR).any()


@pytest.mark.parametrize("samples", [1, 479, 480, 481])
def test_any_length_is_classified_to_its_end(samples: int) -> None:
    assert vad.webrtc_decisions(np.zeros(samples, dtype=np.float32), SR).size == -(-samples // 480)


# The detectors on made scenes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("snr_db", "most"), [(20.0, 0.25), (10.0, 0.35)])
def test_adaptive_vad_on_synthetic_scenes(snr_db: float, most: float) -> None:
    """Bounds are well above what was measured (see the table in ex05_vad) and well below always-yes (about 0.9)."""
    errors = []
    for seed in range(4):
        scene = sounds.speech_with_pauses(rng=rng(seed), seconds=8.0, sr=SR, snr_db=snr_db, noise="pink")
        truth = [(part.start, part.end) for part in scene.speech]
        errors.append(vad.detection_error(truth, vad.adaptive_vad(scene.y, SR))[2])
    assert np.mean(errors) < most


def test_an_offset_changes_nothing() -> None:
    scene = sounds.speech_with_pauses(rng=rng(3), seconds=5.0, sr=SR, snr_db=20.0, noise="pink")
    with_offset = vad.adaptive_vad(scene.y + np.float32(0.1), SR)
    np.testing.assert_allclose(with_offset, vad.adaptive_vad(scene.y, SR), atol=0.011)  # one hop, by rounding


@pytest.mark.parametrize("detect", [vad.adaptive_vad, vad.webrtc_vad])
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
        if name == "hysteresis" and detect is vad.webrtc_vad:
            continue
        with monkeypatch.context() as patched:
            patched.setattr(vad, name, without)
            assert found() != whole, f"{name} makes no difference"
    with monkeypatch.context() as patched:
        patched.setattr(vad, "smooth_decisions", stages["smooth_decisions"])
        assert sum(map(len, found())) > sum(map(len, whole))


def test_webrtc_segments_end_with_the_recording() -> None:
    scene = sounds.speech_with_pauses(rng=rng(7), seconds=6.0, sr=SR, snr_db=20.0, noise="pink")
    spoken = scene.speech[0]
    y = scene.y[: round((spoken.end - 0.2) * SR) + 37]
    assert vad.webrtc_vad(y, SR)[-1][1] == y.size / SR


def test_stages_leave_their_input_alone() -> None:
    active = rng(4).random(200) < 0.4
    kept = active.copy()
    vad.hangover(active, frames=3)
    vad.smooth_decisions(active, min_speech=4, min_silence=4)
    np.testing.assert_array_equal(active, kept)


def test_the_score_of_webrtc_counts_its_modes() -> None:
    scene = sounds.speech_with_pauses(rng=rng(1), seconds=3.0, sr=SR, snr_db=10.0, noise="pink")
    votes = sum(vad.webrtc_decisions(scene.y, SR, aggressiveness=mode, frame_ms=10).astype(int) for mode in range(4))
    np.testing.assert_array_equal(vad.webrtc_score(scene.y, SR), votes)


def test_gain_changes_nothing_for_the_adaptive_detector() -> None:
    scene = sounds.speech_with_pauses(rng=rng(3), seconds=5.0, sr=SR, snr_db=15.0, noise="pink")
    assert vad.adaptive_vad(scene.y, SR) == vad.adaptive_vad(scene.y / 8, SR)


def test_adaptive_score_survives_a_louder_room_better_than_level() -> None:
    scene = sounds.speech_with_pauses(rng=rng(8), seconds=12.0, sr=SR, snr_db=20.0, noise="pink")
    step = np.where(np.arange(scene.y.size) < 6 * SR, 1.0, 4.0).astype(np.float32)
    y = scene.clean + scene.noise * step
    level = vad.energy_score(y, SR)
    truth = vad.frame_truth(
        [(part.start, part.end) for part in scene.speech], frames=level.size, frame_length=400, hop_length=160, sr=SR
    )
    assert vad.roc_auc(truth, vad.adaptive_score(y, SR)) > vad.roc_auc(truth, level)


# Bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: vad.noise_floor_db(np.zeros((2, 3)), rise_db=1.0), "One finite number a frame"),
        (lambda: vad.noise_floor_db(np.array([np.nan]), rise_db=1.0), "One finite number a frame"),
        (lambda: vad.noise_floor_db(np.zeros(3), rise_db=-1.0), "cannot rise"),
        (lambda: vad.hysteresis(np.zeros(3), on=1.0, off=2.0), "on ≥ off"),
        (lambda: vad.hangover(np.zeros(3), frames=1), "dtype bool"),
        (lambda: vad.hangover(np.zeros(3, dtype=bool), frames=-1), "0 or more"),
        (lambda: vad.smooth_decisions(np.ones(3, dtype=int), min_speech=1, min_silence=1), "dtype bool"),
        (lambda: vad.to_segments(np.ones((2, 2), dtype=bool), frame_length=1, hop_length=1, sr=1), "dtype bool"),
        (lambda: vad.detection_error([], [(0.0, 1.0)]), "no speech in the reference"),
        (lambda: vad.detection_error([(1.0, 2.0), (0.0, 1.0)], []), "reference is out of order"),
        (lambda: vad.detection_error([(0.0, 1.0)], [(0.0, 2.0), (1.0, 3.0)]), "hypothesis is out of order"),
        (lambda: vad.roc_point(np.ones(3, dtype=bool), np.ones(3, dtype=bool)), "it takes both"),
        (lambda: vad.roc_auc(np.ones(3, dtype=bool), np.ones(4)), "as many entries"),
        (lambda: vad.roc_auc(np.array([True, False]), np.array([1.0, np.nan])), "One finite number a frame"),
        (lambda: vad.roc_point(np.array([True, False]), np.array([3.0, 6.0])), "dtype bool"),
        (lambda: vad.detection_error([(0.0, 1.0)], [(0.0, float("inf"))]), "hypothesis is out of order"),
        (lambda: vad.webrtc_decisions(np.zeros((2, 480), dtype=np.float32), SR), "to_mono"),
        (lambda: vad.webrtc_decisions(np.zeros(480, dtype=np.int16), SR), "int16"),
        (lambda: vad.webrtc_decisions(np.full(480, np.nan, dtype=np.float32), SR), "NaN"),
        (lambda: vad.webrtc_decisions(np.zeros(480, dtype=np.float32), 22_050), "not 22050; resample first"),
        (lambda: vad.webrtc_decisions(np.zeros(480, dtype=np.float32), SR, frame_ms=25), "10, 20 or 30 ms"),  # type: ignore[arg-type]
        (lambda: vad.adaptive_vad(np.zeros(100, dtype=np.float32), SR), "100 of the 400 samples needed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_one_sentence(call: object, words: str) -> None:
    with pytest.raises(AudioCourseError) as caught:
        call()  # type: ignore[operator]
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_float64_and_any_memory_order_give_the_same() -> None:
    scene = sounds.speech_with_pauses(rng=rng(2), seconds=3.0, sr=SR, snr_db=20.0, noise="pink")
    strided = np.repeat(scene.y, 2)[::2]
    assert vad.adaptive_vad(strided, SR) == vad.adaptive_vad(scene.y, SR)
    np.testing.assert_array_equal(vad.webrtc_decisions(scene.y.astype(float), SR), vad.webrtc_decisions(scene.y, SR))
