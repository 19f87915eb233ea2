"""The contract that every kind of student keeps: the one in this kernel, and the one behind a process border."""

from __future__ import annotations

import socket
import textwrap
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from audiocourse.learn.checking.given import Given
from audiocourse.learn.checking.student import AnswerError, LocalStudent, NotStarted, Student
from audiocourse.teach.grading.grader import Grader
from audiocourse.teach.grading.sandbox.remote import RemoteStudent

Make = Callable[[str], Student]


def local(source: str) -> Student:
    namespace: dict[str, object] = {"np": np}
    exec(textwrap.dedent(source), namespace)  # noqa: S102
    return LocalStudent(namespace)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    if not hasattr(socket, "send_fds"):
        pytest.skip("this system cannot hand sockets to another process")
    with Grader(seed=0) as made:
        yield made


@pytest.fixture(params=["local", "remote"])
def make(request: pytest.FixtureRequest) -> Make:
    """Make a student from the source of the answers."""
    if request.param == "local":
        return local
    grader = request.getfixturevalue("grader")

    def remote(source: str) -> Student:
        setup = {"cell_type": "code", "metadata": {"tags": ["setup"]}, "outputs": [], "execution_count": None}
        cell = {**setup, "source": "import numpy as np\n" + textwrap.dedent(source)}
        child = grader.load({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, [], set())
        assert child is not None
        request.addfinalizer(child.end)
        return RemoteStudent(child.channel)

    return remote


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(6)[::2],
        np.zeros((0, 3), dtype=np.int16),
        np.array(3.0),
        np.array([True, False]),
        np.array([1 + 2j]),
        None,
        True,
        -7,
        0.1,
        float("inf"),
        "words",
        (1, 2.0),
        [np.arange(2), "a"],
        {"a": np.arange(3), "b": [1, 2]},
    ],
    ids=repr,
)
def test_values_come_back_as_they_went(make: Make, value: object) -> None:
    back = make("def echo(value): return value").call("echo", value)
    assert type(back) is type(value)
    np.testing.assert_equal(back, value)
    if isinstance(value, np.ndarray):
        assert back.dtype == value.dtype
        assert back.shape == value.shape


def test_the_answer_gets_a_copy_that_is_contiguous(make: Make) -> None:
    kept = np.asfortranarray(np.ones((3, 4)))
    student = make("def order(x): return x.flags['C_CONTIGUOUS']")
    assert student.call("order", kept) is True


def test_the_result_is_a_copy(make: Make) -> None:
    student = make("store = np.zeros(3)\ndef give(): return store")
    first = student.call("give")
    first[:] = 9
    assert not student.call("give").any()


def test_numpy_scalars_tensors_and_subclasses_become_plain(make: Make) -> None:
    student = make(
        """
        import torch
        class Liar(np.ndarray):
            def __eq__(self, other): return np.ones(self.shape, bool)
        def scalar(): return np.float32(0.5)
        def tensor(): return torch.ones(2)
        def liar(): return np.zeros(2).view(Liar)
        """
    )
    assert type(student.call("scalar")) is float
    assert type(student.call("tensor")) is np.ndarray
    assert type(student.call("liar")) is np.ndarray


@pytest.mark.parametrize("returned", ["object()", "lambda: 1", "{1, 2}", "np.array([object()])", "{1: 2}", "range(3)"])
def test_what_cannot_cross_is_refused(make: Make, returned: str) -> None:
    with pytest.raises(AnswerError, match="return"):
        make(f"def f(): return {returned}").call("f")


@pytest.mark.parametrize(
    "body", ["x[0] = 5", "x += 1", "x.sort()", "x[::-1] *= 2"], ids=["item", "whole", "sort", "part"]
)
def test_changing_the_input_is_noticed(make: Make, body: str) -> None:
    with pytest.raises(AnswerError, match="in place"):
        make(f"def f(x):\n    {body}\n    return 1").call("f", np.array([3.0, 1.0, 2.0]))


def test_changing_a_list_or_an_option_is_noticed(make: Make) -> None:
    student = make("def f(segments, *, y=None):\n    segments.append(1)\n    return 1")
    with pytest.raises(AnswerError, match="f changes its argument segments in place"):
        student.call("f", [1, 2])
    student = make("def f(*, y):\n    y[0] = np.nan\n    return 1")
    with pytest.raises(AnswerError, match="f changes its argument y in place"):
        student.call("f", y=np.zeros(2))


def test_a_method_that_changes_its_argument_is_told_which(make: Make) -> None:
    store = make("class Store:\n    def put(self, size, words):\n        words.pop()\n        return 1").new("Store")
    with pytest.raises(AnswerError, match=r"Store\.put changes its argument words in place"):
        store.call("put", 3, ["a"])


def test_an_argument_without_a_name_of_its_own_may_change_too(make: Make) -> None:
    with pytest.raises(AnswerError, match="f changes its argument in place"):
        make("def f(*all):\n    all[0].pop()\n    return 1").call("f", ["a"])


def test_a_nan_in_the_input_is_no_change(make: Make) -> None:
    assert make("def f(x): return 1").call("f", np.array([np.nan])) == 1


def test_errors_become_sentences_with_the_line(make: Make) -> None:
    with pytest.raises(AnswerError, match="f raises ZeroDivisionError"):
        make("def f(): return 1 / 0").call("f")
    with pytest.raises(AnswerError, match="SystemExit"):
        make("def f(): raise SystemExit(3)").call("f")


def test_the_blank_is_not_started(make: Make) -> None:
    with pytest.raises(NotStarted, match="f is not written yet"):
        make('def f(): raise NotImplementedError("Task 5.1")').call("f")


def test_a_raise_left_below_an_answer_is_named(make: Make) -> None:
    with pytest.raises(AnswerError, match="f still holds the line `raise NotImplementedError") as caught:
        make("def f(x):\n    doubled = 2 * x\n    raise NotImplementedError('Task 5.1')").call("f", 1)
    assert not isinstance(caught.value, NotStarted)


STREAM = """
class Stream:
    def __init__(self, *, size):
        self.size = size{}
    def feed(self, chunk):
        {}
    def flush(self):
        raise NotImplementedError("Task 10.1")
"""
BLANK = "raise NotImplementedError('Task 10.1')"


def test_of_a_class_the_methods_still_to_be_written_are_named(make: Make) -> None:
    student = make(STREAM.format("", "return self.size"))
    stream = student.new("Stream", size=3)
    assert stream.call("feed", [1]) == 3
    with pytest.raises(AnswerError, match=r"Still to be written in Stream: flush\.") as caught:
        stream.call("flush")
    assert not isinstance(caught.value, NotStarted)


def test_a_constructor_left_blank_is_named_though_the_rest_is_written(make: Make) -> None:
    with pytest.raises(AnswerError, match="Still to be written in Stream: __init__ and flush") as caught:
        make(STREAM.format(f"; {BLANK}", "return self.size")).new("Stream", size=3)
    assert not isinstance(caught.value, NotStarted)


def test_a_class_of_blanks_is_not_started(make: Make) -> None:
    with pytest.raises(NotStarted, match="Still to be written in Stream: feed and flush"):
        make(STREAM.format("", BLANK)).new("Stream", size=3).call("feed", [1])


def test_a_method_that_the_task_gives_away_does_not_start_a_class(make: Make) -> None:
    blank = STREAM.format("", BLANK).replace(
        "class Stream:", 'class Stream:\n    """feed(chunk) : blocks; flush() : rest"""'
    )
    given = blank + "    def helper(self):\n        return 1\n"
    with pytest.raises(NotStarted, match="Still to be written in Stream: feed and flush"):
        make(given).new("Stream", size=3).call("feed", [1])


def test_a_blank_that_an_answer_uses_is_named(make: Make) -> None:
    student = make('def g(): raise NotImplementedError("Task 5.1")\ndef f(): return g()')
    with pytest.raises(AnswerError, match="f uses g, which is still blank") as caught:
        student.call("f")
    assert not isinstance(caught.value, NotStarted)


def test_an_error_in_a_library_is_told_with_the_line_of_the_answer(make: Make) -> None:
    with pytest.raises(AnswerError) as caught:
        make("def f(): return np.mean(np.zeros(3), axis=5)").call("f")
    assert "axis 5 is out of bounds" in str(caught.value)
    assert "items" not in str(caught.value)


def test_an_error_in_the_course_is_told_with_the_line_of_the_answer(make: Make) -> None:
    source = "from audiocourse import signal\ndef f(x): return signal.frame(x, frame_length=9, hop_length=1)"
    with pytest.raises(AnswerError, match=r"f raises AudioCourseError.*The signal is too short") as caught:
        make(source).call("f", np.zeros(3))
    assert "require_" not in str(caught.value)


def test_a_missing_answer_is_named(make: Make) -> None:
    with pytest.raises(AnswerError, match="no function or class called g"):
        make("def f(): return 1").call("g")
    with pytest.raises(AnswerError, match="no function or class called g"):
        make("g = 3").call("g")


def test_warnings_cost_nothing_and_prints_are_kept(make: Make) -> None:
    student = make("import warnings\ndef f():\n    warnings.warn('careful')\n    print('here')\n    return np.log(0.0)")
    assert student.call("f") == float("-inf")
    assert student.printed.startswith("here")


def test_endless_printing_is_cut(make: Make) -> None:
    student = make("def f():\n    print('x' * 100_000)\n    return 1")
    student.call("f")
    assert len(student.printed) <= 2_000


def test_a_given_callable_is_built_on_the_students_side(make: Make) -> None:
    student = make("def f(detector): return detector(np.array([0.1, 0.9]))")
    np.testing.assert_array_equal(student.call("f", Given("above", threshold=0.5)), [False, True])


def test_a_given_decoder_knows_what_it_said_before(make: Make) -> None:
    student = make("def f(scores, so_far): return scores(so_far)")
    given = Given("scores_after", seed=3, tokens=5)
    first, again, other = (np.asarray(student.call("f", given, said)) for said in ([1, 2], [1, 2], [2, 1]))
    assert first.shape == (5,)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_given_network_mixes_channels_and_steps(make: Make) -> None:
    student = make("def f(network, a): return network(a)")
    a = np.random.default_rng(2).normal(size=(3, 5))
    log_scale, shift = student.call("f", Given("scale_and_shift", seed=1, shift=0.0), a)
    assert np.shape(log_scale) == (3, 5) and not np.any(shift)
    changed = a.copy()
    changed[0, 2] += 1
    other, _ = student.call("f", Given("scale_and_shift", seed=1, shift=0.0), changed)
    difference = np.asarray(other) != np.asarray(log_scale)
    np.testing.assert_array_equal(difference.any(axis=0), [False, False, True, True, False])


MODEL = """
import torch
class Net(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = torch.nn.Linear(width, 2)
        self.drop = torch.nn.Dropout(0.5)
    def forward(self, x):
        return self.drop(self.linear(x))
"""


def test_models_give_and_take_their_state(make: Make) -> None:
    net = make(MODEL).new("Net", width=3)
    assert {name: array.shape for name, array in net.state().items()} == {"linear.weight": (2, 3), "linear.bias": (2,)}
    weight, bias = np.arange(6, dtype=np.float32).reshape(2, 3), np.ones(2, dtype=np.float32)
    net.load({"linear.weight": weight, "linear.bias": bias})
    net.train(False)
    x = np.array([[1.0, 2.0, 3.0]], dtype=np.float32)
    np.testing.assert_allclose(net.call("forward", x), x @ weight.T + bias, rtol=1e-6)


def test_models_give_gradients(make: Make) -> None:
    net = make(MODEL).new("Net", width=3)
    net.train(False)
    x, cotangent = np.ones((4, 3), dtype=np.float32), np.full((4, 2), 0.5, dtype=np.float32)
    grads = net.grad([x], cotangent)
    np.testing.assert_allclose(grads["linear.bias"], [2.0, 2.0])
    np.testing.assert_allclose(grads["linear.weight"], np.full((2, 3), 2.0))
    np.testing.assert_allclose(grads["input0"], cotangent @ net.state()["linear.weight"], rtol=1e-5)


def test_models_train_and_rest(make: Make) -> None:
    net = make(MODEL).new("Net", width=64)
    x = np.ones((8, 64), dtype=np.float32)
    net.train(True)
    assert (net.call("forward", x) == 0).any()  # dropout leaves some of 16 outputs at 0, all but surely
    net.train(False)
    np.testing.assert_array_equal(net.call("forward", x), net.call("forward", x))


def test_a_method_that_does_not_exist_is_named(make: Make) -> None:
    with pytest.raises(AnswerError, match="no method decode"):
        make(MODEL).new("Net", width=2).call("decode")


def test_a_class_that_cannot_be_built_is_one_sentence(make: Make) -> None:
    with pytest.raises(AnswerError, match="Net raises TypeError"):
        make(MODEL).new("Net", depth=2)


RING = """
class Ring:
    def __init__(self):
        self.cells = np.zeros(3)
    def write(self, value):
        self.cells[:] = value
    def read(self):
        return self.cells{}
    def words(self):
        return ["a"]
"""


def test_a_result_that_changes_later_is_noticed(make: Make) -> None:
    ring = make(RING.format("[:2]")).new("Ring")
    assert ring.call("read").tolist() == [0, 0]
    with pytest.raises(AnswerError, match=r"What Ring\.read returned before has changed during write") as found:
        ring.call("write", 5.0)
    assert found.value.kind == "Alias"


def test_results_that_stay_as_they_were_are_right(make: Make) -> None:
    ring = make(RING.format("[:2].copy()")).new("Ring")
    for value in range(20):
        ring.call("write", float(value))
        assert ring.call("read").tolist() == [value, value]
        assert ring.call("words") == ["a"]


KEEPER = """
class Keeper:
    def take(self, words):
        self.words = {}
    def forget(self):
        self.words.clear()
"""


def test_an_argument_that_changes_during_a_later_call_is_noticed(make: Make) -> None:
    keeper = make(KEEPER.format("words")).new("Keeper")
    keeper.call("take", ["a", "b"])
    with pytest.raises(AnswerError, match=r"What Keeper\.take was given before has changed during forget") as found:
        keeper.call("forget")
    assert found.value.kind == "changes earlier input"


def test_an_argument_that_was_copied_may_be_forgotten(make: Make) -> None:
    keeper = make(KEEPER.format("list(words)")).new("Keeper")
    keeper.call("take", ["a", "b"])
    assert keeper.call("forget") is None


def test_what_an_answer_returns_or_changes_is_a_kind_of_problem(make: Make) -> None:
    kinds = {
        "return {1: 2}": "returns dict",
        "return (n for n in x)": "returns generator",
        "x[0] = 7.0\n    return 1": "changes input",
        "return 1 / 0": "ZeroDivisionError",
    }
    for body, kind in kinds.items():
        with pytest.raises(AnswerError) as caught:
            make(f"def f(x):\n    {body}").call("f", np.array([1.0, 2.0]))
        assert caught.value.kind == kind


def test_a_given_decoder_may_be_asked_a_number_of_times(make: Make) -> None:
    student = make("def f(scores, *, times): return [float(scores([n])[0]) for n in range(times)][-1]")
    assert isinstance(student.call("f", Given("scores_after", seed=1, tokens=3, calls=2), times=2), float)
    with pytest.raises(AnswerError, match="asked for scores more than 2 times"):
        student.call("f", Given("scores_after", seed=1, tokens=3, calls=2), times=3)
