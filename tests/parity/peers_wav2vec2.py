"""The miniature of wav2vec 2.0 beside transformers' pretraining model, with the same weights."""

from __future__ import annotations

import numpy as np
import torch
import transformers

from audiocourse.asr.wav2vec2.from_scratch import contrastive_loss, draw_distractors, span_mask
from audiocourse.asr.wav2vec2.model import (
    FeatureEncoder,
    GumbelQuantiser,
    contrastive_scores,
    diversity_loss,
    feature_frames,
)
from audiocourse.zoo import seeded

CHANNELS, SAMPLES, DISTRACTORS = 16, 16_000, 9
FRAMES = feature_frames(SAMPLES)


def theirs() -> transformers.Wav2Vec2ForPreTraining:
    config = transformers.Wav2Vec2Config(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(CHANNELS,) * 7,
        num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2,
        num_codevector_groups=2,
        num_codevectors_per_group=5,  # few: distractors that equal the right answer are common
        codevector_dim=8,
        proj_codevector_dim=8,
    )
    with seeded(1):
        return transformers.Wav2Vec2ForPreTraining(config).eval()


def samples() -> torch.Tensor:
    return torch.randn(1, SAMPLES, generator=torch.Generator().manual_seed(2))


def lengths_transformers() -> float:
    peer = theirs()._get_feat_extract_output_lengths
    return float(max(abs(feature_frames(n) - int(peer(n))) for n in range(400, 3_000)))


def encoder_transformers() -> float:
    peer, ours = theirs().wav2vec2.feature_extractor, FeatureEncoder(channels=CHANNELS)
    weights = {f"layers.{n}.weight": layer.conv.weight for n, layer in enumerate(peer.conv_layers)}
    norm = peer.conv_layers[0].layer_norm
    ours.load_state_dict({**weights, "norm.weight": norm.weight, "norm.bias": norm.bias})
    with torch.no_grad():
        return float((ours(samples()).transpose(1, 2) - peer(samples())).abs().max())


def same_weights(peer: torch.nn.Module) -> GumbelQuantiser:
    ours = GumbelQuantiser(CHANNELS, groups=2, entries=5, size=8).eval()
    words = peer.codevectors.view(2, 5, 4)
    projection = {f"projection.{name}": value for name, value in peer.weight_proj.named_parameters()}
    weights = {**projection, "codewords": words}
    ours.load_state_dict(weights)
    return ours


def quantiser_transformers() -> float:
    peer = theirs().quantizer.eval()
    z = torch.randn(1, 50, CHANNELS, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        q, _ = same_weights(peer)(z[0])
        words = float((q - peer(z)[0][0]).abs().max())
        _, used = peer.train()(z)
        _, probabilities = same_weights(peer)(z[0])
    return max(words, float((diversity_loss(probabilities) - (10 - used) / 10).abs()))


def losses_transformers() -> float:
    """Ours, as a mean over hidden steps, in NumPy and torch, beside theirs, a sum."""
    rng, peer = np.random.default_rng(4), theirs()
    mask = span_mask(FRAMES, rng=rng, start=0.1, span=5)
    others = draw_distractors(int(mask.sum()), count=DISTRACTORS, rng=rng)
    negatives = np.zeros((1, FRAMES, DISTRACTORS), dtype=np.int64)
    negatives[0, mask] = np.flatnonzero(mask)[others]
    with torch.no_grad():
        out = peer(
            samples(), mask_time_indices=torch.from_numpy(mask[None]), sampled_negative_indices=torch.tensor(negatives)
        )
        c, q = (each[0, mask] for each in (out.projected_states, out.projected_quantized_states))
        scores = contrastive_scores(c, q, torch.from_numpy(others))
    assert scores.isinf().any(), "no distractor equals the right answer: the case that matters is missing"
    ours = torch.nn.functional.cross_entropy(scores, torch.zeros(len(scores), dtype=torch.int64))
    by_hand = contrastive_loss(c.numpy(), q.numpy(), others)
    right = float(out.contrastive_loss) / mask.sum()
    return max(abs(float(ours) - right), abs(by_hand - right))


PEERS = [
    ("wav2vec2.feature_frames", "transformers' lengths", 0, "frames", lengths_transformers),
    ("wav2vec2.FeatureEncoder", "transformers.Wav2Vec2FeatureEncoder", 1e-4, "", encoder_transformers),
    ("wav2vec2.GumbelQuantiser", "transformers.Wav2Vec2GumbelVectorQuantizer", 1e-5, "", quantiser_transformers),
    ("contrast.contrastive_loss", "transformers.Wav2Vec2ForPreTraining", 1e-4, "nats", losses_transformers),
]
