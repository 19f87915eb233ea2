"""Rooms: the reverberation time that was asked for, measured in two ways, and sound that stays in time."""

from typing import Any

import numpy as np
import pytest

from audiocourse.sounds import measured_rt60, reverberate, room_impulse_response

SR = 16_000


@pytest.mark.parametrize("rt60", [0.1, 0.3, 0.8, 2.0])
@pytest.mark.parametrize("ratio", [-10.0, 6.0, 20.0])
def test_reverberation_time(rt60: float, ratio: float, rng: np.random.Generator) -> None:
    h = room_impulse_response(rt60=rt60, sr=SR, rng=rng, direct_to_reverberant_db=ratio)
    assert measured_rt60(h, SR) == pytest.approx(rt60, rel=0.1)


@pytest.mark.parametrize("rt60", [0.3, 1.0])
def test_the_level_itself_falls_by_60_db(rt60: float, rng: np.random.Generator) -> None:
    """Without Schroeder: a line through the level of 20 pieces."""
    h = room_impulse_response(rt60=rt60, sr=SR, rng=rng)[1:].astype(np.float64)
    pieces = h[: h.size // 20 * 20].reshape(20, -1)
    db = 10 * np.log10(np.mean(pieces**2, axis=1))
    assert -np.polyfit(np.arange(20) / 20, db, 1)[0] == pytest.approx(60, rel=0.1)


def test_measuring_knows_an_exact_decay() -> None:
    h = (10 ** (-3 * np.arange(SR) / SR / 0.5)).astype(np.float32)
    assert measured_rt60(h, SR) == pytest.approx(0.5, rel=0.005)


def test_measuring_skips_what_comes_before_the_direct_sound(rng: np.random.Generator) -> None:
    h = room_impulse_response(rt60=0.4, sr=SR, rng=rng)
    late = np.concatenate([np.zeros(700, np.float32), h])
    assert measured_rt60(late, SR) == measured_rt60(h, SR)


@pytest.mark.parametrize("ratio", [-6.0, 0.0, 6.0, 30.0])
def test_direct_to_reverberant_ratio(ratio: float, rng: np.random.Generator) -> None:
    h = room_impulse_response(rt60=0.5, sr=SR, rng=rng, direct_to_reverberant_db=ratio).astype(np.float64)
    assert h[0] == 1
    assert 10 * np.log10(h[0] ** 2 / np.sum(h[1:] ** 2)) == pytest.approx(ratio, abs=1e-3)


def test_the_seed_decides() -> None:
    first, again, other = (
        room_impulse_response(rt60=0.3, sr=SR, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert first.dtype == np.float32
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_convolution(dtype: Any, rng: np.random.Generator) -> None:
    y, h = rng.uniform(-1, 1, 500).astype(dtype), rng.uniform(-0.1, 0.1, 90).astype(dtype)
    h[0] = 1
    wet = reverberate(y, h)
    assert wet.dtype == dtype
    assert wet == pytest.approx(np.convolve(y, h)[:500], abs=1e-6)


def test_the_direct_sound_stays_where_it_was(rng: np.random.Generator) -> None:
    h = room_impulse_response(rt60=0.3, sr=SR, rng=rng)
    click = np.zeros(SR, np.float32)
    click[4000] = 1
    late = np.concatenate([np.zeros(123, np.float32), h])
    for response in (h, late):
        wet = reverberate(click, response)
        assert wet.shape == click.shape
        assert np.argmax(np.abs(wet)) == 4000
        assert np.max(np.abs(wet[:4000])) < 1e-7  # what is left of rounding in the FFT


def test_any_memory_layout(rng: np.random.Generator) -> None:
    y, h = rng.uniform(-1, 1, 1000), rng.uniform(-1, 1, 80)
    assert np.array_equal(reverberate(y[::2], h[::2]), reverberate(y[::2].copy(), h[::2].copy()))


@pytest.mark.parametrize("rt60", [0, -1, 0.01, 11, float("nan")])
def test_impossible_rooms(rt60: float, rng: np.random.Generator, refuses: Any) -> None:
    with refuses("rt60"):
        room_impulse_response(rt60=rt60, sr=SR, rng=rng)


def test_refusals(rng: np.random.Generator, refuses: Any) -> None:
    with refuses("sr"):
        room_impulse_response(rt60=0.3, sr=0, rng=rng)
    with refuses("direct_to_reverberant_db"):
        room_impulse_response(rt60=0.3, sr=SR, rng=rng, direct_to_reverberant_db=float("nan"))
    with refuses("default_rng"):
        room_impulse_response(rt60=0.3, sr=SR, rng=3)  # type: ignore[arg-type]
    with refuses("NaN"):
        reverberate(np.full(9, np.nan), np.ones(3))
    with refuses("empty"):
        reverberate(np.ones(9), np.ones(0))
    with refuses("mono"):
        reverberate(np.ones((2, 9)), np.ones(3))


def test_no_reverberation_to_measure(refuses: Any) -> None:
    with refuses("direct sound"):
        measured_rt60(np.eye(1, SR)[0], SR)
    with refuses("direct sound"):
        measured_rt60(np.ones(1), SR)
    with refuses("fit"):
        measured_rt60(np.concatenate([np.eye(1, 60)[0], [0.1]]), SR)
