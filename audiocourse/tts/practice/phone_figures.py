"""What the notebooks of chapter 3 draw again and again: a mel spectrogram, its symbols, and attention on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.intervals import Interval
from audiocourse.tts.mel import MEL, MelParameters, MelSpectrogram

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

_LOWEST = -4.0  # log₁₀ magnitude; what is softer is drawn as silence
_HIGHEST = 1.0
_NARROW = 0.035  # seconds; a label needs that much
_MOST_LABELS = 30  # symbols; more would cover each other


def draw_mel(axes: Axes, mel: MelSpectrogram) -> AxesImage:
    """Draw a mel spectrogram over seconds; frame m has its centre at m · H / sr."""
    hop = mel.parameters.hop_length / mel.parameters.sr
    frames = mel.values.shape[1]
    extent = (-hop / 2, (frames - 0.5) * hop, 0, len(mel.values))
    image = axes.imshow(mel.values, origin="lower", aspect="auto", extent=extent, vmin=_LOWEST, vmax=_HIGHEST)
    axes.set(xlabel="time (s)", ylabel="mel band")
    return image


def draw_phones(axes: Axes, phones: Sequence[Interval], *, y: float = 0.0, height: float = 1.0) -> None:
    """Draw a row of boxes from y to y + height, one for each phone, with its label where there is room."""
    for phone in phones:
        sides = [phone.start, phone.end, phone.end, phone.start, phone.start]
        axes.plot(sides, y + height * np.array([0, 0, 1, 1, 0]), color="C4", lw=0.7)
        if phone.end - phone.start >= _NARROW:
            middle = (phone.start + phone.end) / 2
            axes.text(middle, y + height / 2, phone.label, ha="center", va="center", fontsize=9)


def draw_attention(
    axes: Axes, attention: FloatArray, symbols: Sequence[str], *, reduction: int, parameters: MelParameters = MEL
) -> AxesImage:
    """Draw where a synthesiser looked while it wrote its frames: symbols, from bottom to top, over seconds; dark is 1.

    attention : [shape=(steps, symbols)]; step t covers its r = ``reduction`` frames, placed as `draw_mel` does.
    """
    hop = parameters.hop_length / parameters.sr
    steps, count = attention.shape
    extent = (-hop / 2, (steps * reduction - 0.5) * hop, -0.5, count - 0.5)
    image = axes.imshow(
        attention.T, origin="lower", aspect="auto", cmap="gray_r", vmin=0, vmax=1, extent=extent, interpolation="none"
    )
    axes.set(xlabel="time (s)", ylabel="symbol")
    if count <= _MOST_LABELS:
        axes.set_yticks(range(count), symbols, fontsize=7)
    return image


def with_durations(mel: MelSpectrogram, durations: IntArray, wanted: Sequence[int]) -> MelSpectrogram:
    """Stretch or squeeze the frames of each symbol until it lasts as many as wanted; a symbol without frames stays so.

    durations, wanted : [shape=(symbols,)], Σ durations = frames of mel.
    """
    ends = np.cumsum(durations)
    places: list[FloatArray] = [
        end - duration + (np.arange(target) + 0.5) * duration / target
        for end, duration, target in zip(ends, durations, wanted, strict=True)
        if duration and target
    ]
    columns = np.floor(np.concatenate(places)).astype(int)
    return MelSpectrogram(mel.values[:, columns], mel.parameters)
