"""Checks of the start page: one small task on which a student learns how checking works."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Student, check, expect_close


@check(task="duration_seconds", label="one second of sound lasts one second")
def one_second(student: Student, rng: np.random.Generator) -> None:
    sr = int(rng.choice([8000, 16000, 22050]))
    expect_close(student.call("duration_seconds", np.zeros(sr, dtype=np.float32), sr), 1.0, atol=1e-9, unit="s")


@check(task="duration_seconds", label="the duration is a real number, not a whole one")
def half_a_second(student: Student, rng: np.random.Generator) -> None:
    samples = 16 * (10 * int(rng.integers(66, 89)) + 3) + 13  # 0.66 to 0.89 s, and most of a further millisecond
    y = rng.uniform(-1, 1, samples).astype(np.float32)
    expect_close(student.call("duration_seconds", y, 16000), samples / 16000, atol=1e-9, unit="s")


@check(task="duration_seconds", label="several channels do not last longer than one")
def several_channels(student: Student, rng: np.random.Generator) -> None:
    samples = 8 * (10 * int(rng.integers(110, 140)) + 3) + 5  # 1.1 to 1.4 s, and more than half of a millisecond
    y = rng.uniform(-1, 1, (3, samples)).astype(np.float32)
    for channels in (2, 1, 3):
        sound = y[:channels]
        expect_close(student.call("duration_seconds", sound, 8000), samples / 8000, atol=1e-9, unit="s")
    expect_close(student.call("duration_seconds", y[:2, :1], 8000), 1 / 8000, atol=1e-9, unit="s")
