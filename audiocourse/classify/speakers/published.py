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


def is_installed() -> bool:
    """Whether the package can be found; it is not imported."""
    return find_spec(PACKAGE) is not None


def embed_published(y: FloatArray, sr: int) -> FloatArray:
    """Compute the embedding of a recording with the published encoder, pauses removed as its authors do.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal with speech of one speaker, at least 0.2 s; 1.6 s and more are better.
    sr : int
        Samples per second; 16 000.

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
    speech = package.preprocess_wav(np.clip(y, -1, 1), SR)  # louder, if soft; without long pauses
    if speech.size == 0:
        raise AudioCourseError("The detector of the published encoder finds no speech: pass a recording with a voice.")
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
