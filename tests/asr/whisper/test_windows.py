"""Long sound: every sample is heard, every word stands once, times decide where to go on."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from audiocourse.asr.whisper.windows import (
    TimedTokens,
    WindowWord,
    seam,
    seam_in_time,
    split_at_timestamps,
    stitch_words,
    window_starts,
)

FIRST = 100  # the token of 0.00 s


@pytest.mark.parametrize("samples", [1, 9, 10, 11, 16, 17, 18, 100])
@pytest.mark.parametrize("hop", [1, 7, 10])
def test_every_sample_is_in_a_window_and_no_window_is_idle(samples: int, hop: int) -> None:
    starts = window_starts(samples, window=10, hop=hop)
    heard = set().union(*(range(start, start + 10) for start in starts))
    assert set(range(samples)) <= heard
    assert starts == [0] or starts[-2] + 10 < samples


def test_windows_with_gaps_are_refused(refuses) -> None:
    with refuses("hop of 11"):
        window_starts(100, window=10, hop=11)


def test_words_of_overlapping_windows_stand_once(rng: np.random.Generator) -> None:
    words = [f"w{k}" for k in range(60)]
    for _ in range(50):
        shared, cut = int(rng.integers(1, 8)), int(rng.integers(10, 50))
        left, right = words[:cut], words[cut - shared :]
        assert stitch_words(left, right) == words
        assert stitch_words([*left, "ha"], ["lf", *right]) == words  # halves of words at the edges drop out


def test_the_longest_run_counts_then_the_last_on_the_left_then_the_first_on_the_right() -> None:
    assert stitch_words(list("abctx"), list("tbcd")) == list("abcd")
    assert seam(list("tat"), list("tot")) == (3, 1)


def test_only_the_last_and_first_words_can_be_shared() -> None:
    left, right = ["yes", *"abcdefgh"], [*"stuvw", "yes", "x"]
    assert stitch_words(left, right, max_shared=3) == left + right
    assert stitch_words(left, right, max_shared=9) == ["yes", "x"]


def test_without_a_common_word_nothing_is_lost() -> None:
    assert stitch_words(["a"], ["b"]) == ["a", "b"]
    assert stitch_words([], ["b"]) == ["b"]
    assert stitch_words(["a"], []) == ["a"]


def seam_by_brute_force(left: list[str], right: list[str], most: int) -> tuple[int, int]:
    """Try every run of every length: an independent way."""
    first, best, found = max(len(left) - most, 0), 0, (len(left), 0)
    for length in range(min(len(left) - first, len(right), most), 0, -1):
        for i, j in itertools.product(
            range(len(left) - length, first - 1, -1), range(min(most, len(right)) - length + 1)
        ):
            if left[i : i + length] == right[j : j + length] and not best:
                best, found = length, (i + length, j + length)
    return found


def test_seam_is_that_of_a_brute_force_search(rng: np.random.Generator) -> None:
    for _ in range(300):
        left, right = (list(rng.choice(list("abc"), int(rng.integers(0, 9)))) for _ in range(2))
        most = int(rng.integers(1, 10))
        assert seam(left, right, max_shared=most) == seam_by_brute_force(left, right, most)


def test_a_window_that_ends_in_a_sentence_is_left_at_the_last_complete_one() -> None:
    written = [100, 1, 2, 140, 140, 3, 160, 160, 4]
    segments, advance = split_at_timestamps(written, first_timestamp=FIRST, length=1500)
    assert segments == [TimedTokens(0, 40, (1, 2)), TimedTokens(40, 60, (3,))]
    assert advance == 60
    assert split_at_timestamps(written[:-1], first_timestamp=FIRST, length=1500) == (segments, 60)


def test_a_window_that_ends_with_a_time_is_used_up() -> None:
    segments, advance = split_at_timestamps([105, 1, 140, 150, 2, 170], first_timestamp=FIRST, length=1500)
    assert segments == [TimedTokens(5, 40, (1,)), TimedTokens(50, 70, (2,))]
    assert advance == 1500


def test_text_without_an_end_lasts_to_the_end_of_the_window() -> None:
    segments, advance = split_at_timestamps([102, 1, 2], first_timestamp=FIRST, length=1500)
    assert (segments, advance) == ([TimedTokens(2, 1500, (1, 2))], 1500)
    assert split_at_timestamps([100, 100], first_timestamp=FIRST, length=1500) == ([], 1500)
    assert split_at_timestamps([], first_timestamp=FIRST, length=1500) == ([], 1500)


def said(text: str, *times: float) -> list[WindowWord]:
    return [WindowWord(word, time) for word, time in zip(text.split(), times, strict=True)]


def test_a_sentence_said_twice_is_not_taken_for_one_heard_twice() -> None:
    left, right = said("come in come in", 5.0, 5.5, 8.0, 8.5), said("come in come in", 8.1, 8.4, 11.0, 11.5)
    assert seam_in_time(left, right, middle=8.5) == (4, 2)
    assert seam([word.text for word in left], [word.text for word in right]) == (4, 4)  # words alone lose a sentence


def test_the_last_of_three_equal_words_begins_a_new_window() -> None:
    assert seam_in_time(said("no no", 8.2, 9.1), said("no no", 9.2, 9.9), middle=9.0) == (2, 1)


def test_halves_of_words_drop_out_in_time_too() -> None:
    assert seam_in_time(
        said("we see the old ho", 5, 6, 7, 8, 9), said("e the old house", 6, 7.2, 8.1, 9), middle=7.5
    ) == (
        4,
        3,
    )


def test_without_a_common_word_the_middle_of_the_overlap_decides() -> None:
    left, right = said("one two three", 6.0, 7.5, 9.5), said("too tree four", 7.6, 9.4, 10.5)
    assert seam_in_time(left, right, middle=8.5) == (2, 1)
    assert seam_in_time([], right, middle=8.5) == (0, 1)
    assert seam_in_time(left, [], middle=8.5) == (2, 0)
