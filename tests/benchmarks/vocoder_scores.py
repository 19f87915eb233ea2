"""The score board of vocoders: copies of held-out voices beside the original, and seconds for a second of sound.

Griffin-Lim needs no training; `hifigan-mini` takes part once it is bundled. WaveNet, WaveGlow and MelGAN are measured
in speed only: it does not depend on the weights. PESQ and STOI come from their packages, where installed: ``pip install
pesq pystoi``. Real recordings are not part of the project (see `LAYOUT`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from audiocourse import zoo
from audiocourse.signal import FloatArray, griffin_lim, read, resample
from audiocourse.sounds import sentence, speakers
from audiocourse.tts.mel import MEL, MelSpectrogram, log_mel, magnitudes
from audiocourse.tts.scoring import mel_cepstral_distortion, mel_distance, real_time_factor, resynthesis
from audiocourse.tts.vocoders.griffin_lim import griffin_lim_vocode
from audiocourse.tts.vocoders.melgan import MelGan, MelGanConfig, melgan_vocode
from audiocourse.tts.vocoders.waveglow import WaveGlow, WaveGlowConfig, waveglow_vocode
from audiocourse.tts.vocoders.wavenet import WaveNet, WaveNetConfig
from audiocourse.tts.vocoders.wavenet_queues import wavenet_vocode
from audiocourse.zoo import seeded

LAYOUT = "ljspeech32/: clips LJ*.flac of read English, one speaker"
SR = MEL.sr
HAS_PESQ = find_spec("pesq") is not None
HAS_STOI = find_spec("pystoi") is not None
Vocode = Callable[[MelSpectrogram], FloatArray]


@dataclass(frozen=True, eq=False)
class Clip:
    """A sound of frames · hop samples, and its mel spectrogram."""

    y: FloatArray
    mel: MelSpectrogram

    @classmethod
    def of(cls, y: FloatArray) -> Clip:
        """Cut a sound to whole hops."""
        frames = y.size // MEL.hop_length
        y = y[: frames * MEL.hop_length]
        return cls(y, MelSpectrogram(log_mel(y, SR).values[:, :frames]))


def through_the_pseudo_inverse(mel: MelSpectrogram) -> FloatArray:
    """Griffin-Lim as it is usually shown."""
    magnitude = magnitudes(MelSpectrogram(mel.values[:, np.r_[: mel.values.shape[1], -1]]))
    rng = np.random.default_rng(0)
    return griffin_lim(magnitude, n_fft=MEL.n_fft, hop_length=MEL.hop_length, iterations=60, rng=rng)


def vocoders() -> dict[str, Vocode]:
    """Everything that needs no training or comes trained."""
    found: dict[str, Vocode] = {
        "Griffin-Lim, pseudo-inverse": through_the_pseudo_inverse,
        "Griffin-Lim, non-negative": lambda mel: griffin_lim_vocode(mel, rng=np.random.default_rng(0)),
    }
    if any(card.name == "hifigan-mini" for card in zoo.list_models(bundled=True)):
        hifigan = import_module("audiocourse.tts.vocoders.hifigan")
        found["hifigan-mini"] = partial(hifigan.hifigan_vocode, model=zoo.load("hifigan-mini").model)
    return found


def synthetic(clips: int) -> list[Clip]:
    """Sentences by held-out voices, each by another one."""
    people = speakers("en", split="test")
    rng = np.random.default_rng(16)
    return [Clip.of(people[i % len(people)].say(sentence(rng, split="test").text).y) for i in range(clips)]


def real(data: Path, clips: int) -> list[Clip]:
    """Read English at the course's rate."""
    found = []
    for path in sorted((data / "ljspeech32").glob("LJ*.flac"))[:clips]:
        recording = read(path)
        found.append(Clip.of(resample(recording.y, recording.sr, SR)))
    return found


def pesq(clip: Clip, y: FloatArray) -> float:
    """Wideband PESQ, from 1.04 to 4.64, or NaN without the package."""
    return float(import_module("pesq").pesq(SR, clip.y, y, "wb")) if HAS_PESQ else np.nan


def stoi(clip: Clip, y: FloatArray) -> float:
    """STOI, from 0 to 1, or NaN without the package."""
    return float(import_module("pystoi").stoi(clip.y, y, SR)) if HAS_STOI else np.nan


def measures(clip: Clip, vocode: Vocode) -> list[float]:
    """Mel distance and mel-cepstral distortion in dB, PESQ, STOI, of a copy."""
    y = vocode(clip.mel)
    again = resynthesis(lambda _: y, clip.mel)
    distances = [mel_distance(clip.mel, again), mel_cepstral_distortion(clip.mel, again)]
    return [*distances, pesq(clip, y), stoi(clip, y)]


def copy_table(title: str, clips: list[Clip]) -> str:
    """A row for each vocoder: the mean over clips."""
    lines = [title, f"{'vocoder':<30} mel, dB  MCD, dB   PESQ   STOI"]
    for name, vocode in vocoders().items():
        mel, mcd, quality, intelligibility = np.mean([measures(clip, vocode) for clip in clips], axis=0)
        lines.append(f"{name:<30} {mel:7.2f} {mcd:8.2f} {quality:6.2f} {intelligibility:6.3f}")
    missing = [name for name, there in (("pesq", HAS_PESQ), ("pystoi", HAS_STOI)) if not there]
    if missing:
        lines.append(f"nan: {' and '.join(missing)} not installed (pip install {' '.join(missing)}).")
    return "\n".join(lines)


def untrained() -> dict[str, tuple[torch.nn.Module, Callable[..., FloatArray]]]:
    """The networks whose speed alone is measured, in the sizes that are their defaults."""
    with seeded(0):
        return {
            "WaveNet, with queues": (WaveNet(WaveNetConfig()), wavenet_vocode),
            "WaveGlow": (WaveGlow(WaveGlowConfig()), waveglow_vocode),
            "MelGAN": (MelGan(MelGanConfig()), melgan_vocode),
        }


def naive_factor(net: WaveNet, samples: int) -> float:
    """Real-time factor of WaveNet without queues, from a few samples: each costs one pass over the receptive field.

    It is generous: the shorter passes of the first receptive field are left aside, and it computes in float32.
    """
    codes = torch.zeros(1, net.receptive_field, dtype=torch.int64)
    condition = torch.zeros(1, net.config.condition_channels, net.receptive_field)
    with torch.no_grad():
        net.next_logits(codes, condition)
        begin = time.process_time()
        for _ in range(samples):
            net.next_logits(codes, condition)
        return (time.process_time() - begin) / samples * SR


def speed_table(*, frames: int = 63, samples: int = 20) -> str:
    """Seconds for a second of sound, one core."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    mel = MelSpectrogram(np.random.default_rng(0).uniform(-3, 0, (80, frames)).astype(np.float32))
    lines = ["Seconds for a second of sound, one core", f"{'vocoder':<30}  million weights     seconds"]
    factors: dict[str, float] = {}
    try:
        for name, vocode in vocoders().items():
            lines.append(f"{name:<30} {'':>16} {real_time_factor(vocode, mel):11.4f}")
        for name, (net, vocode) in untrained().items():
            draws = {} if vocode is melgan_vocode else {"rng": np.random.default_rng(0)}
            factors[name] = real_time_factor(partial(vocode, model=net, **draws), mel)
            lines.append(f"{name:<30} {_millions(net):16.3f} {factors[name]:11.4f}")
        net = untrained()["WaveNet, with queues"][0]
        naive = naive_factor(net, samples)
    finally:
        torch.set_num_threads(threads)
    lines.append(f"{'WaveNet, without queues':<30} {_millions(net):16.3f} {naive:11.4f}")
    lines.append(f"Queues make WaveNet {naive / factors['WaveNet, with queues']:.0f} times as fast.")
    return "\n".join(lines)


def tables(data: Path | None = None, *, clips: int = 10) -> Iterator[str]:
    """Yield the tables of copies and of speed."""
    yield copy_table(f"Copies of {clips} sentences by held-out synthetic voices", synthetic(clips))
    if data is None or not (data / "ljspeech32").is_dir():
        yield f"Real speech is measured on real recordings only: --data DIR, with {LAYOUT}."
    else:
        yield copy_table(f"Copies of {clips} real recordings", real(data, clips))
    yield speed_table()


def _millions(net: torch.nn.Module) -> float:
    return sum(each.numel() for each in net.parameters()) / 1e6
