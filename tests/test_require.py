"""Good arguments pass through untouched, bad ones get one sentence that says what to do."""

from typing import Any

import numpy as np
import pytest

from audiocourse.require import (
    is_number,
    require_audio,
    require_between,
    require_choice,
    require_frames,
    require_frequency,
    require_mono,
    require_number,
    require_positive,
    require_rng,
    require_seed,
    sample_count,
)

ONES = np.ones(100, np.float32)


@pytest.mark.parametrize(
    "y",
    [
        ONES,
        ONES.astype(np.float64),
        ONES[:1],
        ONES[::2],
        3 * ONES,
        np.ones((2, 100), np.float32),
        np.asfortranarray(np.ones((3, 100), np.float32)),
        np.ones((32, 5), np.float32),
    ],
    ids=["float32", "float64", "one sample", "strided", "beyond ±1", "stereo", "Fortran", "32 channels"],
)
def test_audio_passes_uncopied(y: Any) -> None:
    assert require_audio(y) is y


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (ONES.astype(np.int16), ["dtype int16", "float32 or float64", "divide by 32768 or call signal.from_pcm"]),
        (ONES.astype(np.int32), ["dtype int32", "signal.from_pcm"]),
        (ONES.astype(np.uint8), ["dtype uint8", "signal.from_pcm"]),
        (ONES.astype(np.int64), ["dtype int64", "astype(np.float32)"]),
        (ONES.astype(bool), ["dtype bool", "astype(np.float32)"]),
        (ONES.astype(np.complex64), ["dtype complex64", "np.abs"]),
        (ONES.astype(object), ["dtype object", "astype(np.float32)"]),
        (ONES.astype(np.float16), ["dtype float16", "astype(np.float32)"]),
        (ONES.astype(">f4"), ["dtype >f4", "astype(np.float32)"]),
        ([0.0, 1.0], ["list", "np.asarray"]),
        (0.5, ["float", "np.asarray"]),
        (np.float32(0.5), ["float32, not a NumPy array"]),
        (np.array(0.5, np.float32), ["shape ()", "(channels, samples)"]),
        (np.ones((1, 2, 100), np.float32), ["shape (1, 2, 100)", "(channels, samples)"]),
        (np.ones((16_000, 2), np.float32), ["16000 channels", "looks transposed", "y.T"]),
        (np.ones((33, 100), np.float32), ["33 channels", "looks transposed"]),
        (ONES[:0], ["empty", "at least 1"]),
        (np.ones((2, 0), np.float32), ["empty", "(2, 0)"]),
        (np.ones((0, 9), np.float32), ["empty", "(0, 9)"]),
        (np.array([0, np.nan, np.inf], np.float32), ["2 NaN or infinite", "sample 1"]),
        (np.array([[0, 0, 0], [0, 0, -np.inf]]), ["1 NaN or infinite", "sample 2"]),
    ],
)
def test_other_arrays_than_audio_are_refused(y: Any, words: list[str], refuses: Any) -> None:
    with refuses("The signal", *words):
        require_audio(y)
    with refuses("The signal", *words):
        require_mono(y)


def test_too_short_is_counted_along_time(refuses: Any) -> None:
    assert require_audio(ONES, at_least=100) is ONES
    with refuses("too short", "100 of the 101 samples"):
        require_audio(ONES, at_least=101)
    with refuses("too short", "5 of the 6 samples"):
        require_audio(np.ones((10, 5), np.float32), at_least=6)


@pytest.mark.parametrize(("channels", "words"), [(1, "1 channel,"), (2, "2 channels,"), (3, "3 channels,")])
def test_mono_names_the_channels_and_the_way_out(channels: int, words: str, refuses: Any) -> None:
    with refuses(words, "mono", "to_mono(y)", "y[0]"):
        require_mono(np.ones((channels, 100), np.float32))


def test_mono_passes_uncopied() -> None:
    assert require_mono(ONES) is ONES


@pytest.mark.parametrize(
    "frames", [np.ones((400, 7), np.float32), np.asfortranarray(np.ones((2, 900))), np.ones((1, 1))]
)
def test_frames_pass_uncopied(frames: Any) -> None:
    assert require_frames(frames) is frames


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        (ONES, ["(frame_length, frames)", "shape (100,)", "frame(y"]),
        (np.ones((2, 3, 4), np.float32), ["shape (2, 3, 4)"]),
        (np.ones((0, 4), np.float32), ["empty", "(0, 4)"]),
        (np.ones((4, 0), np.float32), ["empty", "(4, 0)"]),
        (np.ones((4, 4), np.int16), ["dtype int16", "signal.from_pcm"]),
        ([[0.0]], ["list", "np.asarray"]),
        (np.array([[0, 0, 0], [0, 0, np.nan]]), ["1 NaN or infinite", "frame 2"]),
    ],
)
def test_other_arrays_than_frames_are_refused(frames: Any, words: list[str], refuses: Any) -> None:
    with refuses(*words):
        require_frames(frames)


@pytest.mark.parametrize("count", [0, -1, 2.0, True, None, "400", np.float64(3)])
def test_counts_are_positive_whole_numbers(count: Any, refuses: Any) -> None:
    require_positive(hop_length=1, n_fft=np.int64(512))
    with refuses("hop_length", repr(count), "whole number of at least 1"):
        require_positive(n_fft=512, hop_length=count)


def test_numbers_are_real_and_no_truth_values() -> None:
    assert [is_number(value) for value in (1, np.float32(0.5), np.nan, True, "1", np.ones(2))] == [True] * 3 + [
        False
    ] * 3


def test_numbers_in_range_pass() -> None:
    require_number(cutoff=1000.0, share=np.float32(0.85))
    assert require_between("pitch", 50, 0, 99) == require_between("pitch", 50.0, 50, 50) == 50.0
    assert require_frequency("f0", 440, 16_000) == 440.0
    assert require_seed(np.int64(2**31 - 1)) == 2**31 - 1
    assert require_choice("split", "test", ("train", "test")) == "test"
    assert (sample_count(0.5, 16_000), sample_count(3600, 2)) == (8000, 7200)
    assert require_rng(rng := np.random.default_rng(7)) is rng


@pytest.mark.parametrize("value", [np.nan, np.inf, True, None, "1"])
def test_what_is_not_a_finite_number_is_refused(value: Any, refuses: Any) -> None:
    with refuses("cutoff", repr(value), "finite number"):
        require_number(cutoff=value)
    with refuses("pitch", repr(value), "from 0 to 99"):
        require_between("pitch", value, 0, 99)
    with refuses("f0", repr(value), "between 0 and 8000 Hz"):
        require_frequency("f0", value, 16_000)
    with refuses("seconds", repr(value), "at most 3600"):
        sample_count(value, 16_000)
    with refuses("seed", repr(value), "whole number from 0"):
        require_seed(value)


def test_what_is_out_of_range_is_refused(refuses: Any) -> None:
    for value in (-0.1, 99.1):
        with refuses("pitch", "from 0 to 99"):
            require_between("pitch", value, 0, 99)
    for hertz in (0, 8000):
        with refuses("f0", "aliasing"):
            require_frequency("f0", hertz, 16_000)
    for seed in (-1, 2**31, 1.0):
        with refuses("seed", "whole number from 0"):
            require_seed(seed)
    for seconds in (0, 3600.1):
        with refuses("seconds", "above 0"):
            sample_count(seconds, 16_000)
    with refuses("less than one sample", "longer sound"):
        sample_count(0.00001, 16_000)


@pytest.mark.parametrize("rng", [7, None, np.random.RandomState(7)])
def test_what_is_not_a_generator_is_refused(rng: Any, refuses: Any) -> None:
    with refuses(f"rng is a {type(rng).__name__}, not a random generator", "default_rng"):
        require_rng(rng)


@pytest.mark.parametrize("name", ["dev", None, ("train",)])
def test_what_is_not_a_choice_is_refused(name: Any, refuses: Any) -> None:
    with refuses(f"no split {name!r}", "train, test"):
        require_choice("split", name, ("train", "test"))
