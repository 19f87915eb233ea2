"""Channels: what they take away, what they add, and that they never move a sound."""

import time
from typing import Any

import numpy as np
import pytest
import soundfile

from audiocourse.signal import FloatArray
from audiocourse.sounds import Interval, say
from audiocourse.sounds.acoustics.channels import CHANNELS, Augmented, apply_channel, augment, mu_law, vary_speed

SR = 16_000
EACH = pytest.mark.parametrize("channel", CHANNELS)


@pytest.fixture(scope="module")
def speech() -> FloatArray:
    return say("The kettle is boiling, and Sue sees six ships.", voice="en-us+m3", sr=SR).y


def band_db(y: FloatArray, low: float, high: float, *, sr: int = SR) -> float:
    power = np.abs(np.fft.rfft(y.astype(np.float64))) ** 2
    hertz = np.fft.rfftfreq(y.size, 1 / sr)
    return float(10 * np.log10(power[(hertz >= low) & (hertz < high)].sum() + 1e-20))


def sent(y: FloatArray, channel: str, seed: int = 1, sr: int = SR) -> FloatArray:
    return apply_channel(y, channel, sr=sr, rng=np.random.default_rng(seed))


@EACH
@pytest.mark.parametrize("sr", [8000, 16_000, 22_050, 44_100])
def test_nothing_moves(channel: str, sr: int) -> None:
    y = say("Six ships leave the harbour.", voice="en-us+m3", sr=sr).y
    x = sent(y, channel, sr=sr)
    assert x.shape == y.shape
    assert x.dtype == y.dtype
    # the correlation at once, over spectra; a quarter of a millisecond is four samples at 16 kHz
    correlation = np.fft.irfft(np.conj(np.fft.rfft(y, 2 * y.size)) * np.fft.rfft(x, 2 * y.size))
    lag = int(np.argmax(np.abs(correlation)))
    assert min(lag, 2 * y.size - lag) <= sr / 4000
    assert 1.0 > np.max(np.abs(x)) > 0.02


@EACH
def test_the_channel_is_heard(channel: str, speech: FloatArray) -> None:
    assert not np.allclose(sent(speech, channel), speech, atol=1e-4)


@EACH
def test_float64_stays_and_the_sound_is_left_alone(channel: str, speech: FloatArray) -> None:
    before = speech.astype(np.float64)
    kept = before.copy()
    assert sent(before, channel).dtype == np.float64
    assert np.array_equal(before, kept)


@EACH
@pytest.mark.parametrize("samples", [2, 50, 700])
def test_short_sounds_and_silence(channel: str, samples: int, speech: FloatArray) -> None:
    for y in (speech[5000 : 5000 + samples], np.zeros(samples, np.float32)):
        x = sent(y, channel)
        assert x.shape == y.shape
        assert np.all(np.isfinite(x))
    assert np.max(np.abs(x)) < 0.01  # of silence


def test_the_telephone_band(rng: np.random.Generator) -> None:
    y = 0.1 * rng.standard_normal(4 * SR).astype(np.float32)
    x = sent(y, "telephone")
    loss = [band_db(x, *band) - band_db(y, *band) for band in ((50, 150), (500, 3000), (4100, 8000))]
    assert loss[0] < -20
    assert abs(loss[1]) < 0.5
    assert loss[2] < -30


def test_narrowband_keeps_what_8_khz_can_hold(rng: np.random.Generator) -> None:
    y = 0.1 * rng.standard_normal(4 * SR).astype(np.float32)
    x = sent(y, "narrowband")
    assert abs(band_db(x, 20, 3500) - band_db(y, 20, 3500)) < 0.1
    assert band_db(x, 4200, 8000) - band_db(y, 4200, 8000) < -50


def test_a_small_speaker_has_no_bass_and_bends(rng: np.random.Generator) -> None:
    y = 0.1 * rng.standard_normal(4 * SR).astype(np.float32)
    x = sent(y, "small_speaker")
    assert band_db(x, 20, 120) - band_db(y, 20, 120) < -25
    tone = np.sin(2 * np.pi * 1000 * np.arange(SR) / SR).astype(np.float32)
    bent = sent(0.9 * tone, "small_speaker")
    assert -40 < band_db(bent, 2950, 3050) - band_db(bent, 950, 1050) < -10  # tanh makes the third harmonic


def test_each_microphone_is_another(speech: FloatArray) -> None:
    responses = []
    for seed in range(5):
        x = sent(speech, "microphone", seed)
        responses.append([band_db(x, low, 2 * low) - band_db(speech, low, 2 * low) for low in (100, 400, 1600, 4000)])
    assert np.all(np.std(responses, axis=0) > 0.3)
    assert np.max(np.abs(responses)) < 20


def test_clipping_cuts_the_peaks(speech: FloatArray) -> None:
    x = sent(speech, "clipping")
    peak = np.max(np.abs(x))
    assert 6 <= 20 * np.log10(np.max(np.abs(speech)) / peak) <= 18
    assert np.mean(np.abs(x) == peak) > 0.002
    assert np.array_equal(x[np.abs(speech) < peak], speech[np.abs(speech) < peak])


def test_mu_law_is_that_of_torchaudio() -> None:
    torch = pytest.importorskip("torch")
    functional = pytest.importorskip("torchaudio").functional
    y = np.linspace(-1, 1, 5001)
    theirs = functional.mu_law_decoding(functional.mu_law_encoding(torch.from_numpy(y), 256), 256).numpy()
    assert np.max(np.abs(mu_law(y) - theirs)) < 1e-6  # they compute in float32


def test_mu_law_has_256_values_and_a_steady_ratio() -> None:
    y = np.linspace(-1, 1, 100_001)
    assert np.unique(mu_law(y)).size == 256
    for peak in (0.01, 0.1, 1.0):  # what makes it worth its name: the ratio hardly depends on the level
        tone = peak * np.sin(np.arange(50_000) / 7)
        ratio = 10 * np.log10(np.mean(tone**2) / np.mean((mu_law(tone) - tone) ** 2))
        assert 30 < ratio < 42
    assert mu_law(np.array([2.0, -2.0])) == pytest.approx([1, -1])


@pytest.mark.parametrize(("channel", "least"), [("gsm", 3), ("vorbis", 6), ("mp3", 6), ("opus", 6)])
def test_codecs_are_like_the_sound(channel: str, least: float, speech: FloatArray) -> None:
    """Below 3.4 kHz; a codec out of step by a millisecond would have less than 0 dB."""
    narrow, coded = (sent(y, "narrowband").astype(np.float64) for y in (speech, sent(speech, channel)))
    assert 10 * np.log10(np.sum(narrow**2) / np.sum((coded - narrow) ** 2)) > least


def test_libsndfile_has_the_codecs() -> None:
    assert {"VORBIS", "OPUS"} <= set(soundfile.available_subtypes("OGG"))
    assert "GSM610" in soundfile.available_subtypes("WAV")
    assert "MPEG_LAYER_III" in soundfile.available_subtypes("MP3")


def test_speed_changes_duration_and_pitch() -> None:
    tone = np.sin(2 * np.pi * 400 * np.arange(SR) / SR).astype(np.float32)
    for factor in (0.8, 1.0, 1.25):
        x = vary_speed(tone, factor)
        assert x.size == int((tone.size - 1) / factor) + 1
        spectrum = np.abs(np.fft.rfft(x * np.hanning(x.size)))
        assert np.argmax(spectrum) * SR / x.size == pytest.approx(400 * factor, abs=2)
    assert np.array_equal(vary_speed(tone, 1.0), tone)


def test_an_augmented_sound_says_what_happened(speech: FloatArray) -> None:
    seen = set()
    for seed in range(40):
        done = augment(speech, sr=SR, rng=np.random.default_rng(seed))
        names = [name for name, _ in done.steps]
        assert len(set(names)) == len(names)
        assert (done.speed != 1) == ("speed" in names)
        assert done.y.size == int((speech.size - 1) / done.speed) + 1
        assert np.max(np.abs(done.y)) <= 1
        assert done.y.dtype == np.float32
        seen.add(tuple(name for name in names if name != "speed"))
    assert {("noise", "room"), ("room", "noise")} <= {
        tuple(name for name in order if name in ("noise", "room")) for order in seen
    }


def test_share(speech: FloatArray) -> None:
    nothing = augment(speech, sr=SR, rng=np.random.default_rng(1), share=0)
    assert np.array_equal(nothing.y, speech)
    assert nothing.steps == ()
    everything = augment(speech, sr=SR, rng=np.random.default_rng(1), share=1)
    assert sorted(name for name, _ in everything.steps) == ["channel", "level", "noise", "room", "speed"]


def test_ranges_are_obeyed(speech: FloatArray, level_db: Any) -> None:
    quiet: dict[str, Any] = {"share": 1, "speed": (1.0, 1.0), "rt60": (0.05, 0.05), "channels": ["narrowband"]}
    for seed in range(5):
        rng = np.random.default_rng(seed)
        done = augment(speech, sr=SR, rng=rng, snr_db=(90, 90), level_db=(-20.0, -20.0), **quiet)
        if done.steps[-1][0] == "level":
            assert level_db(done.y) == pytest.approx(-20, abs=0.01)
        assert dict(done.steps)["noise"].endswith("at 90.0 dB")
        assert dict(done.steps)["channel"] == "narrowband"


def test_noises_of_ones_own(speech: FloatArray) -> None:
    """A noise of one tone, shorter than the sound, is repeated and added at the ratio."""
    tone = np.sin(2 * np.pi * 1000 * np.arange(SR // 4) / SR).astype(np.float32)
    for seed in range(20):
        done = augment(speech, sr=SR, rng=np.random.default_rng(seed), share=0.3, snr_db=(0, 0), noises=[tone])
        if done.steps == (("noise", "noise 0 at 0.0 dB"),):
            assert band_db(done.y, 990, 1010) == pytest.approx(band_db(done.y, 20, 990), abs=3)
            assert np.dot(done.y, speech) > 0
            return
    pytest.fail("no draw of twenty added noise alone")


def test_the_truth_moves_with_the_speed() -> None:
    done = Augmented(np.zeros(1), 1, 2.0, ())
    assert done.moved([Interval(1, 3, "word")]) == [Interval(0.5, 1.5, "word")]


def test_more_than_a_hundred_times_real_time(speech: FloatArray) -> None:
    long = np.tile(speech, 2)
    augment(long, sr=SR, rng=np.random.default_rng(0), share=1)
    begin = time.process_time()
    seconds = sum(augment(long, sr=SR, rng=np.random.default_rng(seed)).y.size / SR for seed in range(30))
    assert seconds / (time.process_time() - begin) > 100


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda y, rng: apply_channel(y, "radio", sr=SR, rng=rng), ("channel 'radio'", "telephone")),
        (lambda y, _rng: apply_channel(y, "gsm", sr=SR, rng=5), ("default_rng",)),
        (lambda y, rng: apply_channel(y, "gsm", sr=0, rng=rng), ("sr",)),
        (lambda y, rng: apply_channel(y, "gsm", sr=4000, rng=rng), ("8000",)),
        (lambda y, rng: apply_channel(y, "mp3", sr=23_000, rng=rng), ("23000", "16000")),
        (lambda y, rng: apply_channel(np.stack([y, y]), "gsm", sr=SR, rng=rng), ("mono",)),
        (lambda y, rng: apply_channel((y * 100).astype(np.int16), "gsm", sr=SR, rng=rng), ("int16",)),
        (lambda _y, rng: apply_channel(np.full(9, np.nan), "gsm", sr=SR, rng=rng), ("NaN",)),
        (lambda _y, _rng: mu_law(np.zeros((2, 9))), ("mono",)),
        (lambda y, _rng: vary_speed(y, 0.4), ("factor", "0.5")),
        (lambda y, _rng: vary_speed(y, float("nan")), ("factor",)),
        (lambda _y, rng: augment(np.zeros(999), sr=SR, rng=rng), ("silent",)),
        (lambda y, _rng: augment(y, sr=SR, rng=3), ("default_rng",)),
        (lambda y, rng: augment(y, sr=SR, rng=rng, share=2), ("share",)),
        (lambda y, rng: augment(y, sr=SR, rng=rng, speed=(1.1, 0.9)), ("upper end of speed",)),
        (lambda y, rng: augment(y, sr=SR, rng=rng, rt60=0.3), ("rt60", "pair")),
        (lambda y, rng: augment(y, sr=SR, rng=rng, snr_db=(-200, 0)), ("lower end of snr_db",)),
        (lambda y, rng: augment(y, sr=SR, rng=rng, share=1, channels=["radio"]), ("channel 'radio'",)),
    ],
)
def test_refusals(ask: Any, words: tuple[str, ...], speech: FloatArray, rng: np.random.Generator, refuses: Any) -> None:
    with refuses(*words):
        ask(speech, rng)
