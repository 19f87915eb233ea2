"""A file is replaced whole or not at all, and nothing is left beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audiocourse.atomic import remove_parts, replacing, write_atomically
from audiocourse.errors import AudioCourseError

KILLED = """
import os, signal, sys
from pathlib import Path
from audiocourse.atomic import replacing
with replacing(Path(sys.argv[1])) as part:
    part.write_text("ne")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("content", "stored"), [(b"\x00\xff", b"\x00\xff"), ("ä\n", b"\xc3\xa4\n"), ("a\r\nb\n", b"a\r\nb\n"), ("", b"")]
)
def test_bytes_and_text_are_stored_as_they_are(tmp_path: Path, content: bytes | str, stored: bytes) -> None:
    path = tmp_path / "new" / "folder" / "a.txt"
    for _ in range(2):
        write_atomically(path, content)
        assert path.read_bytes() == stored
        assert names(path.parent) == ["a.txt"]


def test_what_cannot_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.txt", "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(tmp_path / "a.txt", "\ud800")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_the_old_file_is_there_until_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with replacing(path) as part:
        part.write_text("new")
        assert part.parent == tmp_path
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with replacing(path) as slow:
        slow.write_text("slow")
        write_atomically(path, "quick")
        assert path.read_text() == "quick"
    assert path.read_text() == "slow"


def test_an_error_in_the_block_comes_through_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as part:
        part.write_text("half")
        1 / 0  # noqa: B018
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_block_that_writes_nothing_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(FileNotFoundError), replacing(path):
        pass
    assert path.read_text() == "old"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_kill_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert path.read_text() == "old"
    assert len(names(tmp_path)) == 2
    remove_parts(path)
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_new_file_is_readable_as_any_other(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.txt", "new")
    (tmp_path / "b.txt").write_text("as always")
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(AudioCourseError, match=r"cannot be written .*choose a folder of your own"):
        write_atomically(tmp_path / "file" / "a.txt", "new")
