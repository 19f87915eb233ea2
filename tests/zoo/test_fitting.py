"""The training loop: it learns, it repeats itself to the bit, it survives being killed, and two processes share it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import Refuses
from zoo.toy_training import Net, batches, loss, train, validate

from audiocourse.zoo import fit, seeded
from audiocourse.zoo.fitting import STATE_FILE

FOLDER = Path(__file__).parent
ENVIRONMENT = {
    **os.environ,
    "OMP_NUM_THREADS": "1",
    "ACCELERATE_USE_CPU": "true",
    "PYTHONPATH": os.pathsep.join([str(FOLDER.parents[1]), str(FOLDER.parent), os.environ.get("PYTHONPATH", "")]),
}
Weights = dict[str, torch.Tensor]


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def new() -> Net:
    with seeded(5):
        return Net()


def same(a: Weights, b: Weights, *, within: float = 0.0) -> bool:
    return a.keys() == b.keys() and all(torch.allclose(a[key], b[key], rtol=0, atol=within) for key in a)


def test_it_learns() -> None:
    net, lines = new(), list[str]()
    with torch.no_grad():
        before = validate(net.eval())
    options: dict[str, Any] = {"validate": validate, "log": lines.append}
    history = fit(net, batches, loss=loss, epochs=30, seed=1, learning_rate=0.02, **options)
    with torch.no_grad():
        after = validate(net)
    assert history.epochs[history.best or 0].score == pytest.approx(after, abs=1e-6)
    assert after < 0.3 * before
    assert not net.training
    assert len(lines) == 30
    assert lines[0].startswith("epoch 1 of 30: loss ")
    assert lines[-1].endswith(", 0 s left")


def test_a_repeated_run_gives_the_same_weights_and_another_seed_others() -> None:
    first = train(None, 3).state_dict()
    assert same(train(None, 3).state_dict(), first)
    assert not same(train(None, 3, seed=6).state_dict(), first)


def test_global_randomness_is_left_alone_and_does_not_matter() -> None:
    first = train(None, 2).state_dict()
    torch.manual_seed(99)
    random.seed(99)
    np.random.seed(99)  # noqa: NPY002
    expected = (torch.rand(1), random.random(), np.random.rand())  # noqa: NPY002
    torch.manual_seed(99)
    random.seed(99)
    np.random.seed(99)  # noqa: NPY002
    assert same(train(None, 2).state_dict(), first)
    assert (torch.rand(1), random.random(), np.random.rand()) == expected  # noqa: NPY002


def test_every_epoch_and_every_seed_has_its_own_randomness() -> None:
    drawn: list[float] = []

    def draw(model: torch.nn.Module, batch: Any) -> torch.Tensor:
        drawn.append(float(torch.rand(1)))
        return loss(model, batch)

    for seed in (1, 2):
        fit(new(), batches, loss=draw, epochs=2, seed=seed)
    assert len(set(drawn)) == len(drawn) == 16


def test_a_run_in_pieces_gives_the_same_weights_and_history(tmp_path: Path) -> None:
    whole = train(tmp_path / "whole", 5)
    for epochs in (1, 2, 5, 5):
        pieces = train(tmp_path / "pieces", epochs)
    assert same(pieces.state_dict(), whole.state_dict())
    kept = [torch.load(tmp_path / name / STATE_FILE)["epochs"] for name in ("whole", "pieces")]
    assert [(one["loss"], one["score"]) for one in kept[0]] == [(one["loss"], one["score"]) for one in kept[1]]


def run_toy(*arguments: object) -> int:
    return subprocess.run(
        [sys.executable, FOLDER / "toy_training.py", *map(str, arguments)], env=ENVIRONMENT
    ).returncode


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_run_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    out, state = tmp_path / "out", tmp_path / "state"
    for kill in (2, -11):  # within the second write; then, one epoch being kept, in the middle of a later one
        assert run_toy(out, state, 5, kill) == -signal.SIGKILL
        assert not out.exists()
    assert len(torch.load(state / STATE_FILE)["epochs"]) == 2
    assert run_toy(out, state, 5) == 0
    assert same(torch.load(out), train(None, 5).state_dict())


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes made together."""
    folder = tmp_path_factory.mktemp("pair")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    done = subprocess.run(
        [*command, str(FOLDER / "toy_pair.py"), str(folder)], env=ENVIRONMENT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("epoch 1 of 2") == 2, "only one of two processes speaks, in two trainings"
    return folder


def test_two_processes_end_with_the_same_weights_in_half_the_steps(pair: Path) -> None:
    first, second = (torch.load(pair / f"whole.{rank}") for rank in "01")
    assert all(torch.equal(first[name], second[name]) for name, _ in Net().named_parameters())
    assert torch.load(pair / "whole" / STATE_FILE)["steps"] == len(batches(0)) // 2 * 2


def test_two_processes_go_on_where_they_were_stopped(pair: Path) -> None:
    assert same(torch.load(pair / "pieces.0"), torch.load(pair / "whole.0"))


def test_two_halves_of_a_batch_are_the_whole_batch(pair: Path) -> None:
    """With a model without dropout and batch norm, two processes do what one does with batches twice as large."""

    def large(epoch: int) -> list[Any]:
        one, two, three, four = batches(epoch)
        return [tuple(map(torch.cat, zip(*both, strict=True))) for both in ((one, two), (three, four))]

    with seeded(1):
        line = torch.nn.Linear(3, 1)
    fit(line, large, loss=loss, epochs=2, seed=1)
    # The mean of two halves is rounded otherwise than the mean of the whole.
    assert same(torch.load(pair / "line.0"), line.state_dict(), within=1e-6)


def test_it_stops_when_nothing_gets_better_and_takes_the_best(tmp_path: Path) -> None:
    scores = [3.0, 1.0, 2.0, 1.5, 0.5]
    seen: list[Weights] = []

    def score(model: torch.nn.Module) -> float:
        seen.append({name: value.clone() for name, value in model.state_dict().items()})
        return scores[len(seen) - 1]

    net = new()
    options: dict[str, Any] = {"loss": loss, "epochs": 5, "seed": 1, "validate": score, "patience": 2}
    history = fit(net, batches, **options, folder=tmp_path)
    assert (len(history.epochs), history.best) == (4, 1)
    assert same(net.state_dict(), seen[1])
    again = new()
    assert len(fit(again, batches, **options, folder=tmp_path).epochs) == 4, "a run that is over stays so"
    assert same(again.state_dict(), seen[1])
    assert not again.training


def test_without_validation_the_last_weights_stay() -> None:
    history = fit(new(), batches, loss=loss, epochs=2, seed=1)
    assert history.best is None
    assert [epoch.score for epoch in history.epochs] == [None, None]


def test_the_averaged_weights_are_those_that_are_validated_kept_and_resumed(tmp_path: Path) -> None:
    """By hand: a[1] = w[1], a[s] = k a[s − 1] + (1 − k) w[s] with k = min(average, s / (s + 10))."""
    steps: list[Weights] = []

    def noted(model: torch.nn.Module, batch: Any) -> torch.Tensor:
        steps.append({name: value.detach().clone() for name, value in model.state_dict().items()})
        return loss(model, batch)

    last = new()
    fit(last, batches, loss=noted, epochs=2, seed=1)
    weights = [*steps[1:], last.state_dict()]
    expected = weights[0]
    for number, one in enumerate(weights[1:], start=2):
        keep = min(0.8, number / (number + 10))
        expected = {
            name: keep * expected[name] + (1 - keep) * one[name] for name in one if one[name].is_floating_point()
        }
    options: dict[str, Any] = {"loss": loss, "seed": 1, "average": 0.8}
    whole, pieces, judged = new(), new(), new()
    fit(whole, batches, epochs=2, **options)
    averaged = {name: whole.state_dict()[name] for name in expected}  # what is counted is not averaged
    assert same(averaged, expected, within=1e-6)  # sums in another order
    for epochs in (1, 2):
        fit(pieces := new(), batches, epochs=epochs, folder=tmp_path, **options)
    assert same(pieces.state_dict(), whole.state_dict())
    seen: list[Weights] = []

    def score(model: torch.nn.Module) -> float:
        seen.append({name: value.clone() for name, value in model.state_dict().items()})
        return -float(len(seen))

    fit(judged, batches, epochs=2, validate=score, **options)
    assert same(seen[-1], whole.state_dict())
    assert same(judged.state_dict(), whole.state_dict())


def test_a_long_gradient_is_cut() -> None:
    def moved(clip: float) -> float:
        net = torch.nn.Linear(3, 1)
        before = net.weight.detach().clone()
        sgd: Callable[[Any], torch.optim.Optimizer] = lambda weights: torch.optim.SGD(weights, lr=1.0)  # noqa: E731
        steep = lambda model, batch: 1e4 * model(batch[0]).mean()  # noqa: E731
        fit(net, lambda _: batches(0)[:1], loss=steep, epochs=1, seed=1, clip=clip, optimiser=sgd)
        return float((net.weight.detach() - before).norm())

    assert moved(0.01) <= 0.0101
    assert moved(1e9) > 1


def test_the_schedule_sets_the_rate_of_every_step() -> None:
    seen: list[float] = []

    class Spy(torch.optim.SGD):
        def step(self, closure: None = None) -> None:
            del closure
            seen.append(self.param_groups[0]["lr"])

    fit(
        new(), batches, loss=loss, epochs=2, seed=1, schedule=lambda step: 1 / (1 + step),
        optimiser=lambda weights: Spy(weights, lr=0.5),
    )  # fmt: skip
    assert seen == [0.5 / (1 + step) for step in range(8)]


def test_half_precision_where_it_is_asked_for() -> None:
    seen: list[torch.dtype] = []

    def watch(model: torch.nn.Module, batch: Any) -> torch.Tensor:
        out = model(batch[0])
        seen.append(out.dtype)
        return out.float().square().mean()

    for precision in ("auto", "float32", "bfloat16"):
        net = new()
        fit(net, batches, loss=watch, epochs=1, seed=1, precision=precision)
        assert {weight.dtype for weight in net.parameters()} == {torch.float32}
    if not torch.cuda.is_available():
        assert seen == [torch.float32] * 8 + [torch.bfloat16] * 4


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"epochs": 0}, ["epochs"]),
        ({"clip": 0.0}, ["clip"]),
        ({"average": 1.0}, ["average", "0.98"]),
        ({"patience": 2}, ["validate"]),
        ({"patience": 0, "validate": validate}, ["patience"]),
        ({"seed": -1}, ["seed", "-1"]),
        ({"precision": "float16"}, ["float16", "bfloat16"]),
        ({"loss": lambda model, batch: model(batch[0]).mean() / 0}, ["loss", "inf", "epoch 1"]),
        ({"loss": lambda model, batch: model(batch[0]).mean() * float("nan")}, ["loss", "nan"]),
        ({"validate": lambda _: float("nan")}, ["score", "nan"]),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any], words: list[str], refuses: Refuses) -> None:
    options: dict[str, Any] = {"loss": loss, "epochs": 1, "seed": 1, **wrong}
    with refuses(*words):
        fit(new(), batches, **options)


def test_no_batches(refuses: Refuses) -> None:
    with refuses("too few batches", "epoch 0"):
        fit(new(), lambda _: iter(()), loss=loss, epochs=1, seed=1)


def test_a_state_of_another_training_is_refused_and_kept(tmp_path: Path, refuses: Refuses) -> None:
    train(tmp_path, 1)
    kept = (tmp_path / STATE_FILE).read_bytes()
    with refuses(STATE_FILE, "another model or seed"):
        train(tmp_path, 1, seed=6)
    with refuses(STATE_FILE, "another model or seed"):
        fit(torch.nn.Linear(3, 1), batches, loss=loss, epochs=1, seed=5, folder=tmp_path)
    assert (tmp_path / STATE_FILE).read_bytes() == kept


@pytest.mark.parametrize("damage", [b"", b"no state at all", None])
def test_a_damaged_state_is_one_sentence(damage: bytes | None, tmp_path: Path, refuses: Refuses) -> None:
    train(tmp_path, 1)
    whole = (tmp_path / STATE_FILE).read_bytes()
    (tmp_path / STATE_FILE).write_bytes(whole[:-1000] if damage is None else damage)
    with refuses(STATE_FILE, "damaged", "delete"):
        train(tmp_path, 1)


class Burglar:
    """What a file from elsewhere may hold: unpickling it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_state_cannot_run_code(tmp_path: Path, refuses: Refuses) -> None:
    torch.save({"seed": Burglar(tmp_path / "burgled")}, tmp_path / STATE_FILE)
    with refuses("damaged"):
        train(tmp_path, 1)
    assert not (tmp_path / "burgled").exists()
