"""Learning from sound alone, by hand: mask some frames, and tell what was there from what was elsewhere."""

from __future__ import annotations

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_number, require_positive
from audiocourse.signal import BoolArray, FloatArray, IntArray


def hide_spans(starts: IntArray, span: int, frames: int) -> BoolArray:
    """Hide a span of frames from each start on.

    m[t] = True where s ≤ t < s + M for one of the starts s. Spans may overlap, and none reaches beyond the last frame.

    Parameters
    ----------
    starts : np.ndarray [shape=(spans,)]
        s, the first frame of each span, in any order; may be empty.
    span : int
        M, in frames.
    frames : int
        T, of the utterance.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        True where hidden.

    Raises
    ------
    AudioCourseError
        If a start is not one of the frames, there is no frame, or a span has none.

    Source: A. Baevski et al., wav2vec 2.0, NeurIPS 2020, section 3.1.

    Examples
    --------
    >>> hide_spans(np.array([1, 2, 6]), 3, 8).astype(int)
    array([0, 1, 1, 1, 1, 0, 1, 1])

    Notebook: 02d_wav2vec2
    """
    require_positive(frames=frames, span=span)
    starts = np.asarray(starts, dtype=np.int64)
    if starts.size and not 0 <= starts.min() <= starts.max() < frames:
        raise AudioCourseError(f"Starts must lie between 0 and {frames - 1}, the last of {frames} frames: {starts}.")
    t = np.arange(frames)
    s = starts[:, None]  # (spans, 1)
    return np.asarray(((s <= t) & (t < s + span)).any(axis=0))


def span_mask(frames: int, *, rng: np.random.Generator, start: float = 0.065, span: int = 10) -> BoolArray:
    """Choose the frames to hide: whole spans, since a single frame can be guessed from its neighbours.

    max(1, round(p T)) different frames are drawn, and each of them and the M − 1 frames after it are hidden. Spans may
    overlap: with p = 0.065 and M = 10, about half of a long recording is hidden. A span never reaches beyond the end.

    Parameters
    ----------
    frames : int
        T, of one utterance.
    rng : np.random.Generator
        Source of randomness.
    start : float
        p, share of frames at which a span begins.
    span : int
        M, in frames.

    Returns
    -------
    np.ndarray [shape=(frames,)]
        True where hidden.

    Raises
    ------
    AudioCourseError
        If the span is longer than the utterance, or p is not a share.

    Source: A. Baevski et al., wav2vec 2.0, NeurIPS 2020, section 3.1.

    Notebook: 02d_wav2vec2
    """
    require_positive(frames=frames, span=span)
    if not 0 < start <= 1 or span > frames:
        raise AudioCourseError(
            f"Spans of {span} of {frames} frames at a share of {start}: pass shorter ones, and 0 < share ≤ 1."
        )
    begins = frames - span + 1
    first = rng.choice(begins, min(max(1, round(start * frames)), begins), replace=False)
    return hide_spans(first, span, frames)


def draw_distractors(steps: int, *, count: int, rng: np.random.Generator) -> IntArray:
    """For each hidden step, draw other hidden steps of the same utterance.

    d[i, j] ∈ {0, …, n − 1} without i, each equally likely, with replacement.

    Parameters
    ----------
    steps : int
        n, hidden steps of the utterance.
    count : int
        Distractors for each.
    rng : np.random.Generator
        Source of randomness.

    Returns
    -------
    np.ndarray [shape=(steps, count)]
        Numbers of hidden steps.

    Raises
    ------
    AudioCourseError
        If there are fewer than two steps, so that there is no other.

    Source: A. Baevski et al., wav2vec 2.0, NeurIPS 2020, section 3.2.

    Examples
    --------
    >>> draw_distractors(2, count=3, rng=np.random.default_rng(0))
    array([[1, 1, 1],
           [0, 0, 0]])

    Notebook: 02d_wav2vec2
    """
    require_positive(count=count)
    if steps < 2:
        raise AudioCourseError(
            f"Distractors for {steps} hidden steps: hide at least two, so that each has another one."
        )
    drawn = rng.integers(0, steps - 1, (steps, count))
    return drawn + (drawn >= np.arange(steps)[:, None])


def contrastive_loss(
    context: FloatArray, targets: FloatArray, distractors: IntArray, temperature: float = 0.1
) -> float:
    """Compute the contrastive loss: for each hidden step, −log P(its target among the distractors), and the mean.

    s(c, q) = cos(c, q) / κ, loss = mean over i of −log(exp s(c_i, q_i) / Σ_{q ∈ Q_i} exp s(c_i, q)), where Q_i holds
    q_i and its distractors. A distractor that equals q_i is another right answer and is left out.

    Parameters
    ----------
    context : np.ndarray [shape=(steps, units)]
        c, what the network predicts for each hidden step.
    targets : np.ndarray [shape=(steps, units)]
        q, what was there.
    distractors : np.ndarray [shape=(steps, count)]
        Which other steps' targets compete, from `draw_distractors`.
    temperature : float
        κ

    Returns
    -------
    float
        In nats; ln(1 + count) for a guess.

    Raises
    ------
    AudioCourseError
        If the temperature is not positive, or the shapes do not fit together.

    Source: A. van den Oord et al., Representation learning with contrastive predictive coding, arXiv:1807.03748.

    Examples
    --------
    >>> right, others = np.eye(2), np.array([[1], [0]])
    >>> bool(np.isclose(contrastive_loss(right, right, others, temperature=1.0), np.log(1 + np.exp(-1))))
    True

    Notebook: 02d_wav2vec2
    """
    require_number(temperature=temperature)
    if temperature <= 0:
        raise AudioCourseError(
            f"The temperature is {temperature}, but similarities are divided by it: pass more than 0."
        )
    if context.shape != targets.shape or len(distractors) != len(targets):
        raise AudioCourseError(
            f"Context {context.shape}, targets {targets.shape} and distractors {distractors.shape} need a row per step."
        )
    choices = np.concatenate([targets[:, None], targets[distractors]], axis=1)  # Q: (steps, 1 + count, units)
    norms = np.linalg.norm(context, axis=1)[:, None] * np.linalg.norm(choices, axis=2)
    scores = np.einsum("iu,iju->ij", context, choices) / norms / temperature  # s: (steps, 1 + count)
    scores[:, 1:][(choices[:, 1:] == targets[:, None]).all(axis=2)] = -np.inf
    return float(np.mean(np.logaddexp.reduce(scores, axis=1) - scores[:, 0]))
