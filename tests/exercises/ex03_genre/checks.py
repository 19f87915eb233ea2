"""Checks of exercise 3: each is a truth that any right answer obeys, on data that the seed decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from audiocourse.classify.practice.genre_spectrograms import GenreTask, genre_task
from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_close, kind_of

Array = np.ndarray
GENRE_NAMES = ("blues", "disco", "rock", "waltz")

# 3.1 group_split ----------------------------------------------------------------------------------------------------


def collection(rng: np.random.Generator, artists_per_genre: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """Draw the artists and the genres of songs in random order, one to four songs each."""
    songs = []
    for genre, count in zip(GENRE_NAMES, artists_per_genre, strict=False):
        for artist in rng.permutation(90)[:count]:
            songs += [(f"{genre} band {artist}", genre)] * int(rng.integers(1, 5))
    order = rng.permutation(len(songs))
    return [songs[i][0] for i in order], [songs[i][1] for i in order]


def parts_of(student: Student, artists: list[str], genres: list[str], shares: tuple[float, ...], seed: int) -> Any:
    """Call the answer and require one array of indices for each part."""
    got = student.call("group_split", artists, genres, shares=shares, seed=seed)
    several = isinstance(got, (list, tuple)) and len(got) == len(shares)
    expect(several, f"You return {kind_of(got)}; a list of {len(shares)} arrays is right, one for each share.")
    whole = all(isinstance(part, (np.ndarray, list)) for part in got)
    expect(whole, "Each part must be an array of indices of songs.")
    parts = [np.asarray(part, dtype=int if len(part) == 0 else None) for part in got]
    whole = all(part.ndim == 1 and np.issubdtype(part.dtype, np.integer) for part in parts)
    expect(whole, "Each part must hold indices of songs, which are whole numbers, in one row.")
    return parts


def expect_every_song_once(parts: list[Array], songs: int) -> None:
    counts = np.bincount(np.clip(np.concatenate(parts), 0, songs), minlength=songs + 1)
    missing = int((counts[:songs] == 0).sum())
    twice = int((counts[:songs] > 1).sum())
    expect(counts[songs] == 0, f"An index is outside 0 to {songs - 1}; the parts hold indices of songs.")
    expect(missing == 0 and twice == 0, f"Of {songs} songs, {missing} are in no part and {twice} in several.")


@check(task="group_split", label="every song is in exactly one part")
def every_song_once(student: Student, rng: np.random.Generator) -> None:
    artists, genres = collection(rng, (7, 5, 9))
    expect_every_song_once(parts_of(student, artists, genres, (0.6, 0.2, 0.2), 3), len(artists))


@check(task="group_split", label="no artist is in two parts")
def artists_apart(student: Student, rng: np.random.Generator) -> None:
    for shares in ((0.5, 0.5), (0.6, 0.2, 0.2)):
        artists, genres = collection(rng, (6, 6, 6))
        parts = parts_of(student, artists, genres, shares, int(rng.integers(100)))
        expect_every_song_once(parts, len(artists))
        groups = [{artists[song] for song in part} for part in parts]
        shared = sum(len(a & b) for i, a in enumerate(groups) for b in groups[i + 1 :])
        expect(shared == 0, f"{shared} of {len(set(artists))} artists have songs in more than one part.")


@check(task="group_split", label="of the n artists of each genre, a part with share s gets s · n, rounded up or down")
def shares_of_artists(student: Student, rng: np.random.Generator) -> None:
    cases: tuple[tuple[tuple[float, ...], tuple[int, ...]], ...] = (
        ((0.5, 0.5), (4, 6, 7)),
        ((0.6, 0.2, 0.2), (5, 10, 8, 13)),
        ((0.25, 0.75), (8, 4)),
        ((0.25, 0.5, 0.25), (6, 10)),  # the cuts are at 1.5 and 4.5, so that a half is rounded twice
        ((0.25, 0.25, 0.25, 0.25), (6, 7)),
    )
    for shares, counts in cases:
        artists, genres = collection(rng, counts)
        parts = parts_of(student, artists, genres, shares, int(rng.integers(100)))
        expect_every_song_once(parts, len(artists))
        for genre, count in zip(GENRE_NAMES, counts, strict=False):
            for number, (part, share) in enumerate(zip(parts, shares, strict=True)):
                got = len({artists[song] for song in part if genres[song] == genre})
                right = abs(got - share * count) < 1 - 1e-9
                message = f"Part {number} has {got} of the {count} {genre} artists; {share:g} · {count} = "
                expect(right, f"{message}{share * count:g}, rounded up or down, is right.")


@check(task="group_split", label="the indices of each part are in increasing order")
def indices_in_order(student: Student, rng: np.random.Generator) -> None:
    artists, genres = collection(rng, (4, 4))
    parts = parts_of(student, artists, genres, (0.5, 0.5), 1)
    expect_every_song_once(parts, len(artists))
    for part in parts:
        expect(bool((np.diff(part) > 0).all()), f"A part begins with {part[:6].tolist()}; sort the indices.")


@check(task="group_split", label="the seed decides: the same one gives the same parts, others give others")
def seed_decides(student: Student, rng: np.random.Generator) -> None:
    artists, genres = collection(rng, (12, 12))
    first = parts_of(student, artists, genres, (0.5, 0.5), 0)
    expect_every_song_once(first, len(artists))
    again = parts_of(student, artists, genres, (0.5, 0.5), 0)
    same = all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    expect(
        same,
        "Two calls with the same seed give different parts; use np.random.default_rng(seed) for all that is drawn.",
    )
    others = [parts_of(student, artists, genres, (0.5, 0.5), seed)[0] for seed in (1, 2, 3)]
    differ = sum(not np.array_equal(first[0], other) for other in others)
    expect(differ > 0, "Seeds 0, 1, 2 and 3 give the same parts. Draw the order of the artists at random.")


@check(task="group_split", label="the same parts in every session: the order of a set decides nothing")
def same_in_every_session(student: Student, rng: np.random.Generator) -> None:
    artists, genres = collection(rng, (12, 12))
    first = parts_of(student, artists, genres, (0.5, 0.5), 0)
    expect_every_song_once(first, len(artists))
    renamed = parts_of(student, [f"the {artist}" for artist in artists], genres, (0.5, 0.5), 0)
    expect(
        all(np.array_equal(a, b) for a, b in zip(first, renamed, strict=True)),
        "The same songs with 'the ' before each artist are split differently. The order of a set depends on how its "
        "names are spelled, and changes when Python starts again; sorted(…) puts them in a fixed order.",
    )


# 3.2 song_segments --------------------------------------------------------------------------------------------------


def spectrograms(rng: np.random.Generator, lengths: list[int], n_mels: int = 3) -> list[Array]:
    return [rng.normal(size=(n_mels, length)) for length in lengths]


def two_arrays(got: Sequence[Any], names: tuple[str, str]) -> list[Array]:
    """Require arrays: later cells select from them by masks, which lists do not allow."""
    for name, each in zip(names, got, strict=True):
        expect(isinstance(each, np.ndarray), f"Your {name} is {kind_of(each)}; an array (np.ndarray) is right.")
    return list(got)


def expect_whole(numbers: Array, name: str) -> None:
    """Require whole numbers: later cells use them as indices."""
    whole = np.issubdtype(numbers.dtype, np.integer)
    expect(whole, f"Your {name} is an array of {numbers.dtype}; whole numbers are right, as they serve as indices.")


def segments_by_hand(songs: list[Array], frames: int, hop: int) -> tuple[Array, Array]:
    starts = [(song, start) for song, x in enumerate(songs) for start in range(x.shape[1]) if start % hop == 0]
    kept = [(song, start) for song, start in starts if start + frames <= songs[song].shape[1]]
    return np.array([songs[i][:, s : s + frames] for i, s in kept]), np.array([i for i, _ in kept])


def expect_segments(student: Student, songs: list[Array], frames: int, hop: int) -> None:
    right, song_of = segments_by_hand(songs, frames, hop)
    got = student.call("song_segments", songs, frames=frames, hop=hop)
    pair = isinstance(got, (tuple, list)) and len(got) == 2
    expect(pair, f"You return {kind_of(got)}; two arrays are right: the segments, and the song of each.")
    segments, songs_of = two_arrays(got, ("segments", "song_of"))
    case = f"Songs of {[x.shape[1] for x in songs]} frames, cut with frames={frames} and hop={hop}: "
    message = f"{case}the shape of your segments is {segments.shape}; {right.shape} is right."
    if segments.shape != right.shape:
        raise Mismatch(got, (right, song_of), message=message)
    if not np.array_equal(songs_of, song_of):
        message = f"{case}your song_of is {songs_of.tolist()}; {song_of.tolist()} is right."
        raise Mismatch(got, (right, song_of), message=message)
    expect_whole(songs_of, "song_of")
    wrong = [i for i in range(len(right)) if not np.allclose(segments[i], right[i])]
    if wrong:
        raise Mismatch(got, (right, song_of), message=f"{case}segment {wrong[0]} holds other frames than it should.")


@check(task="song_segments", label="a segment starts every `hop` frames, as long as it fits, and holds all bands")
def starts_every_hop(student: Student, rng: np.random.Generator) -> None:
    expect_segments(student, spectrograms(rng, [20]), 6, 3)
    expect_segments(student, spectrograms(rng, [int(rng.integers(30, 50))], n_mels=5), 8, 5)


@check(task="song_segments", label="a segment that ends exactly with the song counts, and a partial one does not")
def last_segment(student: Student, rng: np.random.Generator) -> None:
    for length in (11, 12, 13, 14):
        expect_segments(student, spectrograms(rng, [length]), 6, 2)


@check(task="song_segments", label="each segment keeps the index of its song, and no segment spans two songs")
def songs_apart(student: Student, rng: np.random.Generator) -> None:
    expect_segments(student, spectrograms(rng, rng.integers(9, 30, 4).tolist()), 7, 4)


@check(task="song_segments", label="a song that is too short has no segment, and the others keep their index")
def too_short(student: Student, rng: np.random.Generator) -> None:
    expect_segments(student, spectrograms(rng, [4, 12, 7, 9]), 8, 2)


@check(task="song_segments", label="the segments have the dtype of the spectrograms, as the weights of a network do")
def single_precision_stays(student: Student, rng: np.random.Generator) -> None:
    songs = [x.astype(np.float32) for x in spectrograms(rng, [12, 9])]
    expect_segments(student, songs, 6, 3)
    segments, _ = student.call("song_segments", songs, frames=6, hop=3)
    expect(
        segments.dtype == np.float32,
        f"The spectrograms are float32, and your segments {segments.dtype}; a network of float32 weights refuses them.",
    )


@check(task="song_segments", label="a hop as long as a segment, or longer, is possible")
def long_hops(student: Student, rng: np.random.Generator) -> None:
    songs = spectrograms(rng, [23, 16])
    for hop in (5, 9):
        expect_segments(student, songs, 5, hop)


# 3.3 fold_first_conv ------------------------------------------------------------------------------------------------


def convolved(pictures: Array, weight: Array) -> Array:
    """Convolve without padding: (channels, rows, columns), (out, channels, k, k) -> (out, rows, columns)."""
    windows = np.lib.stride_tricks.sliding_window_view(pictures, weight.shape[2:], axis=(1, 2))
    result: Array = np.einsum("cijkl,ockl->oij", windows, weight)
    return result


def folded(student: Student, weight: Array) -> Array:
    got = student.call("fold_first_conv", weight)
    expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; an array is right.")
    right = (weight.shape[0], 1, *weight.shape[2:])
    expect(got.shape == right, f"The shape of your weights is {got.shape}; {right} (out, 1, k, k) is right.")
    result: Array = got
    return result


@check(task="fold_first_conv", label="the new weights are for one channel and as many outputs, in four axes")
def shape_of_weights(student: Student, rng: np.random.Generator) -> None:
    for shape in ((8, 3, 7, 7), (3, 3, 5, 5), (2, 3, 3, 1)):
        weight = rng.normal(size=shape)
        got = folded(student, weight)
        expect(bool(np.isfinite(got).all()), "Some of your weights are NaN or infinite.")
        right = np.array([[sum(kernel)] for kernel in weight])
        expect_close(got.reshape(shape[0], -1), right.reshape(shape[0], -1), atol=1e-5, axis="weight", row="output")


@check(task="fold_first_conv", label="a grey picture gives the same output as its three equal channels did")
def same_output(student: Student, rng: np.random.Generator) -> None:
    weight = rng.normal(size=(4, 3, 5, 5))
    grey = rng.uniform(size=(1, 12, 12))
    right = convolved(np.repeat(grey, 3, axis=0), weight)
    got = convolved(grey, folded(student, weight))
    expect_close(got.reshape(4, -1), right.reshape(4, -1), atol=1e-4, axis="pixel", row="output")


@check(task="fold_first_conv", label="a kernel that compares colours finds nothing in a grey picture")
def colours_cancel(student: Student, rng: np.random.Generator) -> None:
    kernel = rng.normal(size=(1, 1, 3, 3))
    weight = np.concatenate([kernel, -0.5 * kernel, -0.5 * kernel], axis=1)
    expect_close(folded(student, weight).ravel(), np.zeros(9), atol=1e-6, axis="weight")


@check(task="fold_first_conv", label="each trained weight counts as much as every other")
def every_weight_counts(student: Student, rng: np.random.Generator) -> None:
    for channel in range(3):
        weight = np.zeros((2, 3, 3, 3))
        weight[:, channel] = rng.normal(size=(2, 3, 3))
        right = weight[:, channel].reshape(2, -1)
        expect_close(folded(student, weight).reshape(2, -1), right, atol=1e-6, axis="weight", row="output")


@check(task="fold_first_conv", label="weights in single precision")
def single_precision(student: Student, rng: np.random.Generator) -> None:
    weight = rng.normal(size=(6, 3, 3, 3)).astype(np.float32)
    got = folded(student, weight).reshape(6, -1)
    expect_close(got, weight.sum(axis=1).reshape(6, -1), atol=1e-4, axis="weight", row="output")
    expect(
        got.dtype == np.float32,
        f"The weights were float32 and are {got.dtype} now; a layer of float32 refuses them.",
    )


# 3.4 vote_per_song --------------------------------------------------------------------------------------------------

OF_SONGS = {"axis": "class", "row": "song"}


def votes_by_hand(logits: Array, song_of: Array) -> tuple[Array, Array]:
    songs = sorted(set(song_of.tolist()))
    rows = []
    for song in songs:
        of_song = [z - z.max() for z, number in zip(logits, song_of, strict=True) if number == song]
        rows.append(sum(np.exp(z) / np.exp(z).sum() for z in of_song) / len(of_song))
    return np.array(songs), np.array(rows)


def expect_votes(student: Student, logits: Array, song_of: Array) -> None:
    songs, right = votes_by_hand(logits, song_of)
    with np.errstate(all="ignore"):
        got = student.call("vote_per_song", logits, song_of)
    pair = isinstance(got, (tuple, list)) and len(got) == 2
    expect(pair, f"You return {kind_of(got)}; two arrays are right: songs and probabilities.")
    numbers, probabilities = two_arrays(got, ("songs", "probabilities"))
    if not np.array_equal(numbers, songs):
        message = f"Your songs are {numbers.tolist()}; {songs.tolist()} is right, each once and in increasing order."
        raise Mismatch(got, (songs, right), message=message)
    expect_whole(numbers, "songs")
    if probabilities.shape == right.shape and np.isfinite(probabilities).all():
        worst = int(np.argmax(np.abs(probabilities.sum(axis=1) - 1)))
        total = probabilities[worst].sum()
        if abs(total - 1) > 1e-4:
            message = f"The probabilities of song {songs[worst]} sum to {total:.3f}; 1 is right."
            raise Mismatch(got, (songs, right), message=message)
    expect_close(probabilities, right, atol=1e-5, **OF_SONGS)


@check(task="vote_per_song", label="one segment: its probabilities, the softmax of the logits")
def one_segment(student: Student, rng: np.random.Generator) -> None:
    expect_votes(student, rng.normal(0, 2, (1, 4)), np.array([3]))


@check(task="vote_per_song", label="probabilities are averaged: a certain segment outweighs two uncertain ones")
def certain_segment(student: Student, rng: np.random.Generator) -> None:
    p = np.array([[0.9, 0.1], [0.4, 0.6], [0.3, 0.7]])
    expect_votes(student, np.log(p) + rng.normal(0, 3, (3, 1)), np.array([0, 0, 0]))
    expect_votes(student, rng.normal(0, 3, (5, 3)), np.zeros(5, dtype=int))


@check(task="vote_per_song", label="songs of different lengths, and their segments in any order")
def any_order(student: Student, rng: np.random.Generator) -> None:
    song_of = rng.permutation(np.repeat([0, 1, 2, 3], [3, 1, 5, 2]))
    expect_votes(student, rng.normal(0, 2, (11, 4)), song_of)


@check(task="vote_per_song", label="songs have any numbers; the result is in increasing order")
def any_numbers(student: Student, rng: np.random.Generator) -> None:
    numbers = rng.permutation(np.arange(100, 400, 7))[:4]
    expect_votes(student, rng.normal(0, 2, (8, 3)), np.sort(numbers)[[2, 2, 0, 3, 1, 0, 2, 3]])


@check(task="vote_per_song", label="large logits: no overflow")
def large_logits(student: Student, rng: np.random.Generator) -> None:
    apart = np.array([[300.0], [-600.0], [0.0], [0.0]])  # e^300 and e^−600 are numbers yet, but not e^−900
    expect_votes(student, rng.normal(0, 2, (4, 3)) + apart, np.array([0, 0, 1, 1]))
    offsets = np.array([[1000.0], [-1000.0], [0.0], [900.0]])
    expect_votes(student, rng.normal(0, 2, (4, 3)) + offsets, np.array([0, 0, 1, 1]))
    expect_votes(student, rng.permuted([[1000.0, 0.0, -1000.0], [0.0, 1.0, 800.0]], axis=1), np.array([0, 0]))


# 3.5 confusion_matrix -----------------------------------------------------------------------------------------------

OF_CLASSES = {"axis": "column", "row": "row"}


def matrix_by_hand(reference: Array, predicted: Array, num_classes: int, normalise: bool) -> Array:
    pairs = list(zip(reference.tolist(), predicted.tolist(), strict=True))
    counts = np.array([[pairs.count((i, j)) for j in range(num_classes)] for i in range(num_classes)])
    if not normalise:
        return counts
    return np.array([row / sum(row) if sum(row) else 0.0 * row for row in counts])


def expect_matrix(
    student: Student, reference: Array, predicted: Array, num_classes: int, *, normalise: bool = False
) -> None:
    right = matrix_by_hand(reference, predicted, num_classes, normalise)
    options = {"normalise": True} if normalise else {}
    with np.errstate(all="ignore"):
        got = student.call("confusion_matrix", reference, predicted, num_classes=num_classes, **options)
    expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; a matrix, an array, is right.")
    message = f"The shape of your matrix is {got.shape}; {right.shape} is right."
    if got.shape != right.shape:
        raise Mismatch(got, right, message=message)
    expect_close(got, right, atol=1e-6, **OF_CLASSES)


def classified(rng: np.random.Generator, num_classes: int, examples: int) -> tuple[Array, Array]:
    """Draw references, and predictions of which about half are right."""
    reference = rng.integers(num_classes, size=examples)
    predicted = np.where(rng.random(examples) < 0.5, reference, rng.integers(num_classes, size=examples))
    return reference, predicted


@check(task="confusion_matrix", label="rows are references and columns are predictions")
def rows_are_references(student: Student, rng: np.random.Generator) -> None:
    a, b = rng.permutation(4)[:2]
    expect_matrix(student, np.array([a]), np.array([b]), 4)


@check(task="confusion_matrix", label="a pair that occurs several times is counted several times")
def repeated_pairs(student: Student, rng: np.random.Generator) -> None:
    for num_classes, examples in ((3, 40), (6, 100)):
        expect_matrix(student, *classified(rng, num_classes, examples), num_classes)


@check(task="confusion_matrix", label="a class that does not occur has a row and a column of zeros")
def absent_classes(student: Student, rng: np.random.Generator) -> None:
    reference, predicted = classified(rng, 3, 20)
    expect_matrix(student, reference, predicted, 5)
    expect_matrix(student, reference + 2, predicted + 2, 6)


@check(task="confusion_matrix", label="normalised: each row sums to 1, so that the diagonal holds the recall")
def rows_sum_to_one(student: Student, rng: np.random.Generator) -> None:
    reference, predicted = classified(rng, 4, 60)
    expect_matrix(student, np.r_[reference, 0, 1, 2, 3], np.r_[predicted, 0, 0, 0, 0], 4, normalise=True)
    expect_matrix(student, rng.permutation(4), rng.integers(4, size=4), 4, normalise=True)


@check(task="confusion_matrix", label="normalised: the row of a class without examples is 0, not NaN")
def no_nan(student: Student, rng: np.random.Generator) -> None:
    reference, predicted = classified(rng, 3, 30)
    expect_matrix(student, 2 * (reference // 2), predicted, 4, normalise=True)


@check(task="confusion_matrix", label="no examples: a matrix of zeros")
def no_examples(student: Student, rng: np.random.Generator) -> None:
    none = np.zeros(0, dtype=int)
    expect_matrix(student, none, none, int(rng.integers(2, 5)))


# 3.6 shift_gap ------------------------------------------------------------------------------------------------------

ENDS = ("gap", "low", "high")


def gap_by_hand(inside: Array, outside: Array, draws: Array) -> tuple[float, float, float]:
    gap_of = [sum(a) / len(a) - sum(b) / len(b) for a, b in zip(inside.tolist(), outside.tolist(), strict=True)]
    gaps = [sum(gap_of[song] for song in draw) / len(draw) for draw in draws.tolist()]
    low, high = np.quantile(gaps, [0.025, 0.975])
    return float(inside.mean() - outside.mean()), float(low), float(high)


def expect_gap(student: Student, inside: Array, outside: Array, draws: Array) -> None:
    right = gap_by_hand(inside, outside, draws)
    got = student.call("shift_gap", inside, outside, draws)
    if isinstance(got, np.ndarray) and got.shape == (3,):
        got = got.tolist()
    three = isinstance(got, (tuple, list)) and len(got) == 3
    expect(three, f"You return {kind_of(got)}; three numbers are right: gap, low, high.")
    for name, mine, true in zip(ENDS, got, right, strict=True):
        number = isinstance(mine, (int, float)) and not isinstance(mine, bool)
        expect(number, f"Your {name} is {kind_of(mine)}; a number is right.")
        if not abs(mine - true) <= 1e-6:
            message = f"Your {name} is {100 * mine:.1f} points; {100 * true:.1f} is right."
            raise Mismatch(got, right, message=message.replace("-", "−"))


def domains(rng: np.random.Generator, songs: int, segments: int) -> tuple[Array, Array]:
    """Draw which segments are right: difficult songs are difficult in both domains."""
    ease = rng.beta(0.7, 0.5, size=(songs, 1))
    inside = (rng.random((songs, segments)) < ease).astype(int)
    outside = (rng.random((songs, segments)) < 0.6 * ease).astype(int)
    return inside, outside


def drawn(rng: np.random.Generator, songs: int, resamples: int = 200) -> Array:
    return rng.integers(songs, size=(resamples, songs))


@check(task="shift_gap", label="the gap is the accuracy inside minus the accuracy outside")
def inside_minus_outside(student: Student, rng: np.random.Generator) -> None:
    inside, outside = domains(rng, 10, 4)
    expect_gap(student, inside, outside, np.tile(np.arange(10), (5, 1)))


@check(task="shift_gap", label="no difference anywhere: gap and interval are 0")
def no_gap(student: Student, rng: np.random.Generator) -> None:
    inside, _ = domains(rng, 12, 3)
    expect_gap(student, inside, inside, drawn(rng, 12))


@check(task="shift_gap", label="a song that is drawn twice counts twice")
def drawn_twice(student: Student, rng: np.random.Generator) -> None:
    inside, outside = np.array([[1, 1], [1, 0], [1, 1]]), np.array([[1, 1], [0, 0], [0, 1]])
    expect_gap(student, inside, outside, np.array([[0, 0, 1], [1, 1, 1], [2, 2, 0]]))


@check(task="shift_gap", label="songs are drawn, with all of their segments and in both domains")
def songs_are_drawn(student: Student, rng: np.random.Generator) -> None:
    for songs, segments in ((15, 6), (24, 3)):
        expect_gap(student, *domains(rng, songs, segments), drawn(rng, songs))


@check(task="shift_gap", label="the interval holds 95 % of the gaps of the resamples")
def ninety_five_percent(student: Student, rng: np.random.Generator) -> None:
    expect_gap(student, *domains(rng, 20, 5), drawn(rng, 20, resamples=500))


@check(task="shift_gap", label="better outside than inside: the gap is negative")
def negative_gap(student: Student, rng: np.random.Generator) -> None:
    inside, outside = domains(rng, 16, 4)
    expect_gap(student, outside, inside, drawn(rng, 16))


# 3.7 train_genre_classifier (open) ----------------------------------------------------------------------------------

BANDS = (55, 70, 80)  # the smallest accuracy of each, in percent


@lru_cache(maxsize=4)
def hidden_task(seed: int) -> GenreTask:
    """Draw artists that the practice data do not have."""
    return genre_task(np.random.default_rng([seed, 7]))


_measured: WeakKeyDictionary[Student, float] = WeakKeyDictionary()


def hidden_accuracy(student: Student, rng: np.random.Generator) -> float:
    """Return the accuracy on unseen artists in percent, measured once for all bands."""
    if student not in _measured:
        task = hidden_task(int(rng.integers(2**31)))
        got = student.call("train_genre_classifier", *task[:3])
        expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; an array of classes is right.")
        shape = task.test_labels.shape
        expect(got.shape == shape, f"The shape of your predictions is {got.shape}; {shape} is right.")
        expect(
            bool(np.issubdtype(got.dtype, np.integer)), f"Your predictions are {got.dtype}; whole numbers are right."
        )
        _measured[student] = 100 * float(np.mean(got == task.test_labels))
    return _measured[student]


def reach(band: int, student: Student, rng: np.random.Generator) -> None:
    """Report which band is reached, but no figure, so that no one tunes on these artists."""
    accuracy = hidden_accuracy(student, rng)
    reached = sum(accuracy >= limit for limit in BANDS)
    where = f"band {reached}" if reached else "no band yet"
    expect(reached >= band, f"On artists that you have not seen your answer reaches {where}.")


@check(task="train_genre_classifier", label="band 1: clearly better than the linear baseline (at least 55 %)")
def band_one(student: Student, rng: np.random.Generator) -> None:
    reach(1, student, rng)


@check(task="train_genre_classifier", label="band 2: the rhythm is used (at least 70 %)")
def band_two(student: Student, rng: np.random.Generator) -> None:
    reach(2, student, rng)


@check(task="train_genre_classifier", label="band 3: rhythm, whatever the instruments (at least 80 %)")
def band_three(student: Student, rng: np.random.Generator) -> None:
    reach(3, student, rng)
