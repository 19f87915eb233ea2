"""Drawings for the notebook on vocoders: which samples dilated convolutions read, a waveform folded into rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from audiocourse.arrays import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage


def draw_dilations(axes: Axes, dilations: Sequence[int], *, samples: int) -> None:
    """Draw layers of causal convolutions of two taps; what the newest output depends on is orange, the rest grey.

    The input samples are layer 0; `samples` of them are drawn, the newest at 0.
    """
    reached = {0}
    for layer in range(len(dilations), 0, -1):
        dilation = dilations[layer - 1]
        below = reached | {back + dilation for back in reached}
        for back in range(samples):
            axes.plot(-back, layer, "o", ms=3, color="C1" if back in reached else "C4")
        for back in reached:
            axes.plot([-back, -back], [layer, layer - 1], color="C1", lw=0.8)
            axes.plot([-back, -back - dilation], [layer, layer - 1], color="C1", lw=0.8)
        reached = below
    for back in range(samples):
        axes.plot(-back, 0, "o", ms=3, color="C1" if back in reached else "C4")
    axes.set(xlabel="sample (0 is the newest)", ylabel="layer")
    axes.set_xticks(range(-samples + samples % 4, 1, 4))
    axes.set_yticks(range(len(dilations) + 1))


def draw_folded(axes: Axes, y: FloatArray, *, width: int, rows: int) -> AxesImage:
    """Draw a waveform in rows of `width` samples, one under the other, as a period discriminator reads it.

    y : [shape=(samples,)], at least rows · width.
    """
    folded = y[: rows * width].reshape(rows, width)
    highest = np.abs(folded).max()
    image = axes.imshow(folded, aspect="auto", cmap="gray", vmin=-highest, vmax=highest, interpolation="nearest")
    axes.set(xlabel="sample within the row", ylabel="row")
    return image
