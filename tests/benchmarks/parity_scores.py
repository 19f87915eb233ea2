"""The table of peers: how far each reference function is from one that nobody here wrote."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from audiocourse.learn.checking.registry import load_by_path

PEERS = Path(__file__).resolve().parents[1] / "parity"


def tables(data: Path | None = None) -> Iterator[str]:  # noqa: ARG001 (every board takes the folder of real recordings)
    """Yield one table of all rows in ``tests/parity``."""
    rows = [row for path in sorted(PEERS.glob("peers_*.py")) for row in load_by_path(path).PEERS]
    lines = ["Reference functions beside their peers: largest difference found, and what is allowed"]
    lines.append(f"{'function':<42} {'peer':<44} {'found':>8} {'allowed':>8}  unit")
    for function, peer, within, unit, difference in rows:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "n_fft=", UserWarning)  # librosa about signals shorter than a frame
            found = difference()
        lines.append(f"{function:<42} {peer:<44} {found:8.1g} {within:8.1g}  {unit}")
    yield "\n".join(lines)
