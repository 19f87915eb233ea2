"""Who speaks when: speech → windows of 1.5 s → an embedding of each → clusters → turns.

The simplest honest form. A voice activity detector says where there is speech, and an encoder turns a window into a
vector; both are passed in. Windows with similar embeddings are clustered, and a cluster is called a speaker. At any
time there is at most one speaker, so overlapped speech costs at least the second speaker's time; and a turn shorter
than a window is mostly lost in its neighbours.

The clustering itself is scipy's: what is particular to speech is which vectors go in and where the tree is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from scipy.cluster.hierarchy import linkage

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, Segment, clip_to, merge, merge_by_label
from audiocourse.require import is_number, require_mono, require_positive, require_seconds

WINDOW_SECONDS = 1.5
HOP_SECONDS = 0.75
MIN_SECONDS = 0.5  # an encoder finds little of a voice in less
_ROUNDING = 1e-3  # seconds: RTTM has three decimals, and 0.95 − 0.45 is a little less than 0.5

Embed: TypeAlias = Callable[[FloatArray, int], FloatArray]
"""From (y, sr) to an embedding [shape=(dimensions,)], whichever encoder computes it."""
Speech: TypeAlias = Sequence[Interval | Segment]


class Diarization(NamedTuple):
    """The turns, and what they were decided from.

    turns: intervals labelled "speaker-1", "speaker-2", … in the order in which they first speak. windows: the windows
    with the labels of their clusters. embeddings [shape=(windows, dimensions)]: one row of length 1 for each window.
    """

    turns: list[Interval]
    windows: list[Interval]
    embeddings: FloatArray


def diarize(
    y: FloatArray,
    sr: int,
    *,
    speech: Speech,
    embed: Embed,
    num_speakers: int | None = None,
    threshold: float | None = None,
    window_seconds: float = WINDOW_SECONDS,
    hop_seconds: float = HOP_SECONDS,
    min_seconds: float = MIN_SECONDS,
) -> Diarization:
    """Find who speaks when: `speech_windows`, `embed_windows`, `cluster_embeddings`, `turns_from_windows`.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second, as the encoder expects it.
    speech : list of Interval or of (start, end)
        Where there is speech, in seconds: from a reference or from a detector such as `webrtc_vad`.
    embed : callable
        From (y, sr) of a window to its embedding [shape=(dimensions,)].
    num_speakers : int, optional
        How many speakers there are.
    threshold : float, optional
        If that is not known: the largest mean cosine distance at which two clusters are still merged, 0 to 2. It
        belongs to an encoder, and is chosen on development data. Pass either this or num_speakers.
    window_seconds, hop_seconds, min_seconds : float
        As in `speech_windows`.

    Returns
    -------
    Diarization
        Turns, windows and embeddings. Without speech there are none.

    Raises
    ------
    AudioCourseError
        If y is not mono, speech is malformed or lies beyond the sound, none of it lasts min_seconds, an embedding is
        not a finite vector, or there are fewer windows than speakers.

    Examples
    --------
    >>> y = np.concatenate([np.full(48_000, 0.1), np.full(48_000, -0.1)]).astype(np.float32)
    >>> speech = [(0.0, 2.9), (3.1, 6.0)]
    >>> by_sign = lambda window, sr: np.array([1.0, np.sign(window.mean())])
    >>> [(turn.start, turn.end) for turn in diarize(y, 16000, speech=speech, embed=by_sign, num_speakers=2).turns]
    [(0.0, 2.9), (3.1, 6.0)]

    Source: G. Sell and D. Garcia-Romero, Speaker diarization with PLDA i-vector scoring and unsupervised calibration,
    SLT 2014 (windows, agglomerative clustering, a calibrated threshold).
    """
    spoken = _within(require_mono(y), sr, speech)
    _require_stop(num_speakers, threshold)
    if not spoken:
        return Diarization([], [], np.zeros((0, 0)))
    windows = speech_windows(spoken, window_seconds=window_seconds, hop_seconds=hop_seconds, min_seconds=min_seconds)
    embeddings = embed_windows(y, sr, windows, embed=embed)
    clusters = cluster_embeddings(embeddings, num_speakers=num_speakers, threshold=threshold)
    labelled = [
        Interval(window.start, window.end, f"speaker-{cluster + 1}")
        for window, cluster in zip(windows, clusters, strict=True)
    ]
    return Diarization(turns_from_windows(labelled, speech=spoken), labelled, embeddings)


def speech_windows(
    speech: Speech,
    *,
    window_seconds: float = WINDOW_SECONDS,
    hop_seconds: float = HOP_SECONDS,
    min_seconds: float = MIN_SECONDS,
) -> list[Interval]:
    """Cut speech into windows that overlap and never reach into silence.

    In an interval [s, e) of at least W seconds the windows are [s + kH, s + kH + W) as long as they fit, and a last one
    [e − W, e) where something is left over. A shorter interval is one window. An interval of less than min_seconds has
    no window; `turns_from_windows` gives it the speaker of the nearest one.

    Parameters
    ----------
    speech : list of Interval or of (start, end)
        In seconds; what overlaps or touches is merged.
    window_seconds, hop_seconds : float
        W and H.
    min_seconds : float
        The shortest interval that gets a window.

    Returns
    -------
    list of Interval
        Sorted by start, without labels.

    Raises
    ------
    AudioCourseError
        If speech is malformed, a duration is not positive, or no interval lasts min_seconds.

    Examples
    --------
    >>> [(window.start, window.end) for window in speech_windows([(1.0, 4.0), (5.0, 5.3)])]
    [(1.0, 2.5), (1.75, 3.25), (2.5, 4.0)]
    """
    require_seconds(window_seconds=window_seconds, hop_seconds=hop_seconds, min_seconds=min_seconds)
    spoken = _merged(speech)
    windows: list[Interval] = []
    for interval in spoken:
        spare = interval.seconds - window_seconds
        if interval.seconds < min_seconds - _ROUNDING:
            continue
        if spare <= 0:
            windows.append(Interval(interval.start, interval.end))
            continue
        steps = int(spare / hop_seconds + 1e-9)
        starts = [interval.start + k * hop_seconds for k in range(steps + 1)]
        if interval.end - window_seconds - starts[-1] > _ROUNDING:
            starts.append(interval.end - window_seconds)
        windows += [Interval(start, min(start + window_seconds, interval.end)) for start in starts]
    if spoken and not windows:
        raise AudioCourseError(
            f"No interval of speech lasts {min_seconds:g} s, so there is nothing to recognise a voice by: pass longer "
            "ones, or close short pauses with intervals.merge(speech, gap=0.3)."
        )
    return windows


def embed_windows(y: FloatArray, sr: int, windows: Sequence[Interval], *, embed: Embed) -> FloatArray:
    """Compute the embedding of each window, scaled to length 1: e / |e|.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    sr : int
        Samples per second.
    windows : list of Interval
        In seconds, within the sound.
    embed : callable
        From (y, sr) of a window to its embedding [shape=(dimensions,)].

    Returns
    -------
    np.ndarray [shape=(windows, dimensions)]
        float64.

    Raises
    ------
    AudioCourseError
        If y is not mono, a window lies beyond the sound, or an embedding is not a finite vector with a direction and as
        long as the others.
    """
    _within(require_mono(y), sr, windows)
    rows: list[FloatArray] = []
    for window in windows:
        vector = np.asarray(embed(y[round(window.start * sr) : round(window.end * sr)], sr))
        where = f"the window from {window.start:.2f} to {window.end:.2f} s"
        if vector.ndim != 1 or vector.dtype.kind != "f" or (rows and vector.size != rows[0].size):
            raise AudioCourseError(
                f"The embedding of {where} has shape {vector.shape} and dtype {vector.dtype}: embed must return one "
                "vector of floats, of the same length for every window."
            )
        length = float(np.linalg.norm(vector.astype(np.float64)))
        if not np.isfinite(length) or length == 0:
            raise AudioCourseError(
                f"The embedding of {where} is 0 or not finite, so it has no direction: listen to that window, which "
                "may be silent."
            )
        rows.append(vector / length)
    return np.array(rows, dtype=np.float64)


def cluster_embeddings(
    embeddings: FloatArray, *, num_speakers: int | None = None, threshold: float | None = None
) -> IntArray:
    """Cluster windows bottom up: merge the two nearest clusters again and again.

    The distance of two windows is 1 − cos(e_i, e_j), that of two clusters the mean over their pairs of windows (average
    linkage). Merging stops at num_speakers clusters, or as soon as the nearest two are further apart than threshold.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(windows, dimensions)]
        One row for each window, of any length but 0.
    num_speakers : int, optional
        How many clusters to keep.
    threshold : float, optional
        The largest mean cosine distance at which clusters are merged, 0 to 2. Pass either this or num_speakers.

    Returns
    -------
    np.ndarray [shape=(windows,)]
        The cluster of each window: 0, 1, … in the order of their first windows.

    Raises
    ------
    AudioCourseError
        If an embedding is 0 or not finite, both or neither of the two options are given, or there are fewer windows
        than speakers.

    Examples
    --------
    >>> angles = np.radians([0, 80, 5, 85])
    >>> points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    >>> cluster_embeddings(points, num_speakers=2), cluster_embeddings(points, threshold=0.1)
    (array([0, 1, 0, 1]), array([0, 1, 0, 1]))
    """
    _require_stop(num_speakers, threshold)
    windows = len(_require_embeddings(embeddings))
    if num_speakers is not None and num_speakers > windows:
        raise AudioCourseError(
            f"There are {num_speakers} speakers but only {windows} window(s): every speaker needs at least one, so "
            "pass a smaller number, more speech or a shorter hop."
        )
    if windows == 1:
        return np.zeros(1, dtype=np.int64)
    # row n of the tree: the clusters a and b become cluster windows + n, at a distance that never falls
    tree = linkage(embeddings.astype(np.float64), method="average", metric="cosine")
    merges = windows - num_speakers if num_speakers is not None else np.count_nonzero(tree[:, 2] <= threshold)
    cluster = np.arange(windows)
    for number, (a, b) in enumerate(tree[:merges, :2]):
        cluster[(cluster == a) | (cluster == b)] = windows + number
    return _numbered_by_appearance(cluster)


def turns_from_windows(windows: Sequence[Interval], *, speech: Speech) -> list[Interval]:
    """Turn labelled windows into turns: at any time the window decides that has the nearest centre.

    Within an interval of speech the label changes in the middle between the centres of two windows with different
    labels. An interval that holds no centre takes the label of the nearest window.

    Parameters
    ----------
    windows : list of Interval
        With labels, in any order.
    speech : list of Interval or of (start, end)
        In seconds: the turns fill it exactly.

    Returns
    -------
    list of Interval
        Turns without overlap, sorted by start; those of one speaker that touch are one.

    Raises
    ------
    AudioCourseError
        If there is speech but no window, or speech is malformed.

    Examples
    --------
    >>> labelled = [Interval(0.0, 1.5, "a"), Interval(0.75, 2.25, "a"), Interval(1.5, 3.0, "b")]
    >>> [(turn.start, turn.end, turn.label) for turn in turns_from_windows(labelled, speech=[(0.0, 3.0)])]
    [(0.0, 1.875, 'a'), (1.875, 3.0, 'b')]
    """
    spoken = _merged(speech)
    if spoken and not windows:
        raise AudioCourseError("There is speech but no window, so no one to give it to: pass at least one window.")
    ordered = sorted(windows, key=_centre)
    turns: list[Interval] = []
    for interval in spoken:
        own = [window for window in ordered if interval.start <= _centre(window) < interval.end]
        if not own:
            own = [min(ordered, key=lambda window: abs(_centre(window) - _centre(interval)))]
        changes = [(_centre(a) + _centre(b)) / 2 for a, b in pairwise(own)]
        edges = [interval.start, *changes, interval.end]
        turns += [Interval(edges[k], edges[k + 1], window.label) for k, window in enumerate(own)]
    return merge_by_label(turns)


def _centre(interval: Interval) -> float:
    """Return the time halfway between start and end, in seconds."""
    return (interval.start + interval.end) / 2


def _numbered_by_appearance(labels: IntArray) -> IntArray:
    """Renumber labels 0, 1, … in the order in which they first occur."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank: IntArray = np.argsort(np.argsort(first))
    return rank[inverse]


def _merged(speech: Speech) -> list[Interval]:
    """Refuse what is not a list of intervals; return it merged, without labels and without empty intervals."""
    intervals: list[Interval] = []
    for part in speech:
        if isinstance(part, Interval):
            intervals.append(part)
        elif isinstance(part, (tuple, list)) and len(part) == 2 and all(is_number(time) for time in part):
            intervals.append(Interval(float(part[0]), float(part[1])))
        else:
            raise AudioCourseError(f"speech holds {part!r:.60}, which is not (start, end) in seconds.")
    return [interval for interval in merge(intervals) if interval.seconds > 0]


def _within(y: FloatArray, sr: int, speech: Speech) -> list[Interval]:
    """Refuse speech that lies beyond the sound; return it merged."""
    require_positive(sr=sr)
    seconds = len(y) / sr
    spoken = _merged(speech)
    if spoken and spoken[-1].end > seconds + _ROUNDING:
        raise AudioCourseError(
            f"An interval ends at {spoken[-1].end:g} s, but the sound at {seconds:g} s: pass the intervals of this "
            "sound, or cut them with intervals.clip_to(speech, end=…)."
        )
    return clip_to(spoken, end=seconds)


def _require_stop(num_speakers: int | None, threshold: float | None) -> None:
    """Refuse both or neither of the two rules by which merging stops, and impossible values."""
    if (num_speakers is None) == (threshold is None):
        raise AudioCourseError("Merging needs one rule by which it stops: pass either num_speakers or threshold.")
    if num_speakers is not None:
        require_positive(num_speakers=num_speakers)
    elif not is_number(threshold) or not 0 <= float(threshold or 0) <= 2:
        raise AudioCourseError(f"threshold is {threshold!r}, but a cosine distance is a number from 0 to 2.")


def _require_embeddings(embeddings: FloatArray) -> FloatArray:
    """Refuse anything but a matrix of finite rows that are not 0; return it as it is."""
    if not isinstance(embeddings, np.ndarray) or embeddings.dtype.kind != "f" or embeddings.ndim != 2:
        raise AudioCourseError("embeddings must be an array of floats, (windows, dimensions): one row for each window.")
    if embeddings.size == 0:
        raise AudioCourseError(f"embeddings is empty (shape {embeddings.shape}): pass at least one window.")
    usable = np.isfinite(embeddings).all(axis=1) & (np.abs(embeddings).max(axis=1) > 0)
    if not usable.all():
        raise AudioCourseError(
            f"The embedding of window {int(np.argmin(usable))} is 0 or not finite, so it has no direction: find what "
            "produced it."
        )
    return embeddings
