"""The receptive field by its gradient, and the coupling beside WaveGlow's own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse.tts.vocoders.from_scratch import coupling_forward, coupling_inverse, receptive_field
from audiocourse.tts.vocoders.waveglow_layers import FlowStep
from audiocourse.tts.vocoders.wavenet import PUBLISHED, WaveNet, WaveNetConfig


@pytest.mark.parametrize(
    ("dilations", "kernel_size"), [((1, 2, 4), 2), ((1, 2, 4), 3), ((3, 1), 4), ((5,), 1), ((), 2)]
)
def test_the_receptive_field_by_the_gradient_of_causal_convolutions(
    dilations: tuple[int, ...], kernel_size: int
) -> None:
    x = torch.zeros(1, 1, 40, requires_grad=True)
    hidden = x
    for dilation in dilations:
        hidden = torch.nn.functional.conv1d(hidden, torch.ones(1, 1, kernel_size), dilation=dilation)
    hidden[0, 0, -1].backward()
    assert x.grad is not None
    (reached,) = x.grad[0, 0].nonzero(as_tuple=True)
    assert receptive_field(dilations, kernel_size=kernel_size) == 40 - reached.min()


@pytest.mark.parametrize("config", [WaveNetConfig(dilations=(1, 2, 4, 1, 2, 4)), PUBLISHED])
def test_it_is_that_of_wavenet(config: WaveNetConfig) -> None:
    """`test_wavenet` holds this property against the gradient of the network."""
    with torch.device("meta"):
        net = WaveNet(config)
    assert receptive_field(config.dilations) == net.receptive_field


class Halves(torch.nn.Module):
    """A network for both: from (batch, half, steps) to a log scale and a shift."""

    def __init__(self, half: int) -> None:
        super().__init__()
        self.conv = torch.nn.Conv1d(half, 2 * half, 3, padding=1)

    def forward(self, x: torch.Tensor, *_: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        log_scale, shift = self.conv(x).chunk(2, dim=1)
        return log_scale, shift


def test_a_coupling_is_that_of_waveglow_without_its_mixing(rng: np.random.Generator) -> None:
    torch.manual_seed(0)
    step = FlowStep(6, Halves(3)).double()  # type: ignore[arg-type]
    step.weight.data = torch.eye(6, dtype=torch.float64)
    x = rng.normal(size=(6, 20))
    batch, mask = torch.from_numpy(x)[None], torch.ones(1, 1, 20)

    def network(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        log_scale, shift = step.coupling(torch.from_numpy(a)[None])
        return log_scale[0].numpy(), shift[0].numpy()

    with torch.no_grad():
        theirs, _ = step(batch, mask, mask)
        ours = coupling_forward(x, network)
        np.testing.assert_allclose(ours, theirs[0].numpy(), atol=1e-12)  # float64
        np.testing.assert_allclose(coupling_inverse(ours, network), x, atol=1e-12)
        np.testing.assert_allclose(step.inverse(theirs, mask, mask)[0].numpy(), x, atol=1e-12)


def test_refusals(refuses: Refuses) -> None:
    with refuses("dilation is 0"):
        receptive_field([1, 0])
    with refuses("kernel_size"):
        receptive_field([1], kernel_size=0)
    with refuses("even number"):
        coupling_forward(np.zeros((3, 4)), lambda a: (a, a))
    with refuses("even number"):
        coupling_inverse(np.zeros(4), lambda a: (a, a))
