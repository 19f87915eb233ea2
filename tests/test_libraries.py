"""What is asked for, locked and installed: the lock agrees with the ranges, and failures name the pair."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from audiocourse import libraries
from audiocourse.libraries import Locked, canonical, locked, why_not
from audiocourse.setup.lock import PYTHONS, UNLOCKED

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SYSTEMS = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
)


def everything_asked_for() -> list[str]:
    extras = [wanted for name, wanted in PROJECT["project"]["optional-dependencies"].items() if name not in UNLOCKED]
    texts = [
        *PROJECT["project"]["dependencies"],
        *itertools.chain(*extras),
        *PROJECT["build-system"]["requires"],
    ]
    return ["pip", *(text for text in texts if not text.startswith("audiocourse["))]


def disagreements(asked: list[str], lock: list[Locked]) -> list[str]:
    """Name each requirement that the lock does not meet, and on which system and Python."""
    found = []
    for system, python in itertools.product(SYSTEMS, PYTHONS):
        machine = {**system, "python_version": python, "python_full_version": f"{python}.7"}
        there = {line.name: line.version for line in lock if not line.marker or Marker(line.marker).evaluate(machine)}
        for wanted in map(Requirement, asked):
            counts = wanted.marker is None or wanted.marker.evaluate(machine)
            version = there.get(canonical(wanted.name))
            if counts and (version is None or not wanted.specifier.contains(version, prereleases=True)):
                found.append(f"{wanted}: {version} on {system['sys_platform']}, Python {python}")
    return found


def test_the_lock_has_a_version_within_its_range_for_everything_that_is_asked_for() -> None:
    assert disagreements(everything_asked_for(), locked()) == [], "run `audiocourse lock`"


def test_a_lock_that_disagrees_is_noticed() -> None:
    lock = [Locked("a", "1.4", ""), Locked("b", "2.0", "sys_platform == 'linux'")]
    assert disagreements(["a>=1,<2", "b; sys_platform == 'linux'"], lock) == []
    assert len(disagreements(["a>=1.5"], lock)) == 9
    assert {text.rpartition(" on ")[2][:5] for text in disagreements(["b"], lock)} == {"darwi", "win32"}
    assert len(disagreements(["c"], lock)) == 9


def test_torch_and_torchaudio_are_of_one_release_in_lock_and_ranges() -> None:
    versions = {line.name: line.version for line in locked() if line.name in {"torch", "torchaudio"}}
    assert len(versions) == 2 and len(set(versions.values())) == 1
    texts = [text for text in everything_asked_for() if Requirement(text).name in versions]
    assert {Requirement(text).specifier for text in texts} == {SpecifierSet(f"=={versions['torch']}")}


def test_what_a_bare_python_installs_first_is_locked_without_a_marker() -> None:
    """Reading a marker needs the library packaging, which is not there yet."""
    assert {line.name for line in locked() if not line.marker} >= {"pip", "torch", "torchaudio"}


def test_the_lock_holds_versions_only_and_no_address() -> None:
    lines = (ROOT / libraries.LOCK).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) == len(locked()) > 150 and not any("://" in line for line in lines)


def test_a_line_of_the_lock_counts_where_its_marker_is_true(tmp_path: Path) -> None:
    (tmp_path / libraries.LOCK).write_text(
        "# a comment\nNum_Py==1.0 ; python_full_version < '3'\nnum-py==2.0 ; python_full_version >= '3'\nother==3.1\n"
    )
    assert libraries.locked_version("num.py", tmp_path) == "2.0"
    assert libraries.locked_version("other", tmp_path) == "3.1"
    assert libraries.locked_version("third", tmp_path) is None


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which torchaudio is one release ahead of torch, and a clone that locks both to one."""
    versions = {"torch": "2.11.0+cpu", "torchaudio": "2.11.1", "librosa": "0.11.0"}

    def version(name: str) -> str:
        if name not in versions:
            raise libraries.metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(libraries.metadata, "version", version)
    (tmp_path / libraries.LOCK).write_text("torch==2.11.0\ntorchaudio==2.11.0\nlibrosa==0.11.0\n")
    return tmp_path


def test_a_failure_names_the_pair_the_reason_and_the_cure(pair: Path) -> None:
    error = OSError("libtorchaudio.so: undefined symbol: _ZN3c10\n  more. Of it.")
    said = why_not("torchaudio", error, pair)
    assert said.startswith("torchaudio 2.11.1 does not load beside torch 2.11.0 (libtorchaudio.so: undefined symbol")
    assert "the tested versions are torchaudio 2.11.0 and torch 2.11.0" in said
    assert said.endswith("-m pip install torchaudio==2.11.0`"), "torch is right and stays"


def test_files_of_the_tested_version_are_damaged(pair: Path) -> None:
    said = why_not("librosa", ImportError("cannot import name 'x'"), pair)
    assert "its files are damaged" in said and "--force-reinstall --no-deps librosa==0.11.0" in said
    said = why_not("torch", ImportError("libc10.so"), pair)
    assert f"torch==2.11.0 --index-url {libraries.CPU_INDEX}" in said, "the small build comes from its own index"


def test_what_is_missing_is_to_be_installed(pair: Path) -> None:
    assert "scipy is not installed" in why_not("scipy", ImportError("No module named 'scipy'"), pair)


def test_the_reason_is_the_root_of_an_exception() -> None:
    try:
        try:
            raise OSError("undefined symbol: x")
        except OSError as error:
            raise ModuleNotFoundError("Could not import module 'Y'. Are its requirements defined correctly?") from error
    except ModuleNotFoundError as wrapped:
        assert libraries.reason(wrapped) == "undefined symbol: x"
    assert libraries.reason(RuntimeError()) == "RuntimeError"
