"""How ``tacotron2-mini`` is trained: on the utterances of ``tacotron-mini``, with the same loss."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audiocourse.tts.tacotron2.model import Tacotron2, Tacotron2Config
from audiocourse.tts.text import PHONES
from audiocourse.tts.training import tacotron_mini
from audiocourse.zoo import Card, Trained

CARD = Card(
    name="tacotron2-mini",
    task="text-to-speech",
    model="audiocourse.tts.tacotron2.model:Tacotron2",
    licence="MIT",
    source="This course; J. Shen et al., Natural TTS synthesis by conditioning WaveNet, ICASSP 2018.",
    expect="Phones in, a mel spectrogram at 16 kHz out, in one synthetic English voice. It learned digits, commands "
    "and short sentences of some 200 words. Its attention knows where it has been and fails less often than that of "
    "tacotron-mini, which learned the same.",
)


@dataclass(frozen=True)
class Settings(tacotron_mini.Settings):
    """How much is trained: as much as for ``tacotron-mini``; attention that knows its place needs less guidance."""

    guide_width: float = 0.2


TINY = Settings(utterances=12, epochs=1, test_utterances=1)


def train(folder: Path, settings: Settings = Settings()) -> Trained:
    """Train on one voice."""
    return tacotron_mini.fit_synthesizer(lambda: Tacotron2(Tacotron2Config(PHONES)), folder, settings)
