"""The ResNet of photographs on spectrograms: no trained weight is lost, and padding changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import transformers
from conftest import Refuses

from audiocourse.classify.cnn import CnnConfig, SpectrogramCnn
from audiocourse.classify.genre.model import (
    IMAGENET_DEVIATION,
    IMAGENET_MEAN,
    GenreResNet,
    GenreResNetConfig,
    from_image_classifier,
    grey_pictures,
    predict_genre,
)
from audiocourse.zoo import seeded

SMALL = GenreResNetConfig(num_classes=3, embedding_size=8, hidden_sizes=(8, 12, 16), depths=(2, 1, 1))
SR = 16_000


def scrambled(model: torch.nn.Module) -> torch.nn.Module:
    """Give batch norms statistics, scales and shifts as after a training, so that padding is not 0 by chance."""
    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(layer.running_mean, std=0.3)
            torch.nn.init.uniform_(layer.running_var, 0.5, 2)
            torch.nn.init.uniform_(layer.weight, 0.5, 1.5)
            torch.nn.init.normal_(layer.bias, std=0.3)
    return model.eval()


def image_model(**options: object) -> transformers.ResNetForImageClassification:
    config = {"embedding_size": 8, "hidden_sizes": [8, 12, 16], "depths": [2, 1, 1], "layer_type": "basic"}
    with seeded(1):
        return scrambled(transformers.ResNetForImageClassification(transformers.ResNetConfig(**{**config, **options})))


@pytest.fixture(scope="module")
def photographs() -> transformers.ResNetForImageClassification:
    return image_model()


@pytest.fixture(scope="module")
def spectrograms() -> torch.Tensor:
    return 4 * torch.randn(3, 1, 64, 93, generator=torch.Generator().manual_seed(2)) - 5


def in_color(spectrograms: torch.Tensor) -> torch.Tensor:
    """Return the same pictures in three equal channels, normalised as those of ImageNet."""
    lengths = torch.full((len(spectrograms),), spectrograms.shape[3])
    grey = grey_pictures(spectrograms, lengths)
    mean, deviation = (torch.tensor(values)[:, None, None] for values in (IMAGENET_MEAN, IMAGENET_DEVIATION))
    return (grey.expand(-1, 3, -1, -1) - mean) / deviation


def features_of(photographs: transformers.ResNetForImageClassification, pictures: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return photographs.resnet(pictures).pooler_output[:, :, 0, 0]


def test_the_folded_network_sees_what_the_photographs_network_sees(
    photographs: transformers.ResNetForImageClassification, spectrograms: torch.Tensor
) -> None:
    expected = features_of(photographs, in_color(spectrograms))
    folded = from_image_classifier(photographs, num_classes=4)
    with torch.no_grad():
        torch.testing.assert_close(folded.embed(spectrograms), expected, atol=1e-4, rtol=1e-4)
        assert folded(spectrograms).shape == (3, 4)
    assert expected.std() > 0.1, "the features must differ for the comparison to mean something"


def far_from(folded: GenreResNet, spectrograms: torch.Tensor, expected: torch.Tensor) -> bool:
    with torch.no_grad():
        return float((folded.embed(spectrograms) - expected).abs().max()) > 1e-2


def test_a_fresh_first_convolution_sees_something_else(
    photographs: transformers.ResNetForImageClassification, spectrograms: torch.Tensor
) -> None:
    """So does the mean of the kernels instead of their sum, the red kernel alone, and a picture not normalised."""
    expected = features_of(photographs, in_color(spectrograms))
    red = photographs.resnet.embedder.embedder.convolution.weight[:, :1].detach() / IMAGENET_DEVIATION[0]
    mean = from_image_classifier(photographs).resnet.embedder.embedder.convolution.weight.detach() / 3
    for wrong in (torch.randn(8, 1, 7, 7) / 7, mean, red):
        folded = from_image_classifier(photographs)
        folded.resnet.embedder.embedder.convolution.weight.data = wrong
        assert far_from(folded, spectrograms, expected)
    folded = from_image_classifier(photographs)
    folded.offset.zero_()
    assert far_from(folded, spectrograms, expected)


def test_a_constant_in_place_of_the_offset_is_wrong_along_the_edges_only(
    photographs: transformers.ResNetForImageClassification, spectrograms: torch.Tensor
) -> None:
    folded = from_image_classifier(photographs)
    lengths = torch.full((3,), 93)
    pictures = grey_pictures(spectrograms, lengths)
    with torch.no_grad():
        expected = photographs.resnet.embedder.embedder.convolution(in_color(spectrograms))
        constant = folded.offset.sum(dim=(1, 2, 3))[:, None, None]
        error = (folded.resnet.embedder.embedder.convolution(pictures) - constant - expected).abs().amax(dim=(0, 1))
    assert error[2:-2, 2:-2].max() < 1e-3
    for edge in (error[0], error[-1], error[:, 0], error[:, -1]):
        assert edge.max() > 0.1


def test_the_photographs_network_is_not_changed(photographs: transformers.ResNetForImageClassification) -> None:
    before = {name: value.clone() for name, value in photographs.state_dict().items()}
    folded = from_image_classifier(photographs)
    with torch.no_grad():
        for weight in folded.parameters():
            weight += 1
    for name, value in photographs.state_dict().items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)


def test_other_networks_are_refused(refuses: Refuses) -> None:
    with refuses("bottleneck", "microsoft/resnet-18"):
        from_image_classifier(image_model(layer_type="bottleneck"))
    with refuses("1 channels"):
        from_image_classifier(image_model(num_channels=1))


LENGTHS = (93, 64, 33, 1)


@pytest.mark.parametrize("network", ["folded", "random"])
def test_neither_padding_nor_the_batch_changes_the_logits(
    network: str, photographs: transformers.ResNetForImageClassification
) -> None:
    with seeded(3):
        model = from_image_classifier(photographs) if network == "folded" else scrambled(GenreResNet(SMALL))
        clips = [4 * torch.randn(1, 1, 64, length) for length in LENGTHS]
    batch = torch.full((len(clips), 1, 64, 120), 9.0)  # what is in the padding does not matter
    for row, clip in zip(batch, clips, strict=True):
        row[:, :, : clip.shape[3]] = clip[0]
    with torch.no_grad():
        together = model(batch, torch.tensor(LENGTHS))
        alone = torch.cat([model(clip) for clip in clips])
    torch.testing.assert_close(together, alone, atol=1e-4, rtol=1e-4)
    assert together.std(dim=0).min() > 1e-3


def test_without_masks_padding_changes_the_features(
    photographs: transformers.ResNetForImageClassification, spectrograms: torch.Tensor
) -> None:
    """The guide's network takes no lengths: its mean is also over frames after the end."""
    pictures = in_color(spectrograms)
    padded = torch.nn.functional.pad(pictures, (0, 30))
    difference = features_of(photographs, padded) - features_of(photographs, pictures)
    assert difference.abs().max() > 0.05


def test_the_level_of_a_recording_does_not_matter() -> None:
    with seeded(4):
        model = scrambled(GenreResNet(SMALL))
    spectrogram = torch.randn(1, 1, 64, 50)
    with torch.no_grad():
        torch.testing.assert_close(model(spectrogram), model(spectrogram - 3), atol=1e-4, rtol=1e-4)


def test_a_clip_without_frames_is_refused(refuses: Refuses) -> None:
    with refuses("no frame"):
        GenreResNet(SMALL)(torch.zeros(2, 1, 64, 10), torch.tensor([10, 0]))


def test_the_defaults_are_resnet_18() -> None:
    with torch.device("meta"):
        model = GenreResNet(GenreResNetConfig(num_classes=1000))
    # 11 689 512 of the published one, minus two of the three kernels of each channel in the first layer
    assert sum(weight.numel() for weight in model.parameters()) == 11_689_512 - 2 * 64 * 49


def test_it_learns(spectrograms: torch.Tensor) -> None:
    with seeded(5):
        model = GenreResNet(SMALL).train()
        optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
        for _ in range(30):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(spectrograms), torch.arange(3))
            loss.backward()
            optimiser.step()
    assert loss.item() < 0.2


class Louder(torch.nn.Module):
    """Logits that follow from the loudest band, for three genres: easy to compute by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(1.0))

    def forward(self, spectrograms: torch.Tensor) -> torch.Tensor:
        level = spectrograms.amax(dim=(1, 2, 3))
        return self.scale * torch.stack([level, torch.zeros_like(level), -level], dim=1)


def song(seconds: float) -> np.ndarray:
    time = np.arange(round(seconds * SR)) / SR
    return (0.3 * np.sin(2 * np.pi * 440 * time) * np.exp(-time / 2)).astype(np.float32)


def test_the_song_has_the_mean_probability_of_its_segments() -> None:
    model = Louder().train()
    found = predict_genre(song(6.4), SR, model=model, genres=("a", "b", "c"))
    assert model.training
    assert found.starts.tolist() == [0, 1.5, 3.0]
    assert found.segment_probabilities.shape == (3, 3)
    assert found.segment_probabilities.sum(axis=1) == pytest.approx(1)
    assert found.probabilities == pytest.approx(found.segment_probabilities.mean(axis=0))
    assert found.genre == "abc"[int(found.probabilities.argmax())]
    assert len({round(float(value), 3) for value in found.segment_probabilities[:, 0]}) == 3
    alone = predict_genre(song(6.4)[round(1.5 * SR) : round(4.5 * SR)], SR, model=model, genres=("a", "b", "c"))
    assert alone.probabilities == pytest.approx(found.segment_probabilities[1], abs=1e-6)


def test_a_song_shorter_than_a_segment_is_one_segment() -> None:
    found = predict_genre(song(1.0), SR, model=Louder(), genres=("a", "b", "c"))
    assert found.starts.tolist() == [0]


@pytest.mark.parametrize("network", [GenreResNet(SMALL), SpectrogramCnn(CnnConfig(channels=(4, 8), num_classes=3))])
def test_both_networks_go_through_the_same_door(network: torch.nn.Module) -> None:
    found = predict_genre(song(4.5), SR, model=network, genres=("a", "b", "c"))
    assert found.segment_probabilities.shape == (2, 3)
    assert found.segment_probabilities.dtype == np.float32


def test_bad_songs_are_refused(refuses: Refuses) -> None:
    model = Louder()
    with refuses("16000 samples per second, not 8000"):
        predict_genre(song(4), 8_000, model=model, genres=("a", "b", "c"))
    with refuses("3 classes", "6 genres"):
        predict_genre(song(4), SR, model=model)
    with refuses("samples"):
        predict_genre(song(0.02), SR, model=model, genres=("a", "b", "c"))
    with refuses("NaN"):
        predict_genre(np.full(SR, np.nan, np.float32), SR, model=model, genres=("a", "b", "c"))
    with refuses("hop_seconds"):
        predict_genre(song(4), SR, model=model, genres=("a", "b", "c"), hop_seconds=0)
