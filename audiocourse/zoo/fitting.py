"""One small training loop on accelerate: on a CPU, a GPU, several, or several machines with ``accelerate launch``."""

from __future__ import annotations

import atexit
import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from audiocourse.errors import AudioCourseError
from audiocourse.zoo.history import Epoch, History, require_finite
from audiocourse.zoo.seeds import seeded
from audiocourse.zoo.states import load_state, save_state

if TYPE_CHECKING:
    import torch

STATE_FILE = "fit.pt"


def fit(
    model: torch.nn.Module,
    batches: Callable[[int], Iterable[Any]],
    *,
    loss: Callable[[torch.nn.Module, Any], torch.Tensor],
    epochs: int,
    seed: int,
    learning_rate: float = 1e-3,
    optimiser: Callable[[Iterable[torch.nn.Parameter]], torch.optim.Optimizer] | None = None,
    schedule: Callable[[int], float] | None = None,
    clip: float = 1.0,
    average: float = 0.0,
    validate: Callable[[torch.nn.Module], float] | None = None,
    patience: int | None = None,
    folder: Path | None = None,
    precision: Literal["auto", "float32", "bfloat16"] = "auto",
    log: Callable[[str], object] = print,
) -> History:
    """Train a model in place and leave it in evaluation mode, with the weights of its best epoch.

    On a CPU with one thread (``OMP_NUM_THREADS=1``) the same call gives the same weights, even if it was killed and
    started again with the same ``folder``.

    Parameters
    ----------
    model : torch.nn.Module
        Built within `seeded`, so that its first weights are the same each time.
    batches : callable
        The batches of an epoch, counted from 0; their order must follow from the epoch and a seed alone. With several
        processes each takes its share, and one step sees a batch from each.
    loss : callable
        From the model and a batch, on the model's device, to a scalar tensor.
    epochs, seed : int
        How many epochs, and the seed of everything random in the model.
    learning_rate : float
        Of AdamW.
    optimiser : callable, optional
        From the parameters to another optimiser.
    schedule : callable, optional
        From the number of the step, counted from 0, to a factor of the learning rate.
    clip : float
        Largest norm of the gradient.
    average : float
        How much of the running average of the weights is kept at each step, for example 0.98, about the last fifty
        steps; the averaged weights are those that are validated and left in the model. 0 averages nothing.
    validate : callable, optional
        From the model to a score, of which lower is better: a loss or an error rate.
    patience : int, optional
        Stop after so many epochs without a better score.
    folder : Path, optional
        Where the state is kept after each epoch.
    precision : str
        ``auto`` computes in bfloat16 on a GPU that can; weights stay in float32.
    log : callable
        Is called with one line after each epoch.

    Raises
    ------
    AudioCourseError
        If an option is wrong, there are no batches, the loss is not finite, or the folder holds another training.
    """
    import torch

    if epochs < 1 or clip <= 0 or (patience is not None and (patience < 1 or validate is None)):
        raise AudioCourseError("epochs and patience must be 1 or more, clip above 0, and patience needs validate.")
    if not 0 <= average < 1:
        raise AudioCourseError(f"average is {average}, but it must be from 0 to below 1, such as 0.98.")
    device = next(model.parameters()).device
    chosen = optimiser(model.parameters()) if optimiser else torch.optim.AdamW(model.parameters(), lr=learning_rate)
    run = _Run(model, chosen, loss=loss, seed=seed, schedule=schedule, clip=clip, average=average, precision=precision)
    if folder is not None:
        run.resume(folder / STATE_FILE)
    while len(run.history.epochs) < epochs and not run.history.is_over(patience):
        run.train_epoch(batches, validate)
        if folder is not None:
            run.save(folder / STATE_FILE)
        if run.machine.is_main_process:
            log(run.history.last_line(epochs))
    if run.best is not None:
        model.load_state_dict(run.best)
    elif run.averaged:
        model.load_state_dict({**model.state_dict(), **run.averaged})
    model.to(device).eval()
    return run.history


class _Run:
    """A training under way: the model, its optimiser and how far it has come."""

    def __init__(
        self,
        model: torch.nn.Module,
        optimiser: torch.optim.Optimizer,
        *,
        loss: Callable[[torch.nn.Module, Any], torch.Tensor],
        seed: int,
        schedule: Callable[[int], float] | None,
        clip: float,
        average: float,
        precision: str,
    ) -> None:
        from accelerate import Accelerator

        self.machine = Accelerator(mixed_precision="no")  # one for the process; precision is of each training
        self.half = _half(precision, self.machine.device)
        self.loss = loss
        self.seed = seed
        self.schedule = schedule
        self.clip = clip
        self.average = average
        self.rates = [group["lr"] for group in optimiser.param_groups]
        self.plain = model
        self.model, self.optimiser = self.machine.prepare(model, optimiser)
        if self.machine.num_processes > 1:
            atexit.register(_leave)
        self.history = History()
        self.steps = 0
        self.best: dict[str, torch.Tensor] | None = None
        self.averaged: dict[str, torch.Tensor] = {}

    def train_epoch(
        self, batches: Callable[[int], Iterable[Any]], validate: Callable[[torch.nn.Module], float] | None
    ) -> None:
        """Train for an epoch and validate; the result depends on the state before it and its number alone."""
        import torch

        begin = time.monotonic()
        epoch = len(self.history.epochs)
        with seeded(self.seed, epoch, self.machine.process_index):
            self.plain.train()
            losses = [self.train_step(batch) for batch in self.share(batches(epoch))]
            if not losses:
                raise AudioCourseError(f"There are too few batches in epoch {epoch}: provide at least one per process.")
            self.plain.eval()
            with torch.no_grad(), self.with_average():
                score = (
                    None if validate is None else require_finite("score", self.mean(float(validate(self.plain))), epoch)
                )
                weights = _copied(self.plain.state_dict())
        self.history.epochs.append(Epoch(self.mean(sum(losses) / len(losses)), score, time.monotonic() - begin))
        if self.history.best == epoch:
            self.best = weights

    @contextlib.contextmanager
    def with_average(self) -> Iterator[None]:
        """Put the averaged weights into the model within this context, if there are any."""
        if not self.averaged:
            yield
            return
        own = _copied(self.plain.state_dict())
        self.plain.load_state_dict({**own, **self.averaged})
        try:
            yield
        finally:
            self.plain.load_state_dict(own)

    def update_average(self) -> None:
        """Move the average towards the weights; during the first steps it follows them closely."""
        decay = min(self.average, self.steps / (self.steps + 10))
        for name, value in self.plain.state_dict().items():
            if value.is_floating_point():
                before = self.averaged.get(name, value)
                self.averaged[name] = before.lerp(value.detach(), 1 - decay)

    def share(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Pick this process's batches, as many as every other process gets; otherwise they would wait for ever."""
        groups = zip(*[iter(batches)] * self.machine.num_processes, strict=False)
        return (group[self.machine.process_index] for group in groups)

    def train_step(self, batch: Any) -> float:
        """Take one step down the gradient."""
        import torch
        from accelerate.utils import send_to_device

        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * (self.schedule(self.steps) if self.schedule else 1.0)
        with torch.autocast(self.machine.device.type, torch.bfloat16, enabled=self.half):
            loss = self.loss(self.model, send_to_device(batch, self.machine.device))
        value = require_finite("loss", float(loss.detach()), len(self.history.epochs))
        self.optimiser.zero_grad()
        self.machine.backward(loss)
        self.machine.clip_grad_norm_(self.model.parameters(), self.clip)
        self.optimiser.step()
        self.steps += 1
        if self.average:
            self.update_average()
        return value

    def mean(self, value: float) -> float:
        """Average over the processes, so that all of them decide alike."""
        import torch

        return float(self.machine.reduce(torch.tensor(value, device=self.machine.device), "mean"))

    def save(self, path: Path) -> None:
        """Save all that the next epoch depends on."""
        epochs = [asdict(epoch) for epoch in self.history.epochs]
        state = {"seed": self.seed, "steps": self.steps, "epochs": epochs, "best": self.best, "averaged": self.averaged}
        state |= {"model": self.plain.state_dict(), "optimiser": self.optimiser.state_dict()}
        if self.machine.is_main_process:
            save_state(state, path)
        self.machine.wait_for_everyone()

    def resume(self, path: Path) -> None:
        """Continue from a saved state, if there is one."""
        if (state := load_state(path)) is None:
            return
        try:
            if state["seed"] != self.seed:
                raise ValueError("another seed")
            self.plain.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.steps = state["steps"]
            self.best = state["best"]
            self.averaged = state["averaged"]
            self.history = History([Epoch(**epoch) for epoch in state["epochs"]])
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            raise AudioCourseError(
                f"{path} belongs to another model or seed: delete it, or choose another folder."
            ) from error


def _copied(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: value.detach().cpu().clone() for name, value in weights.items()}


def _leave() -> None:
    """Leave the process group; a process that ends without doing so is sometimes aborted."""
    from torch import distributed

    if distributed.is_initialized():
        distributed.destroy_process_group()


def _half(precision: str, device: torch.device) -> bool:
    """Whether to compute in bfloat16."""
    import torch

    if precision not in ("auto", "float32", "bfloat16"):
        raise AudioCourseError(f"precision is auto, float32 or bfloat16, not {precision!r}.")
    able = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    return precision == "bfloat16" or (precision == "auto" and able)
