"""One door to every synthesiser of the chapter: a text and, where the model can use it, a voice in; a sound out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_choice, require_seed
from audiocourse.tts.fastspeech.synthesizer import FastSpeechSynthesizer
from audiocourse.tts.mel import MEL, MelSpectrogram
from audiocourse.tts.normalise import normalise
from audiocourse.tts.text import phonemes, sentences
from audiocourse.tts.vocoders.griffin_lim import griffin_lim_vocode
from audiocourse.tts.vocoders.hifigan import hifigan_vocode
from audiocourse.zoo import load

Recording = tuple[FloatArray, int]  # samples and their rate
Vocode = Callable[[MelSpectrogram], FloatArray]

MODELS = ("fastspeech-mini", "tacotron-mini", "tacotron2-mini", "microsoft/speecht5_tts")
VOCODERS = ("griffin-lim", "hifigan-mini")


def synthesize(
    text: str,
    *,
    model: str | Path = "fastspeech-mini",
    reference: Recording | None = None,
    vocoder: str = "griffin-lim",
    seed: int = 0,
) -> Recording:
    """Speak a text with any synthesiser of the course.

    Parameters
    ----------
    text : str
        English; numbers and abbreviations are spelled out first.
    model : str or Path
        One of `MODELS`, or the folder of a Coqui TTS model.
    reference : (np.ndarray [shape=(samples,)], int), optional
        Someone speaking, and the rate: the voice to speak in. fastspeech-mini and SpeechT5 need it; the Tacotrons have
        one voice.
    vocoder : str
        One of `VOCODERS`, for the course's own models; published models bring their own.
    seed : int
        Of what is random: Griffin-Lim's first phases, the pre-net of models with attention.

    Returns
    -------
    y : np.ndarray [shape=(samples,)]
        The sound, float32 in [-1, 1].
    sr : int
        Its sampling rate in Hz.

    Raises
    ------
    AudioCourseError
        If there is no such model or vocoder, a reference is missing or cannot be used, or the text cannot be spoken.

    Notebook: 03e_cloning
    """
    require_seed(seed)
    if isinstance(model, Path):
        from audiocourse.tts.coqui.published import synthesize as coqui

        return coqui(text, model_folder=model, reference=reference, seed=seed)
    require_choice("model", model, MODELS)
    if model == "microsoft/speecht5_tts":
        return _speecht5(text, _required(reference, model), seed)
    vocode = vocoder_named(vocoder, seed=seed)
    if model == "fastspeech-mini":
        speaker = FastSpeechSynthesizer(load(model).model, vocode)  # type: ignore[arg-type]
        return speaker.clone(text, *_required(reference, model)).y, MEL.sr
    if reference is not None:
        raise AudioCourseError(f"{model} speaks in the one voice it was trained on: leave out the reference.")
    return _tacotron(text, model, vocode, seed), MEL.sr


def vocoder_named(name: str, *, seed: int = 0) -> Vocode:
    """Return a vocoder of the course, ready to use: one of `VOCODERS`."""
    require_choice("vocoder", name, VOCODERS)
    if name == "griffin-lim":
        return lambda mel: griffin_lim_vocode(mel, rng=np.random.default_rng(seed))
    return partial(hifigan_vocode, model=load(name).model)  # type: ignore[arg-type]


def _tacotron(text: str, name: str, vocode: Vocode, seed: int) -> FloatArray:
    """Speak sentence by sentence; a sentence that does not stop by itself is cut off by the network's own limit."""
    from audiocourse.tts.tacotron.decoding import synthesize_mel

    network: Any = load(name).model
    parts = [synthesize_mel(phonemes(part), model=network, seed=seed) for part in sentences(normalise(text))]
    return np.concatenate([vocode(part.mel) for part in parts])


def _speecht5(text: str, reference: Recording, seed: int) -> Recording:
    """Speak with the published model, in a voice described by the x-vector of a recording."""
    from audiocourse.tts.speecht5.published import SpeechT5, load_xvector, speaker_embedding

    published = SpeechT5.of(load("microsoft/speecht5_tts"), load("microsoft/speecht5_hifigan"))
    embedding = speaker_embedding(*reference, encoder=load_xvector())
    return published.synthesize(text, embedding, seed=seed)


def _required(reference: Recording | None, model: str) -> Recording:
    if reference is None:
        raise AudioCourseError(f"{model} needs a voice: pass reference=(y, sr), a recording of someone speaking.")
    return reference
