"""The score board of rhythm: onsets, tempo and beats of this course and of librosa, side by side, measured by mir_eval.

Two kinds of sound: made music, whose truth is exact, and clicks and drums at times that people annotated in real music
(DIR/mir_eval/onset and DIR/mir_eval/beat), which are expressive where made music is even. No audio of that music is
needed. The files in these folders also tell whether the installed mir_eval measures as it should.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

import librosa
import mir_eval
import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray
from audiocourse.signal.beats import beat_times, tempo
from audiocourse.signal.onsets import onset_strength, onset_times
from audiocourse.sounds import harmonic_tone, noise
from audiocourse.sounds.music.drums import PATTERNS, Rhythm, click_track, clicks_at, drum_hit, drum_loop

LAYOUT = "mir_eval/: onset, beat and tempo with ref*, est* and output* files, as in the tests of mir_eval"
SR = 22_050
HOP = 512
SEED = 1
TEMPI = tuple(range(60, 201, 10))
NOISE_RMS = 0.02  # −34 dB re full scale under drums of about −22


class Heard(NamedTuple):
    """What a program hears in a sound: onsets and beats in seconds, a tempo, and the tempi it offers besides."""

    onsets: FloatArray
    beats: FloatArray
    bpm: float
    candidates: tuple[float, ...]


def ours(y: FloatArray, average: Literal["mean", "median"] = "mean") -> Heard:
    """Listen with this course's functions, with the mean or the median over the bands."""
    strength = onset_strength(y, sr=SR, n_fft=2048, hop_length=HOP, average=average)
    estimate = tempo(strength, sr=SR, hop_length=HOP)
    beats = beat_times(strength, bpm=estimate.bpm, sr=SR, hop_length=HOP)
    candidates = tuple(candidate.bpm for candidate in estimate.candidates)
    return Heard(onset_times(strength, sr=SR, hop_length=HOP), beats, estimate.bpm, candidates)


def of_librosa(y: FloatArray) -> Heard:
    """Listen with librosa as it comes (onsets by the mean, beats by the median); its only candidate is its answer."""
    onsets = librosa.onset.onset_detect(y=y, sr=SR, units="time")
    bpm, beats = librosa.beat.beat_track(y=y, sr=SR, units="time")
    value = float(np.atleast_1d(bpm)[0])
    return Heard(onsets, beats, value, (value,))


LISTENERS: dict[str, Callable[[FloatArray], Heard]] = {
    "ours": ours,
    "median": partial(ours, average="median"),
    "librosa": of_librosa,
}


NAMES = "".join(f"{name:<8}" for name in LISTENERS)


def onsets_by(average: Literal["mean", "median"], y: FloatArray) -> FloatArray:
    """Find onsets with this course's functions; where nothing repeats there is no tempo, but there are onsets."""
    return onset_times(onset_strength(y, sr=SR, n_fft=2048, hop_length=HOP, average=average), sr=SR, hop_length=HOP)


DETECTORS: tuple[Callable[[FloatArray], FloatArray], ...] = (
    partial(onsets_by, "mean"),
    partial(onsets_by, "median"),
    lambda y: librosa.onset.onset_detect(y=y, sr=SR, units="time"),
)


def chords_and_melody(bpm: float, *, bars: int, rng: np.random.Generator) -> Rhythm:
    """Make four chords over and over, one a bar on beats 1 and 3, under a melody in quarters and eighths."""
    beat = 60 / bpm
    y = np.zeros(round(bars * 4 * beat * SR))
    onsets: set[float] = set()
    for bar in range(bars):
        root = (0, -3, 5, 7)[bar % 4]
        notes = [(at, root + third, 2.0) for at in (0, 2) for third in (-12, -8 if root != -3 else -9, -5)]
        notes += [(at, 12 + int(rng.choice([0, 2, 4, 7, 9])), 0.5) for at in (0, 1, 1.5, 2, 3, 3.5)]
        for at, semitones, beats in notes:
            time = (4 * bar + at) * beat
            tone = harmonic_tone(261.63 * 2 ** (semitones / 12), harmonics=6, seconds=beats * beat, sr=SR, peak=0.12)
            played = (
                tone * np.exp(-np.arange(tone.size) / (0.3 * SR)) * np.minimum(1, np.arange(tone.size) / (0.01 * SR))
            )
            start = round(time * SR)
            y[start : start + tone.size] += played[: y.size - start]
            onsets.add(time)
    return Rhythm(y.astype(np.float32), SR, np.arange(4 * bars) * beat, np.array(sorted(onsets)), bpm)


def with_noise(made: Rhythm, rng: np.random.Generator) -> Rhythm:
    """Add pink noise to a rhythm."""
    hiss = noise("pink", seconds=made.y.size / SR, sr=SR, rng=rng, rms=NOISE_RMS)
    return Rhythm(made.y + hiss, SR, made.beats, made.onsets, made.bpm)


def made_music(*, bars: int) -> dict[str, list[Rhythm]]:
    """Return made music by kind: each kind at several tempi."""
    rng = np.random.default_rng(SEED)
    tempi = (75.0, 97.0, 120.0, 143.0, 168.0)
    drum = partial(drum_loop, bars=bars, sr=SR, rng=rng)
    music = {"clicks": [click_track(bpm, seconds=bars * 240 / bpm, sr=SR) for bpm in tempi]}
    music |= {f"drums, {name}": [drum(bpm, pattern=name) for bpm in tempi] for name in PATTERNS}
    music["drums, rock, swing"] = [drum(bpm, swing=1.0) for bpm in tempi]
    music["drums, rock, in noise"] = [with_noise(drum(bpm), rng) for bpm in tempi]
    music["chords and melody"] = [chords_and_melody(bpm, bars=bars, rng=rng) for bpm in tempi]
    return music


def tables(data: Path | None) -> Iterator[str]:
    """Yield each table: those of made music, then, where the annotations lie, those on real times and of the ruler.

    Parameters
    ----------
    data : Path or None
        Folder with the annotations (see `LAYOUT`).
    """
    yield made_table(bars=12)
    yield tempo_table(TEMPI, seconds=30.0)
    if data is not None and (data / "mir_eval").is_dir():
        yield onset_table(data / "mir_eval" / "onset")
        yield beat_table(data / "mir_eval" / "beat")
        yield ruler_table(data / "mir_eval")


def made_table(*, bars: int) -> str:
    """Measure onsets and beats on made music: means over the tempi of each kind."""
    lines = [
        "Rhythm of made music (synthetic), means over tempi; each program tracks beats at the tempo it found itself"
    ]
    lines.append(f"{'':<24}{'onset F':<24}{'beat F':<24}beats at any level")
    lines.append(f"{'kind':<24}{3 * NAMES}".rstrip())
    for kind, pieces in made_music(bars=bars).items():
        rows = {name: [_scores(piece, listen(piece.y)) for piece in pieces] for name, listen in LISTENERS.items()}
        means = [np.mean(rows[name], axis=0) for name in LISTENERS]
        lines.append(f"{kind:<24}{''.join(_cells([mean[i] for mean in means]) for i in range(3))}".rstrip())
    return "\n".join(lines)


def tempo_table(tempi: tuple[int, ...], *, seconds: float) -> str:
    """Show which tempo is heard in clicks, its metrical level, and whether the true tempo is offered at all."""
    lines = [
        "Tempo of click tracks (synthetic): BPM heard, times the true one; 'offered': the true one among the candidates"
    ]
    lines.append(f"{'BPM':<8}{'ours':<8}level  offered   {'librosa':<8}level  offered")
    for bpm in tempi:
        y = click_track(bpm, seconds=seconds, sr=SR).y
        cells = []
        for listen in (ours, of_librosa):
            heard = listen(y)
            offered = any(abs(candidate / bpm - 1) < 0.04 for candidate in heard.candidates)
            cells.append(f"{heard.bpm:<8.1f}{heard.bpm / bpm:<7.2f}{'yes' if offered else 'no':<10}")
        lines.append(f"{bpm:<8}{''.join(cells)}".rstrip())
    return "\n".join(lines)


def onset_table(folder: Path) -> str:
    """Measure onsets on clicks and drums that sound when somebody heard an onset in real music."""
    annotated = {path.stem: mir_eval.io.load_events(str(path)) for path in _found(folder, "ref*.txt")}
    lines = ["Onsets at real, annotated times (mir_eval's examples), F within 50 ms; the sound is synthetic"]
    lines.append(f"{'':<16}{'clicks':<24}{'drums':<24}drums in noise")
    lines.append(f"{'file':<8}{'onsets':<8}{3 * NAMES}".rstrip())
    for stem, times in annotated.items():
        cells = [_cells([_onset_score(times, detect(y)) for detect in DETECTORS]) for y in _sounded(times)]
        lines.append(f"{stem:<8}{times.size:<8}{''.join(cells)}".rstrip())
    return "\n".join(lines)


def beat_table(folder: Path) -> str:
    """Measure tempo and beats on drums that sound when somebody tapped along to real music, and nowhere else."""
    annotated = {path.stem: mir_eval.io.load_events(str(path)) for path in _found(folder, "ref*.txt")}
    lines = [
        "Beats at real, annotated times (mir_eval's examples): drums in noise at those times; the sound is synthetic"
    ]
    lines.append(f"{'':<8}{'median':<8}{'BPM heard':<24}{'beat F':<24}beats at any level")
    lines.append(f"{'file':<8}{'BPM':<8}{3 * NAMES}".rstrip())
    for stem, times in annotated.items():
        bpm = 60 / float(np.median(np.diff(times)))
        y = _sounded(times)[2]
        truth = Rhythm(y, SR, times, times, bpm)
        heard = [listen(y) for listen in LISTENERS.values()]
        scores = [_scores(truth, each) for each in heard]
        tempi = "".join(f"{each.bpm:<8.1f}" for each in heard)
        rest = "".join(_cells([score[i] for score in scores]) for i in (1, 2))
        lines.append(f"{stem:<8}{bpm:<8.1f}{tempi}{rest}".rstrip())
    return "\n".join(lines)


def ruler_table(folder: Path) -> str:
    """Compare the installed mir_eval with the scores that its authors stored for their examples."""
    lines = [f"The ruler: mir_eval {mir_eval.__version__} beside the scores stored with its examples"]
    lines.append(f"{'task':<8}{'examples':>10}{'scores':>8}   largest difference")
    for task, load in RULERS.items():
        stored = [json.loads(path.read_text(encoding="utf-8")) for path in _found(folder / task, "output*.json")]
        measured = [load(folder / task, index) for index in range(len(stored))]
        apart = [
            abs(float(new[name]) - float(value))
            for old, new in zip(stored, measured, strict=True)
            for name, value in old.items()
        ]
        lines.append(f"{task:<8}{len(stored):>10}{len(apart):>8}   {max(apart):.1e}")
    return "\n".join(lines)


def _events(evaluate: Callable[..., Mapping[str, float]], folder: Path, index: int) -> Mapping[str, float]:
    reference, estimated = (mir_eval.io.load_events(str(folder / f"{kind}{index:02}.txt")) for kind in ("ref", "est"))
    return evaluate(reference, estimated)


def _tempi(folder: Path, index: int) -> Mapping[str, float]:
    reference, weight = mir_eval.io.load_tempo(str(folder / f"ref{index:02}.lab"))
    estimated, _ = mir_eval.io.load_tempo(str(folder / f"est{index:02}.lab"))
    return mir_eval.tempo.evaluate(reference, weight, estimated)


RULERS: dict[str, Callable[[Path, int], Mapping[str, float]]] = {
    "onset": partial(_events, mir_eval.onset.evaluate),
    "beat": partial(_events, mir_eval.beat.evaluate),
    "tempo": _tempi,
}


def _cells(values: list[float]) -> str:
    return "".join(f"{value:<8.3f}" for value in values)


def _onset_score(times: FloatArray, found: FloatArray) -> float:
    """Return F within 50 ms; mir_eval warns where nothing was found, which here is just a zero."""
    return mir_eval.onset.f_measure(times, found)[0] if found.size else 0.0


def _scores(truth: Rhythm, heard: Heard) -> tuple[float, float, float]:
    """Return onset F (50 ms), beat F (70 ms), and the part of the beats right at any metrical level (AMLt).

    As usual, beats in the first 5 s do not count.
    """
    reference, estimated = (mir_eval.beat.trim_beats(beats) for beats in (truth.beats, heard.beats))
    onset = _onset_score(truth.onsets, heard.onsets)
    return onset, mir_eval.beat.f_measure(reference, estimated), mir_eval.beat.continuity(reference, estimated)[3]


def _sounded(times: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return clicks, drums, and drums in pink noise at given times, with a second to ring on."""
    rng = np.random.default_rng(SEED)
    seconds = float(times[-1]) + 1
    drums = np.zeros(round(seconds * SR), dtype=np.float32)
    for index, start in enumerate(np.round(times * SR).astype(int)):
        hit = rng.uniform(0.5, 1) * drum_hit(("kick", "hihat", "snare", "hihat")[index % 4], sr=SR, rng=rng)
        drums[start : start + hit.size] += hit[: drums.size - start]
    hiss = noise("pink", seconds=seconds, sr=SR, rng=rng, rms=NOISE_RMS / 4)
    return clicks_at(times, seconds=seconds, sr=SR), drums, drums + hiss


def _found(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise AudioCourseError(f"There is no {pattern} in {folder}; it should hold {LAYOUT}.")
    return paths
