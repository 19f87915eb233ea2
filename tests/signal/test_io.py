"""Files, channels, rates, integers: what is read is what was written, and what cannot be is said in one sentence."""

import io
import os
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.signal
import soundfile

from audiocourse.signal import FloatArray, Recording, from_pcm, read, resample, to_mono, to_pcm16, write

LSB = 1 / 32_768  # one step of 16-bit audio


@pytest.fixture
def noise(rng: np.random.Generator) -> FloatArray:
    return rng.uniform(-0.9, 0.9, 8000).astype(np.float32)


def write_with_wave(path: Path, integers: Any, *, sr: int, width: int, channels: int = 1) -> Path:
    """Write bytes with Python's own `wave`, which shares no code with libsndfile."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(sr)
        file.writeframes(integers.tobytes())
    return path


# --- read ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("integers", "width", "subtype", "zero", "scale"),
    [
        (np.array([0, 64, 128, 255], np.uint8), 1, "PCM_U8", 128, 128),
        (np.array([-32_768, -1, 0, 32_767], "<i2"), 2, "PCM_16", 0, 32_768),
        (np.array([-(2**31), -1, 0, 2**31 - 1], "<i4"), 4, "PCM_32", 0, 2**31),
    ],
)
def test_integers_of_a_file_written_by_python(
    integers: Any, width: int, subtype: str, zero: int, scale: int, tmp_path: Path
) -> None:
    got = read(write_with_wave(tmp_path / "x.wav", integers, sr=8000, width=width))
    assert (got.sr, got.channels, got.subtype, got.format, got.seconds) == (8000, 1, subtype, "WAV", 4 / 8000)
    assert got.y.dtype == np.float32
    np.testing.assert_array_equal(got.y, ((integers.astype(np.float64) - zero) / scale).astype(np.float32))
    np.testing.assert_array_equal(from_pcm(integers), got.y)


@pytest.mark.parametrize("channels", [2, 3, 8, 40])
def test_channels_come_first_and_in_order(channels: int, tmp_path: Path) -> None:
    integers = (1000 * np.arange(channels)[:, None] % 30_000 + np.arange(50)).astype("<i2")  # channel c says so
    got = read(write_with_wave(tmp_path / "x.wav", integers.T.copy(), sr=44_100, width=2, channels=channels))
    assert got.channels == channels
    assert got.y.flags.c_contiguous
    np.testing.assert_array_equal(got.y, integers / np.float32(32_768))


@pytest.mark.parametrize("sr", [8000, 11_025, 44_100, 192_000])
def test_the_rate_of_the_file_is_kept(sr: int, noise: FloatArray, tmp_path: Path) -> None:
    got = read(write(tmp_path / "x.wav", noise, sr))
    assert got.sr == sr
    assert got.seconds == len(noise) / sr
    assert len(got.y) == len(noise)


def test_the_content_decides_not_the_suffix(noise: FloatArray, tmp_path: Path) -> None:
    write(tmp_path / "x.flac", noise, 16_000).rename(tmp_path / "x.wav")
    assert read(str(tmp_path / "x.wav")).format == "FLAC"


def test_a_recording_cannot_be_changed_by_accident(noise: FloatArray) -> None:
    recording = Recording(noise, sr=16_000, channels=1, subtype="PCM_16", format="WAV")
    with pytest.raises(AttributeError):
        recording.sr = 8000


@pytest.fixture
def bad_files(tmp_path: Path) -> Path:
    """A folder with one of each kind of file that is no recording."""
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("These are words, and no sound.\n" * 100)
    soundfile.write(tmp_path / "header.wav", np.zeros(0), 8000)
    soundfile.write(tmp_path / "nan.wav", np.array([0, np.nan, np.inf]), 8000, subtype="FLOAT")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.wav", "There is no file"),
        ("", "is a folder"),
        ("empty.wav", "is empty (0 bytes)"),
        ("text.wav", "not audio, despite its name"),
        ("header.wav", "holds no samples"),
        ("nan.wav", "holds 2 NaN or infinite samples"),
    ],
)
def test_bad_files_get_one_sentence(name: str, words: str, bad_files: Path, refuses: Any) -> None:
    with refuses(words, str(bad_files / name)):
        read(bad_files / name)


@pytest.mark.parametrize("suffix", [".flac", ".ogg", ".mp3", ".raw"])
def test_text_under_any_name_is_not_audio(suffix: str, tmp_path: Path, refuses: Any) -> None:
    path = tmp_path / f"text{suffix}"
    path.write_text("These are words, and no sound.\n" * 100)
    with refuses("damaged or not audio", path.name):
        read(path)


def test_a_file_cut_short_is_damaged(noise: FloatArray, tmp_path: Path, refuses: Any) -> None:
    path = write(tmp_path / "x.flac", noise, 16_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with refuses("damaged or not audio", path.name):
        read(path)


# --- lengths are counted ------------------------------------------------------------------------------------------


def test_a_stream_that_states_no_length_is_read_to_its_end(noise: FloatArray, tmp_path: Path) -> None:
    """What a pipe writes: FLAC with a total of 0 samples, which stands for unknown."""
    data = bytearray(write(tmp_path / "x.flac", noise, 16_000).read_bytes())
    assert int.from_bytes(data[18:26], "big") & (2**36 - 1) == len(noise), "the total is where it was thought to be"
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    (tmp_path / "x.flac").write_bytes(data)
    np.testing.assert_allclose(read(tmp_path / "x.flac").y, noise, atol=LSB)


@pytest.mark.parametrize("odd", [b"", b"LIST\x04\x00\x00\x00INFO"])
def test_a_recorder_that_died_before_it_wrote_the_size_loses_nothing(
    odd: bytes, noise: FloatArray, tmp_path: Path
) -> None:
    data = write(tmp_path / "x.wav", noise, 16_000).read_bytes()
    assert data[36:40] == b"data"
    (tmp_path / "x.wav").write_bytes(data[:36] + odd + b"data" + bytes(4) + data[44:])
    np.testing.assert_allclose(read(tmp_path / "x.wav").y, noise, atol=LSB)


def _mp3_without_its_first_frame(path: Path, y: FloatArray) -> Path:
    """Write MP3 with a variable bit rate and take away the frame (Xing, Info) that says how long it is."""
    with soundfile.SoundFile(
        path, "w", 16_000, 1, format="MP3", bitrate_mode="VARIABLE", compression_level=0.5
    ) as file:
        file.write(y)
    data = path.read_bytes()
    frames = [at for at in range(len(data) - 1) if data[at] == 0xFF and data[at + 1] & 0xE0 == 0xE0]
    assert b"Xing" in data[: frames[1] + 400] or b"Info" in data[: frames[1] + 400]
    path.write_bytes(data[data.find(b"\xff\xf3", 10) :])
    return path


def test_of_an_mp3_that_does_not_state_its_length_nothing_is_lost_in_silence(tmp_path: Path, refuses: Any) -> None:
    rng = np.random.default_rng(0)
    y = np.concatenate([rng.normal(0, 0.3, 16_000), np.zeros(160_000)]).astype(np.float32)  # first dense, then thin
    path = _mp3_without_its_first_frame(tmp_path / "x.mp3", y)
    with refuses("does not state its length", "of its 17", path.name):
        read(path)


def test_an_mp3_that_states_its_length_is_read_whole(noise: FloatArray, tmp_path: Path) -> None:
    assert len(read(write(tmp_path / "x.mp3", np.tile(noise, 10), 16_000)).y) >= 80_000


def test_a_chained_ogg_is_not_taken_for_its_first_part(noise: FloatArray, tmp_path: Path, refuses: Any) -> None:
    one = write(tmp_path / "x.ogg", noise, 16_000)
    assert len(read(one).y) == len(noise)
    (tmp_path / "two.ogg").write_bytes(2 * one.read_bytes())
    with refuses("2 recordings one after the other", "chained OGG"):
        read(tmp_path / "two.ogg")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\0\0\0\x20ftypM4A ", ["AAC in an MP4", "ffmpeg -i voice.m4a voice.wav"]),
        (b"\x1aE\xdf\xa3", ["WebM"]),
        (b"0&\xb2u\x8ef\xcf\x11", ["WMA"]),
        (b"#!AMR\n", ["AMR"]),
    ],
)
def test_what_phones_and_browsers_write_is_named(head: bytes, words: list[str], tmp_path: Path, refuses: Any) -> None:
    path = tmp_path / "voice.m4a"
    path.write_bytes(head + bytes(500))
    with refuses("voice.m4a is ", "convert it", *words):
        read(path)


@pytest.mark.parametrize(("suffix", "container"), [("aiff", "AIFF"), ("caf", "CAF"), ("au", "AU"), ("opus", "OGG")])
def test_what_libsndfile_reads_is_read(suffix: str, container: str, noise: FloatArray, tmp_path: Path) -> None:
    subtype = "OPUS" if suffix == "opus" else "PCM_16"
    soundfile.write(tmp_path / f"x.{suffix}", noise, 16_000, format=container, subtype=subtype)
    assert len(read(tmp_path / f"x.{suffix}").y) >= len(noise)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (None, "not NoneType"),
        (io.BytesIO(b"RIFF"), "not BytesIO"),
        ("x" * 300 + ".wav", "cannot be opened"),
        ("a\0b.wav", "cannot be opened"),
    ],
)
def test_odd_names_get_one_sentence(name: Any, words: str, refuses: Any) -> None:
    with refuses(words):
        read(name)


@pytest.mark.skipif(os.name == "nt", reason="names of bytes, and pipes with names, are of POSIX")
def test_names_that_are_not_utf_8_and_pipes(noise: FloatArray, tmp_path: Path, refuses: Any) -> None:
    odd = tmp_path / os.fsdecode(b"\xff\xfe.wav")
    write(tmp_path / "x.wav", noise, 16_000).rename(odd)
    assert len(read(odd).y) == len(noise)
    os.mkfifo(tmp_path / "pipe.wav")
    with refuses("a device or a pipe"):
        read(tmp_path / "pipe.wav")


# --- write --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "subtype", "stored", "step"),
    [
        ("x.wav", None, "PCM_16", LSB),
        ("x.WAV", "PCM_U8", "PCM_U8", 1 / 128),
        ("x.wav", "PCM_24", "PCM_24", 2**-23),
        ("x.wav", "PCM_32", "PCM_32", 0),
        ("x.wav", "FLOAT", "FLOAT", 0),
        ("x.wav", "DOUBLE", "DOUBLE", 0),
        ("x.flac", None, "PCM_16", LSB),
        ("x.flac", "PCM_24", "PCM_24", 2**-23),
    ],
)
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_lossless_round_trip(
    name: str, subtype: str | None, stored: str, step: float, channels: int, tmp_path: Path, rng: np.random.Generator
) -> None:
    y = rng.uniform(-0.9, 0.9, (channels, 70_000)).astype(np.float32)  # more than one block
    y = y[0] if channels == 1 else y
    path = write(tmp_path / name, y, 22_050, subtype=subtype)
    got = read(path)
    assert path == tmp_path / name
    assert (got.sr, got.channels, got.subtype, got.format) == (22_050, channels, stored, name[2:].upper())
    assert got.y.shape == y.shape
    assert np.max(np.abs(got.y - y)) <= step / 2 + 2**-24  # half a step of rounding, and float32's own


@pytest.mark.parametrize(("name", "subtype"), [("x.ogg", "VORBIS"), ("x.mp3", "MPEG_LAYER_III")])
@pytest.mark.parametrize("channels", [1, 2])
def test_lossy_round_trip(name: str, subtype: str, channels: int, tmp_path: Path, tone: Any) -> None:
    y = np.stack([tone(440.0, sr=44_100, peak=0.5), tone(880.0, sr=44_100, peak=0.3)])[:channels].squeeze()
    got = read(write(tmp_path / name, y, 44_100))
    assert (got.sr, got.channels, got.subtype, got.format) == (44_100, channels, subtype, name[2:].upper())
    assert got.y.shape == y.shape
    assert np.sqrt(np.mean((got.y - y) ** 2)) < 0.02 * np.sqrt(np.mean(y**2))  # −34 dB of coding noise on a pure tone


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
def test_one_sample_is_a_file(suffix: str, tmp_path: Path) -> None:
    got = read(write(tmp_path / f"x{suffix}", np.array([0.5], np.float32), 44_100))
    assert got.y.shape == (1,)
    assert got.y[0] == pytest.approx(0.5, abs=1e-4 if suffix in (".wav", ".flac") else 0.2)  # a codec sees no waveform


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_layout_and_dtype_do_not_matter(dtype: Any, order: Any, tmp_path: Path, rng: np.random.Generator) -> None:
    y = rng.uniform(-0.9, 0.9, (3, 500)).astype(np.float32)
    got = read(write(tmp_path / "x.wav", np.asarray(y, dtype=dtype, order=order), 8000, subtype="FLOAT"))
    np.testing.assert_array_equal(got.y, y)


@pytest.mark.parametrize(
    ("name", "subtype"),
    [("x.wav", s) for s in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "ULAW", "ALAW")]
    + [("x.flac", s) for s in ("PCM_S8", "PCM_16", "PCM_24")],
)
def test_integers_refuse_what_they_would_clip(name: str, subtype: str, tmp_path: Path, refuses: Any) -> None:
    y = np.array([1, -1, 0.5], np.float32)
    got = read(write(tmp_path / name, y, 8000, subtype=subtype)).y
    np.testing.assert_allclose(got, y, atol=0.03)  # full scale keeps its sign; µ-law stores ±0.98
    y[1] = -1.2
    with refuses("reaches 1.2", subtype, 'subtype="FLOAT"' if name == "x.wav" else "make it softer"):
        write(tmp_path / "loud.wav" if name == "x.wav" else tmp_path / "loud.flac", y, 8000, subtype=subtype)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "subtype"), [("x.wav", "FLOAT"), ("x.wav", "DOUBLE"), ("x.ogg", None), ("x.mp3", None)]
)
def test_floats_hold_more_than_one(name: str, subtype: str | None, tmp_path: Path, tone: Any) -> None:
    got = read(write(tmp_path / name, tone(440.0, sr=44_100, peak=1.5), 44_100, subtype=subtype))
    assert np.max(np.abs(got.y)) == pytest.approx(1.5, abs=0.05)  # codecs overshoot at the edges


def test_minutes_of_vorbis_do_not_crash(tmp_path: Path) -> None:
    # In one piece this overflows libsndfile's stack and kills Python: hence blocks, and hence a process of its own.
    script = f"import numpy as np; from audiocourse.signal import write; write({str(tmp_path / 'x.ogg')!r}, "
    script += "np.zeros(2_500_000, np.float32), 44_100)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
    assert len(read(tmp_path / "x.ogg").y) == 2_500_000


@pytest.mark.parametrize(
    ("name", "y", "sr", "subtype", "words"),
    [
        ("x.aiff", np.zeros(9), 8000, None, ["x.aiff", ".wav, .flac, .ogg, .mp3"]),
        ("x", np.zeros(9), 8000, None, ["does not end in"]),
        ("x.flac", np.zeros(9), 8000, "FLOAT", ["FLAC", "'FLOAT'", "PCM_16"]),
        ("x.ogg", np.zeros(9), 200_001, None, ["at 200001 Hz", "up to 200000 Hz"]),  # libsndfile would end the process
        ("x.flac", np.zeros(9), 2**40, None, ["up to 655350 Hz"]),
        ("x.wav", np.zeros(9), 2**40, None, ["up to 2147483647 Hz"]),
        ("x.mp3", np.zeros(9), 192_000, None, ["only the rates 8000", "192000 Hz", "resample"]),
        ("x.mp3", np.zeros((3, 9)), 44_100, None, ["at most 2 channel(s)", "has 3 at 44100 Hz"]),
        ("no/x.wav", np.zeros(9), 8000, None, ["There is no folder", "create it first"]),
        ("x.wav", np.zeros(9, np.int16), 8000, None, ["dtype int16", "signal.from_pcm"]),
        ("x.wav", np.array([0, np.nan]), 8000, None, ["NaN or infinite"]),
        ("x.wav", np.zeros(0), 8000, None, ["empty"]),
        ("x.wav", np.zeros((8000, 2)), 8000, None, ["looks transposed"]),
        ("x.wav", np.zeros(9), 0, None, ["sr is 0"]),
        ("x.wav", np.zeros(9), 44_100.0, None, ["sr is 44100.0"]),
    ],
)
def test_what_cannot_be_written_leaves_no_file(
    name: str, y: Any, sr: Any, subtype: str | None, words: list[str], tmp_path: Path, refuses: Any
) -> None:
    with refuses(*words):
        write(tmp_path / name, y, sr, subtype=subtype)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_keeps_the_older_file(
    noise: FloatArray, tmp_path: Path, refuses: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "x.wav", noise, 8000)
    before, written = path.read_bytes(), []

    def disk_full(self: Any, data: Any) -> None:  # noqa: ARG001
        written.append([p.name for p in tmp_path.iterdir()])
        raise OSError("No space left on device")

    monkeypatch.setattr(soundfile.SoundFile, "write", disk_full)
    with refuses("cannot be written as WAV"):
        write(path, -noise, 8000)
    assert len(written[0]) == 2  # the new one stood beside the older one, under another name
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before


def test_an_older_file_is_replaced(noise: FloatArray, tmp_path: Path) -> None:
    write(tmp_path / "x.wav", noise, 8000)
    write(tmp_path / "x.wav", noise[:100], 16_000)
    assert read(tmp_path / "x.wav").seconds == 100 / 16_000
    assert len(list(tmp_path.iterdir())) == 1


# --- channels -----------------------------------------------------------------------------------------------------


def test_mono_is_the_mean_of_all_channels(noise: FloatArray) -> None:
    assert to_mono(noise) is noise
    silent_left = np.stack([np.zeros_like(noise), noise])
    np.testing.assert_array_equal(to_mono(silent_left), noise / 2)  # the left channel alone would be silent
    np.testing.assert_array_equal(to_mono(np.asfortranarray(silent_left)), noise / 2)
    np.testing.assert_array_equal(to_mono(np.stack([noise, -noise])), 0)
    assert to_mono(silent_left).dtype == np.float32
    assert to_mono(silent_left.astype(np.float64)).dtype == np.float64
    np.testing.assert_array_equal(to_mono(noise[None]), noise)
    assert to_mono(np.ones((3, 1), np.float32)).shape == (1,)


def test_mono_refuses(refuses: Any) -> None:
    with refuses("looks transposed"):
        to_mono(np.zeros((100, 2), np.float32))
    with refuses("list"):
        to_mono([0.0, 1.0])


# --- rate ---------------------------------------------------------------------------------------------------------


def test_pass_band_equals_scipys(tone: Any) -> None:
    y = sum(tone(hz, sr=44_100, peak=0.3).astype(np.float64) for hz in (200.0, 3000.0, 6000.0))
    inner = slice(500, -500)  # the filters' ringing at the edges differs
    theirs = scipy.signal.resample_poly(y, 1, 2, window=("kaiser", 14.0))
    np.testing.assert_allclose(resample(y, 44_100, 22_050)[inner], theirs[inner], rtol=0, atol=1e-6)


@pytest.mark.parametrize(("sr_from", "sr_to"), [(44_100, 16_000), (16_000, 44_100), (8000, 16_000), (48_000, 44_100)])
def test_a_tone_stays_where_it_is_in_time(sr_from: int, sr_to: int, tone: Any) -> None:
    inner = slice(sr_to // 10, -sr_to // 10)
    got = resample(tone(1000.0, sr=sr_from), sr_from, sr_to)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got[inner], tone(1000.0, sr=sr_to)[inner], rtol=0, atol=1e-5)  # float32


def test_a_tone_above_the_new_limit_vanishes(tone: Any) -> None:
    y = tone(15_000.0, sr=44_100)
    inner = slice(500, -500)
    aliased, clean = y[::2], resample(y, 44_100, 22_050)
    assert np.argmax(np.abs(np.fft.rfft(aliased))) * 22_050 / len(aliased) == pytest.approx(7050, abs=1)
    assert np.sqrt(np.mean(clean[inner] ** 2)) < 1e-6  # −117 dB re the tone


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_each_channel_is_resampled_alone(dtype: Any, order: Any, rng: np.random.Generator) -> None:
    y = np.asarray(rng.uniform(-1, 1, (3, 4410)), dtype=dtype, order=order)
    got = resample(y, 44_100, 16_000)
    assert got.shape == (3, 1600)
    assert got.dtype == dtype
    for channel, alone in zip(got, y, strict=True):
        np.testing.assert_allclose(channel, resample(alone, 44_100, 16_000), rtol=0, atol=1e-6)


@pytest.mark.parametrize("samples", [2, 3, 101, 44_101, 44_103])
@pytest.mark.parametrize(("sr_from", "sr_to"), [(44_100, 22_050), (44_100, 16_000), (8000, 192_000), (7, 5)])
def test_length_is_rounded(samples: int, sr_from: int, sr_to: int) -> None:
    got = resample(np.zeros(samples, np.float32), sr_from, sr_to)
    assert got.shape == (round(samples * sr_to / sr_from),)


def test_the_same_rate_changes_nothing(noise: FloatArray) -> None:
    np.testing.assert_array_equal(resample(noise, 16_000, 16_000), noise)


def test_one_sample_can_be_too_few(refuses: Any) -> None:
    assert resample(np.ones(1, np.float32), 8000, 48_000).shape == (6,)
    with refuses("Nothing of 1 sample(s) at 44100 Hz", "longer"):
        resample(np.ones(1, np.float32), 44_100, 16_000)


def test_resample_refuses(refuses: Any) -> None:
    with refuses("sr_to is 0"):
        resample(np.zeros(100, np.float32), 16_000, 0)
    with refuses("sr_from is 16000.0"):
        resample(np.zeros(100, np.float32), 16_000.0, 8000)
    with refuses("dtype int16"):
        resample(np.zeros(100, np.int16), 16_000, 8000)


# --- integers -----------------------------------------------------------------------------------------------------


def test_pcm16_is_within_one_step_of_soundfiles_integers(tmp_path: Path, rng: np.random.Generator) -> None:
    y = np.concatenate([rng.uniform(-1, 1, 10_000), [1, -1, 0, LSB, -LSB]]).astype(np.float32)
    soundfile.write(tmp_path / "theirs.flac", y, 16_000, subtype="PCM_16")  # in a WAV file they round downwards
    write(tmp_path / "ours.wav", y, 16_000, subtype="PCM_16")
    for name in ("theirs.flac", "ours.wav"):
        stored, _ = soundfile.read(tmp_path / name, dtype="int16")
        assert np.max(np.abs(to_pcm16(y).astype(int) - stored)) <= 1  # 32767 here, 32768 there


def test_integers_go_through_soundfile_untouched(tmp_path: Path, rng: np.random.Generator) -> None:
    integers = to_pcm16(rng.uniform(-1, 1, 10_000))
    soundfile.write(tmp_path / "x.wav", integers, 16_000, subtype="PCM_16")
    np.testing.assert_array_equal(read(tmp_path / "x.wav").y, from_pcm(integers))


@pytest.mark.parametrize(("name", "subtype"), [("x.wav", "PCM_U8"), ("x.wav", "PCM_16"), ("x.flac", "PCM_16")])
def test_writing_rounds_to_the_nearest_and_only_once(
    name: str, subtype: str, tmp_path: Path, rng: np.random.Generator
) -> None:
    y = rng.uniform(-0.9, 0.9, 20_000).astype(np.float32)
    once = read(write(tmp_path / name, y, 8000, subtype=subtype)).y
    step = 1 / 128 if subtype == "PCM_U8" else LSB
    assert abs(np.mean(once - y)) < 0.02 * step  # rounding downwards would shift everything by half a step
    np.testing.assert_array_equal(read(write(tmp_path / name, once, 8000, subtype=subtype)).y, once)


def test_pcm16_clips_and_never_wraps(rng: np.random.Generator) -> None:
    y = np.sort(rng.uniform(-50, 50, 1000))
    integers = to_pcm16(y)
    assert integers.dtype == np.int16
    assert np.all(np.diff(integers.astype(int)) >= 0)  # louder is never less: a wrap would jump down
    np.testing.assert_array_equal(to_pcm16(np.array([1.2, -1.2, 1.0, -1.0])), [32_767, -32_767, 32_767, -32_767])


def test_pcm16_rounds_to_the_nearest() -> None:
    y = np.array([0.6, -0.6, 0.4, -0.4, 100.7]) / 32_767
    np.testing.assert_array_equal(to_pcm16(y), [1, -1, 0, 0, 101])


def test_pcm16_there_and_back(rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, (2, 1000)).astype(np.float32)
    assert np.max(np.abs(from_pcm(to_pcm16(y)) - y)) <= 1.5 * LSB  # half a step, and 32767 against 32768
    assert from_pcm(to_pcm16(y)).dtype == np.float32


def test_pcm16_refuses_what_is_no_audio(refuses: Any) -> None:
    with refuses("dtype int16"):
        to_pcm16(np.zeros(10, np.int16))
    with refuses("NaN"):
        to_pcm16(np.array([np.nan]))


@pytest.mark.parametrize("bad", [np.zeros(5, np.int64), np.zeros(5, np.float32), np.zeros(5, np.int8), [0, 1]])
def test_from_pcm_knows_three_kinds_of_integers(bad: Any, refuses: Any) -> None:
    with refuses("uint8, int16 or int32", str(getattr(bad, "dtype", "list"))):
        from_pcm(bad)


def test_from_pcm_checks_the_shape(refuses: Any) -> None:
    with refuses("looks transposed"):
        from_pcm(np.zeros((100, 2), np.int16))
    with refuses("empty"):
        from_pcm(np.zeros(0, np.int16))
