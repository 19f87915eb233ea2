"""A network in use answers in evaluation mode, and has its own mode back afterwards, even after an error."""

from __future__ import annotations

import pytest
import torch

from audiocourse.zoo.inference import evaluating


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_is_restored(training: bool) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Dropout(0.9)).train(training)
    x = torch.ones(1, 2)
    with evaluating(model) as device:
        first, second = model(x.to(device)), model(x.to(device))
    torch.testing.assert_close(first, second)
    assert not first.requires_grad
    assert model.training is training
    with pytest.raises(ZeroDivisionError), evaluating(model):
        raise ZeroDivisionError
    assert model.training is training
