"""Notes, tuning and chroma: librosa's numbers stand in tests/parity; here is what music must obey."""

from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray, frame_level_db
from audiocourse.signal.tonal import (
    PITCH_CLASSES,
    chroma,
    chroma_filterbank,
    estimate_tuning,
    hz_to_midi,
    midi_to_hz,
    note_name,
    pitch_class,
)

SR = 22_050
SIZES = {"sr": SR, "n_fft": 4096, "hop_length": 1024}


def notes(*midi: float, seconds: float = 1.0, partials: int = 4, peak: float = 0.2) -> FloatArray:
    time = np.arange(round(seconds * SR)) / SR
    waves = [np.sin(2 * np.pi * k * midi_to_hz(p) * time) / k for p in midi for k in range(1, partials + 1)]
    return (peak * np.sum(waves, axis=0)).astype(np.float32)


def scale(detuned: float) -> FloatArray:
    return np.concatenate([notes(p + detuned, seconds=0.4) for p in (60, 62, 64, 65, 67, 69, 71, 72)])


def test_known_pitches() -> None:
    assert hz_to_midi(440.0) == 69
    assert midi_to_hz(60.0) == pytest.approx(261.6256, abs=1e-4)
    assert hz_to_midi(880) - hz_to_midi(440) == 12
    midi = np.linspace(-20, 140, 300)
    np.testing.assert_allclose(hz_to_midi(midi_to_hz(midi)), midi, atol=1e-12)


def test_numbers_stay_numbers_and_arrays_keep_their_type() -> None:
    assert isinstance(hz_to_midi(440.0), float)
    assert isinstance(midi_to_hz(69), float)
    assert hz_to_midi(np.full((2, 3), 440, np.float32)).dtype == np.float32
    np.testing.assert_array_equal(midi_to_hz(np.array([57, 69], np.uint8)), [220, 440])  # unsigned 57 − 69 would wrap


def test_names() -> None:
    assert [note_name(p) for p in (21, 60, 61, 69, 108, 0)] == ["A0", "C4", "C#4", "A4", "C8", "C-1"]
    assert (note_name(68.6), note_name(69.4), note_name(71.6)) == ("A4", "A4", "C5")


def test_every_octave_of_a_note_has_its_class() -> None:
    for octave in range(1, 9):
        hz = midi_to_hz(12.0 * octave + np.arange(12))
        np.testing.assert_array_equal(pitch_class(hz), np.arange(12))
        assert [note_name(p).rstrip("0123456789") for p in hz_to_midi(hz)] == list(PITCH_CLASSES)


def test_the_nearest_note_wins_also_across_the_octave() -> None:
    """47 cents above B the note is still a B; 3 cents more and it is the C of the next octave, class 0 and not 12."""
    np.testing.assert_array_equal(pitch_class(midi_to_hz(np.array([71.47, 71.53, 59.6, 60.4]))), [11, 0, 0, 0])
    one = pitch_class(440.0)
    assert (one.dtype, one.shape, int(one)) == (np.int64, (), 9)
    assert pitch_class(np.array([[440, 262]])).shape == (1, 2)


@pytest.mark.parametrize("detuned", [-0.45, -0.3, -0.1, 0.0, 0.3, 0.45])
def test_tuning_of_a_scale(detuned: float, rng: np.random.Generator) -> None:
    y = scale(detuned)
    assert estimate_tuning(y, **SIZES) == pytest.approx(detuned, abs=0.02)
    noisy = y + 0.005 * rng.standard_normal(y.size).astype(np.float32)
    assert estimate_tuning(noisy, **SIZES) == pytest.approx(detuned, abs=0.02)


def test_half_a_semitone_flat_is_half_a_semitone_sharp() -> None:
    assert abs(estimate_tuning(scale(0.5), **SIZES)) >= 0.48  # 0.5 itself, measured to ±0.02 around the circle
    assert estimate_tuning(scale(0.7), **SIZES) == pytest.approx(-0.3, abs=0.02)


def test_loud_notes_outvote_soft_ones_though_fewer() -> None:
    loud, soft = notes(65.2, seconds=2, partials=1), notes(61.6, 70.6, 75.6, 80.6, seconds=2, partials=1, peak=0.04)
    assert estimate_tuning(loud + soft, **SIZES) == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("cents", [-41, -17, 3, 8, 26, 38])
def test_tuning_of_one_tone_is_right_to_the_cent(cents: int) -> None:
    """Between the bins the formula for the Hann window is exact; a parabola is some cents off."""
    for n_fft, beside in [(2048, 0.003), (4096, -0.003)]:  # rounded to the nearest cent from both sides
        y = notes(64 + cents / 100 + beside, partials=1)
        assert estimate_tuning(y, sr=SR, n_fft=n_fft, hop_length=512) == pytest.approx(cents / 100, abs=1e-9)


def test_nothing_to_tune_by_is_said(refuses: Any, tone: Any) -> None:
    for y in (np.zeros(SR, np.float32), np.full(SR, 0.5, np.float32), tone(60, sr=SR)):
        with refuses("no spectral peaks between 150 and 4000 Hz", "notes in it"):
            estimate_tuning(y, **SIZES)
    with refuses("no spectral peaks"):
        estimate_tuning(tone(440, sr=SR), sr=SR, n_fft=2, hop_length=512)


@pytest.mark.parametrize("root", range(48, 72))
@pytest.mark.parametrize("chord", [(0, 4, 7), (0, 3, 7), (0, 7, 16), (-5, 0, 4)])
def test_a_triad_shows_its_three_classes(root: int, chord: tuple[int, ...]) -> None:
    pitches = [root + step for step in chord]
    inner = chroma(notes(*pitches), **SIZES)[:, 3:-3]
    top = np.sort(np.argsort(inner, axis=0)[-3:], axis=0)
    np.testing.assert_array_equal(top, np.repeat(np.sort(np.mod(pitches, 12))[:, None], inner.shape[1], axis=1))


def test_a440_is_class_9_with_the_maximum_1(tone: Any) -> None:
    shares = chroma(tone(440, sr=SR), **SIZES)
    assert shares.shape == (12, 1 + SR // 1024)
    np.testing.assert_array_equal(np.argmax(shares, axis=0), 9)
    np.testing.assert_array_equal(shares.max(axis=0), 1)
    assert shares.min() >= 0


def test_octaves_look_the_same(tone: Any) -> None:
    """Bins as wide as a semitone would blur low octaves, so from A3 up at this n_fft."""
    columns = [chroma(tone(hz, sr=SR), **SIZES)[:, 10] for hz in (220, 440, 880, 1760)]
    for column in columns:
        assert np.argmax(column) == 9
        np.testing.assert_allclose(column, columns[1], atol=0.1)  # neighbours: the main lobe is wider below


def test_loudness_does_not_matter_above_the_gate() -> None:
    y = notes(60, 64, 67)
    np.testing.assert_allclose(chroma(y / 100, **SIZES), chroma(y, **SIZES), atol=1e-5)  # float32


@pytest.mark.parametrize("peak", [1e-5, 1e-4, 1e-3])
def test_the_noise_of_a_quiet_room_is_gated(peak: float, rng: np.random.Generator) -> None:
    hiss = (peak * rng.uniform(-1, 1, SR)).astype(np.float32)
    assert chroma(hiss, **SIZES).max() == 0
    assert chroma(hiss, **SIZES, gate_db=-np.inf).max() == 1  # what it would look like without


def test_silence_is_zero_and_opens_no_gate() -> None:
    for gate in (-60.0, -np.inf):
        shares = chroma(np.zeros(5000, np.float32), **SIZES, gate_db=gate)
        assert shares.shape == (12, 5)
        assert not shares.any()


def test_each_frame_has_its_own_gate(rng: np.random.Generator) -> None:
    hiss = (1e-4 * rng.uniform(-1, 1, SR)).astype(np.float32)
    shares = chroma(np.concatenate([notes(69), hiss]), **SIZES)
    heard = shares.max(axis=0) > 0
    np.testing.assert_array_equal(heard, np.arange(heard.size) <= (SR + 2048) // 1024)  # the last frame that reaches in


@pytest.mark.parametrize("n_fft", [1024, 1025, 4096])
def test_the_gate_means_the_level_of_the_frame(n_fft: int, tone: Any) -> None:
    y = tone(440, sr=SR, peak=0.01)
    level = float(frame_level_db(y[:, None])[0])  # −43.01 dB: twenty times 100 below full scale, and 3 dB for the sine
    sizes = {"sr": SR, "n_fft": n_fft, "hop_length": 512}
    assert chroma(y, **sizes, gate_db=level - 0.1)[:, 20].max() == 1
    assert chroma(y, **sizes, gate_db=level + 0.1)[:, 20].max() == 0


def test_an_offset_is_no_sound() -> None:
    assert chroma(np.full(SR, 0.1, np.float32), **SIZES)[:, 2:-2].max() == 0  # at the edges it is a click, which is one


def test_tuning_moves_the_filters_with_the_instruments() -> None:
    """Half way between two notes the wrong tuning leaves the choice to chance, the right one does not."""
    tuned = chroma(notes(60, 64, 67), **SIZES)[:, 10]
    flat = notes(59.6, 63.6, 66.6)
    right = chroma(flat, **SIZES, tuning=estimate_tuning(flat, **SIZES))[:, 10]
    np.testing.assert_allclose(right, tuned, atol=0.1)
    assert np.abs(chroma(flat, **SIZES)[:, 10] - tuned).max() > 0.3


def test_filters_cover_all_and_turn_with_the_semitones() -> None:
    bank = chroma_filterbank(sr=SR, n_fft=8192)
    assert bank.shape == (12, 4097)
    assert bank.min() >= 0
    frequencies = np.arange(300, 3000) * SR / 8192
    np.testing.assert_array_equal(np.argmax(bank[:, 300:3000], axis=0), pitch_class(frequencies))
    sharp = chroma_filterbank(sr=SR, n_fft=8192, tuning=1.0)
    np.testing.assert_array_equal(np.argmax(sharp[:, 300:3000], axis=0), (pitch_class(frequencies) - 1) % 12)


@pytest.mark.parametrize("samples", [1, 100, 4095])
def test_short_signals(samples: int, rng: np.random.Generator) -> None:
    shares = chroma(rng.uniform(-1, 1, samples).astype(np.float32), **SIZES)
    assert shares.shape == (12, 1 + samples // 1024)
    assert np.isfinite(shares).all()


def test_layout_and_type() -> None:
    y = notes(60, 64)
    np.testing.assert_array_equal(chroma(np.repeat(y, 2)[::2], **SIZES), chroma(y, **SIZES))
    assert chroma(y, **SIZES).dtype == np.float32
    assert chroma(y.astype(float), **SIZES).dtype == np.float64
    np.testing.assert_allclose(chroma(y.astype(float), **SIZES), chroma(y, **SIZES), atol=1e-5)  # float32
    np.testing.assert_array_equal(chroma(np.clip(4 * y, -1, 1), **SIZES).max(axis=0), 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sr": 0}, "sr is 0"),
        ({"n_fft": 2}, "too short to tell notes apart"),
        ({"n_fft": 2048.0}, "n_fft is 2048.0"),
        ({"hop_length": 0}, "hop_length is 0"),
        ({"tuning": 30}, "divide cents by 100"),
        ({"tuning": np.nan}, "tuning is nan"),
        ({"tuning": True}, "tuning is True"),
        ({"gate_db": 60}, "gate_db is 60"),
        ({"gate_db": np.nan}, "gate_db is nan"),
        ({"gate_db": None}, "gate_db is None"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], said: str, refuses: Any) -> None:
    with refuses(said):
        chroma(np.zeros(5000, np.float32), **{**SIZES, **options})


@pytest.mark.parametrize("function", [chroma, estimate_tuning])
def test_bad_signals_are_refused(function: Any, refuses: Any) -> None:
    for y, said in [
        (np.zeros((2, 5000), np.float32), "2 channels"),
        (np.full(5000, np.nan, np.float32), "NaN"),
        (np.zeros(5000, np.int16), "int16"),
        (np.zeros(0, np.float32), "empty"),
        ([0.0, 1.0], "list"),
    ]:
        with refuses(said):
            function(y, **SIZES)
    with refuses("sr is 0"):
        function(np.zeros(5000, np.float32), **{**SIZES, "sr": 0})


@pytest.mark.parametrize("function", [hz_to_midi, pitch_class])
def test_what_has_no_pitch_is_refused(function: Any, refuses: Any) -> None:
    for hz, said in [
        (0.0, "frequency of 0 Hz"),
        (np.array([440.0, -1.0]), "frequency of -1 Hz"),
        (np.array([440.0, np.nan]), "NaN"),
        (np.inf, "infinity"),
        (np.array([440j]), "complex128"),
        (np.array([True]), "bool"),
        (True, "bool"),
        ("A4", "str"),
        ([440.0], "list"),
        (None, "NoneType"),
    ]:
        with refuses(said):
            function(hz)


@pytest.mark.parametrize("function", [midi_to_hz, note_name])
def test_what_is_no_note_number_is_refused(function: Any, refuses: Any) -> None:
    for midi, said in [(440.0, "outside -128 to 255"), (-200, "outside"), (np.nan, "NaN"), ("C4", "str")]:
        with refuses(said):
            function(midi)


def test_one_name_for_one_note(refuses: Any) -> None:
    with refuses("names one note"):
        note_name(np.array([60.0, 64.0]))  # type: ignore[arg-type]
