"""wav2vec 2.0: its training in miniature, and the published recogniser in use.

::

    samples → seven convolutions → z, every 20 ms ─┬─ spans hidden → Transformer → c ──┐
                                                   └─ quantised to codewords → q ──────┴→ which q was here?

A network that has learned to answer that on sound without any text needs only a little text to become a recogniser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from audiocourse.asr.wav2vec2.from_scratch import draw_distractors
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono
from audiocourse.signal import BoolArray, FloatArray
from audiocourse.sounds import Interval

CONVOLUTIONS = ((10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2))  # width and stride of each layer
SR = 16_000


def feature_frames(samples: int, *, convolutions: Sequence[tuple[int, int]] = CONVOLUTIONS) -> int:
    """Count the frames that the convolutions make of a sound.

    n ← ⌊(n − width) / stride⌋ + 1, layer by layer; 0 if a layer finds less than one width. The published layers see 400
    samples (25 ms) a frame and move on by 320 (20 ms).

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
        x = samples[:, None]
        for number, layer in enumerate(self.layers):
            x = nn.functional.gelu(layer(x) if number else self.norm(layer(x)))
        return x.transpose(1, 2)


class GumbelQuantiser(nn.Module):
    """Replace each frame by a codeword of each of G codebooks, side by side.

    l = A z, P(v | g) = softmax over v of (l[g, v] + noise) / τ, q = [e[1, v₁], …, e[G, v_G]] with v_g the most
    probable one; the noise is −log(−log u), u uniform, in training only. A choice has no slope: backwards, the soft P
    stands in for it (straight through).

    Parameters
    ----------
    inputs : int
        Numbers a frame.
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
        scores = self.projection(z).view(-1, groups, entries)
        noise = -torch.log(torch.empty_like(scores).exponential_()) if self.training else torch.zeros_like(scores)
        soft = ((scores + noise) / temperature).softmax(dim=-1)
        hard = nn.functional.one_hot(soft.argmax(dim=-1), entries).to(soft.dtype)
        chosen = hard + soft - soft.detach()
        return torch.einsum("fge,ges->fgs", chosen, self.codewords).flatten(1), scores.softmax(dim=-1)


def perplexity(probabilities: torch.Tensor) -> torch.Tensor:
    """Say how many codewords are in use, summed over the codebooks.

    Σ_g exp(−Σ_v p̄[g, v] log p̄[g, v]), p̄ the mean over frames: 1 a codebook if it always says the same, its number of
    codewords if all are used equally.

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
    """Measure which share of the codewords lies idle.

    (G V − perplexity) / (G V), G codebooks of V codewords. Without it, the easiest way to agree is that everything is
    the same codeword.

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
    """Compare what the network says with what was there, and with what was elsewhere: `from_scratch.contrastive_loss`.

    cos(c_i, q) / κ for q_i and its distractors, −∞ for a distractor that equals q_i.

    Parameters
    ----------
    context, targets : torch.Tensor [shape=(steps, units)]
        c and q of the hidden steps of one utterance.
    distractors : torch.Tensor [shape=(steps, count)]
        From `draw_distractors`.
    temperature : float
        κ

    Returns
    -------
    torch.Tensor [shape=(steps, 1 + count)]
        The right one first; `cross_entropy` with class 0 makes the loss of it.

    Notebook: 02d_wav2vec2
    """
    choices = torch.cat([targets[:, None], targets[distractors]], dim=1)
    scores = torch.cosine_similarity(context[:, None], choices, dim=-1) / temperature
    same = (choices == targets[:, None]).all(dim=-1)
    same[:, 0] = False
    return scores.masked_fill(same, -torch.inf)


@dataclass(frozen=True)
class Pretraining:
    """One look at one sound: both losses, and the share of hidden steps for which the right target scored highest."""

    contrastive: torch.Tensor
    diversity: torch.Tensor
    right: float


class Wav2Vec2Mini(nn.Module):
    """The whole of wav2vec 2.0's pretraining, small enough to read.

    z = norm(encoder(samples)); x = P z, hidden frames replaced by one learned vector; c = Transformer(x + conv(x));
    q = quantiser(z of the hidden frames); loss = contrastive(c, q) + 0.1 · diversity.

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
        self.project = nn.Linear(channels, units)
        self.hidden = nn.Parameter(torch.rand(units))
        self.position = nn.Conv1d(units, units, 15, padding=7)
        layer = nn.TransformerEncoderLayer(units, 4, 2 * units, dropout=0.0, batch_first=True)
        self.transformer = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.quantiser = quantiser or GumbelQuantiser(channels)
        self.head = nn.Linear(units, self.quantiser.codewords[:, 0].numel())

    def context(self, z: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Say something about each frame, from the frames that are not hidden.

        Parameters
        ----------
        z : torch.Tensor [shape=(frames, channels)]
            Normalised features of one sound.
        mask : torch.Tensor [shape=(frames,)]
            True where hidden.

        Returns
        -------
        torch.Tensor [shape=(frames, size)]
            c, as long as a q.
        """
        x = torch.where(mask[:, None], self.hidden, self.project(z))[None]
        x = x + nn.functional.gelu(self.position(x.transpose(1, 2))).transpose(1, 2)
        said: torch.Tensor = self.head(self.transformer(x)[0])
        return said

    def forward(
        self,
        samples: torch.Tensor,
        mask: BoolArray,
        *,
        rng: np.random.Generator,
        distractors: int = 20,
        temperature: float = 1.0,
    ) -> Pretraining:
        """Play the game on one sound.

        Parameters
        ----------
        samples : torch.Tensor [shape=(samples,)]
            Mono, 16 000 a second.
        mask : np.ndarray [shape=(frames,)]
            From `from_scratch.span_mask`, with `feature_frames` frames.
        rng : np.random.Generator
            Draws the distractors.
        distractors : int
            For each hidden step; 100 in the paper.
        temperature : float
            Of the quantiser; 2 at the beginning and 0.5 at the end in the paper.

        Raises
        ------
        AudioCourseError
            If the mask has another length, or fewer than two frames are hidden.
        """
        frames = feature_frames(len(samples), convolutions=self.encoder.convolutions)
        if mask.shape != (frames,):
            raise AudioCourseError(f"{len(samples)} samples make {frames} frames: the mask has shape {mask.shape}.")
        others = torch.from_numpy(draw_distractors(int(mask.sum()), count=distractors, rng=rng)).to(samples.device)
        z = self.norm(self.encoder(samples[None])[0])
        hidden = torch.from_numpy(mask).to(samples.device)
        targets, probabilities = self.quantiser(z[hidden], temperature=temperature)
        scores = contrastive_scores(self.context(z, hidden)[hidden], targets, others)
        first = torch.zeros(len(scores), dtype=torch.int64, device=scores.device)
        right = float((scores.argmax(dim=1) == first).float().mean())
        return Pretraining(nn.functional.cross_entropy(scores, first), diversity_loss(probabilities), right)


@dataclass(frozen=True)
class Recognised:
    """What a published wav2vec 2.0 heard: the text, and its words with their times in seconds."""

    text: str
    words: list[Interval]


def recognise_wav2vec2(y: FloatArray, sr: int, *, model: Any, processor: Any) -> Recognised:
    """Write down a recording with a published wav2vec 2.0 and say when each word was said.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal; of stereo take `signal.to_mono` first: the processor would take two channels for two recordings,
        and whoever reads the first answer hears the left channel only.
    sr : int
        Samples per second; 16 000.
    model, processor
        From ``zoo.load("facebook/wav2vec2-base-960h")``, or of any folder with a Wav2Vec2ForCTC.

    Returns
    -------
    Recognised
        Text and timed words: CTC spikes, so that words come out a little short.

    Raises
    ------
    AudioCourseError
        If y is not mono, too short for one frame, or of another rate.

    Source: A. Baevski et al., wav2vec 2.0, NeurIPS 2020.

    Notebook: 02d_wav2vec2
    """
    return recognise_all([y], sr, model=model, processor=processor)[0]


def recognise_all(recordings: Sequence[FloatArray], sr: int, *, model: Any, processor: Any) -> list[Recognised]:
    """Write down several recordings; each as `recognise_wav2vec2` would.

    Checkpoints whose processor makes an attention mask are fed all at once. The others, such as wav2vec2-base-960h,
    normalise over padding too and change their answer with it: they are fed one by one.

    Parameters
    ----------
    recordings : sequence of np.ndarray [shape=(samples,)]
        Mono signals.
    sr : int
        Samples per second; 16 000.
    model, processor
        As for `recognise_wav2vec2`.

    Returns
    -------
    list of Recognised
        In the same order.

    Raises
    ------
    AudioCourseError
        As `recognise_wav2vec2`.

    Notebook: 02d_wav2vec2
    """
    for y in recordings:
        _require_hearable(y, sr, model=model, processor=processor)
    together = processor.feature_extractor.return_attention_mask
    batches = [list(recordings)] if together and recordings else [[y] for y in recordings]
    return [one for batch in batches for one in _recognised(batch, sr, model=model, processor=processor)]


def _recognised(batch: list[FloatArray], sr: int, *, model: Any, processor: Any) -> list[Recognised]:
    """Recognise a batch, and read of each answer only the frames that are its own."""
    inputs = processor(batch, sampling_rate=sr, return_tensors="pt", padding=True)
    with torch.no_grad():
        best = model(**inputs.to(model.device)).logits.argmax(dim=-1).cpu()
    frames = [feature_frames(y.size, convolutions=_layers(model)) for y in batch]
    seconds = model.config.inputs_to_logits_ratio / sr
    return [_spelled(path[:count], seconds, processor) for path, count in zip(best, frames, strict=True)]


def _spelled(path: torch.Tensor, seconds: float, processor: Any) -> Recognised:
    """Collapse a path to words; frame t stands for t · seconds to (t + 1) · seconds."""
    decoded = processor.tokenizer.decode(path, output_word_offsets=True)
    words = [
        Interval(word["start_offset"] * seconds, word["end_offset"] * seconds, word["word"])
        for word in decoded.word_offsets
    ]
    return Recognised(decoded.text, words)


def _layers(model: Any) -> list[tuple[int, int]]:
    return list(zip(model.config.conv_kernel, model.config.conv_stride, strict=True))


def _require_hearable(y: FloatArray, sr: int, *, model: Any, processor: Any) -> None:
    """Refuse stereo, another rate and what is too short for a frame."""
    if np.ndim(y) == 2:
        raise AudioCourseError(f"Shape {np.shape(y)} has a channel axis: pass signal.to_mono(y), the mean of both.")
    require_mono(y)
    wanted = processor.feature_extractor.sampling_rate
    if sr != wanted:
        raise AudioCourseError(
            f"This wav2vec 2.0 hears {wanted} samples a second, not {sr}: call signal.resample first."
        )
    if not feature_frames(y.size, convolutions=_layers(model)):
        raise AudioCourseError(f"{y.size} samples are too short for a single frame: pass at least 25 ms of sound.")
