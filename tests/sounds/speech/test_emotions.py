"""Emotions by rule: what is measured moves the way the table in the module says, and the words stay in time."""

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray, frame, pyin
from audiocourse.sounds import Speech, active_samples
from audiocourse.sounds.speech.emotions import EMOTIONS, Emotion, emotional
from audiocourse.sounds.speech.speakers import speaker, speakers

TEXT = "The children are building a castle from boxes in the garden."
PEOPLE = [speaker(name, "en") for name in ("plover-1", "finch-2", "jackdaw-1", "kestrel-1", "grebe-1", "siskin-3")]
# f0 level, f0 range, rate, level, tilt: 1 where the table in the module has more than neutral, −1 less, 0 neither
EXPECTED = {
    "happy": (1, 1, 1, 1, 1),
    "sad": (-1, -1, -1, -1, -1),
    "angry": (1, 1, 1, 1, 1),
    "fearful": (1, -1, 1, -1, -1),
    "disgusted": (-1, 1, -1, -1, -1),
    "surprised": (1, 1, 1, 1, 0),
}
CUES = ("f0 level", "f0 range", "rate", "level", "tilt")


def cues(spoken: Speech) -> np.ndarray:
    """Semitones, semitones between the 10th and 90th percentile, words a second, dB, dB above 1 kHz re below."""
    track = pyin(spoken.y, sr=spoken.sr, fmin=45, fmax=600, frame_length=1024, hop_length=320)
    semitones = 12 * np.log2(track.f0[track.voiced])
    low, high = np.percentile(semitones, [10, 90])
    active = spoken.y[active_samples(spoken.speech, samples=spoken.y.size, sr=spoken.sr)].astype(np.float64)
    power = np.abs(np.fft.rfft(spoken.y.astype(np.float64))) ** 2
    above = np.fft.rfftfreq(spoken.y.size, 1 / spoken.sr) > 1000
    rate = len(spoken.words) / (spoken.words[-1].end - spoken.words[0].start)
    level, tilt = 10 * np.log10(np.mean(active**2)), 10 * np.log10(power[above].sum() / power[~above].sum())
    return np.array([np.median(semitones), high - low, rate, level, tilt])


@pytest.fixture(scope="module")
def measured() -> dict[str, np.ndarray]:
    """The cues of each emotion for each person."""
    return {name: np.array([cues(emotional(TEXT, name, speaker=one, seed=1)) for one in PEOPLE]) for name in EMOTIONS}


def test_seven_emotions() -> None:
    assert set(EMOTIONS) == {"neutral", *EXPECTED}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_cues_move_as_the_literature_says(name: str, measured: dict[str, np.ndarray]) -> None:
    """The median over six people, and by more than a listener can miss: a semitone, 10 %, 10 %, 1.5 dB, 0.5 dB."""
    differences = measured[name] - measured["neutral"]
    differences[:, 1:3] = measured[name][:, 1:3] / measured["neutral"][:, 1:3] - 1
    for cue, direction, found, least in zip(
        CUES, EXPECTED[name], np.median(differences, axis=0), (1, 0.1, 0.1, 1.5, 0.5), strict=True
    ):
        assert direction == 0 or direction * found > least, f"{cue} of {name}: {found:.2f}"


@pytest.mark.parametrize("name", EXPECTED)
def test_the_size_of_the_change_is_the_rule(name: str, measured: dict[str, np.ndarray]) -> None:
    rule = EMOTIONS[name]
    f0, _, _, level, _ = np.median(measured[name] - measured["neutral"], axis=0)
    rate = np.median(measured[name][:, 2] / measured["neutral"][:, 2])
    assert f0 == pytest.approx(rule.semitones, abs=1.5)  # the synthesiser's control of pitch differs between voices
    assert rate == pytest.approx(rule.rate, rel=0.06)
    assert level == pytest.approx(rule.level_db, abs=0.1)


def end_of_melody(spoken: Speech) -> float:
    """How much the last tenth of a second with a voice lies above the half second before it, in semitones."""
    track = pyin(spoken.y, sr=spoken.sr, fmin=45, fmax=600, frame_length=1024, hop_length=160)
    semitones = 12 * np.log2(track.f0[track.voiced])
    return float(np.median(semitones[-10:]) - np.median(semitones[-60:-10]))


def test_surprise_rises_at_the_end() -> None:
    rises = [
        end_of_melody(emotional("We walk to the river.", "surprised", speaker=one, seed=1))
        - end_of_melody(emotional("We walk to the river.", "happy", speaker=one, seed=1))
        for one in PEOPLE
    ]
    assert median(rises) > 2


def noisiness(y: FloatArray) -> float:
    """One minus the height of the autocorrelation's peak at the period, over loud frames of 60 ms: 0 if periodic."""
    frames = frame(y.astype(np.float64), frame_length=960, hop_length=240)
    power = np.mean(frames**2, axis=0)
    window = np.hanning(962)[1:-1]
    spectra = np.abs(np.fft.rfft(frames[:, power > 0.3 * power.max()] * window[:, None], 2048, axis=0)) ** 2
    of_window = np.fft.irfft(np.abs(np.fft.rfft(window, 2048)) ** 2)[:300]
    correlation = np.fft.irfft(spectra, axis=0)[:300] / of_window[:, None]
    return float(np.median(1 - np.max(correlation[40:300] / correlation[0], axis=0)))


@pytest.mark.parametrize("rule", [Emotion(jitter=0.02), Emotion(tremor=0.03)], ids=["jitter", "tremor"])
def test_an_irregular_voice_is_less_periodic_and_still_in_time(rule: Emotion, monkeypatch: pytest.MonkeyPatch) -> None:
    one = replace(speaker("plover-1", "en"), pitch_range=8)  # a flat melody: what is left is the irregularity
    steady = emotional(TEXT, "neutral", speaker=one, seed=1)
    monkeypatch.setitem(EMOTIONS, "neutral", rule)
    shaken = emotional(TEXT, "neutral", speaker=one, seed=1)
    assert noisiness(shaken.y) > 1.3 * noisiness(steady.y)
    assert shaken.words == steady.words
    y, x = steady.y.astype(np.float64), shaken.y.astype(np.float64)
    scores = [np.dot(np.abs(y[200:-200]), np.abs(np.roll(x, lag)[200:-200])) for lag in range(-160, 161)]
    assert abs(int(np.argmax(scores)) - 160) <= 16  # 1 ms


@pytest.mark.parametrize("name", EMOTIONS)
def test_words_are_where_the_sound_is(name: str, level_db: Callable[[FloatArray], float]) -> None:
    """The voice is silent between its words: 10 ms into a pause, and 10 ms before its end, nothing is heard."""
    spoken = emotional("The rest of the day, I don't care, really.", name, speaker=speaker("plover-1", "en"), seed=2)
    assert [word.label for word in spoken.words][-1] == "really"
    assert spoken.text.endswith("really.")
    pauses = list(zip(spoken.speech, spoken.speech[1:], strict=False))
    assert len(pauses) >= 2
    active = level_db(spoken.y[active_samples(spoken.speech, samples=spoken.y.size, sr=16_000)])
    for before, after in pauses:
        pause = spoken.y[round((before.end + 0.01) * 16_000) : round((after.start - 0.01) * 16_000)]
        assert level_db(pause) < active - 35
        assert level_db(spoken.y[round(after.start * 16_000) : round((after.start + 0.1) * 16_000)]) > active - 25


def test_neutral_is_the_speaker_and_no_strength_is_neutral() -> None:
    one = PEOPLE[0]
    plain = one.say(TEXT, seed=3)
    assert np.allclose(emotional(TEXT, "neutral", speaker=one, seed=3).y, plain.y, atol=1e-6)
    assert np.allclose(emotional(TEXT, "angry", speaker=one, seed=3, strength=0).y, plain.y, atol=1e-6)


def test_half_the_strength_lies_between() -> None:
    levels, f0 = [], []
    for strength in (0, 0.5, 1):
        found = cues(emotional(TEXT, "sad", speaker=PEOPLE[0], seed=1, strength=strength))
        f0.append(found[0])
        levels.append(found[3])
    assert levels == pytest.approx([-26, -29, -32], abs=0.1)
    assert f0[0] > f0[1] > f0[2]


def test_everybody_can_act_everything_within_full_scale() -> None:
    for number, one in enumerate(speakers()[::4]):
        for name in ("angry", "disgusted", "fearful"):
            spoken = emotional("Anna.", name, speaker=one, seed=number)
            assert 0.005 < np.max(np.abs(spoken.y)) <= 1
            assert spoken.voice == one.name


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"emotion": "calm"}, ("emotion 'calm'", "neutral", "surprised")),
        ({"emotion": None}, ("emotion None",)),
        ({"strength": 1.5}, ("strength", "1")),
        ({"strength": float("nan")}, ("strength",)),
        ({"seed": -1}, ("seed",)),
        ({"sr": 0}, ("sr",)),
        ({"text": " "}, ("nothing to say",)),
    ],
)
def test_refusals(settings: dict[str, Any], words: tuple[str, ...], refuses: Any) -> None:
    with refuses(*words):
        emotional(**{"text": "Go.", "emotion": "sad", "speaker": PEOPLE[0], **settings})
