"""Melodies: the pitch that is written is the pitch that sounds, at the level and the times that are written."""

from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray
from audiocourse.sounds.music.melody import TIMBRES, Melody, Note, chord, melody, tone_along

SR = 16_000
LEVEL = 0.1  # −20 dB re full scale


def play(midi: Any, **options: Any) -> Melody:
    return melody(midi, **{"beats": [1] * len(midi), "bpm": 60, "sr": SR, **options})


def rms(y: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(y, dtype=np.float64))))


def spectrum(y: FloatArray) -> FloatArray:
    """The amplitude of each whole hertz in a second of sound."""
    window = np.hanning(y.size + 1)[:-1]
    return np.abs(np.fft.rfft(y * window)) * 2 / window.sum()


def test_a_note_of_440_hz_has_its_harmonics_there() -> None:
    lines = spectrum(play([69], timbre="string").y)
    harmonics = lines[440:7000:440]
    np.testing.assert_allclose(harmonics[:14] / harmonics[0], 1 / np.arange(1, 15), rtol=0.01)  # fades widen the lines


@pytest.mark.parametrize(("timbre", "second"), [("flute", 0.3), ("string", 0.5), ("weak_fundamental", 0.5 / 0.03)])
def test_timbres_share_the_energy_out_differently(timbre: str, second: float) -> None:
    lines = spectrum(play([57], timbre=timbre).y)
    assert lines[440] / lines[220] == pytest.approx(second, rel=0.01)


def test_a_voice_is_loudest_at_its_formant() -> None:
    lines = spectrum(play([45], timbre="voice").y)  # 110 Hz
    strongest = 110 * (1 + np.argmax(lines[110:8000:110]))
    assert abs(strongest - 700) <= 55


def test_times_pitches_and_rests_are_those_asked_for() -> None:
    song = melody([60, None, 62.5, 60], beats=[1, 0.5, 2, 0.25], bpm=120, sr=SR)
    assert song.notes == (Note(0.0, 0.5, 60), Note(0.75, 1.75, 62.5), Note(1.75, 1.875, 60))
    assert song.y.dtype == np.float32
    assert song.y.shape == song.f0.shape == (30_000,)
    assert not song.y[8000:12_000].any()
    assert not song.f0[8000:12_000].any()
    assert song.f0[8000 - 1] == pytest.approx(261.6256, abs=1e-3)
    assert song.f0[12_000] == pytest.approx(440 * 2 ** (-6.5 / 12), abs=1e-3)


def test_f0_at_looks_up_every_sample_exactly() -> None:
    song = melody([60, None, 72], beats=[1, 1, 1], bpm=77, sr=22_050, vibrato_cents=50)
    np.testing.assert_array_equal(song.f0_at(np.arange(song.y.size) / 22_050), song.f0)
    assert song.f0_at(np.array([-1.0, -1e-9, 1e300, song.y.size / 22_050])).tolist()[::2] == [0, 0]
    assert song.f0_at(np.array([song.y.size / 22_050])) == 0


@pytest.mark.parametrize("timbre", TIMBRES)
@pytest.mark.parametrize("midi", [36, 60, 96])
def test_every_note_has_the_same_level_and_room_to_spare(timbre: str, midi: int) -> None:
    y = play([midi], timbre=timbre).y
    assert rms(y) == pytest.approx(LEVEL, rel=1e-4)
    assert np.max(np.abs(y)) < 0.8


def test_vibrato_swings_as_far_and_as_fast_as_asked() -> None:
    song = play([69], vibrato_cents=50)
    cents = 1200 * np.log2(song.f0 / 440)
    assert np.max(cents) == pytest.approx(50, abs=0.01)
    assert np.min(cents) == pytest.approx(-50, abs=0.01)
    assert np.count_nonzero(np.diff(np.signbit(cents[1:]))) == 10  # 5.5 swings in a second
    # what sounds moves along: the phase of the analytic signal, where the fades are over
    y = song.y.astype(np.float64)
    sine = tone_along(song.f0, sr=SR, timbre="flute").astype(np.float64)
    np.testing.assert_allclose(y, sine, atol=1e-4)  # f0 is stored in float32
    analytic = np.fft.ifft(np.fft.fft(y) * (np.abs(np.fft.fftfreq(y.size, 1 / SR) - 440) < 220))
    heard = np.diff(np.unwrap(np.angle(analytic))) * SR / (2 * np.pi)
    inner = slice(1000, -1000)
    assert np.max(np.abs(1200 * np.log2(heard[inner] / song.f0[:-1][inner]))) < 2  # half a sample later


def test_nothing_lies_beyond_half_the_rate() -> None:
    lines = spectrum(play([100], timbre="string").y)  # the fourth harmonic, 10548 Hz, would come out at 5452 Hz
    assert set(np.flatnonzero(lines > 1e-3) // 100) == {26, 52, 79}


def test_a_harmonic_falls_silent_where_the_contour_takes_it_beyond_half_the_rate() -> None:
    y = tone_along(np.repeat([500.0, 3000.0], SR), sr=SR, timbre="string")
    assert set(np.flatnonzero(spectrum(y[SR:]) > 3e-3) // 100) <= {29, 30, 59, 60}  # 9000 Hz would be heard at 7000 Hz


def test_notes_do_not_click() -> None:
    """No step between neighbours is larger than a sine of the highest harmonic in full would make."""
    song = play([45, 52, None, 45], timbre="flute")
    loudest = 4 * 165 * 2 * np.pi / SR * np.max(np.abs(song.y))
    assert np.max(np.abs(np.diff(song.y, prepend=0, append=0))) < loudest
    for note in song.notes:
        assert abs(song.y[round(note.start * SR)]) < 1e-3
        assert abs(song.y[round(note.end * SR) - 1]) < 1e-3


def test_a_chord_has_all_its_notes() -> None:
    y = chord([57, 69, 76], seconds=1, sr=SR, timbre="flute")
    assert y.shape == (SR,)
    assert y.dtype == np.float32
    assert rms(y) == pytest.approx(LEVEL, rel=1e-4)
    lines = spectrum(y)
    assert min(lines[220], lines[440], lines[659]) > 10 * lines[300]


def test_a_contour_with_silence_in_it() -> None:
    f0 = np.concatenate([np.full(4000, 200.0), np.zeros(1000), np.linspace(300, 400, 3000)])
    y = tone_along(f0, sr=SR, timbre="voice")
    assert not y[4000:5000].any()
    assert rms(y[f0 > 0]) == pytest.approx(LEVEL, rel=1e-4)
    np.testing.assert_array_equal(tone_along(np.repeat(f0, 2)[::2], sr=SR, timbre="voice"), y)


def test_the_same_arguments_give_the_same_samples() -> None:
    np.testing.assert_array_equal(play([60, 64], vibrato_cents=30).y, play([60, 64], vibrato_cents=30).y)


def test_bad_melodies_are_refused(refuses: Any) -> None:
    with refuses("2 notes and 1 durations"):
        melody([60, 62], beats=[1], bpm=60, sr=SR)
    for silent in ([], [None]):
        with refuses("at least one note"):
            melody(silent, beats=[1] * len(silent), bpm=60, sr=SR)
    for midi in (-1, 128, float("nan"), "C4"):
        with refuses("MIDI number"):
            play([midi])
    for beats in (0, -1, float("nan")):
        with refuses("beats"):
            play([60], beats=[beats])
    for bpm in (0, -60, float("inf")):
        with refuses("bpm"):
            play([60], bpm=bpm)
    with refuses("There is no timbre 'oboe'", "flute, string"):
        play([60], timbre="oboe")
    for cents in (-1, 201, float("nan")):
        with refuses("vibrato_cents"):
            play([60], vibrato_cents=cents)
    with refuses("4186", "4000 Hz"):
        play([108], sr=8000)
    with refuses("sr is 0"):
        play([60], sr=0)
    with refuses("at most 3600"):
        play([60], beats=[1000], bpm=10)


def test_other_bad_sounds_are_refused(refuses: Any) -> None:
    with refuses("at least one note"):
        chord([], seconds=1, sr=SR)
    with refuses("MIDI number"):
        chord([60, None], seconds=1, sr=SR)  # type: ignore[list-item]
    with refuses("seconds is 0"):
        chord([60], seconds=0, sr=SR)
    for f0 in (np.zeros(100), np.full(100, np.nan), np.full(100, -1.0), np.full((2, 100), 200.0), np.zeros(0)):
        with refuses("one frequency in Hz for each sample"):
            tone_along(f0, sr=SR)
    with refuses("8000 Hz"):
        tone_along(np.full(100, 8000.0), sr=SR)
    with refuses("NaN or infinity among the times"):
        play([60]).f0_at(np.array([np.nan]))
