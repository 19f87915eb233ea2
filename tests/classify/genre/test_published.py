"""The Audio Spectrogram Transformer: transformers' own class with tiny random weights and the published front end."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
import transformers
from conftest import Refuses

from audiocourse.classify.genre.published import MUSIC_GENRES, ast_embedding, ast_music_genres, ast_probabilities
from audiocourse.sounds import noise
from audiocourse.zoo import seeded

SR = 16_000
TAGS = ("Speech", "Jazz", "Rain", "Techno", "Rock music")
WINDOW = 400 + 63 * 160  # samples: 64 frames


@pytest.fixture(scope="module")
def tiny() -> SimpleNamespace:
    config = transformers.ASTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_length=64,
        num_mel_bins=32,
        id2label=dict(enumerate(TAGS)),
        initializer_range=0.5,
    )
    with seeded(1):
        model = transformers.ASTForAudioClassification(config).eval()
    return SimpleNamespace(model=model, processor=transformers.ASTFeatureExtractor(num_mel_bins=32, max_length=64))


def sound(samples: int, seed: int = 1) -> np.ndarray:
    return 0.3 * noise("pink", seconds=samples / SR, sr=SR, rng=np.random.default_rng(seed))


def test_the_probabilities_are_those_of_the_model(tiny: SimpleNamespace) -> None:
    y = sound(WINDOW)
    inputs = tiny.processor(y, sampling_rate=SR, return_tensors="pt")
    with torch.no_grad():
        expected = torch.sigmoid(tiny.model(**inputs).logits[0]).numpy()
    found = ast_probabilities(y, SR, **vars(tiny))
    assert tuple(found) == TAGS
    assert list(found.values()) == pytest.approx(expected, abs=1e-6)


def test_what_is_longer_than_a_window_counts(tiny: SimpleNamespace) -> None:
    """The processor alone would cut it off."""
    parts = [sound(WINDOW, seed) for seed in (1, 2, 3)]
    whole = np.concatenate(parts)
    embeddings = [ast_embedding(part, SR, **vars(tiny)) for part in parts]
    assert ast_embedding(whole, SR, **vars(tiny)) == pytest.approx(np.mean(embeddings, axis=0), abs=1e-5)
    cut = tiny.processor(whole, sampling_rate=SR, return_tensors="pt").input_values
    torch.testing.assert_close(cut, tiny.processor(parts[0], sampling_rate=SR, return_tensors="pt").input_values)
    rest = np.concatenate([whole, sound(WINDOW // 3, 4)])
    assert ast_embedding(rest, SR, **vars(tiny)) == pytest.approx(np.mean(embeddings, axis=0), abs=1e-5)


def test_a_short_sound_is_padded(tiny: SimpleNamespace) -> None:
    assert ast_embedding(sound(400), SR, **vars(tiny)).shape == (16,)


def test_the_embedding_is_the_input_of_the_classifier(tiny: SimpleNamespace) -> None:
    y = sound(WINDOW)
    embedding = torch.from_numpy(ast_embedding(y, SR, **vars(tiny)))
    with torch.no_grad():
        found = torch.sigmoid(tiny.model.classifier(embedding[None]))[0].tolist()
    assert found == pytest.approx(list(ast_probabilities(y, SR, **vars(tiny)).values()), abs=1e-6)


def test_genres_are_sorted_and_nothing_else_is_listed(tiny: SimpleNamespace) -> None:
    found = ast_music_genres(sound(WINDOW), SR, **vars(tiny))
    assert {genre for genre, _ in found} == {"Jazz", "Techno", "Rock music"}
    assert [probability for _, probability in found] == sorted((value for _, value in found), reverse=True)
    assert len(ast_music_genres(sound(WINDOW), SR, **vars(tiny), top=2)) == 2


def test_the_genres_are_distinct_and_sorted() -> None:
    assert list(MUSIC_GENRES) == sorted(set(MUSIC_GENRES))


def test_bad_recordings_and_models_are_refused(tiny: SimpleNamespace, refuses: Refuses) -> None:
    with refuses("16000 samples per second, not 8000", "resample"):
        ast_probabilities(sound(WINDOW), 8_000, **vars(tiny))
    with refuses("samples"):
        ast_embedding(sound(399), SR, **vars(tiny))
    with refuses("top"):
        ast_music_genres(sound(WINDOW), SR, **vars(tiny), top=0)
    tiny_without = SimpleNamespace(
        model=transformers.ASTForAudioClassification(
            transformers.ASTConfig(**{**tiny.model.config.to_dict(), "id2label": {0: "Rain", 1: "Speech"}})
        ),
        processor=tiny.processor,
    )
    with refuses("genre of music", "MIT/ast"):
        ast_music_genres(sound(WINDOW), SR, **vars(tiny_without))
