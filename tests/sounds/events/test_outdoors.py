"""Rain, helicopters, streets: drops, blades, cars."""

from typing import Any

import numpy as np
import pytest

from audiocourse.sounds.events.outdoors import helicopter, rain, street

SR = 16_000


def test_a_helicopter_swells_with_its_blades() -> None:
    right = 0
    for seed in range(10):
        y, parameters = helicopter(np.random.default_rng(seed), SR, 6.0)
        level = np.sqrt(np.mean(y[: y.size // 80 * 80].reshape(-1, 80) ** 2, axis=1))  # 200 values a second
        swell = np.abs(np.fft.rfft((level - level.mean()) * np.hanning(level.size), 4000))
        found = (120 + np.argmax(swell[120:700])) / 20  # 6 to 35 Hz
        right += abs(found - float(parameters["blades_per_second"])) < 1
    assert right >= 8  # where the tail rotor is loudest, its beats win


def test_hard_drops_stick_out() -> None:
    hard, crest = [], []
    for seed in range(20):
        y, parameters = rain(np.random.default_rng(seed), SR, 4.0)
        hard.append(np.log(float(parameters["drops_re_hiss"])))
        crest.append(np.log(np.max(np.abs(y)) / np.sqrt(np.mean(y**2))))
    assert np.corrcoef(hard, crest)[0, 1] > 0.6


def test_rain_goes_on() -> None:
    y, _ = rain(np.random.default_rng(1), SR, 6.0)
    assert 0.6 * 6 * SR <= y.size <= 6 * SR
    level = np.mean(y[SR : 3 * SR].reshape(-1, SR // 5) ** 2, axis=1)
    assert level.max() < 30 * level.min()


def test_a_street_is_dark_and_never_silent(level_db: Any) -> None:
    y = street(seconds=10, sr=SR, rng=np.random.default_rng(1), rms=0.05)
    power = np.abs(np.fft.rfft(y)) ** 2
    assert y.dtype == np.float32
    assert level_db(y) == pytest.approx(20 * np.log10(0.05), abs=0.01)
    assert power[: power.size // 8].sum() > 0.6 * power.sum()  # below 1000 Hz
    assert min(level_db(piece) for piece in y.reshape(20, -1)) > -50


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"seconds": 0}, ("seconds",)), ({"sr": 0}, ("sr",)), ({"rms": 2}, ("rms",)), ({"rng": 3}, ("default_rng",))],
)
def test_refusals(settings: Any, words: tuple[str, ...], refuses: Any, rng: np.random.Generator) -> None:
    with refuses(*words):
        street(**{"seconds": 1, "sr": SR, "rng": rng, **settings})
