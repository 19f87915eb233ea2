"""Sound events of ten kinds, made by formula, with the times at which they are heard.

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
shots, glass, dogs and babies are stylised: the right parts of a spectrogram in the right places. What a model scores on
them is a score on synthetic sound. The sounds in `ALARMING` frighten or hurt some people: a notebook that plays one
says so before.
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

AUDIBLE_DB = -40.0  # re the peak of an event: what lies below does not count as heard
PAUSE = 0.2  # seconds: a longer one between two samples that are heard is a pause

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
    """An event, and the truth about it.

    start = first n / sr, end = (last n + 1) / sr with |y[n]| > 0.01 · max |y|, that is, −40 dB re the peak

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound, float32; its peak is 0.5, −6 dB re full scale.
    sr : int
        Sampling rate in Hz.
    kind : str
        One of `EVENTS`.
    parts : list of Interval
        The stretches in which it is heard, without its pauses of more than 0.2 s: single shots, barks, rings. Each has
        the kind as its label.
    parameters : dict
        What was drawn for it: frequencies in Hz, rates, the name of a pattern.
    """

    y: FloatArray
    sr: int
    kind: str
    parts: list[Interval]
    parameters: Parameters

    @property
    def start(self) -> float:
        """When it is first heard, in seconds."""
        return self.parts[0].start

    @property
    def end(self) -> float:
        """When it is last heard, in seconds."""
        return self.parts[-1].end

    @property
    def interval(self) -> Interval:
        """From the first to the last moment at which it is heard, pauses included, with the kind as label."""
        return Interval(self.start, self.end, self.kind)


def event(kind: str, *, rng: np.random.Generator, sr: int = 16_000, max_seconds: float = 6.0) -> Event:
    """Make a sound event.

    No two are alike: pitch, rhythm, number, colour and duration are drawn anew. See the top of this module for what
    each kind consists of and how real it is.

    Parameters
    ----------
    kind : str
        One of `EVENTS`.
    rng : np.random.Generator
        Where all chance comes from.
    sr : int
        Sampling rate in Hz, 8000 to 96 000.
    max_seconds : float
        Seconds, 1 to 60. What goes on (rain, alarms, cries) lasts from about half of it to all of it; whatever would
        be longer is faded out there.

    Returns
    -------
    Event
        Sound, parts in which it is heard, what was drawn. It begins at once; in its last moments it may be softer
        than −40 dB re its peak.

    Raises
    ------
    AudioCourseError
        If there is no such kind, or an option is out of range.

    Examples
    --------
    >>> made = event("doorbell", rng=np.random.default_rng(1))
    >>> made.kind, made.sr, 0 <= made.start < made.end <= made.y.size / made.sr
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
    made, parameters = _GENERATORS[kind](require_rng(rng), sr, max_seconds)
    y = _faded(made[: round(max_seconds * sr)], sr)
    y *= _PEAK / np.max(np.abs(y))
    return Event(y.astype(np.float32), sr, kind, audible_intervals(y, sr, kind), parameters)


def audible_intervals(y: FloatArray, sr: int, label: str = "") -> list[Interval]:
    """Find the stretches in which a clean sound is heard.

    Each goes from a sample with |y[n]| > 0.01 · max |y| (−40 dB) to the last one before the next pause of more than
    0.2 s.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        A sound without noise.
    sr : int
        Sampling rate in Hz.
    label : str
        What each interval is called.

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
    loud = np.flatnonzero(size > 10 ** (AUDIBLE_DB / 20) * size.max(initial=0.0))
    pieces = np.split(loud, 1 + np.flatnonzero(np.diff(loud) > PAUSE * sr))
    return [Interval(int(piece[0]) / sr, int(piece[-1] + 1) / sr, label) for piece in pieces if piece.size]


def _faded(y: FloatArray, sr: int) -> FloatArray:
    """Cut off what is softer than −60 dB at the end, and fade the last 30 ms out."""
    loud = np.flatnonzero(np.abs(y) > 10 ** (_SILENT_DB / 20) * np.max(np.abs(y)))
    y = y[: loud[-1] + 1].copy()
    faded = min(y.size, round(_FADE * sr))
    y[-faded:] *= np.linspace(1, 0, faded)
    return y
