"""The figures of chapter 4d: turns in the rows of their speakers, and embeddings in the plane of most variance."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_rgb
from sklearn.decomposition import PCA

from audiocourse import AudioCourseError
from audiocourse.classify.practice.who_speaks import embedding_map, principal_components, turn_timeline
from audiocourse.intervals import Interval
from audiocourse.learn import show

REFERENCE = [(0.0, 4.0, "anna"), (3.0, 8.0, "ben")]


@pytest.fixture(autouse=True)
def closed() -> object:
    """Leave no figures open."""
    yield
    pyplot.close("all")


def bars(fig: pyplot.Figure) -> dict[str, list[tuple[float, float]]]:
    """Spans of the bars by their label, such as "hypothesis, anna"."""
    return {
        str(each.get_label()): [(path.get_extents().x0, path.get_extents().x1) for path in each.get_paths()]
        for each in fig.axes[0].collections
    }


def test_turns_lie_in_the_row_of_the_speaker_they_stand_for() -> None:
    hypothesis = [Interval(4.0, 8.0, "speaker-1"), Interval(0.0, 4.0, "speaker-2"), Interval(8.0, 9.0, "speaker-3")]
    fig = turn_timeline(REFERENCE, hypothesis, seconds=10.0)
    assert bars(fig) == {
        "reference, anna": [(0.0, 4.0)],
        "reference, ben": [(3.0, 8.0)],
        "hypothesis, anna": [(0.0, 4.0)],
        "hypothesis, ben": [(4.0, 8.0)],
        "hypothesis, speaker-3": [(8.0, 9.0)],
    }
    ax = fig.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["anna", "ben", "speaker-3"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (s)", "speaker")


def test_a_label_without_a_partner_is_not_put_in_the_row_of_its_namesake() -> None:
    """The hypothesis calls ben anna, and a false alarm ben."""
    fig = turn_timeline([(0.0, 4.0, "ben")], [(0.0, 4.0, "anna"), (6.0, 7.0, "ben")], seconds=8.0)
    assert bars(fig) == {
        "reference, ben": [(0.0, 4.0)],
        "hypothesis, ben": [(0.0, 4.0)],
        "hypothesis, ben (no partner)": [(6.0, 7.0)],
    }


def test_turns_of_one_speaker_that_overlap_are_drawn_as_one() -> None:
    fig = turn_timeline([(0.0, 3.0, "anna"), (2.0, 5.0, "anna")], [], seconds=6.0)
    assert bars(fig) == {"reference, anna": [(0.0, 5.0)]}


def test_the_timeline_plays(capsys: pytest.CaptureFixture[str]) -> None:
    y = np.zeros(80_000, dtype=np.float32)
    show(turn_timeline(REFERENCE, [], seconds=10.0), says="Two speakers.", sound={"both": (y, 8_000)})
    assert "[playing figure] Two speakers." in capsys.readouterr().out


def test_the_plane_is_that_of_scikit_learn() -> None:
    embeddings = np.random.default_rng(0).normal(size=(20, 6)) * [3.0, 2.0, 1.0, 0.5, 0.5, 0.1]
    points, shares = principal_components(embeddings)
    peer = PCA(n_components=2)
    theirs = peer.fit_transform(embeddings)
    np.testing.assert_allclose(np.abs(points), np.abs(theirs), atol=1e-9)
    np.testing.assert_allclose(shares, peer.explained_variance_ratio_, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_sign_of_a_component_does_not_depend_on_the_library(seed: int) -> None:
    points, _ = principal_components(np.random.default_rng(seed).normal(size=(20, 6)))
    assert (points.max(axis=0) >= -points.min(axis=0)).all()


def test_each_speaker_has_a_colour_and_a_marker() -> None:
    embeddings = np.random.default_rng(1).normal(size=(6, 3))
    fig = embedding_map(embeddings, ["b", "a", "b", "a", "a", "c"])
    drawn = {str(each.get_label()): each for each in fig.axes[0].collections}
    points, _ = principal_components(embeddings)
    assert list(drawn) == ["a", "b", "c"]
    np.testing.assert_allclose(np.asarray(drawn["b"].get_offsets()), points[[0, 2]])
    colours = {tuple(each.get_facecolor()[0][:3]) for each in drawn.values()}
    markers = {each.get_paths()[0].vertices.tobytes() for each in drawn.values()}
    assert len(colours) == len(markers) == 3
    assert to_rgb("C0") in colours


@pytest.mark.parametrize(
    ("embeddings", "labels", "message"),
    [
        (np.ones((3, 2)), ["a"] * 3, "All embeddings are the same"),
        (np.eye(3), ["a"] * 2, "3 embeddings but 2 labels"),
        (np.ones((1, 2)), ["a"], "at least two of each"),
        (np.full((3, 2), np.nan), ["a"] * 3, "finite"),
        (np.ones((3, 2), dtype=int), ["a"] * 3, "int64"),
    ],
)
def test_what_has_no_plane_is_refused(embeddings: np.ndarray, labels: list[str], message: str) -> None:
    with pytest.raises(AudioCourseError, match=message):
        embedding_map(embeddings, labels)


def test_a_reference_without_speech_is_refused() -> None:
    with pytest.raises(AudioCourseError, match="No speech of the reference"):
        turn_timeline([], [(0.0, 1.0, "x")], seconds=2.0)
