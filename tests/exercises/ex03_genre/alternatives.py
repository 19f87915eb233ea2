"""Right answers to exercise 3 in other styles than the solution: loops, dictionaries, matrices."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from audiocourse.learn.checking.authoring import alternative

Array = np.ndarray


# ---------------------------------------------------------------- 3.1 a split without leaks


@alternative(task="group_split")
def dealt_like_cards(artists: list[str], genres: list[str], *, shares: Sequence[float], seed: int) -> list[list[int]]:
    """Each artist goes to the part that is furthest behind its share of the genre so far."""
    generator = random.Random(seed)
    of_genre: dict[str, list[str]] = defaultdict(list)
    for artist, genre in sorted(set(zip(artists, genres, strict=True))):
        of_genre[genre].append(artist)
    part_of = {}
    for names in of_genre.values():
        generator.shuffle(names)
        counts = [0] * len(shares)
        for artist in names:
            behind = [share * len(names) - count for share, count in zip(shares, counts, strict=True)]
            part = behind.index(max(behind))
            counts[part] += 1
            part_of[artist] = part
    return [[i for i, artist in enumerate(artists) if part_of[artist] == p] for p in range(len(shares))]


@alternative(task="group_split")
def cut_in_numpy(artists: list[str], genres: list[str], *, shares: Sequence[float], seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    names, kinds = np.array(artists), np.array(genres)
    parts: list[list[Array]] = [[] for _ in shares]
    for genre in np.unique(kinds):
        drawn = rng.permutation(np.unique(names[kinds == genre]))
        ends = np.ceil(np.cumsum(shares)[:-1] * len(drawn) - 1e-9).astype(int)  # any rounding, but always the same
        for part, group in zip(parts, np.split(drawn, ends), strict=True):
            part.append(np.flatnonzero(np.isin(names, group)))
    return [np.sort(np.concatenate(part)) for part in parts]


@alternative(task="group_split")
def largest_remainders(
    artists: list[str], genres: list[str], *, shares: Sequence[float], seed: int
) -> tuple[list[int], ...]:
    """Everyone gets the share rounded down; those who lost most get one more. Artists in order of appearance."""
    generator = random.Random(seed)
    part_of = {}
    for genre in dict.fromkeys(genres):
        names = list(dict.fromkeys(a for a, g in zip(artists, genres, strict=True) if g == genre))
        generator.shuffle(names)
        exact = np.array(shares) * len(names)
        counts = np.floor(exact + 1e-9).astype(int)
        counts[np.argsort(counts - exact, kind="stable")[: len(names) - counts.sum()]] += 1
        part_of |= dict(zip(names, np.repeat(np.arange(len(shares)), counts).tolist(), strict=True))
    return tuple([i for i, artist in enumerate(artists) if part_of[artist] == part] for part in range(len(shares)))


# ---------------------------------------------------------------- 3.2 segments


@alternative(task="song_segments")
def by_counting(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    counts = [max(0, 1 + (x.shape[1] - frames) // hop) if x.shape[1] >= frames else 0 for x in spectrograms]
    cuts = [x[:, k * hop + np.arange(frames)] for x, n in zip(spectrograms, counts, strict=True) for k in range(n)]
    return np.array(cuts), np.repeat(np.arange(len(counts)), counts)


@alternative(task="song_segments")
def while_it_fits(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    segments, song_of = [], []
    for number, x in enumerate(spectrograms):
        while x.shape[1] >= frames:
            segments.append(x[:, :frames])
            song_of.append(number)
            x = x[:, hop:]
    return np.stack(segments), np.array(song_of)


@alternative(task="song_segments")
def into_an_array(spectrograms: list[Array], *, frames: int, hop: int) -> tuple[Array, Array]:
    places = [(song, start) for song, x in enumerate(spectrograms) for start in range(0, x.shape[1] - frames + 1, hop)]
    segments = np.empty((len(places), len(spectrograms[0]), frames), spectrograms[0].dtype)
    for segment, (song, start) in zip(segments, places, strict=True):
        segment[:] = spectrograms[song][:, start : start + frames]
    return segments, np.array([song for song, _ in places])


# ---------------------------------------------------------------- 3.3 the first convolution


@alternative(task="fold_first_conv")
def added_up(weight: Array) -> Array:
    return weight[:, 0:1] + weight[:, 1:2] + weight[:, 2:3]


@alternative(task="fold_first_conv")
def einsum(weight: Array) -> Array:
    return np.einsum("ocij->oij", weight)[:, None]


# ---------------------------------------------------------------- 3.4 one genre per song


@alternative(task="vote_per_song")
def with_matrices(logits: Array, song_of: Array) -> tuple[Array, Array]:
    songs, number = np.unique(song_of, return_inverse=True)
    members = (np.arange(len(songs))[:, None] == number).astype(float)
    probabilities = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    return songs, members @ probabilities / members.sum(axis=1, keepdims=True)


@alternative(task="vote_per_song")
def with_a_dictionary(logits: Array, song_of: Array) -> tuple[Array, Array]:
    rows = defaultdict(list)
    for z, song in zip(logits, song_of.tolist(), strict=True):
        exponentials = np.exp(z - max(z))
        rows[song].append(exponentials / sum(exponentials))
    songs = sorted(rows)
    return np.array(songs), np.array([np.mean(rows[song], axis=0) for song in songs])


# ---------------------------------------------------------------- 3.5 confusion matrix


@alternative(task="confusion_matrix")
def with_bincount(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    cells = np.bincount(reference * num_classes + predicted, minlength=num_classes**2)
    counts = cells.reshape(num_classes, num_classes)
    totals = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0) if normalise else counts


@alternative(task="confusion_matrix")
def with_a_counter(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    counter = Counter(zip(reference.tolist(), predicted.tolist(), strict=True))
    matrix = np.zeros((num_classes, num_classes))
    for (row, column), count in counter.items():
        matrix[row, column] = count
    for row in matrix:
        if normalise and row.any():
            row /= row.sum()
    return matrix


@alternative(task="confusion_matrix")
def one_hot_product(reference: Array, predicted: Array, *, num_classes: int, normalise: bool = False) -> Array:
    one_hot = np.eye(num_classes)
    counts = one_hot[reference].T @ one_hot[predicted]
    return counts / (counts.sum(axis=1, keepdims=True) + 1e-9) if normalise else counts


# ---------------------------------------------------------------- 3.6 the cost of a shift


@alternative(task="shift_gap")
def all_at_once(inside: Array, outside: Array, draws: Array) -> tuple[float, float, float]:
    resampled = inside[draws].mean(axis=(1, 2)) - outside[draws].mean(axis=(1, 2))
    low, high = np.percentile(resampled, (2.5, 97.5))
    return float(np.mean(inside) - np.mean(outside)), float(low), float(high)


@alternative(task="shift_gap")
def by_counting_draws(inside: Array, outside: Array, draws: Array) -> list[float]:
    counts = np.stack([np.bincount(draw, minlength=len(inside)) for draw in draws])
    gaps = counts @ (inside.sum(axis=1) - outside.sum(axis=1)) / (draws.shape[1] * inside.shape[1])
    ends = np.quantile(gaps, (0.025, 0.975)).tolist()
    return [float((inside.sum() - outside.sum()) / inside.size), *ends]


# ---------------------------------------------------------------- 3.7 your own network


@alternative(task="train_genre_classifier")
def wider_and_with_shifts(train_features: Array, train_labels: Array, test_features: Array) -> Array:
    """Another network: onsets as input, a wide second convolution, segments turned round in time."""
    import torch
    from torch import nn

    torch.manual_seed(1)
    network = nn.Sequential(
        *(nn.Conv1d(16, 20, 5, padding=2), nn.BatchNorm1d(20), nn.ReLU(), nn.MaxPool1d(2)),
        *(nn.Conv1d(20, 40, 9, padding=4), nn.BatchNorm1d(40), nn.ReLU(), nn.AdaptiveMaxPool1d(4)),
        *(nn.Flatten(), nn.Linear(160, 6)),
    )

    def inputs(x: Array) -> torch.Tensor:
        centred = x - x.mean(axis=2, keepdims=True)
        return torch.tensor(centred / (0.3 + x.std(axis=2, keepdims=True)))

    x, y = inputs(train_features), torch.tensor(train_labels)
    steps = 12 * math.ceil(len(x) / 32)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, total_steps=steps)
    for _ in range(12):
        for batch in torch.randperm(len(x)).split(32):
            turned = torch.roll(x[batch], int(torch.randint(64, ())), 2)
            loss = nn.functional.cross_entropy(network(turned), y[batch], label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    network.eval()
    with torch.no_grad():
        return network(inputs(test_features)).argmax(dim=1).numpy()
