"""Every function that takes a sound meets every awkward one: a finite answer or one clear sentence, never a warning."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from audiocourse import AudioCourseError, signal

SR = 16_000
SIZES = {"n_fft": 512, "hop_length": 160}
LONG_HOP = {"n_fft": 512, "hop_length": 700}  # longer than the window
PITCH = {"sr": SR, "fmin": 100.0, "fmax": 800.0, "frame_length": 1024, "hop_length": 256}
MELS = {"sr": SR, "n_mels": 40}
RNG = np.random.default_rng(0)


def strength(y: signal.FloatArray) -> signal.FloatArray:
    return signal.onset_strength(y, sr=SR, **SIZES)


def roundtrip(y: signal.FloatArray) -> signal.FloatArray:
    return signal.istft(signal.stft(y, **SIZES), **SIZES, length=y.size)


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "stft": lambda y: signal.stft(y, **SIZES),
    "stft, long hop": lambda y: signal.stft(y, **LONG_HOP),
    "stft, not centred": lambda y: signal.stft(y, **SIZES, center=False),
    "there and back": roundtrip,
    "power_spectrogram": lambda y: signal.power_spectrogram(y, **SIZES),
    "spectrogram_dbfs": lambda y: signal.spectrogram_dbfs(y, **SIZES),
    "spectrum_dbfs": lambda y: signal.spectrum_dbfs(y),
    "mel_spectrogram": lambda y: signal.mel_spectrogram(y, **MELS, **SIZES),
    "mfcc": lambda y: signal.mfcc(y, **MELS, **SIZES, n_mfcc=13),
    "delta of mfcc": lambda y: signal.delta(signal.mfcc(y, **MELS, **SIZES, n_mfcc=13)),
    "cmvn of mfcc": lambda y: signal.cmvn(signal.mfcc(y, **MELS, **SIZES, n_mfcc=13)),
    "chroma": lambda y: signal.chroma(y, sr=SR, **SIZES),
    "cqt": lambda y: signal.cqt(y, sr=SR, hop_length=256, fmin=110.0, n_bins=36),
    "estimate_tuning": lambda y: signal.estimate_tuning(y, sr=SR, **SIZES),
    "yin": lambda y: signal.yin(y, **PITCH),
    "pyin": lambda y: signal.pyin(y, **PITCH),
    "onset_strength": strength,
    "onset_times": lambda y: signal.onset_times(strength(y), sr=SR, hop_length=160),
    "tempo": lambda y: signal.tempo(strength(y), sr=SR, hop_length=160),
    "dominant_bpm": lambda y: signal.dominant_bpm(strength(y), frame_rate=100.0, slowest=60, fastest=240),
    "beat_times": lambda y: signal.beat_times(strength(y), bpm=120.0, sr=SR, hop_length=160),
    "quantise": lambda y: signal.quantise(y, bits=8, dither="triangular", rng=np.random.default_rng(0)),
    "decimate": lambda y: signal.decimate(y, factor=2),
    "resample_sinc": lambda y: signal.resample_sinc(y, sr_from=SR, sr_to=11_025),
    "filter_fir": lambda y: signal.filter_fir(y, signal.lowpass(1000, sr=SR, taps=31)),
    "griffin_lim": lambda y: signal.griffin_lim(np.abs(signal.stft(y, **SIZES)), **SIZES, iterations=2),
    "spectral_centroid": lambda y: signal.spectral_centroid(np.abs(signal.stft(y, **SIZES)), F),
    "spectral_bandwidth": lambda y: signal.spectral_bandwidth(np.abs(signal.stft(y, **SIZES)), F),
    "spectral_rolloff": lambda y: signal.spectral_rolloff(np.abs(signal.stft(y, **SIZES)), F, of="energy"),
    "spectral_flatness": lambda y: signal.spectral_flatness(np.abs(signal.stft(y, **SIZES))),
}
F = signal.fft_frequencies(512, SR)
LOUD = (3 * np.sin(2 * np.pi * 200 * np.arange(SR) / SR)).astype(np.float32)
GOOD: dict[str, Any] = {
    "silence": np.zeros(SR, np.float32),
    "a constant": np.full(SR, 0.3, np.float32),
    "clipped": np.clip(LOUD, -1, 1),
    "beyond full scale": LOUD,
    "one click": np.eye(1, SR, 5000, dtype=np.float32)[0],
    "shorter than a frame": RNG.uniform(-1, 1, 100).astype(np.float32),
    "one sample": np.array([0.5], np.float32),
    "every second sample of an array": LOUD[::2],
}
BAD: dict[str, tuple[Any, str]] = {
    "NaN": (np.where(np.arange(SR) == 7, np.nan, LOUD).astype(np.float32), "NaN"),
    "infinity": (np.where(np.arange(SR) == 7, np.inf, LOUD).astype(np.float32), "infinit"),
    "integers": (np.zeros(SR, np.int16), "int16"),
    "a list": ([0.0] * SR, "list"),
    "nothing": (np.zeros(0, np.float32), "empty"),
    "three dimensions": (np.zeros((2, 2, SR), np.float32), "shape"),
}
TAKES_STEREO = {"quantise", "decimate", "resample_sinc", "filter_fir"}
MAY_BE_NAN = {"yin", "pyin"}  # no pitch, said in their docstrings


def arrays(result: Any) -> Iterator[np.ndarray]:
    """Every number in a result."""
    if dataclasses.is_dataclass(result):
        result = tuple(vars(result).values())
    if isinstance(result, tuple):
        for part in result:
            yield from arrays(part)
    else:
        yield np.asarray(result)


@pytest.mark.parametrize("sound", GOOD)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_awkward_sound_gets_a_finite_answer_or_a_sentence(name: str, sound: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            result = FUNCTIONS[name](GOOD[sound])
        except AudioCourseError as error:
            assert "\n" not in str(error)
            assert str(error).endswith(".")
            return
    for array in arrays(result):
        assert name in MAY_BE_NAN or np.isfinite(array).all()


@pytest.mark.parametrize("sound", BAD)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_no_sound_is_refused(name: str, sound: str, refuses: Any) -> None:
    y, said = BAD[sound]
    with refuses(said):
        FUNCTIONS[name](y)


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - TAKES_STEREO))
def test_two_channels_are_never_mixed_silently(name: str) -> None:
    with pytest.raises(AudioCourseError):
        FUNCTIONS[name](np.stack([LOUD, -LOUD]))


@pytest.mark.parametrize("name", sorted(TAKES_STEREO))
def test_filters_and_rounding_keep_channels_apart(name: str) -> None:
    both = FUNCTIONS[name](np.stack([LOUD, 0 * LOUD]))
    assert both.ndim == 2
    if name != "quantise":  # whose dither is random
        peak = float(np.abs(both).max())
        # Sixteen steps of float32 at the peak: convolutions sum one channel and two in another order.
        np.testing.assert_allclose(both[0], FUNCTIONS[name](LOUD), atol=16 * peak * np.finfo(np.float32).eps)
        assert not both[1].any()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda y: signal.mel_spectrogram(y, sr=SR, n_mels=400, **SIZES), "bands are empty"),
        (lambda y: signal.mel_spectrogram(y, **MELS, **SIZES, fmin=4000, fmax=300), "must lie below"),
        (lambda y: signal.pyin(y, **{**PITCH, "fmin": 900.0}), "fmin is 900.0 Hz and fmax 800.0 Hz"),
        (lambda y: signal.yin(y, **{**PITCH, "fmin": 0.0}), "fmin"),
        (lambda y: signal.cqt(y, sr=SR, hop_length=256, fmin=0.0, n_bins=36), "fmin"),
        (lambda y: signal.stft(y, n_fft=512, hop_length=160, win_length=600), "longer than n_fft"),
        (lambda y: signal.istft(signal.stft(y, **LONG_HOP), **LONG_HOP), "no window covers"),
        (lambda y: signal.istft(signal.stft(y, **SIZES), **SIZES, length=0), "length is 0"),
        (lambda y: signal.istft(signal.stft(y, **SIZES), **SIZES, length=99.5), "length is 99.5"),
        (lambda y: signal.stft(y, **SIZES, win_length=1), "one sample is zero"),
        (lambda _: signal.resynthesise(np.ones((4, 3)), np.zeros(4), hop_length=2), "zero everywhere"),
        (lambda _: signal.resynthesise(np.ones((4, 3)), [1, 1, 1, 1], hop_length=2), "array of the same length"),
        (lambda y: signal.power_spectrogram(y, **SIZES, filters=[[1.0]]), "a list of shape"),
        (lambda y: signal.mel_spectrogram(y, **MELS, **SIZES, fmin="20"), "fmin is '20'"),
        (lambda y: signal.mel_spectrogram(y, **MELS, **SIZES, fmax="8000"), "fmax is '8000'"),
        (lambda _: signal.mel_triangles(F, [0, 100, 200]), "rising order"),
        (lambda _: signal.mel_triangles([1.0, 2.0], np.array([0.0, 1, 2])), "finite array"),
        (lambda y: signal.mfcc(y, **MELS, **SIZES, n_mfcc=13, top_db="80"), "top_db is '80'"),
        (lambda y: signal.yin(y, **{**PITCH, "fmin": None}), "fmin is None"),
        (lambda y: signal.yin(y, **PITCH, threshold="low"), "threshold is 'low'"),
        (lambda _: signal.cents_apart([440.0], 440.0), "np.asarray"),
        (lambda _: signal.lowpass("1000", sr=SR, taps=31), "cutoff is '1000'"),
        (lambda y: signal.resample_sinc(y, sr_from=SR, sr_to=8000, rolloff=None), "rolloff is None"),
        (lambda y: signal.spectral_rolloff(np.abs(signal.stft(y, **SIZES)), F, share="most", of="energy"), "share is"),
        (lambda y: signal.griffin_lim(np.abs(signal.stft(y, **SIZES)), **SIZES, rng=3), "rng is a int"),
        (lambda y: signal.griffin_lim(np.abs(signal.stft(y, **SIZES)), **SIZES, momentum="1"), "momentum is '1'"),
        (lambda _: signal.magnitude_dbfs(np.ones(3), window=np.ones(4), n_fft=4.0), "n_fft is 4.0"),
        (
            lambda _: signal.dominant_bpm(np.arange(99.0), frame_rate="86", slowest=60, fastest=240),
            "frame_rate is '86'",
        ),
        (lambda _: signal.hz_to_midi(0.0), "0"),
        (lambda _: signal.pitch_class(np.array([440.0, 0.0])), "0"),
    ],
)
def test_options_that_cannot_be_are_named(call: Callable[[Any], Any], said: str, refuses: Any) -> None:
    with refuses(said):
        call(LOUD)


@pytest.mark.parametrize("name", ["tempo", "dominant_bpm"])
def test_silence_has_no_tempo(name: str, refuses: Any) -> None:
    with refuses("no tempo"):
        FUNCTIONS[name](GOOD["silence"])
