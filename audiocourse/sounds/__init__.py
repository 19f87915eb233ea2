"""Sounds synthesised offline from a seed, with their ground truth.

==============  ================================================================================================
``speech``      sentences by 96 speakers in nine languages, dialogues, emotions, with the times of words and phones
``music``       tones, melodies, drums, songs, genres, with notes, beats and chords
``events``      ten kinds of sound events, alone and in scenes
``acoustics``   noise, rooms, mixtures at a stated ratio, microphones and codecs
``datasets``    published data sets in their official layouts, with tiny stand-ins of the same form
``data_files``  the tables of all of these, read from TOML and CSV
==============  ================================================================================================

The same arguments and a generator with the same seed give the same samples on the same kind of machine, in any order of
calls. Audio is float32 in [-1, 1], ``(samples,)``.
"""

from audiocourse.intervals import Interval, active_samples, clip_to, merge, shift, total_duration
from audiocourse.sounds.acoustics.channels import CHANNELS, Augmented, apply_channel, augment, mu_law, vary_speed
from audiocourse.sounds.acoustics.mix import Mix, at_level, gain_for_snr, mix
from audiocourse.sounds.acoustics.noise import COLORS, babble, hum, keyboard_clicks, noise
from audiocourse.sounds.acoustics.room import measured_rt60, reverberate, room_impulse_response
from audiocourse.sounds.events.kinds import ALARMING, EVENTS, Event, audible_intervals, event
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
from audiocourse.sounds.speech.scene_texts import SCENE_VOICES
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
    "SCENE_VOICES",
    "SPLITS",
    "STYLES",
    "TIMBRES",
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
    "apply_channel",
    "at_level",
    "audible_intervals",
    "augment",
    "babble",
    "chirp",
    "chord",
    "click_track",
    "clicks_at",
    "clip_to",
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
    "tone",
    "tone_along",
    "total_duration",
    "variants",
    "vary_speed",
    "voices",
]
