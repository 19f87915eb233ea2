"""Emotional speech, acted by rule: seven emotions as settings of pitch, rate, level and voice quality.

What the rules follow (M: Murray and Arnott 1993, table 1; J: Juslin and Laukka 2003, table 7; O: Scherer and Oshinsky
1977, who varied tones; ↑ more, ↓ less than neutral, = as neutral; in brackets what another source says; where there is
none, the choice is ours):

==========  ==========  ============  =============  ============  =================  =====================
emotion     f0 level    f0 range      rate           level         high frequencies   irregularity
==========  ==========  ============  =============  ============  =================  =====================
happy       ↑ M J       ↑ M J O       ↑ J O (M: ↑↓)  ↑ M J         ↑ M (J: =)         = J
sad         ↓ M J       ↓ M J         ↓ M J          ↓ M J         ↓ J                ↑ J, little
angry       ↑ M J O     ↑ M J (O: ↓)  ↑ M J O        ↑ M J         ↑ J O              ↑ J, little
fearful     ↑ M J O     ↓ J O (M: ↑)  ↑ M J O        ↓ J (M: =)    ↓ J (O: ↑)         ↑ M J, trembling
disgusted   ↓ M         ↑ M (O: ↓)    ↓ M O          ↓ M           ↓ (O: ↑)           ↑ M, grumbling
surprised   ↑ O         ↑ O           ↑ O            ↑             =                  =, the end rises O
==========  ==========  ============  =============  ============  =================  =====================

Sources: I. R. Murray and J. L. Arnott, Toward the simulation of emotion in synthetic speech, J. Acoust. Soc. Am. 93(2),
1993; P. N. Juslin and P. Laukka, Communication of emotions in vocal expression and music performance, Psychological
Bulletin 129(5), 2003; K. R. Scherer and J. S. Oshinsky, Cue utilization in emotion attribution from auditory stimuli,
Motivation and Emotion 1, 1977. A review of what is measured in real voices: K. R. Scherer, Vocal communication of
emotion, Speech Communication 40, 2003.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.fft
import scipy.ndimage
from numpy.typing import NDArray

from audiocourse.intervals import active_samples
from audiocourse.require import require_between, require_choice, require_seed
from audiocourse.signal import FloatArray
from audiocourse.sounds.acoustics.mix import HIGHEST_PEAK, SPEECH_LEVEL_DB, at_level
from audiocourse.sounds.speech.speakers import Speaker
from audiocourse.sounds.speech.synthesis import Speech

_UNITS_PER_SEMITONE = 5.0  # of the argument pitch of `say`, measured over four voices: 4.5 to 7.5
_SEMITONES_PER_RANGE = 0.04  # by how much a unit of pitch_range lifts the median f0, as well measured: 0.02 to 0.08
_HIGHEST_PITCH = 92.0  # leaves room for the ±3 by which a speaker varies
_LOWEST_PITCH = 4.0  # likewise
_WIDEST = 91.0  # of pitch_range, with room for the ±8 of a speaker
_TILT_FROM = 500.0  # Hz
_TILT_TO = 4000.0  # Hz
_TREMOR_HZ = 6.0
_JITTER_BAND = 20.0, 120.0  # Hz


@dataclass(frozen=True)
class Emotion:
    """How a voice changes, relative to neutral.

    Parameters
    ----------
    semitones : float
        By how much the level of f0 is raised.
    f0_range, rate : float
        By what the range of f0 and the speed are multiplied.
    level_db : float
        By how much the voice is louder, in dB.
    tilt_db : float
        By how much each octave from 500 to 4000 Hz is raised, in dB: the spectrum of a tense voice is bright.
    jitter : float
        Root mean square of the fast (20 to 120 Hz), random relative deviations of f0.
    tremor : float
        Largest relative deviation of f0 in a regular trembling at 6 Hz.
    rising : bool
        Whether the melody ends like that of a question.
    """

    semitones: float = 0.0
    f0_range: float = 1.0
    rate: float = 1.0
    level_db: float = 0.0
    tilt_db: float = 0.0
    jitter: float = 0.0
    tremor: float = 0.0
    rising: bool = False


EMOTIONS = {
    "neutral": Emotion(),
    "happy": Emotion(semitones=3, f0_range=1.6, rate=1.12, level_db=3, tilt_db=1),
    "sad": Emotion(semitones=-2, f0_range=0.5, rate=0.8, level_db=-6, tilt_db=-2, jitter=0.004),
    "angry": Emotion(semitones=2.5, f0_range=1.7, rate=1.15, level_db=5, tilt_db=2.5, jitter=0.006),
    "fearful": Emotion(semitones=4.5, f0_range=0.6, rate=1.3, level_db=-2, tilt_db=-1, jitter=0.012, tremor=0.03),
    "disgusted": Emotion(semitones=-3, f0_range=1.2, rate=0.72, level_db=-3, tilt_db=-1, jitter=0.02),
    "surprised": Emotion(semitones=4, f0_range=1.8, rate=1.2, level_db=3, rising=True),
}


def emotional(
    text: str, emotion: str, *, speaker: Speaker, seed: int = 0, strength: float = 1.0, sr: int = 16_000
) -> Speech:
    """Synthesise a text with an emotion, acted by rule.

    Each setting of the emotion is scaled by s = strength: differences by s, factors to the power of s.

    How real is it? Not at all: no one feels anything here, and no one acts. It is a caricature by seven rules from the
    literature (see the table of this module), the same for all speakers, languages and words. Real anger can be cold,
    real fear can whisper, and people differ. A classifier that gets these right has learned the rules back; its score
    says nothing about people.

    Parameters
    ----------
    text : str
        At least one word, in the language of the speaker.
    emotion : str
        neutral, happy, sad, angry, fearful, disgusted or surprised. (RAVDESS has an eighth: calm.)
    speaker : Speaker
        The speaker.
    seed : int
        Seed of the variation of the speaker, and of irregularities.
    strength : float
        0 (neutral, but for the question mark of surprise) to 1.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    Speech
        The sound with words and phones; its `voice` is the name of the speaker. Its level over the speech is −26 dB re
        full scale plus that of the emotion, or less where it would pass full scale: then it peaks at 0.999. Trembling
        moves the sound by less than 1 ms against its times. Where the synthesiser reaches the end of its pitch control,
        the rest of the pitch comes from resampling, which shifts the formants, too.

    Raises
    ------
    AudioCourseError
        If there is nothing to say, the emotion is unknown, or seed, strength or sr is out of range.

    Examples
    --------
    >>> from audiocourse.sounds.speech.speakers import speaker
    >>> sad, angry = (emotional("Go away.", name, speaker=speaker("tern-1", "en")) for name in ("sad", "angry"))
    >>> sad.words[-1].end > angry.words[-1].end
    True
    """
    rule = EMOTIONS[require_choice("emotion", emotion, EMOTIONS)]
    require_between("strength", strength, 0, 1)
    require_seed(seed)
    mark = "?" if rule.rising else ""
    speech = _directed(speaker, rule, strength).say(text.rstrip(" .!?") + mark if mark else text, seed=seed, sr=sr)
    rng = np.random.default_rng([seed, tuple(EMOTIONS).index(emotion)])
    y = _trembled(speech.y, sr, jitter=strength * rule.jitter, tremor=strength * rule.tremor, rng=rng)
    y = _tilted(y, sr, strength * rule.tilt_db)
    active = active_samples(speech.speech, samples=y.size, sr=sr)
    y = at_level(y, active, level_db=SPEECH_LEVEL_DB + strength * rule.level_db)
    peak = float(np.max(np.abs(y)))
    return replace(speech, text=text, y=y if peak <= 1 else (HIGHEST_PEAK / peak * y).astype(y.dtype))


def _directed(speaker: Speaker, rule: Emotion, strength: float) -> Speaker:
    """Return a speaker with the pitch, range and rate of an emotion.

    The synthesiser's range is one in Hz: it has to grow with the pitch to stay the same in semitones.
    """
    pitch_range = min(speaker.pitch_range * (rule.f0_range * 2 ** (rule.semitones / 12)) ** strength, _WIDEST)
    semitones = strength * rule.semitones - _SEMITONES_PER_RANGE * (pitch_range - speaker.pitch_range)
    lowest = min(speaker.pitch, _LOWEST_PITCH)
    highest = max(speaker.pitch, _HIGHEST_PITCH)
    pitch = float(np.clip(speaker.pitch + _UNITS_PER_SEMITONE * semitones, lowest, highest))
    missing = semitones - (pitch - speaker.pitch) / _UNITS_PER_SEMITONE
    return replace(
        speaker,
        pitch=pitch,
        pitch_range=pitch_range,
        rate=speaker.rate * rule.rate**strength,
        tract=speaker.tract * 2 ** (missing / 12),
    )


def _trembled(y: FloatArray, sr: int, *, jitter: float, tremor: float, rng: np.random.Generator) -> FloatArray:
    """Warp the time axis: read the sound at n + d[n], where 1 + d′ is the factor on f0, by cubic splines."""
    time = np.arange(y.size) / sr
    moved = tremor / (2 * np.pi * _TREMOR_HZ) * np.sin(2 * np.pi * _TREMOR_HZ * time + rng.uniform(0, 2 * np.pi))
    moved += _band_noise(y.size, sr, rng) * jitter
    if not np.any(moved):
        return y
    read: FloatArray = scipy.ndimage.map_coordinates(y, [(time + moved) * sr], order=3, mode="nearest")
    return read.astype(y.dtype)


def _band_noise(samples: int, sr: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a displacement in seconds whose slope is noise in the band of jitter, with a root mean square of 1."""
    frequencies = scipy.fft.rfftfreq(samples, 1 / sr)
    band = (frequencies >= _JITTER_BAND[0]) & (frequencies <= _JITTER_BAND[1])
    slope = np.where(band, scipy.fft.rfft(rng.standard_normal(samples)), 0)
    power = float(np.mean(scipy.fft.irfft(slope, samples) ** 2))
    integral = np.where(band, slope / (2j * np.pi * np.maximum(frequencies, 1)), 0)
    displacement: NDArray[np.float64] = scipy.fft.irfft(integral, samples) / np.sqrt(max(power, 1e-30))
    return displacement


def _tilted(y: FloatArray, sr: int, db_per_octave: float) -> FloatArray:
    """Raise each octave from 500 to 4000 Hz by so many dB; below nothing changes, above no more."""
    size = scipy.fft.next_fast_len(y.size + sr // 10, real=True)
    frequencies = np.clip(scipy.fft.rfftfreq(size, 1 / sr), _TILT_FROM, _TILT_TO)
    gain = 10 ** (db_per_octave * np.log2(frequencies / _TILT_FROM) / 20)
    tilted: FloatArray = scipy.fft.irfft(gain * scipy.fft.rfft(y, size), size)[: y.size]
    return tilted.astype(y.dtype)
