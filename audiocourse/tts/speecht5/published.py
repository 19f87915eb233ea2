"""The published SpeechT5 as a voice: text and a speaker embedding in, sound out.

text → normalise → letters → encoder → decoder with the speaker embedding → log-mel (frames, 80) → HiFi-GAN → samples

A speaker embedding is an x-vector: 512 numbers of length 1, which a network that tells speakers apart computes from a
recording (`load_xvector`, `speaker_embedding`). SpeechT5 was trained with those of speechbrain/spkrec-xvect-voxceleb;
7,931 of them, of the speakers of CMU ARCTIC, are published as the data set Matthijs/cmu-arctic-xvectors. Random numbers
are not a voice.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from audiocourse.errors import AudioCourseError
from audiocourse.libraries import reason
from audiocourse.require import require_mono, require_seed
from audiocourse.signal import FloatArray
from audiocourse.tts.mel import MEL, MelSpectrogram, require_mel, require_rate
from audiocourse.tts.normalise import normalise
from audiocourse.zoo import Loaded, seeded
from audiocourse.zoo.inference import evaluating

XVECTOR = "speechbrain/spkrec-xvect-voxceleb"
_SHORTEST = 0.5  # seconds of reference audio; an x-vector averages over time
_SILENCE_DB = -60.0  # re full scale
_LENGTH_TOLERANCE = 1e-3  # of a normalised vector: 16-bit floats round to this


@dataclass(frozen=True)
class PublishedHifiGan:
    """microsoft/speecht5_hifigan as a vocoder: a `MelSpectrogram` in, frames · 256 samples out.

    Parameters
    ----------
    model
        A SpeechT5HifiGan of transformers: ``zoo.load("microsoft/speecht5_hifigan").model``.

    Raises
    ------
    AudioCourseError
        If it was built for another mel spectrogram than that of this chapter.

    Source: J. Kong, J. Kim, J. Bae, HiFi-GAN, NeurIPS 2020.

    Notebook: 03d_vocoders
    """

    model: Any

    def __post_init__(self) -> None:
        config = self.model.config
        built_for = (config.sampling_rate, math.prod(config.upsample_rates), config.model_in_dim)
        if built_for != (MEL.sr, MEL.hop_length, MEL.n_mels):
            sr, hop_length, n_mels = built_for
            raise AudioCourseError(
                f"This HiFi-GAN was built for {sr} Hz, hops of {hop_length} samples and {n_mels} bands instead of "
                f"{MEL.sr}, {MEL.hop_length} and {MEL.n_mels}: load microsoft/speecht5_hifigan."
            )

    def __call__(self, mel: MelSpectrogram) -> FloatArray:
        """Return sound at 16 kHz, (frames · 256,); an array is refused even if it is 80 x 80."""
        frames = require_mel(mel).frames  # (frames, 80)
        with evaluating(self.model) as device:
            y = self.model(torch.from_numpy(frames).float().to(device))
        samples: FloatArray = y.cpu().numpy().astype(np.float32)
        return samples


@dataclass(frozen=True)
class SpeechT5:
    """The published SpeechT5 with its vocoder.

    Parameters
    ----------
    model, processor
        SpeechT5ForTextToSpeech and SpeechT5Processor of transformers.
    vocoder : PublishedHifiGan
        From log-mel to sound.

    Examples
    --------
    ``SpeechT5.of(zoo.load("microsoft/speecht5_tts"), zoo.load("microsoft/speecht5_hifigan"))``, 640 MB from the Hub.

    Source: J. Ao et al., SpeechT5, ACL 2022, arXiv:2110.07205.

    Notebook: 03e_cloning
    """

    model: Any
    processor: Any
    vocoder: PublishedHifiGan

    @classmethod
    def of(cls, tts: Loaded, hifigan: Loaded) -> SpeechT5:
        """Combine what ``zoo.load`` returned for microsoft/speecht5_tts and microsoft/speecht5_hifigan."""
        for loaded, expected in ((tts, "SpeechT5ForTextToSpeech"), (hifigan, "SpeechT5HifiGan")):
            if type(loaded.model).__name__ != expected:
                raise AudioCourseError(
                    f"{loaded.card.name} is a {type(loaded.model).__name__}, not a {expected}: pass "
                    'zoo.load("microsoft/speecht5_tts") and zoo.load("microsoft/speecht5_hifigan").'
                )
        return cls(tts.model, tts.processor, PublishedHifiGan(hifigan.model))

    def synthesize(
        self, text: str, speaker: FloatArray, *, seed: int = 0, max_frames_per_letter: float = 20.0
    ) -> tuple[FloatArray, int]:
        """Read a text with the voice of a speaker embedding.

        The text is normalised and cut into pieces that the model can hold (600 letters as published), at the ends of
        sentences first and at commas where a sentence is too long.

        Parameters
        ----------
        text : str
            English, of any length.
        speaker : np.ndarray [shape=(512,)]
            Speaker embedding, an x-vector of length 1.
        seed : int
            The decoder's pre-net drops half of its units even here, as that of Tacotron 2: another seed reads the
            same text a little differently.
        max_frames_per_letter : float
            After so many frames per letter a piece ends, whether or not the stop token has come.

        Returns
        -------
        y : np.ndarray [shape=(samples,)]
            float32 in [-1, 1]; samples = 256 · frames.
        sr : int
            16 000.

        Raises
        ------
        AudioCourseError
            If the text cannot be said, a clause is too long, or the embedding is not a normalised vector.

        Notebook: 03e_cloning
        """
        mels = self.predict(text, speaker, seed=seed, max_frames_per_letter=max_frames_per_letter)
        return np.concatenate([self.vocoder(mel) for mel in mels]), MEL.sr

    def predict(
        self, text: str, speaker: FloatArray, *, seed: int = 0, max_frames_per_letter: float = 20.0
    ) -> list[MelSpectrogram]:
        """Return the mel spectrograms that `synthesize` turns into sound, one for each piece of the text.

        speaker : np.ndarray [shape=(512,)]
        """
        self._require_speaker(speaker)
        if not max_frames_per_letter > 0:
            raise AudioCourseError(f"max_frames_per_letter is {max_frames_per_letter!r}, but it must be above 0.")
        tokenizer = self.processor.tokenizer
        letters = _in_alphabet(normalise(text), tokenizer)
        pieces = list(_pieces(letters, self.model.config.max_text_positions - 2))  # the tokenizer adds an end, a blank
        with seeded(require_seed(seed)), evaluating(self.model) as device:
            embedding = torch.from_numpy(speaker[None]).float().to(device)  # (1, 512)
            frames = [self._frames(tokenizer(piece), embedding, max_frames_per_letter) for piece in pieces]
        return [MelSpectrogram.from_frames(each) for each in frames]

    def _frames(self, tokens: Any, embedding: torch.Tensor, max_frames_per_letter: float) -> FloatArray:
        """Predict the frames of one piece, (frames, 80), never more than the decoder has positions for."""
        ids = torch.tensor([tokens["input_ids"]], device=embedding.device)  # (1, letters)
        config = self.model.config
        positions = (config.max_speech_positions - 1) * config.reduction_factor
        ratio = min(max_frames_per_letter, positions / ids.shape[1])
        frames: FloatArray = self.model.generate_speech(ids, embedding, maxlenratio=ratio).cpu().numpy()
        return frames

    def _require_speaker(self, speaker: FloatArray) -> None:
        size = self.model.config.speaker_embedding_dim
        advice = f"compute it with speaker_embedding(y, sr, encoder=load_xvector()), whose vectors have {size} numbers"
        if not isinstance(speaker, np.ndarray) or speaker.shape != (size,) or speaker.dtype.kind != "f":
            kind = (
                f"an array of shape {np.shape(speaker)}" if isinstance(speaker, np.ndarray) else type(speaker).__name__
            )
            raise AudioCourseError(f"A speaker embedding is a float array ({size},), not {kind}: {advice}.")
        length = float(np.linalg.norm(speaker.astype(np.float64)))
        if not np.isfinite(length):
            raise AudioCourseError(f"The speaker embedding contains NaN or infinite values: {advice}.")
        if abs(length - 1) > _LENGTH_TOLERANCE:
            raise AudioCourseError(
                f"The speaker embedding has length {length:.3g} instead of 1, so it is not an x-vector as SpeechT5 was "
                f"trained with (random numbers are not a voice): {advice} and length 1."
            )


def load_xvector(source: str | Path = XVECTOR) -> Any:
    """Load the network whose speaker embeddings SpeechT5 was trained with.

    It needs the package speechbrain. The model is described by a file ``hyperparams.yaml`` that names the Python
    classes to build, so load a folder only if you trust where it comes from.

    Parameters
    ----------
    source : str or Path
        A name on the Hub (33 MB), or a folder with hyperparams.yaml and the files that it names.

    Returns
    -------
    speechbrain.inference.EncoderClassifier
        For `speaker_embedding`.

    Raises
    ------
    AudioCourseError
        If speechbrain is not installed, or the model cannot be loaded.

    Source: D. Snyder et al., X-vectors: robust DNN embeddings for speaker recognition, ICASSP 2018.

    Notebook: 03e_cloning
    """
    try:
        from speechbrain.inference.classifiers import EncoderClassifier
    except Exception as error:  # beside a torch that does not fit it raises AttributeError, OSError, …
        raise AudioCourseError(
            f"The x-vectors of SpeechT5 need the package speechbrain, which does not load ({reason(error)}): run "
            "`pip install speechbrain`, or pass an embedding that was computed elsewhere."
        ) from error
    folder = Path(source)
    if isinstance(source, Path) and not (folder / "hyperparams.yaml").is_file():
        raise AudioCourseError(f"There is no hyperparams.yaml in {folder}: pass the folder of a speechbrain model.")
    try:
        return EncoderClassifier.from_hparams(source=str(source), savedir=None)
    except Exception as error:
        raise AudioCourseError(
            f"The speaker encoder {source} cannot be loaded ({reason(error)}): check the network, or pass a folder "
            "that holds it."
        ) from error


def speaker_embedding(y: FloatArray, sr: int, *, encoder: Any) -> FloatArray:
    """Compute the x-vector of a recording, with length 1.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Speech of one person, mono, at least half a second; several seconds are better.
    sr : int
        16 000.
    encoder
        From `load_xvector`.

    Returns
    -------
    np.ndarray [shape=(512,)]
        float32.

    Raises
    ------
    AudioCourseError
        If the recording is not mono, too short, silent, or at another rate.

    Source: D. Snyder et al., X-vectors: robust DNN embeddings for speaker recognition, ICASSP 2018.

    Notebook: 03e_cloning
    """
    require_rate(sr)
    require_mono(y)
    if y.size < _SHORTEST * sr:
        raise AudioCourseError(
            f"The recording lasts {y.size / sr:.2f} s, too short for a voice: pass at least {_SHORTEST} s, better 5."
        )
    if 10 * np.log10(max(float(np.mean(np.square(y, dtype=np.float64))), 1e-20)) < _SILENCE_DB:
        raise AudioCourseError("The recording is silent, so it holds no voice: check the microphone and its level.")
    with seeded(0), torch.no_grad():  # speechbrain adds a little noise where it averages over time
        vector = encoder.encode_batch(torch.from_numpy(y)[None]).reshape(-1)
        embedding: FloatArray = torch.nn.functional.normalize(vector, dim=0).cpu().numpy().astype(np.float32)
    return embedding


def _in_alphabet(text: str, tokenizer: Any) -> str:
    """Write a text in the letters that the tokenizer knows: without accents or capitals where it lacks them."""

    def has_sign(character: str) -> bool:
        return character.isspace() or tokenizer.convert_tokens_to_ids(character) != tokenizer.unk_token_id

    def written(character: str) -> str:
        plain = unicodedata.normalize("NFKD", character)[0]
        choices = (character, character.lower(), plain, plain.lower())
        if found := next((each for each in choices if has_sign(each)), None):
            return found
        if character in "-,.?!'":
            return " " if character == "-" else ""
        raise AudioCourseError(f"This SpeechT5 has no sign for {character!r}: spell the word in plain English letters.")

    letters = {character: written(character) for character in set(text)}
    return " ".join("".join(letters[character] for character in text).split())


def _pieces(text: str, longest: int) -> Iterator[str]:
    """Cut a text after sentences, and a sentence that is longer than `longest` after commas."""
    for sentence in re.split(r"(?<=[.?!]) ", text):
        piece = ""
        for clause in [sentence] if len(sentence) <= longest else re.split(r"(?<=,) ", sentence):
            if len(clause) > longest:
                raise AudioCourseError(
                    f"{clause[:30]!r}… is a clause of {len(clause)} characters, but SpeechT5 holds {longest} at once: "
                    "divide it with a comma or a full stop."
                )
            if piece and len(piece) + 1 + len(clause) > longest:
                yield piece
                piece = ""
            piece = f"{piece} {clause}".strip()
        yield piece
