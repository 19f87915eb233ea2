"""From a text and a voice to speech: normalise, pronounce, predict all frames, vocode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between
from audiocourse.tts.cloning.equalising import match_long_term_spectrum
from audiocourse.tts.fastspeech.from_scratch import durations_at_rate
from audiocourse.tts.fastspeech.model import FastSpeech
from audiocourse.tts.fastspeech.reference import reference_frames
from audiocourse.tts.mel import MEL, MelSpectrogram
from audiocourse.tts.normalise import normalise
from audiocourse.tts.text import Pronunciation, phonemes, sentences, symbol_numbers
from audiocourse.zoo.inference import evaluating

PAUSE_FRAMES = 12  # of silence between sentences

Vocode = Callable[[MelSpectrogram], FloatArray]


@dataclass(frozen=True, eq=False)
class Synthesis:
    """What was spoken.

    ``y`` (samples,) at ``sr``; ``mel`` is what the vocoder got; ``pronunciation`` holds the symbols of all sentences
    and the frames of each.
    """

    y: FloatArray
    sr: int
    mel: MelSpectrogram
    pronunciation: Pronunciation


@dataclass(frozen=True, eq=False)
class FastSpeechSynthesizer:
    """A FastSpeech and a vocoder, ready to speak.

    Parameters
    ----------
    model : FastSpeech
        For example ``zoo.load("fastspeech-mini").model``.
    vocode : callable
        From a `MelSpectrogram` to samples.

    Notebook: 03c_fastspeech
    """

    model: FastSpeech
    vocode: Vocode

    def voice_of(self, y: FloatArray, sr: int) -> FloatArray:
        """Describe the voice of a recording.

        Parameters
        ----------
        y : np.ndarray [shape=(samples,)]
            Someone speaking, at least 0.8 s; several seconds describe a voice better.
        sr : int
            Its sampling rate, 16 000 Hz.

        Returns
        -------
        np.ndarray [shape=(voice_size,)]
            A vector of length 1.

        Raises
        ------
        AudioCourseError
            If the recording is too short, silent, not mono, not finite or at another rate.
        """
        frames = reference_frames(y, sr)
        with evaluating(self.model) as device:
            voice = self.model.reference_encoder(
                torch.from_numpy(frames)[None].to(device), torch.tensor([len(frames)], device=device)
            )
        result: FloatArray = voice[0].cpu().numpy()
        return result

    def predict(
        self, text: str, voice: FloatArray, *, rate: float = 1.0, pitch_semitones: float = 0.0
    ) -> tuple[MelSpectrogram, Pronunciation]:
        """Predict the mel spectrogram of a text, sentence by sentence.

        The arguments are those of `synthesize`; voice [shape=(voice_size,)].
        """
        self._require_voice(voice)
        require_between("rate", rate, 0.25, 4)
        require_between("pitch_semitones", pitch_semitones, -24, 24)
        rows: list[FloatArray] = []
        symbols: list[str] = []
        durations: list[int] = []
        for part in sentences(normalise(text)):
            spoken = phonemes(part)
            frames, lengths = self._sentence(spoken, voice, rate, pitch_semitones / 12)
            silence = np.full((PAUSE_FRAMES, frames.shape[1]), MEL.log_floor, dtype=np.float32)
            rows += [frames, silence]
            symbols += spoken
            durations += [*lengths[:-1], lengths[-1] + PAUSE_FRAMES]
        values = np.maximum(np.concatenate(rows), MEL.log_floor)
        return MelSpectrogram.from_frames(values), Pronunciation(symbols, np.array(durations))

    def synthesize(self, text: str, voice: FloatArray, *, rate: float = 1.0, pitch_semitones: float = 0.0) -> Synthesis:
        """Speak a text.

        Parameters
        ----------
        text : str
            English, at most 5,000 characters; numbers, dates and abbreviations are spelled out first.
        voice : np.ndarray [shape=(voice_size,)]
            From `voice_of`.
        rate : float
            1 is the voice's own speed, 2 twice as fast; 0.25 to 4.
        pitch_semitones : float
            Raises (or lowers) the predicted melody, without moving the formants; −24 to 24.

        Returns
        -------
        Synthesis
            Sound, mel spectrogram and pronunciation.

        Raises
        ------
        AudioCourseError
            If there is nothing to say, a character cannot be spoken, or an argument is out of range.
        """
        mel, pronunciation = self.predict(text, voice, rate=rate, pitch_semitones=pitch_semitones)
        return Synthesis(self.vocode(mel), MEL.sr, mel, pronunciation)

    def clone(
        self, text: str, reference: FloatArray, sr: int, *, rate: float = 1.0, pitch_semitones: float = 0.0
    ) -> Synthesis:
        """Speak a text in the voice of a recording: `synthesize`, and `match_long_term_spectrum` before the vocoder.

        64 numbers learned from some dozens of timbres do not describe each new one exactly, and what they miss is
        nearly the same in all frames of a voice.

        Parameters
        ----------
        text, rate, pitch_semitones
            As in `synthesize`.
        reference : np.ndarray [shape=(samples,)]
            Someone speaking, as for `voice_of`: one sentence or more.
        sr : int
            Its sampling rate, 16 000 Hz.

        Returns
        -------
        Synthesis
            Sound, mel spectrogram and pronunciation.

        Raises
        ------
        AudioCourseError
            If the recording or the text cannot be used, or an argument is out of range.

        Notebook: 03e_cloning
        """
        voice = self.voice_of(reference, sr)
        mel, pronunciation = self.predict(text, voice, rate=rate, pitch_semitones=pitch_semitones)
        mel = match_long_term_spectrum(mel, MelSpectrogram.from_frames(reference_frames(reference, sr)))
        return Synthesis(self.vocode(mel), MEL.sr, mel, pronunciation)

    def _sentence(
        self, symbols: list[str], voice: FloatArray, rate: float, pitch_shift: float
    ) -> tuple[FloatArray, list[int]]:
        """Predict the frames of one sentence (frames, n_mels), and those of each symbol."""
        numbers = torch.from_numpy(symbol_numbers(symbols, self.model.config.phones))
        with evaluating(self.model) as device:
            output = self.model(
                numbers[None].to(device),
                torch.tensor([len(numbers)], device=device),
                torch.from_numpy(voice.astype(np.float32))[None].to(device),
                rate=rate,
                pitch_shift=pitch_shift,
            )
        lengths = durations_at_rate(output.log_durations[0].cpu().numpy(), rate=rate)
        return output.frames[0].cpu().numpy(), [int(length) for length in lengths]

    def _require_voice(self, voice: FloatArray) -> None:
        size = self.model.config.voice_size
        if not isinstance(voice, np.ndarray) or voice.shape != (size,) or not np.isfinite(voice).all():
            raise AudioCourseError(f"A voice is {size} finite numbers: pass what voice_of(y, sr) returns.")
