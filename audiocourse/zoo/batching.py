"""Batches for `fit`: examples in random order, or with those of similar length together; padding and its mask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from audiocourse.zoo.fitting import fit
from audiocourse.zoo.schedules import warm_up_then_cosine

BATCHES_SORTED = 40  # so many batches are sorted by length at a time: less padding, still in random order


def shuffled_batches(
    *examples: torch.Tensor, batch_size: int, seed: int
) -> Callable[[int], Iterator[tuple[torch.Tensor, ...]]]:
    """Return a function from the epoch to its batches, in an order of its own; an incomplete batch is left out.

    Parameters
    ----------
    *examples : torch.Tensor [shape=(examples, ...)]
        For example features and targets.
    batch_size, seed : int
        The order follows from the seed and the epoch.
    """

    def batches(epoch: int) -> Iterator[tuple[torch.Tensor, ...]]:
        order = np.random.default_rng([seed, epoch]).permutation(len(examples[0]))
        for start in range(0, len(order) - batch_size + 1, batch_size):
            chosen = order[start : start + batch_size]
            yield tuple(values[chosen] for values in examples)

    return batches


def fit_examples(
    model: torch.nn.Module,
    *examples: torch.Tensor,
    loss: Callable[[torch.nn.Module, tuple[torch.Tensor, ...]], torch.Tensor],
    epochs: int,
    batch_size: int,
    seed: int,
    warm_up: float,
    folder: Path | None = None,
    log: Callable[[str], object] = print,
) -> None:
    """Train a small model on examples that fit into memory: `fit` on `shuffled_batches`, a warm-up and a cosine.

    Parameters
    ----------
    model : torch.nn.Module
        Trained in place.
    *examples : torch.Tensor [shape=(examples, ...)]
        For example features and targets.
    loss, epochs, seed, folder, log
        As for `fit`.
    batch_size : int
        Examples in a batch.
    warm_up : float
        The share of the steps in which the learning rate rises.
    """
    steps = epochs * (len(examples[0]) // batch_size)
    fit(
        model,
        shuffled_batches(*examples, batch_size=batch_size, seed=seed),
        loss=loss,
        epochs=epochs,
        seed=seed,
        learning_rate=4e-3,
        average=0.98,
        schedule=warm_up_then_cosine(steps, warm_up=int(steps * warm_up)),
        folder=folder,
        log=log,
    )


def batches_by_length(lengths: Sequence[int], rng: np.random.Generator, *, batch_size: int) -> Iterator[list[int]]:
    """Draw batches of example numbers in random order, so that the examples of a batch have similar lengths."""
    order = rng.permutation(len(lengths))
    batches: list[list[int]] = []
    for begin in range(0, len(order), BATCHES_SORTED * batch_size):
        block = [int(number) for number in order[begin : begin + BATCHES_SORTED * batch_size]]
        block.sort(key=lambda number: lengths[number])
        batches += [block[start : start + batch_size] for start in range(0, len(block), batch_size)]
    yield from (batches[number] for number in rng.permutation(len(batches)))


def padded(sequences: Sequence[NDArray[np.float32]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Put sequences (frames, features) into one batch: zeros beyond the end of each, and their lengths.

    Returns
    -------
    features : torch.Tensor [shape=(batch, longest, features)]
        float32.
    lengths : torch.Tensor [shape=(batch,)]
        Frames of each.
    """
    rows = [torch.from_numpy(np.ascontiguousarray(frames, dtype=np.float32)) for frames in sequences]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), torch.tensor([len(row) for row in rows])


def padding_mask(lengths: torch.Tensor, frames: int) -> torch.Tensor:
    """Return True for each frame beyond the end of its sequence: lengths (batch,) -> (batch, frames)."""
    return torch.arange(frames, device=lengths.device)[None] >= lengths[:, None]
