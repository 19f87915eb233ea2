"""Cards of the published data sets, from ``cards.toml``: licence, citation, size, origin and known faults."""

from pathlib import Path

from pydantic.dataclasses import dataclass

from audiocourse.require import require_choice
from audiocourse.sounds.data_files import STRICT, read_toml


@dataclass(frozen=True, config=STRICT)
class Archive:
    """An archive of a data set.

    Parameters
    ----------
    name : str
        Its name for `download`.
    url : str
        Its address.
    folder : str
        The folder that it becomes, relative to the one it is downloaded to.
    size : int
        Bytes to download; rounded to a million where the publisher does not state them.
    checksum : str, optional
        ``sha256:…`` or ``md5:…`` as published; None if there is none.
    wrapped : bool
        Whether the archive contains that folder; otherwise its files are put into it.
    """

    name: str
    url: str
    folder: str
    size: int
    checksum: str | None = None
    wrapped: bool = True


@dataclass(frozen=True, config=STRICT)
class Card:
    """The card of a data set.

    Parameters
    ----------
    name, title : str
        Its name for `load`, and that of its authors.
    use : str
        Its purpose.
    licence : str
        Its licence.
    home : str
        The publisher's page.
    citation : str
        BibTeX.
    root : str
        The contents of the folder for `load`.
    splits : str
        Where the splits come from.
    faults : str
        Known faults.
    parts : tuple of Archive
        The downloads; empty if they require registration.
    registration : str
        Where to register, if required.
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
        """Bytes of all archives together; None if they require registration."""
        return sum(part.size for part in self.parts) or None


@dataclass(frozen=True, config=STRICT)
class _Cards:
    card: tuple[Card, ...]


CARDS = {card.name: card for card in read_toml(Path(__file__).with_name("cards.toml"), _Cards).card}


def card(name: str) -> Card:
    """Return the card of a data set, one of `CARDS`.

    Examples
    --------
    >>> card("fsdd").licence
    'CC BY-SA 4.0'
    """
    return CARDS[require_choice("data set", name, CARDS)]
