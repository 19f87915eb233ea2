"""From a bare clone to the running command: decide whether ``.venv`` has to be made, and go on inside it.

Standard library only, because it runs before anything is installed. The steps and their order:

1. Where the running interpreter already has what ``pyproject.toml`` asks for (a conda environment, a hand-made virtual
   environment), or ``.venv`` carries a fresh stamp, nothing is installed.
2. Otherwise ``.venv`` is made, filled and proven (`audiocourse.setup.install`).
3. The same command runs again inside ``.venv``.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from audiocourse.errors import AudioCourseError
from audiocourse.libraries import ROOT, requirements
from audiocourse.processes import follow
from audiocourse.setup import install
from audiocourse.setup.install import BUILDS, child_environment, interpreter, is_fresh, is_inside, read_stamp

STOPPED = 130
"""What a shell reports for a command that Ctrl-C ended: 128 + the number of SIGINT."""

USAGE = """audiocourse: a course on audio and speech.

  python -m audiocourse lab     set the course up (once) and open it in JupyterLab
  python -m audiocourse test    set the course up (once) and run every test

The set-up downloads {download:.1f} GB and takes {disk:.1f} GB on disk, in {environment}.{hint}"""


def main(argv: Sequence[str], command: Callable[[list[str]], int], *, root: Path = ROOT) -> int:
    """Run ``audiocourse ARGV`` in an environment that has what the course needs, making that first where it is missing.

    Parameters
    ----------
    argv : sequence of str
        The words after ``python -m audiocourse``. ``--torch cpu`` or ``cuda`` is taken out, the rest goes to the
        command line.
    command : callable
        Runs the rest of the words in this process and returns the exit code; called where nothing has to be installed.
    root : Path
        The clone.

    Returns
    -------
    int
        The exit code: that of the command, 1 where the set-up failed (with one sentence on stderr), 130 after Ctrl-C.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # two workers with default threads were measured ten times slower
    try:
        torch, arguments = take_torch(argv)
        python = ready_interpreter(root, torch)
        if python is None and asks_for_help(arguments):
            print(usage(root, torch))
            return 0
        python = python or install.set_up(root, torch)
    except AudioCourseError as error:
        print(f"audiocourse: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\naudiocourse: stopped; run the same command to continue.", file=sys.stderr)
        return STOPPED
    if python == Path(sys.executable):
        return command(arguments)
    return follow([str(python), "-m", "audiocourse", *arguments], environment=child_environment())


def take_torch(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """Take ``--torch cpu`` (or ``--torch=cpu``) out of the words, wherever it stands.

    >>> take_torch(["lab", "--torch", "cpu", "--port", "9999"])
    ('cpu', ['lab', '--port', '9999'])
    """
    torch: str | None = None
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if name != "--torch":
            rest.append(word)
            continue
        torch = value if equals else next(words, "")
        if torch not in BUILDS:
            raise AudioCourseError(
                f"--torch {torch or '(nothing)'} is unknown: write --torch cpu or --torch cuda, or leave it out."
            )
    return torch, rest


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Whether the words ask what there is to do: no reason to download gigabytes."""
    return not arguments or any(word in {"-h", "--help"} for word in arguments)


def usage(root: Path, torch: str | None) -> str:
    """Explain what the two commands do and what the set-up costs, for a clone that is not set up yet."""
    build = install.choose_torch(torch, read_stamp(root / ".venv"))
    size = install.expected_size(build)
    hint = install.hint(build)
    return USAGE.format(download=size.download, disk=size.disk, environment=root / ".venv", hint=hint)


# --- what is there ----------------------------------------------------------------------------------------------------


def ready_interpreter(root: Path, torch: str | None) -> Path | None:
    """Find the interpreter that has what the course needs: the running one, that of ``.venv``, or none."""
    environment = root / ".venv"
    stamp = read_stamp(environment)
    if is_inside(environment):
        # Without a stamp another tool filled it (uv, pip by hand): then the libraries themselves decide.
        good = is_fresh(stamp, root, torch) if stamp else torch is None and is_satisfied(root)
        return Path(sys.executable) if good else None
    if not (root / "pyproject.toml").is_file() or is_satisfied(root):
        if torch:
            print(f"audiocourse: --torch {torch} is left out, because {sys.prefix} already has the course's libraries.")
        return Path(sys.executable)
    python = interpreter(environment)
    return python if python.exists() and is_fresh(stamp, root, torch) else None


def is_satisfied(root: Path) -> bool:
    """Whether the running interpreter has this clone installed and, in the asked versions, all it requires."""
    try:
        from packaging.requirements import Requirement  # not of the standard library, but JupyterLab brings it

        installed = metadata.distribution("audiocourse")
        wanted = [Requirement(text) for text in requirements(root)]
        wanted = [part for part in wanted if part.marker is None or part.marker.evaluate()]
        return _comes_from(installed, root) and all(
            part.specifier.contains(metadata.version(part.name), prereleases=True) for part in wanted
        )
    except ImportError:  # PackageNotFoundError is one of them
        return False


def _comes_from(installed: metadata.Distribution, root: Path) -> bool:
    """Whether an installed course is this clone: a kernel would import another clone's package otherwise."""
    source = json.loads(installed.read_text("direct_url.json") or "{}").get("url", "")
    folder = Path(url2pathname(urlsplit(source).path))
    return source.startswith("file:") and folder.exists() and folder.samefile(root)
