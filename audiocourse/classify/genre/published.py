"""A network trained on sounds: the Audio Spectrogram Transformer (AST), with its tags and its embedding.

Its tags are those of AudioSet, 527 kinds of sound, some of them genres of music. Several may be true at once, so each
has a probability of its own. Its embedding is the input of a linear classifier for classes of another data set.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono, require_positive
from audiocourse.signal import FloatArray
from audiocourse.zoo.inference import evaluating

SHORTEST = 400  # samples, 25 ms: one frame of its front end
MUSIC_GENRES = (  # AudioSet's "Music genre" and what it lists below it
    "A capella",
    "Afrobeat",
    "Ambient music",
    "Bluegrass",
    "Blues",
    "Carnatic music",
    "Christian music",
    "Classical music",
    "Country",
    "Disco",
    "Drum and bass",
    "Dubstep",
    "Electronic dance music",
    "Electronic music",
    "Electronica",
    "Flamenco",
    "Folk music",
    "Funk",
    "Gospel music",
    "Grunge",
    "Heavy metal",
    "Hip hop music",
    "House music",
    "Independent music",
    "Jazz",
    "Middle Eastern music",
    "Music for children",
    "Music of Africa",
    "Music of Asia",
    "Music of Bollywood",
    "Music of Latin America",
    "New-age music",
    "Opera",
    "Pop music",
    "Progressive rock",
    "Psychedelic rock",
    "Punk rock",
    "Reggae",
    "Rhythm and blues",
    "Rock and roll",
    "Rock music",
    "Salsa music",
    "Ska",
    "Soul music",
    "Swing music",
    "Techno",
    "Traditional music",
    "Trance music",
    "Vocal music",
)


def ast_probabilities(y: FloatArray, sr: int, *, model: Any, processor: Any) -> dict[str, float]:
    """Return the probability of each tag in a recording.

    p[c] = mean over windows of σ(z[c]), with the logits z of a window. The processor fills a window of about 10 s and
    silently discards the rest of a longer recording, so a long recording is cut into windows here.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, at least 25 ms.
    sr : int
        Samples per second; 16 000.
    model, processor
        From ``zoo.load("MIT/ast-finetuned-audioset-10-10-0.4593")``.

    Returns
    -------
    dict of str to float
        Each tag, in the order of the model's classes. The probabilities do not sum to 1.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short, or of another rate.

    Source: Y. Gong, Y.-A. Chung, J. Glass, AST: Audio Spectrogram Transformer, Interspeech 2021, arXiv:2104.01778.

    Notebook: ex03_genre
    """
    with evaluating(model):
        logits = model(**_windows(y, sr, model, processor)).logits  # (windows, classes)
    probabilities = torch.sigmoid(logits).mean(dim=0).tolist()
    return {model.config.id2label[number]: probability for number, probability in enumerate(probabilities)}


def ast_music_genres(y: FloatArray, sr: int, *, model: Any, processor: Any, top: int = 5) -> list[tuple[str, float]]:
    """Return the most probable genres of music in a recording, of those that are tags of AudioSet.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, at least 25 ms.
    sr, model, processor
        As for `ast_probabilities`.
    top : int
        How many.

    Returns
    -------
    list of (str, float)
        Genres and their probabilities, the most probable first.

    Raises
    ------
    AudioCourseError
        As `ast_probabilities`, or if none of the tags of the model is a genre of music.

    Notebook: ex03_genre
    """
    require_positive(top=top)
    every = ast_probabilities(y, sr, model=model, processor=processor)
    genres = [(tag, every[tag]) for tag in MUSIC_GENRES if tag in every]
    if not genres:
        raise AudioCourseError(
            'No tag of this model is a genre of music: load "MIT/ast-finetuned-audioset-10-10-0.4593".'
        )
    return sorted(genres, key=lambda genre: -genre[1])[:top]


def ast_embedding(y: FloatArray, sr: int, *, model: Any, processor: Any) -> FloatArray:
    """Return what the last layer of the network sees, for a linear classifier of other classes (a linear probe).

    It is the mean of the class token and the distillation token after the last block, averaged over windows of about
    10 s.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, at least 25 ms. Silence is appended to a short one, and changes the result: compare recordings of
        equal length.
    sr, model, processor
        As for `ast_probabilities`.

    Returns
    -------
    np.ndarray [shape=(hidden_size,)]
        float32; hidden_size is 768 in the published model.

    Raises
    ------
    AudioCourseError
        As `ast_probabilities`.

    Notebook: ex03_genre
    """
    with evaluating(model):
        tokens = model.audio_spectrogram_transformer(**_windows(y, sr, model, processor))
    embedding: FloatArray = tokens.pooler_output.mean(dim=0).cpu().numpy()
    return embedding


def _windows(y: FloatArray, sr: int, model: Any, processor: Any) -> Any:
    """Cut a recording into windows that the processor takes whole, and compute the input of the network.

    A remainder shorter than half a window is left out, unless it is the whole recording.
    """
    require_mono(y, at_least=SHORTEST)
    if sr != processor.sampling_rate:
        raise AudioCourseError(
            f"AST expects {processor.sampling_rate} samples per second, not {sr}: call signal.resample first."
        )
    hop, frame = sr // 100, sr // 40  # its filter bank: windows of 25 ms every 10 ms
    size = frame + (processor.max_length - 1) * hop
    starts = range(0, max(1, y.size - size // 2 + 1), size)
    windows = [np.asarray(y[start : start + size], dtype=np.float32) for start in starts]
    return processor(windows, sampling_rate=sr, return_tensors="pt").to(model.device)
