"""Readers of LibriSpeech, Common Voice, LJ Speech and FSDD: sets labelled with their text."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from re import compile as pattern

from audiocourse.errors import AudioCourseError
from audiocourse.files import visible
from audiocourse.sounds.datasets.item import Item
from audiocourse.sounds.datasets.reading import lines, require_listed, rows

LIBRISPEECH_SPLITS = (
    "train-clean-100",
    "train-clean-360",
    "train-other-500",
    "dev-clean",
    "dev-other",
    "test-clean",
    "test-other",
)
COMMON_VOICE_SPLITS = ("train", "dev", "test", "validated", "invalidated", "other")

_DISJOINT = COMMON_VOICE_SPLITS[:3]
_LJ_TEST = ("LJ001", "LJ002")
_LJ_VALIDATION = ("LJ003",)
_FSDD_TEST = 5  # index 0 to 4
_FSDD_NAME = pattern(r"([0-9])_([^_]+)_([0-9]+)")


def librispeech(root: Path, split: str) -> Iterator[Item]:
    """Read the sentences of one folder of LibriSpeech, or of all that exist.

    Items have text (upper case, without punctuation), speaker, chapter, and gender if SPEAKERS.TXT exists.
    """
    there = [name for name in LIBRISPEECH_SPLITS if (root / name).is_dir()]
    if split != "all" and split not in there:
        raise AudioCourseError(
            f"{root} does not hold {split}, only {', '.join(there) or 'nothing'}: download('librispeech', folder, "
            f"part='{split}') brings it."
        )
    genders = _librispeech_genders(root / "SPEAKERS.TXT")
    for name in there if split == "all" else (split,):
        for transcript in visible(root / name, "*/*/*.trans.txt"):
            yield from _chapter(transcript, name, genders)


def common_voice(root: Path, split: str) -> Iterator[Item]:
    """Read the sentences of one table of Common Voice, from the folder of one language; all is train, dev and test.

    Items have text, speaker (a code), language, gender where given, and age, accents and votes as details.
    """
    for name in _DISJOINT if split == "all" else (split,):
        table = root / f"{name}.tsv"
        for row in rows(table, ("client_id", "path", "sentence"), delimiter="\t", quoted=False):
            clip = row["path"] if Path(row["path"]).suffix else f"{row['path']}.mp3"  # early versions leave it out
            yield Item(
                id=Path(clip).stem,
                path=require_listed(root / "clips" / clip, table.name),
                split=name,
                text=row["sentence"],
                speaker=row["client_id"],
                gender=row.get("gender", "").lower() or None,
                language=row.get("locale") or root.name,
                details={key: row[key] for key in ("age", "accents", "up_votes", "down_votes") if row.get(key)},
            )


def ljspeech(root: Path, split: str) -> Iterator[Item]:
    """Read the sentences of LJ Speech, from the folder LJSpeech-1.1.

    Items have text (numbers and abbreviations spelt out), the printed text as a detail, and chapter.
    """
    table = root / "metadata.csv"
    for name, printed, spelt in lines(table, 3, separator="|"):
        chapter = name.partition("-")[0]
        here = "test" if chapter in _LJ_TEST else "validation" if chapter in _LJ_VALIDATION else "train"
        if split in ("all", here):
            yield Item(
                id=name,
                path=require_listed(root / "wavs" / f"{name}.wav", table.name),
                split=here,
                text=spelt,
                speaker="LJ",
                gender="female",
                language="en",
                recording=chapter,
                details={"printed": printed},
            )


def fsdd(root: Path, split: str) -> Iterator[Item]:
    """Read the digits of FSDD, from the folder of the repository.

    Items have label (the digit), speaker and split. The takes of a speaker must be numbered from 0 on.
    """
    names = [path.stem for path in visible(root / "recordings", "*.wav")]
    for (digit, speaker), takes in groupby(map(_fsdd_name, names), key=lambda name: name[:2]):
        indices = sorted(index for _, _, index in takes)
        for expected, index in enumerate(indices):
            require_listed(root / "recordings" / f"{digit}_{speaker}_{expected}.wav", f"take {indices[-1]}")
            here = "test" if index < _FSDD_TEST else "train"
            if split in ("all", here):
                name = f"{digit}_{speaker}_{index}"
                path = root / "recordings" / f"{name}.wav"
                yield Item(id=name, path=path, split=here, label=digit, speaker=speaker, language="en")


def _chapter(transcript: Path, split: str, genders: dict[str, str]) -> Iterator[Item]:
    """Read the sentences of a chapter, and refuse sound without a sentence."""
    speaker, chapter = transcript.name.split(".")[0].split("-")
    transcribed = set()
    for name, text in lines(transcript, 2):
        transcribed.add(name)
        yield Item(
            id=name,
            path=require_listed(transcript.with_name(f"{name}.flac"), transcript.name),
            split=split,
            text=text.strip(),
            speaker=speaker,
            gender=genders.get(speaker),
            language="en",
            recording=f"{speaker}-{chapter}",
        )
    silent = sorted({path.stem for path in visible(transcript.parent, "*.flac")} - transcribed)
    if silent:
        raise AudioCourseError(f"{transcript} has no sentence for {silent[0]}: unpack or download it again.")


def _librispeech_genders(path: Path) -> dict[str, str]:
    """Read the column SEX of SPEAKERS.TXT, if it exists: comments begin with a semicolon."""
    if not path.is_file():
        return {}
    words = {"F": "female", "M": "male"}
    table = (line for line in lines(path, 1) if not line[0].startswith(";"))
    fields = ([field.strip() for field in line.split("|", 2)] for (line,) in table)
    return {speaker: words[sex] for speaker, sex, *_ in fields if sex in words}


def _fsdd_name(name: str) -> tuple[str, str, int]:
    """Split a name into digit, speaker and index."""
    match = _FSDD_NAME.fullmatch(name)
    if match is None:
        raise AudioCourseError(f"{name}.wav is not named digit_speaker_index.wav: take it out of the folder.")
    return match[1], match[2], int(match[3])
