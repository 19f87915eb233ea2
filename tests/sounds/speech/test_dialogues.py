"""Dialogues: every turn where it is said to be, tracks that add up, and as much overlap as was asked for."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from audiocourse.sounds import Interval, active_samples, clip_to
from audiocourse.sounds.speech.dialogues import Dialogue, dialogue, overlap_seconds, read_rttm
from audiocourse.sounds.speech.speakers import speakers


@pytest.fixture(scope="module")
def talk() -> Dialogue:
    return dialogue(rng=np.random.default_rng(4), speakers=speakers("en")[::40], turns=12, overlap=0.5)


def test_the_sum_of_the_tracks(talk: Dialogue) -> None:
    assert len(talk.tracks) == 3
    assert np.array_equal(talk.y, sum(talk.tracks.values()))
    assert talk.y.dtype == np.float32
    assert np.max(np.abs(talk.y)) <= 1


def test_each_track_speaks_in_its_turns_only(talk: Dialogue, level_db: Any) -> None:
    for name, track in talk.tracks.items():
        own = [turn for turn in talk.turns if turn.label == name]
        active = active_samples(own, samples=track.size, sr=talk.sr)
        assert level_db(track[active]) > -32
        assert level_db(track[~active]) < -75


def test_nobody_speaks_twice_in_a_row_or_over_themselves(talk: Dialogue) -> None:
    assert len(talk.turns) == len(talk.texts) == 12
    assert all(before.label != after.label for before, after in pairwise(talk.turns))
    assert all(before.start < after.start and before.end < after.end for before, after in pairwise(talk.turns))
    # at most two at once: the turn after next begins when the first is over
    assert all(first.end <= third.start + 1e-9 for first, third in zip(talk.turns, talk.turns[2:], strict=False))


def test_words_lie_in_turns_and_are_those_of_the_texts(talk: Dialogue) -> None:
    for turn, text in zip(talk.turns, talk.texts, strict=True):
        assert any(abs(word.start - turn.start) < 1e-6 and text.startswith(word.label) for word in talk.words)
        assert any(abs(word.end - turn.end) < 1e-6 and text.rstrip(".?").endswith(word.label) for word in talk.words)
    assert [word.start for word in talk.words] == sorted(word.start for word in talk.words)
    assert sum(len(word.label.split()) for word in talk.words) == sum(len(text.split()) for text in talk.texts)


@pytest.mark.parametrize(("overlap", "least", "most"), [(0.0, 0, 0), (0.5, 8, 21), (1.0, 29, 29)])
def test_the_share_of_turns_that_begin_early(overlap: float, least: int, most: int) -> None:
    """Of 29 turns after the first; for a half the 99 % interval of the binomial distribution."""
    made = dialogue(rng=np.random.default_rng(5), speakers=speakers("it")[:2], turns=30, overlap=overlap, sr=8000)
    early = sum(after.start < before.end for before, after in pairwise(made.turns))
    assert least <= early <= most
    assert (made.overlap > 0) == (early > 0)


def test_overlap_is_measured_in_seconds() -> None:
    made = Dialogue(np.zeros(1), 1, {}, [Interval(0, 2, "a"), Interval(1.5, 3, "b"), Interval(3, 4, "a")], [], [])
    assert made.overlap == 0.5


def test_pauses_have_the_lengths_asked_for() -> None:
    made = dialogue(
        rng=np.random.default_rng(6), speakers=speakers("de")[:2], turns=15, overlap=0, pause=(0.3, 0.4), sr=8000
    )
    gaps = [after.start - before.end for before, after in pairwise(made.turns)]
    assert all(0.3 - 1e-3 <= gap <= 0.4 + 1e-3 for gap in gaps)  # starts lie on samples


def test_half_a_second_at_both_ends(talk: Dialogue) -> None:
    assert talk.turns[0].start == pytest.approx(0.5, abs=1 / talk.sr)
    assert talk.y.size / talk.sr - talk.turns[-1].end == pytest.approx(0.5, abs=2 / talk.sr)
    assert clip_to(talk.turns, end=talk.y.size / talk.sr) == talk.turns


def test_everybody_gets_a_word_in() -> None:
    made = dialogue(rng=np.random.default_rng(7), speakers=speakers("en")[:4], turns=16, sr=8000)
    counts = [sum(turn.label == name for turn in made.turns) for name in made.tracks]
    assert min(counts) >= 2


def test_rttm(talk: Dialogue) -> None:
    lines = [line.split() for line in talk.rttm("call-1").splitlines()]
    assert len(lines) == len(talk.turns)
    for (kind, recording, channel, start, duration, *_, name, _, _), turn in zip(lines, talk.turns, strict=True):
        assert (kind, recording, channel, name) == ("SPEAKER", "call-1", "1", turn.label)
        assert float(start) == pytest.approx(turn.start, abs=5.1e-4)
        assert float(duration) == pytest.approx(turn.seconds, abs=5.1e-4)
    assert all(len(line) == 10 for line in lines)


def test_the_split_reaches_the_sentences() -> None:
    from audiocourse.sounds.speech.texts import text_of

    made = dialogue(rng=np.random.default_rng(8), speakers=speakers("es")[:2], turns=8, split="test", sr=8000)
    assert {text_of(text, "es").split for text in made.texts} == {"test"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"speakers": speakers("en")[:1]}, ("at least two",)),
        ({"speakers": speakers("en")[:1] * 2}, ("different names",)),
        ({"turns": 0}, ("turns is 0",)),
        ({"turns": True}, ("turns is True",)),
        ({"turns": 501}, ("500",)),
        ({"overlap": 1.1}, ("overlap",)),
        ({"overlap": float("nan")}, ("overlap",)),
        ({"pause": (0.5, 0.1)}, ("longest pause",)),
        ({"pause": (-1, 0.1)}, ("shortest pause",)),
        ({"pause": 0.5}, ("pair",)),
        ({"split": "dev"}, ("split 'dev'",)),
        ({"sr": 0}, ("sr",)),
        ({"rng": 5}, ("default_rng",)),
    ],
)
def test_refusals(settings: dict[str, Any], words: tuple[str, ...], refuses: Any, rng: np.random.Generator) -> None:
    with refuses(*words):
        dialogue(**{"rng": rng, "speakers": speakers("en")[:2], "turns": 2, **settings})


def test_rttm_is_read_as_it_was_written(talk: Dialogue) -> None:
    ((name, turns),) = read_rttm(talk.rttm("call-1") + "SPKR-INFO call-1 1 <NA>\n\n").items()
    assert (name, [turn.label for turn in turns]) == ("call-1", [turn.label for turn in talk.turns])
    ends = [[(turn.start, turn.end) for turn in some] for some in (turns, talk.turns)]
    assert np.allclose(*ends, atol=0.0011)  # written with three digits, start and duration


def test_overlap_from_rttm_is_that_of_the_dialogue(talk: Dialogue) -> None:
    assert talk.overlap > 1
    assert overlap_seconds(talk.rttm("call-1")) == pytest.approx(talk.overlap, abs=0.03)  # 12 turns, three digits


def test_three_at_once_are_counted_once() -> None:
    turns = [("a", 0, 10), ("b", 2, 4), ("c", 3, 4), ("d", 20, 1)]
    lines = [f"SPEAKER x 1 {start} {seconds} - - {name}" for name, start, seconds in turns]
    assert overlap_seconds("\n".join(reversed(lines))) == 5  # from 2 to 7; total − union would say 8
    assert overlap_seconds(lines[0]) == overlap_seconds("") == 0


def test_a_byte_order_mark_does_not_swallow_the_first_turn() -> None:
    text = "\ufeffSPEAKER a 1 0 3 <NA> <NA> x <NA> <NA>\nSPEAKER a 1 2 3 <NA> <NA> y <NA> <NA>"
    assert len(read_rttm(text)["a"]) == 2
    assert overlap_seconds(text) == pytest.approx(1.0)


def test_a_person_does_not_overlap_with_themselves() -> None:
    own = "SPEAKER a 1 0 3 <NA> <NA> x <NA> <NA>\nSPEAKER a 1 2 3 <NA> <NA> x <NA> <NA>"
    assert overlap_seconds(own) == 0.0
    assert overlap_seconds(f"{own}\nSPEAKER a 1 1 2 <NA> <NA> y <NA> <NA>") == pytest.approx(2.0), (
        "two people, not three"
    )


def test_what_is_no_rttm_is_named(refuses: Any) -> None:
    good = "SPEAKER x 1 1.0 2.0 - - b"
    for bad in ("SPEAKER x 1 soon 1.0 - - b", "SPEAKER x 1 1.0 2.0"):
        with refuses("Line 2 is not a valid RTTM line"):
            read_rttm(f"{good}\n{bad}")
    with refuses("cannot exist"):
        read_rttm("SPEAKER x 1 1.0 -2.0 - - b")
    with refuses("pass those of one recording"):
        overlap_seconds(f"{good}\n{good.replace('x', 'y')}")


def test_a_name_with_blanks_breaks_rttm(talk: Dialogue, refuses: Any) -> None:
    for name in ("my call", ""):
        with refuses("one word"):
            talk.rttm(name)
