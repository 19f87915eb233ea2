"""Downloads that are verified, resumed where they were interrupted, and unpacked whole or not at all.

pooch fetches an archive and compares its checksum. What it lacks, resuming, is added here: the bytes gather in a
temporary file, and the server is asked for the rest (RFC 9110, section 14). Everything happens in ``.download`` inside
the folder, and the data set appears under its name when it is complete.
"""

import re
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from logging import Logger
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_choice
from audiocourse.sounds.datasets.cards import Archive, Card, card

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_BLOCK = 1 << 16  # bytes: of a block that is cut off, nothing is kept
_TIMEOUT = 30  # seconds without a byte
_PARTIAL = 206
_OK = 200
_PAST_THE_END = 416


def download(name: str, root: str | Path, *, part: str | None = None, progress: bool = True) -> Path:
    """Download and unpack a data set.

    An interrupted run loses nothing: the next one resumes, if the server supports it. Complete parts are not downloaded
    again.

    Parameters
    ----------
    name : str
        One of `CARDS`.
    root : str or Path
        The folder to put it into; it is created if it does not exist.
    part : str, optional
        Which archive, for data sets that have several.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    Path
        The folder for `load`.

    Raises
    ------
    AudioCourseError
        If there is no such data set or part, it requires registration, the disk is too small, the server cannot be
        reached, or the download is damaged.
    """
    chosen = _choose(card(name), part)
    root = Path(root)
    if not (root / chosen.folder).is_dir():
        try:
            _bring(chosen, root, progress=progress)
        except OSError as error:
            raise AudioCourseError(
                f"{root} cannot be written to ({error.strerror or error}): choose another."
            ) from error
    return root / PurePosixPath(chosen.folder).parts[0]


def _choose(about: Card, part: str | None) -> Archive:
    """Return the archive, or refuse with the other way to get the data set."""
    if about.registration:
        raise AudioCourseError(
            f"{about.title} is given to those who register at {about.registration}: unpack it yourself into a folder "
            f"that holds {about.root}, and pass that folder to load."
        )
    parts = {archive.name: archive for archive in about.parts}
    if part is None and len(parts) > 1:
        sizes = ", ".join(f"{archive.name} ({archive.size / 1e9:.2g} GB)" for archive in about.parts)
        raise AudioCourseError(f"{about.title} comes in parts, {sizes}: name one of them as part.")
    return parts[require_choice(f"part of {about.title}", part or next(iter(parts)), parts)]


def _bring(part: Archive, root: Path, *, progress: bool) -> None:
    """Fetch an archive, unpack it aside, and move the result to its place."""
    workshop = root / ".download" / part.name
    workshop.mkdir(parents=True, exist_ok=True)
    _require_space(part, root)
    archive = fetch(part.url, workshop / part.url.rpartition("/")[2], checksum=part.checksum, progress=progress)
    aside = workshop / "unpacked"
    shutil.rmtree(aside, ignore_errors=True)  # of a run that was cut off while unpacking
    try:
        unpack(archive, aside)
    except AudioCourseError:
        archive.unlink()
        raise
    _settle(aside, part, root)
    shutil.rmtree(workshop)
    if not any(workshop.parent.iterdir()):
        workshop.parent.rmdir()


def fetch(url: str, path: Path, *, checksum: str | None, progress: bool = False) -> Path:
    """Download one file, resuming an earlier attempt.

    It grows under its name with the suffix .part, and appears at `path` when it is complete and its checksum
    (``sha256:…`` or ``md5:…``) is right; after a wrong checksum nothing is kept.
    """
    import pooch  # type: ignore[import-untyped]
    import requests

    part = path.with_name(f"{path.name}.part")

    def continued(source: str, target: str, _pooch: object) -> None:
        with _bar(progress, path.name) as shown:
            _resume(source, part, shown)
        part.replace(target)
        part.with_suffix(".etag").unlink(missing_ok=True)

    try:
        with _quiet(pooch.get_logger()):
            pooch.retrieve(url, checksum, fname=path.name, path=path.parent, downloader=continued)
    except requests.RequestException as error:
        there = part.stat().st_size if part.is_file() else 0
        raise AudioCourseError(
            f"{url} broke off or cannot be reached ({type(error).__name__}): run it again, and it goes on after the "
            f"{there} bytes that are there."
        ) from error
    except ValueError as error:  # pooch's word for a wrong checksum
        raise AudioCourseError(
            f"{url} is not what was published ({checksum}): run it again, it starts anew."
        ) from error
    return path


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip or tar archive into a new folder; refuse a damaged one, and paths outside the folder."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as packed:
                _require_inside(archive, packed.namelist())
                packed.extractall(folder)  # noqa: S202 (names were just looked at)
        else:
            with tarfile.open(archive) as packed_tar:
                packed_tar.extractall(folder, filter="data")
                while packed_tar.fileobj is not None and packed_tar.fileobj.read(_BLOCK):
                    pass  # tar stops at its last file, and gzip's own checksum comes after that
    except tarfile.FilterError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise AudioCourseError(f"{archive} wants to write outside its folder ({error}): do not trust it.") from error
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk is full, say; gzip and bz2 report damage without a number
        raise AudioCourseError(f"{archive} is damaged and was deleted: run it again.") from error


def _require_inside(archive: Path, names: list[str]) -> None:
    """Refuse names of a zip archive that are absolute or climb: zipfile itself quietly changes them."""
    for name in names:
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name):
            raise AudioCourseError(f"{archive} wants to write outside its folder ({name}): do not trust it.")


def _settle(aside: Path, part: Archive, root: Path) -> None:
    """Move the unpacked data set to its place: the files beside it first, the folder itself last."""
    target = root / part.folder
    unpacked = aside / part.folder if part.wrapped else aside
    if not unpacked.is_dir():
        raise AudioCourseError(
            f"{part.url} does not hold {part.folder}: the data set was published anew in another form."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.parent != root:  # LibriSpeech: README.TXT, SPEAKERS.TXT and others come with each part
        for path in unpacked.parent.iterdir():
            if path.is_file() and not (target.parent / path.name).exists():
                path.replace(target.parent / path.name)
    unpacked.replace(target)


def _require_space(part: Archive, root: Path) -> None:
    """Refuse a disk that cannot hold both the archive and its contents; sound hardly shrinks when packed."""
    free = shutil.disk_usage(root).free
    if free < 2 * part.size:
        raise AudioCourseError(
            f"{root} has {free / 1e9:.1f} GB free, but {part.name} needs about {2 * part.size / 1e9:.1f} GB: choose "
            "another disk."
        )


def _resume(url: str, part: Path, shown: "_Bar") -> None:
    """Request the missing bytes, and append them."""
    import requests

    etag = part.with_suffix(".etag")
    start = part.stat().st_size if part.is_file() else 0
    headers = {"Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
        if etag.is_file():
            headers["If-Range"] = etag.read_text(encoding="utf-8")  # the whole file, should it have changed
    with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT) as answer:
        if answer.status_code == _PAST_THE_END:  # nothing is left to send, or the file became shorter
            if answer.headers.get("Content-Range", "").endswith(f"/{start}"):
                return
            part.unlink()
        answer.raise_for_status()
        _remember(etag, answer.headers.get("ETag", ""))
        length = int(answer.headers.get("Content-Length", 0))
        start = start if answer.status_code == _PARTIAL else 0
        shown.begin(start, start + length if length else None)
        with part.open("ab" if start else "wb") as file:
            for block in answer.iter_content(_BLOCK):
                file.write(block)
                shown.more(len(block))
        if length and part.stat().st_size != start + length:
            raise requests.ConnectionError(f"{part.stat().st_size - start} of {length} bytes came")


def _remember(path: Path, etag: str) -> None:
    """Store what identifies this version of the file; weak tags identify too little."""
    if etag and not etag.startswith("W/"):
        path.write_text(etag, encoding="utf-8")
    else:
        path.unlink(missing_ok=True)


class _Bar:
    """A progress bar that shows nothing."""

    def begin(self, start: int, total: int | None) -> None:
        """Start at a byte, of a total."""

    def more(self, count: int) -> None:
        """Count received bytes."""


class _Shown(_Bar):
    """A progress bar on the terminal or in the notebook."""

    def __init__(self, progress: "Progress", task: "TaskID") -> None:
        self._progress = progress
        self._task = task

    def begin(self, start: int, total: int | None) -> None:
        """Start at a byte, of a total."""
        self._progress.update(self._task, completed=start, total=total)

    def more(self, count: int) -> None:
        """Count received bytes."""
        self._progress.advance(self._task, count)


@contextmanager
def _bar(progress: bool, name: str) -> Iterator[_Bar]:
    """Show a progress bar during a download, if asked to."""
    if not progress:
        yield _Bar()
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TransferSpeedColumn(), TimeRemainingColumn()) as shown:
        yield _Shown(shown, shown.add_task(name, total=None))


@contextmanager
def _quiet(logger: Logger) -> Iterator[None]:
    """Raise the level of a logger to warnings temporarily."""
    level = logger.level
    logger.setLevel("WARNING")
    try:
        yield
    finally:
        logger.setLevel(level)
