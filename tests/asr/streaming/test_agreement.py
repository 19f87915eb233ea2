"""Agreement: common beginnings are committed once, and old words are told from new ones."""

from hypothesis import given
from hypothesis import strategies as st

from audiocourse.asr.streaming.agreement import LocalAgreement, common_prefix, new_words


def test_agreement_commits_the_common_beginning_and_forgets_it() -> None:
    agreement = LocalAgreement()
    words = [(0.1 * k, 0.1 * k + 0.1, letter) for k, letter in enumerate("abcd")]
    assert agreement.update(words[:3], until=9) == []
    assert agreement.update([*words[:2], (0.2, 0.3, "x")], until=9) == words[:2]
    assert agreement.pending == [(0.2, 0.3, "x")]
    assert agreement.update(words[2:], until=9) == []
    assert agreement.update(words[2:], until=0.35) == [words[2]]
    assert agreement.flush() == [words[3]]
    assert agreement.flush() == []


def test_agreement_of_three() -> None:
    agreement = LocalAgreement(n=3)
    word = (0.0, 0.2, "so")
    assert agreement.update([word], until=9) == []
    assert agreement.update([word], until=9) == []
    assert agreement.update([word], until=9) == [word]


def test_a_hypothesis_is_not_changed_by_who_reads_it() -> None:
    words = [(0.0, 0.2, "so"), (0.3, 0.4, "what")]
    agreement = LocalAgreement(n=1)
    assert agreement.update(words, until=0.25) == words[:1]
    assert len(words) == 2


def test_the_same_word_twice_is_two_words_and_one_word_heard_twice_is_one() -> None:
    assert new_words([(1.02, 1.2, "no"), (1.35, 1.5, "no")], last=(1.0, 1.2, "no")) == [(1.35, 1.5, "no")]
    assert new_words([(1.05, 1.07, "a")], last=(1.0, 1.02, "a")) == []
    assert new_words([(0.9, 1.5, "nowhere"), (1.6, 1.7, "x")], last=(1.0, 1.4, "now")) == [(1.6, 1.7, "x")]
    assert new_words([(0.1, 0.2, "x")], last=None) == [(0.1, 0.2, "x")]


@given(first=st.lists(st.sampled_from("ab"), max_size=6), second=st.lists(st.sampled_from("ab"), max_size=6))
def test_a_common_prefix_is_common_and_as_long_as_possible(first: list[str], second: list[str]) -> None:
    k = common_prefix(first, second)
    assert first[:k] == second[:k]
    assert first[: k + 1] != second[: k + 1] or k == len(first) == len(second)
