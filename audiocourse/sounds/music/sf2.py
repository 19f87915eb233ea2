"""The SoundFont file: recordings of instruments, and the rules by which they are played.

The font is TimGM6mb (General MIDI: 128 instruments and 8 drum kits in 6 MB, by Tim Brechbill, GPL-2), which the wheel
of pretty_midi contains. Of the format, only what this font uses is read: instruments made of zones, one for a range of
keys, each with one recording and some of the numbers that the specification calls generators.

Source: SoundFont Technical Specification 2.04 (E-mu Systems, 2006), sections 7 (the file) and 8.1 (generators).
"""

import hashlib
import importlib.util
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray

DRUM_BANK = 128
INSTALL = "python -m pip install pretty_midi==0.2.11.post0"

_FILE = "TimGM6mb.sf2"
_SHA256 = "82475b91a76de15cb28a104707d3247ba932e228bada3f47bba63c6b31aaf7a1"
KITS = (0, 8, 16, 24, 25, 32, 40, 48)
_LAYER = 41
_KEY_RANGE = 43
_RECORDING = 53

# Numbers and defaults of section 8.1.3. Times are in timecents (1200 · log₂ of seconds), frequencies and pitches in
# cents, levels in tenths of a dB, a sustain of the shape in tenths of a percent.
_GENERATORS = {
    "loop_start_offset": (2, 0),
    "loop_end_offset": (3, 0),
    "tremor_to_pitch": (5, 0),
    "vibrato_to_pitch": (6, 0),
    "shape_to_pitch": (7, 0),
    "cutoff": (8, 13_500),
    "resonance": (9, 0),
    "tremor_to_cutoff": (10, 0),
    "shape_to_cutoff": (11, 0),
    "tremor_to_level": (13, 0),
    "tremor_delay": (21, -12_000),
    "tremor_frequency": (22, 0),
    "vibrato_delay": (23, -12_000),
    "vibrato_frequency": (24, 0),
    "shape_delay": (25, -12_000),
    "shape_attack": (26, -12_000),
    "shape_hold": (27, -12_000),
    "shape_decay": (28, -12_000),
    "shape_sustain": (29, 0),
    "shape_release": (30, -12_000),
    "level_delay": (33, -12_000),
    "level_attack": (34, -12_000),
    "level_hold": (35, -12_000),
    "level_decay": (36, -12_000),
    "level_sustain": (37, 0),
    "level_release": (38, -12_000),
    "key_to_level_decay": (40, 0),
    "attenuation": (48, 0),
    "fine_tune": (52, 0),
    "loops": (54, 0),
    "cents_a_key": (56, 100),
    "excludes": (57, 0),
    "root": (58, -1),
}

_BAG = np.dtype([("first", "<u2"), ("modulator", "<u2")])
_AMOUNT = np.dtype([("number", "<u2"), ("amount", "<i2")])
_PRESET = np.dtype([("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("rest", "S12")])
_INSTRUMENT = np.dtype([("name", "S20"), ("bag", "<u2")])
_POSITIONS = ("start", "end", "loop_start", "loop_end", "sr")
_HEADER = np.dtype(
    [
        ("name", "S20"),
        *((name, "<u4") for name in _POSITIONS),
        ("root", "u1"),
        ("correction", "i1"),
        ("link", "<u2"),
        ("type", "<u2"),
    ]
)


@dataclass(frozen=True, eq=False)
class Zone:
    """A recording, and how it is played for the keys from low to high of an instrument.

    Parameters
    ----------
    low, high : int
        The keys, as MIDI numbers.
    wave : np.ndarray [shape=(samples,)]
        The recording, float32 in [-1, 1], read-only.
    sr : int
        Its sampling rate in Hz.
    root : int
        The key at which it is played as it was recorded.
    correction : int
        Added to its pitch, in cents.
    loop : tuple of int
        The samples between which it may be repeated.
    generators : mapping of str to int
        How it is played, in the units of the specification.
    """

    low: int
    high: int
    wave: FloatArray
    sr: int
    root: int
    correction: int
    loop: tuple[int, int]
    generators: Mapping[str, int]


@cache
def zones(bank: int, program: int) -> tuple[Zone, ...]:
    """Return the zones of an instrument (bank 0) or drum kit (bank 128); zones that sound together share keys.

    Programs are counted from 0; kits are 0 (standard), 8 (room), 16 (power), 24 (electronic), 25 (TR-808), 32 (jazz),
    40 (brush) and 48 (orchestra).

    Examples
    --------
    >>> zones(0, 80)[0].generators["loops"]  # a square wave, repeated for as long as the key is held
    1
    """
    tables = _tables()
    presets = tables["phdr"]
    place = np.flatnonzero((presets["bank"][:-1] == bank) & (presets["program"][:-1] == program))
    if place.size == 0:
        kind = "drum kit" if bank == DRUM_BANK else "instrument"
        programs = "0 to 127" if bank != DRUM_BANK else ", ".join(str(kit) for kit in KITS)
        raise AudioCourseError(f"There is no {kind} with program {program!r}: choose one of {programs}.")
    layers = _bags(tables["pbag"], tables["pgen"], presets["bag"], int(place[0]))
    found = [_bags(tables["ibag"], tables["igen"], tables["inst"]["bag"], layer[_LAYER]) for layer in layers]
    return tuple(_zone(amounts, tables) for layer in found for amounts in layer)


def _zone(amounts: Mapping[int, int], tables: Mapping[str, np.ndarray]) -> Zone:
    """Build a zone from its generators and the header of its recording."""
    header = tables["shdr"][amounts[_RECORDING]]
    generators = {name: amounts.get(number, default) for name, (number, default) in _GENERATORS.items()}
    start = int(header["start"])
    end = int(header["end"])
    loop_start = int(header["loop_start"]) - start + generators["loop_start_offset"]
    loop_end = min(int(header["loop_end"]) - start + generators["loop_end_offset"], end - start)
    wave = tables["smpl"][start:end].astype(np.float32) / 32768
    wave.flags.writeable = False
    keys = amounts[_KEY_RANGE]
    root = generators["root"] if generators["root"] >= 0 else int(header["root"])
    correction = generators["fine_tune"] + int(header["correction"])
    return Zone(keys & 255, keys >> 8, wave, int(header["sr"]), root, correction, (loop_start, loop_end), generators)


def _bags(bags: np.ndarray, amounts: np.ndarray, first: np.ndarray, index: int) -> list[dict[int, int]]:
    """Return the generators of each zone of an instrument or preset."""
    edges = bags["first"][int(first[index]) : int(first[index + 1]) + 1]
    pairs = [amounts[low:high] for low, high in pairwise(edges)]
    return [dict(zip(zone["number"].tolist(), zone["amount"].tolist(), strict=True)) for zone in pairs]


@cache
def _tables() -> dict[str, np.ndarray]:
    """Read the tables of the font, and its samples."""
    data = font_path().read_bytes()
    if hashlib.sha256(data).hexdigest() != _SHA256:
        raise AudioCourseError(f"{_FILE} is not the expected file: install it with {INSTALL}.")
    parts = dict(_chunks(data, 12, len(data)))
    types: dict[str, np.dtype[Any]] = {
        "phdr": _PRESET,
        "pbag": _BAG,
        "pgen": _AMOUNT,
        "inst": _INSTRUMENT,
        "ibag": _BAG,
        "igen": _AMOUNT,
    }
    types |= {"shdr": _HEADER, "smpl": np.dtype("<i2")}
    return {name: np.frombuffer(data[slice(*parts[name])], dtype=dtype) for name, dtype in types.items()}


def _chunks(data: bytes, start: int, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Find the chunks of a RIFF file: the name of each, and where its content is; a LIST is opened."""
    while start < end:
        size = struct.unpack_from("<I", data, start + 4)[0]
        name = data[start : start + 4].decode("ascii")
        content = start + 8
        if name == "LIST":
            yield from _chunks(data, content + 4, content + size)
        else:
            yield name, (content, content + size)
        start = content + size + size % 2


def font_path() -> Path:
    """Return the path of the SoundFont in the folder of pretty_midi, without importing it."""
    package = importlib.util.find_spec("pretty_midi")
    folders = package.submodule_search_locations if package else None
    path = Path(folders[0], _FILE) if folders else None
    if path is None or not path.is_file():
        raise AudioCourseError(
            f"The SoundFont {_FILE} is missing: install pretty_midi, which brings it, with {INSTALL}."
        )
    return path
