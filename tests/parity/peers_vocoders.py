"""The µ-law beside torchaudio's, mel-cepstral distortion beside its formula on scipy's cosine transform."""

from __future__ import annotations

import numpy as np
import torch
import torchaudio
from scipy.fft import dct

from audiocourse.tts.mel import MelSpectrogram
from audiocourse.tts.scoring import mel_cepstral_distortion
from audiocourse.tts.vocoders.mu_law import mu_law_decode, mu_law_encode


def encoding_torchaudio() -> float:
    """Count the samples with another code: float64, since a sample on the edge of a step may fall on either side."""
    y = np.random.default_rng(1).uniform(-1, 1, 100_000)
    y[:4] = -1, 1, 0, 1e-9
    theirs = torchaudio.functional.mu_law_encoding(torch.from_numpy(y), 256).numpy()
    return float(np.count_nonzero(mu_law_encode(y) != theirs))


def decoding_torchaudio() -> float:
    codes = np.arange(256)
    theirs = torchaudio.functional.mu_law_decoding(torch.from_numpy(codes), 256).numpy()
    return float(np.abs(mu_law_decode(codes) - theirs).max())


def distortion_scipy() -> float:
    """The formula on the cosine transform of scipy, whose type II without norm is 2 Σ x cos."""
    values = np.random.default_rng(2).uniform(-4, 0, (2, 80, 30))
    cepstra = [dct(x * np.log(10), type=2, axis=0)[1:14] / 80 for x in values]
    theirs = 10 / np.log(10) * np.sqrt(2 * ((cepstra[0] - cepstra[1]) ** 2).sum(axis=0))
    ours = mel_cepstral_distortion(*(MelSpectrogram(x) for x in values))
    return abs(ours - float(theirs.mean()))


PEERS = [
    ("mu_law_encode", "torchaudio.functional.mu_law_encoding", 0, "codes of 100,000", encoding_torchaudio),
    ("mu_law_decode", "torchaudio.functional.mu_law_decoding", 1e-6, "of the full scale", decoding_torchaudio),
    ("mel_cepstral_distortion", "its formula on scipy.fft.dct", 1e-9, "dB", distortion_scipy),
]
