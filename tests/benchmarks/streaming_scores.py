"""The score board of streaming recognition: how right, how late and how expensive, on made dialogues."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiocourse import zoo
from audiocourse.asr.ctc.recogniser import CtcRecogniser
from audiocourse.asr.scoring import ErrorCounts, word_errors
from audiocourse.asr.streaming.agreement import LocalAgreement
from audiocourse.asr.streaming.endpointing import Endpointer
from audiocourse.asr.streaming.latency import Commit, latency_report
from audiocourse.asr.streaming.recogniser import StreamingRecogniser
from audiocourse.asr.utterances import LANGUAGES, SR, grammar_language_model
from audiocourse.classify.vad.stream import VadStream
from audiocourse.sounds import Dialogue, dialogue, normal_form, speakers

CHUNK = 512  # samples, as many sound cards deliver them
NONE = ErrorCounts(0, 0, 0, 0)
HANGOVER = 12  # frames of 20 ms: vad-mini itself needs about half a second to let go


@dataclass(frozen=True)
class Setting:
    """How a stream is recognised: agreement of so many hypotheses, one every so many seconds."""

    agreement: int = 2
    step: float = 0.3


SETTINGS = {
    "every hypothesis at once": Setting(agreement=1),
    "agreement of two (as it is)": Setting(),
    "agreement of three": Setting(agreement=3),
    "agreement of two, step 0.2 s": Setting(step=0.2),
    "agreement of two, step 0.6 s": Setting(step=0.6),
}


@dataclass(frozen=True)
class Streamed:
    """What became of a stream."""

    commits: list[Commit]
    audio_seconds: float
    compute_seconds: float


def tables(data: Path | None, *, dialogues: int = 10) -> Iterator[str]:
    """Yield the table; real recordings of this length with a transcript are not at hand.

    Parameters
    ----------
    data : Path or None
        Not looked at.
    dialogues : int
        How many are made.
    """
    del data
    yield streaming_table([talk(number) for number in range(dialogues)])


def talk(number: int, *, turns: int = 4) -> tuple[Dialogue, str]:
    """Make a dialogue of two people whom no model here has heard, saying sentences not trained on; and its words."""
    rng = np.random.default_rng([79, number])
    language = LANGUAGES[number % len(LANGUAGES)]
    people = speakers(language, split="test")
    first, second = rng.choice(len(people), 2, replace=False)
    made = dialogue(
        rng=rng, speakers=[people[first], people[second]], turns=turns, overlap=0, pause=(0.4, 1.5), split="test"
    )
    return made, normal_form(" ".join(made.texts), language)


def recogniser() -> CtcRecogniser:
    """Load the recogniser, with its language model."""
    return CtcRecogniser(zoo.load("ctc-mini").model, grammar_language_model())


def streamed(hears: CtcRecogniser, one: Dialogue, setting: Setting, *, chunk: int = CHUNK) -> Streamed:
    """Stream a dialogue; computing is counted in processor time, so that other programs do not matter."""
    vad = VadStream(zoo.load("vad-mini").model)
    stream = StreamingRecogniser(
        lambda y: hears.words(y, SR),
        lambda y: vad.feed(y) > 1,
        step=round(setting.step * SR),
        endpointer=Endpointer(hangover=HANGOVER),
        agreement=LocalAgreement(n=setting.agreement),
        clock=time.process_time,
    )
    pieces = np.split(one.y, np.arange(chunk, one.y.size, chunk))
    commits = [commit for piece in pieces for commit in stream.feed(piece, SR)] + stream.flush()
    return Streamed(commits, stream.audio_seconds, stream.compute_seconds)


def streaming_table(talks: list[tuple[Dialogue, str]], settings: Mapping[str, Setting] = SETTINGS) -> str:
    """Recognise all dialogues at once and as streams: word errors, latency, real-time factor."""
    hears = recogniser()
    seconds = sum(one.y.size for one, _ in talks) / SR
    lines = [f"Streaming {len(talks)} made dialogues ({seconds:.0f} s, unseen voices and sentences), ctc-mini + 6-gram"]
    lines.append(f"{'':<30} word errors  median latency  95th percentile  real-time factor")
    whole = [word_errors(text, hears.text(one.y, SR)) for one, text in talks]
    lines.append(f"{'the whole recording at once':<30} {100 * sum(whole, NONE).rate:9.1f} %")
    for name, setting in settings.items():
        runs = [streamed(hears, one, setting) for one, _ in talks]
        errors = [
            word_errors(text, " ".join(commit.word.label for commit in run.commits))
            for run, (_, text) in zip(runs, talks, strict=True)
        ]
        report = _report(runs)
        lines.append(
            f"{name:<30} {100 * sum(errors, NONE).rate:9.1f} % {report['median']:12.2f} s {report['p95']:14.2f} s "
            f"{report['real_time_factor']:14.3f}"
        )
    return "\n".join(lines)


def _report(runs: list[Streamed]) -> dict[str, float]:
    commits = [commit for run in runs for commit in run.commits]
    return latency_report(
        np.array([commit.word.end for commit in commits]),
        np.array([commit.ready for commit in commits]),
        audio_seconds=sum(run.audio_seconds for run in runs),
        compute_seconds=sum(run.compute_seconds for run in runs),
    )
