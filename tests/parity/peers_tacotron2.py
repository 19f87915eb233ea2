"""Tacotron 2 beside torchaudio's, with the same weights: shown the true frames, and by itself."""

from __future__ import annotations

import warnings
from unittest import mock

import torch
import torchaudio

from audiocourse.tts.tacotron2.model import Tacotron2, Tacotron2Config
from audiocourse.zoo import seeded

SYMBOLS, FRAMES, STEPS = 11, 13, 25
STOPS = -0.05  # bias of the stop token with which the first text ends after two steps, the second not at all
CONFIG = Tacotron2Config(
    tuple("abcdefgh"),
    reduction=1,
    encoder=12,
    attention=6,
    filters=3,
    filter_width=7,
    prenet=10,
    prenet_dropout=0.5,  # torchaudio's own
    units=14,
    postnet_channels=9,
)
OURS_AND_THEIRS = {
    "attention.query": "decoder.attention_layer.query_layer",
    "attention.key": "decoder.attention_layer.memory_layer",
    "attention.energy": "decoder.attention_layer.v",
    "attention.location_conv": "decoder.attention_layer.location_layer.location_conv",
    "attention.location_projection": "decoder.attention_layer.location_layer.location_dense",
    "attention_rnn": "decoder.attention_rnn",
    "prenet.linear1": "decoder.prenet.layers.0",
    "prenet.linear2": "decoder.prenet.layers.1",
    "frame_projection": "decoder.linear_projection",
    "stop_projection": "decoder.gate_layer",
}


def their_name(name: str) -> str:
    """Return torchaudio's name of a weight of ours."""
    for ours, theirs in OURS_AND_THEIRS.items():
        if name.startswith(f"{ours}."):
            return theirs + name.removeprefix(ours)
    if name.startswith("decoder_rnn."):  # theirs is a cell, ours a layer that also runs over a whole sequence
        return f"decoder.{name.removesuffix('_l0')}"
    if name.startswith("encoder.lstm."):
        direction, _, weight = name.removeprefix("encoder.lstm.").partition(".")
        return f"encoder.lstm.{weight}{'_reverse' if direction == 'backward_rnn' else ''}"
    return name.replace(".conv.", ".0.").replace(".norm.", ".1.")


def both() -> tuple[Tacotron2, torchaudio.models.Tacotron2]:
    """Return our network and theirs with the same random weights, and with running statistics that are not trivial."""
    with seeded(1):
        ours = Tacotron2(CONFIG)
        for name, value in ours.state_dict().items():
            if name.endswith(("running_mean", "running_var")):
                value.uniform_(0.5, 1.5)
            elif value.is_floating_point() and ".norm." not in name:
                value.mul_(3)  # else frames hardly depend on the text, nor on the frames before
    peer = torchaudio.models.Tacotron2(
        n_symbol=ours.embedding.num_embeddings,
        symbol_embedding_dim=CONFIG.encoder,
        encoder_embedding_dim=CONFIG.encoder,
        decoder_rnn_dim=CONFIG.units,
        decoder_max_step=STEPS,
        attention_rnn_dim=CONFIG.units,
        attention_hidden_dim=CONFIG.attention,
        attention_location_n_filter=CONFIG.filters,
        attention_location_kernel_size=CONFIG.filter_width,
        prenet_dim=CONFIG.prenet,
        postnet_embedding_dim=CONFIG.postnet_channels,
        mask_padding=True,
    )
    peer.load_state_dict({their_name(name): value for name, value in ours.state_dict().items()})
    return ours.eval(), peer.eval()


def texts() -> tuple[torch.Tensor, torch.Tensor]:
    """Two texts of the same length: theirs lets the padding of a shorter one into its convolutions, ours does not."""
    generator = torch.Generator().manual_seed(2)
    return torch.randint(1 + 3 * len(CONFIG.phones), (2, SYMBOLS), generator=generator), torch.tensor(
        [SYMBOLS, SYMBOLS]
    )


def worst(pairs: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    if any(ours.shape != theirs.shape for ours, theirs in pairs):
        return float("inf")
    return max(float((ours - theirs).abs().max()) for ours, theirs in pairs)


def forced_torchaudio() -> float:
    """Without dropout in the pre-net: both draw it at random, over arrays in another order."""
    ours, peer = both()
    symbols, lengths = texts()
    mel = torch.randn(2, FRAMES, CONFIG.n_mels, generator=torch.Generator().manual_seed(3))
    frames = torch.tensor([FRAMES, FRAMES])
    with torch.no_grad(), mock.patch("torch.nn.functional.dropout", lambda x, *_, **__: x):
        prediction = ours(symbols, lengths, mel, frames)
        theirs = peer(symbols, lengths, ((mel + 2) / 2).transpose(1, 2), frames)
    before, after, gate, alignments = theirs
    return worst(
        [
            ((prediction.frames_before_postnet + 2) / 2, before.transpose(1, 2)),
            ((prediction.frames + 2) / 2, after.transpose(1, 2)),
            (prediction.stop_logits, gate),
            (prediction.weights, alignments),
        ]
    )


def free_torchaudio() -> float:
    """With dropout in the pre-net, drawn from the same seed: cut off after 25 steps, and stopped by the token."""
    cut_off = both()
    stopped = both()
    for model, name in ((stopped[0], "stop_projection"), (stopped[1], "decoder.gate_layer")):
        model.get_submodule(name).bias.data.fill_(STOPS)
    for model, name in ((cut_off[0], "stop_projection"), (cut_off[1], "decoder.gate_layer")):
        model.get_submodule(name).bias.data.fill_(-10.0)
    frames, weights, lengths = generated_by(*cut_off)
    _, weights_until_stop, lengths_until_stop = generated_by(*stopped)  # theirs lets later frames into the post-net
    if not 1 < lengths_until_stop[1].min() < STEPS:
        return float("inf")  # the row would not show that each utterance ends for itself
    return worst([frames, weights, lengths, weights_until_stop, lengths_until_stop])


def generated_by(ours: Tacotron2, peer: torchaudio.models.Tacotron2) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return frames, attention weights and lengths of ours and theirs."""
    symbols, lengths = texts()
    with torch.no_grad(), seeded(4):
        generated = ours.generate(symbols, lengths, max_frames=STEPS)
    with torch.no_grad(), seeded(4), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Reached max decoder steps")
        mel, steps, alignments = peer.infer(symbols, lengths)
    return [
        ((generated.frames + 2) / 2, mel.transpose(1, 2)),
        (generated.weights, alignments),
        (generated.lengths.float(), steps.float()),
    ]


# float32 through some hundred multiplications; the frames are numbers around 1
PEERS = [
    ("Tacotron2.forward", "torchaudio.models.Tacotron2", 1e-5, "", forced_torchaudio),
    ("Tacotron2.generate", "torchaudio.models.Tacotron2.infer", 1e-5, "", free_torchaudio),
]
