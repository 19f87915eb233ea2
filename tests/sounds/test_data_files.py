"""A mistake in a data file is named with the file and the place."""

from pathlib import Path
from typing import Any

import pytest

from audiocourse.sounds.data_files import read_csv, read_toml
from audiocourse.sounds.speech.grammars import LANGUAGE_TABLE, Language, load_grammar

DANISH = 'name = "Danish"\nletters = "æøå"\naccents = ["da"]\n'


def test_every_language_has_its_grammar() -> None:
    assert all(len(load_grammar(code).digits) == 10 for code in LANGUAGE_TABLE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", ("x.toml cannot be read as TOML",)),
        (DANISH.replace("name", "title"), ("x.toml has mistakes", "name: ", "title: ")),
        (DANISH.replace('["da"]', '"da"'), ("x.toml has mistakes", "accents: ")),
    ],
)
def test_a_mistake_in_toml_is_named(text: str, words: tuple[str, ...], tmp_path: Path, refuses: Any) -> None:
    path = tmp_path / "x.toml"
    path.write_text(DANISH, encoding="utf-8")
    assert read_toml(path, Language) == Language("Danish", "æøå", ("da",))
    path.write_text(text, encoding="utf-8")
    with refuses(*words):
        read_toml(path, Language)


@pytest.mark.parametrize("row", ["Danish,æ", "Danish,æ,da,5"])
def test_a_row_that_does_not_fit_is_named(row: str, tmp_path: Path, refuses: Any) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"name,letters,accents\n{row}\n", encoding="utf-8")
    with refuses("x.csv, row 1 has mistakes", "accents: "):
        read_csv(path, Language)
