"""Imports and calls that are slow the first time, done once before answers run.

The libraries of every notebook are imported at once. Others take seconds and half a gigabyte, or numba compiles them
when they are first called, up to ten seconds each: those are prepared when a notebook names them.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pkgutil
import re
import sys
from collections.abc import Callable, Collection
from importlib import import_module
from typing import Any

import numpy as np

from audiocourse.course import load_course

LIBRARIES = (
    "numpy",
    "scipy.fft",
    "scipy.signal",
    "scipy.ndimage",
    "scipy.stats",
    "librosa.beat",
    "librosa.effects",
    "librosa.feature",
    "librosa.filters",
    "librosa.onset",
    "matplotlib.pyplot",
    "sklearn.metrics",
    "soundfile",
    "webrtcvad",
    "IPython.core.inputtransformer2",
)
LARGE = ("torch", "torchaudio", "transformers")
_FRAMES = np.abs(np.sin(np.arange(120.0))).reshape(6, 20)


def _there_and_back(librosa: Any) -> None:
    for kind in (np.float32, np.float64):
        librosa.istft(librosa.stft(np.ones(256, dtype=kind), n_fft=64))


def _lpc(librosa: Any) -> None:
    for kind in (np.float32, np.float64):
        librosa.lpc(np.sin(np.arange(64.0)).astype(kind), order=4)


COMPILED: dict[
    str, Callable[[Any], object]
] = {  # names in a notebook, and a call that makes numba compile the code behind them
    r"istft|griffinlim|hpss|harmonic|percussive|time_stretch|pitch_shift": _there_and_back,
    r"viterbi\w*": lambda librosa: librosa.sequence.viterbi(np.full((2, 5), 0.5), np.full((2, 2), 0.5)),
    r"pyin": lambda librosa: librosa.pyin(np.sin(np.arange(4096) / 8), fmin=100, fmax=1000, sr=16_000),
    r"dtw": lambda librosa: librosa.sequence.dtw(_FRAMES, _FRAMES),
    r"rqa": lambda librosa: librosa.sequence.rqa(np.eye(5)),
    r"lpc": _lpc,
    r"stack_memory": lambda librosa: librosa.feature.stack_memory(_FRAMES),
    r"cqt|vqt|icqt": lambda librosa: librosa.cqt(np.sin(np.arange(16_000) / 8), sr=22_050),
    r"match_events": lambda librosa: librosa.util.match_events(np.arange(4.0), np.arange(4.0)),
}


def warm_up() -> None:
    """Import the libraries of all notebooks, so that no submission waits for them."""
    os.environ.setdefault("MPLBACKEND", "agg")
    for name in LIBRARIES:
        import_module(name)
    for room in (*load_course().rooms.shared, "learn"):  # those that answers use; inside the sandbox there are no files
        package = import_module(f"audiocourse.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)


def named_in(sources: str) -> list[str]:
    """List what `prepare` should prepare for a notebook with these sources: every name that occurs in them."""
    large = [name for name in LARGE if re.search(rf"\b{name}\b", sources)]
    large = list(dict.fromkeys(["torch", *large])) if large else []  # the others build on it
    called = [names for names in COMPILED if re.search(rf"\b({names})\b", sources)]
    return [*large, *(called if "librosa" in sources else [])]


def unprepared() -> list[str]:
    """List the large libraries that are installed and not loaded; as no cell names them, no cell may load them.

    What a task forbids in a library is replaced when a notebook is loaded, so the library must be loaded by then.
    """
    return [name for name in LARGE if name not in sys.modules and importlib.util.find_spec(name) is not None]


def prepare(names: Collection[str]) -> None:
    """Import large libraries and compile parts of librosa; errors are left to the answers that use them."""
    for name in names:
        with contextlib.suppress(Exception):
            if name in LARGE:
                import_module(name)
            elif name in COMPILED:
                COMPILED[name](import_module("librosa"))
