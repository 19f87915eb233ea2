"""Synthetic music in six genres, by rule, to try classifiers of genre on.

The genres differ in rhythm and harmony: metre, swing, the beats that drums and chords fall on, the chords that follow
one another. Everything that a mean spectrum shows is drawn from the same distribution for all of them: instruments,
kit, drums, levels, lengths of notes, tempo, key, equaliser, noise. Real genres differ in all of this and in much more
(performance, production, voices, words, history), and people disagree about them (Sturm 2013 on GTZAN); a score on
these clips says whether a model sees rhythm, and nothing about its knowledge of music.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, clip_to, shift
from audiocourse.require import require_between, require_choice, require_rng, require_seed
from audiocourse.signal import FloatArray
from audiocourse.sounds.acoustics.mix import mix
from audiocourse.sounds.acoustics.noise import noise
from audiocourse.sounds.music.additive import render_additive
from audiocourse.sounds.music.songs import Song, song
from audiocourse.sounds.music.soundfont import PEAK, render
from audiocourse.sounds.music.styles import STYLES, Ensemble, Style

GENRES = ("blues", "bossa", "disco", "march", "rock", "waltz")
INSTRUMENTS = {"sampled": render, "additive": render_additive}  # two synthesisers that play the same notes
MAX_CLIP_SECONDS = 120.0  # seconds

# Shared by all genres. General MIDI: electric piano, vibraphone, guitars, trumpet, clarinet, lead ...
_MELODIES = (4, 11, 24, 26, 56, 71, 80)
_CHORDS = (0, 4, 6, 16, 24, 25, 26, 27, 62)
_BASSES = (32, 33, 34, 35, 38, 58)
_KITS = (0, 8, 16, 24, 25, 32, 48)
_DRUMS = {  # bass drums, toms and a conga; snares, a clap and a conga; hi-hats, cymbals, tambourine, shakers
    "low": (35, 36, 41, 45, 64),
    "mid": (37, 38, 39, 40, 62),
    "high": (42, 44, 51, 53, 54, 70, 82),
}
_DRUMS["extra"] = _DRUMS["high"]
_EXTRA_STEPS = (0.25, 0.5, 1.0, 4.0)  # beats from stroke to stroke of a drummer who is not of the genre
_TEMPO = (95.0, 145.0)
_VELOCITY = (45, 120)  # 17 dB from the softest to the loudest
_LENGTH = (0.4, 1.6)  # of the written notes of chords and bass
_NO_MELODY = 0.3  # of the clips

_TILT_DB = 3.0  # per octave
_BUMPS = 3
_BUMP_DB = 7.0
_SNR_DB = (10.0, 35.0)


@dataclass(frozen=True, eq=False)
class GenreClip:
    """A clip of music, and the ground truth.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound, float32; its peak is 0.5, −6 dB re full scale.
    sr : int
        Sampling rate in Hz.
    genre : str
        One of `GENRES`.
    song : Song
        The whole song, of which the clip is an excerpt: y[n] is at start + n / sr seconds.
    start : float
        Where in the song the clip begins, in seconds.
    snr_db : float
        Power of the music re that of the added noise, in dB.
    """

    y: FloatArray
    sr: int
    genre: str
    song: Song
    start: float
    snr_db: float

    @property
    def beats(self) -> FloatArray:
        """The beats, in seconds from the start of the clip."""
        return self._inside(self.song.beats)

    @property
    def downbeats(self) -> FloatArray:
        """When a bar begins, in seconds from the start of the clip."""
        return self._inside(self.song.downbeats)

    @property
    def chords(self) -> list[Interval]:
        """The chords, in seconds from the start of the clip; the first and the last may be cut."""
        chords = [
            replace(chord, start=max(chord.start, self.start)) for chord in self.song.chords if chord.end > self.start
        ]
        return clip_to(shift(chords, -self.start), end=self.y.size / self.sr)

    def _inside(self, times: FloatArray) -> FloatArray:
        """Return the times inside the clip, relative to its start."""
        times = times - self.start
        return times[(times >= 0) & (times < self.y.size / self.sr)]


def genre_clip(
    genre: str,
    *,
    rng: np.random.Generator,
    seconds: float = 8.0,
    sr: int = 22_050,
    easy: bool = False,
    artist: int | None = None,
    instruments: str = "sampled",
) -> GenreClip:
    """Synthesise a clip of a genre.

    The pattern of the genre in `STYLES`, played by a random band, through a random equaliser, in pink noise. It begins
    at a random time in the first bar of a song. Clips of one artist share the band, the equaliser and the SNR, and
    differ in key, tempo, melody and chords.

    Parameters
    ----------
    genre : str
        blues, bossa, disco, march, rock or waltz.
    rng : np.random.Generator
        Source of all randomness.
    seconds : float
        Duration, 1 to 120.
    sr : int
        Sampling rate in Hz, 4000 to 192 000.
    easy : bool
        Whether each genre has its own instruments, drums, levels and tempi, as in `song`. A model then recognises a
        genre by its instruments, and fails with others: a confound to look for in every data set.
    artist : int, optional
        A seed from which the band (unless easy), the equaliser and the SNR follow; if not given, they follow from rng.
    instruments : {"sampled", "additive"}
        Who plays the notes: recorded instruments (`render`) or sums of sines and noise (`render_additive`).

    Returns
    -------
    GenreClip
        The sound and its ground truth.

    Raises
    ------
    AudioCourseError
        If there is no such genre, or an option is out of range.

    Examples
    --------
    >>> excerpt = genre_clip("waltz", rng=np.random.default_rng(1), seconds=4)
    >>> excerpt.y.shape, excerpt.song.beats_a_bar
    ((88200,), 3)
    """
    if not isinstance(genre, str) or genre not in GENRES:
        raise AudioCourseError(f"There is no genre {genre!r}: choose one of {', '.join(GENRES)}.")
    require_between("seconds", seconds, 1, MAX_CLIP_SECONDS)
    require_choice("instruments", instruments, INSTRUMENTS)
    song_rng, band_rng, sound_rng = (np.random.default_rng(seed) for seed in require_rng(rng).integers(2**63, size=3))
    channel_rng = sound_rng
    if artist is not None:
        band_rng, channel_rng = (np.random.default_rng([require_seed(artist), use]) for use in range(2))
    composed = _composed(STYLES[genre], seconds, sr, song_rng, None if easy else band_rng)
    start = float(sound_rng.uniform(0, composed.downbeats[1]))
    played = INSTRUMENTS[instruments](composed.parts, sr=sr, seconds=start + seconds)[round(start * sr) :]
    y, snr_db = _recorded(played[: round(seconds * sr)], sr, sound_rng, channel_rng)
    return GenreClip(y, sr, genre, composed, start, snr_db)


def _composed(
    rules: Style, seconds: float, sr: int, song_rng: np.random.Generator, band_rng: np.random.Generator | None
) -> Song:
    """Compose a song that lasts a bar longer than the clip, for a random band or that of the style."""
    tempo = float(song_rng.uniform(*(_TEMPO if band_rng else rules.tempo)))
    bars = 1 + int(np.ceil(seconds * tempo / 60 / rules.beats))
    players = _band(band_rng) if band_rng else rules.players
    rules = _with_guest(rules, band_rng) if band_rng else rules
    return song(rng=song_rng, style=rules, bars=bars, tempo=tempo, players=players, sr=sr)


def _with_guest(rules: Style, rng: np.random.Generator) -> Style:
    """Add a drummer who plays even steps, so that density does not identify a genre."""
    step = _EXTRA_STEPS[rng.integers(len(_EXTRA_STEPS))]
    return replace(rules, drums={**rules.drums, "extra": tuple(np.arange(0, rules.beats, step).tolist())})


def _band(rng: np.random.Generator) -> Ensemble:
    """Draw a band."""
    drums = {role: _draw(keys, rng) for role, keys in _DRUMS.items()}
    voices = ("melody", "chords", "bass", *_DRUMS)
    velocity = {voice: int(rng.integers(*_VELOCITY)) for voice in voices}
    if rng.random() < _NO_MELODY:
        del velocity["melody"]
    melody, chords, bass, kit = (_draw(pool, rng) for pool in (_MELODIES, _CHORDS, _BASSES, _KITS))
    return Ensemble(melody, chords, bass, kit, drums, velocity, float(rng.uniform(*_LENGTH)))


def _draw(pool: Sequence[int], rng: np.random.Generator) -> int:
    """Draw one of the numbers."""
    return pool[int(rng.integers(len(pool)))]


def _recorded(
    y: FloatArray, sr: int, rng: np.random.Generator, channel_rng: np.random.Generator
) -> tuple[FloatArray, float]:
    """Filter music with a random equaliser and add pink noise; return it at its peak, and its SNR in dB.

    Equaliser and SNR are drawn from the channel's generator, the noise from the other one.
    """
    octave = np.log2(np.maximum(np.fft.rfftfreq(y.size, 1 / sr), 40) / 1000)
    gain_db = channel_rng.uniform(-_TILT_DB, _TILT_DB) * octave
    for _ in range(_BUMPS):
        centre = channel_rng.uniform(-4, 3)
        width = channel_rng.uniform(0.5, 1.5)
        peak = channel_rng.uniform(-_BUMP_DB, _BUMP_DB)
        gain_db += peak * np.exp(-(((octave - centre) / width) ** 2) / 2)
    equalised = np.fft.irfft(np.fft.rfft(y) * 10 ** (gain_db / 20), y.size)
    equalised *= PEAK / np.abs(equalised).max()
    hiss = noise("pink", seconds=y.size / sr, sr=sr, rng=rng)
    mixed = mix(equalised, hiss, snr_db=float(channel_rng.uniform(*_SNR_DB)))
    return (PEAK / np.abs(mixed.y).max() * mixed.y).astype(np.float32), mixed.snr_db
