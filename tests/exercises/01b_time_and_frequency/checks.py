"""Checks of the chapter on time and frequency."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect_close, kind_of

SR = 16_000


def hann(n: int) -> np.ndarray:
    """A periodic Hann window."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)


# 1b.1 stft_frame_count ----------------------------------------------------------------------------------------------


def counted(samples: int, n_fft: int, hop: int, center: bool) -> int:
    """Count frame by frame."""
    room = samples + (2 * (n_fft // 2) if center else 0)
    return sum(start + n_fft <= room for start in range(0, room, hop))


def expect_count(student: Student, samples: int, n_fft: int, hop: int, center: bool) -> None:
    got = student.call("stft_frame_count", samples, n_fft=n_fft, hop_length=hop, center=center)
    right = counted(samples, n_fft, hop, center)
    if not (np.ndim(got) == 0 and got == right):
        raise Mismatch(
            got,
            right,
            message=f"{samples} samples, n_fft = {n_fft}, hop {hop}, center={center}: you return {got!r:.40}; {right} "
            "is right.",
        )


@check(task="stft_frame_count", label="not centred: as many whole frames as fit")
def not_centred(student: Student, rng: np.random.Generator) -> None:
    expect_count(student, 10, 4, 2, False)
    for _ in range(4):
        expect_count(
            student,
            int(rng.integers(3000, 50_000)),
            int(rng.choice([256, 400, 1024])),
            int(rng.integers(50, 300)),
            False,
        )


@check(task="stft_frame_count", label="a frame that ends exactly with the sound counts, one sample less does not")
def exact_fit(student: Student, rng: np.random.Generator) -> None:
    n_fft, hop = int(rng.choice([256, 400, 512])), int(rng.integers(60, 200))
    for extra in (0, -1, 1):
        expect_count(student, n_fft + 7 * hop + extra, n_fft, hop, False)


@check(task="stft_frame_count", label="centred: the zeros at both ends make room for more frames")
def centred(student: Student, rng: np.random.Generator) -> None:
    expect_count(student, 22_050, 2048, 512, True)
    hop = int(rng.integers(50, 300))
    expect_count(student, 10 * hop, 400, hop, True)  # frame 10 has its middle right behind the last sample
    for _ in range(4):
        expect_count(
            student, int(rng.integers(1, 50_000)), int(rng.choice([256, 400, 1024])), int(rng.integers(50, 300)), True
        )


@check(task="stft_frame_count", label="an odd n_fft gets n_fft // 2 zeros at each end")
def odd(student: Student, rng: np.random.Generator) -> None:
    n_fft, hop = 401, int(rng.integers(20, 90))
    for samples in (10 * hop, 10 * hop + 1, 1, 2):
        expect_count(student, samples, n_fft, hop, True)


@check(
    task="stft_frame_count",
    label="a sound shorter than a frame has no frame if not centred, and a hop may exceed n_fft",
)
def short_sounds_and_long_hops(student: Student, rng: np.random.Generator) -> None:
    for samples in (1, 100, 511, 512):
        expect_count(student, samples, 512, 128, False)
    expect_count(student, 5000, 256, 600, False)
    expect_count(student, 5000, 256, 600, True)


# 1b.2 magnitude_dbfs ------------------------------------------------------------------------------------------------


def sine_magnitudes(rows: np.ndarray, amplitudes: np.ndarray, window: np.ndarray) -> np.ndarray:
    """|X| of frames with one sine each, in the middle of a row."""
    n = np.arange(window.size)
    waves = amplitudes * np.sin(2 * np.pi * np.outer(n, rows) / window.size + 0.3)
    return np.abs(np.fft.rfft(window[:, None] * waves, axis=0))


@check(task="magnitude_dbfs", label="a full-scale sine reads 0 dB in its row")
def full_scale(student: Student, rng: np.random.Generator) -> None:
    n_fft = int(rng.choice([256, 512, 1024]))
    rows = rng.integers(5, n_fft // 2 - 5, 6)
    got = student.call(
        "magnitude_dbfs", sine_magnitudes(rows, np.ones(6), hann(n_fft)), window=hann(n_fft), n_fft=n_fft
    )
    got = shaped(got, (1 + n_fft // 2, 6))
    expect_close(got[rows, np.arange(6)], np.zeros(6), atol=0.01, axis="frame", unit="dB")


@check(task="magnitude_dbfs", label="a tenth of the amplitude is 20 dB less, whatever else is in the picture")
def softer(student: Student, rng: np.random.Generator) -> None:
    n_fft, amplitudes = 512, np.array([1.0, 0.1, 0.01, 0.001])
    rows = rng.integers(5, 250, 4)
    got = student.call(
        "magnitude_dbfs", sine_magnitudes(rows, amplitudes, hann(n_fft)), window=hann(n_fft), n_fft=n_fft
    )
    got = shaped(got, (257, 4))
    expect_close(got[rows, np.arange(4)], np.array([0, -20, -40, -60.0]), atol=0.01, axis="frame", unit="dB")
    alone = sine_magnitudes(rows[2:3], amplitudes[2:3], hann(n_fft))
    got = shaped(student.call("magnitude_dbfs", alone, window=hann(n_fft), n_fft=n_fft), (257, 1))
    expect_close(got[rows[2], 0], -40.0, atol=0.01, unit="dB")


@check(task="magnitude_dbfs", label="another window, another sum, the same level")
def other_windows(student: Student, rng: np.random.Generator) -> None:
    n_fft = 512
    rows = rng.integers(8, 240, 3)
    for window in (np.ones(n_fft), hann(n_fft) ** 2, 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)):
        got = student.call("magnitude_dbfs", sine_magnitudes(rows, np.full(3, 0.5), window), window=window, n_fft=n_fft)
        got = shaped(got, (257, 3))
        expect_close(got[rows, np.arange(3)], np.full(3, -6.0206), atol=0.01, axis="frame", unit="dB")


@check(task="magnitude_dbfs", label="0 Hz and half the rate, and only they, are their own mirror images")
def edges(student: Student, rng: np.random.Generator) -> None:
    n_fft, a = 256, float(rng.uniform(0.2, 0.9))
    even = np.full((129, 1), hann(n_fft).sum() * a / 2)  # as if there were a sine of amplitude a in every row
    got = shaped(student.call("magnitude_dbfs", even, window=hann(n_fft), n_fft=n_fft), (129, 1))
    expected = np.full((129, 1), 20 * np.log10(a))
    expected[[0, -1]] -= 6.0206
    expect_close(got, expected, atol=0.01, axis="row", unit="dB")
    alternating = a * (-1.0) ** np.arange(n_fft)
    both = np.stack([np.full(n_fft, a), alternating], axis=1)
    magnitude = np.abs(np.fft.rfft(hann(n_fft)[:, None] * both, axis=0))
    got = shaped(student.call("magnitude_dbfs", magnitude, window=hann(n_fft), n_fft=n_fft), (129, 2))
    for name, row, frame in (("0 Hz", 0, 0), ("half the rate", -1, 1)):
        try:
            expect_close(got[row, frame], 20 * np.log10(a), atol=0.01, unit="dB")
        except Mismatch as mismatch:
            raise Mismatch(message=f"A tone of {name}, amplitude {a:.2f}, in its own row: {mismatch}") from None


@check(task="magnitude_dbfs", label="silence reads −100 dB, and nothing reads less")
def silence(student: Student, rng: np.random.Generator) -> None:
    magnitude = np.zeros((129, 3))
    magnitude[:, 1] = 1e-9
    magnitude[:, 2] = hann(256).sum() / 2 * 10 ** rng.uniform(-8, -5.2, 129)  # amplitudes of −160 to −104 dB
    got = shaped(student.call("magnitude_dbfs", magnitude, window=hann(256), n_fft=256), (129, 3))
    expect_close(got, np.full((129, 3), -100.0), atol=0.01, axis="row", unit="dB")


def shaped(got: object, shape: tuple[int, ...]) -> np.ndarray:
    """Insist on an array of a shape."""
    if not isinstance(got, np.ndarray) or got.shape != shape:
        found = f"shape {got.shape}" if isinstance(got, np.ndarray) else kind_of(got)
        raise Mismatch(message=f"You return {found}; an array of shape {shape} is right.")
    return got


# 1b.3 resynthesise --------------------------------------------------------------------------------------------------


def cut(y: np.ndarray, window: np.ndarray, hop: int) -> np.ndarray:
    """Windowed frames, in columns."""
    return np.stack([window * y[m : m + window.size] for m in range(0, y.size - window.size + 1, hop)], axis=1)


def joined(frames: np.ndarray, window: np.ndarray, hop: int) -> np.ndarray:
    """The formula, sample by sample of each frame."""
    n, count = frames.shape
    above, below = [0.0] * (n + (count - 1) * hop), [0.0] * (n + (count - 1) * hop)
    for m in range(count):
        for i in range(n):
            above[m * hop + i] += window[i] * frames[i, m]
            below[m * hop + i] += window[i] ** 2
    return np.array([a / b if b > 0 else 0.0 for a, b in zip(above, below, strict=True)])


@check(task="resynthesise", label="the result is as long as the frames reach")
def length_of_the_result(student: Student, rng: np.random.Generator) -> None:
    for hop, count in ((16, 5), (20, 7), (64, 3)):
        got = student.call("resynthesise", np.ones((64, count)), np.ones(64), hop_length=hop)
        shaped(got, (64 + (count - 1) * hop,))


@check(task="resynthesise", label="a sound that was cut with a hop of a quarter comes back")
def quarter(student: Student, rng: np.random.Generator) -> None:
    t = np.arange(6400) / SR
    y = sum(np.sin(2 * np.pi * k * rng.uniform(150, 250) * t) / k for k in range(1, 6)) * 0.1
    window = hann(256)
    frames = cut(y, window, 64)
    expected = np.where(np.arange(frames.shape[1] * 64 + 192) == 0, 0, y[: frames.shape[1] * 64 + 192])
    expect_close(
        student.call("resynthesise", frames, window, hop_length=64),
        expected,
        atol=1e-6,
        axis="sample",
        step=1 / SR,
        sr=SR,
    )


@check(
    task="resynthesise", label="any window and any hop that leaves no gap: a half, a third, one that divides nothing"
)
def other_hops(student: Student, rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, 700)
    for window, hop in ((hann(64) + 0.1, 32), (np.sin(np.pi * (np.arange(60) + 0.5) / 60), 20), (hann(50) + 0.2, 17)):
        frames = cut(y, window, hop)
        expected = y[: window.size + (frames.shape[1] - 1) * hop]
        expect_close(student.call("resynthesise", frames, window, hop_length=hop), expected, atol=1e-6, axis="sample")


@check(task="resynthesise", label="frames that were edited are averaged, the louder part of a window counting more")
def edited(student: Student, rng: np.random.Generator) -> None:
    window, frames = hann(48) + 0.05, rng.uniform(-1, 1, (48, 6))
    got = student.call("resynthesise", frames, window, hop_length=16)
    expect_close(got, joined(frames, window, 16), atol=1e-6, axis="sample")


@check(task="resynthesise", label="one frame: the window comes off again, and what it set to zero stays zero")
def single_frame(student: Student, rng: np.random.Generator) -> None:
    window, y = hann(32), rng.uniform(-1, 1, 32)
    got = student.call("resynthesise", (window * y)[:, None], window, hop_length=8)
    expect_close(got, np.where(window > 0, y, 0), atol=1e-3, axis="sample")
