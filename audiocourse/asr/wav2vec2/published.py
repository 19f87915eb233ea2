"""A published wav2vec 2.0 as a recogniser: text, and timed words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from audiocourse.asr.wav2vec2.model import feature_frames
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import FloatArray
from audiocourse.sounds import Interval


@dataclass(frozen=True)
class Recognised:
    """What a published wav2vec 2.0 recognised: the text, and its words with their times in seconds."""

    text: str
    words: list[Interval]


def recognise_wav2vec2(y: FloatArray, sr: int, *, model: Any, processor: Any) -> Recognised:
    """Transcribe a recording with a published wav2vec 2.0, with the time of each word.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal; pass stereo through `signal.to_mono` first, because the processor would treat two channels as two
        recordings, and the first result would be that of the left channel only.
    sr : int
        Samples per second; 16 000.
    model, processor
        From ``zoo.load("facebook/wav2vec2-base-960h")``, or of any folder with a Wav2Vec2ForCTC.

    Returns
    -------
    Recognised
        Text and timed words. CTC peaks are narrow, so words appear a little too short.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short for one frame, or of another rate.

    Source: A. Baevski et al., wav2vec 2.0, NeurIPS 2020.

    Notebook: 02d_wav2vec2
    """
    return recognise_all([y], sr, model=model, processor=processor)[0]


def recognise_all(recordings: Sequence[FloatArray], sr: int, *, model: Any, processor: Any) -> list[Recognised]:
    """Transcribe several recordings [shape=(samples,)], each as `recognise_wav2vec2` does.

    Checkpoints with an attention mask get all recordings in one batch. The others, such as wav2vec2-base-960h,
    normalise over the padding, too, which would change their results, so they get the recordings one by one.
    """
    for y in recordings:
        _require_recording(y, sr, model=model, processor=processor)
    batched = processor.feature_extractor.return_attention_mask
    batches = [list(recordings)] if batched and recordings else [[y] for y in recordings]
    return [result for batch in batches for result in _recognise_batch(batch, sr, model=model, processor=processor)]


def _recognise_batch(batch: list[FloatArray], sr: int, *, model: Any, processor: Any) -> list[Recognised]:
    """Recognise a batch, and use of each result only the frames that are not padding."""
    inputs = processor(batch, sampling_rate=sr, return_tensors="pt", padding=True)
    with torch.no_grad():
        paths = model(**inputs.to(model.device)).logits.argmax(dim=-1).cpu()  # (batch, frames)
    frames = [feature_frames(y.size, convolutions=_layers(model)) for y in batch]
    seconds = model.config.inputs_to_logits_ratio / sr
    return [_collapse(path[:count], seconds, processor) for path, count in zip(paths, frames, strict=True)]


def _collapse(path: torch.Tensor, seconds: float, processor: Any) -> Recognised:
    """Collapse a path to words; frame t lasts from t · seconds to (t + 1) · seconds."""
    decoded = processor.tokenizer.decode(path, output_word_offsets=True)
    words = [
        Interval(word["start_offset"] * seconds, word["end_offset"] * seconds, word["word"])
        for word in decoded.word_offsets
    ]
    return Recognised(decoded.text, words)


def _layers(model: Any) -> list[tuple[int, int]]:
    return list(zip(model.config.conv_kernel, model.config.conv_stride, strict=True))


def _require_recording(y: FloatArray, sr: int, *, model: Any, processor: Any) -> None:
    """Refuse stereo, another rate, and a recording that is too short for a frame."""
    if np.ndim(y) == 2:
        raise AudioCourseError(f"Shape {np.shape(y)} has a channel axis: pass signal.to_mono(y), the mean of both.")
    require_mono(y)
    expected = processor.feature_extractor.sampling_rate
    if sr != expected:
        raise AudioCourseError(
            f"This wav2vec 2.0 expects {expected} samples per second, not {sr}: call signal.resample first."
        )
    if not feature_frames(y.size, convolutions=_layers(model)):
        raise AudioCourseError(f"{y.size} samples are too short for a single frame: pass at least 25 ms of sound.")
