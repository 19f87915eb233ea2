"""Checks of the chapter on mel bands and timbre."""

from __future__ import annotations

import numpy as np
import scipy.fft

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect_close, kind_of

# 1c.1 mel_triangles -------------------------------------------------------------------------------------------------


def rising_edges(rng: np.random.Generator, bands: int) -> np.ndarray:
    """Edges at uneven distances, from some 50 Hz to some thousands, as on a mel scale."""
    return np.cumsum(rng.uniform(40, 60, bands + 2) * 1.5 ** np.arange(bands + 2))


@check(task="mel_triangles", label="one row for each band: two less than there are edges")
def shape_of_the_result(student: Student, rng: np.random.Generator) -> None:
    bands = int(rng.integers(1, 9))
    got = student.call("mel_triangles", np.linspace(0, 4000, 201), rising_edges(rng, bands))
    if not isinstance(got, np.ndarray) or got.shape != (bands, 201):
        found = f"shape {got.shape}" if isinstance(got, np.ndarray) else kind_of(got)
        raise Mismatch(
            message=f"For {bands + 2} edges and 201 frequencies you return {found}; shape ({bands}, 201) is right."
        )


@check(task="mel_triangles", label="1 at the top, 0 at both ends, ½ half-way")
def corners(student: Student, rng: np.random.Generator) -> None:
    left, top, right = np.cumsum(rng.uniform(100, 400, 3))
    f = np.array([left, (left + top) / 2, top, (top + right) / 2, right])
    got = student.call("mel_triangles", f, np.array([left, top, right]))
    expect_close(got, np.array([[0, 0.5, 1, 0.5, 0]]), atol=1e-6, row="band", axis="frequency")


@check(task="mel_triangles", label="outside of its edges a triangle is 0, never negative")
def outside(student: Student, rng: np.random.Generator) -> None:
    edges = np.array([300.0, 400.0, 600.0])
    f = np.array([0.0, 100.0, 299.0, 601.0, 1000.0, 8000.0])
    expect_close(student.call("mel_triangles", f, edges), np.zeros((1, 6)), atol=1e-9, row="band", axis="frequency")


@check(task="mel_triangles", label="straight sides, steep where edges are close and flat where they are far")
def straight_sides(student: Student, rng: np.random.Generator) -> None:
    edges, f = rising_edges(rng, 10), np.linspace(0, 9000, 1024)
    expected = np.stack([np.interp(f, edges[b : b + 3], [0, 1, 0], left=0, right=0) for b in range(10)])
    expect_close(student.call("mel_triangles", f, edges), expected, atol=1e-6, row="band", axis="frequency")


@check(task="mel_triangles", label="frequencies that are whole numbers have heights between 0 and 1 all the same")
def whole_frequencies(student: Student, rng: np.random.Generator) -> None:
    top = int(rng.integers(300, 600))
    edges, f = np.array([top - 200, top, top + 400]), np.arange(top - 150, top + 400, 50)
    expected = np.interp(f, edges, [0, 1, 0])[None, :]
    expect_close(student.call("mel_triangles", f, edges), expected, atol=1e-6, row="band", axis="frequency")


@check(task="mel_triangles", label="between the first and the last top, the triangles add up to 1")
def adds_up(student: Student, rng: np.random.Generator) -> None:
    edges = rising_edges(rng, 10)
    f = np.linspace(edges[1], edges[-2], 300)
    got = np.asarray(student.call("mel_triangles", f, edges), dtype=np.float64)
    expect_close(got.sum(axis=0), np.ones(300), atol=1e-6, axis="frequency")


# 1c.2 cepstrum ------------------------------------------------------------------------------------------------------


@check(task="cepstrum", label="n rows, one column for each frame")
def rows_and_columns(student: Student, rng: np.random.Generator) -> None:
    got = student.call("cepstrum", rng.normal(-40, 10, (40, 7)), n=13)
    if not isinstance(got, np.ndarray) or got.shape != (13, 7):
        found = f"shape {got.shape}" if isinstance(got, np.ndarray) else kind_of(got)
        raise Mismatch(message=f"From 40 bands, 7 frames and n = 13 you return {found}; shape (13, 7) is right.")


@check(task="cepstrum", label="a flat spectrum has a C[0] of √B times its level, and nothing else")
def flat(student: Student, rng: np.random.Generator) -> None:
    bands, level = int(rng.integers(20, 60)), float(rng.uniform(-60, -20))
    expected = np.zeros((5, 3))
    expected[0] = np.sqrt(bands) * level
    expect_close(
        student.call("cepstrum", np.full((bands, 3), level), n=5),
        expected,
        atol=1e-3,
        row="coefficient",
        axis="frame",
        unit="dB",
    )


@check(task="cepstrum", label="a spectrum that is one of the cosines has one coefficient")
def one_cosine(student: Student, rng: np.random.Generator) -> None:
    bands, i = 40, int(rng.integers(1, 12))
    wave = 10 * np.cos(np.pi * i * (np.arange(bands) + 0.5) / bands)
    expected = np.zeros((13, 1))
    expected[i] = 10 * np.sqrt(bands / 2)
    expect_close(
        student.call("cepstrum", wave[:, None], n=13), expected, atol=1e-3, row="coefficient", axis="frame", unit="dB"
    )


@check(task="cepstrum", label="each frame is transformed by itself")
def frames_apart(student: Student, rng: np.random.Generator) -> None:
    levels = rng.normal(-40, 10, (30, 8))
    expected = scipy.fft.dct(levels, type=2, axis=0, norm="ortho")[:10]
    expect_close(
        student.call("cepstrum", levels, n=10), expected, atol=1e-3, row="coefficient", axis="frame", unit="dB"
    )


@check(task="cepstrum", label="with n = B the energy of each frame stays what it was")
def energy_stays(student: Student, rng: np.random.Generator) -> None:
    levels = rng.normal(-40, 10, (24, 5))
    got = np.asarray(student.call("cepstrum", levels, n=24), dtype=np.float64)
    expect_close(np.sum(got**2, axis=0), np.sum(levels**2, axis=0), rtol=1e-5, axis="frame")


# 1c.3 spectral_rolloff ----------------------------------------------------------------------------------------------


def counted(magnitude: np.ndarray, frequencies: np.ndarray, share: float, of: str) -> np.ndarray:
    """Row by row, for each frame."""
    weights = magnitude.astype(np.float64) ** (2 if of == "energy" else 1)
    found = []
    for column in weights.T:
        total, running, at = column.sum(), 0.0, 0.0
        for value, hz in zip(column, frequencies, strict=True):
            running += value
            if total > 0 and running >= share * total:
                at = float(hz)
                break
        found.append(at)
    return np.array(found)


def spectra(rng: np.random.Generator, rows: int = 60, frames: int = 8) -> np.ndarray:
    """Random magnitudes that fall towards high frequencies, at different levels."""
    fall = np.exp(-np.arange(rows)[:, None] / rng.uniform(5, 40, frames))
    return rng.uniform(0.2, 1, (rows, frames)) * fall * 10 ** rng.uniform(-2, 1, frames)


FREQUENCIES = np.arange(60) * 16_000 / 1024  # 15.625 Hz apart: hardly one is a whole number


@check(task="spectral_rolloff", label="a small case by hand: 3, 1, 1, 1 and a share of 70 %")
def by_hand(student: Student, rng: np.random.Generator) -> None:
    magnitude, f = np.array([[3.0], [1.0], [1.0], [1.0]]), np.array([100.0, 200.0, 400.0, 800.0])
    for of, hz in (("magnitude", 400.0), ("energy", 100.0)):
        expect_close(
            student.call("spectral_rolloff", magnitude, f, share=0.7, of=of), [hz], atol=1e-6, axis="frame", unit="Hz"
        )


@check(task="spectral_rolloff", label="of the magnitude, in every frame by itself")
def of_magnitude(student: Student, rng: np.random.Generator) -> None:
    magnitude, share = spectra(rng), float(rng.uniform(0.6, 0.95))
    magnitude[:-2, 2] = 0  # a frame with nothing but the highest frequencies,
    magnitude[:-1, 5] = 0  # and one with the very highest only
    got = student.call("spectral_rolloff", magnitude, FREQUENCIES, share=share, of="magnitude")
    expect_close(got, counted(magnitude, FREQUENCIES, share, "magnitude"), atol=1e-6, axis="frame", unit="Hz")


@check(task="spectral_rolloff", label="of the energy: squares count, so strong parts count more")
def of_energy(student: Student, rng: np.random.Generator) -> None:
    magnitude, share = spectra(rng), float(rng.uniform(0.6, 0.95))
    got = student.call("spectral_rolloff", magnitude, FREQUENCIES, share=share, of="energy")
    expect_close(got, counted(magnitude, FREQUENCIES, share, "energy"), atol=1e-6, axis="frame", unit="Hz")


@check(task="spectral_rolloff", label="a share that is reached exactly is reached")
def exactly_reached(student: Student, rng: np.random.Generator) -> None:
    magnitude, f = np.ones((8, 2)), np.arange(8) * 100.0 + 50
    for share, hz in ((0.5, 350.0), (0.75, 550.0)):
        got = student.call("spectral_rolloff", magnitude, f, share=share, of="magnitude")
        expect_close(got, np.full(2, hz), atol=1e-6, axis="frame", unit="Hz")


@check(task="spectral_rolloff", label="a frame of silence gives 0, and its neighbours are not disturbed")
def silent_frame(student: Student, rng: np.random.Generator) -> None:
    magnitude, f = spectra(rng), FREQUENCIES + 40.0  # 0 Hz is not among the frequencies
    magnitude[:, [0, 4]] = 0
    magnitude[:, 6] *= 1e-5  # soft is not silent
    for of in ("magnitude", "energy"):
        got = student.call("spectral_rolloff", magnitude, f, share=0.85, of=of)
        expect_close(got, counted(magnitude, f, 0.85, of), atol=1e-6, axis="frame", unit="Hz")
