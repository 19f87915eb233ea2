"""Conversations: who speaks when, with pauses and with people who fall into each other's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, merge, shift, total_duration
from audiocourse.require import require_between, require_positive, require_rng
from audiocourse.signal import FloatArray
from audiocourse.sounds.acoustics.mix import HIGHEST_PEAK
from audiocourse.sounds.speech.speakers import Speaker
from audiocourse.sounds.speech.synthesis import Speech
from audiocourse.sounds.speech.texts import sentence

_MOST_TURNS = 500
_MOST_SHARED = 0.5  # of the shorter of two turns: at most two people speak at once
_DIFFERENCE_DB = 3.0  # how much louder or softer than usual a person is, at most
_EDGE = 0.5  # seconds of silence before the first and after the last turn
_RTTM = "SPEAKER recording 1 start duration <NA> <NA> name <NA> <NA>"


@dataclass(frozen=True, eq=False)
class Dialogue:
    """A conversation and the truth about it.

    y = Σ tracks

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The recording, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    tracks : dict of str to np.ndarray [shape=(samples,)]
        What each speaker says alone, by name.
    turns : list of Interval
        Each turn from its first to the end of its last phone, labelled with the speaker's name, sorted by start.
    words : list of Interval
        Each word of all speakers, sorted by start.
    texts : list of str
        What is said, one for each turn.
    """

    y: FloatArray
    sr: int
    tracks: dict[str, FloatArray]
    turns: list[Interval]
    words: list[Interval]
    texts: list[str]

    @property
    def overlap(self) -> float:
        """For how many seconds two people speak at once: at no time do more."""
        return total_duration(self.turns) - total_duration(merge(self.turns))

    def rttm(self, recording: str) -> str:
        """Write the turns down as scorers of diarisation read them.

        One line a turn: ``SPEAKER recording 1 start duration <NA> <NA> name <NA> <NA>``, times in seconds.

        Parameters
        ----------
        recording : str
            What the recording is called, without blanks.

        Returns
        -------
        str
            The lines, each with its line feed.

        Raises
        ------
        AudioCourseError
            If the name is empty or contains a blank, which ends a field.

        Source: NIST, The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan, appendix A.
        """
        if not isinstance(recording, str) or not recording or any(character.isspace() for character in recording):
            raise AudioCourseError(f"recording is {recording!r}, but in RTTM a name is one word: leave out blanks.")
        line = "SPEAKER {} 1 {:.3f} {:.3f} <NA> <NA> {} <NA> <NA>\n"
        return "".join(line.format(recording, turn.start, turn.seconds, turn.label) for turn in self.turns)


def dialogue(
    *,
    rng: np.random.Generator,
    speakers: Sequence[Speaker],
    turns: int = 10,
    overlap: float = 0.2,
    pause: tuple[float, float] = (0.1, 0.8),
    split: str | None = None,
    sr: int = 16_000,
) -> Dialogue:
    """Let people talk to each other.

    Nobody speaks twice in a row, and whoever has said least so far is three times as likely to go on as others. A turn
    is one sentence of `sounds.sentence`. With the probability `overlap` it begins before the one before has ended: they
    share 10 to 50 % of the shorter of the two; otherwise it begins after a pause.

    How real is it? Turns, pauses and overlaps are exact and of plausible length. But nobody listens: the sentences have
    nothing to do with each other, nobody says "mhm", laughs or stops in the middle of a word because of the other, and
    all sit at the same distance from the microphone. Diarisation of real meetings is far harder.

    Parameters
    ----------
    rng : np.random.Generator
        Chooses who speaks, what, how loudly and when.
    speakers : sequence of Speaker
        Who takes part, at least two with different names; each speaks their own language.
    turns : int
        How many sentences, 1 to 500.
    overlap : float
        The share of turns that begin too early, 0 to 1.
    pause : (float, float)
        Shortest and longest pause between turns that do not overlap, in seconds; each length is as likely.
    split : str, optional
        Which sentences: train, validation or test.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    Dialogue
        The recording with half a second of silence at both ends. Each person has a level of their own, within 3 dB of
        −26 dB re full scale over their speech; where the sum would pass full scale, all are made softer alike.

    Raises
    ------
    AudioCourseError
        If there are fewer than two speakers, or a number, pause, split or rate is not possible.

    Examples
    --------
    >>> from audiocourse.sounds.speech.speakers import speakers
    >>> talk = dialogue(rng=np.random.default_rng(1), speakers=speakers("en")[:2], turns=3, overlap=0)
    >>> [turn.label for turn in talk.turns], talk.overlap
    (['avocet-1', 'avocet-2', 'avocet-1'], 0.0)
    """
    people = _require_people(speakers)
    _require_turns(turns, overlap, pause)
    require_positive(sr=sr)
    require_rng(rng)
    gains = {name: 10 ** (rng.uniform(-_DIFFERENCE_DB, _DIFFERENCE_DB) / 20) for name in people}
    spoken = _talk(rng, people, turns, split, sr)
    starts = _starts(rng, spoken, overlap, pause)
    samples = round(sr * (starts[-1] + spoken[-1].speech[-1].end - spoken[-1].speech[0].start + _EDGE))
    tracks = {name: np.zeros(samples, dtype=np.float32) for name in people}
    heard: list[Interval] = []
    words: list[Interval] = []
    for start, one in zip(starts, spoken, strict=True):
        first = round(sr * (start - one.speech[0].start))  # never below 0: voices begin to speak within a few ms
        piece = one.y[: samples - first]
        tracks[one.voice][first : first + piece.size] += gains[one.voice] * piece
        heard += shift([Interval(one.speech[0].start, one.speech[-1].end, one.voice)], first / sr)
        words += shift(one.words, first / sr)
    tracks = _within_full_scale(tracks)
    y: FloatArray = np.array(list(tracks.values())).sum(axis=0)
    words.sort(key=lambda word: word.start)
    return Dialogue(y, sr, tracks, heard, words, [one.text for one in spoken])


def read_rttm(text: str) -> dict[str, list[Interval]]:
    """Read who speaks when from RTTM, the format of diarisation.

    A turn is a line ``SPEAKER recording channel start duration <NA> <NA> name …``, times in seconds; lines of other
    kinds are left out.

    Parameters
    ----------
    text : str
        The lines.

    Returns
    -------
    dict of str to list of Interval
        For each recording its turns, labelled with the name, in the order of the lines.

    Raises
    ------
    AudioCourseError
        If a line is no such line, or a time is negative.

    Examples
    --------
    >>> read_rttm("SPEAKER call 1 0.5 2.0 <NA> <NA> anna <NA> <NA>")
    {'call': [Interval(start=0.5, end=2.5, label='anna')]}

    Source: NIST, The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan, appendix A.

    Notebook: 00b_the_sounds
    """
    turns: dict[str, list[Interval]] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        try:
            recording = fields[1]
            start = float(fields[3])
            duration = float(fields[4])
            name = fields[7]
        except (IndexError, ValueError):
            raise AudioCourseError(f"Line {number} is no RTTM line: {line!r}; write {_RTTM!r}.") from None
        turns.setdefault(recording, []).append(Interval(start, start + duration, name))
    return turns


def overlap_seconds(rttm: str) -> float:
    r"""Measure for how long two or more people speak at once in a recording.

    |{t : #{turns with start ≤ t < end} ≥ 2}|

    Parameters
    ----------
    rttm : str
        The turns of one recording, in RTTM lines. Turns of one person that overlap or touch count as one.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    AudioCourseError
        As `read_rttm`; or if there are turns of several recordings.

    Examples
    --------
    >>> turns = "SPEAKER x 1 0.0 4.0 - - anna", "SPEAKER x 1 3.0 2.0 - - ben", "SPEAKER x 1 3.5 1.0 - - cleo"
    >>> overlap_seconds("\n".join(turns))
    1.5

    Notebook: 00b_the_sounds
    """
    recordings = read_rttm(rttm)
    if len(recordings) > 1:
        raise AudioCourseError(f"The turns belong to {', '.join(recordings)}: pass those of one recording.")
    by_name: dict[str, list[Interval]] = {}
    for turn in (turn for turns in recordings.values() for turn in turns):
        by_name.setdefault(turn.label, []).append(turn)
    turns = [turn for own in by_name.values() for turn in merge(own)]  # a person does not overlap with themselves
    seconds = 0.0
    speaking = 0
    before = 0.0
    for moment, change in sorted([(turn.start, 1) for turn in turns] + [(turn.end, -1) for turn in turns]):
        seconds += moment - before if speaking > 1 else 0.0
        speaking = speaking + change
        before = moment
    return seconds


def _require_people(speakers: Sequence[Speaker]) -> dict[str, Speaker]:
    """Refuse fewer than two people, or two of the same name: tracks and turns go by name."""
    people = {one.name: one for one in speakers}
    if len(people) < 2 or len(people) < len(speakers):
        raise AudioCourseError(
            f"{len(speakers)} speaker(s) with {len(people)} name(s) cannot talk to each other: pass at least two with "
            "different names, such as speakers('en')[:2]."
        )
    return people


def _require_turns(turns: int, overlap: float, pause: tuple[float, float]) -> None:
    """Refuse impossible numbers of turns, shares and pauses."""
    if isinstance(turns, bool) or not isinstance(turns, int) or not 1 <= turns <= _MOST_TURNS:
        raise AudioCourseError(f"turns is {turns!r}, but it must be a whole number from 1 to {_MOST_TURNS}.")
    require_between("overlap", overlap, 0, 1)
    if not isinstance(pause, tuple) or len(pause) != 2:
        raise AudioCourseError(f"pause is {pause!r}, but it must be a pair of seconds such as (0.1, 0.8).")
    shortest = require_between("the shortest pause (in seconds)", pause[0], 0, 60)
    require_between("the longest pause (in seconds)", pause[1], shortest, 60)


def _talk(rng: np.random.Generator, people: dict[str, Speaker], turns: int, split: str | None, sr: int) -> list[Speech]:
    """Let people say their sentences; whoever has said least is three times as likely to be next."""
    said = dict.fromkeys(people, 0)
    spoken: list[Speech] = []
    for _ in range(turns):
        able = [name for name in people if not spoken or name != spoken[-1].voice]
        least = min(said[name] for name in able)
        chances = np.array([3.0 if said[name] == least else 1.0 for name in able])
        name = able[int(rng.choice(len(able), p=chances / chances.sum()))]
        said[name] += 1
        text = sentence(rng, people[name].language, split=split).text
        spoken.append(people[name].say(text, seed=int(rng.integers(2**31)), sr=sr))
    return spoken


def _starts(
    rng: np.random.Generator, spoken: Sequence[Speech], overlap: float, pause: tuple[float, float]
) -> list[float]:
    """Lay out in seconds when each turn begins to be heard.

    As two turns share at most half of each, the one after next begins when the first is over.
    """
    starts = [_EDGE]
    lengths = [one.speech[-1].end - one.speech[0].start for one in spoken]
    for before, here in pairwise(lengths):
        shared = rng.uniform(0.1, _MOST_SHARED) * min(before, here)
        early = rng.random() < overlap
        starts.append(starts[-1] + before + (-shared if early else rng.uniform(*pause)))
    return starts


def _within_full_scale(tracks: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Make all tracks softer alike if their sum would pass full scale."""
    peak = float(np.max(np.abs(np.array(list(tracks.values())).sum(axis=0))))
    if peak <= 1:
        return tracks
    return {name: (HIGHEST_PEAK / peak * track).astype(track.dtype) for name, track in tracks.items()}
