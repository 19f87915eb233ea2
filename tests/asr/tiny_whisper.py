"""Whisper in miniature: the published classes and special tokens, a window of two seconds, random weights."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import transformers

from audiocourse.zoo import Card, seeded

LETTERS = list("abcdefghijklmnop ")
SPECIAL = ["endoftext", "startoftranscript", "de", "en", "fr", "transcribe", "nospeech", "notimestamps"]
CARD = Card(
    name="tiny",
    task="speech-recognition",
    model="transformers:WhisperForConditionalGeneration",
    licence="MIT",
    source="nobody",
    expect="Nonsense.",
)


def tiny_whisper(*, seed: int = 0, timestamps: bool = False, spread: float = 0.6, longest: int = 40) -> Any:
    """What `zoo.load` returns, with weights of a normal distribution: the wider, the more varied the nonsense."""
    names = SPECIAL + [f"{0.02 * k:.2f}" for k in range(101)] * timestamps
    tokenizer = transformers.WhisperTokenizer(vocab={letter: k for k, letter in enumerate(LETTERS)}, merges=[])
    tokenizer.add_special_tokens({"additional_special_tokens": [f"<|{name}|>" for name in names]})
    extractor = transformers.WhisperFeatureExtractor(hop_length=320, chunk_length=2)
    ids = {name: tokenizer.convert_tokens_to_ids(f"<|{name}|>") for name in names}
    ends = {"eos_token_id": ids["endoftext"], "pad_token_id": ids["endoftext"], "bos_token_id": ids["endoftext"]}
    config = transformers.WhisperConfig(
        vocab_size=len(tokenizer),
        d_model=16,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        max_source_positions=50,
        max_target_positions=longest,
        init_std=spread,
        decoder_start_token_id=ids["startoftranscript"],
        **ends,
    )
    with seeded(seed):
        model = transformers.WhisperForConditionalGeneration(config).eval()
    model.generation_config = transformers.GenerationConfig(
        is_multilingual=True,
        lang_to_id={f"<|{name}|>": ids[name] for name in ("de", "en", "fr")},
        task_to_id={"transcribe": ids["transcribe"]},
        no_timestamps_token_id=ids["notimestamps"],
        max_initial_timestamp_index=50,
        max_length=longest,
        suppress_tokens=[3, ids["nospeech"], ids["startoftranscript"]],
        begin_suppress_tokens=[5, ids["endoftext"]],
        decoder_start_token_id=ids["startoftranscript"],
        **ends,
    )
    processor = transformers.WhisperProcessor(extractor, tokenizer)
    return SimpleNamespace(model=model, processor=processor, card=CARD, path=Path())
