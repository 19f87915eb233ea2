"""wav2vec 2.0: its pretraining in miniature.

::

    samples → seven convolutions → z, every 20 ms ─┬─ spans masked → Transformer → c ──┐
                                                   └─ quantised to codewords → q ──────┴→ which q was here?

A network that has learned to answer this question from sound alone needs only a little text to become a recogniser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from audiocourse.asr.wav2vec2.from_scratch import draw_distractors
from audiocourse.errors import AudioCourseError
from audiocourse.signal import BoolArray

CONVOLUTIONS = ((10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2))  # width and stride of each layer


def feature_frames(samples: int, *, convolutions: Sequence[tuple[int, int]] = CONVOLUTIONS) -> int:
    """Count the frames that the convolutions return for a sound.

    n ← ⌊(n − width) / stride⌋ + 1, layer by layer; 0 if a layer finds less than one width. The published layers see 400
    samples (25 ms) per frame and move on by 320 (20 ms).

    Parameters
    ----------
    samples : int
        Length of the sound.
    convolutions : sequence of (int, int)
        Width and stride of each layer.

    Returns
    -------
    int
        How many frames.

    Examples
    --------
    >>> [feature_frames(n) for n in (399, 400, 719, 720, 16000)]
    [0, 1, 1, 2, 49]

    Notebook: 02d_wav2vec2
    """
    for width, stride in convolutions:
        samples = max(0, (samples - width) // stride + 1)
    return samples


class FeatureEncoder(nn.Module):
    """Turn samples into a vector every 20 ms, with learned filters in place of a spectrogram.

    Each layer: convolution without bias, GELU. After the first convolution each channel is normalised over the whole
    sound, so that loudness does not matter; therefore padding does, and sounds are fed one by one.

    Parameters
    ----------
    channels : int
        Of each layer; 512 in the published model.
    convolutions : sequence of (int, int)
        Width and stride of each layer.

    Source: A. Baevski et al., wav2vec 2.0, NeurIPS 2020, section 2.

    Notebook: 02d_wav2vec2
    """

    def __init__(self, *, channels: int = 32, convolutions: Sequence[tuple[int, int]] = CONVOLUTIONS) -> None:
        super().__init__()
        self.convolutions = tuple(convolutions)
        inputs = [1] + [channels] * (len(convolutions) - 1)
        self.layers = nn.ModuleList(
            nn.Conv1d(count, channels, width, stride, bias=False)
            for count, (width, stride) in zip(inputs, convolutions, strict=True)
        )
        self.norm = nn.GroupNorm(channels, channels)

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Encode samples [shape=(batch, samples)]: features [shape=(batch, frames, channels)]."""
        x = samples[:, None]  # (batch, 1, samples)
        for number, layer in enumerate(self.layers):
            x = nn.functional.gelu(layer(x) if number else self.norm(layer(x)))  # (batch, channels, frames)
        return x.transpose(1, 2)  # (batch, frames, channels)


class GumbelQuantiser(nn.Module):
    """Replace each frame by a codeword of each of G codebooks, side by side.

    l = A z, P(v | g) = softmax over v of (l[g, v] + noise) / τ, q = [e[1, v₁], …, e[G, v_G]] with v_g the most
    probable one; the noise is −log(−log u), u uniform, in training only. A choice has no gradient, so the
    backward pass uses that of the soft P (straight through).

    Parameters
    ----------
    inputs : int
        Numbers per frame.
    groups, entries : int
        Codebooks, and codewords in each: together they name entries^groups sounds.
    size : int
        Numbers in a q.

    Source: E. Jang et al., Categorical reparameterization with Gumbel-softmax, ICLR 2017.

    Notebook: 02d_wav2vec2
    """

    def __init__(self, inputs: int, *, groups: int = 2, entries: int = 16, size: int = 32) -> None:
        super().__init__()
        if size % groups:
            raise AudioCourseError(f"{groups} codebooks share {size} numbers: take a size that {groups} divides.")
        self.projection = nn.Linear(inputs, groups * entries)
        self.codewords = nn.Parameter(torch.rand(groups, entries, size // groups))

    def forward(self, z: torch.Tensor, *, temperature: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
        """Quantise frames.

        Parameters
        ----------
        z : torch.Tensor [shape=(frames, inputs)]
            Of any number of sounds.
        temperature : float
            τ; the lower, the harder the choice that the gradient sees.

        Returns
        -------
        q : torch.Tensor [shape=(frames, size)]
            Codewords side by side.
        probabilities : torch.Tensor [shape=(frames, groups, entries)]
            P without noise and temperature, for `diversity_loss`.
        """
        groups, entries, _ = self.codewords.shape
        logits = self.projection(z).view(-1, groups, entries)  # l: (frames, groups, entries)
        noise = -torch.log(torch.empty_like(logits).exponential_()) if self.training else torch.zeros_like(logits)
        soft = ((logits + noise) / temperature).softmax(dim=-1)
        hard = nn.functional.one_hot(soft.argmax(dim=-1), entries).to(soft.dtype)
        straight_through = hard + soft - soft.detach()  # the value of hard, the gradient of soft
        q = torch.einsum("fge,ges->fgs", straight_through, self.codewords).flatten(1)  # (frames, size)
        return q, logits.softmax(dim=-1)


def perplexity(probabilities: torch.Tensor) -> torch.Tensor:
    """Return how many codewords are in use, summed over the codebooks.

    Σ_g exp(−Σ_v p̄[g, v] log p̄[g, v]), p̄ the mean over frames: 1 per codebook that always chooses the same codeword, its
    number of codewords if all are used equally.

    Parameters
    ----------
    probabilities : torch.Tensor [shape=(frames, groups, entries)]
        Of each codeword in each frame, soft or 0 and 1.

    Returns
    -------
    torch.Tensor [shape=()]
        From groups to groups · entries.

    Notebook: 02d_wav2vec2
    """
    mean = probabilities.mean(dim=0)
    return torch.exp(-torch.xlogy(mean, mean).sum(dim=-1)).sum()


def diversity_loss(probabilities: torch.Tensor) -> torch.Tensor:
    """Measure which share of the codewords is not used.

    (G V − perplexity) / (G V), G codebooks of V codewords. Without it, choosing the same codeword
    everywhere would be the easiest way to agree.

    Parameters
    ----------
    probabilities : torch.Tensor [shape=(frames, groups, entries)]
        Of each codeword in each frame.

    Returns
    -------
    torch.Tensor [shape=()]
        0 if all are used equally, near 1 if hardly any.

    Notebook: 02d_wav2vec2
    """
    count = probabilities.shape[1] * probabilities.shape[2]
    return (count - perplexity(probabilities)) / count


def contrastive_scores(
    context: torch.Tensor, targets: torch.Tensor, distractors: torch.Tensor, *, temperature: float = 0.1
) -> torch.Tensor:
    """Compare c with the target q and with the distractors: the scores of `from_scratch.contrastive_loss`.

    cos(c_i, q) / κ for q_i and its distractors, −∞ for a distractor that equals q_i.

    Parameters
    ----------
    context, targets : torch.Tensor [shape=(steps, units)]
        c and q of the masked steps of one utterance.
    distractors : torch.Tensor [shape=(steps, count)]
        From `draw_distractors`.
    temperature : float
        κ

    Returns
    -------
    torch.Tensor [shape=(steps, 1 + count)]
        The target first; `cross_entropy` with class 0 is the loss.

    Notebook: 02d_wav2vec2
    """
    choices = torch.cat([targets[:, None], targets[distractors]], dim=1)  # (steps, 1 + count, units)
    scores = torch.cosine_similarity(context[:, None], choices, dim=-1) / temperature
    same = (choices == targets[:, None]).all(dim=-1)
    same[:, 0] = False
    return scores.masked_fill(same, -torch.inf)


class Pretraining(NamedTuple):
    """Both losses for one sound, and the share of masked steps in which the target scored highest."""

    contrastive: torch.Tensor
    diversity: torch.Tensor
    accuracy: float


class Wav2Vec2Mini(nn.Module):
    """The whole of wav2vec 2.0's pretraining, small enough to read.

    z = norm(encoder(samples)); x = P z, masked frames replaced by one learned vector; c = Transformer(x + conv(x));
    q = quantiser(z of the masked frames); loss = contrastive(c, q) + 0.1 · diversity.

    Parameters
    ----------
    channels, units : int
        Of the convolutions, and of the Transformer.
    layers : int
        Of the Transformer.
    quantiser : GumbelQuantiser, optional
        Two codebooks of 16 codewords if not given.
    convolutions : sequence of (int, int)
        Width and stride of each layer.

    Source: A. Baevski et al., wav2vec 2.0, NeurIPS 2020.

    Notebook: 02d_wav2vec2
    """

    def __init__(
        self,
        *,
        channels: int = 32,
        units: int = 32,
        layers: int = 2,
        quantiser: GumbelQuantiser | None = None,
        convolutions: Sequence[tuple[int, int]] = CONVOLUTIONS,
    ) -> None:
        super().__init__()
        self.encoder = FeatureEncoder(channels=channels, convolutions=convolutions)
        self.norm = nn.LayerNorm(channels)
        self.projection = nn.Linear(channels, units)
        self.mask_embedding = nn.Parameter(torch.rand(units))
        self.position_conv = nn.Conv1d(units, units, 15, padding=7)
        layer = nn.TransformerEncoderLayer(units, 4, 2 * units, dropout=0.0, batch_first=True)
        self.transformer = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.quantiser = quantiser or GumbelQuantiser(channels)
        self.head = nn.Linear(units, self.quantiser.codewords[:, 0].numel())

    def context(self, z: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Predict each frame from the frames that are not masked.

        Parameters
        ----------
        z : torch.Tensor [shape=(frames, channels)]
            Normalised features of one sound.
        mask : torch.Tensor [shape=(frames,)]
            True where masked.

        Returns
        -------
        torch.Tensor [shape=(frames, size)]
            c, of the size of q.
        """
        x = torch.where(mask[:, None], self.mask_embedding, self.projection(z))[None]  # (1, frames, units)
        x = x + nn.functional.gelu(self.position_conv(x.transpose(1, 2))).transpose(1, 2)
        c: torch.Tensor = self.head(self.transformer(x)[0])  # (frames, size)
        return c

    def forward(
        self,
        samples: torch.Tensor,
        mask: BoolArray,
        *,
        rng: np.random.Generator,
        distractors: int = 20,
        temperature: float = 1.0,
    ) -> Pretraining:
        """Mask a sound and measure how well its masked frames are recognised.

        Parameters
        ----------
        samples : torch.Tensor [shape=(samples,)]
            Mono, 16 kHz.
        mask : np.ndarray [shape=(frames,)]
            From `from_scratch.span_mask`, with `feature_frames` frames.
        rng : np.random.Generator
            Draws the distractors.
        distractors : int
            For each masked step; 100 in the paper.
        temperature : float
            Of the quantiser; 2 at the beginning and 0.5 at the end in the paper.

        Raises
        ------
        AudioCourseError
            If the mask has another length, or fewer than two frames are masked.
        """
        frames = feature_frames(len(samples), convolutions=self.encoder.convolutions)
        if mask.shape != (frames,):
            raise AudioCourseError(
                f"{len(samples)} samples give {frames} frames, the mask has shape {mask.shape}: pass a value per frame."
            )
        others = torch.from_numpy(draw_distractors(int(mask.sum()), count=distractors, rng=rng)).to(samples.device)
        masked = torch.from_numpy(mask).to(samples.device)

        # z of all frames; c and q of the masked ones
        z = self.norm(self.encoder(samples[None])[0])  # (frames, channels)
        q, probabilities = self.quantiser(z[masked], temperature=temperature)  # (steps, size), (steps, groups, entries)
        c = self.context(z, masked)[masked]  # (steps, size)

        # the target is the first choice of each step
        scores = contrastive_scores(c, q, others)  # (steps, 1 + distractors)
        target = torch.zeros(len(scores), dtype=torch.int64, device=scores.device)
        accuracy = float((scores.argmax(dim=1) == target).float().mean())
        return Pretraining(nn.functional.cross_entropy(scores, target), diversity_loss(probabilities), accuracy)
