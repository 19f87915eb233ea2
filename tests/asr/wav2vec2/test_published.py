"""The published recogniser: transformers' own with tiny random weights in the files it is published in."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse.asr.wav2vec2.model import feature_frames
from audiocourse.asr.wav2vec2.published import recognise_all, recognise_wav2vec2
from audiocourse.signal import to_mono
from audiocourse.zoo import seeded

SR = 16_000
SMALL = ((10, 5), (8, 4))  # a frame every 20 samples


def checkpoint(folder: Path, *, mask: bool) -> SimpleNamespace:
    """Save and load a tiny recogniser: normalised by group (no mask) as base-960h, or by layer (mask) as the large."""
    import transformers

    config = transformers.Wav2Vec2Config(
        vocab_size=7,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(8, 8),
        conv_kernel=(10, 8),
        conv_stride=(5, 4),
        num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2,
        feat_extract_norm="layer" if mask else "group",
        initializer_range=1.0,  # wide: the nonsense varies
    )
    with seeded(5):
        transformers.Wav2Vec2ForCTC(config).save_pretrained(folder)
    letters = folder / "vocab.json"
    letters.write_text(json.dumps({"<pad>": 0, "<s>": 1, "</s>": 2, "<unk>": 3, "|": 4, "A": 5, "B": 6}))
    tokenizer = transformers.Wav2Vec2CTCTokenizer(str(letters))
    extractor = transformers.Wav2Vec2FeatureExtractor(return_attention_mask=mask)
    transformers.Wav2Vec2Processor(extractor, tokenizer).save_pretrained(folder)
    model = transformers.Wav2Vec2ForCTC.from_pretrained(folder).eval()
    return SimpleNamespace(model=model, processor=transformers.Wav2Vec2Processor.from_pretrained(folder))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    return checkpoint(tmp_path_factory.mktemp("base"), mask=False)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    return checkpoint(tmp_path_factory.mktemp("large"), mask=True)


def hiss(samples: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(0, 0.1, samples) * np.sin(np.arange(samples) / 70)).astype(np.float32)


@pytest.mark.parametrize("kind", ["base", "large"])
def test_a_batch_is_as_good_as_one_by_one(kind: str, request: pytest.FixtureRequest) -> None:
    one = request.getfixturevalue(kind)
    recordings = [hiss(2_000), hiss(700, 2), 5 * hiss(1_200, 3)]
    together = recognise_all(recordings, SR, model=one.model, processor=one.processor)
    assert together == [recognise_wav2vec2(y, SR, model=one.model, processor=one.processor) for y in recordings]
    assert len({each.text for each in together}) > 1, "the nonsense is always the same"


@pytest.mark.parametrize("kind", ["base", "large"])
def test_times_of_words_lie_in_the_sound_and_spell_its_text(kind: str, request: pytest.FixtureRequest) -> None:
    one, y = request.getfixturevalue(kind), hiss(3_000)
    heard = recognise_wav2vec2(y, SR, model=one.model, processor=one.processor)
    assert heard.text.split() == [word.label for word in heard.words]
    assert len(heard.words) > 1
    edges = [time for word in heard.words for time in (word.start, word.end)]
    assert edges == sorted(edges)
    assert edges[-1] <= y.size / SR


def test_times_are_counted_in_steps_of_the_model(base: SimpleNamespace) -> None:
    """A path written into the model's answer: two frames of A from frame 3 on, a delimiter, B in frame 9."""
    path = torch.zeros(feature_frames(400, convolutions=SMALL), dtype=torch.int64)
    path[[3, 4, 6, 9]] = torch.tensor([5, 5, 4, 6])

    class Model:
        config, device = base.model.config, "cpu"

        def __call__(self, **_: torch.Tensor) -> SimpleNamespace:
            return SimpleNamespace(logits=torch.nn.functional.one_hot(path, 7)[None].float())

    heard = recognise_wav2vec2(hiss(400), SR, model=Model(), processor=base.processor)
    assert heard.text == "A B"
    step = 20 / SR
    assert [(word.label, word.start, word.end) for word in heard.words] == [
        ("A", pytest.approx(3 * step), pytest.approx(5 * step)),
        ("B", pytest.approx(9 * step), pytest.approx(10 * step)),
    ]


def test_stereo_is_refused_and_its_mean_is_the_mean(base: SimpleNamespace, refuses: Refuses) -> None:
    """Taken as it is, two channels are two recordings, and the first answer is that of the silent left one."""
    right = hiss(2_000)
    stereo = np.stack([np.zeros_like(right), right])
    with refuses("to_mono"):
        recognise_wav2vec2(stereo, SR, model=base.model, processor=base.processor)
    heard = recognise_wav2vec2(to_mono(stereo), SR, model=base.model, processor=base.processor)
    assert heard == recognise_wav2vec2(right, SR, model=base.model, processor=base.processor)


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (hiss(2_000), 8_000, "signal.resample"),
        (hiss(44), SR, "too short"),
        (np.full(2_000, np.nan, np.float32), SR, "NaN"),
        (np.zeros(2_000, np.int16), SR, "int16"),
    ],
)
def test_what_cannot_be_heard_is_refused(
    y: np.ndarray, sr: int, words: str, base: SimpleNamespace, refuses: Refuses
) -> None:
    with refuses(words):
        recognise_wav2vec2(y, sr, model=base.model, processor=base.processor)


def test_nothing_is_nothing(large: SimpleNamespace) -> None:
    assert recognise_all([], SR, model=large.model, processor=large.processor) == []
