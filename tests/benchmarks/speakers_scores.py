"""The score board of speakers: how well encoders tell voices apart that none of them was trained on.

`speaker-mini` was trained on synthetic voices only, the published encoder on thousands of real people; the mean of the
cepstrum was not trained at all. All three compare all pairs of utterances of unseen speakers: synthetic ones of two
synthesisers, and real ones (see `LAYOUT`). The published encoder takes part where its package is installed
(``pip install --no-deps resemblyzer``).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from audiocourse import zoo
from audiocourse.classify.speakers.baseline import mfcc_mean, standardised
from audiocourse.classify.speakers.model import SHORTEST, SR, embed
from audiocourse.classify.speakers.published import embed_published, is_installed
from audiocourse.classify.speakers.verification import (
    all_pairs,
    bootstrap_interval,
    development_threshold,
    error_rates_at,
    min_dcf,
)
from audiocourse.classify.training.speaker_mini import CONDITIONS
from audiocourse.classify.voices import Utterances, recorded, utterances_of
from audiocourse.course import course_root
from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, merge
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.signal import FloatArray, read, resample
from audiocourse.sounds import LANGUAGES, read_rttm, sentence, speakers
from audiocourse.trials import equal_error_rate

LAYOUT = "fsdd/: *.wav with labels.csv (digits by four people, 8 kHz); ami_diar/: *.flac and labels.rttm (meetings)"
SENTENCES = 12  # of each synthetic speaker
DIGITS_JOINED = 5
SHORTEST_TURN = 2.0  # seconds
OVERLAP = 0.2  # the largest share of a part in which others speak as well
RESAMPLES = 200
SEEDS = {"validation": 8, "test": 9}  # those of the recipe, whose seed is 7
Encoder = Callable[[FloatArray, int], FloatArray]


def _mini(y: FloatArray, sr: int) -> FloatArray:
    return embed(y, sr, model=zoo.load("speaker-mini").model)


ENCODERS: dict[str, Encoder] = {"speaker-mini": _mini, "mean of the cepstrum": mfcc_mean}


def _published(y: FloatArray, sr: int) -> FloatArray:
    """Embed a recording without its pauses, or a word in which its detector finds no speech as it is."""
    try:
        return embed_published(y, sr)
    except AudioCourseError:
        return embed_published(y, sr, remove_pauses=False)


if is_installed():
    ENCODERS["Resemblyzer, published"] = _published


@dataclass(frozen=True)
class Vectors:
    """Embeddings of utterances, [shape=(utterances, dimensions)], and who speaks in each."""

    embeddings: FloatArray
    names: list[str]

    def of(self, chosen: Sequence[bool]) -> Vectors:
        """Return those of some utterances."""
        rows = np.flatnonzero(chosen)
        return Vectors(self.embeddings[rows], [self.names[row] for row in rows])


def encoded(name: str, utterances: Utterances) -> Vectors:
    """Compute the vectors of one encoder; the cepstra are relative to those of the validation speakers."""
    vectors = np.stack([ENCODERS[name](y, SR) for y in utterances.sounds]).astype(np.float64)
    if ENCODERS[name] is mfcc_mean:
        vectors = standardised(vectors, _development_cepstra())
    return Vectors(vectors, utterances.names)


@cache
def synthetic(split: str, share: float) -> Utterances:
    """Synthesise the utterances of a split as the recipe does; they are kept."""
    return utterances_of(split, SENTENCES, share=share, seed=SEEDS[split])


@cache
def _development_cepstra() -> FloatArray:
    return np.stack([mfcc_mean(y, SR) for y in synthetic("validation", 0.0).sounds])


def tables(data: Path | None) -> Iterator[str]:
    """Yield the tables of synthetic speakers, of voice groups, and of real people or one sentence.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    """
    yield synthetic_table()
    yield groups_table()
    if data is None or not (data / "fsdd" / "labels.csv").is_file():
        yield f"Speakers are measured on real people, too: --data DIR, with {LAYOUT}."
    else:
        yield real_table(data)
    if not is_installed():
        yield "The published encoder is not measured: pip install --no-deps resemblyzer."


def synthetic_table() -> str:
    """Measure the encoders on the test speakers of the course, with thresholds from the validation speakers."""
    people = len(speakers(split="test"))
    lines = [
        f"Synthetic speakers: {people} people of {people // 3} families that no encoder was trained on, {SENTENCES} "
        "English sentences each",
        f"{'EER in %, 95 % interval over speakers':<48} minDCF  threshold: of others, own  misses  false alarms, in %",
    ]
    for condition, share in CONDITIONS.items():
        for name in ENCODERS:
            others = encoded(name, synthetic("validation", share))
            development = all_pairs(others.embeddings, others.names)
            test = encoded(name, synthetic("test", share))
            pairs = all_pairs(test.embeddings, test.names)
            threshold = development_threshold(*development)
            miss, false_alarm = error_rates_at(threshold, *pairs)
            lines.append(
                f"{f'{name}, {condition}':<42} {_with_interval(test)} {min_dcf(*pairs):7.2f} {threshold:17.2f} "
                f"{development_threshold(*pairs):5.2f} {100 * miss:9.1f} {100 * false_alarm:12.1f}"
            )
    lines.append("In rooms and noise: each of room, noise of 5 to 35 dB, channel and level with probability 0.6.")
    return "\n".join(lines)


def groups_table() -> str:
    """Measure both kinds of errors of `speaker-mini` in each voice group, at the one threshold that comes with it."""
    threshold = zoo.load("speaker-mini").model.config.threshold
    lines = [
        f"Errors of speaker-mini by voice group (synthetic, in rooms and noise), at its threshold of {threshold:.2f}",
        f"{'group':<36} speakers  misses in %, 95 % interval  false alarms in %, 95 % interval   EER in %",
    ]
    for group, vectors in voice_groups():
        pairs = all_pairs(vectors.embeddings, vectors.names)
        rates = [100 * rate for rate in error_rates_at(threshold, *pairs)]
        intervals = [_interval(vectors, kind, threshold) for kind in (0, 1)]
        miss, false_alarm = (
            f"{rate:6.1f} ({low:4.1f} to {high:4.1f})" for rate, (low, high) in zip(rates, intervals, strict=True)
        )
        people, eer = len(set(vectors.names)), 100 * equal_error_rate(*pairs)
        lines.append(f"{group:<36} {people:8d} {miss:>28} {false_alarm:>34} {eer:10.1f}")
    if not vad_board().HAS_FLITE:
        lines.append("flite is not measured: the command is not installed.")
    return "\n".join(lines)


def voice_groups() -> Iterator[tuple[str, Vectors]]:
    """Yield groups of unseen synthetic speakers: by pitch, by language, by synthesiser; both in rooms and noise."""
    share = max(CONDITIONS.values())
    groups = {speaker.name: speaker.group for speaker in speakers("en", split="test")}
    english = encoded("speaker-mini", synthetic("test", share))
    for group in ("low", "high"):
        yield f"pitch: {group}", english.of([groups[name] == group for name in english.names])
    for language in LANGUAGES:
        yield f"language: {language}", encoded("speaker-mini", speaking(language, share=share))
    yield "synthesiser: espeak-ng", english
    if vad_board().HAS_FLITE:
        yield "synthesiser: flite", encoded("speaker-mini", of_flite(share=share))


def speaking(language: str, *, share: float) -> Utterances:
    """Let the test speakers say half as many sentences of a language."""
    found = Utterances([], [])
    for index, speaker in enumerate(speakers(language, split="test")):
        rng = np.random.default_rng([SEEDS["test"], index])
        for _ in range(SENTENCES // 2):
            text = sentence(rng, language, split="test").text
            y = speaker.say(text, seed=int(rng.integers(2**31)), sr=SR).y
            found.sounds.append(recorded(y, rng=rng, share=share))
            found.names.append(speaker.name)
    return found


def of_flite(*, share: float) -> Utterances:
    """Let the voices of flite speak, a synthesiser that no encoder has heard in training."""
    board = vad_board()
    found = Utterances([], [])
    for index, voice in enumerate(board.FLITE_VOICES):
        rng = np.random.default_rng([SEEDS["test"], index])
        for _ in range(SENTENCES):
            spoken = board.flite_say(sentence(rng, "en", split="test").text, voice=voice, sr=SR, rate=160)
            found.sounds.append(recorded(spoken.y, rng=rng, share=share))
            found.names.append(voice)
    return found


@cache
def vad_board() -> object:
    """Load the board of voice activity, which knows how to speak with flite."""
    return load_by_path(course_root() / "tests" / "benchmarks" / "vad_scores.py")


def real_table(data: Path) -> str:
    """Measure the encoders on real people: digits, alone and five together, and turns within a meeting."""
    sets = {"FSDD, single digits": digits(data / "fsdd"), "FSDD, five digits": joined_digits(data / "fsdd")}
    meetings = turns(data / "ami_diar")
    titles = [f"{title} ({len(set(own.names))} people, {len(own.names)})" for title, own in sets.items()]
    people = len({name for meeting in meetings for name in meeting.names})
    titles.append(f"AMI turns within a meeting ({people} people)")
    lines = ["Real speakers, EER in %, 95 % interval over speakers; no encoder was trained on them"]
    lines += [f"{'encoder':<26}" + "".join(f"{title:>46}" for title in titles)]
    for name in ENCODERS:
        cells = [_with_interval(encoded(name, own)) for own in sets.values()]
        cells.append(_within_meetings(name, meetings))
        lines.append(f"{name:<26}" + "".join(f"{cell:>46}" for cell in cells))
    lines.append(
        f"AMI: parts of turns, {SHORTEST_TURN:g} s and more; others speak in at most a fifth; pairs are of one meeting."
    )
    return "\n".join(lines)


def digits(folder: Path, *, of_each: int = 60) -> Utterances:
    """Read single digits of each person that are long enough, evenly over the list."""
    found = Utterances([], [])
    for person, paths in _digit_files(folder).items():
        sounds = [y for y in map(_at_16_khz, paths) if y.size >= SHORTEST]
        for y in sounds[:: max(1, len(sounds) // of_each)][:of_each]:
            found.sounds.append(y)
            found.names.append(person)
    return found


def joined_digits(folder: Path, *, of_each: int = 40) -> Utterances:
    """Join five digits of one person, drawn at random, each digit used in at most one utterance."""
    found = Utterances([], [])
    for index, (person, paths) in enumerate(_digit_files(folder).items()):
        order = np.random.default_rng(index).permutation(len(paths))
        for start in range(0, min(len(paths) // DIGITS_JOINED, of_each) * DIGITS_JOINED, DIGITS_JOINED):
            parts = [_at_16_khz(paths[row]) for row in order[start : start + DIGITS_JOINED]]
            found.sounds.append(np.concatenate(parts))
            found.names.append(person)
    return found


def _digit_files(folder: Path) -> dict[str, list[Path]]:
    """List the files of each person."""
    people: dict[str, list[Path]] = {}
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            people.setdefault(row["speaker"], []).append(folder / row["file"])
    return people


def _at_16_khz(path: Path) -> FloatArray:
    recording = read(path)
    return resample(recording.y, recording.sr, SR)


def turns(folder: Path) -> list[Utterances]:
    """Cut the turns of each meeting into `parts`.

    Recordings in which the same person speaks are of one meeting.
    """
    people: list[set[str]] = []  # of each meeting
    meetings: list[Utterances] = []
    for recording, spoken in read_rttm((folder / "labels.rttm").read_text(encoding="utf-8")).items():
        present = {turn.label for turn in spoken}
        found = next((index for index, others in enumerate(people) if others & present), None)
        if found is None:
            found = len(meetings)
            people.append(set())
            meetings.append(Utterances([], []))
        people[found] |= present
        y = _at_16_khz(folder / f"{recording}.flac")
        for part in parts(spoken):
            meetings[found].sounds.append(y[round(part.start * SR) : round(part.end * SR)])
            meetings[found].names.append(part.label)
    return meetings


def parts(spoken: Sequence[Interval]) -> list[Interval]:
    """Divide turns into equal parts of two to four seconds; others speak in at most a fifth of each part."""
    found = []
    for turn in spoken:
        others = merge([other for other in spoken if other.label != turn.label])
        count = int((turn.end - turn.start + 1e-6) // SHORTEST_TURN)
        for start, end in pairwise(np.linspace(turn.start, turn.end, count + 1)):
            overlapped = sum(max(0.0, min(end, other.end) - max(start, other.start)) for other in others)
            if overlapped <= OVERLAP * (end - start):
                found.append(Interval(float(start), float(end), turn.label))
    return found


def _within_meetings(name: str, meetings: Sequence[Utterances]) -> str:
    """Pool the pairs of each meeting; meetings in which nothing can be compared are left out."""
    scores, same = [], []
    for meeting in meetings:
        if len(meeting.names) < 2:
            continue
        vectors = encoded(name, meeting)
        units = vectors.embeddings / np.linalg.norm(vectors.embeddings, axis=1, keepdims=True)
        first, second = np.triu_indices(len(units), k=1)
        scores.append((units @ units.T)[first, second])
        labels = np.array(vectors.names)
        same.append(labels[first] == labels[second])
    pooled, targets = np.concatenate(scores), np.concatenate(same)
    counts = f"{targets.sum()} pairs of one, {(~targets).sum()} of two"
    return f"{100 * equal_error_rate(pooled, targets):.1f} ({counts})"


def _with_interval(vectors: Vectors) -> str:
    """Write the EER of all pairs with its interval."""
    rng = np.random.default_rng(0)
    low, high = bootstrap_interval(vectors.embeddings, vectors.names, rng=rng, resamples=RESAMPLES)
    eer = equal_error_rate(*all_pairs(vectors.embeddings, vectors.names))
    return f"{100 * eer:4.1f} ({100 * low:4.1f} to {100 * high:4.1f})"


def _interval(vectors: Vectors, kind: int, threshold: float) -> tuple[float, float]:
    """Return the interval of the misses (0) or the false alarms (1) at a threshold, in %."""
    low, high = bootstrap_interval(
        vectors.embeddings,
        vectors.names,
        rng=np.random.default_rng(0),
        measure=lambda scores, same: error_rates_at(threshold, scores, same)[kind],
        resamples=RESAMPLES,
    )
    return 100 * low, 100 * high
