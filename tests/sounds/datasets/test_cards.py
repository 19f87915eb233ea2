"""What one has to know about each data set stands on its card."""

import re

import pytest

from audiocourse.sounds.datasets import CARDS, card
from audiocourse.sounds.datasets.loading import LAYOUTS

NAMES = tuple(CARDS)


def test_every_data_set_of_the_course_has_a_card_and_a_layout() -> None:
    asked = "librispeech common_voice gtzan urbansound8k ravdess voxceleb1 saraga_carnatic saraga_hindustani"
    assert set(CARDS) == {*asked.split(), "fsdd", "esc10", "esc50", "ljspeech"} == set(LAYOUTS)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_everything(name: str) -> None:
    known = card(name)
    for text in (known.title, known.use, known.licence, known.root, known.splits, known.faults):
        assert text.strip()
    assert known.home.startswith("https://")
    assert re.match(r"@\w+\{\w+,\n", known.citation)
    assert known.citation.count("{") == known.citation.count("}")
    assert bool(known.parts) != bool(known.registration), "either an archive or an address to register at"


@pytest.mark.parametrize("part", [part for name in NAMES for part in card(name).parts], ids=lambda part: part.name)
def test_archives_have_addresses_sizes_and_well_formed_checksums(part) -> None:
    assert part.url.startswith("https://")
    assert part.url.endswith((".zip", ".tar.gz", ".tar.bz2"))
    assert part.size > 1_000_000
    assert part.checksum is None or re.fullmatch(r"md5:[0-9a-f]{32}|sha256:[0-9a-f]{64}", part.checksum)


def test_the_size_is_that_of_all_parts() -> None:
    assert card("ravdess").size == 208_468_073 + 225_505_317
    assert card("common_voice").size is None


def test_an_unknown_data_set_is_named_with_those_there_are(refuses) -> None:
    with refuses("There is no data set 'librispech'", "librispeech"):
        card("librispech")
