"""Noise: slopes in dB per octave, exact levels, clicks where they are said to be, and always the same from a seed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray
from audiocourse.sounds import COLORS, babble, hum, keyboard_clicks, noise
from audiocourse.sounds.speech.scene_texts import SCENE_SENTENCES, SCENE_VOICES

SR = 16_000
OCTAVE_DB = 10 * np.log10(2)  # a factor of two in power
SLOPES = {"white": 0.0, "pink": -OCTAVE_DB, "brown": -2 * OCTAVE_DB, "blue": OCTAVE_DB, "violet": 2 * OCTAVE_DB}

KINDS: dict[str, Callable[..., FloatArray]] = {
    **{color: lambda color=color, **k: noise(color, **k) for color in COLORS},
    "hum": hum,
    "babble": babble,
    "keyboard": lambda **k: keyboard_clicks(**k)[0],
}
EACH = pytest.mark.parametrize("make", KINDS.values(), ids=list(KINDS))


@pytest.mark.parametrize("color", COLORS)
def test_slope(color: str, rng: np.random.Generator) -> None:
    y = noise(color, seconds=20, sr=SR, rng=rng)
    power = np.abs(np.fft.rfft(y.astype(np.float64))) ** 2
    hertz = np.fft.rfftfreq(y.size, 1 / SR)
    octaves = 62.5 * 2.0 ** np.arange(7)
    means = [10 * np.log10(np.mean(power[(hertz >= low) & (hertz < 2 * low)])) for low in octaves]
    assert np.polyfit(np.arange(7), means, 1)[0] == pytest.approx(SLOPES[color], abs=0.5)


@pytest.mark.parametrize("color", COLORS)
def test_nothing_below_20_hz(color: str, rng: np.random.Generator) -> None:
    spectrum = np.abs(np.fft.rfft(noise(color, seconds=4, sr=SR, rng=rng).astype(np.float64)))
    assert np.max(spectrum[:80]) < 1e-4 * np.max(spectrum)


@pytest.mark.parametrize("kind", [*COLORS, "hum", "babble"])
@pytest.mark.parametrize("rms", [0.02, 0.1])
def test_exact_rms(kind: str, rms: float, rng: np.random.Generator) -> None:
    y = KINDS[kind](seconds=1.5, sr=SR, rng=rng, rms=rms)
    assert np.sqrt(np.mean(np.square(y, dtype=np.float64))) == pytest.approx(rms, rel=1e-6)  # float32


@EACH
def test_the_seed_decides(make: Callable[..., FloatArray]) -> None:
    first, again, other = (make(seconds=0.7, sr=SR, rng=np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert first.shape == (round(0.7 * SR),)
    assert first.dtype == np.float32
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@EACH
def test_refusals(make: Callable[..., FloatArray], rng: np.random.Generator, refuses: Any) -> None:
    for seconds in (0, -1, float("nan"), "long"):
        with refuses("seconds"):
            make(seconds=seconds, sr=SR, rng=rng)
    with refuses("sr"):
        make(seconds=1, sr=0, rng=rng)
    for bad in (7, None, np.random.RandomState(1)):
        with refuses("np.random.default_rng(seed)"):
            make(seconds=1, sr=SR, rng=bad)


@pytest.mark.parametrize("kind", ["white", "hum", "babble"])
@pytest.mark.parametrize("rms", [-0.1, 1.5, float("nan")])
def test_rms_out_of_range(kind: str, rms: float, rng: np.random.Generator, refuses: Any) -> None:
    with refuses("rms"):
        KINDS[kind](seconds=1, sr=SR, rng=rng, rms=rms)


@pytest.mark.parametrize("color", ["grey", "", None, "White"])
def test_unknown_colour(color: Any, rng: np.random.Generator, refuses: Any) -> None:
    with refuses("colour", "white, pink, brown, blue, violet"):
        noise(color, seconds=1, sr=SR, rng=rng)


def test_too_short_for_any_sound(rng: np.random.Generator, refuses: Any) -> None:
    with refuses("20 Hz"):
        noise("white", seconds=1 / SR, sr=SR, rng=rng)


@pytest.mark.parametrize("mains", [50, 60])
def test_hum_is_the_mains_and_its_harmonics(mains: int, rng: np.random.Generator) -> None:
    spectrum = np.abs(np.fft.rfft(hum(seconds=1, sr=SR, rng=rng, mains=mains).astype(np.float64)))
    lines = mains * np.arange(1, 21)
    assert np.flatnonzero(spectrum > 1e-3 * spectrum.max()).tolist() == lines.tolist()
    assert spectrum[lines] / spectrum[mains] == pytest.approx(1 / np.arange(1, 21), abs=1e-4)


def test_hum_below_half_the_rate(rng: np.random.Generator, refuses: Any) -> None:
    spectrum = np.abs(np.fft.rfft(hum(seconds=1, sr=400, rng=rng)))
    assert np.flatnonzero(spectrum > 1e-3 * spectrum.max()).tolist() == [50, 100, 150]
    with refuses("mains"):
        hum(seconds=1, sr=400, rng=rng, mains=200)


def test_babble_grows_steadier_with_talkers() -> None:
    """One talker pauses, many do not: the level of 50 ms pieces varies less."""

    def spread(talkers: int) -> float:
        y = babble(seconds=4, sr=SR, rng=np.random.default_rng(3), talkers=talkers)
        return float(np.std(np.log(np.mean(np.square(y.reshape(-1, SR // 20)), axis=1) + 1e-9)))

    assert spread(1) > 1.5 * spread(4) > 1.5 * spread(16)


def test_babble_sounds_like_speech(rng: np.random.Generator) -> None:
    """Most of its power lies between 100 Hz and 4 kHz: 90 to 98 % over twelve seeds; of white noise, 49 %."""
    power = np.abs(np.fft.rfft(babble(seconds=3, sr=SR, rng=rng))) ** 2
    hertz = np.fft.rfftfreq(3 * SR, 1 / SR)
    assert np.sum(power[(hertz > 100) & (hertz < 4000)]) > 0.8 * np.sum(power)


@pytest.mark.parametrize("talkers", [0, 26, 2.0, True])
def test_a_number_of_talkers(talkers: Any, rng: np.random.Generator, refuses: Any) -> None:
    with refuses("talkers"):
        babble(seconds=1, sr=SR, rng=rng, talkers=talkers)


def test_clicks_are_where_they_are_said_to_be(rng: np.random.Generator) -> None:
    y, times = keyboard_clicks(seconds=20, sr=SR, rng=rng, per_second=4)
    assert np.max(np.abs(y)) == np.float32(0.5)
    assert np.all(np.diff(times) >= 0.06 - 1 / SR)
    assert 60 < times.size < 100  # 80 expected, ± 20 is more than two standard deviations of such gaps
    starts = np.round(times * SR).astype(int)
    for start in starts:
        around = np.max(np.abs(y[start : start + 80]))
        assert around > 0.02
    audible = np.zeros(y.size, dtype=bool)
    for start in starts:  # a key and its release, at most 120 ms later, and 15 ms each
        audible[start : start + round(0.135 * SR) + 1] = True
    assert not np.any(y[~audible])


def test_a_key_goes_down_even_in_a_short_time(rng: np.random.Generator) -> None:
    for _ in range(20):
        y, times = keyboard_clicks(seconds=0.05, sr=SR, rng=rng, per_second=0.1)
        assert times.size == 1
        assert y.any()


@pytest.mark.parametrize("per_second", [0, 16, float("nan")])
def test_keys_a_second(per_second: float, rng: np.random.Generator, refuses: Any) -> None:
    with refuses("per_second"):
        keyboard_clicks(seconds=1, sr=SR, rng=rng, per_second=per_second)


def test_the_script() -> None:
    assert len(set(SCENE_SENTENCES)) == len(SCENE_SENTENCES) >= 40
    assert len(set(SCENE_VOICES)) == len(SCENE_VOICES) >= 20
