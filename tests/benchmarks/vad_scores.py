"""The score board of voice activity: detectors on real meetings, which are not part of the project (see `LAYOUT`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from audiocourse import zoo
from audiocourse.classify import vad
from audiocourse.classify.neural_vad import neural_score, neural_vad
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray, frame, frame_level_db, pad_to_frames, read

LAYOUT = "ami_diar/: AMI meeting clips trn*.flac (16 kHz) and labels.rttm with speaker turns"
FRAME = 512  # samples, 32 ms at 16 kHz, frames that do not overlap: the grid of the published figures
PUBLISHED = {"energy, smoothed": 0.830, "WebRTC, sum of modes": 0.832, "Silero v5": 0.970}
Score = Callable[[FloatArray, int], FloatArray]


def read_rttm(path: Path) -> dict[str, list[vad.Segment]]:
    """Read the speaker turns of each recording and merge them into times at which anybody speaks.

    Parameters
    ----------
    path : Path
        An RTTM file: ``SPEAKER recording channel start duration …``, times in seconds.

    Raises
    ------
    AudioCourseError
        If a line is no such line.
    """
    turns: dict[str, list[vad.Segment]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            kind, recording, _, start, duration = line.split()[:5]
            segment = float(start), float(start) + float(duration)
        except ValueError:
            raise AudioCourseError(f"{path.name}, line {number} is no RTTM line: {line!r}.") from None
        if kind == "SPEAKER":
            turns.setdefault(recording, []).append(segment)
    return {recording: merged(segments) for recording, segments in turns.items()}


def merged(segments: list[vad.Segment]) -> list[vad.Segment]:
    """Join segments that overlap or touch."""
    union: list[vad.Segment] = []
    for start, end in sorted(segments):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return union


def smoothed(score: FloatArray, *, frames: int) -> FloatArray:
    """Average a score over neighbouring frames."""
    return np.convolve(score, np.ones(frames) / frames, mode="same")


def level(y: FloatArray) -> FloatArray:
    """Return the level of frames of 32 ms in dB re full scale."""
    padded = pad_to_frames(y, frame_length=FRAME, hop_length=FRAME)
    return frame_level_db(frame(padded, frame_length=FRAME, hop_length=FRAME))


def webrtc_on_grid(y: FloatArray, sr: int) -> FloatArray:
    """Bring WebRTC's 10 ms scores to frames of 32 ms: the score at the centre of each."""
    score = vad.webrtc_score(y, sr, frame_ms=10)
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
    score = neural_score(y, sr, net=zoo.load("vad-mini").model)
    centres = (np.arange(-(-y.size // FRAME)) * FRAME + FRAME // 2) / sr
    return score[np.minimum((centres / 0.020).astype(int), score.size - 1)]


SCORES["vad-mini, learned from made speech"] = learned
LOOKED_AT = ("trn00", "trn01", "trn03", "trn04", "trn07")  # while vad-mini was made: its other clips count


DETECTORS: dict[str, Callable[[FloatArray, int], list[vad.Segment]]] = {
    "always yes": lambda y, sr: [(0.0, y.size / sr)],
    "adaptive energy": vad.adaptive_vad,
    "WebRTC mode 2, tidied": vad.webrtc_vad,
    "vad-mini, tidied": lambda y, sr: neural_vad(y, sr, net=zoo.load("vad-mini").model),
}


def tables(data: Path | None) -> Iterator[str]:
    """Yield the table, or one sentence where there is nothing to measure.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    """
    if data is None or not (data / "ami_diar" / "labels.rttm").is_file():
        yield f"Voice activity is measured on real recordings only: --data DIR, with {LAYOUT}."
    else:
        yield vad_table(data / "ami_diar")


def vad_table(folder: Path) -> str:
    """Measure voice activity detectors on the meeting clips: frame ROC-AUC (32 ms) and detection error."""
    turns = read_rttm(folder / "labels.rttm")
    paths = sorted(folder.glob("*.flac"))
    clips = [(read(path), turns.get(path.stem, [])) for path in paths]
    lines = [f"Voice activity on {len(clips)} real meeting clips (AMI), nothing trained on them"]
    lines.append(
        f"{'frame ROC-AUC, 32 ms frames, pooled':<36} all clips  the {len(paths) - len(LOOKED_AT)} not looked at"
    )
    truth = [_truth(clip.y.size, segments, clip.sr) for clip, segments in clips]
    unseen = [index for index, path in enumerate(paths) if path.stem not in LOOKED_AT]
    for name, score in SCORES.items():
        scores = [score(clip.y, clip.sr) for clip, _ in clips]
        parts = [(range(len(clips)), 9), (unseen, 19)]
        areas = (f"{_pooled(truth, scores, part):{width}.3f}" for part, width in parts)
        lines.append(f"{name:<36} {' '.join(areas)}")
    lines += [f"{'(published) ' + name:<34} {value:.3f}" for name, value in PUBLISHED.items()]
    lines.append(f"{'detector':<34} missed  false alarm  error, in % of the speech")
    for name, detect in DETECTORS.items():
        parts = [vad.detection_error(segments, detect(clip.y, clip.sr)) for clip, segments in clips]
        spoken = sum(end - start for _, segments in clips for start, end in segments)
        missed, false_alarm = (100 * sum(part[index] for part in parts) / spoken for index in (0, 1))
        lines.append(f"{name:<34} {missed:6.1f} {false_alarm:13.1f} {missed + false_alarm:6.1f}")
    return "\n".join(lines)


def _pooled(truth: list[np.ndarray], scores: list[FloatArray], part: Sequence[int]) -> float:
    return vad.roc_auc(np.concatenate([truth[i] for i in part]), np.concatenate([scores[i] for i in part]))


def _truth(samples: int, segments: list[vad.Segment], sr: int) -> np.ndarray:
    return vad.frame_truth(segments, frames=-(-samples // FRAME), frame_length=FRAME, hop_length=FRAME, sr=sr)
