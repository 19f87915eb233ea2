"""What the recipe of events-mini does to its scenes, and how it chooses thresholds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audiocourse.classify.training.events_mini import CANDIDATES, best_options, excerpts, together
from audiocourse.zoo import seeded


def test_an_excerpt_keeps_features_and_targets_together() -> None:
    times = torch.arange(40.0).repeat(6, 1)[..., None]  # (batch, frames of 20 ms, 1)
    slow = torch.arange(20.0).repeat(6, 1)[..., None]  # (batch, frames of 40 ms, 1)
    with seeded(1):
        features, targets = excerpts(times, slow)
    assert features.shape == (6, 20, 1)
    assert torch.equal(features[:, ::2], 2 * targets)
    assert len(set(features[:, 0, 0].tolist())) > 1, "excerpts begin at different places"


def test_scenes_added_to_one_another_hold_the_events_of_both() -> None:
    targets = torch.eye(4)[:, None]  # (batch, frames, classes)
    features = torch.zeros(4, 1, 2)
    with seeded(1):
        added, union = together(features, targets, share=1.0)
    assert torch.equal(union, torch.maximum(targets, targets.roll(1, dims=0)))
    assert torch.all(added <= np.log(2) + 1e-6), "two equal powers give 3 dB at most"
    assert torch.all(added > 0), "the power only grows"
    assert together(features, targets, share=0.0)[1] is not targets
    assert torch.equal(together(features, targets, share=0.0)[1], targets)


def test_options_are_chosen_for_each_class_alone() -> None:
    clear = np.zeros((100, 2), np.float32)
    clear[20:60, 0] = 0.45  # never above a half
    clear[30:70, 1] = 0.95
    clear[80:90, 1] = 0.6  # a false alarm below the events of its class
    references = [[(0.8, 2.4, "rain"), (1.2, 2.8, "alarm")]]
    options = best_options([clear], references, ["rain", "alarm"])
    assert options.thresholds[0] < 0.45 < 0.6 <= options.thresholds[1] + 1e-6
    assert set(options.thresholds) <= set(CANDIDATES)
    assert all(lower <= upper for lower, upper in zip(options.lower_thresholds, options.thresholds, strict=True))
    assert all(size % 2 for size in options.median_frames)


@pytest.mark.parametrize("flicker", [1, 2])
def test_a_longer_filter_is_chosen_where_frames_flicker(flicker: int) -> None:
    frames = np.full((200, 1), 0.9, np.float32)
    frames[20::10] = 0.05
    frames[:20] = frames[150:] = 0.05
    frames[21 + flicker] = 0.9
    options = best_options([frames], [[(0.8, 6.0, "rain")]], ["rain"])
    assert options.median_frames[0] > 1


def test_a_lower_threshold_is_chosen_where_an_event_fades() -> None:
    frames = np.full((100, 1), 0.1, np.float32)
    frames[10:20] = 0.9
    frames[20:60] = 0.4  # the same event, softer
    frames[70:75] = 0.4  # something else, as soft
    options = best_options([frames], [[(0.4, 2.4, "rain")]], ["rain"])
    assert options.lower_thresholds[0] < 0.4 <= options.thresholds[0] + 1e-6
