"""Every binary file of the repository is on the list of assets, with its checksum and licence."""

from __future__ import annotations

import hashlib
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEDIA = {".png", ".jpg", ".svg", ".wav", ".flac", ".ogg", ".mp3", ".mid", ".sf2", ".npz", ".safetensors", ".pt", ".bin"}
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
    assert media == {asset["path"] for asset in ASSETS}
