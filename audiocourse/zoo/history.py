"""What came of a training, epoch by epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from audiocourse.errors import AudioCourseError


@dataclass(frozen=True)
class Epoch:
    """What came of one epoch: mean training loss, what ``validate`` returned, and how long it took."""

    loss: float
    score: float | None
    seconds: float


@dataclass
class History:
    """What came of a training so far."""

    epochs: list[Epoch] = field(default_factory=list)

    @property
    def best(self) -> int | None:
        """The epoch with the lowest score, counted from 0; None without ``validate``."""
        scores = [epoch.score for epoch in self.epochs if epoch.score is not None]
        return scores.index(min(scores)) if scores else None

    def is_over(self, patience: int | None) -> bool:
        """Whether the last epochs brought nothing better; a run that is taken up again decides alike."""
        return patience is not None and self.best is not None and len(self.epochs) - 1 - self.best >= patience

    def last_line(self, epochs: int) -> str:
        """Describe the last epoch, and estimate how long the others will take at most.

        Examples
        --------
        >>> History([Epoch(0.5, score=0.25, seconds=2.0)]).last_line(4)
        'epoch 1 of 4: loss 0.5, score 0.25 (best), 6 s left'
        """
        done = len(self.epochs)
        last = self.epochs[-1]
        left = sum(epoch.seconds for epoch in self.epochs) / done * (epochs - done)
        time_left = f"{left / 60:.0f} min" if left >= 90 else f"{left:.0f} s"
        score = "" if last.score is None else f", score {last.score:.4g}{' (best)' if self.best == done - 1 else ''}"
        return f"epoch {done} of {epochs}: loss {last.loss:.4g}{score}, {time_left} left"


def require_finite(what: str, value: float, epoch: int) -> float:
    """Refuse a loss or score that is not finite, and return any other."""
    if math.isfinite(value):
        return value
    raise AudioCourseError(
        f"The {what} became {value} in epoch {epoch + 1}: look at the batches, or lower the learning rate."
    )
