"""The figures of chapter 4d: who speaks when, and the embeddings of windows in two dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from audiocourse.classify.practice.event_timeline import event_timeline
from audiocourse.classify.speakers.diarization_scoring import Turns, require_turns, speaker_mapping
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import labelled_segments
from audiocourse.signal import FloatArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKERS = "osD^vPX*<>"  # so that speakers stay apart in a print without colours


def turn_timeline(reference: Turns, hypothesis: Turns, *, seconds: float) -> Figure:
    """Draw turns over time, one row per speaker, the reference above the hypothesis in each.

    The labels of the hypothesis are renamed by `speaker_mapping`; a label without a partner keeps its name and gets a
    row of its own at the bottom, so what is wrong in a row is what the diarisation error rate counts.

    Parameters
    ----------
    reference, hypothesis : list of Interval or of (start, end, speaker)
        Turns in seconds.
    seconds : float
        Length of the time axis.

    Returns
    -------
    matplotlib.figure.Figure
        For `show`, with its sound: a click in it plays from there.

    Raises
    ------
    AudioCourseError
        If something is not a turn, or there is no speech in the reference.
    """
    mapping = speaker_mapping(reference, hypothesis)
    true_turns = labelled_segments(require_turns(reference, "reference"))
    names = sorted({speaker for *_, speaker in true_turns})
    titles = {
        turn.label: mapping.get(turn.label) or _free_name(turn.label, names)
        for turn in require_turns(hypothesis, "hypothesis")
    }
    turns = [
        (start, end, titles[label]) for start, end, label in labelled_segments(require_turns(hypothesis, "hypothesis"))
    ]
    rows = [*names, *sorted(set(titles.values()) - set(names))]
    fig = event_timeline({"reference": true_turns, "hypothesis": turns}, classes=rows, seconds=seconds)
    fig.axes[0].set_ylabel("speaker")
    return fig


def embedding_map(embeddings: FloatArray, labels: Sequence[str]) -> Figure:
    """Draw embeddings in the plane in which they vary most, with a colour and a marker for each speaker.

    The two axes are the first principal components: with the mean μ of the rows e_n and the singular value
    decomposition E − μ = U S Vᵀ, a point is ((e_n − μ)·v_1, (e_n − μ)·v_2). The labels say how much of the variance
    each holds: what is apart in the figure is apart in all dimensions, but what is close in it need not be.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(windows, dimensions)]
        Such as those of `diarize`; at least two windows and two dimensions.
    labels : sequence of str
        The speaker of each window: of the hypothesis or of the reference.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    AudioCourseError
        If shapes do not fit, embeddings are not finite, or all are the same.
    """
    from matplotlib import pyplot

    points, shares = principal_components(embeddings)
    if len(labels) != len(points):
        raise AudioCourseError(
            f"There are {len(points)} embeddings but {len(labels)} labels: pass one for each window."
        )
    fig, ax = pyplot.subplots(figsize=(6, 4.5))
    for number, name in enumerate(sorted(set(labels))):
        own = points[[label == name for label in labels]]
        ax.scatter(own[:, 0], own[:, 1], color=f"C{number}", marker=MARKERS[number % len(MARKERS)], label=name)
    ax.set_xlabel(f"1st principal component ({100 * shares[0]:.0f} % of the variance)")
    ax.set_ylabel(f"2nd principal component ({100 * shares[1]:.0f} %)")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return fig


def principal_components(embeddings: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Project onto the first two principal components: (windows, dimensions) -> (windows, 2), and their shares (2,).

    A component points to where its largest value is positive, as its sign is arbitrary.
    """
    array = np.asarray(embeddings)
    if array.ndim != 2 or array.dtype.kind != "f" or min(array.shape) < 2 or not np.isfinite(array).all():
        raise AudioCourseError(
            f"The embeddings have shape {array.shape} and dtype {array.dtype}, but a plane needs finite floats, "
            "(windows, dimensions), at least two of each."
        )
    centred = array.astype(np.float64) - array.mean(axis=0, dtype=np.float64)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    if s[0] <= 1e-12 * max(1.0, float(np.abs(array).max())):
        raise AudioCourseError("All embeddings are the same, so there is nothing to draw: look at the encoder.")
    points: FloatArray = u[:, :2] * s[:2]  # (windows, 2)
    largest = np.abs(points).argmax(axis=0)
    signs = np.sign(points[largest, [0, 1]])
    shares: FloatArray = s[:2] ** 2 / np.sum(s**2)
    return points * np.where(signs == 0, 1.0, signs), shares


def _free_name(label: str, names: Sequence[str]) -> str:
    """Name a label without a partner so that it is not mistaken for a speaker of the reference."""
    return f"{label} (no partner)" if label in names else label
