"""A chapter made for the tests, with a model and a recipe, and published models in miniature."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import audiocourse
from audiocourse.zoo import Card, Training

NETS = '''
from dataclasses import dataclass

import torch

@dataclass(frozen=True)
class NetConfig:
    width: int = 4

@dataclass(frozen=True)
class TiedConfig:
    pass

class Net(torch.nn.Module):
    config_class = NetConfig

    def __init__(self, config: NetConfig = NetConfig()) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.first = torch.nn.Linear(2, width)
        self.norm = torch.nn.BatchNorm1d(width)
        self.drop = torch.nn.Dropout(0.2)
        self.last = torch.nn.Linear(width, 1)

    def forward(self, x):
        return self.last(self.drop(self.norm(torch.tanh(self.first(x)))))

class Tied(torch.nn.Module):
    """Three names for one weight: safetensors cannot write it as it is."""

    config_class = TiedConfig

    def __init__(self, config: TiedConfig = TiedConfig()) -> None:
        super().__init__()
        self.config = config
        self.a, self.b, self.c = (torch.nn.Linear(3, 3, bias=False) for _ in range(3))
        self.b.weight = self.c.weight = self.a.weight
'''

RECIPE = '''
import torch

from audiocourse.toychapter.nets import Net, NetConfig
from audiocourse.zoo import Card, Trained, fit, seeded

CARD = Card(name="toy-mini", task="toy", model="audiocourse.toychapter.nets:Net", licence="MIT", source="this file",
            expect="Nothing.")

def train(folder):
    """Train a toy."""
    def batches(epoch):
        rng = torch.Generator().manual_seed(epoch)
        x = torch.randn(3, 8, 2, generator=rng)
        return [(part, part.sum(1, keepdim=True)) for part in x]

    with seeded(3):
        net = Net(NetConfig(width=5))
    fit(net, batches, loss=lambda m, b: torch.nn.functional.mse_loss(m(b[0]), b[1]), epochs=2, seed=3, folder=folder)
    return Trained(net, data="random numbers", seed=3, scores={})
'''


@pytest.fixture
def chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of ``audiocourse.toychapter``, which has two models and a recipe."""
    folder = tmp_path / "more" / "toychapter"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "nets.py").write_text(NETS)
    (folder / "training").mkdir()
    (folder / "training" / "__init__.py").write_text("")
    (folder / "training" / "toy_mini.py").write_text(RECIPE)
    monkeypatch.setattr(audiocourse, "__path__", [*audiocourse.__path__, str(folder.parent)])
    yield folder
    for name in [name for name in sys.modules if name.startswith("audiocourse.toychapter")]:
        del sys.modules[name]
    vars(audiocourse).pop("toychapter", None)


@pytest.fixture
def toy_card() -> Card:
    training = Training(
        recipe="toy-mini", data='numbers, "made"', seed=3, cpu_minutes=1.5, scores={"held out, %": 97.5}
    )
    return Card(
        name="toy-mini",
        task="toy",
        model="audiocourse.toychapter.nets:Net",
        licence="CC BY 4.0",
        source="the course",
        expect="Adds two numbers — roughly.",
        version="1",
        training=training,
    )


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of bundled models."""
    from audiocourse.zoo import catalogue

    folder = tmp_path / "bundled"
    folder.mkdir()
    monkeypatch.setattr(catalogue, "BUNDLED", folder)
    return folder


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Make a place in the Hub's cache, which is empty and offline otherwise; what lies there counts as downloaded."""
    from huggingface_hub import constants

    cache = tmp_path / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)

    def place(name: str) -> Path:
        repository = cache / f"models--{name.replace('/', '--')}"
        snapshot = repository / "snapshots" / ("0" * 40)
        snapshot.mkdir(parents=True)
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text("0" * 40)
        return snapshot

    return place
