"""A published encoder, trained on thousands of real voices: Resemblyzer, an LSTM trained with GE2E.

Three LSTM layers of 256 and a linear layer, 1.4 million parameters, 17 MB, Apache-2.0, by C. Jemine after L. Wan et
al., ICASSP 2018, arXiv:1710.10467; trained on LibriSpeech and VoxCeleb. None of the 256 numbers of an embedding is
negative, so even different voices have similarities of 0.5 and more: a threshold of another encoder means nothing here.

The weights come with the package ``resemblyzer``, which the course does not need and does not install::

    pip install --no-deps resemblyzer

``--no-deps`` because the course brings what it needs (torch, librosa, webrtcvad) under newer names. Nothing is
substituted for it: without the package there is only ``speaker-mini``.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from audiocourse.classify.speakers.model import SR, require_speech
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray

PACKAGE = "resemblyzer"
LEVEL_DB = -30  # re full scale: softer recordings are amplified to it, as in training


def is_installed() -> bool:
    """Whether the package can be found; it is not imported."""
    return find_spec(PACKAGE) is not None


def embed_published(y: FloatArray, sr: int, *, remove_pauses: bool = True) -> FloatArray:
    """Compute the embedding of a recording with the published encoder.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal with speech of one speaker, at least 0.2 s; 1.6 s and more are better.
    sr : int
        Samples per second; 16 000.
    remove_pauses : bool
        As its authors do, with WebRTC's detector, which finds no speech in some short words: False for those.

    Returns
    -------
    np.ndarray [shape=(256,)]
        float32, of length 1; no number is negative.

    Raises
    ------
    AudioCourseError
        If the package is not installed or does not load, or y is not mono, too short, silent, not finite, at another
        rate, or without speech.
    """
    if sr != SR:
        raise AudioCourseError(f"The published encoder needs {SR} samples per second, not {sr}: resample the sound.")
    require_speech(y)
    package, encoder = _encoder()
    louder = package.normalize_volume(np.clip(y, -1, 1), LEVEL_DB, increase_only=True)
    speech = package.trim_long_silences(louder) if remove_pauses else louder
    if speech.size == 0:
        raise AudioCourseError(
            "No speech is found in the recording: pass a longer one, or remove_pauses=False for a short word."
        )
    embedding: FloatArray = encoder.embed_utterance(speech)
    return embedding


@cache
def _encoder() -> tuple[Any, Any]:
    """Load the package and its network, without what they print."""
    if not is_installed():
        raise AudioCourseError(
            f"The published encoder is in the package {PACKAGE}, which is not installed: pip install --no-deps "
            f"{PACKAGE}, or use zoo.load('speaker-mini')."
        )
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            package = import_module(PACKAGE)
            return package, package.VoiceEncoder("cpu", verbose=False)
    except Exception as error:
        raise AudioCourseError(
            f"The package {PACKAGE} does not load ({error}): use zoo.load('speaker-mini') in its place."
        ) from error
