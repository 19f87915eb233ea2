"""AAM-softmax beside the values of pytorch-metric-learning, and the package itself where it is installed."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiocourse.classify.speakers.from_scratch import aam_softmax_loss
from audiocourse.learn.checking.registry import load_by_path

golden = load_by_path(Path(__file__).with_name("golden.py"))
SAVED: dict[str, Any] = json.loads(golden.GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(len(SAVED["cases"])))
def test_the_loss_is_that_of_the_package(number: int) -> None:
    saved = SAVED["cases"][number]
    loss = aam_softmax_loss(
        np.array(saved["embeddings"]),
        np.array(saved["weights"]),
        np.array(saved["labels"]),
        margin=saved["margin"],
        scale=saved["scale"],
    )
    assert loss == pytest.approx(saved["loss"], rel=1e-5)  # the package keeps cosines 10⁻⁷ away from ±1


def test_the_inputs_are_those_of_the_script() -> None:
    for number, saved in enumerate(SAVED["cases"]):
        assert golden.case(number) == {key: value for key, value in saved.items() if key != "loss"}


@pytest.mark.skipif(find_spec("pytorch_metric_learning") is None, reason="pytorch-metric-learning is not installed")
def test_the_file_is_what_the_package_returns() -> None:
    for saved, new in zip(SAVED["cases"], golden.computed()["cases"], strict=True):
        assert new["loss"] == pytest.approx(saved["loss"], rel=1e-9)
