"""Sentences spoken by rule in seven emotions, by many actors: the material of 04e_emotion and ex09_emotion.

The actors are synthetic speakers, and an emotion is a rule of `sounds.emotional`, the same for all actors: a
caricature. No one feels anything here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audiocourse.arrays import FloatArray, IntArray
from audiocourse.classify.emotion.features import neutral_reference, voice_features
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive, require_seed
from audiocourse.sounds import EMOTIONS, emotional, speakers
from audiocourse.sounds.speech.speakers import Speaker

SR = 16_000
NAMES = tuple(EMOTIONS)
TEXTS = (
    "The kettle is on the table.",
    "My brother lives in the north.",
    "We are going home by train.",
    "There is a letter at the door.",
    "Dinner is ready at seven.",
)
NEUTRAL_TEXT = "I walk along the river in the morning."  # in no clip: the words of the reference give nothing away
AROUSAL_VALENCE = {  # rough places on the circumplex of Russell 1980, from −1 to 1; the choice is ours
    "neutral": (0.0, 0.0),
    "happy": (0.6, 0.8),
    "sad": (-0.6, -0.7),
    "angry": (0.8, -0.7),
    "fearful": (0.7, -0.6),
    "disgusted": (0.2, -0.6),
    "surprised": (0.8, 0.2),
}


@dataclass(frozen=True, eq=False)
class ActedClip:
    """A sentence in an emotion.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound at `SR`.
    features : np.ndarray [shape=(frames, features)]
        `voice_features` minus their mean over a neutral sentence of the same actor.
    raw_features : np.ndarray [shape=(frames, features)]
        `voice_features` as they are.
    emotion : str
        One of `EMOTIONS`.
    actor, group, text : str
        Who speaks, whether the voice is low or high, and what is said.
    """

    y: FloatArray
    features: FloatArray
    raw_features: FloatArray
    emotion: str
    actor: str
    group: str
    text: str

    @property
    def label(self) -> int:
        """The number of the emotion in `EMOTIONS`."""
        return NAMES.index(self.emotion)


def acted_clips(
    split: str,
    *,
    per_emotion: int = 1,
    takes: int = 1,
    actors: int | None = None,
    emotions: Sequence[str] = NAMES,
    strength: float = 1.0,
    seed: int = 0,
) -> list[ActedClip]:
    """Synthesise short English sentences of the actors of a split in each emotion.

    Every actor speaks the same sentence in all emotions, so the words say nothing about the emotion.

    Parameters
    ----------
    split : {"train", "validation", "test"}
        Which speakers: no voice of one split has a relative in another.
    per_emotion : int
        Sentences of each actor in each emotion.
    takes : int
        How often each of them is spoken, as in RAVDESS, where it is twice.
    actors : int, optional
        Only so many of them, spread over the split.
    emotions : sequence of str
        Names in `EMOTIONS`.
    strength : float
        Of the rules, 0 to 1.
    seed : int
        Of the variation from sentence to sentence.

    Returns
    -------
    list of ActedClip
        Actor by actor.

    Raises
    ------
    AudioCourseError
        If a number, a name or the strength is out of range.

    Notebook: 04e_emotion
    """
    require_positive(per_emotion=per_emotion, takes=takes)
    require_seed(seed)
    cast = speakers("en", split=split)
    if actors is not None:
        require_positive(actors=actors)
        if actors > len(cast):
            raise AudioCourseError(f"There are {len(cast)} actors in the split {split}, not {actors}.")
        cast = [cast[place] for place in np.linspace(0, len(cast) - 1, actors).round().astype(int)]
    clips = []
    for number, actor in enumerate(cast):
        reference = neutral_reference(neutral_sentence(actor, seed=seed), SR)
        for take in range(per_emotion * takes):
            text = TEXTS[(number + take // takes) % len(TEXTS)]
            for emotion in emotions:
                y = emotional(text, emotion, speaker=actor, seed=seed + 1 + take, strength=strength, sr=SR).y
                x = voice_features(y, SR)
                clips.append(ActedClip(y, x - reference, x, emotion, actor.name, actor.group, text))
    return clips


def neutral_sentence(actor: Speaker, *, seed: int = 0) -> FloatArray:
    """Return the neutral sentence to which the clips of an actor are compared: (samples,) at `SR`."""
    return actor.say(NEUTRAL_TEXT, seed=seed, sr=SR).y


def labels_of(clips: Sequence[ActedClip]) -> IntArray:
    """Return the numbers of the emotions of some clips: (clips,)."""
    return np.array([clip.label for clip in clips])
