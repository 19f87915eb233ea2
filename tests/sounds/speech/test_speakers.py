"""The people: many, different, apart in their splits, and always the same from a seed."""

from collections import Counter
from collections.abc import Callable
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray, mfcc, pyin
from audiocourse.sounds import active_samples, variants, voices
from audiocourse.sounds.speech.speakers import Speaker, speaker, speakers
from audiocourse.sounds.speech.texts import LANGUAGES, SPLITS, sentence

TEXT = "The kettle is boiling in the kitchen, and we could meet at the station."

EVERY_MAKER = """
import numpy as np
from hashlib import sha256
from audiocourse.sounds.acoustics.channels import CHANNELS, augment, apply_channel
from audiocourse.sounds.speech.dialogues import dialogue
from audiocourse.sounds.speech.emotions import EMOTIONS, emotional
from audiocourse.sounds.speech.speakers import speaker, speakers
from audiocourse.sounds.speech.texts import LANGUAGES, command, digits, sentence

def digest(value):
    return sha256(value.tobytes() if hasattr(value, "tobytes") else str(value).encode()).hexdigest()[:12]

y = speaker("robin-1", "en").say("Good morning to you.", seed=4).y
makers = {f"say {one.name}": (lambda one=one: one.say("Eins, zwei.", seed=3).y) for one in speakers("de")[::5]}
makers |= {f"feel {name}": (lambda name=name: emotional("Go on.", name, speaker=speaker("lark-2", "en"), seed=1).y)
           for name in EMOTIONS}
makers |= {f"text {code}": (lambda code=code: [make(np.random.default_rng(2), *more) for make, *more in
           ((sentence, code), (command, code), (digits, 5))]) for code in LANGUAGES}
makers |= {f"send {name}": (lambda name=name: apply_channel(y, name, sr=16000, rng=np.random.default_rng(5)))
           for name in CHANNELS}
makers["talk"] = lambda: dialogue(rng=np.random.default_rng(6), speakers=speakers("fr")[:3], turns=4).y
makers["augment"] = lambda: augment(y, sr=16000, rng=np.random.default_rng(7), share=1).y
"""


def f0_of(y: FloatArray) -> float:
    track = pyin(y, sr=16_000, fmin=45, fmax=500, frame_length=1024, hop_length=320)
    return float(np.nanmedian(track.f0[track.voiced]))


def test_96_people_of_9_languages_in_32_families() -> None:
    people = speakers()
    assert len(people) == len({one.name for one in people}) == 96
    assert len({one.family for one in people}) == 32
    assert set(LANGUAGES) == {one.language for one in people}
    assert {one.voice.partition("+")[2] for one in people} <= set(variants())
    assert len({one.voice.partition("+")[2] for one in people}) == 32


def test_families_do_not_straddle_splits() -> None:
    splits = {split: {one.family for one in speakers(split=split)} for split in SPLITS}
    assert [len(splits[split]) for split in SPLITS] == [22, 4, 6]
    assert all(not splits[one] & splits[other] for one, other in combinations(SPLITS, 2))
    assert {one.name: one.split for one in speakers("de")} == {one.name: one.split for one in speakers()}


def test_each_split_has_each_language_and_both_groups() -> None:
    for split in SPLITS:
        people = speakers(split=split)
        assert {one.language for one in people} == set(LANGUAGES)
        groups = Counter(one.group for one in people)
        assert min(groups["low"], groups["high"]) >= len(people) / 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_speaks_every_language(language: str) -> None:
    people = speakers(language)
    assert len(people) == 96
    assert {one.voice.partition("+")[0] for one in people} <= set(voices(language))
    assert len(speakers(language, split="test")) == 18


def test_people_of_different_name_differ() -> None:
    settings = [(one.voice.partition("+")[2], one.pitch, one.rate, one.pitch_range, one.tract) for one in speakers()]
    assert len(set(settings)) == 96


def test_all_can_be_heard_at_one_level_without_clipping(level_db: Callable[[FloatArray], float]) -> None:
    for number, one in enumerate(speakers()):
        text = sentence(np.random.default_rng(number), one.language).text
        spoken = one.say(text, seed=number)
        active = active_samples(spoken.speech, samples=spoken.y.size, sr=spoken.sr)
        assert level_db(spoken.y[active]) == pytest.approx(-26, abs=0.01), one.name
        assert np.max(np.abs(spoken.y)) < 0.8, one.name
        # nobody rings on after the last phone: resampling leaks a little, echoes would be 20 to 50 dB below
        assert level_db(spoken.y[~active]) < -60, one.name
        assert spoken.words[-1].end <= spoken.y.size / spoken.sr
        assert spoken.voice == one.name


def test_f0_is_what_it_says() -> None:
    for one in speakers("en")[::9]:
        plain = [f0_of(one.say(TEXT, seed=seed).y) for seed in (1, 2)]
        # the seed moves the pitch by half a semitone, the sentence and the accent as much
        assert abs(12 * np.log2(np.mean(plain) / one.f0)) < 2, one.name


def test_the_words_stay_in_time_when_the_tract_is_shorter(level_db: Callable[[FloatArray], float]) -> None:
    """Before resampling a voice is digitally silent in its pauses: sound and times still agree after it."""
    one = speaker("plover-3", "en")
    assert one.tract > 1.1
    spoken = one.say("The rest of the day, I don't care. Sixteen dogs!", seed=1)
    assert [word.label for word in spoken.words][-2:] == ["Sixteen", "dogs"]
    for before, after in pairwise(spoken.speech):
        middle = (before.end + after.start) / 2
        pause = spoken.y[round((before.end + 0.01) * 16_000) : round((after.start - 0.01) * 16_000)]
        assert level_db(pause) < -80, middle
        assert level_db(spoken.y[round((after.start) * 16_000) :][:1600]) > -50


def test_a_shorter_tract_has_higher_formants() -> None:
    """The same variant with pitch undone: the spectral envelope is stretched by the ratio of the tracts."""
    low, high = (
        Speaker("a-1", "en", "en-us+m3", "train", 100, pitch, 160, 0, tract) for pitch, tract in ((50, 1.0), (50, 1.15))
    )
    envelopes = [one.say("a e o, a e o", seed=1) for one in (low, high)]
    assert f0_of(envelopes[1].y) / f0_of(envelopes[0].y) == pytest.approx(1.15, rel=0.02)
    assert envelopes[1].speech[-1].end == pytest.approx(envelopes[0].speech[-1].end, rel=0.05)


def test_a_person_varies_less_than_people_do() -> None:
    """Nearest mean of MFCC over a sentence and f0: mostly the same person again, from another sentence."""

    def portrait(one: Speaker, text: str, seed: int) -> np.ndarray:
        spoken = one.say(text, seed=seed)
        active = active_samples(spoken.speech, samples=spoken.y.size, sr=16_000)[::160]
        features = mfcc(spoken.y, sr=16_000, n_fft=512, hop_length=160, n_mels=40, n_mfcc=20)[1:, : active.size]
        return features[:, active[: features.shape[1]]].mean(axis=1)

    people = speakers("en", split="test")
    enrolled = np.array([portrait(one, "She planted yellow flowers along the fence.", 1) for one in people])
    tested = np.array([portrait(one, "Could you bring me a glass of water?", 2) for one in people])
    nearest = np.argmin(np.linalg.norm(tested[:, None] - enrolled[None], axis=2), axis=1)
    assert np.mean(nearest == np.arange(len(people))) > 0.5  # 1 in 18 by chance


def test_the_seed_changes_how_it_is_said_and_nothing_else() -> None:
    one = speaker("wren-1", "en")
    first, again, other = (one.say(TEXT, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.y, again.y)
    assert [word.label for word in first.words] == [word.label for word in other.words]
    assert first.words[-1].end != other.words[-1].end


def test_every_maker_gives_the_same_in_any_process_and_order(fresh_python: Callable[[str], str]) -> None:
    answers = [
        fresh_python(f"{EVERY_MAKER}\nfor name in {order}: print(name, digest(makers[name]()))").splitlines()
        for order in ("makers", "reversed(list(makers))")
    ]
    assert len(answers[0]) == len(set(answers[0])) > 45
    assert answers[0] == answers[1][::-1]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: speakers("xx"), ("language 'xx'", "de")),
        (lambda: speakers("fi"), ("language 'fi'",)),
        (lambda: speakers(split="dev"), ("split 'dev'", "validation")),
        (lambda: speaker("auk-1"), ("speaker 'auk-1'",)),
        (lambda: speaker("wren-1", "xx"), ("language 'xx'",)),
        (lambda: speaker("wren-1").say(""), ("nothing to say",)),
        (lambda: speaker("wren-1").say("a", seed=-1), ("seed",)),
        (lambda: speaker("wren-1").say("a", seed=1.5), ("seed",)),  # type: ignore[arg-type]
        (lambda: speaker("wren-1").say("a", sr=0), ("sr",)),
    ],
)
def test_refusals(ask: Callable[[], object], words: tuple[str, ...], refuses: Any) -> None:
    with refuses(*words):
        ask()
