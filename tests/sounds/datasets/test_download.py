"""Downloads from a server on this machine that breaks off, changes its mind, lies, or knows no ranges."""

import contextlib
import hashlib
import io
import shutil
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from audiocourse.cli import main
from audiocourse.errors import AudioCourseError
from audiocourse.sounds.datasets import CARDS, Archive, cards, download, load
from audiocourse.sounds.datasets.download import fetch, unpack


@dataclass
class Server:
    """Serves one file, and keeps a record of what was asked for."""

    content: bytes = b""
    cut_after: int | None = None
    ranges: bool = True
    etag: str | None = '"one"'
    status: int = 200
    said_length: bool = True
    url: str = ""
    asked: list[str | None] = field(default_factory=list)
    sent: int = 0


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            state.asked.append(asked)
            if state.status != 200:
                self.send_error(state.status)
                return
            same = self.headers.get("If-Range") in (None, state.etag)
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and state.ranges and same else 0
            if start >= len(state.content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(state.content)}")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            body = state.content[start:]
            if state.said_length:
                self.send_header("Content-Length", str(len(body)))
            if state.etag:
                self.send_header("ETag", state.etag)
            self.end_headers()
            body = body[: state.cut_after]
            state.sent += len(body)
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.url = f"http://127.0.0.1:{http.server_address[1]}/archive.tar.gz"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield state
        http.shutdown()
        thread.join()


@pytest.fixture
def archive(made) -> bytes:
    """The stand-in of FSDD, packed as GitHub packs the data set."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.add(made("fsdd"), arcname="free-spoken-digit-dataset-1.0.10")
    return packed.getvalue()


@pytest.fixture
def digits(server: Server, archive: bytes, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """FSDD's card points to the server here."""
    server.content = archive
    checksum = f"sha256:{hashlib.sha256(archive).hexdigest()}"
    part = replace(CARDS["fsdd"].parts[0], url=server.url, size=len(archive), checksum=checksum)
    monkeypatch.setitem(cards.CARDS, "fsdd", replace(CARDS["fsdd"], parts=(part,)))
    return part


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_data_set_is_downloaded_unpacked_and_read(digits: Archive, server: Server, made, tmp_path: Path) -> None:
    folder = download("fsdd", tmp_path / "new" / "place", progress=False)
    assert folder == tmp_path / "new" / "place" / digits.folder
    assert files(folder) == files(made("fsdd"))
    assert list((tmp_path / "new" / "place").iterdir()) == [folder], "nothing else is left"
    assert len(load("fsdd", folder, split="test")) == 100
    assert download("fsdd", tmp_path / "new" / "place", progress=False) == folder
    assert len(server.asked) == 1, "what is complete is not downloaded again"


def test_a_download_that_breaks_off_goes_on(digits: Archive, server: Server, made, tmp_path: Path, refuses) -> None:
    server.cut_after = len(server.content) * 2 // 3
    with refuses("broke off", "run it again"):
        download("fsdd", tmp_path, progress=False)
    assert not (tmp_path / digits.folder).exists()
    (part,) = (tmp_path / ".download").rglob("*.part")
    kept = part.stat().st_size
    assert server.cut_after - 2**16 <= kept <= server.cut_after
    assert server.content.startswith(part.read_bytes())
    server.cut_after = None
    folder = download("fsdd", tmp_path, progress=False)
    assert server.asked == [None, f"bytes={kept}-"]
    assert server.sent == len(server.content) * 2 // 3 + len(server.content) - kept
    assert files(folder) == files(made("fsdd"))
    assert list(tmp_path.iterdir()) == [folder]


def test_many_breaks(digits: Archive, server: Server, tmp_path: Path) -> None:
    server.cut_after = len(server.content) // 4 + 2**16
    while not (tmp_path / digits.folder).exists() and len(server.asked) < 10:
        with contextlib.suppress(AudioCourseError):
            download("fsdd", tmp_path, progress=False)
    assert 2 <= len(server.asked) < 10
    assert len(load("fsdd", tmp_path / digits.folder)) == 120


@pytest.mark.usefixtures("digits")
def test_a_server_without_ranges_sends_all_again(server: Server, tmp_path: Path, refuses) -> None:
    server.ranges, server.cut_after = False, len(server.content) // 2
    with refuses("broke off"):
        download("fsdd", tmp_path, progress=False)
    server.cut_after = None
    assert len(load("fsdd", download("fsdd", tmp_path, progress=False))) == 120


def test_a_file_that_changed_meanwhile_is_not_glued_together(server: Server, tmp_path: Path, refuses) -> None:
    server.content, server.cut_after = bytes(200_000), 150_000
    with refuses("broke off"):
        fetch(server.url, tmp_path / "a", checksum=None)
    server.content, server.etag, server.cut_after = bytes([1]) * 200_000, '"two"', None
    assert fetch(server.url, tmp_path / "a", checksum=None).read_bytes() == server.content
    assert server.asked[1] is not None
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_all_bytes_were_there_already(server: Server, tmp_path: Path) -> None:
    """Killed between the last byte and the new name."""
    server.content = np.random.default_rng(1).bytes(1000)
    (tmp_path / "a.part").write_bytes(server.content)
    assert fetch(server.url, tmp_path / "a", checksum=None).read_bytes() == server.content
    assert server.sent == 0


def test_more_bytes_than_there_are_start_anew(server: Server, tmp_path: Path, refuses) -> None:
    server.content = bytes(1000)
    (tmp_path / "a.part").write_bytes(bytes(2000))
    with refuses("cannot be reached"):
        fetch(server.url, tmp_path / "a", checksum=None)
    assert fetch(server.url, tmp_path / "a", checksum=None).stat().st_size == 1000


@pytest.mark.usefixtures("digits")
def test_a_wrong_checksum_keeps_nothing(server: Server, archive: bytes, tmp_path: Path, refuses) -> None:
    server.content = archive[:-1] + bytes([archive[-1] ^ 1])
    with refuses("is not what was published", "sha256:", "starts anew"):
        download("fsdd", tmp_path, progress=False)
    assert files(tmp_path) == set()
    server.content = archive
    assert len(load("fsdd", download("fsdd", tmp_path, progress=False))) == 120


def test_a_damaged_archive_without_checksum_keeps_nothing(
    digits: Archive, server: Server, archive: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refuses
) -> None:
    known = replace(CARDS["fsdd"], parts=(replace(digits, checksum=None),))
    monkeypatch.setitem(cards.CARDS, "fsdd", known)
    server.content = archive[: len(archive) // 2]
    with refuses("is damaged", "run it again"):
        download("fsdd", tmp_path, progress=False)
    assert files(tmp_path) == set()
    server.content = archive
    assert len(load("fsdd", download("fsdd", tmp_path, progress=False))) == 120


def test_killed_while_unpacking(
    digits: Archive, server: Server, made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the files lie aside, the archive is kept and not fetched again, and no stray file is left in the end."""

    def half(_: object, folder: Path, **__: object) -> None:
        (folder / digits.folder / "recordings").mkdir(parents=True)
        (folder / digits.folder / "recordings" / "0_half_0.wav").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(tarfile.TarFile, "extractall", half)
        download("fsdd", tmp_path, progress=False)
    assert not (tmp_path / digits.folder).exists()
    folder = download("fsdd", tmp_path, progress=False)
    assert files(folder) == files(made("fsdd"))
    assert len(server.asked) == 1


def test_another_archive_than_expected(digits: Archive, server: Server, tmp_path: Path, refuses) -> None:
    other = io.BytesIO()
    with tarfile.open(fileobj=other, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("something-else/a.txt"))
    known = replace(CARDS["fsdd"], parts=(replace(digits, checksum=None),))
    cards.CARDS["fsdd"] = known  # undone by the fixture
    server.content = other.getvalue()
    with refuses("does not hold free-spoken-digit-dataset-1.0.10"):
        download("fsdd", tmp_path, progress=False)
    assert not (tmp_path / digits.folder).exists()


@pytest.mark.usefixtures("digits")
@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_server_that_refuses(status: int, server: Server, tmp_path: Path, refuses) -> None:
    server.status = status
    with refuses(server.url, "HTTPError"):
        download("fsdd", tmp_path, progress=False)


def test_nobody_answers(tmp_path: Path, refuses) -> None:
    with refuses("cannot be reached (ConnectionError)", "0 bytes"):
        fetch("http://127.0.0.1:9/a.zip", tmp_path / "a.zip", checksum=None)


@pytest.mark.usefixtures("digits")
def test_a_disk_that_is_too_small(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path, refuses) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=len(server.content)))
    with refuses("GB free", "another disk"):
        download("fsdd", tmp_path, progress=False)
    assert server.asked == []


@pytest.mark.usefixtures("digits")
def test_a_place_that_is_a_file(tmp_path: Path, refuses) -> None:
    (tmp_path / "file").touch()
    with refuses("cannot be written to"):
        download("fsdd", tmp_path / "file" / "folder", progress=False)


def test_parts_of_one_data_set_come_together(server: Server, made, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    parts = []
    for name in ("dev-clean", "test-clean"):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            tar.add(made("librispeech") / "SPEAKERS.TXT", arcname="LibriSpeech/SPEAKERS.TXT")
            tar.add(made("librispeech") / name, arcname=f"LibriSpeech/{name}")
        parts.append((Archive(name, server.url, f"LibriSpeech/{name}", len(packed.getvalue())), packed.getvalue()))
    known = replace(CARDS["librispeech"], parts=tuple(part for part, _ in parts))
    monkeypatch.setitem(cards.CARDS, "librispeech", known)
    for part, content in parts:
        server.content = content
        folder = download("librispeech", tmp_path, part=part.name, progress=False)
        assert folder == tmp_path / "LibriSpeech"
        assert len(load("librispeech", folder, split=part.name)) == 4
    assert {path.name for path in folder.iterdir()} == {"SPEAKERS.TXT", "dev-clean", "test-clean"}
    assert list(tmp_path.iterdir()) == [folder]


def test_an_archive_without_a_folder_gets_one(server: Server, made, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for path in made("ravdess").rglob("*.wav"):
            file.write(path, path.relative_to(made("ravdess")))
    server.content = packed.getvalue()
    speech, song = CARDS["ravdess"].parts
    here = replace(speech, url=server.url, size=1, checksum=None)
    monkeypatch.setitem(cards.CARDS, "ravdess", replace(CARDS["ravdess"], parts=(here, song)))
    folder = download("ravdess", tmp_path, part="speech", progress=False)
    assert folder.name == "Audio_Speech_Actors_01-24"
    assert len(load("ravdess", folder)) == 32


def test_parts_have_to_be_named(tmp_path: Path, refuses) -> None:
    with refuses("RAVDESS comes in parts", "speech (0.21 GB)", "song"):
        download("ravdess", tmp_path)
    with refuses("There is no part of RAVDESS 'video'", "speech, song"):
        download("ravdess", tmp_path, part="video")


@pytest.mark.parametrize("name", ["common_voice", "voxceleb1"])
def test_where_to_register_is_one_sentence(name: str, tmp_path: Path, refuses) -> None:
    with refuses("register at", CARDS[name].registration, CARDS[name].root):
        download(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "C:\\outside.txt", "a\\..\\..\\outside.txt"])
def test_a_zip_that_climbs_is_refused(name: str, tmp_path: Path, refuses) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("good.txt", "good")
        file.writestr(zipfile.ZipInfo(name), "bad")
    with refuses("wants to write outside its folder"):
        unpack(path, tmp_path / "here")
    assert files(tmp_path) == {"a.zip"}


@pytest.mark.parametrize("kind", ["climbs", "absolute", "link", "device"])
def test_a_tar_that_climbs_is_refused(kind: str, tmp_path: Path, refuses) -> None:
    info = tarfile.TarInfo({"climbs": "../outside.txt", "absolute": "/../outside.txt"}.get(kind, "a"))
    if kind == "link":
        info.type, info.linkname = tarfile.SYMTYPE, "../../outside"
    if kind == "device":
        info.type = tarfile.CHRTYPE
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as file:
        file.addfile(tarfile.TarInfo("good.txt"))
        file.addfile(info)
    with refuses("wants to write outside its folder"):
        unpack(path, tmp_path / "here")
    assert files(tmp_path) == {"a.tar"}


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.bz2", "tar.xz"])
@pytest.mark.parametrize("harm", ["cut", "changed", "nothing"])
def test_a_damaged_archive_leaves_nothing(kind: str, harm: str, tmp_path: Path, refuses) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.bin").write_bytes(np.random.default_rng(1).bytes(200_000))
    formats = {"zip": "zip", "tar.gz": "gztar", "tar.bz2": "bztar", "tar.xz": "xztar"}
    path = Path(shutil.make_archive(str(tmp_path / "a"), formats[kind], tmp_path / "in"))
    whole = bytearray(path.read_bytes())
    whole[100_000:100_100] = bytes(100)
    path.write_bytes({"cut": whole[:50_000], "changed": whole, "nothing": b"<html>not found</html>"}[harm])
    with refuses("is damaged"):
        unpack(path, tmp_path / "here")
    assert not (tmp_path / "here").exists()


def test_the_bar_is_shown_when_asked_for(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server.content = bytes(100_000)
    fetch(server.url, tmp_path / "a.bin", checksum=None, progress=True)
    assert "a.bin" in capsys.readouterr().out
    fetch(server.url, tmp_path / "b.bin", checksum=None)
    said = capsys.readouterr()
    assert said.out + said.err == ""


def test_the_command_lists_and_gets(digits: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "list"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in CARDS)
    assert main(["data", "get", "fsdd", "--root", str(tmp_path)]) == 0
    assert f"load('fsdd', {str(tmp_path / digits.folder)!r})" in capsys.readouterr().out
    assert (tmp_path / digits.folder / "recordings").is_dir()
    assert main(["data", "get", "voxceleb1", "--root", str(tmp_path)]) == 1
    assert "register" in capsys.readouterr().out
