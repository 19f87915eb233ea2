"""The score board of diarisation: who speaks when in real meetings, which are not part of the project (see `LAYOUT`).

Windows of speech are turned into embeddings by several encoders and clustered. Beside them stand the baseline that
gives everything to one speaker, and the best that windows with one speaker each can reach. Resemblyzer, an encoder that
learned from thousands of real voices, takes part where it is installed (``pip install --no-deps resemblyzer``), and the
encoder of the course where it is bundled. Synthetic dialogues by voices on which no encoder was trained come second.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from audiocourse import zoo
from audiocourse.classify.speakers.diarization import (
    MIN_SECONDS,
    Embed,
    cluster_embeddings,
    embed_windows,
    speech_windows,
    turns_from_windows,
)
from audiocourse.classify.speakers.diarization_scoring import (
    DiarizationErrors,
    diarization_error_rate,
    diarization_errors,
    pool_errors,
    purity_coverage,
)
from audiocourse.classify.vad.model import neural_vad
from audiocourse.classify.vad.webrtc import webrtc_vad
from audiocourse.intervals import Interval, merge
from audiocourse.signal import FloatArray, mfcc, read
from audiocourse.sounds import dialogue, read_rttm, speakers

LAYOUT = (
    "ami_diar/: AMI meeting clips trn*.flac (16 kHz), labels.rttm with speaker turns, scoring/ES2014c.{ref,sys}.rttm"
)
SR = 16_000
PUBLISHED = 7.16923618  # % for scoring/, by md-eval: collar 0.25 s, overlap left out, as speechbrain quotes it
PEOPLE = (2, 3, 4)
DIALOGUES = 4  # of each number of people
TURNS = 12
THRESHOLDS = np.geomspace(1e-3, 1.5, 60)
RESEMBLYZER, OURS = "resemblyzer", "speaker-mini"


class Clip(NamedTuple):
    """A recording and its turns."""

    y: FloatArray
    turns: list[Interval]

    @property
    def people(self) -> int:
        """How many speakers there are."""
        return len({turn.label for turn in self.turns})


class Embedded(NamedTuple):
    """The windows of a clip and their embeddings, for some speech and an encoder; none where speech is too short."""

    clip: Clip
    speech: list[Interval]
    windows: list[Interval]
    embeddings: FloatArray


def mfcc_mean(y: FloatArray, sr: int) -> FloatArray:
    """Average MFCC 1 to 19 over time: the long-term spectrum, without the level. (19,)"""
    coefficients = mfcc(y, sr=sr, n_fft=512, hop_length=160, n_mels=40, n_mfcc=20, fmin=60.0, fmax=7_600.0, top_db=60)
    mean: FloatArray = coefficients[1:].mean(axis=1, dtype=np.float64)
    return mean


@cache
def encoders() -> dict[str, Embed]:
    """The encoders that are there, by name."""
    found: dict[str, Embed] = {"mean MFCC": mfcc_mean}
    if OURS in {card.name for card in zoo.list_models(bundled=True)}:
        room = importlib.import_module("audiocourse.classify.speakers.model")
        model = zoo.load(OURS).model
        found[OURS] = lambda y, sr: room.embed(y, sr, model=model)
    if find_spec(RESEMBLYZER):
        peer = importlib.import_module(RESEMBLYZER)
        encoder = peer.VoiceEncoder("cpu", verbose=False)
        loud = importlib.import_module("resemblyzer.audio").normalize_volume
        found[RESEMBLYZER] = lambda y, _: encoder.embed_utterance(loud(y, -30, increase_only=True))
    return found


DETECTORS: dict[str, Callable[[Clip], list[Interval]]] = {
    "reference": lambda clip: merge(clip.turns),
    "WebRTC": lambda clip: [Interval(*part) for part in webrtc_vad(clip.y, SR)],
    "vad-mini": lambda clip: [Interval(*part) for part in neural_vad(clip.y, SR, model=zoo.load("vad-mini").model)],
}


def tables(data: Path | None) -> Iterator[str]:
    """Yield the table of the real meetings, or one sentence where there are none, and that of synthetic dialogues.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    """
    if data is None or not (data / "ami_diar" / "labels.rttm").is_file():
        yield f"Diarisation is measured on real meetings, too: --data DIR, with {LAYOUT}."
    else:
        yield scoring_line(data / "ami_diar" / "scoring")
        yield meetings_table(data / "ami_diar")
    yield dialogues_table(each=DIALOGUES)


def scoring_line(folder: Path) -> str:
    """Score a published hypothesis for the meeting ES2014c."""
    return (
        f"DER of the hypothesis for ES2014c: {100 * published_der(folder):.8f} %, published {PUBLISHED:.8f} % "
        "(md-eval, collar 0.25 s, overlap left out)"
    )


def published_der(folder: Path) -> float:
    """Compute the DER of ES2014c.sys.rttm with the settings of the published figure."""
    reference, hypothesis = (
        read_rttm((folder / f"ES2014c.{kind}.rttm").read_text(encoding="utf-8"))["ES2014c"] for kind in ("ref", "sys")
    )
    return diarization_error_rate(reference, hypothesis, collar=0.25, skip_overlap=True)


def meetings(folder: Path) -> list[Clip]:
    """Read the excerpts that have turns."""
    turns = read_rttm((folder / "labels.rttm").read_text(encoding="utf-8"))
    return [Clip(read(path).y, turns[path.stem]) for path in sorted(folder.glob("*.flac")) if path.stem in turns]


def dialogues(split: str, people: int, *, each: int) -> list[Clip]:
    """Synthesise dialogues of speakers of a split, who all speak English."""
    clips = []
    for number in range(each):
        rng = np.random.default_rng([18, people, number])
        chosen = rng.permutation(np.array(speakers("en", split=split), dtype=object))[:people]
        spoken = dialogue(rng=rng, speakers=list(chosen), turns=TURNS, split=split, sr=SR)
        clips.append(Clip(spoken.y, spoken.turns))
    return clips


def embedded(clip: Clip, speech: list[Interval], embed: Embed) -> Embedded:
    """Embed the windows of a clip."""
    if not any(part.seconds >= MIN_SECONDS for part in speech):
        return Embedded(clip, speech, [], np.zeros((0, 1)))
    windows = speech_windows(speech)
    return Embedded(clip, speech, windows, embed_windows(clip.y, SR, windows, embed=embed))


def hypothesis(item: Embedded, *, threshold: float | None = None) -> list[Interval]:
    """Cluster and return turns: with a threshold, or with the number of speakers of the reference."""
    if not item.windows:
        return []
    number = None if threshold is not None else min(item.clip.people, len(item.windows))
    clusters = cluster_embeddings(item.embeddings, num_speakers=number, threshold=threshold)
    return labelled(item, [str(cluster) for cluster in clusters])


def labelled(item: Embedded, labels: Sequence[str]) -> list[Interval]:
    """Give each window a label, and return turns."""
    windows = [Interval(w.start, w.end, label) for w, label in zip(item.windows, labels, strict=True)]
    return turns_from_windows(windows, speech=item.speech)


def main_speakers(item: Embedded) -> list[Interval]:
    """Give each window to who speaks most in it: the best that one speaker for each window can do, nearly."""

    def seconds(turn: Interval, window: Interval) -> float:
        return max(0.0, min(turn.end, window.end) - max(turn.start, window.start))

    labels = []
    for window in item.windows:
        spoken = dict.fromkeys(sorted({turn.label for turn in item.clip.turns}), 0.0)
        for turn in item.clip.turns:
            spoken[turn.label] += seconds(turn, window)
        labels.append(max(spoken, key=lambda name: spoken[name]))
    return labelled(item, labels) if item.windows else []


def everyone(item: Embedded) -> list[Interval]:
    """Give all speech to one speaker: the baseline."""
    return [Interval(part.start, part.end, "everyone") for part in item.speech]


Rule = Callable[[Embedded], list[Interval]]


def rows() -> list[tuple[str, str, Rule]]:
    """Title, encoder and rule of each row; the first two rules do not look at the embeddings."""
    return [
        ("(everything one speaker)", "mean MFCC", everyone),
        ("(each window's main speaker)", "mean MFCC", main_speakers),
        *((name, name, hypothesis) for name in encoders()),
    ]


def pooled(items: Sequence[Embedded], rule: Rule, *, lenient: bool = False) -> DiarizationErrors:
    """Score a rule on all clips: strictly, or with NIST's collar and without overlap where speech is left."""
    errors = []
    for item in items:
        if not lenient:
            errors.append(diarization_errors(item.clip.turns, rule(item)))
        elif any(part.seconds > 1.0 for part in merge(item.clip.turns)):
            errors.append(diarization_errors(item.clip.turns, rule(item), collar=0.25, skip_overlap=True))
    return pool_errors(errors)


def best_threshold(items: Sequence[Embedded]) -> float:
    """Choose the threshold with the smallest pooled DER; the middle one of equals."""
    rates = np.array([pooled(items, lambda item, t=t: hypothesis(item, threshold=t)).error_rate for t in THRESHOLDS])
    best = np.flatnonzero(rates <= rates.min() + 1e-12)
    return float(THRESHOLDS[best[len(best) // 2]])


def left_out(items: Sequence[Embedded]) -> list[list[Interval]]:
    """Return turns of each clip, found with the threshold that is best on the others."""
    found = []
    for number, item in enumerate(items):
        threshold = best_threshold([other for n, other in enumerate(items) if n != number])
        found.append(hypothesis(item, threshold=threshold))
    return found


def clusters_per_clip(found: Sequence[list[Interval]]) -> float:
    """Count the labels of each hypothesis, on average."""
    return float(np.mean([len({turn.label for turn in turns}) for turns in found]))


def meetings_table(folder: Path) -> str:
    """Diarise real excerpts with the speech of the reference and with that of two detectors."""
    clips = meetings(folder)
    speech = {name: [detect(clip) for clip in clips] for name, detect in DETECTORS.items()}
    seconds = sum(turn.seconds for clip in clips for turn in clip.turns)
    lines = [
        f"Diarisation of {len(clips)} real meeting excerpts (AMI) of 30 s, {seconds:.0f} s of speech by "
        f"{min(clip.people for clip in clips)} to {max(clip.people for clip in clips)} speakers each; in %",
        f"{'':<34} {'speech of the reference':^50} {'WebRTC':>8} {'vad-mini':>9}",
        f"{'number of speakers given':<34} missed  false alarm  confusion    DER  lenient DER {'DER':>7} {'DER':>9}",
    ]
    unknown = ["With a threshold instead, chosen on the other excerpts, and with the number of speakers given:"]
    unknown.append(
        f"{'speech of the reference':<34} DER with a threshold  clusters  DER with the number  purity  coverage"
    )
    for title, encoder, rule in rows():
        items = {
            name: [embedded(clip, part, encoders()[encoder]) for clip, part in zip(clips, parts, strict=True)]
            for name, parts in speech.items()
        }
        errors = pooled(items["reference"], rule)
        lenient = pooled(items["reference"], rule, lenient=True)
        detected = [pooled(items[name], rule) for name in ("WebRTC", "vad-mini")]
        parts = [100 * part / errors.reference_seconds for part in errors[:3]]
        lines.append(
            f"{title:<34} {parts[0]:6.1f} {parts[1]:12.1f} {parts[2]:10.1f} {100 * errors.error_rate:6.1f} "
            f"{100 * lenient.error_rate:12.1f} " + " ".join(f"{100 * each.error_rate:8.1f}" for each in detected)
        )
        if rule is hypothesis:
            unknown.append(_unknown_row(title, items["reference"], errors))
    lines.append("Lenient: collar of 0.25 s, overlap left out, excerpts with a second of speech at a time.")
    return "\n".join([*lines, *unknown, _absent()])


def _unknown_row(title: str, items: Sequence[Embedded], given: DiarizationErrors) -> str:
    """Describe what an encoder is worth where the number of speakers is not known, and how pure its clusters are."""
    found = left_out(items)
    blind = pool_errors(diarization_errors(i.clip.turns, turns) for i, turns in zip(items, found, strict=True))
    clusters = clusters_per_clip(found)
    people = np.mean([item.clip.people for item in items])
    purities = np.mean([purity_coverage(item.clip.turns, hypothesis(item)) for item in items], axis=0)
    return (
        f"{title:<34} {100 * blind.error_rate:20.1f} {clusters:5.1f}/{people:3.1f} {100 * given.error_rate:19.1f} "
        f"{100 * purities[0]:7.0f} {100 * purities[1]:9.0f}"
    )


def dialogues_table(*, each: int) -> str:
    """Diarise synthetic dialogues of the test speakers; the threshold comes from those of the validation speakers."""
    clips = {people: dialogues("test", people, each=each) for people in PEOPLE}
    development = [clip for people in PEOPLE for clip in dialogues("validation", people, each=each)]
    total = sum(turn.seconds for some in clips.values() for clip in some for turn in clip.turns)
    lines = [
        f"Synthetic dialogues, {each} each of {', '.join(map(str, PEOPLE))} test speakers, {TURNS} turns, "
        f"{total:.0f} s of speech; DER in %, speech of the reference",
        f"{'':<34} {'number of speakers given':^24} threshold from validation speakers",
        f"{'':<34} " + " ".join(f"{people:7d}" for people in PEOPLE) + f"{'all':>8} {'clusters':>9}",
    ]
    for title, encoder, rule in rows():
        embed = encoders()[encoder]
        items = {people: [embedded(clip, merge(clip.turns), embed) for clip in some] for people, some in clips.items()}
        row = f"{title:<34} " + " ".join(f"{100 * pooled(some, rule).error_rate:7.1f}" for some in items.values())
        if rule is hypothesis:
            threshold = best_threshold([embedded(clip, merge(clip.turns), embed) for clip in development])
            every = [item for some in items.values() for item in some]
            found = pooled(every, lambda item, t=threshold: hypothesis(item, threshold=t))
            count = clusters_per_clip([hypothesis(item, threshold=threshold) for item in every])
            row += f"{100 * found.error_rate:8.1f} {count:5.1f}/{np.mean([item.clip.people for item in every]):3.1f}"
        lines.append(row)
    lines.append("The test speakers are not in the training of any encoder, and have no relative there.")
    return "\n".join([*lines, _absent()])


def _absent() -> str:
    """Name what is not measured."""
    missing = []
    if OURS not in encoders():
        missing.append(f"{OURS} is not bundled yet.")
    if RESEMBLYZER not in encoders():
        missing.append("Resemblyzer is not measured: pip install --no-deps resemblyzer.")
    return " ".join(missing) or "All encoders are there."
