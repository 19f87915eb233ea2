"""A toy training in a process of its own: ``python toy_training.py OUT STATE EPOCHS [KILL_AT]``.

With KILL_AT it kills itself at that write to disk, in the middle of saving; a negative one kills it in that step.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
from pathlib import Path

import torch

from audiocourse.zoo import fit, seeded, warm_up_then_cosine


class Net(torch.nn.Module):
    """A little of everything that has a state: dropout, batch norm, Adam, a schedule."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(3, 8),
            torch.nn.BatchNorm1d(8),
            torch.nn.Tanh(),
            torch.nn.Dropout(0.3),
            torch.nn.Linear(8, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.layers(x)
        return out


def batches(epoch: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    rng = torch.Generator().manual_seed(epoch)
    x = torch.randn(4, 16, 3, generator=rng)
    return [(part, part.sum(1, keepdim=True)) for part in x]


def loss(model: torch.nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    return torch.nn.functional.mse_loss(model(batch[0]), batch[1])


def validate(model: torch.nn.Module) -> float:
    return sum(float(loss(model, batch)) for batch in batches(1_000))


def train(state: Path | None, epochs: int, *, seed: int = 5) -> torch.nn.Module:
    with seeded(seed):
        net = Net()
    schedule = warm_up_then_cosine(40, warm_up=4)
    fit(
        net, batches, loss=loss, epochs=epochs, seed=seed, learning_rate=0.05, schedule=schedule, validate=validate,
        folder=state,
    )  # fmt: skip
    return net


def kill_at_write(number: int) -> None:
    fsync, left = os.fsync, [number]

    def dying(file: int) -> None:
        left[0] -= stat.S_ISREG(os.fstat(file).st_mode)  # the folder is flushed too
        if left[0] == 0:
            os.ftruncate(file, 100)  # what a crash of the machine leaves of a file that was never flushed
            os.kill(os.getpid(), signal.SIGKILL)
        fsync(file)

    os.fsync = dying


def kill_at_step(number: int) -> None:
    global batches
    made, left = batches, [number]

    def dying(epoch: int) -> object:
        for batch in made(epoch):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    batches = dying  # type: ignore[assignment]


if __name__ == "__main__":
    out, state, epochs, *kill = sys.argv[1:]
    if kill:
        (kill_at_write if int(kill[0]) > 0 else kill_at_step)(abs(int(kill[0])))
    model = train(Path(state), int(epochs))
    torch.save(model.state_dict(), out)
