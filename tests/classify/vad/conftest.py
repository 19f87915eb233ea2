"""A detector with random weights, the same for every test of this folder."""

import pytest

from audiocourse.classify.vad.model import VadConfig, VadNet
from audiocourse.zoo import seeded


@pytest.fixture(scope="session")
def net() -> VadNet:
    with seeded(3):
        return VadNet(VadConfig()).eval()
