"""Random hypotheses: right in the end, unstable at first, and honest about confidence."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.asr.practice.unstable_hypotheses import (
    STEP,
    CommitCost,
    ScoredWord,
    UnstableHypotheses,
    commit_cost,
    describe_hypotheses,
    describe_policy,
    unstable_hypotheses,
)


@pytest.fixture(scope="module")
def streams() -> list[UnstableHypotheses]:
    return [unstable_hypotheses(np.random.default_rng(seed)) for seed in range(40)]


def test_the_same_seed_gives_the_same_stream() -> None:
    first, again, other = (unstable_hypotheses(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again
    assert first.words != other.words


def test_a_guess_for_each_word_that_has_begun(streams: list[UnstableHypotheses]) -> None:
    for stream in streams[:5]:
        for step, (now, guesses) in enumerate(stream.hypotheses):
            assert now == pytest.approx((step + 1) * STEP)
            assert len(guesses) == sum(start < now for start, _, _ in stream.words)
            for (start, end, _, sure), (begin, finish, _) in zip(guesses, stream.words, strict=False):
                assert (start, end) == (begin, min(finish, now))
                assert 0.01 <= sure <= 0.99  # so that the odds of each are a number


def test_words_come_in_order_and_the_stream_goes_on_for_a_second(streams: list[UnstableHypotheses]) -> None:
    for stream in streams[:5]:
        edges = [edge for start, end, _ in stream.words for edge in (start, end)]
        assert edges == sorted(edges)
        assert 1.0 - STEP < stream.hypotheses[-1][0] - edges[-1] < 1.0 + 2 * STEP


def test_a_wrong_word_looks_like_any_other(streams: list[UnstableHypotheses]) -> None:
    """Nothing but its confidence and the other hypotheses tells that a guess is wrong."""
    vocabulary = {word for stream in streams for *_, word in stream.words}
    guessed = {word for stream in streams for _, guesses in stream.hypotheses for *_, word, _ in guesses}
    assert guessed == vocabulary


def test_guesses_settle_with_age(streams: list[UnstableHypotheses]) -> None:
    """Half a second after its end a word is right in nine cases of ten or so, after 2 s in nearly all."""
    young, old = [], []
    for stream in streams:
        for now, guesses in stream.hypotheses:
            for (_, end, word, _), (_, _, truth) in zip(guesses, stream.words, strict=False):
                if 0.5 <= now - end < 0.6:
                    young.append(word == truth)
                if now - end >= 2.0:
                    old.append(word == truth)
    assert 0.8 < np.mean(young) < 0.95
    assert 0.96 < np.mean(old) < 1.0


def test_confidence_is_a_hint_and_no_proof(streams: list[UnstableHypotheses]) -> None:
    sure: dict[bool, list[float]] = {True: [], False: []}
    for stream in streams:
        for _, guesses in stream.hypotheses:
            for (_, _, word, confidence), (_, _, truth) in zip(guesses, stream.words, strict=False):
                sure[word == truth].append(confidence)
    assert np.mean(sure[True]) > np.mean(sure[False]) + 0.2
    assert np.quantile(sure[False], 0.95) > np.quantile(sure[True], 0.2)


@pytest.mark.parametrize("words", [0, -1, 1.5])
def test_an_impossible_number_of_words_is_refused(words: int, refuses) -> None:  # type: ignore[no-untyped-def]
    with refuses("words is"):
        unstable_hypotheses(np.random.default_rng(1), words=words)


class CommitAll:
    """Every word is final as soon as it has ended."""

    def update(self, words: list[ScoredWord], now: float) -> int:
        return sum(end <= now for _, end, *_ in words)


class CommitLate:
    """Every word is final two seconds after its end."""

    def update(self, words: list[ScoredWord], now: float) -> int:
        return sum(end + 2 <= now for _, end, *_ in words)


class NotWritten:
    def update(self, words: list[ScoredWord], now: float) -> int:
        raise NotImplementedError(words, now)


@pytest.fixture(scope="module")
def short_stream() -> UnstableHypotheses:
    begun = [(0.0, 0.2, "turn", 0.5)]
    whole = [(0.0, 0.2, "turn", 0.9), (0.3, 0.6, "off", 0.6)]
    settled = [(0.0, 0.2, "turn", 0.9), (0.3, 0.6, "on", 0.8)]
    return UnstableHypotheses([(0.0, 0.2, "turn"), (0.3, 0.6, "on")], [(0.3, begun), (0.7, whole), (1.1, settled)])


def test_the_cost_adds_delay_and_errors(short_stream: UnstableHypotheses) -> None:
    cost = commit_cost(CommitAll, [short_stream])
    assert cost == pytest.approx((0.1, 50.0))  # both 0.1 s after their ends, and "off" is wrong
    assert cost.total == pytest.approx(5.1)
    assert commit_cost(CommitLate, [short_stream]) == pytest.approx((0.7, 0.0))
    assert CommitCost(delay=0.5, wrong=10.0).total == pytest.approx(1.5)


def test_a_policy_is_described_in_percent_of_the_baseline(short_stream: UnstableHypotheses) -> None:
    assert describe_policy(CommitLate, [short_stream], baseline=CommitAll) == (
        "delay 0.70 s, wrong 0.0 %, cost 0.70 s: 14 % of the baseline (synthetic hypotheses)"
    )
    assert describe_policy(NotWritten, [short_stream], baseline=CommitAll) == "NotWritten is not written yet."


def test_hypotheses_are_listed_with_their_errors(short_stream: UnstableHypotheses) -> None:
    assert describe_hypotheses(short_stream, words=1, steps=slice(0, 2)).splitlines() == [
        "reference:  turn …",
        "0.3 s  turn (0.50)",
        "0.7 s  turn (0.90) off? (0.60)",
        "? marks what is wrong; a policy does not see that",
    ]
