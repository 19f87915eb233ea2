"""The µ-law: 256 codes, their middle, and steps that grow with the level."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses

from audiocourse import sounds
from audiocourse.tts.vocoders.mu_law import mu_law_decode, mu_law_encode


def test_every_code_survives_the_round_trip() -> None:
    codes = np.arange(256)
    np.testing.assert_array_equal(mu_law_encode(mu_law_decode(codes)), codes)


def test_it_is_the_companding_of_a_telephone(rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, 1000).astype(np.float32)
    # float32 against float64 inside: their last digit
    np.testing.assert_allclose(mu_law_decode(mu_law_encode(y)), sounds.mu_law(y), atol=1e-6)


@pytest.mark.parametrize("level", [0.9, 0.1, 0.01])
def test_the_error_is_a_share_of_the_level(level: float) -> None:
    y = np.linspace(level / 2, level, 500)
    error = np.abs(mu_law_decode(mu_law_encode(y)) - y).max()
    assert (
        error < 0.5 * level * np.log(256) * 2 / 255 + 0.5 * 2 * np.log(256) / 255**2
    )  # half a step, F′ = 1 / (ln 256 · (1/µ + y))


def test_what_passes_one_is_cut() -> None:
    np.testing.assert_array_equal(mu_law_encode(np.array([-3.0, 3.0])), [0, 255])


def test_refusals(refuses: Refuses) -> None:
    with refuses("mono"):
        mu_law_encode(np.zeros((2, 9)))
    with refuses("whole numbers"):
        mu_law_decode(np.zeros(3))
    with refuses("256"):
        mu_law_decode(np.array([3, 256]))
