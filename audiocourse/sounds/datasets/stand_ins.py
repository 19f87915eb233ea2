"""Tiny synthetic data sets in the layouts of the published ones, so that code can be tried without a download.

How real are they? Folders, names, tables and lists are as published. The sound is synthetic: espeak-ng's voices, tones
and noise. A score on a stand-in shows that a program runs, and nothing else.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_seed
from audiocourse.signal import FloatArray, write
from audiocourse.sounds.acoustics.noise import noise
from audiocourse.sounds.datasets import speech, voices
from audiocourse.sounds.datasets.cards import CARDS, card
from audiocourse.sounds.datasets.events import ESC10_FOLDERS, URBANSOUND_CLASSES
from audiocourse.sounds.datasets.music import GENRES, GTZAN_LISTS
from audiocourse.sounds.music.drums import PATTERNS, drum_loop
from audiocourse.sounds.music.melody import melody
from audiocourse.sounds.music.tones import harmonic_tone
from audiocourse.sounds.speech.emotions import emotional
from audiocourse.sounds.speech.speakers import Speaker, speakers
from audiocourse.sounds.speech.texts import digit_names, sentence

NOTE = "STAND-IN.txt"

_FOLDERS = {"common_voice": "cv-corpus/en", "voxceleb1": "VoxCeleb1"}  # of the others: as the archive is unpacked
_VOTES = "\t2\t0\ttwenties\tfemale_feminine\t\ten\t\n"


def stand_in(name: str, root: str | Path, *, seed: int) -> Path:
    """Write a tiny data set in the layout of a published one.

    The same seed gives the same files on the same kind of machine.

    How real is it? The layout is that of the published set, with a handful of speakers and items. The sound is
    synthetic: see `say`, `emotional`, `drum_loop`, `melody` and `noise`. A file STAND-IN.txt says so.

    Parameters
    ----------
    name : str
        One of `CARDS`.
    root : str or Path
        Where to put the folder, which has the name of the published one; it is created if it does not exist.
    seed : int
        Seed of texts, voices and sounds.

    Returns
    -------
    Path
        The folder for `load`.

    Raises
    ------
    AudioCourseError
        If there is no such data set, or the folder exists already: nothing is overwritten.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sorted(path.name for path in stand_in("ljspeech", folder, seed=1).iterdir())
    ['STAND-IN.txt', 'metadata.csv', 'wavs']
    """
    about = card(name)
    rng = np.random.default_rng([require_seed(seed), list(CARDS).index(name)])
    folder = Path(root) / (_FOLDERS.get(name) or about.parts[0].folder.split("/")[0])
    if folder.exists():
        raise AudioCourseError(f"{folder} is there already: delete it or choose another place.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)  # of a run that was killed
    try:
        _text(aside / NOTE, f"Synthetic sound by audiocourse in the layout of {about.title}: not real data.\n")
        _GENERATORS[name](aside, rng)
        return aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _librispeech(folder: Path, rng: np.random.Generator) -> None:
    """Three parts with two speakers each, two sentences a speaker."""
    people = iter(speakers("en"))
    table = ["; ID | SEX | SUBSET | MINUTES | NAME"]
    for part in ("train-clean-100", "dev-clean", "test-clean"):
        for number in range(2):
            person = next(people)
            speaker = str(100 + len(table))
            chapter = str(9000 + number)
            sex = "F" if person.group == "high" else "M"
            table.append(f"{speaker:5}| {sex} | {part:16} | 0.10 | {person.name}")
            here = folder / part / speaker / chapter
            transcript = []
            for index in range(2):
                name = f"{speaker}-{chapter}-{index:04}"
                text = sentence(rng).normal
                _sound(here / f"{name}.flac", _say(person, text, rng, 16_000), 16_000)
                transcript.append(f"{name} {text.upper()}\n")
            _text(here / f"{speaker}-{chapter}.trans.txt", transcript)
    _text(folder / "SPEAKERS.TXT", "\n".join(table) + "\n")


def _common_voice(folder: Path, rng: np.random.Generator) -> None:
    """Six tables; validated holds train, dev and test again."""
    header = "client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccents\tlocale\tsegment\n"
    people = iter(speakers("en"))
    tables = {name: [header] for name in speech.COMMON_VOICE_SPLITS}
    for name in ("train", "dev", "test", "invalidated", "other"):
        for person in (next(people), next(people)):
            client = rng.bytes(16).hex()
            clip = f"common_voice_en_{rng.integers(10**7)}.mp3"
            text = f'"So?" {sentence(rng).text}'  # quotation marks are characters here
            _sound(folder / "clips" / clip, _say(person, text, rng, 32_000), 32_000)
            row = f"{client}\t{clip}\t{text}{_VOTES}"
            tables[name].append(row)
            tables["validated"] += [row] if name in ("train", "dev", "test") else []
    for name, table in tables.items():
        _text(folder / f"{name}.tsv", table)


def _ljspeech(folder: Path, rng: np.random.Generator) -> None:
    """Two sentences of each of five chapters, by one voice."""
    reader = next(person for person in speakers("en") if person.group == "high")
    table = []
    for chapter in range(1, 6):
        for number in (1, 2):
            name = f"LJ{chapter:03}-{number:04}"
            text = sentence(rng)
            _sound(folder / "wavs" / f"{name}.wav", _say(reader, text.text, rng, 22_050), 22_050)
            table.append(f'{name}|"{text.text}|{text.text}\n')  # an open quotation mark, as in the published table
    _text(folder / "metadata.csv", table)


def _fsdd(folder: Path, rng: np.random.Generator) -> None:
    """Six takes of each digit by two speakers."""
    for person in speakers("en")[:2]:
        for digit, word in enumerate(digit_names()):
            for index in range(6):
                path = folder / "recordings" / f"{digit}_{person.family}{person.name[-1]}_{index}.wav"
                _sound(path, _say(person, word, rng, 8_000), 8_000)


def _ravdess(folder: Path, rng: np.random.Generator) -> None:
    """Four actors in two emotions, four takes of each."""
    men = [person for person in speakers("en") if person.group == "low"]
    women = [person for person in speakers("en") if person.group == "high"]
    for actor in (1, 2, 21, 24):
        person = (men if actor % 2 else women)[actor]
        for emotion, intensity in (("neutral", 1), ("angry", 2)):
            for statement, text in enumerate(voices.STATEMENTS, start=1):
                for repetition in (1, 2):
                    codes = (3, 1, voices.EMOTIONS.index(emotion) + 1, intensity, statement, repetition, actor)
                    name = "-".join(f"{code:02}" for code in codes)
                    spoken = emotional(text, emotion, speaker=person, seed=int(rng.integers(2**31)), sr=48_000)
                    _sound(folder / f"Actor_{actor:02}" / f"{name}.wav", spoken.y, 48_000)


def _voxceleb(folder: Path, rng: np.random.Generator) -> None:
    """Three speakers for training and two of the forty that are verified, three videos each."""
    numbers = (10001, 10002, 10003, 10270, 10271)
    listed = []
    meta = ["VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\n"]
    paths: dict[int, list[str]] = {number: [] for number in numbers}
    for number, person in zip(numbers, speakers("en"), strict=False):
        meta.append(f"id{number}\tA_{number}\t{'f' if person.group == 'high' else 'm'}\tUSA\tdev\n")
        for part in (1, 2, 3):
            path = f"id{number}/{rng.bytes(5).hex()}-{part}/00001.wav"
            _sound(folder / "wav" / path, _say(person, sentence(rng).text, rng, 16_000), 16_000)
            listed.append(f"{part} {path}\n")
            paths[number].append(path)
    target = paths[10270]
    impostor = paths[10271]
    pairs = [f"1 {target[0]} {target[1]}\n", f"0 {target[0]} {impostor[0]}\n", f"1 {impostor[1]} {impostor[2]}\n"]
    for name, content in (("iden_split.txt", listed), ("veri_test.txt", pairs), ("vox1_meta.csv", meta)):
        _text(folder / name, content)


def _urbansound8k(folder: Path, rng: np.random.Generator) -> None:
    """Every class twice in each fold, from one recording."""
    table = ["slice_file_name,fsID,start,end,salience,fold,classID,class\n"]
    for fold in range(1, 11):
        for number, label in enumerate(URBANSOUND_CLASSES):
            source = fold * 1000 + number
            for cut in (0, 1):
                name = f"{source}-{number}-0-{cut}.wav"
                _sound(folder / "audio" / f"fold{fold}" / name, _event(number, 0.25, 44_100, rng), 44_100)
                table.append(f"{name},{source},{cut * 2.0},{cut * 2.0 + 0.25},{1 + cut},{fold},{number},{label}\n")
    _text(folder / "metadata" / "UrbanSound8K.csv", table)


def _esc50(folder: Path, rng: np.random.Generator) -> None:
    """The ten classes of ESC-10 and two others, two clips of one recording in each fold."""
    table = ["filename,fold,target,category,esc10,src_file,take\n"]
    for number, label in enumerate((*ESC10_FOLDERS.values(), "train", "siren")):
        for fold in range(1, 6):
            source = fold * 1000 + number
            for take in "AB":
                name = f"{fold}-{source}-{take}-{number}.wav"
                _sound(folder / "audio" / name, _event(number, 0.25, 44_100, rng), 44_100)
                table.append(f"{name},{fold},{number},{label},{number < len(ESC10_FOLDERS)},{source},{take}\n")
    _text(folder / "meta" / "esc50.csv", table)


def _gtzan(folder: Path, rng: np.random.Generator) -> None:
    """Five pieces of each genre, of which four are on the lists that come along."""
    lists: dict[str, list[str]] = {name: [] for name in GTZAN_LISTS}
    for number, genre in enumerate(GENRES):
        for piece, part in enumerate(("train", "train", "validation", "test", None)):
            name = f"{genre}.{piece:05}"
            pattern = tuple(PATTERNS)[number % len(PATTERNS)]
            loop = drum_loop(240 - 12 * number, bars=1, sr=22_050, rng=rng, pattern=pattern).y
            _sound(folder / genre / f"{name}.wav", 0.5 * loop, 22_050)
            if part is not None:
                lists[part].append(f"{genre}/{name}.wav\n")
    for part, names in lists.items():
        _text(folder / GTZAN_LISTS[part], names)


def _saraga(folder: Path, rng: np.random.Generator) -> None:
    """Two concerts by two artists, two recordings each; the last is not annotated."""
    carnatic = "carnatic" in folder.name
    raga, tala, form, tab = ("raaga", "taala", "form", "\t") if carnatic else ("raags", "taals", "forms", ",")
    for concert in ("Evening by Asha", "Morning by Ravi"):
        for title in ("First", "Second"):
            here = folder / concert / title
            tune = melody(list(50 + rng.integers(12, size=6)), beats=[1] * 6, bpm=300, sr=44_100, vibrato_cents=50)
            _sound(here / f"{title}.mp3.mp3", 0.5 * tune.y, 44_100)
            facts = {
                "title": title,
                "album_artists": [{"name": concert.split()[-1]}],
                raga: [{"name": "Śrīranjani"}],
                tala: [{"name": "Ādi"}],
                form: [{"name": "Kriti"}],
            }
            _text(here / f"{title}.json", json.dumps(facts))
            if concert.startswith("Evening"):
                _text(here / f"{title}.ctonic.txt", "146.83\n")
                _text(here / f"{title}.sama-manual.txt", "0.10\n1.10\n2.10\n")
                _text(here / f"{title}.sections-manual-p.txt", f"0.1{tab}1{tab}1.0{tab}Pallavi\n")
                _text(here / f"{title}.mphrases-manual.txt", "0.2\t0\t0.5\tSrgm\n")
                times = np.arange(0, 1, 0.01)
                track = zip(times, np.nan_to_num(tune.f0_at(times)), strict=True)
                _text(here / f"{title}.pitch.txt", (f"{time:.4f}\t{hertz:.2f}\n" for time, hertz in track))


_GENERATORS: dict[str, Callable[[Path, np.random.Generator], None]] = {
    "librispeech": _librispeech,
    "common_voice": _common_voice,
    "ljspeech": _ljspeech,
    "fsdd": _fsdd,
    "ravdess": _ravdess,
    "voxceleb1": _voxceleb,
    "urbansound8k": _urbansound8k,
    "esc50": _esc50,
    "esc10": _esc50,
    "gtzan": _gtzan,
    "saraga_carnatic": _saraga,
    "saraga_hindustani": _saraga,
}


def _say(person: Speaker, text: str, rng: np.random.Generator, sr: int) -> FloatArray:
    """Synthesise a text by a speaker, slightly differently each time."""
    return person.say(text, seed=int(rng.integers(2**31)), sr=sr).y


def _event(number: int, seconds: float, sr: int, rng: np.random.Generator) -> FloatArray:
    """Synthesise a sound of a class: a tone whose pitch identifies the class, in noise."""
    tone = harmonic_tone(200.0 + 150.0 * number, harmonics=3, seconds=seconds, sr=sr, peak=0.3)
    return tone + noise("pink", seconds=seconds, sr=sr, rng=rng, rms=0.05)


def _sound(path: Path, y: FloatArray, sr: int) -> None:
    """Write a sound file, and create its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, y, sr)


def _text(path: Path, content: str | Iterable[str]) -> None:
    """Write a text file with the same line ends on every system, and create its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(content), encoding="utf-8", newline="\n")
