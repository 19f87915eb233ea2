"""Cards of the published data sets, from ``cards.toml``: licence, citation, size, origin and known faults."""

from pathlib import Path

from pydantic.dataclasses import dataclass

from audiocourse.require import require_choice
from audiocourse.sounds.data_files import STRICT, read_toml


@dataclass(frozen=True, config=STRICT)
class Archive:
    """An archive of a data set.

    makes ∈ unpacked archive

    Parameters
    ----------
    name : str
        What to ask for.
    url : str
        Where it is.
    folder : str
        The folder that is there when it is unpacked, from the folder it was downloaded to.
    size : int
        Bytes to download; rounded to a million where nobody states them.
    checksum : str, optional
        ``sha256:…`` or ``md5:…`` as published; None if there is none.
    wrapped : bool
        Whether the archive has that folder; otherwise its files are put into it.
    """

    name: str
    url: str
    folder: str
    size: int
    checksum: str | None = None
    wrapped: bool = True


@dataclass(frozen=True, config=STRICT)
class Card:
    """What to know about a data set before using it.

    size = Σ size of the parts

    Parameters
    ----------
    name, title : str
        What `load` calls it, and what its authors call it.
    use : str
        What it is for.
    licence : str
        Under which it is published.
    home : str
        The publisher's page.
    citation : str
        BibTeX.
    root : str
        What the folder for `load` holds.
    splits : str
        Where the splits come from.
    faults : str
        What is known to be wrong with it.
    parts : tuple of Archive
        What can be downloaded; empty if one has to register.
    registration : str
        Where to register, if one has to.
    """

    name: str
    title: str
    use: str
    licence: str
    home: str
    citation: str
    root: str
    splits: str
    faults: str
    parts: tuple[Archive, ...] = ()
    registration: str = ""

    @property
    def size(self) -> int | None:
        """Bytes of all archives together; None if one has to register to learn it."""
        return sum(part.size for part in self.parts) or None


@dataclass(frozen=True, config=STRICT)
class _Cards:
    card: tuple[Card, ...]


CARDS = {card.name: card for card in read_toml(Path(__file__).with_name("cards.toml"), _Cards).card}


def card(name: str) -> Card:
    """Look up what to know about a data set.

    Parameters
    ----------
    name : str
        One of `CARDS`.

    Returns
    -------
    Card
        Its card.

    Raises
    ------
    AudioCourseError
        If there is no such data set.

    Examples
    --------
    >>> card("fsdd").licence
    'CC BY-SA 4.0'
    """
    return CARDS[require_choice("data set", name, CARDS)]
