"""Right answers to the tasks of chapter 3d in other styles than the solution: tables, loops, recursion."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Array: TypeAlias = np.ndarray
Network: TypeAlias = Callable[[Array], tuple[Array, Array]]

# ---------------------------------------------------------------- 3d.1 µ-law


@alternative(task="mu_law_encode")
def by_a_table(y: Array) -> Array:
    edges = (2 * np.arange(0.5, 255) / 255) - 1  # between neighbouring codes, after the logarithm
    thresholds = np.copysign(((256.0 ** np.abs(edges)) - 1) / 255, edges)
    return np.searchsorted(thresholds, y, side="right")


@alternative(task="mu_law_encode")
def sample_by_sample(y: Array) -> Array:
    codes = []
    for sample in y.tolist():
        level = math.log(1 + 255 * min(abs(sample), 1.0), 256)
        codes.append(math.floor(127.5 + math.copysign(127.5 * level, sample) + 0.5))
    return np.array(codes, dtype=int)


@alternative(task="mu_law_encode")
def rounded(y: Array) -> Array:
    cut = np.clip(np.asarray(y, dtype=np.float64), -1, 1)
    compressed = np.log2(1 + 255 * np.abs(cut)) / 8
    compressed[cut < 0] *= -1
    return np.round(127.5 * (1 + compressed)).astype(np.uint8)


# ---------------------------------------------------------------- 3d.2 receptive field


@alternative(task="receptive_field")
def layer_by_layer(dilations: Sequence[int], kernel_size: int = 2) -> int:
    samples = 1
    for dilation in dilations:
        samples += (kernel_size - 1) * dilation
    return samples


@alternative(task="receptive_field")
def recursively(dilations: Sequence[int], kernel_size: int = 2) -> int:
    if not dilations:
        return 1
    return recursively(dilations[1:], kernel_size) + dilations[0] * (kernel_size - 1)


@alternative(task="receptive_field")
def by_the_oldest(dilations: Sequence[int], kernel_size: int = 2) -> int:
    oldest = 0
    for dilation in reversed(dilations):
        oldest = min(oldest - tap * dilation for tap in range(kernel_size))
    return len(range(oldest, 1))


# ---------------------------------------------------------------- 3d.3 coupling


@alternative(task="coupling_inverse")
def in_a_copy(y: Array, network: Network) -> Array:
    half = len(y) // 2
    x = np.array(y, dtype=float)
    log_scale, shift = network(y[:half])
    x[half:] -= shift
    x[half:] /= np.exp(log_scale)
    return x


@alternative(task="coupling_inverse")
def multiplied_out(y: Array, network: Network) -> Array:
    a, b = y[: len(y) // 2], y[len(y) // 2 :]
    log_scale, shift = network(a)
    inverse = 1 / np.exp(log_scale)
    return np.vstack([a, b * inverse - shift * inverse])
