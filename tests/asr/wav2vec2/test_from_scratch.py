"""The game of wav2vec 2.0, in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Refuses

from audiocourse.asr.wav2vec2.from_scratch import contrastive_loss, draw_distractors, hide_spans, span_mask


def test_spans_are_whole_and_cover_about_half(rng: np.random.Generator) -> None:
    shares = []
    for _ in range(50):
        mask = span_mask(500, rng=rng)
        runs = np.diff(np.flatnonzero(np.diff(np.r_[False, mask, False])))[::2]
        assert runs.min() >= 10
        shares.append(mask.mean())
    assert 0.40 < np.mean(shares) < 0.55  # 1 − 0.935¹⁰ = 0.49, less what drawing without replacement adds


def test_spans_are_hidden_frame_by_frame(rng: np.random.Generator) -> None:
    for _ in range(20):
        frames, span = int(rng.integers(1, 30)), int(rng.integers(1, 8))
        starts = rng.integers(0, frames, int(rng.integers(0, 5)))
        covered = {t for start in starts.tolist() for t in range(start, start + span)}
        np.testing.assert_array_equal(hide_spans(starts, span, frames), [t in covered for t in range(frames)])


@pytest.mark.parametrize("start", [-1, 8])
def test_a_start_outside_the_recording(start: int, refuses: Refuses) -> None:
    with refuses("between 0 and 7"):
        hide_spans(np.array([2, start]), 3, 8)


def test_overlapping_spans_hide_about_half_not_two_thirds(rng: np.random.Generator) -> None:
    shares = [hide_spans(rng.choice(1491, 97, replace=False), 10, 1500).mean() for _ in range(20)]
    assert 0.46 < np.mean(shares) < 0.52  # 97 starts of 10 frames would be 65 % if none overlapped


def test_a_span_that_fills_everything(rng: np.random.Generator) -> None:
    assert span_mask(10, rng=rng).all()


@pytest.mark.parametrize(("frames", "start"), [(9, 0.065), (100, 0.0), (100, 1.5)])
def test_spans_that_cannot_be(frames: int, start: float, rng: np.random.Generator, refuses: Refuses) -> None:
    with refuses("pass shorter ones"):
        span_mask(frames, rng=rng, start=start)


def test_distractors_are_all_others_and_never_the_step_itself(rng: np.random.Generator) -> None:
    drawn = draw_distractors(5, count=3_000, rng=rng)
    for step, others in enumerate(drawn):
        counts = np.bincount(others, minlength=5)
        assert counts[step] == 0
        assert np.delete(counts, step).min() > 600  # of 750, five standard deviations


def test_one_step_has_no_other(rng: np.random.Generator, refuses: Refuses) -> None:
    with refuses("at least two"):
        draw_distractors(1, count=3, rng=rng)


def test_a_guess_costs_the_logarithm_of_the_choices() -> None:
    targets = np.vstack([np.eye(6), -np.eye(6)])[:, :6]
    context = np.ones((12, 6)) @ np.diag([1, -1, 1, -1, 1, -1])
    distractors = np.array([[(i + 2 * (1 + j)) % 6 + 6 * (i // 6) for j in range(2)] for i in range(12)])
    assert contrastive_loss(context, targets, distractors) == pytest.approx(np.log(3))


def test_only_directions_count(rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 8, 5))
    distractors = draw_distractors(8, count=3, rng=rng)
    louder = contrastive_loss(3 * context, 0.1 * targets, distractors)
    assert contrastive_loss(context, targets, distractors) == pytest.approx(louder)


def test_an_equal_distractor_is_no_wrong_answer(rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 4, 5))
    targets[2] = targets[0]
    with_it, without = (contrastive_loss(context[:1], targets[:1], np.array([d])) for d in ([0], [0, 0, 0]))
    assert with_it == without == pytest.approx(0)
    assert contrastive_loss(context, targets, np.array([[2, 1], [0, 3], [0, 3], [0, 1]])) > 0.01


def test_equal_means_number_by_number_and_twice_means_twice(rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 3, 4))
    once, twice = (contrastive_loss(context, targets, np.tile(row, (3, 1))) for row in ([[1]], [[1, 1]]))
    assert once != pytest.approx(twice)
    longer = np.vstack([targets[:1], 2 * targets[:1]])
    same_direction = contrastive_loss(context[:2], longer, np.array([[1], [0]]))
    assert same_direction == pytest.approx(np.log(2))  # another codeword, as good as the target


def test_a_sharp_temperature_does_not_overflow(rng: np.random.Generator) -> None:
    context, targets = rng.normal(size=(2, 6, 4))
    assert np.isfinite(contrastive_loss(context, targets, draw_distractors(6, count=3, rng=rng), temperature=1e-4))


@pytest.mark.parametrize(("temperature", "rows", "words"), [(0.0, 4, "more than 0"), (0.1, 3, "a row per step")])
def test_what_makes_no_sense(
    temperature: float, rows: int, words: str, rng: np.random.Generator, refuses: Refuses
) -> None:
    with refuses(words):
        contrastive_loss(np.ones((4, 2)), np.ones((4, 2)), draw_distractors(rows, count=1, rng=rng), temperature)
