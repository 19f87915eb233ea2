"""Coqui TTS: its own classes with tiny random weights where it is installed, stand-ins of the same calls elsewhere."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from conftest import Refuses

from audiocourse.tts.coqui import published
from audiocourse.tts.coqui.published import synthesize

needs_coqui = pytest.mark.skipif(importlib.util.find_spec("TTS") is None, reason="needs the package coqui-tts")
VOICE = np.sin(np.arange(16_000) / 20).astype(np.float32)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    published._load.cache_clear()
    yield
    published._load.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like a model."""
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.pth").write_bytes(b"")
    return tmp_path


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Coqui's API, replaced by a voice that writes down what it is asked and cannot say "%"."""
    noted: list[dict[str, object]] = []

    class Standin:
        def __init__(self, **options: object) -> None:
            noted.append(options)
            tokenizer = SimpleNamespace(not_found_characters=[])
            config = SimpleNamespace(model="xtts", supports_cloning="xtts" in str(options["model_path"]))
            model = SimpleNamespace(tokenizer=tokenizer, config=config)
            self.synthesizer = SimpleNamespace(tts_model=model, output_sample_rate=22_050)

        def tts(self, text: str, **options: object) -> list[float]:
            noted.append({"text": text, **options})
            if options["speaker_wav"]:
                noted.append({"bytes": Path(str(options["speaker_wav"])).stat().st_size})
            if "%" in text:
                self.synthesizer.tts_model.tokenizer.not_found_characters.append("%")
            if options["language"]:
                raise ValueError("Model is not multi-lingual but `language` is provided.")
            return [*np.random.rand(4), 1.5]  # noqa: NPY002 (the global state, as coqui's networks use)

    package = ModuleType("TTS")
    api = ModuleType("TTS.api")
    api.TTS = Standin
    monkeypatch.setitem(sys.modules, "TTS", package)
    monkeypatch.setitem(sys.modules, "TTS.api", api)
    return noted


def test_the_door_returns_samples_and_their_rate(folder: Path, calls: list[dict[str, object]]) -> None:
    y, sr = synthesize("Hello there.", model_folder=folder)
    assert (sr, y.dtype, y.shape, y.max()) == (22_050, np.float32, (5,), 1)
    assert calls[0]["model_path"] == str((folder / "model.pth").resolve())
    np.testing.assert_array_equal(y, synthesize("Hello there.", model_folder=folder)[0])
    assert np.any(y != synthesize("Hello there.", model_folder=folder, seed=1)[0])
    assert sum("model_path" in call for call in calls) == 1, "the model is loaded once"


def test_a_reference_reaches_a_model_that_clones(folder: Path, calls: list[dict[str, object]]) -> None:
    (folder / "model.pth").rename(folder / "xtts.pth")
    synthesize("Hello.", model_folder=folder, reference=(VOICE, 16_000))
    assert calls[-1]["bytes"] > 16_000
    assert not Path(str(calls[-2]["speaker_wav"])).exists(), "the recording of a person is not left behind"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"reference": (VOICE, 16_000)}, ("cannot clone", "YourTTS")),
        ({"reference": (VOICE[:1_600], 16_000)}, ("0.10 s", "too short")),
        ({"language": "de"}, ("not multi-lingual",)),
    ],
)
def test_what_the_model_cannot_do_is_refused(
    options: dict[str, object], words: tuple[str, ...], folder: Path, calls: list[dict[str, object]], refuses: Refuses
) -> None:
    with refuses(*words):
        synthesize("Hello.", model_folder=folder, **options)
    del calls


def test_a_dropped_character_is_an_error_once(folder: Path, calls: list[dict[str, object]], refuses: Refuses) -> None:
    """Coqui leaves out what its alphabet lacks, with a warning in a log."""
    with refuses("'%'", "left it out"):
        synthesize("50 % off", model_folder=folder)
    assert synthesize("half off", model_folder=folder)[0].size
    del calls


@pytest.mark.parametrize("text", ["", " ... ", 5])
def test_nothing_to_say(text: str, folder: Path, refuses: Refuses) -> None:
    with refuses("nothing to say"):
        synthesize(text, model_folder=folder)


def test_a_name_and_an_incomplete_folder_are_refused(tmp_path: Path, refuses: Refuses) -> None:
    with refuses("download", "tts --model_name"):
        synthesize("Hello.", model_folder="tts_models/en/ljspeech/vits")
    with refuses("0 checkpoints", "no config.json"):
        synthesize("Hello.", model_folder=tmp_path)


def test_a_missing_package_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    monkeypatch.setitem(sys.modules, "TTS", None)
    with refuses("pip install -e '.[coqui]'"):
        synthesize("Hello.", model_folder=folder)


@pytest.fixture(scope="module")
def tacotron2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Tacotron 2 of coqui-tts with random weights, which stops after 50 frames."""
    import torch
    from TTS.tts.configs.tacotron2_config import Tacotron2Config
    from TTS.tts.models.tacotron2 import Tacotron2

    folder = tmp_path_factory.mktemp("tacotron2")
    config = Tacotron2Config(
        attention_type="original",
        max_decoder_steps=50,
        r=1,
        text_cleaner="english_cleaners",
        use_phonemes=False,
    )
    config.audio.sample_rate = 16_000
    config.audio.griffin_lim_iters = 10
    torch.manual_seed(0)
    model = Tacotron2(config)
    torch.save({"model": model.state_dict(), "config": config.to_dict(), "step": 1}, folder / "model.pth")
    config.save_json(str(folder / "config.json"))
    return folder


@needs_coqui
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_tacotron_2_of_coqui_speaks(tacotron2: Path, refuses: Refuses) -> None:
    y, sr = synthesize("Hello there.", model_folder=tacotron2)
    assert (sr, y.dtype, y.ndim) == (16_000, np.float32, 1)
    assert 0.2 < y.size / sr < 3
    assert np.isfinite(y).all()
    assert np.abs(y).max() > 0
    np.testing.assert_array_equal(y, synthesize("Hello there.", model_folder=tacotron2)[0])
    with refuses("cannot clone"):
        synthesize("Hello.", model_folder=tacotron2, reference=(VOICE, 16_000))
    with refuses("left it out"):
        synthesize("Hello 你.", model_folder=tacotron2)
