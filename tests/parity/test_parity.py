"""Every reference function beside one that nobody here wrote. `audiocourse scores` prints the same rows as a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiocourse.learn.checking.registry import load_by_path

ROWS = [row for path in sorted(Path(__file__).parent.glob("peers_*.py")) for row in load_by_path(path).PEERS]


@pytest.mark.filterwarnings("ignore:n_fft=:UserWarning")  # librosa about the short signals that belong to the test
@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
def test_ours_and_the_peer_agree(row: tuple) -> None:
    function, peer, within, unit, difference = row
    assert 0 <= difference() <= within, f"{function} and {peer} are further apart than {within} {unit}"
