"""YAMNet beside transformers: its front end beside their spectrogram, its network beside their MobileNet v1."""

from __future__ import annotations

import numpy as np
import torch
import transformers
from transformers.audio_utils import mel_filter_bank, spectrogram

from audiocourse.classify.yamnet.model import NORM_EPSILON, Yamnet, YamnetConfig, mel_weights, yamnet_features
from audiocourse.sounds import speaker
from audiocourse.zoo import seeded

SR = 16_000
FILTERS = {
    "num_frequency_bins": 257,
    "num_mel_filters": 64,
    "min_frequency": 125.0,
    "max_frequency": 7500.0,
    "sampling_rate": SR,
    "norm": None,
    "mel_scale": "kaldi",  # 1127 ln(1 + f / 700), as TensorFlow's
    "triangularize_in_mel_space": True,
}


def filters_transformers() -> float:
    return float(np.abs(mel_filter_bank(**FILTERS).T - mel_weights()).max())


def features_transformers() -> float:
    y = speaker("wren-2", "en").say("Good morning, dear friends.").y
    window = np.hanning(401)[:400]  # periodic
    theirs = spectrogram(
        y,
        window,
        frame_length=400,
        hop_length=160,
        fft_length=512,
        power=1.0,
        center=False,
        mel_filters=mel_filter_bank(**FILTERS),
        mel_floor=0.0,
        dtype=np.float64,
    )
    return float(np.abs(np.log(theirs.T + 0.001) - yamnet_features(y)).max())


def network_transformers() -> float:
    """Load random weights of ours into theirs, layer by layer in order; inputs of an odd and an even size."""
    with seeded(9):
        ours = Yamnet(YamnetConfig(("rain", "siren"), width=0.25))
        patches = torch.randn(2, 96, 64)
        odd = torch.randn(2, 95, 61)
        for module in ours.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                torch.nn.init.normal_(module.bias, 0, 0.1)
                module.momentum = 1.0
        ours.train()(patches)  # mean and variance of these patches, so that no layer's output vanishes
        ours.eval()
    theirs = transformers.MobileNetV1Model(
        transformers.MobileNetV1Config(
            num_channels=1, depth_multiplier=0.25, min_depth=1, hidden_act="relu", layer_norm_eps=NORM_EPSILON
        )
    ).eval()
    weights = [value for name, value in ours.state_dict().items() if not name.startswith("head.")]
    theirs.load_state_dict(dict(zip(theirs.state_dict(), weights, strict=True)))
    with torch.no_grad():
        embeddings = [(ours.embed(batch), theirs(batch[:, None]).pooler_output) for batch in (patches, odd)]
    assert min(embedding.std() for embedding, _ in embeddings) > 0.1
    return float(max((embedding - other).abs().max() for embedding, other in embeddings))


PEERS = [
    ("classify.yamnet.model.mel_weights", "transformers.audio_utils.mel_filter_bank", 1e-9, "", filters_transformers),
    (
        "classify.yamnet.model.yamnet_features",
        "transformers.audio_utils.spectrogram",
        1e-4,
        "nepers",
        features_transformers,
    ),
    ("classify.yamnet.model.Yamnet", "transformers.MobileNetV1Model", 1e-4, "", network_transformers),
]
