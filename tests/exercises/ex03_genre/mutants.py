"""Misconceptions about classifying genres, as answers that people really give."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array = np.ndarray
Names = list[str]
Shares = Sequence[float]

# ---------------------------------------------------------------- 3.1 a split without leaks


def _cut(things: Array, shares: Shares) -> list[Array]:
    ends = np.floor(np.cumsum(shares)[:-1] * len(things) + 0.5).astype(int)
    return np.split(things, ends)


def _songs_of(groups: Sequence[Array], artists: Names) -> list[Array]:
    return [np.flatnonzero(np.isin(artists, group)) for group in groups]


@mutant(
    task="group_split",
    name="a leaking split: songs are shuffled, not artists",
    hint="An artist with three songs: may two of them be in training and the third in the test?",
)
def split_by_song(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    order = np.random.default_rng(seed).permutation(len(artists))
    return [np.sort(part) for part in _cut(order, shares)]


@mutant(
    task="group_split",
    name="songs shuffled within each genre",
    hint="Your genres are balanced, but count the artists who occur in two parts. What is a *group* here?",
)
def split_by_song_in_genres(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    of_genres = [_cut(rng.permutation(np.flatnonzero(np.array(genres) == g)), shares) for g in sorted(set(genres))]
    return [np.sort(np.concatenate(parts)) for parts in zip(*of_genres, strict=True)]


@mutant(
    task="group_split",
    name="artists shuffled without regard to genre",
    hint="With a few artists per genre, chance may put all rock bands into training. What is the recall of rock then?",
)
def genres_ignored(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    order = np.random.default_rng(seed).permutation(sorted(set(artists)))
    return _songs_of(_cut(order, shares), artists)


@mutant(
    task="group_split",
    name="the same artists whatever the seed",
    hint="Your result does not depend on the seed. Where is the order of the artists drawn?",
)
def never_shuffled(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    of_genre = [sorted({a for a, g in zip(artists, genres, strict=True) if g == genre}) for genre in set(genres)]
    cuts = [_cut(np.array(each), shares) for each in of_genre]
    return _songs_of([np.concatenate(groups) for groups in zip(*cuts, strict=True)], artists)


@mutant(
    task="group_split",
    name="whole genres as groups",
    hint="A genre that is only in the test part was never trained. Which column should stay together, and which be in "
    "every part?",
)
def genres_as_groups(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    order = np.random.default_rng(seed).permutation(sorted(set(genres)))
    return [np.flatnonzero(np.isin(genres, group)) for group in _cut(order, shares)]


@mutant(
    task="group_split",
    name="songs lost by rounding down",
    hint="Round 0.6 · 7, 0.2 · 7 and 0.2 · 7 down, and add. How many of seven artists are in no part?",
)
def rounded_down(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    groups: list[list[str]] = [[] for _ in shares]
    for genre in sorted(set(genres)):
        names = rng.permutation(sorted({a for a, g in zip(artists, genres, strict=True) if g == genre})).tolist()
        counts = [int(share * len(names)) for share in shares]
        for group, count in zip(groups, counts, strict=True):
            group += names[:count]
            names = names[count:]
    return _songs_of([np.array(group) for group in groups], artists)


@mutant(
    task="group_split",
    name="the training part holds everything",
    hint="Are the songs of your last part also in the first? What does a test on songs from training measure?",
)
def test_in_training(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    of_genre = [
        sorted({a for a, g in zip(artists, genres, strict=True) if g == genre}) for genre in sorted(set(genres))
    ]
    cuts = [_cut(rng.permutation(each), shares) for each in of_genre]
    parts = _songs_of([np.concatenate(groups) for groups in zip(*cuts, strict=True)], artists)
    return [np.arange(len(artists)), *parts[1:]]


def _artists_of(artists: Names, genres: Names, genre: str) -> Names:
    return sorted({a for a, g in zip(artists, genres, strict=True) if g == genre})


@mutant(
    task="group_split",
    name="halves rounded to the even number: np.round",
    hint="Six artists, cuts at 1.5 and 4.5: what are np.round(1.5) and np.round(4.5)? How many lie between?",
)
def halves_to_even(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    cuts = []
    for genre in sorted(set(genres)):
        drawn = rng.permutation(_artists_of(artists, genres, genre))
        cuts.append(np.split(drawn, np.round(np.cumsum(shares)[:-1] * len(drawn)).astype(int)))
    return _songs_of([np.concatenate(groups) for groups in zip(*cuts, strict=True)], artists)


@mutant(
    task="group_split",
    name="each part rounded by itself, the rest in the last one",
    hint="Four parts, each a quarter of six artists: round(1.5) is 2, three times. What is left for the last part?",
)
def rest_in_the_last(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    cuts = []
    for genre in sorted(set(genres)):
        drawn = rng.permutation(_artists_of(artists, genres, genre))
        cuts.append(np.split(drawn, np.cumsum([round(share * len(drawn)) for share in shares[:-1]])))
    return _songs_of([np.concatenate(groups) for groups in zip(*cuts, strict=True)], artists)


@mutant(
    task="group_split",
    name="each part rounded down, the rest in the last one",
    hint="Shares of 0.6, 0.2 and 0.2 of eight artists: 4 and 1. What does the last part get, and what should it?",
)
def rounded_down_rest_last(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    cuts = []
    for genre in sorted(set(genres)):
        drawn = rng.permutation(_artists_of(artists, genres, genre))
        cuts.append(np.split(drawn, np.cumsum([int(share * len(drawn)) for share in shares[:-1]])))
    return _songs_of([np.concatenate(groups) for groups in zip(*cuts, strict=True)], artists)


@mutant(
    task="group_split",
    name="artists drawn in the order of a set",
    hint="Print list(set(artists)), start Python again, and print it once more. What does a seed decide if the list "
    "itself changes?",
)
def order_of_a_set(artists: Names, genres: Names, *, shares: Shares, seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    of_genres = [list({a for a, g in zip(artists, genres, strict=True) if g == genre}) for genre in sorted(set(genres))]
    cuts = [_cut(rng.permutation(of_genre), shares) for of_genre in of_genres]
    return _songs_of([np.concatenate(groups) for groups in zip(*cuts, strict=True)], artists)


# ---------------------------------------------------------------- 3.2 segments


def _segments(songs: list[Array], starts: list[list[int]], frames: int) -> tuple[Array, Array]:
    segments = [song[:, s : s + frames] for song, of_song in zip(songs, starts, strict=True) for s in of_song]
    numbers = [number for number, of_song in enumerate(starts) for _ in of_song]
    return np.stack(segments), np.array(numbers)


@mutant(
    task="song_segments",
    name="no overlap: the next segment begins where the last one ends",
    hint="Two numbers are given. What is the hop for?",
)
def no_overlap(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    starts = [list(range(0, song.shape[1] - frames + 1, frames)) for song in spectrograms]
    return _segments(spectrograms, starts, frames)


@mutant(
    task="song_segments",
    name="the last whole segment forgotten",
    hint="A song of 6 frames, segments of 6 frames: does one fit? range(0, 6 − 6) is empty.",
)
def last_forgotten(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    starts = [list(range(0, max(song.shape[1] - frames, 0), hop)) for song in spectrograms]
    return _segments(spectrograms, starts, frames)


@mutant(
    task="song_segments",
    name="the last segment moved back to the end of the song",
    hint="Some people do this, so that nothing is lost. What does the docstring say about the rest?",
)
def moved_back(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    starts = []
    for song in spectrograms:
        of_song = list(range(0, song.shape[1] - frames + 1, hop))
        if of_song and of_song[-1] + frames < song.shape[1]:
            of_song.append(song.shape[1] - frames)
        starts.append(of_song)
    return _segments(spectrograms, starts, frames)


@mutant(
    task="song_segments",
    name="partial segments filled with zeros",
    hint="The last of your segments ends in silence that is not in the song. What would a network learn from it?",
)
def filled_up(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    padded = [np.pad(song, ((0, 0), (0, frames))) for song in spectrograms]
    starts = [list(range(0, song.shape[1], hop)) for song in spectrograms]
    return _segments(padded, starts, frames)


@mutant(
    task="song_segments",
    name="songs joined into a single long one",
    hint="Some of your segments begin in one song and end in the next. Which genre do they have?",
)
def joined(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    long = np.concatenate(spectrograms, axis=1)
    owner = np.repeat(np.arange(len(spectrograms)), [song.shape[1] for song in spectrograms])
    starts = list(range(0, long.shape[1] - frames + 1, hop))
    return np.stack([long[:, s : s + frames] for s in starts]), owner[starts]


@mutant(
    task="song_segments",
    name="segments numbered within each song",
    hint="Your second array says which segment of its song each one is. Which song is it from?",
)
def numbered_within(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    starts = [list(range(0, song.shape[1] - frames + 1, hop)) for song in spectrograms]
    segments, _ = _segments(spectrograms, starts, frames)
    return segments, np.array([number for of_song in starts for number in range(len(of_song))])


@mutant(
    task="song_segments",
    name="songs renumbered after the short ones were dropped",
    hint="Song 0 is too short. Does the first segment still carry the index of the song that it is from?",
)
def renumbered(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    long = [song for song in spectrograms if song.shape[1] >= frames]
    starts = [list(range(0, song.shape[1] - frames + 1, hop)) for song in long]
    return _segments(long, starts, frames)


@mutant(
    task="song_segments",
    name="the hop taken for the overlap",
    hint="With frames=8 and hop=5, does the second segment start at frame 5 or at frame 3? Where does a hop begin?",
)
def hop_as_overlap(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    starts = [list(range(0, song.shape[1] - frames + 1, max(frames - hop, 1))) for song in spectrograms]
    return _segments(spectrograms, starts, frames)


@mutant(
    task="song_segments",
    name="short songs filled with zeros",
    hint="Your song of 4 frames has a segment of 8. What does the docstring say about a song that is too short?",
)
def short_songs_filled(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    long = [np.pad(song, ((0, 0), (0, max(0, frames - song.shape[1])))) for song in spectrograms]
    starts = [list(range(0, song.shape[1] - frames + 1, hop)) for song in long]
    return _segments(long, starts, frames)


@mutant(
    task="song_segments",
    name="segments in double precision",
    hint="np.zeros makes an array of float64. What does a network of float32 weights say to it? np.zeros has a dtype.",
)
def double_precision(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    starts = [list(range(0, song.shape[1] - frames + 1, hop)) for song in spectrograms]
    segments, song_of = _segments(spectrograms, starts, frames)
    return segments.astype(np.float64), song_of


# ---------------------------------------------------------------- 3.3 the first convolution


@mutant(
    task="fold_first_conv",
    name="the mean of the channels instead of their sum",
    hint="A grey picture has the value g in all three channels, and the layer adds up three products. By which factor "
    "is your output too small?",
)
def mean_of_channels(weight: Array) -> Array:
    return weight.mean(axis=1, keepdims=True)


@mutant(
    task="fold_first_conv",
    name="the first channel alone",
    hint="Two thirds of the trained weights are missing from your result. What did the network find in green and blue?",
)
def first_channel(weight: Array) -> Array:
    return weight[:, :1].copy()


@mutant(
    task="fold_first_conv",
    name="fresh random weights",
    hint="A new first layer throws away what was learned, and sends noise into all the others. Which function of the "
    "old weights gives the same output?",
)
def fresh_weights(weight: Array) -> Array:
    out, _, height, width = weight.shape
    fan_in = height * width
    return np.random.default_rng(0).normal(0, np.sqrt(2 / fan_in), (out, 1, height, width))


@mutant(
    task="fold_first_conv",
    name="the sum over the outputs instead of the channels",
    hint="The axes are (out, channels, k, k). Which of them had the colours?",
)
def sum_over_outputs(weight: Array) -> Array:
    return weight.sum(axis=0)[:, None]


@mutant(
    task="fold_first_conv",
    name="the axis of the channels dropped",
    hint="nn.Conv2d expects four axes, (out, in, k, k), even if there is a single input channel. What does keepdims "
    "do?",
)
def axis_dropped(weight: Array) -> Array:
    return weight.sum(axis=1)


@mutant(
    task="fold_first_conv",
    name="the weights of brightness for the eye",
    hint="0.299, 0.587 and 0.114 turn a colour *picture* into a grey one. Here the picture is grey already: what do "
    "its three equal channels add up to?",
)
def luma(weight: Array) -> Array:
    return np.einsum("ocij,c->oij", weight, np.array([0.299, 0.587, 0.114]))[:, None]


@mutant(
    task="fold_first_conv",
    name="the sum divided by √3, to keep the spread of the weights",
    hint="That suits random weights. These are trained: which output do the layers after them expect?",
)
def spread_kept(weight: Array) -> Array:
    return weight.sum(axis=1, keepdims=True) / np.sqrt(3).astype(weight.dtype)


@mutant(
    task="fold_first_conv",
    name="weights in double precision",
    hint="The numbers are right. Which dtype had the trained weights, and which have yours? PyTorch mixes no two.",
)
def double_weights(weight: Array) -> Array:
    return weight.sum(axis=1, keepdims=True, dtype=np.float64)


# ---------------------------------------------------------------- 3.4 one genre per song

Votes = tuple[Array, Array]


def _softmax(logits: Array, axis: int = 1) -> Array:
    exponentials = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def _mean_by_song(values: Array, song_of: Array) -> Votes:
    songs = np.unique(song_of)
    return songs, np.stack([values[song_of == song].mean(axis=0) for song in songs])


@mutant(
    task="vote_per_song",
    name="hard votes: shares of segments instead of mean probabilities",
    hint="A segment with 0.51 and one with 0.99 have the same weight in your vote. Which step throws the difference "
    "away?",
)
def hard_votes(logits: Array, song_of: Array) -> Votes:
    return _mean_by_song(np.eye(logits.shape[1])[logits.argmax(axis=1)], song_of)


@mutant(
    task="vote_per_song",
    name="logits averaged, then softmax",
    hint="The mean of logarithms is a *geometric* mean: one segment that is sure of the opposite outweighs all "
    "others. What comes first in the formula?",
)
def logits_averaged(logits: Array, song_of: Array) -> Votes:
    songs, means = _mean_by_song(logits, song_of)
    return songs, _softmax(means)


@mutant(
    task="vote_per_song",
    name="logits taken for probabilities",
    hint="What is the sum of one of your rows? Logits are any numbers; which function turns them into probabilities?",
)
def no_softmax(logits: Array, song_of: Array) -> Votes:
    return _mean_by_song(logits, song_of)


@mutant(
    task="vote_per_song",
    name="softmax over the segments instead of the classes",
    hint="Each segment distributes a probability of 1 over the *classes*. Along which axis are they?",
)
def wrong_axis(logits: Array, song_of: Array) -> Votes:
    return _mean_by_song(_softmax(logits, axis=0), song_of)


@mutant(
    task="vote_per_song",
    name="softmax that overflows",
    hint="e^1000 is infinite, and ∞ / ∞ is not a number. Which number may be subtracted from all logits of a segment "
    "without changing its softmax?",
)
def overflowing(logits: Array, song_of: Array) -> Votes:
    with np.errstate(all="ignore"):
        exponentials = np.exp(logits)
        return _mean_by_song(exponentials / exponentials.sum(axis=1, keepdims=True), song_of)


@mutant(
    task="vote_per_song",
    name="votes counted for the wrong song: equal runs of segments assumed",
    hint="You divide the segments evenly among the songs, in their order. Which argument says where each one belongs?",
)
def equal_runs(logits: Array, song_of: Array) -> Votes:
    songs = np.unique(song_of)
    parts = np.array_split(_softmax(logits), len(songs))
    return songs, np.stack([part.mean(axis=0) for part in parts])


@mutant(
    task="vote_per_song",
    name="songs in order of appearance, named in increasing order",
    hint="Your probabilities are right, but in another order than your songs. Which row belongs to which song?",
)
def order_of_appearance(logits: Array, song_of: Array) -> Votes:
    seen = list(dict.fromkeys(song_of.tolist()))
    rows = np.stack([_softmax(logits)[song_of == song].mean(axis=0) for song in seen])
    return np.unique(song_of), rows


@mutant(
    task="vote_per_song",
    name="sums instead of means",
    hint="A song with ten segments: what do its probabilities add up to in your result?",
)
def sums(logits: Array, song_of: Array) -> Votes:
    songs = np.unique(song_of)
    return songs, np.stack([_softmax(logits)[song_of == song].sum(axis=0) for song in songs])


@mutant(
    task="vote_per_song",
    name="the largest logit of all segments subtracted from each",
    hint="One segment has logits near 300, another near −600. What is exp of the second after you subtract 300?",
)
def one_maximum(logits: Array, song_of: Array) -> Votes:
    with np.errstate(all="ignore"):
        exponentials = np.exp(logits - logits.max())
        return _mean_by_song(exponentials / exponentials.sum(axis=1, keepdims=True), song_of)


@mutant(
    task="vote_per_song",
    name="logits clipped before exp",
    hint="After clipping at 500, what is the difference between the logits 1000 and 1003? And what was it before?",
)
def clipped(logits: Array, song_of: Array) -> Votes:
    return _mean_by_song(_softmax(np.clip(logits, -500, 500)), song_of)


@mutant(
    task="vote_per_song",
    name="songs numbered anew from 0",
    hint="The test songs are 7, 12 and 30, and you return 0, 1 and 2. Whose labels are then compared?",
)
def numbered_anew(logits: Array, song_of: Array) -> Votes:
    songs, rows = _mean_by_song(_softmax(logits), song_of)
    return np.arange(len(songs)), rows


@mutant(
    task="vote_per_song",
    name="only the last run of segments of each song",
    hint="itertools.groupby begins a new group whenever the key changes. What becomes of a song in two runs?",
)
def last_run(logits: Array, song_of: Array) -> Votes:
    runs = np.split(np.arange(len(song_of)), np.flatnonzero(np.diff(song_of)) + 1)
    rows = {int(song_of[run[0]]): _softmax(logits[run]).mean(axis=0) for run in runs}
    songs = sorted(rows)
    return np.array(songs), np.stack([rows[song] for song in songs])


@mutant(
    task="vote_per_song",
    name="the median instead of the mean",
    hint="Of 0.9, 0.4 and 0.3 the median is 0.4, whatever the certain segment says. What does the formula ask for?",
)
def median(logits: Array, song_of: Array) -> Votes:
    songs = np.unique(song_of)
    return songs, np.stack([np.median(_softmax(logits)[song_of == song], axis=0) for song in songs])


# ---------------------------------------------------------------- 3.5 confusion matrix


def _counts(reference: Array, predicted: Array, num_classes: int) -> Array:
    counts = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(counts, (reference, predicted), 1)
    return counts


def _recalls(counts: Array) -> Array:
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@mutant(
    task="confusion_matrix",
    name="rows and columns exchanged",
    hint="One example of class 0 that is taken for class 1: is your count in row 0 or in row 1?",
)
def transposed(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    counts = _counts(predicted, reference, num_classes)
    return _recalls(counts) if normalise else counts


@mutant(
    task="confusion_matrix",
    name="each pair counted once, however often it occurs",
    hint="counts[reference, predicted] += 1 reads all cells first and writes them afterwards. What happens to a cell "
    "that is listed five times?",
)
def counted_once(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    counts = np.zeros((num_classes, num_classes), dtype=int)
    counts[reference, predicted] += 1
    return _recalls(counts) if normalise else counts


@mutant(
    task="confusion_matrix",
    name="columns normalised: precision instead of recall",
    hint="What do the rows of your matrix sum to, and what do its columns? The question was: of all rock songs, how "
    "many …",
)
def columns_normalised(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    counts = _counts(reference, predicted, num_classes)
    return counts / np.maximum(counts.sum(axis=0), 1) if normalise else counts


@mutant(
    task="confusion_matrix",
    name="divided by the number of all examples",
    hint="A genre with ten times as many songs has a row that is ten times as dark in your matrix. What should each "
    "row sum to?",
)
def divided_by_all(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    counts = _counts(reference, predicted, num_classes)
    return counts / max(len(reference), 1) if normalise else counts


@mutant(
    task="confusion_matrix",
    name="NaN for a class without examples",
    hint="The row of a class that does not occur sums to 0. What is 0 / 0, and what becomes of the mean of the "
    "diagonal?",
)
def nan_rows(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    counts = _counts(reference, predicted, num_classes)
    with np.errstate(all="ignore"):
        return counts / counts.sum(axis=1, keepdims=True) if normalise else counts


@mutant(
    task="confusion_matrix",
    name="only the classes that occur",
    hint="Two matrices of the same classifier should have the same size, whichever genres the test happens to "
    "contain. Which argument gives it?",
)
def classes_that_occur(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    classes, numbers = np.unique(np.concatenate([reference, predicted]), return_inverse=True)
    counts = _counts(numbers[: len(reference)], numbers[len(reference) :], len(classes))
    return _recalls(counts) if normalise else counts


@mutant(
    task="confusion_matrix",
    name="always normalised",
    hint="Without normalise=True, counts are asked for: whole numbers. What do yours sum to?",
)
def always_normalised(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    return _recalls(_counts(reference, predicted, num_classes))


@mutant(
    task="confusion_matrix",
    name="each column divided by the sum of the row with its number",
    hint="A sum of shape (n,) is matched with the *columns*. Which shape goes with the rows? See keepdims.",
)
def sums_without_keepdims(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    counts = _counts(reference, predicted, num_classes)
    return counts / np.maximum(counts.sum(axis=1), 1) if normalise else counts


@mutant(
    task="confusion_matrix",
    name="shares stored as whole numbers",
    hint="You write 0.6 into an array of whole numbers, or divide by //. What is left of it?",
)
def whole_shares(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    counts = _counts(reference, predicted, num_classes)
    return _recalls(counts).astype(int) if normalise else counts


@mutant(
    task="confusion_matrix",
    name="never normalised",
    hint="What does your function do with normalise=True? What should each row sum to then?",
)
def never_normalised(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    return _counts(reference, predicted, num_classes)


@mutant(
    task="confusion_matrix",
    name="the row of a class without examples is uniform",
    hint="You give a class without examples the same share everywhere. What does the docstring say about its row?",
)
def uniform_rows(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    counts = _counts(reference, predicted, num_classes)
    uniform = np.where(counts.sum(axis=1, keepdims=True) > 0, _recalls(counts), 1 / num_classes)
    return uniform if normalise else counts


# ---------------------------------------------------------------- 3.6 the cost of a shift

Gap = tuple[float, float, float]
ENDS = [0.025, 0.975]


def _gap(gap: float, ends: Array) -> Gap:
    return float(gap), float(ends[0]), float(ends[1])


def _difference(inside: Array, outside: Array) -> Array:
    return inside.mean(axis=1) - outside.mean(axis=1)


@mutant(
    task="shift_gap",
    name="the gap with the wrong sign",
    hint="A classifier loses 30 points in another domain. Is your gap +30 or −30?",
)
def wrong_sign(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = _difference(outside, inside)
    return _gap(gaps.mean(), np.quantile(gaps[draws].mean(axis=1), ENDS))


@mutant(
    task="shift_gap",
    name="segments taken for independent",
    hint="Copy every segment ten times. Your interval becomes three times narrower; is more known about the *songs*?",
)
def segments_independent(inside: Array, outside: Array, draws: Array) -> Gap:
    a, b = inside.mean(), outside.mean()
    error = np.sqrt((a * (1 - a) + b * (1 - b)) / inside.size)
    return _gap(a - b, a - b + 1.96 * error * np.array([-1, 1]))


@mutant(
    task="shift_gap",
    name="ends of two separate intervals subtracted",
    hint="low inside minus high outside assumes that luck inside comes with bad luck outside. But a difficult song is "
    "difficult in both: which difference should be resampled?",
)
def two_intervals(inside: Array, outside: Array, draws: Array) -> Gap:
    a = np.quantile(inside.mean(axis=1)[draws].mean(axis=1), ENDS)
    b = np.quantile(outside.mean(axis=1)[draws].mean(axis=1), ENDS)
    return float(inside.mean() - outside.mean()), float(a[0] - b[1]), float(a[1] - b[0])


@mutant(
    task="shift_gap",
    name="a song counted once, however often it was drawn",
    hint="np.isin or a set forgets repetitions. A resample is a list of songs: which song is in [0, 0, 1] twice?",
)
def counted_once_only(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = _difference(inside, outside)
    resampled = [gaps[np.unique(draw)].mean() for draw in draws]
    return _gap(gaps.mean(), np.quantile(resampled, ENDS))


@mutant(
    task="shift_gap",
    name="an interval that holds 90 % of the gaps",
    hint="Quantiles 0.05 and 0.95 leave 5 % on *each* side. How much should they leave there for 95 %?",
)
def ninety_percent(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = _difference(inside, outside)
    return _gap(gaps.mean(), np.quantile(gaps[draws].mean(axis=1), [0.05, 0.95]))


@mutant(
    task="shift_gap",
    name="the spread of the songs instead of that of their mean",
    hint="Your interval says where the gap of a single *song* lies. It would not become narrower with a thousand "
    "songs. What is averaged in each resample?",
)
def spread_of_songs(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = _difference(inside, outside)
    return _gap(gaps.mean(), np.quantile(gaps, ENDS))


@mutant(
    task="shift_gap",
    name="the smallest and the largest gap of all resamples",
    hint="With more resamples your interval becomes wider and wider. Which share of the gaps should it hold?",
)
def extremes(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = _difference(inside, outside)
    resampled = gaps[draws].mean(axis=1)
    return float(gaps.mean()), float(resampled.min()), float(resampled.max())


@mutant(
    task="shift_gap",
    name="songs drawn inside only",
    hint="Inside you take the songs of the resample, outside all songs. The gap should compare the same songs: does "
    "yours?",
)
def drawn_inside_only(inside: Array, outside: Array, draws: Array) -> Gap:
    resampled = inside.mean(axis=1)[draws].mean(axis=1) - outside.mean()
    return _gap(inside.mean() - outside.mean(), np.quantile(resampled, ENDS))


@mutant(
    task="shift_gap",
    name="the mean of the resampled gaps as the gap",
    hint="All songs are known: is the gap on them uncertain? What are the resamples for?",
)
def mean_of_resamples(inside: Array, outside: Array, draws: Array) -> Gap:
    resampled = _difference(inside, outside)[draws].mean(axis=1)
    return _gap(resampled.mean(), np.quantile(resampled, ENDS))


@mutant(
    task="shift_gap",
    name="percent and shares confused: np.percentile with 0.025 and 0.975",
    hint="np.percentile counts from 0 to 100. Which share of the gaps lies below its 0.975?",
)
def percent_for_shares(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = _difference(inside, outside)
    return _gap(gaps.mean(), np.percentile(gaps[draws].mean(axis=1), ENDS))


@mutant(
    task="shift_gap",
    name="1.96 standard deviations of the resampled gaps",
    hint="That supposes a normal distribution of the gaps. Which two of the gaps themselves are asked for?",
)
def normal_interval(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = _difference(inside, outside)
    return _gap(gaps.mean(), gaps.mean() + 1.96 * gaps[draws].mean(axis=1).std() * np.array([-1, 1]))


@mutant(
    task="shift_gap",
    name="averaged over the resamples instead of the songs",
    hint="g[draws] has the shape (resamples, songs). Should one gap be left for each resample, or for each place?",
)
def over_the_resamples(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = _difference(inside, outside)
    return _gap(gaps.mean(), np.quantile(gaps[draws].mean(axis=0), ENDS))


@mutant(
    task="shift_gap",
    name="the interval mirrored at the gap",
    hint="2 · gap − quantile gives another interval, the *basic* bootstrap. Which ends does the text define?",
)
def mirrored(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = _difference(inside, outside)
    low, high = np.quantile(gaps[draws].mean(axis=1), ENDS)
    return _gap(gaps.mean(), np.array([2 * gaps.mean() - high, 2 * gaps.mean() - low]))


@mutant(
    task="shift_gap",
    name="each song right or wrong by the majority of its segments",
    hint="The gap is a loss of right *segments*. What becomes of a song with two of three right inside, three outside?",
)
def majority_of_segments(inside: Array, outside: Array, draws: Array) -> Gap:
    gaps = (inside.mean(axis=1) > 0.5).astype(float) - (outside.mean(axis=1) > 0.5)
    return _gap(gaps.mean(), np.quantile(gaps[draws].mean(axis=1), ENDS))


@mutant(
    task="shift_gap",
    name="different songs drawn in the two domains",
    hint="You use one resample inside and another one outside. Is a difficult song still compared with itself?",
)
def not_paired(inside: Array, outside: Array, draws: Array) -> Gap:
    a, b = inside.mean(axis=1), outside.mean(axis=1)
    resampled = a[draws].mean(axis=1) - b[draws[::-1]].mean(axis=1)
    return _gap(a.mean() - b.mean(), np.quantile(resampled, ENDS))
