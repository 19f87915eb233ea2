"""Tables and lists: what is wrong with a file is said with its name, its line and its column."""

from pathlib import Path

from audiocourse.sounds.datasets.reading import lines, number_in, right_root, rows


def test_rows_are_read_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"two, too"\n3\n', encoding="utf-8")
    assert list(rows(path, ("a",), delimiter=",")) == [{"a": "1", "b": "two, too"}, {"a": "3", "b": ""}]


def test_a_row_that_is_cut_off(tmp_path: Path, refuses) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n3\n", encoding="utf-8")
    with refuses("a.csv, line 3 is cut off"):
        list(rows(path, ("a", "b"), delimiter=","))


def test_quotation_marks_can_be_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text('a\tb\n1\t"open\n2\tnext\n', encoding="utf-8")
    assert [row["b"] for row in rows(path, ("a",), delimiter="\t", quoted=False)] == ['"open', "next"]


def test_rows_stream(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100_000 + b"\xff\xff,\n")
    assert next(rows(path, ("a",), delimiter=",")) == {"a": "1", "b": "2"}


def test_a_bad_row_far_down(tmp_path: Path, refuses) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100_000 + b"\xff\xff,\n")
    with refuses("a.csv cannot be read as a table", "utf-8"):
        list(rows(path, ("a",), delimiter=","))


def test_an_open_quotation_mark(tmp_path: Path, refuses) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"two\n', encoding="utf-8")
    with refuses("a.csv cannot be read as a table"):
        list(rows(path, ("a",), delimiter=","))


def test_an_empty_table(tmp_path: Path, refuses) -> None:
    (tmp_path / "a.csv").touch()
    with refuses("has no column 'a'"):
        list(rows(tmp_path / "a.csv", ("a",), delimiter=","))


def test_lines_keep_what_stands_last(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n1 two and more\n\n3 four\n", encoding="utf-8")
    assert list(lines(path, 2)) == [["1", "two and more"], ["3", "four"]]
    assert list(lines(path, 1)) == [["1 two and more"], ["3 four"]]


def test_a_number_that_is_none(tmp_path: Path, refuses) -> None:
    assert number_in({"start": "2.5"}, "start", tmp_path) == 2.5
    with refuses("has 'x' as start, which is not a number"):
        number_in({"start": "x"}, "start", tmp_path)


def test_a_file_is_no_folder(tmp_path: Path, refuses) -> None:
    (tmp_path / "a.zip").touch()
    with refuses("There is no folder", "a.zip"):
        right_root("FSDD", tmp_path / "a.zip", ("recordings",), "recordings")
