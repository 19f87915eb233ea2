"""WaveNet in use: sample by sample, naively and with queues.

To choose sample n, the naive way runs the network over the last R samples and throws all but one column away: every
column of every block is computed again for each sample. What block b needs of the past is one number per channel, its
input d_b samples ago. A queue of d_b inputs per block keeps it, and a sample costs one column instead of R.
"""

from __future__ import annotations

import copy
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_number, require_rng
from audiocourse.signal import FloatArray, IntArray
from audiocourse.tts.mel import MelSpectrogram, require_mel
from audiocourse.tts.vocoders.conditioning import batch_of_one, interpolate_frames
from audiocourse.tts.vocoders.mu_law import mu_law_decode
from audiocourse.tts.vocoders.wavenet import SILENCE, WaveNet
from audiocourse.zoo.inference import evaluating

Matrices = NDArray[np.float64]


def wavenet_vocode(
    mel: MelSpectrogram, *, model: WaveNet, rng: np.random.Generator, cached: bool = True, temperature: float = 1.0
) -> FloatArray:
    """Draw a sound from P(y | mel), one sample after the other.

    y[n] ~ softmax(logits[n] / temperature): the code at which the sum of probabilities passes a uniform random number.
    The network computes in float64, so that both ways draw the same samples.

    Parameters
    ----------
    mel : MelSpectrogram
        With the parameters of the course.
    model : WaveNet
        The network.
    rng : np.random.Generator
        Draws the uniform numbers, one for each sample.
    cached : bool
        Whether queues keep what blocks computed before; otherwise the last R samples are computed again for each.
    temperature : float
        Under 1 prefers likely samples: less noise, and less life.

    Returns
    -------
    np.ndarray [shape=(frames · hop_length,)]
        float32 in [-1, 1].

    Raises
    ------
    AudioCourseError
        If `require_mel` refuses mel, rng is not a generator, or temperature is not above 0.

    Source: T. Le Paine et al., Fast WaveNet generation algorithm, 2016.

    Notebook: 03d_vocoders
    """
    require_mel(mel)
    require_rng(rng)
    require_number(temperature=temperature)
    if temperature <= 0:
        raise AudioCourseError(f"temperature is {temperature}, but it must be above 0: 1 draws as the network says.")
    uniform = rng.random(mel.values.shape[1] * model.config.hop_length)
    double = copy.deepcopy(model).double()
    with evaluating(double) as device:
        frames = double.mel_condition(batch_of_one(mel, device).double())  # (1, condition_channels, frames)
        generate = generate_with_queues if cached else generate_naively
        return mu_law_decode(generate(double, frames, uniform, temperature))


def generate_naively(model: WaveNet, frames: torch.Tensor, uniform: FloatArray, temperature: float) -> IntArray:
    """Run over the last R samples for each new one.

    frames : (1, condition_channels, frames); uniform : [shape=(samples,)] -> codes (samples,).
    """
    condition = interpolate_frames(frames, model.config.hop_length)  # (1, condition_channels, samples)
    codes = torch.full((1, len(uniform) + 1), SILENCE)  # codes[n] is the sample before sample n
    for n, u in enumerate(uniform):
        past = slice(max(0, n + 1 - model.receptive_field), n + 1)
        logits = model.next_logits(codes[:, past], condition[:, :, past])[0, -1]  # (256,)
        codes[0, n + 1] = draw(logits.cpu().numpy() / temperature, u)
    return codes[0, 1:].numpy()


def generate_with_queues(model: WaveNet, frames: torch.Tensor, uniform: FloatArray, temperature: float) -> IntArray:
    """Compute one column of each block for each new sample.

    frames : (1, condition_channels, frames); uniform : [shape=(samples,)] -> codes (samples,).
    """
    weights = _weights(model)
    conditions = _conditions(model, frames)  # (frames + 1, blocks, 2 * residual_channels)
    dilations = np.array(model.config.dilations)
    queues = np.zeros((len(dilations), dilations.max(), model.config.residual_channels))
    codes = np.empty(len(uniform), dtype=np.int64)
    code = SILENCE
    for n, u in enumerate(uniform):
        m, rest = divmod(n, model.config.hop_length)
        a = rest / model.config.hop_length
        condition = (1 - a) * conditions[m] + a * conditions[m + 1]
        logits = _column(weights, code, condition, queues, n % dilations)
        code = draw(logits / temperature, u)
        codes[n] = code
    return codes


def draw(logits: FloatArray, u: float) -> int:
    """Return the first code k with P(0) + … + P(k) > u, P = softmax. logits : [shape=(codes,)], 0 ≤ u < 1 -> int."""
    total = np.cumsum(np.exp(logits - logits.max()))
    return int(np.searchsorted(total, u * total[-1], side="right"))


class _Weights(NamedTuple):
    """The network as matrices: one column of each layer is a product with a vector."""

    embedding: Matrices  # (codes, residual_channels)
    past: Matrices  # (blocks, 2 * residual_channels, residual_channels)
    present: Matrices  # (blocks, 2 * residual_channels, residual_channels)
    output: Matrices  # (blocks, residual_channels + skip_channels, residual_channels)
    output_bias: Matrices  # (blocks, residual_channels + skip_channels)
    conv1: Matrices  # (skip_channels, skip_channels)
    bias1: Matrices  # (skip_channels,)
    conv2: Matrices  # (codes, skip_channels)
    bias2: Matrices  # (codes,)


def _weights(model: WaveNet) -> _Weights:
    """Stack the weights of all blocks; the bias of the dilated convolution is part of the condition."""
    states = [block.state_dict() for block in model.blocks]
    past, present = torch.stack([state["dilated_conv.weight"] for state in states]).unbind(dim=-1)
    tensors = (
        model.embedding.weight,
        past,
        present,
        torch.stack([torch.cat([state["residual.weight"], state["skip.weight"]])[..., 0] for state in states]),
        torch.stack([torch.cat([state["residual.bias"], state["skip.bias"]]) for state in states]),
        *(p[..., 0] if p.ndim == 3 else p for p in model.conv1.parameters()),
        *(p[..., 0] if p.ndim == 3 else p for p in model.conv2.parameters()),
    )
    return _Weights(*(np.ascontiguousarray(tensor.cpu().numpy()) for tensor in tensors))


def _conditions(model: WaveNet, frames: torch.Tensor) -> Matrices:
    """Compute what the condition adds in each block at every frame: lines between frames stay lines in there."""
    points = torch.cat([frames, frames[:, :, -1:]], dim=2)  # (1, condition_channels, frames + 1)
    states = [block.state_dict() for block in model.blocks]
    projections = torch.stack([state["condition.weight"][..., 0] for state in states])
    biases = torch.stack([state["dilated_conv.bias"] for state in states])
    added = torch.einsum("bgc,cm->mbg", projections, points[0]) + biases  # (frames + 1, blocks, 2 * residual_channels)
    return np.ascontiguousarray(added.cpu().numpy())


def _column(weights: _Weights, code: int, condition: Matrices, queues: Matrices, places: IntArray) -> FloatArray:
    """Compute one column of every block, (codes,): each reads the oldest input from its queue and puts the new in."""
    x = weights.embedding[code]
    channels = len(x)
    skips = np.zeros(len(weights.bias1))
    for b, place in enumerate(places):
        inside = weights.past[b] @ queues[b, place] + weights.present[b] @ x + condition[b]
        queues[b, place] = x
        z = np.tanh(inside[:channels]) / (1 + np.exp(-inside[channels:]))
        output = weights.output[b] @ z + weights.output_bias[b]  # residual, then skip
        x = x + output[:channels]
        skips += output[channels:]
    hidden = np.maximum(weights.conv1 @ np.maximum(skips, 0) + weights.bias1, 0)
    logits: FloatArray = weights.conv2 @ hidden + weights.bias2
    return logits
