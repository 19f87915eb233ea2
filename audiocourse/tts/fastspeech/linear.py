"""FastSpeech without its non-linear parts: the order of the stages, small enough to compute by hand."""

from __future__ import annotations

from typing import TypedDict

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.tts.fastspeech.from_scratch import durations_at_rate, length_regulate


class LinearFastSpeech(TypedDict):
    """The weights of each stage.

    ``voice`` [shape=(hidden, voice_size)], ``duration`` and ``pitch`` [shape=(hidden,)], ``pitch_embedding``
    [shape=(hidden,)], ``mel`` [shape=(n_mels, hidden)].
    """

    voice: FloatArray
    duration: FloatArray
    pitch: FloatArray
    pitch_embedding: FloatArray
    mel: FloatArray


def conditioned_frames(
    encoded: FloatArray,
    voice: FloatArray,
    weights: LinearFastSpeech,
    *,
    rate: float = 1.0,
    pitch_shift: float = 0.0,
) -> FloatArray:
    """Speak a sentence in a voice: every stage of FastSpeech in its order, each of them linear.

    1. h[i] = x[i] + V v                        the voice is added to every symbol, before anything is predicted
    2. d[i] = max(1, round((e^(a · h[i]) − 1) / rate)), p[i] = b · h[i] + pitch_shift
    3. s[i] = h[i] + p[i] u                     the pitch becomes part of the state
    4. M = W regulate(s, d)                     each state repeated d[i] times, then turned into bands

    Parameters
    ----------
    encoded : np.ndarray [shape=(symbols, hidden)]
        x, the encoder's output.
    voice : np.ndarray [shape=(voice_size,)]
        v, a vector of length 1.
    weights : LinearFastSpeech
        V, a, b, u and W.
    rate : float
        2 speaks twice as fast.
    pitch_shift : float
        In octaves.

    Returns
    -------
    np.ndarray [shape=(frames, n_mels)]
        M, with frames = Σᵢ d[i].

    Raises
    ------
    AudioCourseError
        If encoded is not (symbols, hidden), or the voice has another size than V expects.

    Source: Y. Ren et al., FastSpeech 2, ICLR 2021.

    Notebook: ex02_voice_cloning
    """
    if encoded.ndim != 2 or voice.shape != (weights["voice"].shape[1],):
        raise AudioCourseError("encoded is (symbols, hidden) and voice (voice_size,): check their shapes.")
    states = encoded + weights["voice"] @ voice  # (symbols, hidden)
    durations = durations_at_rate(states @ weights["duration"], rate=rate)
    pitch = states @ weights["pitch"] + pitch_shift
    spoken = states + pitch[:, None] * weights["pitch_embedding"]
    return length_regulate(spoken, durations) @ weights["mel"].T
