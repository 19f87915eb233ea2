"""The self-check covers everything; a library that does not fit its neighbour is named with it wherever it is met."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from audiocourse import cli
from audiocourse.errors import AudioCourseError
from audiocourse.libraries import canonical, distribution_name, requirements
from audiocourse.setup import doctor, install, selfcheck
from audiocourse.setup.selfcheck import Finding, Use
from audiocourse.zoo import list_models

ROOT = Path(__file__).resolve().parents[2]
SYMBOL = "libtorchaudio.so: undefined symbol: _ZNK5torch8autograd4Node4nameEv"
SENTENCE = f"torchaudio 2.11.1 does not load beside torch 2.11.0 ({SYMBOL})"

Stub = Callable[[str, str, str], None]


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """Put a module, of which the first import does what the test says, before the real one in every new process."""

    def write(module: str, version: str, program: str) -> None:
        (tmp_path / module).mkdir()
        (tmp_path / module / "__init__.py").write_text(program)
        information = tmp_path / f"{module}-{version}.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n")
        (information / "top_level.txt").write_text(f"{module}\n")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return write


def test_every_requirement_and_every_bundled_model_is_used() -> None:
    uses = selfcheck.uses()
    packages = {canonical(name) for use in uses for name in use.packages}
    asked = {canonical(distribution_name(text)) for text in requirements(ROOT) if selfcheck._applies(text)}
    assert asked <= packages
    assert len({use.name for use in uses}) == len(uses)
    assert set(selfcheck.model_checks()) == {card.name for card in list_models(bundled=True)}


def test_what_works_says_what_it_did_and_in_which_versions() -> None:
    started: list[str] = []
    (finding,) = selfcheck.run(only=["arrays"], on_start=started.append)
    assert finding.ok and finding.detail.startswith("a filter filters (numpy ") and started == ["arrays"]


# --- a torchaudio that was built against another torch ----------------------------------------------------------------


def test_set_up_and_doctor_name_the_pair_and_the_cure(
    stub: Stub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stub("torchaudio", "2.11.1", f"raise OSError({SYMBOL!r})")
    found = list(selfcheck.run(only=["networks", "arrays"]))
    assert [finding.name for finding in found if not finding.ok] == ["networks"]
    monkeypatch.setattr(selfcheck, "run", lambda *_, **__: iter(found))
    cure = "-m pip install torchaudio==2.11.0`"
    with pytest.raises(AudioCourseError) as caught:
        install.prove(Path(sys.prefix))
    assert SENTENCE in str(caught.value) and cure in str(caught.value)
    assert "the tested versions are torchaudio 2.11.0 and torch 2.11.0" in str(caught.value).lower()
    findings = {finding.name: finding for finding in doctor.examine(ROOT)}
    assert findings["networks"].detail == SENTENCE and cure in findings["networks"].advice
    monkeypatch.setattr(cli, "console", Console(width=400))
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert SENTENCE in printed and cure in printed


@pytest.mark.parametrize("name", ["whisper-mini", "vad-mini"])
def test_loading_a_model_blames_the_pair_and_not_the_files(name: str, stub: Stub) -> None:
    stub("torchaudio", "2.11.1", f"raise OSError({SYMBOL!r})")
    program = (
        "from audiocourse import zoo\n"
        f"try: print(zoo.load({name!r}).card.name)\n"
        "except zoo.loading.AudioCourseError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    if name == "vad-mini":
        assert done.stdout == "vad-mini\n", "a network that needs no torchaudio still runs"
    else:
        assert (
            done.stdout.startswith(f"whisper-mini cannot be loaded because {SENTENCE}") and "damaged" not in done.stdout
        )


# --- other illnesses --------------------------------------------------------------------------------------------------


def test_a_library_that_ends_the_process_is_named(stub: Stub) -> None:
    stub(
        "webrtcvad",
        "2.0.14",
        "import os, sys; sys.stderr.write('bad machine code\\n'); sys.stderr.flush(); os._exit(139)",
    )
    findings = list(selfcheck.run(only=["arrays", "voice activity", "songs"]))
    assert [finding.ok for finding in findings] == [True, False]
    assert findings[1].name == "voice activity"
    assert "code 139 (bad machine code)" in findings[1].detail and ".venv" in findings[1].advice


@pytest.mark.parametrize(
    ("module", "program", "name"),
    [
        ("packaging", "raise ImportError('cut off')", "Python"),  # before the first check
        ("webrtcvad", "raise SystemExit(1)", "voice activity"),
    ],
)
def test_a_self_check_that_does_not_run_to_its_end_is_never_a_pass(
    module: str, program: str, name: str, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python itself ends with 1 after an exception, which must not be taken for checks that have run."""
    stub(module, "1.0", program)
    found = list(selfcheck.run(only=["voice activity"]))
    assert [(finding.name, finding.ok) for finding in found] == [(name, False)] and "code 1" in found[0].detail
    monkeypatch.setattr(selfcheck, "run", lambda *_, **__: iter(found))
    with pytest.raises(AudioCourseError, match="code 1"):
        install.prove(Path(sys.prefix))


def use(packages: tuple[str, ...], run: Callable[[], str], advice: str = "") -> Finding:
    return selfcheck.examine(Use("name", packages, run, advice))


def test_a_wrong_result_is_found_although_everything_loads() -> None:
    def wrong() -> str:
        raise selfcheck.WrongResult("440 Hz is not an A.")

    finding = use(("numpy",), wrong)
    assert (finding.ok, finding.detail) == (False, "440 Hz is not an A") and "numpy" in finding.advice
    assert use(("numpy",), wrong, "Restore its files.").advice == "Restore its files."


def test_a_sentence_of_the_course_is_passed_on_with_its_own_advice() -> None:
    def broken() -> str:
        raise AudioCourseError("x cannot be loaded because torchaudio does not load: run `pip install torchaudio`.")

    finding = use(("numpy",), broken, "Restore its files.")
    assert not finding.ok and finding.detail.endswith("run `pip install torchaudio`.") and not finding.advice


def test_an_exception_of_a_library_is_a_sentence() -> None:
    finding = use(("numpy", "scipy"), lambda: str(1 / 0))
    assert not finding.ok and finding.detail.startswith("scipy ") and "does not work beside numpy" in finding.detail
    assert "(division by zero)" in finding.detail and finding.advice.endswith(".")


def test_a_missing_library_is_to_be_installed() -> None:
    finding = use(("no-such-library",), lambda: "")
    assert not finding.ok and "not installed" in finding.detail and "pip install no-such-library" in finding.advice


def test_what_is_optional_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(selfcheck.OPTIONAL, "no-such-library", "Only a test needs it.")
    finding = use(("no-such-library",), lambda: "")
    assert finding.ok and finding.advice == "Optional: Only a test needs it."
