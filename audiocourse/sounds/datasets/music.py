"""Readers of GTZAN and Saraga: sets of music, and the annotations of Saraga."""

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.files import visible
from audiocourse.intervals import Interval
from audiocourse.signal import FloatArray, read
from audiocourse.sounds.datasets.item import Item
from audiocourse.sounds.datasets.reading import lines, require_listed

GENRES = ("blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock")
GTZAN_LISTS = {"train": "train_filtered.txt", "validation": "valid_filtered.txt", "test": "test_filtered.txt"}

_FAULT_FILTERED = {  # Kereliuk, Sturm and Larsen (2015); numbers from first to last, genres in the order above
    "train": (
        "29-49 73-97",
        "30-33 43-48 50-67 80-99",
        "19-26 28-29 65-99",
        "5 15-20 22-37 39-45 47 49 53-54 56-57 59 61 70 73-74 89",
        "2-25 28-29 31-38 41-42 55-61 77-80",
        "0-1 11-24 41 47-72",
        "2-3 5 21 24 35 46-57 59-66 69 71-72 79-80 84 86 89-99",
        "2-9 11-12 16-20 23-29 31-36 38-42 44 46 49-50 80 97-99",
        "0-2 4 6 9 11-12 14-32 42-45 49-51 54-60 63 69",
        "0-9 16-26 57-70 91-99",
    ),
    "validation": (
        "0-11 50-60",
        "0-10 68-76",
        "0-7 9-18 27 41-42 45 49",
        "0 2-4 6-14 46 48 52 67-68 72 75 90 95",
        "81-98",
        "2-10 25-32",
        "0-1 6-11 16-20 36-37 68 76-77 81-82",
        "10 53 55 58-62 81 83-86",
        "61-62 70 72 74 76-78 85 92-99",
        "38 49-56 71-85",
    ),
    "test": (
        "12-28 61-72 98-99",
        "11-29 34-41 49 77-79",
        "30-40 43-44 46-48 50-51 53-64",
        "1 21 58 62-66 69 76-88 91-94 96-97 99",
        "0 26-27 30 40 43-45 51-54 62-75 99",
        "73-99",
        "12-15 22-23 25-33 38-39 67 70 73-75 78 83 85 87-88",
        "0-1 13-14 43 63-66 69-79 82 88-96",
        "34-40 46-48 52-53 64-68 71 79 82-84 87-90",
        "10-15 27-37 39-48 86-90",
    ),
}


_DAMAGED_EVERYWHERE = {"jazz.00054"}


def gtzan(root: Path, split: str) -> Iterator[Item]:
    """Read the pieces of GTZAN, from the folder genres.

    Splits are the lists in the folder if there are any, otherwise the fault-filtered ones; all includes the pieces on
    no list. Items have label (the genre) and split. jazz.00054, damaged in every copy, is left out with a warning.
    """
    chosen = GTZAN_LISTS if split == "all" else (split,)
    splits = {name: here for here in chosen for name in _listed(root, here)}
    names = list(splits)
    if split == "all":
        there = {path.stem for genre in GENRES for path in visible(root / genre, f"{genre}.*")}
        names = sorted(there | set(splits))
    for name in names:
        if name not in _DAMAGED_EVERYWHERE or _is_readable(root, name):
            yield _piece(root, name, splits.get(name))


def saraga(root: Path, _split: str) -> Iterator[Item]:
    """Read the recordings of Saraga, from the folder of either tradition; there are no splits.

    Items have label (the first rāga), speaker (the first artist of the album), recording (the concert or release), and
    title, all rāgas, tālas and forms as details.
    """
    for folder in (path for path in visible(root, "*/*") if path.is_dir()):
        path = folder / f"{folder.name}.mp3.mp3"
        facts = _facts(folder / f"{folder.name}.json")
        ragas = _names(facts, "raaga", "raags")
        details = {
            "title": str(facts.get("title", folder.name)),
            "raga": ", ".join(ragas),
            "tala": ", ".join(_names(facts, "taala", "taals")),
            "form": ", ".join(_names(facts, "form", "forms")),
        }
        artists = _names(facts, "album_artists")
        yield Item(
            id=f"{folder.parent.name}/{folder.name}",
            path=require_listed(path, "its folder"),
            label=ragas[0] if ragas else None,
            speaker=artists[0] if artists else None,
            recording=folder.parent.name,
            details={key: value for key, value in details.items() if value},
        )


@dataclass(frozen=True, eq=False)
class Annotations:
    """The annotations of a recording of Saraga; None or empty where there are none.

    Parameters
    ----------
    tonic : float, optional
        The fundamental frequency of the drone, in Hz.
    sama : np.ndarray [shape=(cycles,)]
        When each cycle of the tāla begins, in seconds.
    sections : list of Interval
        The form: pallavi, ālāp, …
    phrases : list of Interval
        Phrases that are typical of the rāga, in sargam letters.
    """

    tonic: float | None
    sama: FloatArray
    sections: list[Interval]
    phrases: list[Interval]


def annotations(item: Item) -> Annotations:
    """Read tonic, cycles, sections and phrases of a recording of Saraga.

    Parameters
    ----------
    item : Item
        From `load("saraga_carnatic", …)` or `load("saraga_hindustani", …)`.

    Returns
    -------
    Annotations
        The annotations that exist.

    Raises
    ------
    AudioCourseError
        If a file cannot be read.
    """
    tonic = _numbers(_beside(item, "ctonic"))
    sama = _numbers(_beside(item, "sama-manual"))
    return Annotations(
        tonic=float(tonic[0, 0]) if tonic.size else None,
        sama=sama[:, 0] if sama.size and sama[0, 0] >= 0 else np.zeros(0),  # -1 stands for "none"
        sections=_spans(_beside(item, "sections-manual-p")),
        phrases=_spans(_beside(item, "mphrases-manual")),
    )


def pitch_track(item: Item) -> tuple[FloatArray, FloatArray]:
    """Read the pitch of the melody of a recording of Saraga, which was estimated automatically.

    Parameters
    ----------
    item : Item
        From `load("saraga_carnatic", …)` or `load("saraga_hindustani", …)`.

    Returns
    -------
    times : np.ndarray [shape=(frames,)]
        In seconds; empty if there is no file.
    f0 : np.ndarray [shape=(frames,)]
        In Hz, 0 where there is none.

    Raises
    ------
    AudioCourseError
        If the file cannot be read.
    """
    table = _numbers(_beside(item, "pitch"), columns=2)
    return table[:, 0], table[:, 1]


def _listed(root: Path, split: str) -> Iterator[str]:
    """Name the pieces of a split: from the list in the folder if there is one, otherwise from the built-in one."""
    own = root / GTZAN_LISTS[split]
    if own.is_file():
        yield from (Path(name.strip()).name.removesuffix(".wav").removesuffix(".au") for (name,) in lines(own, 1))
        return
    for genre, spans in zip(GENRES, _FAULT_FILTERED[split], strict=True):
        for span in spans.split():
            first, _, last = span.partition("-")
            yield from (f"{genre}.{number:05}" for number in range(int(first), int(last or first) + 1))


def _piece(root: Path, name: str, split: str | None) -> Item:
    """Return the item of a name such as blues.00029; the first publication was in AU, most copies are in WAV."""
    genre = name.partition(".")[0]
    path = root / genre / f"{name}.au"
    if not path.is_file():
        path = require_listed(root / genre / f"{name}.wav", "the list")
    return Item(id=name, path=path, split=split, label=genre)


def _is_readable(root: Path, name: str) -> bool:
    """Return whether a piece that is damaged in every known copy is readable here; warn if it is not."""
    try:
        read(_piece(root, name, None).path)
    except AudioCourseError:
        warnings.warn(f"{name} of GTZAN is left out: it is damaged or missing in every known copy.", stacklevel=3)
        return False
    return True


def _facts(path: Path) -> dict[str, Any]:
    """Read the JSON file of a recording; some have none."""
    if not path.is_file():
        return {}
    try:
        facts = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise AudioCourseError(f"{path} is not valid JSON ({error}): unpack or download it again.") from error
    return facts if isinstance(facts, dict) else {}


def _names(facts: dict[str, Any], *keys: str) -> list[str]:
    """Collect names: the two traditions call the same thing raaga and raags."""
    found = [entry["name"] for key in keys for entry in facts.get(key) or [] if entry.get("name")]
    return list(dict.fromkeys(found))


def _beside(item: Item, kind: str) -> Path:
    """Return the path of a file of annotations."""
    return item.path.with_name(item.path.name.removesuffix(".mp3.mp3") + f".{kind}.txt")


def _numbers(path: Path, *, columns: int = 1) -> FloatArray:
    """Read a table of numbers; no file, no rows."""
    if not path.is_file():
        return np.zeros((0, columns))
    try:
        table = [[float(field) for field in row[0].split()[:columns]] for row in lines(path, 1)]
        return np.array(table, dtype=np.float64).reshape(-1, columns)
    except ValueError as error:
        raise AudioCourseError(
            f"{path} is not a table of {columns} column(s) of numbers: unpack or download it again."
        ) from error


def _spans(path: Path) -> list[Interval]:
    """Read lines of start, number, duration and name, with tabs in one tradition and commas in the other."""
    if not path.is_file():
        return []
    spans = []
    for (line,) in lines(path, 1):
        try:
            start, _, seconds, *name = line.split("\t" if "\t" in line else ",", 3)
            spans.append(Interval(float(start), float(start) + float(seconds), name[0].strip() if name else ""))
        except ValueError as error:
            raise AudioCourseError(f"{path} has a line without times ({line.strip()!r}): download it again.") from error
    return spans
