"""From an attention network to a text: the most probable letter in each step (greedy), or the most probable text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from audiocourse.asr.attention.model import EOS, SOS, AttentionNet, DecoderState, EncoderOutput
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.signal import FloatArray


@dataclass(frozen=True)
class AttentionHypothesis:
    """A text that the decoder wrote.

    ``letters`` as numbers, without <sos> and <eos>; ``log_probability`` of all that was written, <eos> included;
    ``weights`` [shape=(steps, frames)], where it looked in each step; ``ended``: whether <eos> came before the limit.
    """

    letters: tuple[int, ...]
    log_probability: float
    weights: FloatArray
    ended: bool


def attention_beam_search(
    model: AttentionNet, features: FloatArray, *, width: int = 8, max_length: int = 100
) -> list[AttentionHypothesis]:
    """Search for the most probable text of one utterance.

    log P(y) = Σ_i log P(y_i | y_1 … y_(i−1), x). In each step every text without an end is extended by every symbol,
    and the ``width`` best results are kept. Those that end in <eos> are complete. A longer text is never more probable,
    so the search is over when no open text is better than the best complete one.

    Parameters
    ----------
    model : AttentionNet
        In evaluation mode.
    features : np.ndarray [shape=(frames, features)]
        One utterance, a frame in each row.
    width : int
        Texts that are kept; 1 is greedy decoding.
    max_length : int
        Symbols written, <eos> included; a decoder that never writes it stops here.

    Returns
    -------
    list of AttentionHypothesis
        The most probable first; texts that reached the limit are among them, with ``ended`` False.

    Raises
    ------
    AudioCourseError
        If there is no frame, features have another size or are not finite, or width or max_length is not positive.

    Source: I. Sutskever et al., Sequence to sequence learning with neural networks, NeurIPS 2014.

    Notebook: 02c_attention
    """
    require_positive(width=width, max_length=max_length)
    sound = _require_frames(features, model.input_projection.in_features).to(model.input_projection.weight.dtype)
    with torch.no_grad():
        encoder_output = model.encode(sound[None], torch.tensor([len(sound)]))
        beam = _Beam.at_start(model.initial_state(encoder_output), frames=len(sound))
        found = list[AttentionHypothesis]()
        for _ in range(max_length):
            beam, complete = _extend(model, beam, encoder_output, width=width)
            found += complete
            best_complete = max((hypothesis.log_probability for hypothesis in found), default=-np.inf)
            if not len(beam.scores) or best_complete >= beam.scores[0]:
                break
        else:
            found += beam.hypotheses()
    return sorted(found, key=lambda hypothesis: -hypothesis.log_probability)


def attention_greedy(model: AttentionNet, features: FloatArray, *, max_length: int = 100) -> AttentionHypothesis:
    """Write the most probable letter in each step, until <eos> or the limit.

    y_i = argmax P(· | y_1 … y_(i−1), x): a beam search of width 1.

    Parameters
    ----------
    model : AttentionNet
        In evaluation mode.
    features : np.ndarray [shape=(frames, features)]
        One utterance, a frame in each row.
    max_length : int
        Symbols written, <eos> included.

    Raises
    ------
    AudioCourseError
        As `attention_beam_search`.

    Notebook: 02c_attention
    """
    return attention_beam_search(model, features, width=1, max_length=max_length)[0]


@dataclass(frozen=True)
class _Beam:
    """Open texts, the best first: their symbols after <sos>, log-probabilities, weights and decoder states."""

    symbols: torch.Tensor  # [shape=(texts, steps)]
    scores: torch.Tensor  # [shape=(texts,)]
    weights: torch.Tensor  # [shape=(texts, steps, frames)]
    decoder_state: DecoderState

    @classmethod
    def at_start(cls, decoder_state: DecoderState, *, frames: int) -> _Beam:
        """Begin with one text, the empty one."""
        state = decoder_state.state
        return cls(
            torch.zeros(1, 0, dtype=torch.int64), state.new_zeros(1), state.new_zeros(1, 0, frames), decoder_state
        )

    def last(self) -> torch.Tensor:
        """Return the last letter of each text [shape=(texts,)]."""
        return self.symbols[:, -1] if self.symbols.shape[1] else torch.tensor([SOS])

    def pick(self, rows: torch.Tensor) -> _Beam:
        """Keep some of the texts."""
        return _Beam(self.symbols[rows], self.scores[rows], self.weights[rows], self.decoder_state.pick(rows))

    def hypotheses(self) -> list[AttentionHypothesis]:
        """Return the texts as they are now."""
        return [
            AttentionHypothesis(tuple(k for k in symbols if k != EOS), score, weights.numpy(), ended=EOS in symbols)
            for symbols, score, weights in zip(self.symbols.tolist(), self.scores.tolist(), self.weights, strict=True)
        ]


def _extend(
    model: AttentionNet, beam: _Beam, encoder_output: EncoderOutput, *, width: int
) -> tuple[_Beam, list[AttentionHypothesis]]:
    """Extend each text by one symbol, and return the best open ones and those that have ended."""
    rows = torch.zeros(len(beam.scores), dtype=torch.int64)
    step = model.step(beam.last(), beam.decoder_state, encoder_output.pick(rows))
    # log P(y_1 … y_i) of each text with each symbol, and the width best of all
    total = beam.scores[:, None] + step.log_probabilities  # (texts, symbols)
    best, index = total.flatten().topk(min(width, int(total.isfinite().sum())))  # (width,)
    parents = index // total.shape[1]
    symbols = index % total.shape[1]
    extended = _Beam(
        torch.cat([beam.symbols[parents], symbols[:, None]], dim=1),
        best,
        torch.cat([beam.weights[parents], step.weights[parents, None]], dim=1),
        step.decoder_state.pick(parents),
    )
    ended = symbols == EOS
    return extended.pick(~ended), extended.pick(ended).hypotheses()


def _require_frames(features: FloatArray, size: int) -> torch.Tensor:
    """Refuse features that are not an utterance of at least one frame."""
    if features.ndim != 2 or features.shape[1] != size or not len(features):
        raise AudioCourseError(
            f"The network reads frames of {size} numbers, at least one, not an array of shape {features.shape}."
        )
    if not np.isfinite(features).all():
        raise AudioCourseError("The features hold NaN or infinity: look at the sound they were measured on.")
    return torch.from_numpy(np.ascontiguousarray(features, dtype=np.float32))
