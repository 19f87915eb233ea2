"""A very small Whisper: the published classes and prompts, five languages, windows of 10 s.

::

    samples → log-mel, 80 bands every 20 ms, 500 frames → Whisper's encoder, 4 layers of 128 → its decoder, 2 layers
    prompt: <|startoftranscript|> <|de|> <|transcribe|> <|notimestamps|>, then the text, then <|endoftext|>

Without speech, <|nospeech|> follows <|startoftranscript|>; if a language is forced all the same, the text is empty.
Timestamps are not trained. What it is trained to predict is in `targets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from transformers import WhisperForConditionalGeneration, WhisperProcessor

SR = 16_000  # Hz
N_FFT = 400  # samples
HOP = 320  # samples
WINDOW_SECONDS = 10
BANDS = 80  # mel bands
WIDTH = 128
HEADS = 4
ENCODER_LAYERS = 4
DECODER_LAYERS = 2
PIECES = 900  # pieces of words
LONGEST = 96  # tokens of a transcript, prompt included
INIT_STD = 0.08  # of the first weights
POSITION_SCALE = 0.3  # of the position embeddings; with transformers' 0.02 and 1, these drown the sound


def mini_processor(texts: Iterable[str], languages: Sequence[str]) -> WhisperProcessor:
    """Create a feature extractor for windows of 10 s, and a tokenizer of 900 pieces that are frequent in the texts.

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

    Notebook: 02e_whisper
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
    extractor = WhisperFeatureExtractor(feature_size=BANDS, n_fft=N_FFT, hop_length=HOP, chunk_length=WINDOW_SECONDS)
    return WhisperProcessor(extractor, tokenizer)


def mini_model(processor: WhisperProcessor, languages: Sequence[str]) -> WhisperForConditionalGeneration:
    """Create the network with random weights, and the settings that `generate` of transformers needs.

    Parameters
    ----------
    processor : transformers.WhisperProcessor
        From `mini_processor`.
    languages : sequence of str
        The same codes.

    Returns
    -------
    transformers.WhisperForConditionalGeneration
        About 1.6 million weights.

    Notebook: 02e_whisper
    """
    from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

    tokens = {name: token_number(processor, name) for name in ("endoftext", "startoftranscript", *languages)}
    ends: dict[str, Any] = {"eos_token_id": tokens["endoftext"], "pad_token_id": tokens["endoftext"]}
    begins: dict[str, Any] = {
        "bos_token_id": tokens["endoftext"],
        "decoder_start_token_id": tokens["startoftranscript"],
    }
    not_suppressed: dict[str, Any] = {"suppress_tokens": None, "begin_suppress_tokens": None}
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
        max_source_positions=WINDOW_SECONDS * SR // HOP // 2,
        max_target_positions=LONGEST,
        dropout=0.0,  # so few weights learn too little rather than too much
        init_std=INIT_STD,
        **ends,
        **begins,
    )
    model = WhisperForConditionalGeneration(config)
    with torch.no_grad():
        model.model.encoder.embed_positions.weight.mul_(POSITION_SCALE)
    model.generation_config = GenerationConfig(
        is_multilingual=True,
        lang_to_id={f"<|{language}|>": tokens[language] for language in languages},
        task_to_id={name: token_number(processor, name) for name in ("translate", "transcribe")},
        no_timestamps_token_id=token_number(processor, "notimestamps"),
        max_length=LONGEST,
        **ends,
        **begins,
        **not_suppressed,
    )
    return model


def token_number(processor: WhisperProcessor, name: str) -> int:
    """Find the number of a special token, such as "startoftranscript" or "de"."""
    number: int = processor.tokenizer.convert_tokens_to_ids(f"<|{name}|>")
    return number
