"""The Viterbi search: against all paths, and refused where the parts of the model do not fit."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray, viterbi_banded


def best_of_all_paths(emission: FloatArray, band: FloatArray, switch: FloatArray, floor: float) -> tuple[float, Any]:
    layers, positions, frames = emission.shape
    reach = len(band) // 2

    def step(a: int, b: int) -> float:
        (l1, q1), (l2, q2) = divmod(a, positions), divmod(b, positions)
        inside = abs(q1 - q2) <= reach
        return max(band[reach + q1 - q2, q2] + switch[l1, l2] if inside else -np.inf, floor)

    def value(path: tuple[int, ...]) -> float:
        heard = sum(emission[(*divmod(state, positions), m)] for m, state in enumerate(path))
        return float(heard + sum(step(a, b) for a, b in pairwise(path)))

    return max((value(path), path) for path in product(range(layers * positions), repeat=frames))


@pytest.mark.parametrize("floor", [-np.inf, -1.5])
@pytest.mark.parametrize(("layers", "positions", "reach"), [(1, 5, 1), (2, 3, 1), (1, 3, 4), (2, 3, 0), (3, 2, 1)])
def test_viterbi_finds_the_best_of_all_paths(
    layers: int, positions: int, reach: int, floor: float, rng: np.random.Generator
) -> None:
    for _ in range(3):
        emission = np.log(rng.random((layers, positions, 4)))
        band = np.log(rng.random((2 * reach + 1, positions)))
        arriving = np.arange(-reach, reach + 1)[:, None] + np.arange(positions)
        band[(arriving < 0) | (arriving >= positions)] = -np.inf
        switch = np.log(rng.random((layers, layers)))
        path = viterbi_banded(emission, log_band=band, log_switch=switch, log_floor=floor)
        assert tuple(path.tolist()) == best_of_all_paths(emission, band, switch, floor)[1]


def test_only_the_floor_lets_a_path_leave_the_band() -> None:
    with np.errstate(divide="ignore"):
        emission = np.log([[[1.0, 0.01, 0.01], [0.01, 0.01, 0.01], [0.01, 0.01, 0.01], [0.0, 0.01, 1.0]]])
    model: dict[str, Any] = {"log_band": np.zeros((3, 4)), "log_switch": np.zeros((1, 1))}
    near = np.diff(viterbi_banded(emission, **model))
    assert np.abs(near).max() <= 1
    assert viterbi_banded(emission, log_floor=-0.1, **model)[[0, -1]].tolist() == [0, 3]


def test_a_model_that_does_not_fit_together_is_refused(refuses: Any) -> None:
    emission, band, switch = np.zeros((2, 5, 3)), np.zeros((3, 5)), np.zeros((2, 2))
    with refuses("(layers, positions, frames)"):
        viterbi_banded(emission[0], log_band=band, log_switch=switch)
    with refuses("(layers, positions, frames)"):
        viterbi_banded(emission[:, :, :0], log_band=band, log_switch=switch)
    for wrong in (band[:2], band[:, :4], band[0]):
        with refuses("(2 · reach + 1, positions)"):
            viterbi_banded(emission, log_band=wrong, log_switch=switch)
    with refuses("(layers, layers)"):
        viterbi_banded(emission, log_band=band, log_switch=switch[:1])
    with refuses("NaN"):
        viterbi_banded(emission * np.nan, log_band=band, log_switch=switch)
    with refuses("infinity"):
        viterbi_banded(emission, log_band=band, log_switch=switch, log_floor=np.inf)
