"""A very small Whisper: the published classes and prompts, five languages, windows of 10 s.

::

    samples → log-mel, 80 bands every 20 ms, 500 frames → Whisper's encoder, 4 layers of 96 → its decoder, 2 layers
    prompt: <|startoftranscript|> <|de|> <|transcribe|> <|notimestamps|>, then the text, then <|endoftext|>

Where nobody speaks, <|nospeech|> follows <|startoftranscript|>; where a language is forced nevertheless, the text is
empty. Timestamps are not trained.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from audiocourse.asr.material import letters
from audiocourse.signal import FloatArray

if TYPE_CHECKING:
    from transformers import WhisperForConditionalGeneration, WhisperProcessor

SR, N_FFT, HOP, WINDOW, BANDS = 16_000, 400, 320, 10, 80  # Hz, samples, samples, seconds, mel bands
WIDTH, HEADS, ENCODER_LAYERS, DECODER_LAYERS = 96, 4, 4, 2
PIECES, LONGEST = 900, 96  # pieces of words; tokens of a transcript, prompt included
IGNORED = -100  # a label that does not count in cross_entropy
SPREAD, POSITIONS = 0.08, 0.3  # of the first weights; with transformers' 0.02 and 1, positions drown what is heard
SPELT = 2  # letters that the encoder may spell in one of its steps of 40 ms


def mini_processor(texts: Iterable[str], languages: Sequence[str]) -> WhisperProcessor:
    """Make a feature extractor for windows of 10 s, and a tokenizer of 900 pieces that are frequent in texts.

    The pieces come from byte pair encoding of UTF-8, as Whisper's do, so that any text can be written.

    Parameters
    ----------
    texts : iterable of str
        What the pieces are learned from, in normal form.
    languages : sequence of str
        Codes, such as "de": each becomes a token <|de|>.

    Returns
    -------
    transformers.WhisperProcessor
        As `zoo.save` takes it.

    Source: A. Radford et al., 2022, arXiv:2212.04356; R. Sennrich et al., Neural machine translation of rare words
    with subword units, ACL 2016.

    Notebook: 02c_whisper
    """
    import json

    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import WhisperFeatureExtractor, WhisperProcessor, WhisperTokenizer

    learned = Tokenizer(models.BPE())
    learned.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=PIECES, initial_alphabet=letters, show_progress=False)
    learned.train_from_iterator((f" {text}" for text in texts), trainer)
    model = json.loads(learned.to_str())["model"]
    merges = [tuple(pair) for pair in model["merges"]]
    tokenizer = WhisperTokenizer(vocab=model["vocab"], merges=merges)
    tasks = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")
    special = [f"<|{name}|>" for name in ("endoftext", "startoftranscript", *languages, *tasks)]
    tokenizer.add_special_tokens({"additional_special_tokens": special})
    extractor = WhisperFeatureExtractor(feature_size=BANDS, n_fft=N_FFT, hop_length=HOP, chunk_length=WINDOW)
    return WhisperProcessor(extractor, tokenizer)


def mini_model(processor: WhisperProcessor, languages: Sequence[str]) -> WhisperForConditionalGeneration:
    """Make the network with random weights, and the settings that `generate` of transformers needs.

    Parameters
    ----------
    processor : transformers.WhisperProcessor
        From `mini_processor`.
    languages : sequence of str
        The same codes.

    Returns
    -------
    transformers.WhisperForConditionalGeneration
        About 0.9 million weights.

    Notebook: 02c_whisper
    """
    from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

    tokens = {name: _token(processor, name) for name in ("endoftext", "startoftranscript", *languages)}
    ends: dict[str, Any] = {"eos_token_id": tokens["endoftext"], "pad_token_id": tokens["endoftext"]}
    begins: dict[str, Any] = {
        "bos_token_id": tokens["endoftext"],
        "decoder_start_token_id": tokens["startoftranscript"],
    }
    quiet: dict[str, Any] = {"suppress_tokens": None, "begin_suppress_tokens": None}
    config = WhisperConfig(
        vocab_size=len(processor.tokenizer),
        num_mel_bins=BANDS,
        d_model=WIDTH,
        encoder_layers=ENCODER_LAYERS,
        decoder_layers=DECODER_LAYERS,
        encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS,
        encoder_ffn_dim=4 * WIDTH,
        decoder_ffn_dim=4 * WIDTH,
        max_source_positions=WINDOW * SR // HOP // 2,
        max_target_positions=LONGEST,
        dropout=0.1,
        init_std=SPREAD,
        **ends,
        **begins,
    )
    model = WhisperForConditionalGeneration(config)
    with torch.no_grad():
        model.model.encoder.embed_positions.weight.mul_(POSITIONS)
    model.generation_config = GenerationConfig(
        is_multilingual=True,
        lang_to_id={f"<|{language}|>": tokens[language] for language in languages},
        task_to_id={name: _token(processor, name) for name in ("translate", "transcribe")},
        no_timestamps_token_id=_token(processor, "notimestamps"),
        max_length=LONGEST,
        **ends,
        **begins,
        **quiet,
    )
    return model


@dataclass(frozen=True)
class Lesson:
    """One utterance as the network learns from it.

    Parameters
    ----------
    features : np.ndarray [shape=(frames, bands)]
        Log-mel as Whisper's, without the padding.
    tokens : list of int
        What the decoder reads, from <|startoftranscript|> on.
    labels : list of int
        What it is to say after each; `IGNORED` where nothing is asked.
    letters : list of int
        The text, letter by letter.
    """

    features: FloatArray
    tokens: list[int]
    labels: list[int]
    letters: list[int]


def lesson(y: FloatArray, text: str, language: str, *, processor: WhisperProcessor) -> Lesson:
    """Prepare an utterance of at most 10 s.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound at 16 kHz.
    text : str
        In normal form; "" where nobody speaks: then <|nospeech|> is right after the start, and the end after a prompt.
    language : str
        Its code.
    processor : transformers.WhisperProcessor
        From `mini_processor`.

    Returns
    -------
    Lesson
        Features, what is read, what is to be said.

    Notebook: 02c_whisper
    """
    whole = processor.feature_extractor(y, sampling_rate=SR, return_tensors="np")["input_features"][0]
    frames = min(2 * -(-(y.size + N_FFT // 2) // (2 * HOP)), whole.shape[1])  # the last one that hears something
    pieces = processor.tokenizer.encode(f" {text}", add_special_tokens=False) if text else []
    prompt = [_token(processor, name) for name in ("startoftranscript", language, "transcribe", "notimestamps")]
    end = _token(processor, "endoftext")
    asked = prompt[1:] if text else [_token(processor, "nospeech"), IGNORED, IGNORED]
    spelt = [letters().index(letter) for letter in text]
    return Lesson(whole[:, :frames].T.astype(np.float16), [*prompt, *pieces], [*asked, *pieces, end], spelt)


class WhisperLearner(nn.Module):
    """Whisper in training: windows as long as the longest utterance, and a second task for the encoder, spelling.

    loss = (1 − λ) · cross-entropy of the decoder + λ · CTC of the letters, λ = 0.5. Attention alone finds out late
    which frames belong to which word: after 3000 steps it had learned the grammar and heard nothing. CTC tells the
    encoder early. Its head is thrown away afterwards.

    Parameters
    ----------
    whisper : transformers.WhisperForConditionalGeneration
        The model.

    Source: S. Watanabe et al., Hybrid CTC/attention architecture for end-to-end speech recognition, IEEE J. Sel. Top.
    Signal Process. 11, 2017.

    Notebook: 02c_whisper
    """

    def __init__(self, whisper: WhisperForConditionalGeneration) -> None:
        super().__init__()
        self.whisper = whisper
        self.symbols = len(letters()) + 1  # the last one is the blank
        self.spell = nn.Linear(whisper.config.d_model, SPELT * self.symbols)

    def forward(self, features: torch.Tensor, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Read features [shape=(batch, bands, frames)] and tokens [shape=(batch, tokens)]; logits of both tasks."""
        memory = self.encode(features)
        decoded = self.whisper.model.decoder(input_ids=tokens, encoder_hidden_states=memory, use_cache=False)
        spelt = self.spell(memory).reshape(len(memory), -1, self.symbols)
        return self.whisper.proj_out(decoded.last_hidden_state), spelt

    def encode(self, features: torch.Tensor) -> torch.Tensor:
        """Do what Whisper's encoder does, for a window of any length: [shape=(batch, frames / 2, width)]."""
        encoder = self.whisper.model.encoder
        x = nn.functional.gelu(encoder.conv1(features))
        x = nn.functional.gelu(encoder.conv2(x)).transpose(1, 2)
        x = nn.functional.dropout(x + encoder.embed_positions.weight[: x.shape[1]], encoder.dropout, self.training)
        for layer in encoder.layers:
            x = layer(x, None)
        normalised: torch.Tensor = encoder.layer_norm(x)
        return normalised


def lesson_batch(lessons: Sequence[Lesson], frames: int) -> dict[str, torch.Tensor]:
    """Pad lessons to one size, sound with its own silence as the feature extractor does.

    Parameters
    ----------
    lessons : sequence of Lesson
        A batch.
    frames : int
        Length of the window, at least that of the longest lesson.

    Returns
    -------
    dict of torch.Tensor
        ``features`` [shape=(batch, bands, frames)], ``tokens`` and ``labels`` [shape=(batch, tokens)], ``letters`` (all
        behind each other) and ``counts`` [shape=(batch,)], how many are whose.

    Notebook: 02c_whisper
    """
    features = np.stack([_padded(one.features.astype(np.float32), frames) for one in lessons])
    longest = max(len(one.tokens) for one in lessons)
    tokens = np.zeros((len(lessons), longest), dtype=np.int64)
    labels = np.full((len(lessons), longest), IGNORED, dtype=np.int64)
    for row, one in enumerate(lessons):
        tokens[row, : len(one.tokens)] = one.tokens
        labels[row, : len(one.labels)] = one.labels
    return {
        "features": torch.from_numpy(features).transpose(1, 2),
        "tokens": torch.from_numpy(tokens),
        "labels": torch.from_numpy(labels),
        "letters": torch.tensor([letter for one in lessons for letter in one.letters], dtype=torch.int64),
        "counts": torch.tensor([len(one.letters) for one in lessons]),
    }


def lesson_loss(model: nn.Module, batch: dict[str, torch.Tensor], *, share: float = 0.5) -> torch.Tensor:
    """Compute the loss of `WhisperLearner`.

    Parameters
    ----------
    model : torch.nn.Module
        A `WhisperLearner`.
    batch : dict of torch.Tensor
        From `lesson_batch`.
    share : float
        λ, the share of CTC.

    Returns
    -------
    torch.Tensor [shape=()]
        The loss.

    Notebook: 02c_whisper
    """
    said, spelt = model(batch["features"], batch["tokens"])
    decoder = nn.functional.cross_entropy(said.transpose(1, 2), batch["labels"], ignore_index=IGNORED)
    steps = torch.full((len(spelt),), spelt.shape[1])
    scores = spelt.log_softmax(dim=2).transpose(0, 1)
    blank = spelt.shape[2] - 1
    ctc = nn.functional.ctc_loss(scores, batch["letters"], steps, batch["counts"], blank=blank, zero_infinity=True)
    loss: torch.Tensor = (1 - share) * decoder + share * ctc
    return loss


def _padded(features: FloatArray, frames: int) -> FloatArray:
    """Lengthen features by silence: eight powers of ten below the loudest value, and a power of ten is 1/4 here."""
    padding: FloatArray = np.full((frames - len(features), features.shape[1]), features.max() - 8 / 4, np.float32)
    return np.concatenate([features, padding])


def _token(processor: WhisperProcessor, name: str) -> int:
    number: int = processor.tokenizer.convert_tokens_to_ids(f"<|{name}|>")
    return number
