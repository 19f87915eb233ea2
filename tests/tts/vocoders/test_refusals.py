"""Every vocoder refuses what is not its own kind of mel spectrogram, and returns a hop of samples for each frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from conftest import Refuses
from tts.vocoders.tiny_mels import random_mel

from audiocourse.signal import FloatArray
from audiocourse.tts.mel import MEL, MelSpectrogram
from audiocourse.tts.vocoders.griffin_lim import griffin_lim_vocode
from audiocourse.tts.vocoders.melgan import MelGan, MelGanConfig, melgan_vocode
from audiocourse.tts.vocoders.waveglow import WaveGlow, WaveGlowConfig, waveglow_vocode
from audiocourse.tts.vocoders.wavenet import WaveNet, WaveNetConfig
from audiocourse.tts.vocoders.wavenet_queues import wavenet_vocode
from audiocourse.zoo import seeded

with seeded(1):
    GENERATOR = MelGan(MelGanConfig(channels=16))
    FLOW = WaveGlow(WaveGlowConfig(channels=8, layers=1, flows=3))
    NET = WaveNet(WaveNetConfig(residual_channels=4, skip_channels=4, dilations=(1, 2)))

VOCODERS: dict[str, Callable[..., FloatArray]] = {
    "griffin_lim": partial(griffin_lim_vocode, iterations=2),
    "wavenet": partial(wavenet_vocode, model=NET),
    "waveglow": partial(waveglow_vocode, model=FLOW),
    "melgan": lambda mel, rng: melgan_vocode(mel, model=GENERATOR),  # noqa: ARG005 (it draws nothing)
}
each = pytest.mark.parametrize("vocode", VOCODERS.values(), ids=VOCODERS)


@each
@pytest.mark.parametrize("frames", [1, 3, 7])
def test_a_hop_of_samples_for_each_frame(vocode: Callable[..., FloatArray], frames: int) -> None:
    y = vocode(random_mel(frames), rng=np.random.default_rng(0))
    assert y.shape == (frames * 256,)
    assert y.dtype == np.float32
    assert 0 < np.abs(y).max() <= 1


@each
def test_the_same_seed_gives_the_same_sound(vocode: Callable[..., FloatArray]) -> None:
    first, again = (vocode(random_mel(2), rng=np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first, again)


@each
def test_a_square_array_is_refused_although_its_shape_would_do(
    vocode: Callable[..., FloatArray], refuses: Refuses
) -> None:
    with refuses("MelSpectrogram", "which axis is time"):
        vocode(random_mel(80).values, rng=np.random.default_rng(0))


@each
@pytest.mark.parametrize("change", [{"sr": 22_050}, {"log": "ln"}, {"power": 2.0}, {"fmax": 8_000.0}])
def test_other_parameters_are_refused(vocode: Callable[..., FloatArray], change: dict, refuses: Refuses) -> None:
    (name,) = change
    with refuses(f"{name}: "):
        vocode(MelSpectrogram(random_mel(3).values, replace(MEL, **change)), rng=np.random.default_rng(0))


@pytest.mark.parametrize("name", [name for name in VOCODERS if name != "melgan"])
def test_a_bare_seed_is_refused(name: str, refuses: Refuses) -> None:
    with refuses("random generator"):
        VOCODERS[name](random_mel(2), rng=3)


def test_impossible_temperatures_and_widths_are_refused(refuses: Refuses) -> None:
    rng = np.random.default_rng(0)
    with refuses("temperature is 0"):
        wavenet_vocode(random_mel(2), model=NET, rng=rng, temperature=0)
    with refuses("sigma is -1"):
        waveglow_vocode(random_mel(2), model=FLOW, rng=rng, sigma=-1)
    with refuses("[8, 6, 4, 2, 0] channels"):
        WaveGlow(WaveGlowConfig(flows=5, early_every=1))
