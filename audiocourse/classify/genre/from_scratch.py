"""The genre of a song from its segments, in NumPy: a split without leaks, segments, votes, and the cost of a shift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive, require_seed


def group_split(artists: Sequence[str], genres: Sequence[str], *, shares: Sequence[float], seed: int) -> list[IntArray]:
    """Split songs into parts such that no artist is in two of them, genre by genre.

    Of the n artists of a genre in random order, part p gets those from ⌊n Σ_{q<p} s_q + ½⌋ on: n s_p of them, rounded
    up or down.

    Parameters
    ----------
    artists, genres : sequence of str
        Of each song. An artist plays one genre only.
    shares : sequence of float
        s, the share of each part; their sum is 1.
    seed : int
        Decides which artist is in which part, the same in every session.

    Returns
    -------
    list of np.ndarray [shape=(songs of the part,)]
        The songs of each part, as indices in increasing order.

    Raises
    ------
    AudioCourseError
        If there are no songs, an artist plays two genres, or the shares do not sum to 1.

    Examples
    --------
    >>> train, test = group_split(["a", "b", "a", "b"], ["rock"] * 4, shares=(0.5, 0.5), seed=0)
    >>> sorted([train.tolist(), test.tolist()])
    [[0, 2], [1, 3]]

    Source: M. Schedl, A. Flexer, Putting the user in the center of music information retrieval, ISMIR 2012; A. Flexer,
    A closer look on artist filters for musical genre classification, ISMIR 2007.

    Notebook: ex03_genre
    """
    if len(artists) == 0 or len(artists) != len(genres):
        raise AudioCourseError(f"There are {len(artists)} artists and {len(genres)} genres; each song needs one.")
    if len(set(zip(artists, genres, strict=True))) > len(set(artists)):
        raise AudioCourseError("An artist plays two genres: give each of them a name of its own.")
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
        raise AudioCourseError(f"The shares are {tuple(shares)}, but they must be at least 0 and sum to 1.")
    rng = np.random.default_rng(require_seed(seed))
    edges = np.cumsum(shares)[:-1]
    part_of: dict[str, int] = {}
    for genre in sorted(set(genres)):
        of_genre = sorted({artist for artist, other in zip(artists, genres, strict=True) if other == genre})
        drawn = rng.permutation(of_genre).tolist()
        bounds = np.floor(edges * len(drawn) + 0.5 + 1e-9)  # (0.3 + 0.6) · 15 is 13.499999999999998 in floats
        for place, artist in enumerate(drawn):
            part_of[artist] = int(np.searchsorted(bounds, place, side="right"))
    parts = np.array([part_of[artist] for artist in artists])
    return [np.flatnonzero(parts == part) for part in range(len(shares))]


def song_segments(spectrograms: Sequence[FloatArray], *, frames: int, hop: int) -> tuple[FloatArray, IntArray]:
    """Cut the spectrograms of songs into overlapping segments of equal length.

    Segment k of a song with T frames holds the frames kH, …, kH + N − 1, with N = frames, H = hop and kH + N ≤ T. What
    is left after the last whole segment is not used, and a song with fewer than N frames has no segment.

    Parameters
    ----------
    spectrograms : sequence of np.ndarray [shape=(n_mels, T)]
        One for each song; T may differ.
    frames : int
        N, in frames.
    hop : int
        H, in frames.

    Returns
    -------
    segments : np.ndarray [shape=(segments, n_mels, frames)]
        Those of the first song first and each song in the order of time, in the dtype of the spectrograms.
    song_of : np.ndarray [shape=(segments,)]
        The index of the song that each segment is from.

    Raises
    ------
    AudioCourseError
        If no song is long enough, or a length is not positive.

    Examples
    --------
    >>> segments, song_of = song_segments([np.zeros((2, 5)), np.zeros((2, 3))], frames=3, hop=2)
    >>> segments.shape, song_of.tolist()
    ((3, 2, 3), [0, 0, 1])

    Notebook: ex03_genre
    """
    require_positive(frames=frames, hop=hop)
    segments = []
    song_of = []
    for song, spectrogram in enumerate(spectrograms):
        for start in range(0, spectrogram.shape[1] - frames + 1, hop):
            segments.append(spectrogram[:, start : start + frames])
            song_of.append(song)
    if not segments:
        raise AudioCourseError(f"No song has {frames} frames: choose shorter segments.")
    return np.stack(segments), np.array(song_of)


def fold_first_conv(weight: FloatArray) -> FloatArray:
    """Turn a first convolution for three channels into one for a single channel, without a loss.

    v[o, 0] = Σ_c w[o, c]. A convolution is linear, and a grey picture g has the same three channels:
    Σ_c w[o, c] * g = (Σ_c w[o, c]) * g.

    Parameters
    ----------
    weight : np.ndarray [shape=(out, 3, height, width)]
        w, trained on pictures with three channels.

    Returns
    -------
    np.ndarray [shape=(out, 1, height, width)]
        v, in the dtype of w.

    Raises
    ------
    AudioCourseError
        If the weights do not have four axes.

    Examples
    --------
    >>> fold_first_conv(np.array([[[[1.0]], [[2.0]], [[-0.5]]]])).tolist()
    [[[[2.5]]]]

    Notebook: ex03_genre
    """
    if weight.ndim != 4:
        raise AudioCourseError(f"The weights have the shape {weight.shape}; (out, channels, height, width) is needed.")
    folded: FloatArray = weight.sum(axis=1, keepdims=True)  # (out, 1, height, width)
    return folded


def vote_per_song(logits: FloatArray, song_of: IntArray) -> tuple[IntArray, FloatArray]:
    """Average the probabilities of the segments of each song.

    p[j] = mean over the segments i of song j of softmax(z[i]).

    Parameters
    ----------
    logits : np.ndarray [shape=(segments, classes)]
        z
    song_of : np.ndarray [shape=(segments,)]
        The number of the song that each segment is from, in any order.

    Returns
    -------
    songs : np.ndarray [shape=(songs,)]
        The numbers that occur, in increasing order.
    probabilities : np.ndarray [shape=(songs, classes)]
        p; each row sums to 1.

    Raises
    ------
    AudioCourseError
        If there is no segment, or not one song number for each.

    Examples
    --------
    >>> songs, p = vote_per_song(np.log([[0.9, 0.1], [0.4, 0.6], [0.4, 0.6]]), np.array([7, 7, 7]))
    >>> songs.tolist(), p.round(3).tolist()
    ([7], [[0.567, 0.433]])

    Notebook: ex03_genre
    """
    if logits.ndim != 2 or len(logits) == 0 or len(logits) != len(song_of):
        raise AudioCourseError("logits are (segments, classes), with one song number for each segment.")
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    songs = np.unique(song_of)
    return songs, np.stack([probabilities[song_of == song].mean(axis=0) for song in songs])


class ShiftGap(NamedTuple):
    """``gap``, and the ends of its 95 % confidence interval, as shares."""

    gap: float
    low: float
    high: float


def shift_gap(inside: FloatArray, outside: FloatArray, draws: IntArray) -> ShiftGap:
    """Estimate how much accuracy is lost in another domain, with a bootstrap interval over songs.

    gap = mean(inside) − mean(outside). Resample r consists of the songs draws[r], each with all its segments in both
    domains; low and high are the quantiles 0.025 and 0.975 of the gaps of the resamples.

    The segments of a song are right or wrong together, so songs are drawn, not segments. As both domains hold the same
    songs, one draw serves both: a difficult song is difficult in either.

    Parameters
    ----------
    inside, outside : np.ndarray [shape=(songs, segments)]
        1 where a segment was classified correctly, else 0; the same songs in the training domain and in another one.
    draws : np.ndarray [shape=(resamples, songs)]
        Indices of songs, drawn with replacement.

    Returns
    -------
    ShiftGap
        gap, low, high.

    Raises
    ------
    AudioCourseError
        If the shapes do not fit.

    Examples
    --------
    >>> right = np.array([[1, 1], [1, 0]])
    >>> shift_gap(right, right, np.array([[0, 1], [0, 0]])).gap
    0.0

    Source: B. Efron, R. Tibshirani, An introduction to the bootstrap, 1993.

    Notebook: ex03_genre
    """
    if inside.ndim != 2 or inside.shape != outside.shape or draws.ndim != 2 or inside.size == 0 or draws.size == 0:
        raise AudioCourseError("inside and outside are (songs, segments) and alike, draws (resamples, songs).")
    gap_of = np.mean(inside.astype(float) - outside, axis=1)  # (songs,)
    low, high = np.quantile(gap_of[draws].mean(axis=1), [0.025, 0.975])
    return ShiftGap(float(gap_of.mean()), float(low), float(high))
