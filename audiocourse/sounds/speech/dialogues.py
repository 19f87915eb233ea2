"""Dialogues: who speaks when, with pauses and overlaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, merge, merge_by_label, shift, total_duration
from audiocourse.require import require_between, require_positive, require_rng
from audiocourse.signal import FloatArray
from audiocourse.sounds.acoustics.mix import HIGHEST_PEAK
from audiocourse.sounds.speech.speakers import Speaker
from audiocourse.sounds.speech.synthesis import Speech
from audiocourse.sounds.speech.texts import sentence

_MAX_TURNS = 500
_MAX_OVERLAP = 0.5  # of the shorter of two turns: at most two people speak at once
_DIFFERENCE_DB = 3.0  # how much louder or softer than usual a person is, at most
_EDGE = 0.5  # seconds of silence before the first and after the last turn
_RTTM = "SPEAKER recording 1 start duration <NA> <NA> name <NA> <NA>"


@dataclass(frozen=True, eq=False)
class Dialogue:
    """A dialogue and its ground truth.

    y = Σ tracks

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The recording, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    tracks : dict of str to np.ndarray [shape=(samples,)]
        The speech of each speaker alone, by name.
    turns : list of Interval
        Each turn, from its first to the end of its last phone, labelled with the speaker, sorted by start.
    words : list of Interval
        Each word of all speakers, sorted by start.
    texts : list of str
        The text of each turn.
    """

    y: FloatArray
    sr: int
    tracks: dict[str, FloatArray]
    turns: list[Interval]
    words: list[Interval]
    texts: list[str]

    @property
    def overlap(self) -> float:
        """For how many seconds two people speak at once; more never do."""
        return total_duration(self.turns) - total_duration(merge(self.turns))

    def rttm(self, recording: str) -> str:
        """Format the turns as RTTM, which scorers of diarisation read; the recording's name must not contain blanks.

        One line per turn: ``SPEAKER recording 1 start duration <NA> <NA> name <NA> <NA>``, times in seconds.

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
    """Synthesise a dialogue.

    No one speaks twice in a row, and a speaker with the fewest turns so far is three times as likely to be next as the
    others. A turn is one `sentence`. With the probability `overlap` it begins before the previous turn has ended, and
    they share 10 to 50 % of the shorter of the two; otherwise it begins after a pause.

    How real is it? Turns, pauses and overlaps are exact and of plausible length. But no one listens: the sentences are
    unrelated, no one says "mhm", laughs or breaks off because of another speaker, and all are at the same distance from
    the microphone. Diarisation of real meetings is far harder.

    Parameters
    ----------
    rng : np.random.Generator
        Source of all randomness.
    speakers : sequence of Speaker
        At least two with different names; each speaks their own language.
    turns : int
        Their number, 1 to 500.
    overlap : float
        The proportion of turns that begin early, 0 to 1.
    pause : (float, float)
        Shortest and longest pause between turns that do not overlap, in seconds; uniformly distributed.
    split : str, optional
        Split of the sentences: train, validation or test.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    Dialogue
        The recording with half a second of silence at both ends. Each speaker has their own level, within 3 dB of
        −26 dB re full scale over their speech; where the sum would pass full scale, all are attenuated equally.

    Raises
    ------
    AudioCourseError
        If there are fewer than two speakers, or a number, pause, split or rate is not possible.

    Examples
    --------
    >>> from audiocourse.sounds.speech.speakers import speakers
    >>> conversation = dialogue(rng=np.random.default_rng(1), speakers=speakers("en")[:2], turns=3, overlap=0)
    >>> [turn.label for turn in conversation.turns], conversation.overlap
    (['avocet-1', 'avocet-2', 'avocet-1'], 0.0)
    """
    people = _require_people(speakers)
    _require_turns(turns, overlap, pause)
    require_positive(sr=sr)
    require_rng(rng)
    gains = {name: 10 ** (rng.uniform(-_DIFFERENCE_DB, _DIFFERENCE_DB) / 20) for name in people}
    utterances = _utterances(rng, people, turns, split, sr)
    starts = _starts(rng, utterances, overlap, pause)
    samples = round(sr * (starts[-1] + utterances[-1].speech[-1].end - utterances[-1].speech[0].start + _EDGE))
    tracks = {name: np.zeros(samples, dtype=np.float32) for name in people}
    intervals: list[Interval] = []
    words: list[Interval] = []
    for start, utterance in zip(starts, utterances, strict=True):
        first = round(sr * (start - utterance.speech[0].start))  # never below 0: voices begin to speak within a few ms
        voice = utterance.voice
        y = utterance.y[: samples - first]
        tracks[voice][first : first + y.size] += gains[voice] * y
        intervals += shift([Interval(utterance.speech[0].start, utterance.speech[-1].end, voice)], first / sr)
        words += shift(utterance.words, first / sr)
    tracks = _within_full_scale(tracks)
    mixture: FloatArray = np.array(list(tracks.values())).sum(axis=0)  # (samples,)
    words.sort(key=lambda word: word.start)
    return Dialogue(mixture, sr, tracks, intervals, words, [utterance.text for utterance in utterances])


def read_rttm(text: str) -> dict[str, list[Interval]]:
    """Parse RTTM, the format of diarisation: who speaks when.

    A turn is a line ``SPEAKER recording channel start duration <NA> <NA> name …``, times in seconds; lines of other
    kinds are skipped.

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
        If a SPEAKER line is malformed, or a time is negative.

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
            raise AudioCourseError(f"Line {number} is not a valid RTTM line: {line!r}; write {_RTTM!r}.") from None
        turns.setdefault(recording, []).append(Interval(start, start + duration, name))
    return turns


def overlap_seconds(rttm: str) -> float:
    r"""Measure how long two or more people speak at once in a recording.

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
    # a person does not overlap with themselves
    turns = merge_by_label(turn for turns in recordings.values() for turn in turns)
    seconds = 0.0
    speaking = 0
    before = 0.0
    for moment, change in sorted([(turn.start, 1) for turn in turns] + [(turn.end, -1) for turn in turns]):
        seconds += moment - before if speaking > 1 else 0.0
        speaking += change
        before = moment
    return seconds


def _require_people(speakers: Sequence[Speaker]) -> dict[str, Speaker]:
    """Refuse fewer than two people, or two of the same name: tracks and turns go by name."""
    people = {speaker.name: speaker for speaker in speakers}
    if len(people) < 2 or len(people) < len(speakers):
        raise AudioCourseError(
            f"{len(speakers)} speaker(s) with {len(people)} name(s) do not make a dialogue: pass at least two with "
            "different names, such as speakers('en')[:2]."
        )
    return people


def _require_turns(turns: int, overlap: float, pause: tuple[float, float]) -> None:
    """Refuse impossible numbers of turns, shares and pauses."""
    if isinstance(turns, bool) or not isinstance(turns, int) or not 1 <= turns <= _MAX_TURNS:
        raise AudioCourseError(f"turns is {turns!r}, but it must be a whole number from 1 to {_MAX_TURNS}.")
    require_between("overlap", overlap, 0, 1)
    if not isinstance(pause, tuple) or len(pause) != 2:
        raise AudioCourseError(f"pause is {pause!r}, but it must be a pair of seconds such as (0.1, 0.8).")
    shortest = require_between("the shortest pause (in seconds)", pause[0], 0, 60)
    require_between("the longest pause (in seconds)", pause[1], shortest, 60)


def _utterances(
    rng: np.random.Generator, people: dict[str, Speaker], turns: int, split: str | None, sr: int
) -> list[Speech]:
    """Synthesise the turns; a speaker with the fewest so far is three times as likely to be next as the others."""
    counts = dict.fromkeys(people, 0)
    utterances: list[Speech] = []
    for _ in range(turns):
        others = [name for name in people if not utterances or name != utterances[-1].voice]
        fewest = min(counts[name] for name in others)
        weights = np.array([3.0 if counts[name] == fewest else 1.0 for name in others])
        name = others[int(rng.choice(len(others), p=weights / weights.sum()))]
        counts[name] += 1
        text = sentence(rng, people[name].language, split=split).text
        utterances.append(people[name].say(text, seed=int(rng.integers(2**31)), sr=sr))
    return utterances


def _starts(
    rng: np.random.Generator, utterances: Sequence[Speech], overlap: float, pause: tuple[float, float]
) -> list[float]:
    """Draw the start of each turn, in seconds.

    As two turns share at most half of each, the one after next begins when the first is over.
    """
    starts = [_EDGE]
    durations = [utterance.speech[-1].end - utterance.speech[0].start for utterance in utterances]
    for previous, current in pairwise(durations):
        shared = rng.uniform(0.1, _MAX_OVERLAP) * min(previous, current)
        early = rng.random() < overlap
        starts.append(starts[-1] + previous + (-shared if early else rng.uniform(*pause)))
    return starts


def _within_full_scale(tracks: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Attenuate all tracks equally if their sum would pass full scale."""
    peak = float(np.max(np.abs(np.array(list(tracks.values())).sum(axis=0))))
    if peak <= 1:
        return tracks
    return {name: (HIGHEST_PEAK / peak * track).astype(track.dtype) for name, track in tracks.items()}
