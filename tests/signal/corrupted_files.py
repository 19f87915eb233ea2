"""Read many corrupted sound files: ``python tests/signal/corrupted_files.py COUNT SEED``.

A program of its own, because what a corrupted file can do to a decoder includes ending the process. It prints how many
files gave samples, how many gave one sentence, and the most memory held, in MB; any other exception ends it.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from audiocourse.errors import AudioCourseError
from audiocourse.signal import read

SR = 16_000
KINDS = (
    ("WAV", "PCM_16"),
    ("WAV", "FLOAT"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
    ("AIFF", "PCM_16"),
    ("CAF", "PCM_16"),
    ("AU", "PCM_16"),
)
HEADER = 100  # bytes in which damage does the most


def healthy(folder: Path, rng: np.random.Generator) -> list[bytes]:
    """Half a second of noise in every readable format."""
    y = rng.uniform(-0.5, 0.5, SR // 2)
    files = []
    for container, subtype in KINDS:
        path = folder / "healthy"
        soundfile.write(path, y, SR, format=container, subtype=subtype)
        files.append(path.read_bytes())
    return files


def corrupted(data: bytes, rng: np.random.Generator) -> bytes:
    """Damage a file as disks, transfers and recorders do."""
    damaged = bytearray(data)
    span = HEADER if rng.random() < 0.6 else len(damaged)
    for _ in range(rng.integers(0, 6)):
        damaged[rng.integers(min(span, len(damaged)))] = rng.integers(256)
    start = int(rng.integers(min(span, len(damaged))))
    match rng.integers(5):
        case 0:
            del damaged[start:]
        case 1:
            damaged[start : start + 8] = b"\xff" * 8
        case 2:
            damaged[start : start + int(rng.integers(64))] = bytes(int(rng.integers(64)))
        case 3:
            damaged[start:start] = rng.bytes(int(rng.integers(1, 200)))
    return bytes(damaged)


def most_memory_mb() -> float:
    """The most memory this program has held, in MB; on Linux `getrusage` also counts the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS counts bytes


def main(count: int, seed: int) -> None:
    """Read that many corrupted files and print what came of it."""
    rng = np.random.default_rng(seed)
    samples, sentences = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        files = healthy(Path(folder), rng)
        path = Path(folder) / "damaged.wav"
        for number in range(count):
            path.write_bytes(corrupted(files[number % len(files)], rng))
            try:
                sound = read(path)
            except AudioCourseError as error:
                assert str(error).endswith(".") and "\n" not in str(error), error
                sentences += 1
            else:
                assert sound.y.size and np.isfinite(sound.y).all()
                samples += 1
    print(samples, sentences, round(most_memory_mb()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
