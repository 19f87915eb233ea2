"""Right answers to the checkpoints on Whisper in other styles than the solution."""

from __future__ import annotations

import zlib

import numpy as np

from audiocourse.learn.checking.authoring import alternative


@alternative(task="forced_prompt")
def step_by_step(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    prompt = [ids["<|startoftranscript|>"]]
    prompt.append(ids["<|" + language + "|>"])
    prompt.append(ids["<|" + task + "|>"])
    if not timestamps:
        prompt.append(ids["<|notimestamps|>"])
    return prompt


@alternative(task="forced_prompt")
def cut_off(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    whole = " ".join(f"<|{name}|>" for name in ("startoftranscript", language, task, "notimestamps"))
    return list(map(ids.get, whole.split()))[: 3 if timestamps else None]


@alternative(task="sampling_probabilities")
def through_logarithms(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    scaled = np.asarray(logits, dtype=float) / temperature
    return np.exp(scaled - np.logaddexp.reduce(scaled))


@alternative(task="sampling_probabilities")
def powers_of_probabilities(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    """P at T is P at 1 to the power of 1 / T, scaled to add up to 1 again."""
    from scipy.special import log_softmax, softmax

    return softmax(log_softmax(logits) / temperature)


@alternative(task="believable")
def question_by_question(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    machine = zlib.compressobj()
    packed = b"".join(machine.compress(letter.encode()) for letter in text) + machine.flush()
    if len(bytes(text, "utf-8")) > compression * len(packed) * (1 + 1e-12):
        return False
    return not sum(log_probabilities) / len(log_probabilities) < log_probability
