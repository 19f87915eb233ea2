"""An encoder that listens and a decoder that spells: it looks back at the whole sound, and at what it has written.

::

    features → linear → LSTM in both directions → keys and values, one for each frame
    last letter, last context → GRU → query → soft pointer over the frames → context → scores of the next letter

The text ends where the decoder writes <eos>, however long the sound is. Numbers of symbols: 0 is filling, 1 <sos>,
2 <eos>, and letters begin at 3.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from audiocourse.asr.attention.from_scratch import shift_right
from audiocourse.asr.ctc.model import BiLSTM
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_positive
from audiocourse.signal import FloatArray

PAD, SOS, EOS = range(3)
LETTERS = 3  # the number of the first letter


@dataclass(frozen=True)
class EncoderOutput:
    """What the encoder returns: ``keys`` and ``values`` [shape=(batch, frames, units)], and each utterance's length."""

    keys: torch.Tensor
    values: torch.Tensor
    lengths: torch.Tensor

    def pick(self, rows: torch.Tensor) -> EncoderOutput:
        """Take some utterances, or one of them several times."""
        return EncoderOutput(self.keys[rows], self.values[rows], self.lengths[rows])


@dataclass(frozen=True)
class DecoderState:
    """Where the decoder is: the state of its GRU, and the context that attention read last [shape=(batch, units)]."""

    state: torch.Tensor
    context: torch.Tensor

    def pick(self, rows: torch.Tensor) -> DecoderState:
        """Go on from some of the states."""
        return DecoderState(self.state[rows], self.context[rows])


def point(query: torch.Tensor, encoder_output: EncoderOutput) -> tuple[torch.Tensor, torch.Tensor]:
    """Attend: `from_scratch.masked_attention`, with gradients.

    a[b, t] = softmax over t < T_b of q[b] · k[b, t] / √d, and 0 from T_b on; c[b] = Σ_t a[b, t] v[b, t].

    Parameters
    ----------
    query : torch.Tensor [shape=(batch, units)]
        q
    encoder_output : EncoderOutput
        k, v and T.

    Returns
    -------
    context : torch.Tensor [shape=(batch, units)]
        c
    weights : torch.Tensor [shape=(batch, frames)]
        a

    Source: A. Vaswani et al., Attention is all you need, NeurIPS 2017.

    Notebook: 02c_attention
    """
    scores = (encoder_output.keys @ query[..., None])[..., 0] / query.shape[1] ** 0.5
    beyond = torch.arange(scores.shape[1], device=scores.device) >= encoder_output.lengths[:, None]
    weights = scores.masked_fill(beyond, -torch.inf).softmax(dim=1)
    return (weights[:, None] @ encoder_output.values)[:, 0], weights


class AttentionNet(nn.Module):
    """Listen, attend and spell.

    h = BiLSTM(ReLU(A x)), k = K h, v = V h; in step i, s_i = GRU(s_(i−1), [embedding of y_(i−1), c_(i−1)]),
    (c_i, a_i) = point(Q s_i, k, v), P(y_i | y_1 … y_(i−1), x) = softmax(W [s_i, c_i]).

    Parameters
    ----------
    features : int
        Numbers that describe a frame.
    letters : sequence of str
        What it can write; letter j has the number 3 + j.
    units : int
        Size of the states, keys, values and queries.

    Source: W. Chan et al., Listen, attend and spell, ICASSP 2016.

    Notebook: 02c_attention
    """

    def __init__(self, *, features: int, letters: Sequence[str], units: int = 64) -> None:
        super().__init__()
        self.letters = tuple(letters)
        symbols = LETTERS + len(self.letters)
        self.input_projection = nn.Linear(features, units)
        self.encoder = BiLSTM(units, units)
        self.keys = nn.Linear(2 * units, units)
        self.values = nn.Linear(2 * units, units)
        self.embedding = nn.Embedding(symbols, units)
        self.decoder_cell = nn.GRUCell(2 * units, units)
        self.query = nn.Linear(units, units)
        self.head = nn.Linear(2 * units, symbols)

    def encode(self, features: torch.Tensor, lengths: torch.Tensor) -> EncoderOutput:
        """Listen to a batch.

        Parameters
        ----------
        features : torch.Tensor [shape=(batch, frames, features)]
            Padded at the end with anything.
        lengths : torch.Tensor [shape=(batch,)]
            Frames of each utterance, 1 or more.
        """
        hidden = self.encoder(torch.relu(self.input_projection(features)), lengths)  # (batch, frames, 2 * units)
        return EncoderOutput(self.keys(hidden), self.values(hidden), lengths)

    def begin(self, encoder_output: EncoderOutput) -> DecoderState:
        """Return the state of a decoder that has written nothing."""
        nothing = torch.zeros_like(encoder_output.values[:, 0])
        return DecoderState(nothing, nothing)

    def step(
        self, last: torch.Tensor, decoder_state: DecoderState, encoder_output: EncoderOutput
    ) -> tuple[torch.Tensor, torch.Tensor, DecoderState]:
        """Read one letter and score the next.

        Parameters
        ----------
        last : torch.Tensor [shape=(batch,)]
            The letter before, <sos> at the beginning.
        decoder_state : DecoderState
            The state after the letters before.
        encoder_output : EncoderOutput
            From `encode`.

        Returns
        -------
        log_probabilities : torch.Tensor [shape=(batch, symbols)]
            −∞ for filling and <sos>, which are never written.
        weights : torch.Tensor [shape=(batch, frames)]
            Where it looked.
        decoder_state : DecoderState
            The new state.
        """
        state = self.decoder_cell(torch.cat([self.embedding(last), decoder_state.context], dim=1), decoder_state.state)
        context, weights = point(self.query(state), encoder_output)
        scores = self.head(torch.cat([state, context], dim=1))
        never = torch.arange(scores.shape[1], device=scores.device) < EOS
        return scores.masked_fill(never, -torch.inf).log_softmax(dim=1), weights, DecoderState(state, context)

    def forward(
        self, features: torch.Tensor, lengths: torch.Tensor, inputs: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Score the true texts, letter by letter (teacher forcing).

        Parameters
        ----------
        features : torch.Tensor [shape=(batch, frames, features)]
            Padded at the end with anything.
        lengths : torch.Tensor [shape=(batch,)]
            Frames of each utterance.
        inputs : torch.Tensor [shape=(batch, steps)]
            <sos> and the letters, from `shift_right`.

        Returns
        -------
        log_probabilities : torch.Tensor [shape=(batch, steps, symbols)]
            Of the letter after each input; no later input has a say.
        weights : torch.Tensor [shape=(batch, steps, frames)]
            Where the decoder looked in each step; rows sum to 1.
        """
        encoder_output = self.encode(features, lengths)
        decoder_state = self.begin(encoder_output)
        log_probabilities = []
        attention = []
        for last in inputs.T:
            scores, weights, decoder_state = self.step(last, decoder_state, encoder_output)
            log_probabilities.append(scores)
            attention.append(weights)
        return torch.stack(log_probabilities, dim=1), torch.stack(attention, dim=1)


def spelling_loss(net: AttentionNet, batch: tuple[torch.Tensor, torch.Tensor, Sequence[Sequence[int]]]) -> torch.Tensor:
    """Measure how improbable the true letters are.

    −mean of log P(y_i | y_1 … y_(i−1), x) over all letters and ends of the batch, filling left out.

    Parameters
    ----------
    net : AttentionNet
        What is to learn.
    batch : (features, lengths, texts)
        As for `AttentionNet.forward`; texts are lists of numbers of letters.

    Returns
    -------
    torch.Tensor [shape=()]
        In nats; ln(number of letters + 1) for a guess.

    Notebook: 02c_attention
    """
    features, lengths, texts = batch
    inputs, targets = (torch.from_numpy(each) for each in shift_right(texts, sos=SOS, eos=EOS, pad=PAD))
    scores, _ = net(features, lengths, inputs.to(features.device))
    return nn.functional.nll_loss(scores.flatten(0, 1), targets.flatten().to(features.device), ignore_index=PAD)


@dataclass(frozen=True)
class Spelled:
    """A text that the decoder wrote.

    ``letters`` as numbers, without <sos> and <eos>; ``log_probability`` of all that was written, <eos> included;
    ``weights`` [shape=(steps, frames)], where it looked for each; ``ended``: whether <eos> came before the limit.
    """

    letters: tuple[int, ...]
    log_probability: float
    weights: FloatArray
    ended: bool


def beam_search(net: AttentionNet, features: FloatArray, *, width: int = 8, most: int = 100) -> list[Spelled]:
    """Search for the most probable text of one utterance.

    log P(y) = Σ_i log P(y_i | y_1 … y_(i−1), x). In each step every text that has no end yet grows by every symbol; the
    ``width`` best go on. Those that grew by <eos> are done. A probability never grows, so the search is over when no
    open text is better than the best one that is done.

    Parameters
    ----------
    net : AttentionNet
        In evaluation mode.
    features : np.ndarray [shape=(frames, features)]
        One utterance, a frame in each row.
    width : int
        Texts that go on; 1 is greedy decoding.
    most : int
        Symbols written, <eos> included; a decoder that never writes it stops here.

    Returns
    -------
    list of Spelled
        The most probable first; those that the limit has cut are among them, with ``ended`` False.

    Raises
    ------
    AudioCourseError
        If there is no frame, features are of another size or no numbers, or width or most are no counts.

    Source: I. Sutskever et al., Sequence to sequence learning with neural networks, NeurIPS 2014.

    Notebook: 02c_attention
    """
    require_positive(width=width, most=most)
    sound = _require_frames(features, net.input_projection.in_features).to(net.input_projection.weight.dtype)
    with torch.no_grad():
        encoder_output = net.encode(sound[None], torch.tensor([len(sound)]))
        beam = _Beam.at_start(net.begin(encoder_output), frames=len(sound))
        done = list[Spelled]()
        for _ in range(most):
            beam, ended = _grown(net, beam, encoder_output, width=width)
            done += ended
            if not len(beam.scores) or max((one.log_probability for one in done), default=-np.inf) >= beam.scores[0]:
                break
        else:
            done += beam.texts()
    return sorted(done, key=lambda one: -one.log_probability)


def greedy(net: AttentionNet, features: FloatArray, *, most: int = 100) -> Spelled:
    """Write the most probable letter in each step, until <eos> or the limit.

    y_i = argmax P(· | y_1 … y_(i−1), x): a beam search of width 1.

    Parameters
    ----------
    net : AttentionNet
        In evaluation mode.
    features : np.ndarray [shape=(frames, features)]
        One utterance, a frame in each row.
    most : int
        Symbols written, <eos> included.

    Raises
    ------
    AudioCourseError
        As `beam_search`.

    Notebook: 02c_attention
    """
    return beam_search(net, features, width=1, most=most)[0]


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
        nothing = decoder_state.state.new_zeros(1, 0, frames)
        return cls(torch.zeros(1, 0, dtype=torch.int64), decoder_state.state.new_zeros(1), nothing, decoder_state)

    def last(self) -> torch.Tensor:
        """Give the letter that each text ends in."""
        return self.symbols[:, -1] if self.symbols.shape[1] else torch.tensor([SOS])

    def pick(self, rows: torch.Tensor) -> _Beam:
        """Go on from some of the texts."""
        return _Beam(self.symbols[rows], self.scores[rows], self.weights[rows], self.decoder_state.pick(rows))

    def texts(self) -> list[Spelled]:
        """Read them as they stand."""
        return [
            Spelled(tuple(k for k in symbols if k != EOS), score, weights.numpy(), ended=EOS in symbols)
            for symbols, score, weights in zip(self.symbols.tolist(), self.scores.tolist(), self.weights, strict=True)
        ]


def _grown(net: AttentionNet, beam: _Beam, encoder_output: EncoderOutput, *, width: int) -> tuple[_Beam, list[Spelled]]:
    """Let each text grow by one symbol: those that stay open, and those that have ended."""
    rows = torch.zeros(len(beam.scores), dtype=torch.int64)
    scores, weights, decoder_state = net.step(beam.last(), beam.decoder_state, encoder_output.pick(rows))
    total = beam.scores[:, None] + scores
    best, where = total.flatten().topk(min(width, int(total.isfinite().sum())))
    parents = where // total.shape[1]
    symbols = where % total.shape[1]
    grown = _Beam(
        torch.cat([beam.symbols[parents], symbols[:, None]], dim=1),
        best,
        torch.cat([beam.weights[parents], weights[parents, None]], dim=1),
        decoder_state.pick(parents),
    )
    ended = symbols == EOS
    return grown.pick(~ended), grown.pick(ended).texts()


def _require_frames(features: FloatArray, size: int) -> torch.Tensor:
    """Refuse what is no utterance of at least one frame."""
    if features.ndim != 2 or features.shape[1] != size or not len(features):
        raise AudioCourseError(
            f"The net hears frames of {size} numbers, shape (frames, {size}), at least one; this is {features.shape}."
        )
    if not np.isfinite(features).all():
        raise AudioCourseError("The features hold NaN or infinity: look at the sound they were measured on.")
    return torch.from_numpy(np.ascontiguousarray(features, dtype=np.float32))


def padded(utterances: Sequence[FloatArray]) -> tuple[torch.Tensor, torch.Tensor]:
    """Put utterances of several lengths into one batch.

    Parameters
    ----------
    utterances : sequence of np.ndarray [shape=(frames, features)]
        A frame in each row.

    Returns
    -------
    features : torch.Tensor [shape=(batch, longest, features)]
        Zeros beyond the end of each.
    lengths : torch.Tensor [shape=(batch,)]
        Frames of each.

    Notebook: 02c_attention
    """
    rows = [torch.from_numpy(np.ascontiguousarray(one, dtype=np.float32)) for one in utterances]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True), torch.tensor([len(row) for row in rows])


def numbers(text: str, letters: Sequence[str]) -> list[int]:
    """Turn a text into the numbers of its letters.

    Parameters
    ----------
    text : str
        Of these letters only.
    letters : sequence of str
        As of the net.

    Raises
    ------
    AudioCourseError
        If a letter is unknown.

    Examples
    --------
    >>> numbers("bab", ["a", "b"])
    [4, 3, 4]

    Notebook: 02c_attention
    """
    text = unicodedata.normalize("NFC", text)
    strange = sorted(set(text) - set(letters))
    if strange:
        raise AudioCourseError(f"The net cannot write {strange}: it knows {''.join(letters)}.")
    return [LETTERS + letters.index(letter) for letter in text]
