"""Scenes: sentences with pauses in noise, with the ground truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, active_samples, clip_to, shift
from audiocourse.require import MAX_SECONDS, require_between, require_rng, sample_count
from audiocourse.signal import FloatArray
from audiocourse.sounds.acoustics.mix import Mix, at_level, mix
from audiocourse.sounds.acoustics.noise import COLORS, babble, hum, keyboard_clicks
from audiocourse.sounds.acoustics.noise import noise as colored_noise
from audiocourse.sounds.acoustics.room import reverberate, room_impulse_response
from audiocourse.sounds.speech.scene_texts import SCENE_SENTENCES, SCENE_VOICES
from audiocourse.sounds.speech.synthesis import Speech, say

NOISES = (*COLORS, "babble", "hum", "keyboard", "none")
MIN_SCENE_SECONDS = 2.0  # seconds: room for the pause at the start and some speech

_SHORTEST_PAUSE = 0.3


@dataclass(frozen=True, eq=False)
class Scene:
    """Speakers one after the other in noise, and the ground truth.

    y = clean + noise

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The recording, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    clean, noise : np.ndarray [shape=(samples,)]
        The reverberant speech, and the noise added to it.
    snr_db : float
        Power of clean re that of noise over the samples with speech, in dB; infinite without noise.
    speech : list of Interval
        When someone speaks. Reverberation after that is not speech.
    words : list of Interval
        Each word with its label; the scene may end in the middle of the last.
    voices : list of str
        The voice of each sentence, in order.

    Notebook: 04a_voice_activity
    """

    y: FloatArray
    sr: int
    clean: FloatArray
    noise: FloatArray
    snr_db: float
    speech: list[Interval]
    words: list[Interval]
    voices: list[str]


def speech_with_pauses(
    *,
    rng: np.random.Generator,
    seconds: float = 10.0,
    sr: int = 16_000,
    snr_db: float = 10.0,
    noise: str = "pink",
    voices: Sequence[str] | None = None,
    rt60: float | None = None,
) -> Scene:
    """Synthesise a recording of everyday sentences with pauses between them, in noise.

    It begins with 1 to 1.5 s without speech, from which a detector can estimate the noise; the other pauses last 0.3
    to 1.5 s. Speech has −26 dB re full scale over the samples with speech, and the noise is added at snr_db over the
    same samples; where that would pass full scale, both are attenuated equally. The same seed gives the same
    sentences in any noise and room.

    Parameters
    ----------
    rng : np.random.Generator
        Source of all randomness.
    seconds : float
        Duration, at least 2.
    sr : int
        Sampling rate in Hz.
    snr_db : float
        Signal-to-noise ratio in dB; ignored without noise.
    noise : str
        white, pink, brown, blue, violet, babble, hum, keyboard or none.
    voices : sequence of str, optional
        Voices for `say`. If not given, `SCENE_VOICES`: 25 that fall silent with their last phone; f2 to f5, m2 and
        some others have an echo, which lasts up to 0.2 s after the end of what is marked as speech.
    rt60 : float, optional
        Reverberation time of the room in seconds; if not given, there is no room.

    Returns
    -------
    Scene
        The recording, its parts and the ground truth.

    Raises
    ------
    AudioCourseError
        If duration, rate, ratio, noise, a voice or the room is not possible.

    Examples
    --------
    >>> scene = speech_with_pauses(rng=np.random.default_rng(1), seconds=4)
    >>> scene.speech[0].start >= 1
    True
    >>> np.array_equal(scene.y, scene.clean + scene.noise)
    True

    Notebook: 04a_voice_activity
    """
    _require_scene(seconds, noise, voices)
    samples = sample_count(seconds, sr)
    speech_rng, room_rng, noise_rng = (np.random.default_rng(seed) for seed in require_rng(rng).integers(2**63, size=3))
    dry, utterances = _sentences(samples, sr, tuple(voices or SCENE_VOICES), speech_rng)
    end = samples / sr
    speech = clip_to((part for start, utterance in utterances for part in shift(utterance.speech, start)), end=end)
    words = clip_to((word for start, utterance in utterances for word in shift(utterance.words, start)), end=end)
    active = active_samples(speech, samples=samples, sr=sr)
    clean = dry if rt60 is None else reverberate(dry, room_impulse_response(rt60=rt60, sr=sr, rng=room_rng))
    clean = at_level(clean, active)
    mixed = _without_noise(clean)
    if noise != "none":
        mixed = mix(clean, _background(noise, samples / sr, sr, noise_rng), snr_db=snr_db, active=active)
    names = [utterance.voice for _, utterance in utterances]
    return Scene(mixed.y, sr, mixed.target, mixed.noise, mixed.snr_db, speech=speech, words=words, voices=names)


def _require_scene(seconds: float, noise: str, voices: Sequence[str] | None) -> None:
    """Refuse a scene too short for speech, an unknown noise, and voices that are not a list."""
    require_between("seconds", seconds, MIN_SCENE_SECONDS, MAX_SECONDS)
    if not isinstance(noise, str) or noise not in NOISES:
        raise AudioCourseError(f"There is no noise {noise!r}: choose one of {', '.join(NOISES)}.")
    if isinstance(voices, str) or (voices is not None and len(voices) == 0):
        raise AudioCourseError(f'voices is {voices!r}, but it must be a list such as ["en-us+m3"], with at least one.')


def _sentences(
    samples: int, sr: int, voices: Sequence[str], rng: np.random.Generator
) -> tuple[FloatArray, list[tuple[float, Speech]]]:
    """Synthesise sentences with pauses; return the sound, and each sentence with its start in seconds."""
    dry = np.zeros(samples, dtype=np.float32)
    utterances: list[tuple[float, Speech]] = []
    order = rng.permutation(len(SCENE_SENTENCES))
    begin = sr * rng.uniform(1.0, 1.5)
    while begin < samples - sr * _SHORTEST_PAUSE:
        utterance = _utterance(SCENE_SENTENCES[order[len(utterances) % len(order)]], sr, voices, rng)
        start = round(begin - sr * utterance.speech[0].start)
        dry[start : start + utterance.y.size] += utterance.y[: samples - start]
        utterances.append((start / sr, utterance))
        begin = start + sr * (utterance.speech[-1].end + rng.uniform(_SHORTEST_PAUSE, 1.5))
    return dry, utterances


def _utterance(text: str, sr: int, voices: Sequence[str], rng: np.random.Generator) -> Speech:
    """Synthesise a sentence by one of the voices, at the usual level of speech."""
    voice = str(voices[int(rng.integers(len(voices)))])
    seed = int(rng.integers(2**31))
    rate = rng.uniform(130, 190)
    pitch = rng.uniform(40, 60)
    speech = say(text, voice=voice, seed=seed, rate=rate, pitch=pitch, sr=sr)
    return replace(speech, y=at_level(speech.y, active_samples(speech.speech, samples=speech.y.size, sr=sr)))


def _background(noise: str, seconds: float, sr: int, rng: np.random.Generator) -> FloatArray:
    """Synthesise the noise of that name; `mix` scales it."""
    if noise == "babble":
        return babble(seconds=seconds, sr=sr, rng=rng)
    if noise == "hum":
        return hum(seconds=seconds, sr=sr, rng=rng)
    if noise == "keyboard":
        clicks, _ = keyboard_clicks(seconds=seconds, sr=sr, rng=rng)
        return clicks + colored_noise("pink", seconds=seconds, sr=sr, rng=rng, rms=0.003)  # no room is digitally silent
    return colored_noise(noise, seconds=seconds, sr=sr, rng=rng)


def _without_noise(clean: FloatArray) -> Mix:
    """Return speech alone as a mixture."""
    return Mix(clean, clean, np.zeros_like(clean), snr_db=np.inf, gain=1.0)
