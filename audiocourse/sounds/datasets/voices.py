"""Readers of RAVDESS and VoxCeleb1: sets labelled with emotion and speaker."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from re import compile as pattern

from audiocourse.errors import AudioCourseError
from audiocourse.files import visible
from audiocourse.sounds.datasets.item import Item
from audiocourse.sounds.datasets.reading import lines, require_listed, right_root, rows

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
STATEMENTS = ("Kids are talking by the door", "Dogs are sitting by the door")
VOXCELEB_SIGNS = ("iden_split.txt", "veri_test.txt", "wav/id1*")

_MODALITIES = ("audio and video", "video", "audio")
_CHANNELS = ("speech", "song")
_INTENSITIES = ("normal", "strong")
_CODES = pattern(r"(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)")
_TAKES = {"01-01", "01-02", "02-01", "02-02"}  # statement and repetition
_VALIDATION_ACTORS = (21, 22)
_TEST_ACTORS = (23, 24)
_IDENTIFICATION = {"1": "train", "2": "validation", "3": "test"}


def ravdess(root: Path, split: str) -> Iterator[Item]:
    """Read the actors of RAVDESS, from the folder of the speech or of the songs.

    Items have label (the emotion), text, speaker (the actor's folder) and gender; the other codes of the name are
    details. A missing take is refused: each emotion has two statements, each spoken twice.
    """
    for folder in visible(root, "Actor_*"):
        names = [path.stem for path in visible(folder, "*.wav")]
        for setting, group in groupby(names, key=lambda name: name[:11]):
            takes = [_ravdess_item(folder / f"{name}.wav") for name in group]
            for missing in sorted(_TAKES - {item.id[12:17] for item in takes}):
                name = f"{setting}-{missing}-{folder.name[-2:]}.wav"
                require_listed(folder / name, f"{takes[0].path.name} beside it")
            yield from (item for item in takes if split in ("all", item.split))


@dataclass(frozen=True)
class Pair:
    """Two recordings to compare.

    Parameters
    ----------
    same : bool
        Whether their speakers are the same.
    first, second : Item
        The recordings.
    """

    same: bool
    first: Item
    second: Item


def voxceleb(root: Path, split: str) -> Iterator[Item]:
    """Read the speakers of VoxCeleb1, from the folder with wav and the lists.

    train, validation and test (identification) share their speakers; verification-train and verification-test do not.
    Items have speaker, video as recording, and gender and nationality if vox1_meta.csv exists.
    """
    people = _voxceleb_people(root / "vox1_meta.csv")
    verification = split.startswith("verification-")
    tested = set()
    if verification:
        tested = {path.split("/")[0] for row in lines(root / "veri_test.txt", 3) for path in row[1:]}
    for number, path in lines(root / "iden_split.txt", 2):
        path = path.strip()
        if number not in _IDENTIFICATION:
            raise AudioCourseError(f"{root / 'iden_split.txt'} has part {number!r}, not 1, 2 or 3: download it again.")
        here = _IDENTIFICATION[number]
        if verification:
            here = "verification-test" if path.split("/")[0] in tested else "verification-train"
        if split in ("all", here):
            yield _voxceleb_item(root, path, here, people, "iden_split.txt")


def verification_pairs(root: str | Path) -> Iterator[Pair]:
    """Read the official pairs of VoxCeleb1, one at a time: 37,720 of 40 speakers who are not in verification-train.

    Half of the pairs have the same speaker.

    Parameters
    ----------
    root : str or Path
        The folder with wav and veri_test.txt.

    Yields
    ------
    Pair
        Whether the speaker is the same, and two items.

    Raises
    ------
    AudioCourseError
        If the folder is another one, or the list or a file is missing or unreadable.
    """
    root = right_root("VoxCeleb1", root, VOXCELEB_SIGNS, "wav/id10001/VIDEO/00001.wav and veri_test.txt")
    people = _voxceleb_people(root / "vox1_meta.csv")
    for same, *paths in lines(root / "veri_test.txt", 3):
        if same not in ("0", "1"):
            raise AudioCourseError(
                f"{root / 'veri_test.txt'} begins a line with {same!r}, not 0 or 1: download it again."
            )
        first, second = (
            _voxceleb_item(root, path.strip(), "verification-test", people, "veri_test.txt") for path in paths
        )
        yield Pair(same == "1", first, second)


def _ravdess_item(path: Path) -> Item:
    """Read the seven codes of a name: modality, channel, emotion, intensity, statement, repetition, actor."""
    match = _CODES.fullmatch(path.stem)
    codes = [int(code) - 1 for code in match.groups()] if match else [-1]
    limits = (len(_MODALITIES), len(_CHANNELS), len(EMOTIONS), len(_INTENSITIES), len(STATEMENTS), 2, 24)
    if match is None or not all(0 <= code < limit for code, limit in zip(codes, limits, strict=True)):
        raise AudioCourseError(f"{path} is not named as RAVDESS names files (03-01-06-01-02-01-12.wav): take it out.")
    modality, channel, emotion, intensity, statement, repetition, actor = codes
    number = actor + 1
    return Item(
        id=path.stem,
        path=path,
        split="test" if number in _TEST_ACTORS else "validation" if number in _VALIDATION_ACTORS else "train",
        text=STATEMENTS[statement],
        label=EMOTIONS[emotion],
        speaker=f"Actor_{number:02}",
        gender="male" if number % 2 else "female",
        language="en",
        details={
            "modality": _MODALITIES[modality],
            "channel": _CHANNELS[channel],
            "intensity": _INTENSITIES[intensity],
            "statement": str(statement + 1),
            "repetition": str(repetition + 1),
        },
    )


def _voxceleb_item(root: Path, path: str, split: str, people: dict[str, dict[str, str]], lister: str) -> Item:
    """Return the item of a path such as id10001/1zcIwhmdeo4/00001.wav."""
    parts = path.split("/")
    if len(parts) != 3:
        raise AudioCourseError(f"{root / lister} names {path!r}, not speaker/video/number.wav: download it again.")
    speaker, video, _ = parts
    person = people.get(speaker, {})
    return Item(
        id=path.removesuffix(".wav"),
        path=require_listed(root / "wav" / path, lister),
        split=split,
        speaker=speaker,
        gender={"m": "male", "f": "female"}.get(person.get("Gender", "")),
        recording=video,
        details={"nationality": person["Nationality"]} if person else {},
    )


def _voxceleb_people(path: Path) -> dict[str, dict[str, str]]:
    """Read gender and nationality of each speaker, if the table exists."""
    if not path.is_file():
        return {}
    columns = ("VoxCeleb1 ID", "Gender", "Nationality")
    return {row["VoxCeleb1 ID"]: row for row in rows(path, columns, delimiter="\t", quoted=False)}
