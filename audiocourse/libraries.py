"""The libraries the course is built on: required, locked and installed versions, and why a library does not load.

``pyproject.toml`` holds ranges, ``constraints.txt`` the tested version of each package (the lock). This module uses
the standard library alone, because the set-up reads both files before anything is installed.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module, metadata
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LOCK = "constraints.txt"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
BUILT_ON = {
    "torchaudio": "torch",
    "transformers": "torch",
    "accelerate": "torch",
    "torch": "numpy",
    "librosa": "numba",
    "numba": "numpy",
    "scikit-learn": "scipy",
    "scipy": "numpy",
    "soxr": "numpy",
    "matplotlib": "numpy",
    "jupyterlab": "jupyter-server",
}
"""The package that each library was built against; a failure names both."""
_LOCKED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Locked(NamedTuple):
    """One line of the lock: a package, its version, and an environment marker for the machines on which it applies."""

    name: str
    version: str
    marker: str


def canonical(name: str) -> str:
    """Write a package's name as the package index does.

    >>> canonical("pyannote.metrics")
    'pyannote-metrics'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(root: Path = ROOT) -> list[str]:
    """List the requirements of ``pyproject.toml``, including the extras that ``all`` names, as texts."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    named = [name for text in extras.get("all", ()) for name in text.partition("[")[2].rstrip("]").split(",")]
    return [text for group in (project["dependencies"], *(extras[name] for name in named)) for text in group]


def distribution_name(requirement: str) -> str:
    """Return the package that a requirement text names.

    >>> distribution_name("librosa>=0.11,<0.12")
    'librosa'
    """
    match = _NAME.match(requirement)
    return match[0] if match else requirement


def locked(root: Path = ROOT) -> list[Locked]:
    """Read the lock line by line; the result is empty where a clone has no lock."""
    path = root / LOCK
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found = [(_LOCKED.match(line), line.partition(";")[2].partition("#")[0].strip()) for line in lines]
    return [Locked(canonical(match[1]), match[2], marker) for match, marker in found if match]


def locked_version(name: str, root: Path = ROOT) -> str | None:
    """Return the tested version of a package on this machine; None if the lock does not list it."""
    lines = [line for line in locked(root) if line.name == canonical(name)]
    return next((line.version for line in lines if not line.marker or _holds(line.marker)), None)


def _holds(marker: str) -> bool:
    """Whether an environment marker is true on this machine."""
    from packaging.markers import Marker  # installed with JupyterLab, and needed only for lines with a marker

    return Marker(marker).evaluate()


def installed_version(name: str) -> str | None:
    """Return the version of an installed package, without the build that torch appends (``+cpu``)."""
    try:
        return metadata.version(name).partition("+")[0]
    except metadata.PackageNotFoundError:
        return None


def module_names(name: str) -> list[str]:
    """List the modules of an installed package: only the one with the name of the package if there is one, else all."""
    wanted = canonical(name)
    modules = metadata.packages_distributions().items()
    owned = [module for module, owners in modules if wanted in map(canonical, owners)]
    public = sorted(module for module in owned if module.isidentifier() and not module.startswith("_"))
    return [module for module in public if canonical(module) == wanted] or public or [wanted.replace("-", "_")]


def first_broken(names: Iterable[str]) -> tuple[str, BaseException] | None:
    """Import packages in turn and return the first that does not load, with what it raised; None if all load."""
    for name in names:
        try:
            for module in module_names(name):
                import_module(module)
        except Exception as error:  # a library that does not fit its neighbour raises OSError, RuntimeError, …
            return name, error
    return None


def why_not(name: str, error: BaseException, root: Path = ROOT, *, what: str = "does not load") -> str:
    """Return one sentence: which package does not load, beside which other package, why, and what to do.

    Parameters
    ----------
    name : str
        The package that failed, as the package index calls it.
    error : BaseException
        What importing or using it raised.
    root : Path
        The clone whose lock holds the tested versions.
    what : str
        The failure in words.

    Returns
    -------
    str
        "torchaudio 2.11.1 does not load beside torch 2.11.0 (…): the tested versions are …, so run …".
    """
    version = installed_version(name)
    if version is None:
        return f"{name} is not installed (no package of that name): run `{install_command([name], root)}`"
    partner = BUILT_ON.get(canonical(name), "")
    beside = installed_version(partner) if partner else None
    pair = [name, partner] if beside else [name]
    against = f" beside {partner} {beside}" if beside else ""
    return f"{name} {version} {what}{against} ({reason(error)}): {cure(pair, root)}"


def cure(names: Sequence[str], root: Path = ROOT) -> str:
    """Return the command that restores the tested versions, or reinstalls the first package if none differs."""
    tested = {name: version for name in names if (version := locked_version(name, root))}
    other = [name for name, version in tested.items() if version != installed_version(name)]
    if other:
        versions = " and ".join(f"{name} {version}" for name, version in tested.items())
        verb = "versions are" if len(tested) > 1 else "version is"
        return f"the tested {verb} {versions}, so run `{install_command(other, root)}`"
    return f"its files are damaged, so run `{install_command(names[:1], root, '--force-reinstall', '--no-deps')}`"


def install_command(names: Iterable[str], root: Path = ROOT, *options: str) -> str:
    """Return the command that installs the tested versions of packages, for a person to copy."""
    pins = [f"{name}=={version}" if (version := locked_version(name, root)) else name for name in names]
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    index = ["--index-url", CPU_INDEX] if "torch" in names and _is_cpu_build() else []
    return " ".join([python, "-m", "pip", "install", *options, *pins, *index])


def _is_cpu_build() -> bool:
    """Whether the small build of torch from PyTorch's own index is installed."""
    try:
        return metadata.version("torch").endswith("+cpu")
    except metadata.PackageNotFoundError:
        return False


def reason(error: BaseException) -> str:
    """Return the first cause of an exception as part of a sentence: the outer exceptions say less."""
    causes = list(_chain(error))
    lines = [line.strip() for line in str(causes[-1]).splitlines() if line.strip()] or [type(causes[-1]).__name__]
    return lines[0].split(". ")[0].rstrip(".:")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Iterate from an exception to its causes."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__
