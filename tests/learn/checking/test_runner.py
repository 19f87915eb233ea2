"""Running checks: counting, misconceptions, seeds, and the global random state."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal
from audiocourse.classify.vad import from_scratch as vad
from audiocourse.course import load_course
from audiocourse.learn.checking import runner
from audiocourse.learn.checking.registry import Mutant, checks_of, load_by_path
from audiocourse.learn.checking.runner import Report, rng_for, run_checks
from audiocourse.learn.checking.student import LocalStudent
from audiocourse.learn.display.feedback import CheckFailed, details, headline

TASK = load_course().find_task("frame_level_db")


def report(answer: object, task: str = "frame_level_db", seed: int = 0) -> Report:
    return run_checks(load_course().find_task(task), LocalStudent({task: answer}), seed=seed)


def test_a_right_answer_passes_everything() -> None:
    done = report(signal.frame_level_db)
    assert done.complete
    assert done.points == TASK.points
    assert headline(done) == f"frame_level_db: {len(done.outcomes)} of {len(done.outcomes)} checks pass. Done."
    assert details(done) == [TASK.after]


def test_a_wrong_answer_is_counted_located_and_recognised() -> None:
    def twenty(frames: np.ndarray) -> np.ndarray:
        return 20 * np.log10(np.maximum(np.mean(frames.astype(float) ** 2, axis=0), 1e-5))

    found = report(twenty)
    assert found.passed < len(found.outcomes)
    assert found.points == 0
    text = " ".join(details(found))
    assert "−6.02" in text
    assert "twice" in text
    assert found.misconception is not None
    assert "power" in found.misconception.name


def test_a_new_wrong_answer_is_not_given_a_false_name() -> None:
    found = report(lambda frames: np.linspace(-17.3, -3.1, frames.shape[1]))
    assert found.misconception is None


def test_where_two_misconceptions_fit_neither_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_all(decisions: np.ndarray, *, frames: int) -> np.ndarray:
        return np.zeros_like(decisions[: max(frames, decisions.size)])

    twin = Mutant("a twin", "Which of the two?", in_all)
    monkeypatch.setattr(runner, "mutants_of", lambda _: [twin])
    assert report(in_all, "hangover").misconception is twin
    monkeypatch.setattr(runner, "mutants_of", lambda _: [twin, replace(twin, name="another")])
    assert report(in_all, "hangover").misconception is None


def test_one_that_also_fails_another_check_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def held_one_longer(decisions: np.ndarray, *, frames: int) -> np.ndarray:
        return vad.hangover(decisions, frames=frames + 1)

    def and_never_empty(decisions: np.ndarray, *, frames: int) -> np.ndarray:
        return held_one_longer(decisions, frames=frames) if frames else ~decisions

    monkeypatch.setattr(runner, "mutants_of", lambda _: [Mutant("one frame longer", "How long?", held_one_longer)])
    assert report(held_one_longer, "hangover").misconception is not None
    assert report(and_never_empty, "hangover").misconception is None


def test_the_blank_is_not_started() -> None:
    def blank(frames: np.ndarray) -> np.ndarray:
        raise NotImplementedError("Task 5.1")

    found = report(blank)
    assert not found.started
    assert headline(found) == "frame_level_db: not started."


@pytest.mark.parametrize("odd", [None, "loud", [1, [2]], {"a": 1}, 3.0, np.array(["x"]), np.empty((0, 3)), (), True])
@pytest.mark.parametrize("task", ["frame_level_db", "hysteresis", "to_segments", "detection_error", "roc_point"])
def test_whatever_comes_back_is_a_failed_check_not_a_crash(odd: object, task: str) -> None:
    found = report(lambda *_, **__: odd, task)
    assert not found.complete
    assert all(sentence and "Traceback" not in sentence for sentence in details(found))


def test_the_same_seed_gives_the_same_data_and_others_other_data() -> None:
    draws = [rng_for(seed, task, check).random() for seed in (0, 1) for task in "ab" for check in "xy"]
    again = [rng_for(seed, task, check).random() for seed in (0, 1) for task in "ab" for check in "xy"]
    assert draws == again
    assert len(set(draws)) == len(draws)


def test_global_random_state_is_left_alone() -> None:
    def careless(frames: np.ndarray) -> np.ndarray:
        np.random.seed(3)  # noqa: NPY002
        random.seed(3)
        return signal.frame_level_db(frames)

    np.random.seed(7)  # noqa: NPY002
    random.seed(7)
    expected = np.random.RandomState(7).rand(), random.Random(7).random()
    report(careless)
    assert (np.random.rand(), random.random()) == expected  # noqa: NPY002


def test_prints_of_the_answer_are_shown_with_the_feedback() -> None:
    def chatty(frames: np.ndarray) -> np.ndarray:
        print("shape", frames.shape)
        return np.zeros(frames.shape[1])

    assert "Your code printed: shape (800, 5)" in " ".join(details(report(chatty)))


def test_the_error_of_a_failed_check_is_two_lines() -> None:
    error = CheckFailed(report(lambda frames: frames))
    assert len(error._render_traceback_()) == 2
    assert error._render_traceback_()[1].startswith("Next: ")


def test_two_folders_may_have_files_of_one_name(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "checks.py").write_text(f"NAME = '{name}'")
    assert [load_by_path(tmp_path / name / "checks.py").NAME for name in "ab"] == ["a", "b"]


def test_every_checked_task_has_checks() -> None:
    for task in load_course().tasks():
        if task.kind != "written":
            assert len(checks_of(task)) >= 3


def test_a_misconception_is_named_beside_a_method_still_to_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    class Late:
        """Waits for one sample more than a block."""

        def __init__(self, *, size: int) -> None:
            self.size, self.waiting = size, np.empty(0, np.float32)

        def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
            joined = np.concatenate([self.waiting, chunk])
            whole = max(0, (len(joined) - 1) // self.size) * self.size
            self.waiting = joined[whole:]
            return list(joined[:whole].reshape(-1, self.size))

        def flush(self) -> np.ndarray:
            rest, self.waiting = self.waiting, self.waiting[:0]
            return rest

    class Unfinished(Late):
        def feed(self, chunk: np.ndarray) -> list[np.ndarray]:
            return super().feed(chunk)

        def flush(self) -> np.ndarray:
            raise NotImplementedError("Task 10.1")

    monkeypatch.setattr(runner, "mutants_of", lambda _: [Mutant("waiting too long", "How long is a block?", Late)])
    found = report(Unfinished, "Chunker")
    assert found.started
    assert found.misconception is not None
