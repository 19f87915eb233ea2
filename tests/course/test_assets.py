"""Every binary file of the repository is on the list of assets, with its checksum and licence."""

from __future__ import annotations

import hashlib
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEDIA = {".png", ".jpg", ".svg", ".wav", ".flac", ".ogg", ".mp3", ".mid", ".sf2", ".npz", ".safetensors", ".pt", ".bin"}
BUNDLED = ROOT / "audiocourse" / "zoo" / "bundled"
BUNDLED_BYTES = 40_000_000  # of all bundled models together
ASSETS = tomllib.loads((ROOT / "ASSETS.toml").read_text(encoding="utf-8"))["asset"]


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset["path"])
def test_an_asset_is_what_the_list_says(asset: dict[str, str]) -> None:
    assert hashlib.sha256((ROOT / asset["path"]).read_bytes()).hexdigest() == asset["sha256"]
    assert all(asset[key] for key in ("what", "origin", "licence"))


def test_every_media_file_is_on_the_list() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this copy is no git clone, so what belongs to it is not known")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    media = {path for path in tracked if Path(path).suffix in MEDIA}
    assert media | set(bundled_files()) == {asset["path"] for asset in ASSETS}


def bundled_files() -> list[str]:
    """List every file of the bundled models, tracked or not: options and cards count like weights."""
    return sorted(path.relative_to(ROOT).as_posix() for path in BUNDLED.rglob("*") if path.is_file())


def test_every_file_of_a_bundled_model_is_on_the_list_and_as_its_card_says() -> None:
    checksums = {asset["path"]: asset["sha256"] for asset in ASSETS}
    assert set(bundled_files()) <= checksums.keys()
    for path in sorted(BUNDLED.glob("*")):
        card = tomllib.loads((path / "card.toml").read_text(encoding="utf-8"))
        folder = path.relative_to(ROOT).as_posix()
        listed = {
            name.removeprefix(f"{folder}/"): checksums[name] for name in checksums if name.startswith(f"{folder}/")
        }
        del listed["card.toml"]
        assert listed == card["sha256"]
        assert path.name == card["name"]


def test_bundled_models_stay_small() -> None:
    assert sum((ROOT / path).stat().st_size for path in bundled_files()) <= BUNDLED_BYTES
