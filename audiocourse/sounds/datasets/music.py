"""Readers of GTZAN and Saraga: sets of music, and the annotations of Saraga."""

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.files import visible
from audiocourse.intervals import Interval
from audiocourse.signal import FloatArray, read
from audiocourse.sounds.data_files import read_toml
from audiocourse.sounds.datasets.item import Item
from audiocourse.sounds.datasets.reading import lines, require_listed

GENRES = ("blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock")
GTZAN_LISTS = {"train": "train_filtered.txt", "validation": "valid_filtered.txt", "test": "test_filtered.txt"}

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
    for genre, spans in _fault_filtered()[split].items():
        yield from (f"{genre}.{number:05}" for first, last in spans for number in range(first, last + 1))


@cache
def _fault_filtered() -> dict[str, dict[str, list[tuple[int, int]]]]:
    """Read the fault-filtered splits: for each genre, the first and last numbers of pieces."""
    return read_toml(Path(__file__).with_name("gtzan_filtered.toml"), dict[str, dict[str, list[tuple[int, int]]]])


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
