"""One door to all data sets: a folder in the published layout becomes a stream of typed items."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_choice
from audiocourse.sounds.datasets import events, music, speech, voices
from audiocourse.sounds.datasets.cards import Card, card
from audiocourse.sounds.datasets.item import Item
from audiocourse.sounds.datasets.reading import right_root


@dataclass(frozen=True)
class Layout:
    """The layout of a data set on disk.

    Parameters
    ----------
    items : callable
        Reads the items of a split, one at a time.
    signs : tuple of str
        Patterns of which a right folder has one.
    splits : tuple of str
        The published ones; ``all`` always exists.
    held_out : str
        What can be held out for testing instead: fold, speaker, or nothing.
    """

    items: Callable[[Path, str], Iterator[Item]]
    signs: tuple[str, ...]
    splits: tuple[str, ...] = ()
    held_out: str = ""


_THREE = ("train", "validation", "test")
LAYOUTS = {
    "librispeech": Layout(speech.librispeech, ("SPEAKERS.TXT", *speech.LIBRISPEECH_SPLITS), speech.LIBRISPEECH_SPLITS),
    "common_voice": Layout(
        speech.common_voice, ("train.tsv", "test.tsv", "validated.tsv", "clips"), speech.COMMON_VOICE_SPLITS
    ),
    "ljspeech": Layout(speech.ljspeech, ("metadata.csv", "wavs"), _THREE),
    "fsdd": Layout(speech.fsdd, ("recordings/?_*_*.wav",), ("train", "test"), "speaker"),
    "ravdess": Layout(voices.ravdess, ("Actor_*",), _THREE, "speaker"),
    "voxceleb1": Layout(voices.voxceleb, voices.VOXCELEB_SIGNS, (*_THREE, "verification-train", "verification-test")),
    "urbansound8k": Layout(events.urbansound8k, ("metadata/UrbanSound8K.csv", "audio/fold*"), held_out="fold"),
    "esc50": Layout(events.esc50, ("meta/esc50.csv",), held_out="fold"),
    "esc10": Layout(events.esc10, ("meta/esc50.csv", *events.ESC10_FOLDERS), held_out="fold"),
    "gtzan": Layout(music.gtzan, tuple(f"{genre}/{genre}.*" for genre in music.GENRES), _THREE),
    "saraga_carnatic": Layout(music.saraga, ("* by */*/*.mp3.mp3", "* by */*/*.json")),
    "saraga_hindustani": Layout(music.saraga, ("* by */*/*.mp3.mp3", "* by */*/*.json")),
}


@dataclass(frozen=True)
class Dataset:
    """A split of a data set: iterate over it as often as you like, one item at a time is in memory.

    Parameters
    ----------
    card : Card
        Its card.
    root : Path
        The folder.
    split : str
        The split.
    held_out : str, optional
        The fold or the speaker that makes up the test split.
    """

    card: Card
    root: Path
    split: str
    held_out: str | None = None

    def __iter__(self) -> Iterator[Item]:
        empty = True
        for item in self._items():
            empty = False
            yield item
        if empty:
            raise AudioCourseError(
                f"{self.root} holds nothing of the split {self.split} of {self.card.title}: this copy is incomplete."
            )

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        """Count the items, which takes as long as reading the lists."""
        return sum(1 for _ in self)

    def _items(self) -> Iterator[Item]:
        """Read the items, divided anew if something is held out."""
        layout = LAYOUTS[self.card.name]
        if self.held_out is None:
            yield from layout.items(self.root, self.split)
            return
        for item in layout.items(self.root, "all"):
            here = "test" if str(getattr(item, layout.held_out)) == self.held_out else "train"
            if self.split in ("all", here):
                yield replace(item, split=here)


def load(name: str, root: str | Path, *, split: str = "all", held_out: int | str | None = None) -> Dataset:
    """Open a data set in its published layout.

    Parameters
    ----------
    name : str
        One of `CARDS`.
    root : str or Path
        Its folder, as `download` or `stand_in` returns it; `card(name).root` says what it holds.
    split : str
        One of its own splits, or ``all``. The card says where they come from.
    held_out : int or str, optional
        For data sets with folds: the fold to test on; train is the others. For RAVDESS and FSDD: the speaker to test on
        (``Actor_12``, ``theo``), instead of their own splits.

    Returns
    -------
    Dataset
        Items to iterate over. Its length is counted when asked for.

    Raises
    ------
    AudioCourseError
        If there is no such data set, split, fold or speaker, or the folder is another one. While iterating: if a file
        is missing, or a table cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from audiocourse.sounds.datasets.stand_ins import stand_in
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     digits = load("fsdd", stand_in("fsdd", folder, seed=1), split="test")
    ...     print(len(digits), next(iter(digits)).label)
    100 0
    """
    about = card(name)
    layout = LAYOUTS[name]
    folder = right_root(about.title, root, layout.signs, about.root)
    splits = tuple(dict.fromkeys(("all", *layout.splits, *(("train", "test") if layout.held_out else ()))))
    require_choice(f"split of {about.title}", split, splits if held_out is None else ("all", "train", "test"))
    if held_out is None and split not in ("all", *layout.splits):
        raise AudioCourseError(
            f"{about.title} has folds and no fixed test: say which {layout.held_out} to test on, such as held_out=1."
        )
    if held_out is not None:
        _require_held_out(about, layout, folder, str(held_out))
    return Dataset(about, folder, split, None if held_out is None else str(held_out))


def _require_held_out(about: Card, layout: Layout, folder: Path, held_out: str) -> None:
    """Refuse a fold or speaker that does not exist."""
    if not layout.held_out:
        raise AudioCourseError(f"{about.title} has splits of its own: leave out held_out, and choose a split.")
    values = {str(getattr(item, layout.held_out)) for item in layout.items(folder, "all")}
    names = sorted(values, key=lambda value: (len(value), value))
    require_choice(f"{layout.held_out} in {folder}", held_out, names)
