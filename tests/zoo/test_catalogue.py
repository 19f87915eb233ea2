"""What the catalogue says, held against the classes of transformers."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
import transformers
from conftest import Refuses

from audiocourse.zoo import Card, card, list_models
from audiocourse.zoo.catalogue import PUBLISHED

SIZES = {  # d_model, heads, layers of encoder and decoder, mel bands, tokens: table 1 of the paper; v3's config.json
    "tiny": (384, 6, 4, 4, 80, 51_865),
    "base": (512, 8, 6, 6, 80, 51_865),
    "small": (768, 12, 12, 12, 80, 51_865),
    "medium": (1024, 16, 24, 24, 80, 51_865),
    "large-v2": (1280, 20, 32, 32, 80, 51_865),
    "large-v3": (1280, 20, 32, 32, 128, 51_866),
    "large-v3-turbo": (1280, 20, 32, 4, 128, 51_866),
}


def config(one: Card) -> transformers.PreTrainedConfig:
    if one.name.startswith("openai/whisper-"):
        width, heads, encoder, decoder, mels, tokens = SIZES[one.name.removeprefix("openai/whisper-")]
        return transformers.WhisperConfig(
            d_model=width,
            encoder_attention_heads=heads,
            decoder_attention_heads=heads,
            encoder_ffn_dim=4 * width,
            decoder_ffn_dim=4 * width,
            encoder_layers=encoder,
            decoder_layers=decoder,
            num_mel_bins=mels,
            vocab_size=tokens,
        )
    if "ast-" in one.name:
        return transformers.ASTConfig(num_labels=527)
    if one.name == "microsoft/resnet-18":
        sizes = {"hidden_sizes": [64, 128, 256, 512], "depths": [2, 2, 2, 2]}  # table 1 of the paper
        return transformers.ResNetConfig(**sizes, layer_type="basic", num_labels=1000)
    return getattr(transformers, one.model.partition(":")[2]).config_class()  # its defaults are the published model


@pytest.mark.parametrize("one", PUBLISHED, ids=lambda one: one.name)
def test_the_number_of_parameters_and_the_size_are_right(one: Card) -> None:
    with torch.device("meta"):
        model = getattr(transformers, one.model.partition(":")[2])(config(one))
    assert sum(weight.numel() for weight in model.parameters()) == one.parameters
    bytes_a_weight = 2 if "v3" in one.name else 4
    # The file has a header, SpeechT5's also tables of positions: at most 2 % more than the weights.
    assert 1.0 <= one.size / (bytes_a_weight * one.parameters) < 1.02
    assert one.processor is None or hasattr(transformers, one.processor.partition(":")[2])


def test_every_card_says_what_a_student_asks() -> None:
    assert len({one.name for one in PUBLISHED}) == len(PUBLISHED) == 14
    for one in PUBLISHED:
        assert one.url == f"https://huggingface.co/{one.name}"
        assert one.training is None
        said = str(one)
        assert all(word in said for word in (one.name, one.task, one.licence, one.source, one.expect, "MB"[1:]))


def test_lists_by_task_and_origin() -> None:
    assert {one.name for one in list_models("vocoder")} == {"hifigan-mini", "microsoft/speecht5_hifigan"}
    assert [*list_models(bundled=False)] == [*PUBLISHED]
    assert all(one.training for one in list_models(bundled=True))
    assert [one.name for one in list_models("audio-tagging", bundled=True)] == ["yamnet-mini"]
    assert [one.name for one in list_models("speaker-verification")] == ["speaker-mini"]
    assert list_models("image-classification", bundled=True) == []


def test_unknown_names_and_tasks(refuses: Refuses) -> None:
    with refuses("'whisper-tinny'", "did you mean openai/whisper-tiny"):
        card("whisper-tinny")
    with refuses("'zzz'", "openai/whisper-tiny", "MIT/ast"):
        card("zzz")
    with refuses("'speech recognition'", "did you mean speech-recognition", "vocoder"):
        list_models("speech recognition")


def test_importing_the_zoo_and_listing_stay_off_the_slow_libraries() -> None:
    program = (
        "import sys; from audiocourse import zoo; zoo.list_models(); zoo.card('openai/whisper-tiny');"
        "print([m for m in ('torch', 'transformers', 'accelerate', 'safetensors', 'huggingface_hub')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
