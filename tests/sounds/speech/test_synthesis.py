"""Speech and its truth: the right words at the right times, and settings that do what they say."""

import unicodedata
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audiocourse.errors import AudioCourseError
from audiocourse.sounds import Interval, Speech, active_samples, merge, say, total_duration, variants, voices

TEXT = "The rest of the day, I don't care. Sixteen dogs and 24 cats!"
WORDS = ["The", "rest", "of the", "day", "I", "don't", "care", "Sixteen", "dogs", "and", "24", "cats"]


@pytest.fixture(scope="module")
def spoken() -> Speech:
    return say(TEXT, voice="en-us+m3")


def median_f0(speech: Speech) -> float:
    """The median over frames of 40 ms of the lag, 60 to 400 Hz, at which a loud frame is most like itself."""
    frames = np.lib.stride_tricks.sliding_window_view(speech.y.astype(np.float64), speech.sr // 25)[:: speech.sr // 100]
    loud = frames[np.sum(frames**2, axis=1) > 0.1 * np.max(np.sum(frames**2, axis=1))]
    spectrum = np.abs(np.fft.rfft(loud * np.hanning(loud.shape[1]), 4096)) ** 2
    lags = np.fft.irfft(spectrum)[:, speech.sr // 400 : speech.sr // 60]
    return float(np.median(speech.sr / (speech.sr // 400 + np.argmax(lags, axis=1))))


def test_the_words_in_order(spoken: Speech) -> None:
    assert [word.label for word in spoken.words] == WORDS
    assert all(a.end <= b.start for a, b in pairwise(spoken.words))
    assert spoken.words[-1].end <= spoken.y.size / spoken.sr


def test_the_sound_is_audio(spoken: Speech) -> None:
    assert spoken.y.dtype == np.float32
    assert spoken.y.ndim == 1
    assert 0.05 < np.max(np.abs(spoken.y)) <= 1
    assert (spoken.sr, spoken.text, spoken.voice) == (16_000, TEXT, "en-us+m3")


def test_phones_fill_the_words(spoken: Speech) -> None:
    for word in spoken.words:
        inside = [phone for phone in spoken.phones if word.start <= phone.start < word.end]
        assert inside[0].start == word.start
        assert inside[-1].end == word.end
    assert all(phone.label.strip() for phone in spoken.phones)
    assert all(a.end <= b.start for a, b in pairwise(spoken.phones))


def test_the_phones_of_a_word() -> None:
    assert "".join(phone.label for phone in say("sixteen", voice="en-us").phones) == "sˈɪkstiːn"


def test_speech_is_where_the_energy_is(spoken: Speech, level_db: Any) -> None:
    active = active_samples(spoken.speech, samples=spoken.y.size, sr=spoken.sr)
    assert 0.5 < np.mean(active) < 0.95
    # m3 has no echo: between the words of this voice there is digital silence, but for the resampler's ringing
    assert level_db(spoken.y[active]) - level_db(spoken.y[~active]) > 50


def test_the_library_is_silent_outside_speech_before_resampling() -> None:
    native = say(TEXT, voice="en-us+m3", sr=22_050)
    assert not np.any(native.y[~active_samples(native.speech, samples=native.y.size, sr=native.sr)])


def test_a_voice_with_an_echo_rings_on(level_db: Any) -> None:
    spoken = say(TEXT, voice="en-us+f2")
    active = active_samples(spoken.speech, samples=spoken.y.size, sr=spoken.sr)
    assert 25 < level_db(spoken.y[active]) - level_db(spoken.y[~active]) < 50


def test_the_closure_of_a_stop_belongs_to_it() -> None:
    """'care' after "don't": 53 ms of silence before the k are speech, however slowly it is spoken."""
    for rate in (80, 160, 320):
        before, care = say("I don't care", voice="en-us", rate=rate).words[-2:]
        assert before.end == care.start


def test_a_pause_is_no_speech(spoken: Speech) -> None:
    starts = {word.label: word.start for word in spoken.words}
    ends = {word.label: word.end for word in spoken.words}
    for before, after in (("day", "I"), ("care", "Sixteen")):
        assert starts[after] - ends[before] > 0.1
        assert any(a.end <= ends[before] and b.start >= starts[after] for a, b in pairwise(spoken.speech))


def test_speech_closes_gaps_below_50_ms() -> None:
    speech = Speech(
        np.zeros(1, np.float32), 1, "", "", words=[], phones=[Interval(0, 1), Interval(1.049, 2), Interval(2.06, 3)]
    )
    assert speech.speech == [Interval(0, 2), Interval(2.06, 3)]


def test_times_do_not_depend_on_the_rate() -> None:
    low, high = say(TEXT, sr=8000), say(TEXT, sr=44_100)
    assert low.words == high.words
    assert low.phones == high.phones
    assert low.y.size / 8000 == pytest.approx(high.y.size / 44_100, abs=1e-3)


def test_resampled_speech_stays_in_time() -> None:
    """The envelopes at two rates match best without a lag."""
    slow, native = say(TEXT, voice="en-us+m3", sr=8000), say(TEXT, voice="en-us+m3", sr=24_000)
    size = slow.y.size - 200
    envelopes = np.abs(slow.y[:size]), np.abs(native.y[::3][: size + 200])
    scores = [np.dot(envelopes[0][100:-100], np.roll(envelopes[1], lag)[100 : size - 100]) for lag in range(-40, 41)]
    assert abs(int(np.argmax(scores)) - 40) <= 1


def test_faster_is_shorter() -> None:
    durations = [total_duration(say(TEXT, rate=rate).speech) for rate in (80, 120, 160, 240, 400)]
    assert all(slow > 1.1 * fast for slow, fast in pairwise(durations))


@pytest.mark.parametrize("rate", [80, 160, 300, 449])
def test_truth_holds_at_every_rate(rate: int) -> None:
    spoken = say(TEXT, voice="en-us+m3", rate=rate, sr=22_050)
    assert [word.label for word in spoken.words] == WORDS
    assert not np.any(spoken.y[~active_samples(spoken.speech, samples=spoken.y.size, sr=spoken.sr)])


def test_pitch_raises_the_fundamental() -> None:
    f0 = [median_f0(say(TEXT, voice="en-us+m3", pitch=pitch)) for pitch in (0, 25, 50, 75, 99)]
    assert all(low < high for low, high in pairwise(f0))
    assert f0[-1] > 1.5 * f0[0]
    assert 60 < f0[2] < 160


def test_a_flat_melody() -> None:
    flat, lively = (say(TEXT, voice="en-us+m3", pitch_range=pitch_range) for pitch_range in (0, 99))
    assert not np.array_equal(flat.y, lively.y)


def test_volume_is_an_amplitude(level_db: Any) -> None:
    full, half = (say(TEXT, volume=volume).y for volume in (100, 50))
    # the library rounds to 16 bits and scales in steps, hence 0.5 dB
    assert level_db(full) - level_db(half) == pytest.approx(6.02, abs=0.5)


def test_ssml_break_lengthens() -> None:
    plain = say("<speak>One two</speak>", ssml=True)
    paused = say('<speak>One <break time="1s"/> two</speak>', ssml=True)
    assert [word.label for word in paused.words] == [word.label for word in plain.words] == ["One", "two"]
    assert paused.words[1].start - paused.words[0].end > 0.9
    assert paused.y.size > plain.y.size + 0.8 * plain.sr


def test_ssml_labels_are_without_markup() -> None:
    marked = say('<speak>Salt &amp; <emphasis level="strong">pepper</emphasis>!</speak>', ssml=True)
    assert [word.label for word in marked.words] == ["Salt", "&", "pepper"]


def test_without_ssml_tags_are_read_as_text() -> None:
    assert "speak" in " ".join(word.label for word in say("<speak>One</speak>").words)


@pytest.mark.parametrize(
    ("voice", "text", "words"),
    [
        ("fr+f2", "Où êtes-vous, l'été ?", ["Où", "êtes-vous", "l'été"]),
        ("de+m3", "Schöne Grüße!", ["Schöne", "Grüße"]),
        ("ru", "Привет, мир!", ["Привет", "мир"]),
        ("hi", "नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("cmn", "你好世界", ["你好", "世", "界"]),
    ],
)
def test_other_languages(voice: str, text: str, words: list[str]) -> None:
    assert [word.label for word in say(text, voice=voice).words] == words


def test_the_voices_that_are_listed_can_be_asked_for() -> None:
    listed = voices()
    assert len(listed) > 100
    assert listed == sorted(set(listed))
    unable = {voice for voice in listed if not able(voice)}
    # the alphabets of these are their own
    assert unable <= {"chr", "cv", "sjn"}


def able(voice: str) -> bool:
    from audiocourse import AudioCourseError

    try:
        return say("1 2 3", voice=f"{voice}+m3", sr=8000).y.any()
    except AudioCourseError as error:
        return "nothing to say" not in str(error)


def test_voices_of_a_language() -> None:
    assert voices("fr") == ["fr", "fr-be", "fr-ch"]
    assert voices("FR-fr") == ["fr"]
    assert {"en", "en-us", "en-gb-scotland"} <= set(voices("en"))
    assert not {"es", "eo", "et"} & set(voices("en"))


def test_a_variant_changes_the_voice() -> None:
    assert {"f1", "m1", "whisper", "Mr serious"} <= set(variants())
    low, high = (median_f0(say(TEXT, voice=f"en-us+{variant}")) for variant in ("m3", "f1"))
    assert high > 1.3 * low


@pytest.mark.parametrize(
    ("voice", "words"),
    [
        ("klingonese", ("voice 'klingonese'", "sounds.voices()")),
        ("fr-fr+f2", ("voice 'fr-fr'", "there is 'fr'")),
        ("en-gb", ("there is 'en'",)),
        ("EN-US", ("there is 'en-us'",)),
        ("en-us+f22", ("variant 'f22'", "there is 'f2'", "sounds.variants()")),
        ("en-us+", ("variant ''",)),
        ("en-us+../../lang/roa/fr", ("variant",)),
        ("", ("voice ''",)),
    ],
)
def test_unknown_voices(voice: str, words: tuple[str, ...], refuses: Any) -> None:
    with refuses(*words):
        say("Hello.", voice=voice)


@pytest.mark.parametrize("language", ["xx", "", "e", "english"])
def test_unknown_languages(language: str, refuses: Any) -> None:
    with refuses("language code"):
        voices(language)


@pytest.mark.parametrize("text", ["", "  \n", "...", "a\0b", None, b"Hello"])
def test_nothing_to_say(text: Any, refuses: Any) -> None:
    with refuses():
        say(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate", 79),
        ("rate", 450),
        ("rate", float("nan")),
        ("rate", "fast"),
        ("rate", True),
        ("pitch", -1),
        ("pitch", 100),
        ("pitch_range", 100),
        ("volume", 201),
        ("seed", -1),
        ("seed", 2**31),
        ("seed", 0.5),
        ("sr", 0),
        ("sr", 16_000.0),
    ],
)
def test_settings_out_of_range(name: str, value: Any, refuses: Any) -> None:
    with refuses(name, repr(value)):
        say("Hello.", **{name: value})


def test_merged_speech_covers_the_words(spoken: Speech) -> None:
    assert merge([*spoken.speech, *spoken.words], gap=0.05) == spoken.speech


ODD_SIGNS = "aé1 ½±§😀👍🏽中π/-…“”\u200d\u00a0ﬁ"


@given(st.text(st.sampled_from(ODD_SIGNS), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
@example("hello😀")
@example("😀")
@example("±")
@example("24 ± 3½")
def test_any_signs_are_spoken_as_words_of_the_text_or_refused_in_a_sentence(text: str) -> None:
    """Signs are announced as several words ("plus minus"), of which only the first lies in the text."""
    try:
        spoken = say(text)
    except AudioCourseError as error:
        assert "nothing to say" in str(error)
        return
    assert spoken.words and all(word.label and word.start < word.end for word in spoken.words)
    assert all(before.end <= after.start for before, after in pairwise(spoken.words))
    written = "".join(text.split())
    for word in spoken.words:
        assert word.label.replace(" ", "") in written


def test_an_accent_is_spoken_however_it_is_stored() -> None:
    composed, apart = (say(unicodedata.normalize(form, "où est l'école"), voice="fr+f2") for form in ("NFC", "NFD"))
    np.testing.assert_array_equal(apart.y, composed.y)
    assert apart.words == composed.words
