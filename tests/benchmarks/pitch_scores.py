"""The score board of pitch: YIN and pYIN of this course and of librosa, side by side, measured by mir_eval.

Three kinds of sound: made melodies, whose f0 is exact; tones that follow contours annotated in real music
(DIR/mir_eval/melody, which has no audio); and a singer, recorded and annotated (DIR/vocadito).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import librosa
import mir_eval
import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray, pyin, read, resample, to_mono, yin
from audiocourse.sounds.music.melody import TIMBRES, melody, tone_along

LAYOUT = (
    "mir_eval/melody/: ref*, est* and output* files, as in the tests of mir_eval; vocadito/: Audio/*.flac and "
    "Annotations/F0/*_f0.csv"
)
SR = 22_050
HOP = 256
SEED = 1
STEP = 0.01  # seconds between the times at which made truth is stated
OPTIONS = {"sr": SR, "fmin": 65.41, "fmax": 1046.5, "frame_length": 2048, "hop_length": HOP}  # C2 to C6
COLUMNS = (
    "Raw Pitch Accuracy",
    "Raw Chroma Accuracy",
    "Voicing Recall",
    "Voicing False Alarm",
)
HEADER = f"{'sound':<28} {'tracker':<14} pitch  chroma  recall  false alarm  median"
LEGEND = "pitch, chroma: % of the voiced frames within 50 cents, octaves counted / forgiven; median: cents"


class Sound(NamedTuple):
    """A sound at 22050 Hz and its annotated f0, 0 where unvoiced."""

    y: FloatArray
    times: FloatArray
    f0: FloatArray


def _librosa_pyin(y: FloatArray) -> FloatArray:
    return np.nan_to_num(librosa.pyin(y, **OPTIONS)[0])


TRACKERS: dict[str, Callable[[FloatArray], FloatArray]] = {  # f0 of the frames, 0 where unvoiced
    "yin": lambda y: np.nan_to_num(yin(y, **OPTIONS)),
    "librosa.yin": lambda y: librosa.yin(y, **OPTIONS),
    "pyin": lambda y: np.nan_to_num(pyin(y, **OPTIONS).f0),
    "librosa.pyin": _librosa_pyin,
}


def tables(data: Path | None) -> Iterator[str]:
    """Yield each table: that of made melodies, then, where the files lie, those on real contours and voices.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings and annotations (see `LAYOUT`).
    """
    yield table("synthetic melodies, 50 cents of vibrato", made_sounds(notes=24))
    if data is None:
        return
    if (data / "mir_eval" / "melody").is_dir():
        yield table("synthetic tones along f0 annotated in real music", contour_sounds(data / "mir_eval" / "melody"))
        yield ruler_table(data / "mir_eval" / "melody")
    if (data / "vocadito").is_dir():
        yield table("real solo singing (vocadito)", sung_sounds(data / "vocadito"))


def table(title: str, sounds: Iterable[tuple[str, list[Sound]]], trackers: Sequence[str] = tuple(TRACKERS)) -> str:
    """Measure trackers on every kind of sound.

    Parameters
    ----------
    title : str
        What is measured on.
    sounds : iterable of (str, list of Sound)
        A name for each kind of sound; the figures are the means over its sounds.
    trackers : sequence of str
        Some of `TRACKERS`.
    """
    lines = [f"Pitch: {title}", LEGEND, HEADER]
    for kind, pieces in sounds:
        for name in trackers:
            track = TRACKERS[name]
            pitch, chroma, recall, alarm, cents = np.mean([score(piece, track(piece.y)) for piece in pieces], axis=0)
            lines.append(f"{kind:<28} {name:<14} {pitch:5.1f} {chroma:7.1f} {recall:7.1f} {alarm:12.1f} {cents:7.1f}")
    return "\n".join(lines)


def score(sound: Sound, f0: FloatArray) -> list[float]:
    """Return the figures of a row: four of mir_eval's in percent, and the median error in cents where both are voiced.

    Parameters
    ----------
    sound : Sound
        What is true.
    f0 : np.ndarray [shape=(frames,)]
        What was estimated, 0 where unvoiced.
    """
    truth = sound.times, sound.f0, np.arange(f0.size) * HOP / SR, f0
    figures = mir_eval.melody.evaluate(*truth)
    voiced, cents, estimated_voiced, estimated_cents = mir_eval.melody.to_cent_voicing(*truth)
    both = (voiced > 0) & (estimated_voiced > 0)
    return [100 * figures[name] for name in COLUMNS] + [float(np.median(np.abs(cents - estimated_cents)[both]))]


def made_sounds(*, notes: int) -> Iterator[tuple[str, list[Sound]]]:
    """Make a melody in every timbre, clean and in white noise.

    Parameters
    ----------
    notes : int
        How many notes, about one in six of them a rest.
    """
    rng = np.random.default_rng(SEED)
    midi = [None if rng.random() < 1 / 6 else int(rng.integers(43, 79)) for _ in range(notes)]
    beats = rng.choice([0.5, 1.0, 1.5], notes).tolist()
    clean = {}
    for timbre in TIMBRES:
        song = melody([*midi, 60], beats=[*beats, 1], bpm=110, sr=SR, timbre=timbre, vibrato_cents=50)
        times = np.arange(0, song.y.size / SR, STEP)
        clean[timbre] = Sound(song.y, times, song.f0_at(times))
        yield timbre, [clean[timbre]]
    for snr_db in (20, 10):
        rms = 0.1 * 10 ** (-snr_db / 20)
        noisy = [Sound(s.y + rms * rng.standard_normal(s.y.size), s.times, s.f0) for s in clean.values()]
        yield f"all four, noise at {snr_db} dB", noisy


def contour_sounds(folder: Path) -> Iterator[tuple[str, list[Sound]]]:
    """Make tones that follow the annotated contours of mir_eval's tests.

    Parameters
    ----------
    folder : Path
        With files ref*.txt: a time and a frequency in each line.
    """
    references = [mir_eval.io.load_time_series(str(path)) for path in sorted(folder.glob("ref*.txt"))]
    for timbre in ("voice", "weak_fundamental"):
        yield timbre, [along(times, f0, timbre=timbre) for times, f0 in references]


def along(times: FloatArray, f0: FloatArray, *, timbre: str) -> Sound:
    """Make a tone along an annotated contour: linear between annotations, silent where the nearest one is unvoiced.

    Parameters
    ----------
    times, f0 : np.ndarray [shape=(annotations,)]
        In seconds, and Hz, 0 where unvoiced.
    timbre : str
        As in `sounds.melody`.
    """
    now = np.arange(round(times[-1] * SR)) / SR
    voiced = f0 > 0
    nearest = np.interp(now, times, voiced.astype(float)) >= 0.5
    contour = np.where(nearest, np.interp(now, times[voiced], f0[voiced]), 0.0)
    return Sound(tone_along(contour, sr=SR, timbre=timbre), times, f0)


def sung_sounds(folder: Path) -> Iterator[tuple[str, list[Sound]]]:
    """Read recordings of singers with their annotations.

    Parameters
    ----------
    folder : Path
        With Audio/NAME.flac and Annotations/F0/NAME_f0.csv: a time and a frequency in each line, 0 where unvoiced.

    Raises
    ------
    AudioCourseError
        If there is no recording, or one without its annotation.
    """
    paths = sorted((folder / "Audio").glob("*.flac"))
    if not paths:
        raise AudioCourseError(f"There is no recording in {folder / 'Audio'}; it should hold {LAYOUT}.")
    for path in paths:
        annotation = folder / "Annotations" / "F0" / f"{path.stem}_f0.csv"
        if not annotation.is_file():
            raise AudioCourseError(f"{path.name} has no annotation: {annotation} is missing.")
        times, f0 = np.loadtxt(annotation, delimiter=",", unpack=True)
        recording = read(path)
        yield path.stem, [Sound(resample(to_mono(recording.y), recording.sr, SR), times, f0)]


def ruler_differences(folder: Path) -> dict[str, float]:
    """Compare the installed mir_eval with the figures its authors stored, one file after the other.

    Parameters
    ----------
    folder : Path
        With files ref*.txt, est*.txt and output*.json.

    Returns
    -------
    dict of float
        The largest difference of any figure, for each output file.
    """
    largest = {}
    for path in sorted(folder.glob("output*.json")):
        number = path.stem.removeprefix("output")
        files = [str(folder / f"{kind}{number}.txt") for kind in ("ref", "est")]
        reference, estimate = (mir_eval.io.load_time_series(name) for name in files)
        figures = mir_eval.melody.evaluate(*reference, *estimate)
        stored = json.loads(path.read_text(encoding="utf-8"))
        largest[path.name] = max(abs(figures[name] - value) for name, value in stored.items())
    return largest


def ruler_table(folder: Path) -> str:
    """Say how far the installed mir_eval is from the figures its authors stored.

    Parameters
    ----------
    folder : Path
        As in `ruler_differences`.
    """
    lines = [f"The ruler: mir_eval {mir_eval.__version__} beside the figures stored with its own test files"]
    lines += [f"{name:<28} differs by {value:.1e} at most" for name, value in ruler_differences(folder).items()]
    return "\n".join(lines)
