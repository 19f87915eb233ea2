"""wav2vec 2.0 in miniature, and transformers' own with tiny random weights in the files it is published in."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse.asr.wav2vec2.from_scratch import span_mask
from audiocourse.asr.wav2vec2.model import (
    SR,
    GumbelQuantiser,
    Wav2Vec2Mini,
    diversity_loss,
    feature_frames,
    perplexity,
    recognise_all,
    recognise_wav2vec2,
)
from audiocourse.signal import to_mono
from audiocourse.zoo import seeded

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


# the published recogniser ------------------------------------------------------------------------------------------


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
    """Taken as it is, two channels are two recordings, and whoever reads the first answer hears a silent left one."""
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


# the miniature -----------------------------------------------------------------------------------------------------


def mini(seed: int = 1) -> Wav2Vec2Mini:
    with seeded(seed):
        return Wav2Vec2Mini(channels=16, units=16, layers=1, quantiser=GumbelQuantiser(16, entries=8, size=8))


def test_a_frame_every_20_ms() -> None:
    net, samples = mini(), torch.randn(1, 4_000, generator=torch.Generator().manual_seed(1))
    assert net.encoder(samples).shape == (1, feature_frames(4_000), 16)
    assert feature_frames(16_000 + 320) == feature_frames(16_000) + 1


def test_what_is_hidden_is_hidden() -> None:
    net, mask = mini().eval(), torch.zeros(12, dtype=torch.bool)
    mask[4:8] = True
    z = torch.randn(12, 16, generator=torch.Generator().manual_seed(1))
    hidden, seen = z.clone(), z.clone()
    hidden[5], seen[9] = 7.0, 7.0
    torch.testing.assert_close(net.context(hidden, mask), net.context(z, mask))
    assert not torch.allclose(net.context(seen, mask)[5], net.context(z, mask)[5], atol=1e-4)


def test_the_choice_of_a_codeword_is_hard_and_has_a_slope() -> None:
    with seeded(2):
        quantiser = GumbelQuantiser(6, groups=2, entries=4, size=6)
    z = torch.randn(30, 6, generator=torch.Generator().manual_seed(1))
    q, probabilities = quantiser(z, temperature=0.5)
    for group, part in enumerate(q.view(30, 2, 3).unbind(dim=1)):
        nearest = torch.cdist(part, quantiser.codewords[group]).min(dim=1).values
        assert float(nearest.detach().max()) < 1e-3, "a mixture of codewords"  # what hard + soft − soft rounds away
    torch.testing.assert_close(probabilities.sum(dim=2), torch.ones(30, 2))
    q.sum().backward()
    assert quantiser.projection.weight.grad is not None
    assert float(quantiser.projection.weight.grad.abs().max()) > 0


def test_chance_only_in_training() -> None:
    with seeded(2):
        quantiser, z = GumbelQuantiser(6, entries=8, size=4), torch.randn(40, 6)
        one, other = (quantiser(z)[0] for _ in range(2))
        assert not torch.equal(one, other)
        quantiser.eval()
        assert torch.equal(quantiser(z)[0], quantiser(z)[0])


def test_idle_codewords_cost() -> None:
    even = torch.full((5, 2, 4), 0.25)
    same = torch.zeros(5, 2, 4)
    same[..., 1] = 1
    assert float(perplexity(even)) == pytest.approx(8)
    assert float(diversity_loss(even)) == pytest.approx(0, abs=1e-6)
    assert float(perplexity(same)) == pytest.approx(2)
    assert float(diversity_loss(same)) == pytest.approx(6 / 8)


def test_one_sound_can_be_learned() -> None:
    """Four tones one after the other, always the same frames hidden, and no chance in the codewords."""
    net = mini().train()
    net.quantiser.eval()
    samples = torch.from_numpy(np.concatenate([np.sin(np.arange(1_280) * k) for k in (0.1, 0.9, 0.3, 2.0)])).float()
    mask = span_mask(feature_frames(len(samples)), rng=np.random.default_rng(1), start=0.3, span=2)
    steps, rng, seen = torch.optim.Adam(net.parameters(), lr=1e-2), np.random.default_rng(3), []
    for _ in range(60):
        seen.append(net(samples, mask, rng=rng, distractors=5))
        steps.zero_grad()
        (seen[-1].contrastive + 0.1 * seen[-1].diversity).backward()
        steps.step()
    first, last = (np.mean([float(one.contrastive.detach()) for one in part]) for part in (seen[:3], seen[-10:]))
    assert last < 0.4 * first
    assert np.mean([one.right for one in seen[-10:]]) > 0.8


def test_a_mask_of_another_sound_is_refused(refuses: Refuses) -> None:
    with refuses("make 12 frames"):
        mini()(torch.zeros(4_000), np.ones(11, dtype=bool), rng=np.random.default_rng(1))
