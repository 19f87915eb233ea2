"""The sentences of scenes and of babble, and the voices that speak them, from ``scenes.toml``."""

from pathlib import Path

from pydantic.dataclasses import dataclass

from audiocourse.sounds.data_files import STRICT, read_toml


@dataclass(frozen=True, config=STRICT)
class _Scenes:
    voices: tuple[str, ...]
    sentences: tuple[str, ...]


_SCENES = read_toml(Path(__file__).with_name("scenes.toml"), _Scenes)

SCENE_SENTENCES = _SCENES.sentences
SCENE_VOICES = _SCENES.voices
