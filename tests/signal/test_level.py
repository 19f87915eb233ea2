"""Levels: librosa's decibels, a physicist's rules of thumb, and no mixing up of power and amplitude."""

from typing import Any

import librosa
import numpy as np
import pytest

from audiocourse.signal import (
    amplitude_to_db,
    db_to_amplitude,
    db_to_power,
    frame,
    frame_level_db,
    peak_db,
    power_to_db,
    rms,
)


def test_decibels_equal_librosas(rng: np.random.Generator) -> None:
    power = rng.uniform(1e-8, 4, (40, 30))  # above librosa's amin and above our floor, where definitions could differ
    kept = {"top_db": None}
    np.testing.assert_allclose(power_to_db(power), librosa.power_to_db(power, **kept), rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        power_to_db(power, ref=0.25), librosa.power_to_db(power, ref=0.25, **kept), rtol=0, atol=1e-9
    )
    magnitude = np.sqrt(power)
    np.testing.assert_allclose(
        amplitude_to_db(magnitude, ref=3.0), librosa.amplitude_to_db(magnitude, ref=3.0, **kept), rtol=0, atol=1e-9
    )
    levels = rng.uniform(-90, 10, 50)
    np.testing.assert_allclose(db_to_power(levels), librosa.db_to_power(levels), rtol=1e-12)
    np.testing.assert_allclose(db_to_amplitude(levels), librosa.db_to_amplitude(levels), rtol=1e-12)


def test_power_and_amplitude_are_not_mixed_up(rng: np.random.Generator) -> None:
    assert power_to_db(0.1) == pytest.approx(-10)
    assert amplitude_to_db(0.1) == pytest.approx(-20)
    assert db_to_power(-20.0) == pytest.approx(0.01)
    assert db_to_amplitude(-20.0) == pytest.approx(0.1)
    amplitude = rng.uniform(1e-4, 1, 100)
    np.testing.assert_allclose(amplitude_to_db(amplitude), power_to_db(amplitude**2), rtol=0, atol=1e-9)
    assert np.all(np.abs(amplitude_to_db(amplitude) - power_to_db(amplitude)) > 1e-6)


def test_there_and_back(rng: np.random.Generator) -> None:
    levels = rng.uniform(-99, 20, 100)
    np.testing.assert_allclose(power_to_db(db_to_power(levels)), levels, rtol=0, atol=1e-9)
    np.testing.assert_allclose(amplitude_to_db(db_to_amplitude(levels)), levels, rtol=0, atol=1e-9)


@pytest.mark.parametrize("to_db", [power_to_db, amplitude_to_db])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floor_is_exact_and_dtype_kept(to_db: Any, dtype: type) -> None:
    values = np.array([0, 1e-30, 1], dtype)
    assert to_db(values).dtype == dtype
    assert to_db(values, ref=np.float64(1)).dtype == dtype
    np.testing.assert_array_equal(to_db(values), np.array([-100, -100, 0], dtype))
    assert to_db(values, floor_db=-400.0)[0] == -400  # float32 has no 1e-40, the floor must not depend on it
    assert to_db(values, floor_db=-20.0)[1] == -20


def test_numbers_give_numbers() -> None:
    for level in (power_to_db(0.5), amplitude_to_db(1), db_to_power(-3), db_to_amplitude(0.0)):
        assert isinstance(level, float)


@pytest.mark.parametrize("function", [power_to_db, amplitude_to_db, db_to_power, db_to_amplitude])
@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.array([1, 2]), ["dtype int64", "np.asarray"]),
        (np.array([1j]), ["dtype complex128", "np.abs"]),
        (1j, ["complex", "np.abs"]),
        ([1.0], ["list", "np.asarray"]),
        (True, ["bool"]),
        (np.array([1.0, np.nan]), ["NaN or infinite"]),
        (float("inf"), ["NaN or infinite"]),
    ],
)
def test_what_has_no_level_is_refused(function: Any, values: Any, words: list[str], refuses: Any) -> None:
    with refuses(*words):
        function(values)


def test_negative_values_and_references_are_refused(refuses: Any) -> None:
    with refuses("power_to_db", "never negative", "np.abs(x) ** 2"):
        power_to_db(np.array([-40.0, -20.0]))  # decibels handed over twice
    with refuses("amplitude_to_db", "never negative", "np.abs(x)"):
        amplitude_to_db(-0.5)
    for ref in (0.0, -1.0, np.nan, np.inf):
        with refuses("ref is", "positive"):
            amplitude_to_db(np.ones(3), ref=ref)


def test_rms_equals_librosas(rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, 22_050).astype(np.float32)
    ours = rms(frame(y, frame_length=2048, hop_length=512))
    theirs = librosa.feature.rms(y=y, frame_length=2048, hop_length=512, center=False)[0]
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)  # librosa sums in float32


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_levels_of_known_signals(dtype: type) -> None:
    t = np.arange(800) / 800
    sine, square, silence = np.sin(2 * np.pi * 7 * t), np.sign(np.sin(2 * np.pi * 8 * (t + 1e-4))), np.zeros(800)
    frames = np.stack([sine, square, 0.5 * sine, silence, np.full(800, 1e-9)], axis=1).astype(dtype)
    levels = frame_level_db(frames)
    assert levels.dtype == dtype
    np.testing.assert_allclose(levels, [-3.0103, 0, -9.0309, -100, -100], rtol=0, atol=1e-4)  # four decimals given
    np.testing.assert_allclose(rms(frames)[:3], [0.70711, 1, 0.35355], rtol=0, atol=1e-5)


def test_level_agrees_with_rms_and_layout(rng: np.random.Generator) -> None:
    frames = rng.uniform(-1, 1, (400, 30)).astype(np.float32)
    np.testing.assert_allclose(
        frame_level_db(frames), 20 * np.log10(rms(frames)), rtol=0, atol=1e-5
    )  # float32 of −5 dB
    np.testing.assert_array_equal(rms(np.asfortranarray(frames)), rms(frames))


def test_a_long_frame_keeps_its_digits() -> None:
    frames = np.full((1_000_000, 1), 0.1, np.float32)
    assert rms(frames)[0] == np.float32(0.1)  # summed in float32 this is off in the fourth digit


@pytest.mark.parametrize("function", [rms, frame_level_db])
def test_frames_are_required(function: Any, refuses: Any) -> None:
    with refuses("(frame_length, frames)", "frame(y"):
        function(np.zeros(400, np.float32))
    with refuses("dtype int16"):
        function(np.zeros((400, 2), np.int16))


def test_peak() -> None:
    assert peak_db(np.array([0.1, -0.5, 0.2], np.float32)) == pytest.approx(-6.0206, abs=1e-4)
    assert peak_db(np.array([[0.1, 0.1], [0.1, -2.0]])) == pytest.approx(6.0206, abs=1e-4)
    assert peak_db(np.zeros(5, np.float32)) == -100
    assert isinstance(peak_db(np.ones(1, np.float32)), float)


def test_peak_refuses_integers(refuses: Any) -> None:
    with refuses("dtype int16", "signal.from_pcm"):
        peak_db(np.array([-32_768, 0], np.int16))  # abs(-32768) wraps in int16
