"""The CNN for clips: it does not depend on padding or on the rest of the batch, as the guide's variant does."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from audiocourse.classify.cnn import CnnConfig, ConvBlock, SpectrogramCnn, without_padding
from audiocourse.errors import AudioCourseError
from audiocourse.zoo import seeded

CLOSE = 1e-5  # float32 sums in another order


def trained_a_little(model: nn.Module, *inputs: torch.Tensor) -> nn.Module:
    """Give the normalisations statistics other than 0 and 1, which would hide an error."""
    model.train()
    for _ in range(3):
        model(*inputs)
    return model.eval()


@pytest.fixture
def batch() -> torch.Tensor:
    with seeded(1):
        return 3 * torch.randn(4, 1, 16, 75) - 8


@pytest.fixture
def model(batch: torch.Tensor) -> SpectrogramCnn:
    with seeded(2):
        cnn = SpectrogramCnn(CnnConfig(n_mels=16, channels=(4, 8), num_classes=3))
    trained_a_little(cnn, batch)
    return cnn


class GuideClassifier(nn.Module):
    """The guide's plan: convolutions over whatever the batch holds, and a mean over all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.fc = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 2)
        logits: torch.Tensor = self.fc(x.mean(dim=(2, 3)))
        return logits


@pytest.mark.parametrize("frames", [4, 31, 32, 74])
@torch.no_grad()
def test_padding_changes_nothing(model: SpectrogramCnn, batch: torch.Tensor, frames: int) -> None:
    alone = model(batch[:1, ..., :frames])
    lengths = torch.tensor([frames, 75, 40, 8])
    assert model(batch, lengths)[:1] == pytest.approx(alone, abs=CLOSE), "whatever lies beyond the end is ignored"


@torch.no_grad()
def test_the_guides_variant_depends_on_padding(batch: torch.Tensor) -> None:
    with seeded(2):
        guide = trained_a_little(GuideClassifier(), batch)
    alone = guide(batch[:1, ..., :32])
    padded = guide(nn.functional.pad(batch[:1, ..., :32], (0, 43)))
    assert float((alone - padded).abs().max()) > 1e-2, "a test of padding would notice it"


@torch.no_grad()
def test_the_rest_of_the_batch_changes_nothing(model: SpectrogramCnn, batch: torch.Tensor) -> None:
    assert model(batch)[:2] == pytest.approx(model(batch[:2]), abs=CLOSE)


@torch.no_grad()
def test_it_returns_logits_not_probabilities(model: SpectrogramCnn, batch: torch.Tensor) -> None:
    logits = model(batch)
    assert logits.shape == (4, 3)
    assert float((logits.sum(dim=1) - 1).abs().max()) > 0.01
    assert torch.equal(logits, model.head(model.embed(batch)))


@torch.no_grad()
def test_the_pooling_is_mean_plus_maximum_over_the_real_frames(model: SpectrogramCnn, batch: torch.Tensor) -> None:
    x = model.input_norm(batch[:1, 0])[:, None]
    for block in model.conv_blocks:
        x = block.pool(torch.relu(block.norm(block.conv(x))))
    x = x.mean(dim=2)
    assert model.embed(batch[:1]) == pytest.approx(x.mean(dim=2) + x.amax(dim=2), abs=CLOSE)


def test_a_clip_shorter_than_its_poolings_is_refused(model: SpectrogramCnn, batch: torch.Tensor) -> None:
    with pytest.raises(AudioCourseError, match="at least 4 frames"):
        model(batch, torch.tensor([3, 75, 75, 75]))


def test_a_block_halves_the_lengths_and_drops_a_partial_pair() -> None:
    block = ConvBlock(1, 2).eval()
    x, lengths = block(torch.ones(2, 1, 4, 9), torch.tensor([9, 5]))
    assert lengths.tolist() == [4, 2]
    assert x.shape == (2, 2, 2, 4)
    assert torch.all(x[1, :, :, 2:] == 0)


def test_without_padding_keeps_the_real_frames() -> None:
    x = torch.ones(2, 3, 4)
    assert without_padding(x, torch.tensor([4, 1])).sum(dim=(1, 2)).tolist() == [12, 3]
