"""How ``speaker-mini`` is trained: with GE2E on many synthetic voices, recorded in many ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from audiocourse.classify.augment import over_soft_noise, recorded_differently, resized
from audiocourse.classify.clips import draw
from audiocourse.classify.features import log_mel
from audiocourse.classify.speakers.baseline import mfcc_mean, standardised
from audiocourse.classify.speakers.losses import Ge2eLoss
from audiocourse.classify.speakers.model import SR, SpeakerConfig, SpeakerEncoder, embed
from audiocourse.classify.speakers.verification import all_pairs, development_threshold, error_rates_at
from audiocourse.classify.voices import recorded, speaking, training_voice, utterances_of
from audiocourse.signal import FloatArray
from audiocourse.sounds import LANGUAGES, Speaker, sentence
from audiocourse.trials import equal_error_rate
from audiocourse.zoo import Card, Trained, seeded
from audiocourse.zoo.batching import fit_examples

CARD = Card(
    name="speaker-mini",
    task="speaker-verification",
    model="audiocourse.classify.speakers.model:SpeakerEncoder",
    licence="MIT",
    source="This course; the loss is that of L. Wan et al., ICASSP 2018, arXiv:1710.10467.",
    expect="A vector of 64 numbers for a voice, at 16 kHz. It was trained on synthetic voices only, which differ in "
    "timbre, vocal tract and pitch: it tells them apart in noise and rooms, but real people much less well.",
)

FRAMES = 150  # of 20 ms, of each utterance: 3 s
SHORTEST_CROP = 25  # frames, 0.5 s
LONGEST_CROP = 120  # frames, 2.4 s
UTTERANCES_IN_BATCH = 4  # of each voice
OTHER_LANGUAGE = 0.4  # the share of utterances in another language than the speaker's own
WARP = 0.12  # largest |ln| of the factor by which the mel axis is stretched
CONDITIONS = {"clean": 0.0, "in rooms and noise": 0.6}  # the share of `recorded`


@dataclass(frozen=True)
class Settings:
    """How much is trained; an utterance is cut to 3 s."""

    voices: int = 800
    utterances: int = 6
    epochs: int = 40
    batch_size: int = 16  # voices
    seed: int = 7
    test_utterances: int = 12  # of each speaker


TINY = Settings(voices=16, utterances=2, epochs=1, test_utterances=2)


def examples(voices: int, utterances: int, *, seed: int) -> torch.Tensor:
    """Synthesise voices: features (voices, utterances, frames, n_mels), float16."""
    features = np.empty((voices, utterances, FRAMES, SpeakerConfig().n_mels), dtype=np.float16)
    for number in range(voices):
        rng = np.random.default_rng([seed, number])
        speaker = training_voice(rng=rng)
        for row in features[number]:
            row[:] = _excerpt(log_mel(_utterance(speaker, rng), SR).T, rng)
    return torch.from_numpy(features)


def _utterance(speaker: Speaker, rng: np.random.Generator) -> FloatArray:
    """Synthesise a sentence in the speaker's language or another one, recorded somewhere: (samples,)."""
    language = draw(rng, tuple(LANGUAGES)) if rng.random() < OTHER_LANGUAGE else speaker.language
    text = sentence(rng, language, split="train").text
    spoken = speaking(speaker, language, rng=rng).say(text, seed=int(rng.integers(2**31)), sr=SR)
    return recorded(spoken.y, rng=rng, share=0.4)


def _excerpt(frames: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Cut 3 s out, repeating what is shorter: (frames, n_mels) -> (FRAMES, n_mels)."""
    start = int(rng.integers(max(1, len(frames) - FRAMES + 1)))
    return np.take(frames, np.arange(start, start + FRAMES), axis=0, mode="wrap")


class Training(nn.Module):
    """The encoder and the loss, whose scale and offset are learned with it."""

    def __init__(self, config: SpeakerConfig) -> None:
        super().__init__()
        self.encoder = SpeakerEncoder(config)
        self.criterion = Ge2eLoss()

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return the loss: features (voices, utterances, frames, n_mels) -> scalar."""
        embeddings = self.encoder(features.flatten(0, 1))  # (voices * utterances, embedding)
        result: torch.Tensor = self.criterion(embeddings.reshape(*features.shape[:2], -1))
        return result


def loss(model: nn.Module, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """GE2E of four utterances of each voice, cut to one random length; each voice with another vocal tract."""
    features = batch[0]  # (voices, utterances, frames, n_mels)
    voices, utterances, frames, _ = features.shape
    device = features.device
    chosen = torch.rand(voices, utterances, device=device).argsort(dim=1)[:, :UTTERANCES_IN_BATCH]
    some = features[torch.arange(voices, device=device)[:, None], chosen].flatten(0, 1).float()
    length = int(torch.randint(SHORTEST_CROP, LONGEST_CROP + 1, ()))
    start = torch.randint(frames - length + 1, (len(some), 1), device=device)
    rows = torch.arange(len(some), device=device)[:, None]
    cropped = some[rows, start + torch.arange(length, device=device)]  # (voices * utterances, length, n_mels)
    factors = torch.exp(WARP * (2 * torch.rand(voices, device=device) - 1)).repeat_interleave(chosen.shape[1])
    varied = over_soft_noise(recorded_differently(resized(cropped, factors), tilt=0.08))
    result: torch.Tensor = model(varied.reshape(voices, chosen.shape[1], length, -1))
    return result


def embeddings(sounds: list[FloatArray], model: SpeakerEncoder) -> FloatArray:
    """Embed each recording: (samples,) each -> (recordings, embedding)."""
    return np.stack([embed(y, SR, model=model) for y in sounds])


def tuned(model: SpeakerEncoder, settings: Settings) -> SpeakerConfig:
    """Put the threshold into the network's config at which the validation speakers have equal error rates."""
    share = max(CONDITIONS.values())
    sounds, names = utterances_of("validation", settings.test_utterances, share=share, seed=settings.seed + 1)
    return replace(model.config, threshold=development_threshold(*all_pairs(embeddings(sounds, model), names)))


def evaluate(model: SpeakerEncoder, settings: Settings) -> dict[str, float]:
    """Measure errors on all pairs of utterances of the test speakers, beside the mean of the cepstrum."""
    scores = {}
    for condition, share in CONDITIONS.items():
        others = utterances_of("validation", settings.test_utterances, share=share, seed=settings.seed + 1)
        sounds, names = utterances_of("test", settings.test_utterances, share=share, seed=settings.seed + 2)
        pairs = all_pairs(embeddings(sounds, model), names)
        cepstra, development = (np.stack([mfcc_mean(y, SR) for y in some]) for some in (sounds, others.sounds))
        scores[f"synthetic speakers {condition}: EER"] = round(equal_error_rate(*pairs), 4)
        of_baseline = all_pairs(standardised(cepstra, development), names)
        scores[f"synthetic speakers {condition}: EER of the mean MFCC"] = round(equal_error_rate(*of_baseline), 4)
    threshold = model.config.threshold
    miss, false_alarm = error_rates_at(threshold, *pairs)
    scores[f"the same {condition}: misses at the threshold of other speakers"] = round(miss, 4)
    scores[f"the same {condition}: false alarms at the threshold of other speakers"] = round(false_alarm, 4)
    scores[f"the same {condition}: that threshold / their own"] = round(threshold / development_threshold(*pairs), 3)
    return scores


def train(folder: Path, settings: Settings = Settings()) -> Trained:
    """Train on shuffled voices, then find the threshold on the validation speakers."""
    features = examples(settings.voices, settings.utterances, seed=settings.seed)
    with seeded(settings.seed):
        training = Training(SpeakerConfig())
    fit_examples(
        training,
        features,
        loss=loss,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        seed=settings.seed,
        warm_up=1 / 10,
        folder=folder,
    )
    model = training.encoder
    model.config = tuned(model, settings)
    data = (
        f"{settings.voices} synthetic voices (sounds), {settings.utterances} sentences each in nine languages, in "
        "rooms and noise, through microphones and telephones; in each batch with another length of the vocal tract"
    )
    return Trained(model, data, settings.seed, evaluate(model, settings))
