"""The published weights: a stand-in of the same layout becomes the same network, and what is not one is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import torch

from audiocourse import zoo
from audiocourse.classify.yamnet.model import BLOCKS, Yamnet, YamnetConfig
from audiocourse.classify.yamnet.published import audioset_classes, convert, failed_proofs
from audiocourse.errors import AudioCourseError
from audiocourse.zoo import seeded

PROOFS = ("Silence", "Sine wave", "White noise")


@pytest.fixture(scope="module")
def network() -> Yamnet:
    """Random weights of the published size; the head prefers the three classes of the publisher's test."""
    with seeded(6):
        model = Yamnet(YamnetConfig(audioset_classes()))
        norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
        for norm in norms:
            torch.nn.init.normal_(norm.bias, 0, 0.1)
            norm.momentum = 1.0
        model.train()(2 * torch.randn(4, 96, 64) - 3)  # mean and variance of these patches
    with torch.no_grad():
        model.head.weight *= 0.01  # so that no other class reaches 1
        model.head.bias[[model.config.classes.index(name) for name in PROOFS]] += 100.0
    return model.eval()


def keras_arrays(model: Yamnet) -> dict[str, np.ndarray]:
    """Return the arrays under the names that Keras gives them: each below a group with its layer's name."""
    arrays: dict[str, np.ndarray] = {}

    def add(layer: str, kernel: str, weight: torch.Tensor, norm: Any) -> None:
        arrays[f"{layer}/{layer}/{kernel}:0"] = weight.detach().numpy()
        for name, value in (
            ("beta", norm.bias),
            ("moving_mean", norm.running_mean),
            ("moving_variance", norm.running_var),
        ):
            arrays[f"{layer}/bn/{layer}/bn/{name}:0"] = value.detach().numpy()

    add("layer1/conv", "kernel", model.conv1.weight.permute(2, 3, 1, 0), model.norm1)
    for number, block in enumerate(model.blocks, start=2):
        each: Any = block
        depthwise = each.depthwise.weight.permute(2, 3, 0, 1)
        add(f"layer{number}/depthwise_conv", "depthwise_kernel", depthwise, each.depthwise_norm)
        add(f"layer{number}/pointwise_conv", "kernel", each.pointwise.weight.permute(2, 3, 1, 0), each.pointwise_norm)
    arrays["dense/dense/kernel:0"] = model.head.weight.detach().numpy().T
    arrays["dense/dense/bias:0"] = model.head.bias.detach().numpy()
    return arrays


def write(path: Path, arrays: dict[str, np.ndarray]) -> Path:
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array
    return path


def test_the_class_map_is_that_of_the_publisher() -> None:
    text = Path(zoo.__file__).parent.parent.joinpath("classify", "yamnet", "class_map.csv").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(text) + len(lines) == 14_096, "the publisher's file ends each line with two characters"
    assert lines[0] == "index,mid,display_name"
    assert [line.split(",")[0] for line in lines[1:]] == [str(number) for number in range(521)]
    names = audioset_classes()
    assert len(set(names)) == 521
    assert [names[number] for number in (0, 20, 132, 390, 494)] == [
        "Speech",
        "Baby cry, infant cry",
        "Music",
        "Siren",
        "Silence",
    ]


def test_a_converted_file_is_the_same_network(network: Yamnet, tmp_path: Path) -> None:
    path = write(tmp_path / "yamnet.h5", keras_arrays(network))
    card = convert(path, tmp_path / "yamnet")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in card.version
    loaded: Any = zoo.load(tmp_path / "yamnet")
    assert loaded.card == card and loaded.model.config.classes == audioset_classes()
    with torch.no_grad():
        patches = torch.randn(2, 96, 64)
        torch.testing.assert_close(loaded.model.embed(patches), network.embed(patches), atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(loaded.model(patches), network(patches), atol=1e-5, rtol=1e-5)


def test_weights_that_recognise_nothing_are_refused(network: Yamnet, tmp_path: Path) -> None:
    arrays = keras_arrays(network)
    bias = arrays["dense/dense/bias:0"].copy()
    bias[audioset_classes().index("Silence")] = -100.0
    path = write(tmp_path / "yamnet.h5", {**arrays, "dense/dense/bias:0": bias})
    with pytest.raises(AudioCourseError, match="do not recognise Silence:"):
        convert(path, tmp_path / "yamnet")
    assert not (tmp_path / "yamnet").exists()
    assert convert(path, tmp_path / "yamnet", prove=False).name == "google/yamnet"
    assert failed_proofs(network) == []


Change = Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]
FIRST = "layer1/conv/layer1/conv/kernel:0"
LAST = f"layer{len(BLOCKS) + 1}/pointwise_conv"
VARIANCE = f"{LAST}/bn/{LAST}/bn/moving_variance:0"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda arrays: {name: array for name, array in arrays.items() if name != FIRST}, "conv1.weight"),
        (lambda arrays: {**arrays, FIRST: arrays[FIRST][:, :, :, :31]}, "shape"),
        (lambda arrays: {**arrays, "layer15/conv/layer15/conv/kernel:0": arrays[FIRST]}, "layer15"),
        (lambda arrays: {**arrays, VARIANCE: -arrays[VARIANCE]}, "impossible"),
        (lambda arrays: {**arrays, FIRST: arrays[FIRST] * np.nan}, "impossible"),
        (lambda _: {}, "nothing"),
    ],
)
def test_a_file_of_another_plan_is_refused(network: Yamnet, tmp_path: Path, change: Change, message: str) -> None:
    path = write(tmp_path / "other.h5", change(keras_arrays(network)))
    with pytest.raises(AudioCourseError, match=message):
        convert(path, tmp_path / "yamnet", prove=False)


def test_what_is_no_keras_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.h5").write_text("<html>Not found</html>")
    with pytest.raises(AudioCourseError, match="cannot be read as a Keras file"):
        convert(tmp_path / "text.h5", tmp_path / "yamnet")
    with pytest.raises(AudioCourseError, match="is not there"):
        convert(tmp_path / "missing.h5", tmp_path / "yamnet")
