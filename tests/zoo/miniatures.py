"""Published models in miniature: the same classes with a few random weights, in the files they are published in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import torch
import transformers


def whisper(folder: Path) -> torch.nn.Module:
    vocabulary = {"<|endoftext|>": 0, "<|startoftranscript|>": 1, "a": 2, "b": 3, "<|notimestamps|>": 4}
    config = transformers.WhisperConfig(
        vocab_size=8,
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        pad_token_id=0,
        bos_token_id=0,
        eos_token_id=0,
        decoder_start_token_id=1,
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )
    model = transformers.WhisperForConditionalGeneration(config)
    model.save_pretrained(folder)
    transformers.WhisperTokenizer(vocab=vocabulary, merges=[]).save_pretrained(folder)
    transformers.WhisperFeatureExtractor().save_pretrained(folder)
    return model


def wav2vec2(folder: Path) -> torch.nn.Module:
    config = transformers.Wav2Vec2Config(
        vocab_size=6,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(8, 8),
        conv_stride=(5, 4),
        conv_kernel=(10, 8),
        num_feat_extract_layers=2,
        num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2,
    )
    model = transformers.Wav2Vec2ForCTC(config)
    weights = {name: value for name, value in model.state_dict().items() if "masked_spec_embed" not in name}
    model.save_pretrained(folder, state_dict=weights)  # facebook/wav2vec2-base-960h lacks it, too
    letters = folder / "vocab.json"
    letters.write_text(json.dumps({"<pad>": 0, "<s>": 1, "</s>": 2, "<unk>": 3, "|": 4, "A": 5}))
    transformers.Wav2Vec2CTCTokenizer(str(letters)).save_pretrained(folder)
    transformers.Wav2Vec2FeatureExtractor().save_pretrained(folder)
    return model


def ast(folder: Path) -> torch.nn.Module:
    config = transformers.ASTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_length=64,
        num_mel_bins=32,
        num_labels=5,
    )
    model = transformers.ASTForAudioClassification(config)
    model.save_pretrained(folder)
    transformers.ASTFeatureExtractor(num_mel_bins=32, max_length=64).save_pretrained(folder)
    return model


def resnet(folder: Path) -> torch.nn.Module:
    config = transformers.ResNetConfig(
        embedding_size=4, hidden_sizes=[4, 8], depths=[1, 1], layer_type="basic", num_labels=3
    )
    model = transformers.ResNetForImageClassification(config)
    model.save_pretrained(folder)
    return model


def hifigan(folder: Path) -> torch.nn.Module:
    config = transformers.SpeechT5HifiGanConfig(
        model_in_dim=8,
        upsample_initial_channel=8,
        upsample_rates=[2, 2],
        upsample_kernel_sizes=[4, 4],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]],
    )
    model = transformers.SpeechT5HifiGan(config)
    pickled(model, folder)
    return model


def speecht5(folder: Path) -> torch.nn.Module:
    import sentencepiece

    config = transformers.SpeechT5Config(
        vocab_size=30,
        hidden_size=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        num_mel_bins=8,
        speech_decoder_prenet_units=8,
        speech_decoder_postnet_units=8,
        speaker_embedding_dim=4,
    )
    model = transformers.SpeechT5ForTextToSpeech(config)
    pickled(model, folder)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["one two three", "hear the sound"] * 5),
        model_prefix=str(folder / "spm_char"),
        model_type="char",
        vocab_size=20,
        minloglevel=2,
    )
    transformers.SpeechT5Tokenizer(str(folder / "spm_char.model")).save_pretrained(folder)
    transformers.SpeechT5FeatureExtractor(num_mel_bins=8).save_pretrained(folder)
    return model


def pickled(model: transformers.PreTrainedModel, folder: Path) -> None:
    """Write weights as SpeechT5's were published: pickled, not as safetensors."""
    model.config.save_pretrained(folder)
    torch.save(model.state_dict(), folder / "pytorch_model.bin")


MINIATURES: dict[str, Callable[[Path], torch.nn.Module]] = {
    "openai/whisper-tiny": whisper,
    "facebook/wav2vec2-base-960h": wav2vec2,
    "MIT/ast-finetuned-audioset-10-10-0.4593": ast,
    "microsoft/resnet-18": resnet,
    "microsoft/speecht5_hifigan": hifigan,
    "microsoft/speecht5_tts": speecht5,
}
