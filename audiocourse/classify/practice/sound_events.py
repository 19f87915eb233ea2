"""Material of 04c_sound_events: scenes to test on, and a clip tagger used as a detector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from audiocourse.classify.events.from_scratch import events_from_frames
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import LabelledSegment, labelled_segments
from audiocourse.require import require_between, require_frame_scores, require_seconds
from audiocourse.signal import FloatArray
from audiocourse.sounds import event_scene

SR = 16_000
SCENE_SECONDS = 10.0
EVENTS_PER_SCENE = 5


class LabelledScene(NamedTuple):
    """A sound at 16 kHz and its events, sorted by start."""

    y: FloatArray
    events: list[LabelledSegment]


def labelled_scenes(count: int, *, seed: int, snr_db: float) -> list[LabelledScene]:
    """Synthesise scenes of 10 s with five events each, up to two at a time, half of them in a room.

    Parameters
    ----------
    count : int
        Their number.
    seed : int
        Another seed gives other scenes.
    snr_db : float
        The ratio of every event to the background, in dB.

    Returns
    -------
    list of LabelledScene
        With pink noise and a street as backgrounds in turn.

    Notebook: 04c_sound_events
    """
    scenes = []
    for number in range(count):
        scene = event_scene(
            rng=np.random.default_rng([seed, number]),
            seconds=SCENE_SECONDS,
            events=EVENTS_PER_SCENE,
            snr_db=snr_db,
            background="street" if number % 2 else "pink",
            rt60=0.4 if number // 2 % 2 else None,
        )
        scenes.append(LabelledScene(scene.y, labelled_segments(scene.events)))
    return scenes


def tagger_events(
    probabilities: FloatArray,
    *,
    classes: Sequence[str],
    threshold: float,
    patch_seconds: float,
    hop_seconds: float,
    seconds: float,
) -> list[LabelledSegment]:
    """Use the tags of overlapping patches as if they were events; a tag stands for the hop around its centre.

    Parameters
    ----------
    probabilities : np.ndarray [shape=(patches, classes)]
        Output of a tagger, for patches that begin one hop apart.
    classes : sequence of str
        The class of each column.
    threshold : float
        A tag counts if its probability is at least this.
    patch_seconds, hop_seconds : float
        Length of a patch, and the time from the start of one to the start of the next.
    seconds : float
        Length of the recording; events are cut off there.

    Returns
    -------
    list of (start, end, label)
        Sorted by start.

    Raises
    ------
    AudioCourseError
        If the probabilities are not (patches, classes), or a duration is not above 0.

    Notebook: 04c_sound_events
    """
    require_frame_scores(probabilities, "The probabilities")
    require_seconds(patch_seconds=patch_seconds, hop_seconds=hop_seconds, seconds=seconds)
    require_between("threshold", threshold, 0, 1)
    if patch_seconds < hop_seconds:
        raise AudioCourseError("The patches leave gaps: give a hop that is at most as long as a patch.")
    late = (patch_seconds - hop_seconds) / 2
    found = events_from_frames(probabilities >= threshold, classes=classes, frame_seconds=hop_seconds)
    moved = [(start + late, min(end + late, seconds), label) for start, end, label in found]
    return [event for event in moved if event[0] < event[1]]
