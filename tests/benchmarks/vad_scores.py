"""The score board of voice activity: detectors on real meetings, which are not part of the project (see `LAYOUT`).

Beside them made scenes: spoken by espeak-ng, with which `vad-mini` was trained, and by flite, a synthesiser that it has
never heard. Silero's detector takes part where it is installed (``pip install 'audiocourse[silero]'``). And the open
task of exercise 5: which points the answers of its ladder of ideas get, from one grading seed to another.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import numpy as np
from scipy.ndimage import median_filter
from scipy.signal import butter, sosfilt

from audiocourse import zoo
from audiocourse.classify import scoring
from audiocourse.classify.vad import from_scratch as vad
from audiocourse.classify.vad.model import neural_score, neural_vad
from audiocourse.classify.vad.webrtc import webrtc_score, webrtc_vad
from audiocourse.course import course_root, load_course
from audiocourse.intervals import Segment
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.learn.checking.runner import rng_for
from audiocourse.learn.checking.student import LocalStudent
from audiocourse.signal import FloatArray, frame, frame_level_db, pad_to_frames, read, resample
from audiocourse.sounds import Interval, Scene, Speech, merge, read_rttm, speech_with_pauses
from audiocourse.teach.build import solution_of
from audiocourse.teach.prove import answers_with

LAYOUT = "ami_diar/: AMI meeting clips trn*.flac (16 kHz) and labels.rttm with speaker turns"
FRAME = 512  # samples, 32 ms at 16 kHz, frames that do not overlap: the grid of the published figures
PUBLISHED = {"energy, smoothed": 0.830, "WebRTC, sum of modes": 0.832, "Silero v5": 0.970}
HAS_SILERO, HAS_FLITE = find_spec("silero_vad") is not None, shutil.which("flite") is not None
FLITE_VOICES = ("slt", "rms", "awb", "kal")
MADE_SCENES, MADE_SNR_DB = 6, 10.0
GRADING_SEEDS = 100
Score = Callable[[FloatArray, int], FloatArray]


def speech_of(path: Path) -> dict[str, list[Segment]]:
    """Read when anybody speaks in each recording of an RTTM file."""
    turns = read_rttm(path.read_text(encoding="utf-8"))
    return {recording: [(one.start, one.end) for one in merge(spoken)] for recording, spoken in turns.items()}


def smoothed(score: FloatArray, *, frames: int) -> FloatArray:
    """Average a score over neighbouring frames."""
    return np.convolve(score, np.ones(frames) / frames, mode="same")


def level(y: FloatArray) -> FloatArray:
    """Return the level of frames of 32 ms in dB re full scale."""
    padded = pad_to_frames(y, frame_length=FRAME, hop_length=FRAME)
    return frame_level_db(frame(padded, frame_length=FRAME, hop_length=FRAME))


def webrtc_on_grid(y: FloatArray, sr: int) -> FloatArray:
    """Bring WebRTC's 10 ms scores to frames of 32 ms: the score at the centre of each."""
    score = webrtc_score(y, sr, frame_ms=10)
    centres = (np.arange(-(-y.size // FRAME)) * FRAME + FRAME // 2) / sr
    return score[np.minimum((centres / 0.010).astype(int), score.size - 1)]


SCORES: dict[str, Score] = {
    "energy": lambda y, _: level(y),
    "energy, smoothed over 10 frames": lambda y, _: smoothed(level(y), frames=10),
    "adaptive energy": lambda y, _: (db := level(y)) - vad.noise_floor_db(db, rise_db=0.064),  # 2 dB a second
    "WebRTC, sum of its four modes": webrtc_on_grid,
    "WebRTC, the same, smoothed": lambda y, sr: smoothed(webrtc_on_grid(y, sr), frames=10),
}


def learned(y: FloatArray, sr: int) -> FloatArray:
    """Bring the scores of `vad-mini`, one every 20 ms, to frames of 32 ms: the score at the centre of each."""
    score = neural_score(y, sr, model=zoo.load("vad-mini").model)
    centres = (np.arange(-(-y.size // FRAME)) * FRAME + FRAME // 2) / sr
    return score[np.minimum((centres / 0.020).astype(int), score.size - 1)]


SCORES["vad-mini, learned from made speech"] = learned
LOOKED_AT = ("trn00", "trn01", "trn03", "trn04", "trn07")  # while vad-mini was made: its other clips count

DETECTORS: dict[str, Callable[[FloatArray, int], list[Segment]]] = {
    "always yes": lambda y, sr: [(0.0, y.size / sr)],
    "adaptive energy": vad.adaptive_vad,
    "WebRTC mode 2, tidied": webrtc_vad,
    "vad-mini, tidied": lambda y, sr: neural_vad(y, sr, model=zoo.load("vad-mini").model),
}


@cache
def _silero() -> tuple[Any, Any, Any]:
    """Load what Silero needs: torch, the package, its network."""
    package = importlib.import_module("silero_vad")
    return importlib.import_module("torch"), package, package.load_silero_vad()


def silero_score(y: FloatArray, sr: int) -> FloatArray:
    """Ask Silero's network: the probability of speech in each frame of 32 ms, which is the grid of this board."""
    torch, _, net = _silero()
    scores: FloatArray = net.audio_forward(torch.from_numpy(y)[None], sr)[0].numpy()
    return scores


def silero_vad(y: FloatArray, sr: int) -> list[Segment]:
    """Find speech with Silero's network and its own tidying, as it is set by default."""
    torch, package, net = _silero()
    found = package.get_speech_timestamps(torch.from_numpy(y), net, sampling_rate=sr)
    return [(part["start"] / sr, part["end"] / sr) for part in found]


if HAS_SILERO:
    SCORES["Silero, as installed"] = silero_score
    DETECTORS["Silero, its defaults"] = silero_vad


def tables(data: Path | None) -> Iterator[str]:
    """Yield the table of the real recordings, or one sentence where there are none, and that of the made scenes.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    """
    if data is None or not (data / "ami_diar" / "labels.rttm").is_file():
        yield f"Voice activity is measured on real recordings only: --data DIR, with {LAYOUT}."
    else:
        yield vad_table(data / "ami_diar")
    yield made_table(scenes=MADE_SCENES)
    yield bands_table(seeds=GRADING_SEEDS)


def vad_table(folder: Path) -> str:
    """Measure detectors on the meeting clips: frame ROC-AUC (32 ms), processor time, detection error."""
    turns = speech_of(folder / "labels.rttm")
    paths = sorted(folder.glob("*.flac"))
    clips = [(read(path), turns.get(path.stem, [])) for path in paths]
    lines = [f"Voice activity on {len(clips)} real meeting clips (AMI), nothing trained on them"]
    lines.append(
        f"{'frame ROC-AUC, 32 ms frames, pooled':<36} all clips  the {len(paths) - len(LOOKED_AT)} not looked at"
        "  real-time factor"
    )
    truth = [_truth(clip.y.size, segments, clip.sr) for clip, segments in clips]
    unseen = [index for index, path in enumerate(paths) if path.stem not in LOOKED_AT]
    for name, score in SCORES.items():
        scores, factor = _timed(score, [(clip.y, clip.sr) for clip, _ in clips])
        parts = [(range(len(clips)), 9), (unseen, 19)]
        areas = (f"{_pooled(truth, scores, part):{width}.3f}" for part, width in parts)
        lines.append(f"{name:<36} {' '.join(areas)} {factor:17.5f}")
    lines += [f"{'(published) ' + name:<34} {value:.3f}" for name, value in PUBLISHED.items()]
    lines.append(f"{'detector':<34} missed  false alarm  error, in % of the speech")
    for name, detect in DETECTORS.items():
        parts = [scoring.detection_error(segments, detect(clip.y, clip.sr)) for clip, segments in clips]
        spoken = sum(end - start for _, segments in clips for start, end in segments)
        missed, false_alarm = (100 * sum(part[index] for part in parts) / spoken for index in (0, 1))
        lines.append(f"{name:<34} {missed:6.1f} {false_alarm:13.1f} {missed + false_alarm:6.1f}")
    lines.append("Real-time factor: seconds of one processor for each second of sound; 0.01 is a hundred times faster.")
    lines.append(
        f"Silero is the package silero-vad {version('silero-vad')}."
        if HAS_SILERO
        else "Silero is not measured: pip install 'audiocourse[silero]'."
    )
    return "\n".join(lines)


def _timed(score: Score, clips: list[tuple[FloatArray, int]]) -> tuple[list[FloatArray], float]:
    """Score all clips, after one that warms up, and measure seconds of processor time for each second of sound."""
    score(*clips[0])
    begin = time.process_time()
    scores = [score(y, sr) for y, sr in clips]
    return scores, (time.process_time() - begin) / sum(y.size / sr for y, sr in clips)


def made_table(*, scenes: int) -> str:
    """Measure the scores on made scenes by the voices of two synthesisers: frame ROC-AUC."""
    makers = {"espeak": speech_with_pauses} | ({"flite": flite_scene} if HAS_FLITE else {})
    kinds = [(maker, noise) for maker in makers for noise in ("pink", "babble")]
    titles = (f"{maker}, {noise}" for maker, noise in kinds)
    lines = [
        f"Made scenes (synthetic), {scenes} of 10 s each, speech {MADE_SNR_DB:g} dB above noise; frame ROC-AUC",
        f"{'synthesiser of the voices, noise':<36} {' '.join(f'{title:>15}' for title in titles)}",
    ]
    made = [
        [makers[maker](rng=np.random.default_rng(seed), noise=noise, snr_db=MADE_SNR_DB) for seed in range(scenes)]
        for maker, noise in kinds
    ]
    for name, score in SCORES.items():
        areas = [_made_area(score, some) for some in made]
        lines.append(f"{name:<36} {' '.join(f'{area:15.3f}' for area in areas)}")
    lines.append("The babble is always of espeak's voices.")
    return "\n".join(lines if HAS_FLITE else [*lines, "flite is not measured: the command is not installed."])


def _made_area(score: Score, scenes: list[Scene]) -> float:
    truth = [_truth(one.y.size, [(part.start, part.end) for part in one.speech], one.sr) for one in scenes]
    return _pooled(truth, [score(one.y, one.sr) for one in scenes], range(len(scenes)))


def flite_scene(*, rng: np.random.Generator, noise: str, snr_db: float) -> Scene:
    """Make a scene as `speech_with_pauses` does, with flite in the place of espeak-ng."""
    with mock.patch("audiocourse.sounds.speech.scenes.say", flite_say):  # the scene maker knows one synthesiser only
        return speech_with_pauses(rng=rng, noise=noise, snr_db=snr_db, voices=FLITE_VOICES)


def flite_say(text: str, *, voice: str, sr: int, rate: float, **_: Any) -> Speech:
    """Speak with flite, which prints at what second each phone ends; its pitch is left as it is."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        speed = ["--setf", f"duration_stretch={160 / rate}"]
        command = ["flite", "-voice", voice, *speed, "-psdur", "-t", text, "-o", str(path)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        spoken = read(path)
    labels, ends = zip(*(one.split(":") for one in printed.split()), strict=True)
    times = [0.0, *map(float, ends)]
    phones = [Interval(*edge, label) for *edge, label in zip(times, times[1:], labels, strict=False) if label != "pau"]
    return Speech(resample(spoken.y, spoken.sr, sr), sr, text=text, voice=voice, words=[], phones=phones)


def _pooled(truth: list[np.ndarray], scores: list[FloatArray], part: Sequence[int]) -> float:
    return scoring.roc_auc(np.concatenate([truth[i] for i in part]), np.concatenate([scores[i] for i in part]))


def _truth(samples: int, segments: list[Segment], sr: int) -> np.ndarray:
    return scoring.frame_truth(segments, frames=-(-samples // FRAME), frame_length=FRAME, hop_length=FRAME, sr=sr)


def highpass(y: FloatArray, sr: int) -> FloatArray:
    """Remove what lies below 150 Hz, where hum and rumble are: the second hint of the open task."""
    filtered: FloatArray = sosfilt(butter(4, 150, "highpass", fs=sr, output="sos"), y).astype(np.float32)
    return filtered


def with_median(y: FloatArray, sr: int) -> list[Segment]:
    """Take the median of the level over nine frames before deciding, so that a click does not count."""
    length, hop = vad.frame_sizes(sr)
    level_db = median_filter(vad.energy_score(y, sr), size=9)
    score = level_db - vad.noise_floor_db(level_db, rise_db=0.02)
    held = vad.hangover(vad.hysteresis(score, on=7.0, off=3.5), frames=5)
    active = vad.smooth_decisions(held, min_speech=12, min_silence=25)
    return vad.to_segments(active, frame_length=length, hop_length=hop, sr=sr)


def fixed_threshold(y: FloatArray, sr: int) -> list[Segment]:
    """Say yes above −35 dB: the baseline of the open task."""
    length, hop = vad.frame_sizes(sr)
    return vad.to_segments(vad.energy_score(y, sr) > -35, frame_length=length, hop_length=hop, sr=sr)


LADDER: dict[str, Callable[[FloatArray, int], list[Segment]]] = {
    "fixed threshold (the baseline)": fixed_threshold,
    "always yes": lambda y, sr: [(0.0, y.size / sr)],
    "the stages": vad.adaptive_vad,
    "median over nine frames": with_median,
    "high-pass, then the stages": lambda y, sr: vad.adaptive_vad(highpass(y, sr), sr),
    "high-pass and median": lambda y, sr: with_median(highpass(y, sr), sr),
}


def bands_table(*, seeds: int) -> str:
    """Grade the ladder of ideas of exercise 5's open task with many seeds, and with that of the notebook."""
    task = load_course().find_task("detect_speech")
    answers = LADDER | {"the solution": answers_with(task, solution_of(task))["detect_speech"]}
    bands: dict[str, list[int]] = {name: [] for name in answers}
    errors: dict[str, list[float]] = {name: [] for name in answers}
    checks = load_by_path(course_root() / "tests" / "exercises" / "ex05_vad" / "checks.py")
    for seed in range(seeds + 1):  # 0 is the seed of the notebook
        for name, answer in answers.items():
            student = LocalStudent({"detect_speech": answer})
            errors[name].append(100 * checks.measure(student, rng_for(seed, task.name, "bands")).error)
            bands[name].append(sum(errors[name][-1] <= 100 * limit for limit in checks.BANDS))
    limits = ", ".join(f"{100 * limit:.0f}" for limit in checks.BANDS)
    lines = [
        f"Open task of exercise 5 (synthetic): error in %, bands at most {limits}; {seeds} grading seeds",
        f"{'answer':<32} mean  5th to 95th percentile  % of the seeds in no band, 1, 2, 3  notebook within one band",
    ]
    for name in answers:
        error, reached = np.array(errors[name][1:]), np.array(bands[name][1:])
        low, high = np.percentile(error, [5, 95])
        shares = "  ".join(f"{100 * np.mean(reached == band):3.0f}" for band in range(len(checks.BANDS) + 1))
        near = 100 * np.mean(np.abs(reached - bands[name][0]) <= 1)
        lines.append(f"{name:<32} {error.mean():4.1f}  {low:4.1f} to {high:4.1f}  {shares:>38}  {near:24.0f} %")
    return "\n".join(lines)
