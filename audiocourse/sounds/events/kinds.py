"""Sound events of ten kinds, synthesised by formula, with the times at which they are audible.

=============  ==========================================================================================
gunshot        one shot or several, near or far                          ``impacts``
alarm          beeps, sweeps, two tones, a steady tone                   ``alarms``
siren          wail, yelp, hi-lo; of a vehicle that drives past          ``alarms``
doorbell       chime, gong, melody, buzzer                               ``alarms``
baby_cry       a few cries with gasps between them                       ``cries``
dog_bark       one bark or several, of a small or a large dog            ``cries``
glass_break    a blow, then shards                                       ``impacts``
rain           single drops on a hiss                                    ``outdoors``
helicopter     blades, tail rotor, turbine                               ``outdoors``
phone_ring     gongs, a warble, a melody, in a cadence                   ``alarms``
=============  ==========================================================================================

How real are they? Alarms, sirens, bells and telephones are close to the real ones, rain and helicopters are plausible,
shots, glass, dogs and babies are stylised: the right parts of a spectrogram in the right places. A model's score on
them is a score on synthetic sound. The sounds in `ALARMING` frighten or hurt some people, so a notebook warns before it
plays one.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from audiocourse.intervals import Interval
from audiocourse.require import require_between, require_choice, require_positive, require_rng
from audiocourse.signal import FloatArray
from audiocourse.sounds.events.alarms import alarm, doorbell, phone_ring, siren
from audiocourse.sounds.events.cries import baby_cry, dog_bark
from audiocourse.sounds.events.impacts import glass_break, gunshot
from audiocourse.sounds.events.outdoors import helicopter, rain
from audiocourse.sounds.events.synthesis import Generated, Parameters

AUDIBLE_DB = -40.0  # re the peak of an event: what is below does not count as audible
PAUSE = 0.2  # seconds: a longer one between two audible samples is a pause

_GENERATORS: dict[str, Callable[[np.random.Generator, int, float], Generated]] = {
    "gunshot": gunshot,
    "alarm": alarm,
    "siren": siren,
    "doorbell": doorbell,
    "baby_cry": baby_cry,
    "dog_bark": dog_bark,
    "glass_break": glass_break,
    "rain": rain,
    "helicopter": helicopter,
    "phone_ring": phone_ring,
}
EVENTS = tuple(_GENERATORS)
ALARMING = ("gunshot", "alarm", "siren", "baby_cry")  # play these only after a notice

_PEAK = 0.5
_FADE = 0.03  # seconds
_SILENT_DB = -60.0  # re the peak


@dataclass(frozen=True, eq=False)
class Event:
    """A synthetic event and its ground truth.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound, float32; its peak is 0.5, −6 dB re full scale.
    sr : int
        Sampling rate in Hz.
    kind : str
        One of `EVENTS`.
    parts : list of Interval
        Its `audible_intervals`: single shots, barks, rings. Each has the kind as its label.
    parameters : dict
        Its random parameters: frequencies in Hz, rates, the name of a pattern.
    """

    y: FloatArray
    sr: int
    kind: str
    parts: list[Interval]
    parameters: Parameters

    @property
    def start(self) -> float:
        """When it becomes audible, in seconds."""
        return self.parts[0].start

    @property
    def end(self) -> float:
        """When it stops being audible, in seconds."""
        return self.parts[-1].end

    @property
    def interval(self) -> Interval:
        """From `start` to `end`, pauses included, with the kind as label."""
        return Interval(self.start, self.end, self.kind)


def event(kind: str, *, rng: np.random.Generator, sr: int = 16_000, max_seconds: float = 6.0) -> Event:
    """Synthesise a sound event.

    No two are alike: pitch, rhythm, number, colour and duration are drawn anew. The module's docstring says what each
    kind consists of and how real it is.

    Parameters
    ----------
    kind : str
        One of `EVENTS`.
    rng : np.random.Generator
        Source of all randomness.
    sr : int
        Sampling rate in Hz, 8000 to 96 000.
    max_seconds : float
        1 to 60. Continuous sounds (rain, alarms, cries) last from about half of it to all of it; a longer event is
        faded out there.

    Returns
    -------
    Event
        It begins at once; its last moments may be softer than −40 dB re its peak.

    Raises
    ------
    AudioCourseError
        If there is no such kind, or an option is out of range.

    Examples
    --------
    >>> bell = event("doorbell", rng=np.random.default_rng(1))
    >>> bell.kind, bell.sr, 0 <= bell.start < bell.end <= bell.y.size / bell.sr
    ('doorbell', 16000, True)

    Source: ISO 8201 and national standards for alarms; 13 CCR § 1028 for sirens; R. C. Maher, Acoustical
    characterization of gunshots, IEEE SAFE 2007; K. Michelsson et al., Cry characteristics of 172 healthy 1- to
    7-day-old infants, Folia Phoniatr. Logop. 54, 2002; S. Yin, B. McCowan, Barking in domestic dogs, Anim. Behav. 68,
    2004; K. van den Doel, Physically based models for liquid sounds, ACM Trans. Appl. Percept. 2, 2005.
    """
    require_choice("kind of event", kind, EVENTS)
    require_positive(sr=sr)
    require_between("sr (in Hz)", sr, 8000, 96_000)
    require_between("max_seconds", max_seconds, 1, 60)
    sound, parameters = _GENERATORS[kind](require_rng(rng), sr, max_seconds)
    y = _faded(sound[: round(max_seconds * sr)], sr)
    y *= _PEAK / np.max(np.abs(y))
    return Event(y.astype(np.float32), sr, kind, audible_intervals(y, sr, kind), parameters)


def audible_intervals(y: FloatArray, sr: int, label: str = "") -> list[Interval]:
    """Find the intervals in which a clean sound is audible.

    Each goes from a sample with |y[n]| > 0.01 · max |y| (−40 dB) to the last one before the next pause of more than 0.2
    s.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        A sound without noise.
    sr : int
        Sampling rate in Hz.
    label : str
        The label of each interval.

    Returns
    -------
    list of Interval
        In order; empty for silence.

    Examples
    --------
    >>> audible_intervals(np.array([0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.5]), sr=10)
    [Interval(start=0.1, end=0.3, label=''), Interval(start=0.6, end=0.7, label='')]
    """
    size = np.abs(y)
    audible = np.flatnonzero(size > 10 ** (AUDIBLE_DB / 20) * size.max(initial=0.0))
    pieces = np.split(audible, 1 + np.flatnonzero(np.diff(audible) > PAUSE * sr))
    return [Interval(int(piece[0]) / sr, int(piece[-1] + 1) / sr, label) for piece in pieces if piece.size]


def _faded(y: FloatArray, sr: int) -> FloatArray:
    """Cut off the end below −60 dB re the peak, and fade the last 30 ms out."""
    loud = np.flatnonzero(np.abs(y) > 10 ** (_SILENT_DB / 20) * np.max(np.abs(y)))
    y = y[: loud[-1] + 1].copy()
    faded = min(y.size, round(_FADE * sr))
    y[-faded:] *= np.linspace(1, 0, faded)
    return y
