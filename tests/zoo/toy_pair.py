"""Toy trainings in two processes: ``torchrun --standalone --nproc_per_node 2 toy_pair.py FOLDER``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import torch
from zoo.toy_training import batches, loss, train

from audiocourse.zoo import fit, seeded


def main(folder: Path, rank: str) -> None:
    train(folder / "state", 1)
    torch.save(train(folder / "state", 2).state_dict(), folder / f"pieces.{rank}")
    torch.save(train(folder / "whole", 2).state_dict(), folder / f"whole.{rank}")
    with seeded(1):
        line = torch.nn.Linear(3, 1)
    fit(line, batches, loss=loss, epochs=2, seed=1)
    torch.save(line.state_dict(), folder / f"line.{rank}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), os.environ["RANK"])
