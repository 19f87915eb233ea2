"""A class as an instructor meets it: honest notebooks for exercises 1, 5 and 10 in every form, and damaged ones.

Each member has a folder, or files between the folders, and is worth exactly so many points, or one sentence.
"""

from __future__ import annotations

import codecs
import io
import json
import os
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from audiocourse.course import course_root, load_course
from audiocourse.learn.checking.registry import alternatives_of, load_by_path
from audiocourse.teach.build import BEGIN, END, solution_of

Raw = dict[str, Any]
Content = bytes | Callable[[Path], None]
EXERCISES = ("ex01_multilingual_asr", "ex05_vad", "ex10_realtime_asr")
EX05 = "ex05_vad"
_submissions = load_by_path(Path(__file__).with_name("submissions.py"))


@dataclass(frozen=True)
class Member:
    """One student: what lies in the folder of submissions, and what it is worth.

    ``files`` are placed by their paths in that folder; ``words`` begin the sentence where there is one.
    """

    name: str
    files: Mapping[str, Content]
    points: float = 0.0
    words: str = ""
    student: str = ""
    lost: tuple[str, ...] = field(default=())


def functions(exercise: str) -> list[str]:
    return [task.name for task in load_course().find_notebook(exercise).task if task.kind == "function"]


def worth(exercise: str, *lost: str) -> float:
    return float(sum(load_course().find_task(name).points for name in functions(exercise) if name not in lost))


@cache
def _solved_text(exercise: str) -> str:
    raw = json.loads((course_root() / "notebooks" / f"{exercise}.ipynb").read_text(encoding="utf-8"))
    for task in functions(exercise):
        lines = solution_of(load_course().find_task(task)).splitlines(keepends=True)
        cell_of(raw, task)["source"] = [line for line in lines if line.strip() not in (BEGIN, END)]
    return json.dumps(raw)


def solved(exercise: str = EX05) -> Raw:
    """Return the notebook with every function task solved."""
    raw: Raw = json.loads(_solved_text(exercise))
    return raw


def cell_of(raw: Raw, task: str) -> Raw:
    found: Raw = next(cell for cell in raw["cells"] if f"task:{task}" in cell["metadata"].get("tags", []))
    return found


def source_of(cell: Raw) -> str:
    return "".join(cell["source"])


def stored(raw: Raw) -> bytes:
    return json.dumps(raw, indent=1, ensure_ascii=False).encode()


def changed(change: Callable[[Raw], object], exercise: str = EX05) -> bytes:
    raw = solved(exercise)
    change(raw)
    return stored(raw)


def code(source: str, *tags: str) -> Raw:
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


# ---------------------------------------------------------------- honest: what editors and services write


def colab(raw: Raw) -> None:
    """As Colab downloads it: format 4.0, no ids, no tags."""
    raw["nbformat_minor"] = 0
    raw["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    for number, cell in enumerate(raw["cells"]):
        cell.pop("id", None)
        cell["metadata"] = {"id": f"aB{number}", "executionInfo": {"status": "ok", "user_tz": -60}}


def vs_code(raw: Raw) -> None:
    raw["metadata"] = {"kernelspec": {"name": "python3", "display_name": ".venv"}, "orig_nbformat": 4}
    for cell in raw["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}


def with_outputs(raw: Raw) -> None:
    for number, cell in enumerate(cell for cell in raw["cells"] if cell["cell_type"] == "code"):
        cell["execution_count"] = number + 1
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["done\n"]}]


def old_format(raw: Raw) -> None:
    """Format 3, as IPython 2 wrote it: pages, inputs, headings."""
    cells: list[Raw] = []
    for cell in raw.pop("cells"):
        if cell["cell_type"] == "code":
            cells.append({"cell_type": "code", "language": "python", "input": cell["source"], "metadata": {}})
            cells[-1] |= {"outputs": [], "collapsed": False, "prompt_number": 1}
        else:
            cells.append({"cell_type": "markdown", "metadata": {}, "source": cell["source"]})
    cells.insert(0, {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["My homework"]})
    raw.update(nbformat=3, nbformat_minor=0, metadata={"name": "x"}, worksheets=[{"cells": cells, "metadata": {}}])


def minor(number: int) -> Callable[[Raw], None]:
    def change(raw: Raw) -> None:
        raw["nbformat_minor"] = number
        for cell in raw["cells"]:
            cell.pop("id", None)

    return change


EDITORS: dict[str, Callable[[Raw], object]] = {
    "as it is": lambda _: None,
    "with outputs": with_outputs,
    "from Colab": colab,
    "from VS Code": vs_code,
    "format 3": old_format,
    "format 4.0": minor(0),
}
MORE_EDITORS: dict[str, Callable[[Raw], object]] = {
    **{f"format 4.{number}": minor(number) for number in (1, 2, 3, 4)},
    "ids twice": lambda raw: [cell.update(id="same") for cell in raw["cells"]],
    "no kernel": lambda raw: raw["metadata"].clear(),
    "kernel of another language": lambda raw: raw["metadata"].update(kernelspec={"name": "ir", "language": "R"}),
    "jupytext": lambda raw: raw["metadata"].update(jupytext={"formats": "ipynb,py:percent"}),
    "Kaggle": lambda raw: raw["metadata"].update(kaggle={"accelerator": "none", "dataSources": []}),
    "widgets": lambda raw: raw["metadata"].update(widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}}),
    "nbgrader": lambda raw: [cell["metadata"].update(nbgrader={"grade": False}) for cell in raw["cells"]],
    "pictures in the text": lambda raw: raw["cells"][0].update(attachments={"a.png": {"image/png": "iVBORw0KGgo="}}),
    "outputs of 50 MB": lambda raw: code_cells(raw)[0].update(
        outputs=[{"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 50_000_000}}]
    ),
    "lines of old Macs": lambda raw: [cell.update(source=source_of(cell).replace("\n", "\r")) for cell in raw["cells"]],
    "a cell that is null": lambda raw: raw["cells"].insert(3, None),
    "unknown keys": lambda raw: raw.update(comment="mine", version=[1, 2]),
}


def code_cells(raw: Raw) -> list[Raw]:
    return [cell for cell in raw["cells"] if cell["cell_type"] == "code"]


# ---------------------------------------------------------------- honest: what people do to cells


def split(raw: Raw) -> None:
    """Split a cell as Jupyter does: both halves keep the tag; the first holds what the second needs."""
    cell = cell_of(raw, "hangover")
    at = raw["cells"].index(cell)
    raw["cells"].insert(at, {**cell, "id": "half", "source": "import math\n\nLEAST = math.floor(1.5)"})


def without(raw: Raw, mark: str) -> None:
    """Delete the cells with a tag that begins so."""
    raw["cells"] = [
        cell for cell in raw["cells"] if not any(tag.startswith(mark) for tag in cell["metadata"].get("tags", []))
    ]


def all_in_one(raw: Raw) -> None:
    answers = "\n\n\n".join(source_of(cell_of(raw, task)) for task in functions(EX05))
    without(raw, "task:")
    raw["cells"].append(code(answers))


def setup_with_the_first_task(raw: Raw) -> None:
    """Merge a setup cell with what follows, in a program that keeps no tags."""
    first = next(cell for cell in raw["cells"] if "setup" in cell["metadata"].get("tags", []))
    task = cell_of(raw, "frame_level_db")
    first["source"] = source_of(first) + "\n\n" + source_of(task)
    raw["cells"].remove(task)
    colab(raw)


def setup_changed(raw: Raw) -> None:
    first = next(cell for cell in raw["cells"] if "setup" in cell["metadata"].get("tags", []))
    first["source"] = "import math\nimport os\n" + source_of(first) + "\nplt.rcParams['figure.dpi'] = 120\n"
    colab(raw)


def duplicated(raw: Raw) -> None:
    cell = cell_of(raw, "hangover")
    old = {**cell, "id": "first", "source": "def hangover(active, *, frames):\n    return None"}
    raw["cells"].insert(raw["cells"].index(cell), old)


def moved(raw: Raw) -> None:
    cell = cell_of(raw, "hangover")
    raw["cells"].remove(cell)
    raw["cells"].append(cell)


def answered_below(raw: Raw) -> None:
    cell = cell_of(raw, "hangover")
    raw["cells"].append(code(source_of(cell)))
    cell["source"] = "# see the end"


def helper_apart(raw: Raw) -> None:
    cell = cell_of(raw, "hangover")
    at = raw["cells"].index(cell)
    raw["cells"].insert(at, code("LEAST = 1\n\n\ndef my_helper(x):\n    return x * LEAST"))
    cell["source"] = source_of(cell).replace("frames + 1", "my_helper(frames) + 1")


def own_plots(raw: Raw) -> None:
    at = raw["cells"].index(cell_of(raw, "hangover"))
    raw["cells"].insert(at, code("%matplotlib inline\n!ls\nplt.plot(level_of(frames)[:5])\nprint('hello')"))
    raw["cells"].insert(at, {"cell_type": "markdown", "metadata": {}, "source": "# My notes\n\nÄÖ日本"})


def backwards(raw: Raw) -> None:
    """Answer the tasks from the last to the first."""
    sources = {task: cell_of(raw, task) for task in functions(EX05)}
    places = [raw["cells"].index(cell) for cell in sources.values()]
    for place, cell in zip(places, reversed(sources.values()), strict=True):
        raw["cells"][place] = cell


def open_task(raw: Raw) -> None:
    """Answer the open task by the stages of a setup cell, with a value that a call made in the task's own cell."""
    cell_of(raw, "detect_speech")["source"] = (
        "LOUD = float(np.power(2.0, 3))\n\n\ndef detect_speech(y, sr):\n    return find_speech(y, sr, on_db=LOUD)"
    )


CELLS: dict[str, Callable[[Raw], object]] = {
    "a cell split": split,
    "all cells merged": all_in_one,
    "setup merged with a task": setup_with_the_first_task,
    "setup changed": setup_changed,
    "a cell twice": duplicated,
    "a cell moved": moved,
    "answered below": answered_below,
    "a helper of its own": helper_apart,
    "plots, magics and notes": own_plots,
    "tasks backwards": backwards,
    "checks deleted": lambda raw: without(raw, "check:"),
}


# ---------------------------------------------------------------- honest: files, names and archives


def zipped(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def _encodings(plain: bytes) -> dict[str, bytes]:
    accents = plain.replace(b'"def hangover', '"# für später\\n",\n"def hangover'.encode())
    assert accents != plain
    return {
        "byte order mark": codecs.BOM_UTF8 + plain,
        "UTF-16, as PowerShell writes": plain.decode().encode("utf-16"),
        "Windows-1252": accents.decode().encode("latin-1", "replace"),
        "Windows line ends": plain.replace(b"\n", b"\r\n"),
        "one line": json.dumps(json.loads(plain)).encode(),
        "zeros behind the end": plain + bytes(4096),
        "half a character": plain.replace(b'"def hangover', b'"# \\ud83d\\n",\n"def hangover'),
    }


def _places(plain: bytes, wrong: bytes) -> Iterator[Member]:
    full = worth(EX05)
    apart = unicodedata.normalize("NFD", "Zoë Müller")
    pdf, program = b"%PDF-1.7\n", b"import os\n\n\ndef helper():\n    ...\n"
    places: dict[str, tuple[str, dict[str, Content]]] = {
        "accents apart": ("Zoë Müller", {f"{apart}/ex05_vad.ipynb": plain}),
        "copy of a browser": ("copy", {"copy/ex05_vad (1).ipynb": plain}),
        "odd letters": ("odd", {"odd/Übung 5 – 作业, “final” 🎧.ipynb": plain}),
        "capitals": ("capitals", {"capitals/EX05_VAD.IPYNB": plain}),
        "name of a text file": ("text-name", {"text-name/ex05_vad.ipynb.txt": plain}),
        "name of a JSON file": ("json-name", {"json-name/ex05_vad.json": plain}),
        "a long name": ("long", {f"long/{'x' * 180}.ipynb": plain}),
        "deep folders": ("deep", {"deep/a/b/c/ex05_vad.ipynb": plain}),
        "between the folders": ("fred", {"fred_ex05_vad.ipynb": plain}),
        "short name first": ("gina", {"ex05-gina.ipynb": plain}),
        "helper, PDF and recording beside": (
            "beside",
            {
                "beside/ex05_vad.ipynb": plain,
                "beside/helper.py": program,
                "beside/notes.pdf": pdf,
                "beside/me.wav": b"RIFF\0\0\0\0WAVE",
                "beside/.DS_Store": b"\0",
            },
        ),
        "checkpoints beside": (
            "checkpoints",
            {"checkpoints/ex05_vad.ipynb": plain, "checkpoints/.ipynb_checkpoints/ex05_vad-checkpoint.ipynb": wrong},
        ),
        "a zip": ("zip", {"zip/ex05_vad.zip": zipped({"ex05_vad.ipynb": plain})}),
        "a zip with a folder": ("zip-folder", {"zip-folder/hw.zip": zipped({"hw/sub/ex05_vad.ipynb": plain})}),
        "a zip of a Mac": (
            "zip-mac",
            {"zip-mac/hw.zip": zipped({"hw/ex05_vad.ipynb": plain, "__MACOSX/hw/._ex05_vad.ipynb": b"\0\5\26\7"})},
        ),
        "a zip with helpers": (
            "zip-more",
            {"zip-more/hw.zip": zipped({"ex05_vad.ipynb": plain, "helper.py": program, "notes.pdf": pdf})},
        ),
        "a zip between the folders": ("hans", {"hans_ex05_vad.zip": zipped({"ex05_vad.ipynb": plain})}),
        "Canvas": ("mulleranna_4711", {"mulleranna_4711_998877_ex05_vad.ipynb": plain}),
        "Canvas, late": ("meierben_4712", {"meierben_LATE_4712_998878_ex05_vad.ipynb": plain}),
        "Canvas, with a PDF": (
            "kochcleo_4714",
            {"kochcleo_4714_998881_ex05_vad.ipynb": plain, "kochcleo_4714_998882_notes.pdf": pdf},
        ),
        "Moodle": ("Dora Ö_815", {"Dora Ö_815_assignsubmission_file/ex05_vad.ipynb": plain}),
        "Moodle, with a text": (
            "Emil Z_816",
            {
                "Emil Z_816_assignsubmission_file/ex05_vad.ipynb": plain,
                "Emil Z_816_assignsubmission_onlinetext/onlinetext.html": b"<html><p>see file</p></html>",
            },
        ),
        "Moodle, old": ("Frida_817", {"Frida_817_assignsubmission_file_ex05_vad.ipynb": plain}),
    }
    for name, (student, files) in places.items():
        yield Member(name, files, full, student=student)


def honest() -> Iterator[Member]:
    """Return those who are worth exactly what the course's own answers are worth, or what they answered."""

    def alone(name: str, data: bytes, points: float) -> Member:
        return Member(name, {f"{name}/ex.ipynb": data}, points, student=name)

    for exercise in EXERCISES:
        for name, change in EDITORS.items():
            yield alone(f"{exercise[:4]}, {name}", changed(change, exercise), worth(exercise))
    for name, change in {**MORE_EDITORS, **CELLS}.items():
        yield alone(name, changed(change), worth(EX05))
    plain = stored(solved())
    for name, data in _encodings(plain).items():
        yield alone(name, data, worth(EX05))
    wrong = changed(lambda raw: cell_of(raw, "hangover").update(source="def hangover(*a, **k):\n    return None"))
    yield from _places(plain, wrong)
    blank = (course_root() / "notebooks" / f"{EX05}.ipynb").read_bytes()
    yield alone("blank", blank, 0.0)
    first = json.loads(blank)
    cell_of(first, "hangover")["source"] = cell_of(solved(), "hangover")["source"]
    yield alone("one task only", stored(first), worth(EX05) - worth(EX05, "hangover"))
    yield alone("a wrong answer", wrong, worth(EX05, "hangover"))
    for number in range(3):
        yield alone(f"other answers {number + 1}", _alternatives(number), worth(EX05))


def _alternatives(number: int) -> bytes:
    def change(raw: Raw) -> None:
        for task in functions(EX05):
            answers = alternatives_of(load_course().find_task(task))
            cell_of(raw, task)["source"] = _submissions.restyled(task, answers[number % len(answers)])

    return changed(change)


# ---------------------------------------------------------------- damage


def link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def huge(path: Path) -> None:
    """Write a file of 5 GB that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(5_000_000_000)


def encrypted(path: Path) -> None:
    """Write an archive whose member claims to be encrypted."""
    data = bytearray(zipped({"ex05_vad.ipynb": b"{}"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(bytes(data))


def linked_inside(path: Path) -> None:
    info = zipfile.ZipInfo("ex05_vad.ipynb")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "../../solutions/ex05_vad.ipynb")


def bomb(path: Path) -> None:
    """Write a small archive that would unpack to 300 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("ex05_vad.ipynb", "w") as file:
        for _ in range(300):
            file.write(bytes(1_000_000))


def no_notebooks() -> dict[str, tuple[str, Content, str]]:
    """Return by name what is handed in under which file name, and how the sentence begins."""
    plain, solutions = stored(solved()), course_root() / "solutions"
    web = b"<!DOCTYPE html><html><head><title>ex05_vad</title></head><body>" + b"x" * 6000 + b"</body></html>"
    return {
        "empty": ("ex05_vad.ipynb", b"", "The file is empty"),
        "spaces": ("ex05_vad.ipynb", b" \n\n", "The file is empty"),
        "zeros": ("ex05_vad.ipynb", bytes(5000), "The file holds nothing but zeros"),
        "cut off": ("ex05_vad.ipynb", plain[: len(plain) // 2], "The notebook is cut off"),
        "cut off near the end": ("ex05_vad.ipynb", plain[:-3], "The notebook is cut off"),
        "a comma lost": ("ex05_vad.ipynb", plain.replace(b'",\n', b'"\n', 1), "The notebook is damaged in line"),
        "git conflict": (
            "ex05_vad.ipynb",
            plain.replace(b'"cells"', b'<<<<<<< HEAD\n"cells"', 1).replace(b'"cells"', b'\n<<<<<<< HEAD\n"cells"', 1),
            "The notebook holds the marks of a git conflict",
        ),
        "git conflict around all": ("ex05_vad.ipynb", b"<<<<<<< HEAD\n" + plain, "The notebook holds the marks"),
        "pointer of Git LFS": (
            "ex05_vad.ipynb",
            b"version https://git-lfs.github.com/spec/v1\n",
            "This is a pointer of",
        ),
        "PDF": ("ex05_vad.pdf", b"%PDF-1.7\n", "This is a PDF and not a notebook"),
        "PDF called a notebook": ("ex05_vad.ipynb", b"%PDF-1.7\n", "This is a PDF and not a notebook"),
        "Word document": ("ex05.docx", zipped({"word/document.xml": b"<w/>"}), "This is a Word document"),
        "spreadsheet": ("ex05.xlsx", zipped({"xl/workbook.xml": b"<w/>"}), "This is a spreadsheet"),
        "web page": ("ex05_vad.html", web, "This is a web page"),
        "link to Colab": ("ex05.txt", b"https://colab.research.google.com/drive/1", "This is a link to a web page"),
        "shortcut": ("ex05.url", b"[InternetShortcut]\nURL=https://x.org\n", "This is a link to a web page"),
        "script": (
            "ex05_vad.py",
            b"# %%\ndef hangover(active, *, frames):\n    return active\n",
            "This is a Python script",
        ),
        "picture": ("screen.png", b"\x89PNG\r\n\x1a\n", "This is a picture"),
        "recording": ("me.m4a", b"\0\0\0\x20ftypM4A ", "This is a recording"),
        "excuse": ("ex05_vad.ipynb", b"here is my homework, sorry for the delay", "This is a text"),
        "RAR": ("ex05.rar", b"Rar!\x1a\x07\0", "This is a RAR archive"),
        "7z": ("ex05.7z", b"7z\xbc\xaf\x27\x1c", "This is a 7z archive"),
        "gzip": ("ex05.ipynb.gz", b"\x1f\x8b\x08\0", "This is a gzip archive"),
        "list": ("ex05_vad.ipynb", b"[1, 2, 3]", "The file is JSON and not a Jupyter notebook"),
        "number": ("ex05_vad.ipynb", b"5", "The file is JSON and not a Jupyter notebook"),
        "other JSON": ("ex05_vad.ipynb", b'{"name": "x"}', "The file is JSON and not a Jupyter notebook"),
        "cells that are a text": ("ex05_vad.ipynb", b'{"cells": "none"}', "The notebook has no cells"),
        "nested without end": ("ex05_vad.ipynb", b'{"cells": ' + b"[" * 100_000, "The file is nested deeper"),
        "no cells": ("ex05_vad.ipynb", b'{"nbformat": 4, "metadata": {}, "cells": []}', "The notebook has no cells"),
        "only nulls": ("ex05_vad.ipynb", b'{"nbformat": 4, "cells": [null, 1, {}]}', "The notebook has no cells"),
        "another course's": ("hw.ipynb", stored({"cells": [code("x = 1")], "nbformat": 4}), "The file contains none"),
        "empty archive": ("ex05.zip", zipped({}), "This is an empty zip archive"),
        "archive without notebook": ("ex05.zip", zipped({"a.py": b"x"}), "This is an archive without a notebook"),
        "archive cut off": ("ex05.zip", zipped({"ex05_vad.ipynb": plain})[:500], "The archive is damaged"),
        "archive with a damaged notebook": ("e.zip", zipped({"e.ipynb": plain[:999]}), "The notebook is cut off"),
        "encrypted archive": ("ex05.zip", encrypted, "The archive cannot be unpacked"),
        "archive of 300 MB": ("ex05.zip", bomb, "The file has 300 MB"),
        "link inside an archive": ("ex05.zip", linked_inside, "The file is a link"),
        "file of 5 GB": ("ex05_vad.ipynb", huge, "The file has 5000 MB"),
        "broken link": ("ex05_vad.ipynb", link_to("/nowhere/ex05_vad.ipynb"), "The file is a link"),
        "link to the solution": ("ex05_vad.ipynb", link_to(f"{solutions}/{EX05}.ipynb"), "The file is a link"),
        "link to a folder": ("ex05_vad.ipynb", link_to(str(solutions)), "The file is a link"),
        "pipe": ("ex05_vad.ipynb", os.mkfifo, "This is a pipe"),
    }


def _broken_cells() -> dict[str, tuple[Callable[[Raw], object], tuple[str, ...]]]:
    """Return what happens to cells, and which tasks that costs."""
    one = ("hangover",)

    def source(text: Callable[[str], str]) -> Callable[[Raw], None]:
        def change(raw: Raw) -> None:
            cell = cell_of(raw, "hangover")
            cell["source"] = text(source_of(cell))

        return change

    return {
        "cell deleted": (lambda raw: raw["cells"].remove(cell_of(raw, "hangover")), one),
        "turned to markdown": (lambda raw: cell_of(raw, "hangover").update(cell_type="markdown"), one),
        "turned to raw": (lambda raw: cell_of(raw, "hangover").update(cell_type="raw"), one),
        "source lost": (lambda raw: cell_of(raw, "hangover").pop("source"), one),
        "source a number": (lambda raw: cell_of(raw, "hangover").update(source=5), one),
        "kind lost": (lambda raw: cell_of(raw, "hangover").pop("cell_type"), one),
        "metadata a list": (lambda raw: cell_of(raw, "hangover").update(metadata=[1]), ()),
        "tags a text": (lambda raw: cell_of(raw, "hangover")["metadata"].update(tags="task:hangover"), ()),
        "function renamed": (source(lambda text: text.replace("hangover", "hang_over")), one),
        "bracket lost": (source(lambda text: text.replace("(", "((", 1)), one),
        "indentation broken": (source(lambda text: text + "\n   return 1\n  x"), one),
        "zero in the text": (source(lambda text: text + "\n\0"), one),
        "quotes made round": (source(lambda text: text + "\nprint(“done”)"), one),
        "prompt pasted": (source(lambda text: "(base) $ python\n" + text), one),
        "unknown import": (source(lambda text: "import a_package_that_nobody_has\n" + text), ()),
        "conflict in a cell": (source(lambda text: "<<<<<<< HEAD\n" + text + "\n=======\n"), one),
        "tabs and spaces": (source(lambda text: text + "\nif True:\n\tx = 1\n        y = 2"), one),
        "every task deleted": (lambda raw: without(raw, "task:"), tuple(functions(EX05))),
    }


def damaged() -> Iterator[Member]:
    """Return those who lose exactly the tasks that are damaged, or are one sentence."""
    for name, (file, content, words) in no_notebooks().items():
        yield Member(name, {f"{name}/{file}": content}, words=words, student=name)
    for name, (change, lost) in _broken_cells().items():
        yield Member(name, {f"{name}/ex05_vad.ipynb": changed(change)}, worth(EX05, *lost), student=name, lost=lost)


def open_tasks() -> list[Member]:
    """Return the same answer to the open task twice: with the tags of its cells, and without."""
    data = {
        "open task": changed(open_task),
        "open task without tags": changed(lambda raw: (open_task(raw), colab(raw))),
    }
    return [Member(name, {f"{name}/ex05_vad.ipynb": one}, student=name) for name, one in data.items()]


def write(members: list[Member], folder: Path) -> None:
    """Put everything into the folder, all at the same second, as a download does."""
    for member in members:
        for name, content in member.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(path)
            else:
                path.write_bytes(content)
            os.utime(path, (1.7e9, 1.7e9), follow_symlinks=False)
