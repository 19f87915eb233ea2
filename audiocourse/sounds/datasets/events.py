"""Readers of UrbanSound8K, ESC-50 and ESC-10: sets of sound events."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from re import compile as pattern

from audiocourse.errors import AudioCourseError
from audiocourse.files import visible
from audiocourse.sounds.datasets.item import Item
from audiocourse.sounds.datasets.reading import number_in, require_listed, rows

URBANSOUND_CLASSES = (
    "air_conditioner",
    "car_horn",
    "children_playing",
    "dog_bark",
    "drilling",
    "engine_idling",
    "gun_shot",
    "jackhammer",
    "siren",
    "street_music",
)
ESC10_FOLDERS = {  # of the older ESC-10, with the names that the classes have in ESC-50
    "001 - Dog bark": "dog",
    "002 - Rain": "rain",
    "003 - Sea waves": "sea_waves",
    "004 - Baby cry": "crying_baby",
    "005 - Clock tick": "clock_tick",
    "006 - Person sneeze": "sneezing",
    "007 - Helicopter": "helicopter",
    "008 - Chainsaw": "chainsaw",
    "009 - Rooster": "rooster",
    "010 - Fire crackling": "crackling_fire",
}

_URBANSOUND_COLUMNS = ("slice_file_name", "fsID", "start", "end", "salience", "fold", "classID", "class")
_ESC_COLUMNS = ("filename", "fold", "target", "category", "esc10", "src_file", "take")
_ESC10_CLIP = pattern(r"([1-5])-(\d+)-([A-Z])")


def urbansound8k(root: Path, _split: str) -> Iterator[Item]:
    """Read the cuts of UrbanSound8K, in the order of its table; its folds have no split.

    Items have label, fold, recording (the number at Freesound), start and end in it, and salience as a detail.
    """
    table = root / "metadata" / "UrbanSound8K.csv"
    for row in rows(table, _URBANSOUND_COLUMNS, delimiter=","):
        name = row["slice_file_name"]
        fold = int(number_in(row, "fold", table))
        yield Item(
            id=name.removesuffix(".wav"),
            path=require_listed(root / "audio" / f"fold{fold}" / name, table.name),
            fold=fold,
            label=row["class"],
            recording=row["fsID"],
            start=number_in(row, "start", table),
            end=number_in(row, "end", table),
            details={"salience": {"1": "foreground", "2": "background"}.get(row["salience"], row["salience"])},
        )


def esc50(root: Path, _split: str) -> Iterator[Item]:
    """Read the clips of ESC-50, in the order of its table, from the folder of the repository; its folds have no split.

    Items have label, fold, recording (the number at Freesound), and esc10 (True or False), target and take as details.
    """
    table = root / "meta" / "esc50.csv"
    for row in rows(table, _ESC_COLUMNS, delimiter=","):
        yield Item(
            id=Path(row["filename"]).stem,
            path=require_listed(root / "audio" / row["filename"], table.name),
            fold=int(number_in(row, "fold", table)),
            label=row["category"],
            recording=row["src_file"],
            details={key: row[key] for key in ("esc10", "target", "take")},
        )


def esc10(root: Path, _split: str) -> Iterator[Item]:
    """Read the ten easiest classes of ESC-50, or the older ESC-10 with a folder for each class, in Ogg Vorbis.

    Items are as those of ESC-50, with the same labels. Of the older one, folds with classes of unequal size are
    refused.
    """
    if (root / "meta" / "esc50.csv").is_file():
        yield from (item for item in esc50(root, _split) if item.details["esc10"] == "True")
        return
    sizes: Counter[tuple[str, int]] = Counter()
    for folder, label in ESC10_FOLDERS.items():
        for path in visible(root / folder, "*.ogg"):
            match = _ESC10_CLIP.fullmatch(path.stem)
            if match is None:
                raise AudioCourseError(f"{path} is not named fold-clip-take.ogg: take it out of the folder.")
            fold = int(match[1])
            sizes[label, fold] += 1
            yield Item(id=path.stem, path=path, fold=fold, label=label, recording=match[2], details={"take": match[3]})
    _require_equal_classes(root, sizes)


def _require_equal_classes(root: Path, sizes: Counter[tuple[str, int]]) -> None:
    """Refuse folds in which one class has fewer clips than another: without a table, only this shows a missing file."""
    for fold in sorted({fold for _, fold in sizes}):
        counts = {label: sizes[label, fold] for label in ESC10_FOLDERS.values()}
        fewest = min(counts, key=lambda label: counts[label])
        if counts[fewest] < max(counts.values()):
            raise AudioCourseError(
                f"{root} has {counts[fewest]} clips of {fewest} in fold {fold} and {max(counts.values())} of another "
                "class, so some are missing: unpack or download it again."
            )
