"""What the course listens to: sound made offline from a seed, together with the truth about it.

=============  ==========================================================================================
``truth``      when something is heard and what it is: intervals in seconds, and what can be done with them
``espeak``     the espeak-ng library, called directly: text in, samples and events out
``speech``     `say` a text: speech with the times of its words and phones; voices and variants
``tones``      sines, harmonic tones, chirps, silence
``melody``     notes, melodies and chords with their fundamental frequency at every moment
``drums``      clicks and drum loops with their beats and onsets
``noise``      coloured noise, hum, babble, a keyboard
``room``       impulse responses, what they do to a sound, how long they last
``mix``        two sounds at a stated signal-to-noise ratio
``scenes``     several sounds in one recording
``script``     the sentences that are spoken in scenes and babble, and the voices that speak them
``arguments``  the checks that every sound shares
=============  ==========================================================================================

The same arguments and a generator with the same seed give the same samples on the same kind of machine, in any order of
calls. Audio is float32 in [-1, 1], ``(samples,)``.
"""

from audiocourse.sounds.drums import PATTERNS, Rhythm, click_track, clicks_at, drum_hit, drum_loop
from audiocourse.sounds.melody import TIMBRES, Melody, Note, chord, melody, tone_along
from audiocourse.sounds.mix import Mix, mix
from audiocourse.sounds.noise import COLORS, babble, hum, keyboard_clicks, noise
from audiocourse.sounds.room import measured_rt60, reverberate, room_impulse_response
from audiocourse.sounds.scenes import NOISES, Scene, speech_with_pauses
from audiocourse.sounds.script import VOICES
from audiocourse.sounds.speech import Speech, say, variants, voices
from audiocourse.sounds.tones import chirp, harmonic_tone, silence, sine
from audiocourse.sounds.truth import Interval, active_samples, clip, merge, shift, total

__all__ = [
    "COLORS",
    "NOISES",
    "PATTERNS",
    "TIMBRES",
    "VOICES",
    "Interval",
    "Melody",
    "Mix",
    "Note",
    "Rhythm",
    "Scene",
    "Speech",
    "active_samples",
    "babble",
    "chirp",
    "chord",
    "click_track",
    "clicks_at",
    "clip",
    "drum_hit",
    "drum_loop",
    "harmonic_tone",
    "hum",
    "keyboard_clicks",
    "measured_rt60",
    "melody",
    "merge",
    "mix",
    "noise",
    "reverberate",
    "room_impulse_response",
    "say",
    "shift",
    "silence",
    "sine",
    "speech_with_pauses",
    "tone_along",
    "total",
    "variants",
    "voices",
]
