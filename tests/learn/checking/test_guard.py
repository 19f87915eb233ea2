"""Forbidden names raise while an answer runs, however the answer came by them, and work again afterwards."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal
from audiocourse.learn.checking.student import AnswerError, LocalStudent

FRAMES = np.ones((10, 2), dtype=np.float32)


def student(source: str, *forbidden: str) -> LocalStudent:
    namespace: dict[str, object] = {"np": np, "signal": signal}
    exec(textwrap.dedent(source), namespace)  # noqa: S102
    return LocalStudent(namespace, forbidden=forbidden)


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return signal.rms(x)",
        "from audiocourse.signal import rms\ndef f(x): return rms(x)",
        "def f(x):\n    from audiocourse.signal import rms\n    return rms(x)",
        "from audiocourse.signal import rms as f",
        "def f(x):\n    from audiocourse.signal.level import rms\n    return rms(x)",
        "import audiocourse.signal as s\nhelper = s.rms\ndef f(x): return helper(x)",
    ],
    ids=["attribute", "imported before", "imported inside", "handed over itself", "from its own module", "renamed"],
)
def test_a_forbidden_name_raises_by_every_way(source: str) -> None:
    with pytest.raises(AnswerError, match=r"f calls audiocourse\.signal\.rms"):
        student(source, "audiocourse.signal.rms").call("f", FRAMES)


def test_it_works_again_afterwards() -> None:
    before = signal.rms
    namespace_student = student("def f(x): return signal.rms(x)", "audiocourse.signal.rms")
    with pytest.raises(AnswerError):
        namespace_student.call("f", FRAMES)
    assert signal.rms is before
    np.testing.assert_allclose(signal.rms(FRAMES), 1.0)


@pytest.mark.parametrize("use", ["import wave\n    return wave.open(x)", "from wave import open as o\n    return o(x)"])
def test_a_name_of_a_module_that_is_not_loaded_raises_and_its_neighbours_do_not(
    monkeypatch: pytest.MonkeyPatch, use: str
) -> None:
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    with pytest.raises(AnswerError, match=r"f calls wave\.open"):
        student(f"def f(x):\n    {use}", "wave.open").call("f", "a.wav")
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    free = student("def f():\n    import wave\n    return wave.WAVE_FORMAT_PCM", "wave.open")
    assert free.call("f") == 1


@pytest.mark.parametrize(
    "use", ["import half", "import half.inner", "from half import inner", "import half.inner as i"]
)
def test_an_answer_may_import_a_package_that_holds_a_forbidden_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, use: str
) -> None:
    """While the package is half loaded its parts cannot be: torch.nn needs what torch has made before it."""
    (tmp_path / "half").mkdir()
    (tmp_path / "half/__init__.py").write_text("import wave\nSIZE = 3\nimport half.inner\n")
    (tmp_path / "half/inner.py").write_text("import half\nSIZE = half.SIZE\ndef closed(): return 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    answers = f"def size():\n    {use}\n    import half\n    return half.inner.SIZE\n"
    answers += f"def calls():\n    {use}\n    import half\n    return half.inner.closed()\n"
    for part in ("half", "half.inner"):
        monkeypatch.delitem(sys.modules, part, raising=False)
    assert student(answers, "half.inner.closed").call("size") == 3
    for part in ("half", "half.inner"):
        monkeypatch.delitem(sys.modules, part, raising=False)
    with pytest.raises(AnswerError, match=r"calls calls half\.inner\.closed"):
        student(answers, "half.inner.closed").call("calls")


def test_what_is_not_forbidden_is_free() -> None:
    np.testing.assert_allclose(
        student("def f(x): return signal.rms(x)", "audiocourse.signal.hann").call("f", FRAMES), 1
    )


def test_a_lazy_name_raises_without_being_loaded() -> None:
    """librosa loads its parts on first use; forbidding one must neither load it nor let it through."""
    program = """
import sys, librosa
from audiocourse.learn.checking.student import AnswerError, LocalStudent
student = LocalStudent({"f": lambda x: librosa.zero_crossings(x)}, forbidden=["librosa.zero_crossings"])
try:
    student.call("f", [1.0])
except AnswerError as error:
    print(error, "librosa.core" in sys.modules)
print(librosa.zero_crossings.__name__)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "f calls librosa.zero_crossings, which is what this task asks you to write yourself. False",
        "zero_crossings",
    ]


ROOM = "from audiocourse.asr import ctc_collapse as g"
HOME = "from audiocourse.asr.ctc.from_scratch import ctc_collapse as g"
WAYS = {
    "through the room, imported before": f"{ROOM}\ndef f(x): return g(x)",
    "through the room, imported inside": f"def f(x):\n    {ROOM}\n    return g(x)",
    "through the room, as an attribute": "import audiocourse.asr as asr\ndef f(x): return asr.ctc_collapse(x)",
    "through the room, all inside": "def f(x):\n    import audiocourse.asr as asr\n    return asr.ctc_collapse(x)",
    "its module, imported before": f"{HOME}\ndef f(x): return g(x)",
    "its module, imported inside": f"def f(x):\n    {HOME}\n    return g(x)",
    "its module, as an attribute": "import audiocourse.asr.ctc.from_scratch as m\ndef f(x): return m.ctc_collapse(x)",
    "a neighbour that calls it": (
        "import numpy as np\nfrom audiocourse.asr.ctc.search import ctc_greedy\n"
        "def f(x): return ctc_greedy(np.log(np.full((4, 3), 1 / 3)))"
    ),
    "handed over itself": "from audiocourse.asr import ctc_collapse as f",
}


@pytest.mark.parametrize("source", WAYS.values(), ids=WAYS)
def test_a_reference_that_its_room_loads_late_raises_by_every_way(source: str) -> None:
    """In a fresh process, where nobody has used the reference yet: the room must not hide it from the fence."""
    program = f"""
import sys
from audiocourse.course import load_course
from audiocourse.learn.checking.student import AnswerError, LocalStudent
from audiocourse.learn.tasks import forbidden_for
assert "audiocourse.asr" not in sys.modules
answers = {{}}
exec({source!r}, answers)
for _ in range(2):
    try:
        print(LocalStudent(answers, forbidden=forbidden_for(load_course().find_task("ctc_collapse"))).call("f", [1, 1]))
    except AnswerError as error:
        print(error)
from audiocourse.asr import ctc_collapse
from audiocourse.asr.ctc import from_scratch
print(ctc_collapse([1, 1]), from_scratch.ctc_collapse is ctc_collapse)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    refusal = "f calls audiocourse.asr.ctc_collapse, which is what this task asks you to write yourself."
    assert done.stdout.splitlines() == [refusal, refusal, "[1] True"]
