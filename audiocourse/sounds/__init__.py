"""What the course listens to: sound made offline from a seed, together with the truth about it.

================  ==========================================================================================
``truth``         when something is heard and what it is: intervals in seconds, and what can be done with them
``espeak``        the espeak-ng library, called directly: text in, samples and events out
``speech``        `say` a text: speech with the times of its words and phones; voices and variants
``speakers``      ninety-six people who speak nine languages, split by person for training and testing
``texts``         what they say: sentences, commands, digits (from ``grammars``), split too
``dialogues``     several people in turn, and at once, with who speaks when
``emotions``      the same sentence happy, sad, angry, …: acted by rule
``tones``         sines, harmonic tones, chirps, silence
``melody``        notes, melodies and chords with their fundamental frequency at every moment
``drums``         clicks and drum loops with their beats and onsets
``sf2``           the SoundFont: recordings of instruments, and how they are played
``soundfont``     notes played by these instruments
``styles``        rules of seven styles: metre, chords, who plays when
``songs``         songs with beats, chords, key, melody, sections and all notes; MIDI files
``genres``        clips in six genres that share everything but their rhythm and harmony
``noise``         coloured noise, hum, babble, a keyboard
``events``        ten kinds, made by rule (``synthesis``): ``alarms``, ``cries``, ``impacts``, ``outdoors``
``event_scenes``  several events, overlapping, at stated levels above a background
``room``          impulse responses, what they do to a sound, how long they last
``mix``           two sounds at a stated signal-to-noise ratio; levels
``channels``      microphones, telephones and codecs; everything that varies training material
``scenes``        speech with pauses in noise
``datasets``      published data sets in their official layouts, with tiny stand-ins of the same form
``script``        the sentences that are spoken in scenes and babble, and the voices that speak them
``arguments``     the checks that every sound shares
================  ==========================================================================================

The same arguments and a generator with the same seed give the same samples on the same kind of machine, in any order of
calls. Audio is float32 in [-1, 1], ``(samples,)``.
"""

from audiocourse.intervals import Interval, active_samples, clip, merge, shift, total
from audiocourse.sounds.acoustics.channels import CHANNELS, Augmented, augment, mu_law, through, vary_speed
from audiocourse.sounds.acoustics.mix import Mix, at_level, gain_for_snr, mix
from audiocourse.sounds.acoustics.noise import COLORS, babble, hum, keyboard_clicks, noise
from audiocourse.sounds.acoustics.room import measured_rt60, reverberate, room_impulse_response
from audiocourse.sounds.events.kinds import ALARMING, EVENTS, Event, event, heard
from audiocourse.sounds.events.outdoors import street
from audiocourse.sounds.events.scenes import BACKGROUNDS, EventScene, event_scene
from audiocourse.sounds.music.drums import PATTERNS, Rhythm, click_track, clicks_at, drum_hit, drum_loop
from audiocourse.sounds.music.genres import GENRES, GenreClip, genre_clip
from audiocourse.sounds.music.melody import TIMBRES, Melody, Note, chord, melody, tone_along
from audiocourse.sounds.music.songs import Song, song
from audiocourse.sounds.music.soundfont import Part, PlayedNote, render, tone
from audiocourse.sounds.music.styles import STYLES, Ensemble, Style
from audiocourse.sounds.music.tones import chirp, harmonic_tone, silence, sine
from audiocourse.sounds.speech.dialogues import Dialogue, dialogue, overlap_seconds, read_rttm
from audiocourse.sounds.speech.emotions import EMOTIONS, Emotion, emotional
from audiocourse.sounds.speech.scene_texts import VOICES
from audiocourse.sounds.speech.scenes import NOISES, Scene, speech_with_pauses
from audiocourse.sounds.speech.speakers import Speaker, speaker, speakers
from audiocourse.sounds.speech.synthesis import Speech, say, variants, voices
from audiocourse.sounds.speech.texts import LANGUAGES, SPLITS, Text, alphabet, command, digits, normal_form, sentence

__all__ = [
    "ALARMING",
    "BACKGROUNDS",
    "CHANNELS",
    "COLORS",
    "EMOTIONS",
    "EVENTS",
    "GENRES",
    "LANGUAGES",
    "NOISES",
    "PATTERNS",
    "SPLITS",
    "STYLES",
    "TIMBRES",
    "VOICES",
    "Augmented",
    "Dialogue",
    "Emotion",
    "Ensemble",
    "Event",
    "EventScene",
    "GenreClip",
    "Interval",
    "Melody",
    "Mix",
    "Note",
    "Part",
    "PlayedNote",
    "Rhythm",
    "Scene",
    "Song",
    "Speaker",
    "Speech",
    "Style",
    "Text",
    "active_samples",
    "alphabet",
    "at_level",
    "augment",
    "babble",
    "chirp",
    "chord",
    "click_track",
    "clicks_at",
    "clip",
    "command",
    "dialogue",
    "digits",
    "drum_hit",
    "drum_loop",
    "emotional",
    "event",
    "event_scene",
    "gain_for_snr",
    "genre_clip",
    "harmonic_tone",
    "heard",
    "hum",
    "keyboard_clicks",
    "measured_rt60",
    "melody",
    "merge",
    "mix",
    "mu_law",
    "noise",
    "normal_form",
    "overlap_seconds",
    "read_rttm",
    "render",
    "reverberate",
    "room_impulse_response",
    "say",
    "sentence",
    "shift",
    "silence",
    "sine",
    "song",
    "speaker",
    "speakers",
    "speech_with_pauses",
    "street",
    "through",
    "tone",
    "tone_along",
    "total",
    "variants",
    "vary_speed",
    "voices",
]
