"""Loading: published models from a made cache of the Hub, bundled ones from their folders, and what can be wrong."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import Refuses
from transformers.utils import logging
from zoo.miniatures import MINIATURES, whisper

from audiocourse.zoo import Card, catalogue, list_models, load, save
from audiocourse.zoo.cards import CARD_FILE, read_card

Hub = Callable[[str], Path]
TINY = "openai/whisper-tiny"
needs_sentencepiece = pytest.mark.skipif(
    importlib.util.find_spec("sentencepiece") is None, reason="SpeechT5's tokenizer needs sentencepiece"
)


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=needs_sentencepiece if one.endswith("_tts") else ()) for one in MINIATURES]
)
def test_a_published_model_comes_from_the_cache_as_it_is(name: str, hub: Hub) -> None:
    folder = hub(name)
    written = MINIATURES[name](folder)
    loaded = load(name)
    assert not loaded.model.training
    assert loaded.path == folder
    assert type(loaded.model) is type(written)
    assert loaded.card.model == f"transformers:{type(written).__name__}"
    assert (loaded.processor is None) == (loaded.card.processor is None)
    for weight, expected in written.state_dict().items():
        if "masked_spec_embed" not in weight:
            torch.testing.assert_close(loaded.model.state_dict()[weight], expected, rtol=0, atol=0)


def test_a_loaded_model_hears_something(hub: Hub) -> None:
    whisper(hub(TINY))
    loaded = load(TINY)
    heard = loaded.processor(np.zeros(16_000, dtype=np.float32), sampling_rate=16_000, return_tensors="pt")
    written = loaded.model.generate(heard.input_features, max_new_tokens=2)
    assert isinstance(loaded.processor.batch_decode(written)[0], str)


def test_loading_leaves_no_progress_bar_in_a_notebook(hub: Hub, capfd: pytest.CaptureFixture[str]) -> None:
    whisper(hub(TINY))
    before = capfd.readouterr().err
    assert "Writing" in before, "transformers writes bars where nobody hides them"
    load(TINY)
    assert capfd.readouterr().err == ""
    assert logging.is_progress_bar_enabled(), "everybody else keeps theirs"


def test_weights_of_16_bits_become_32(hub: Hub) -> None:
    name = "openai/whisper-large-v3"
    folder = hub(name)
    whisper(folder).half().save_pretrained(folder)
    assert {weight.dtype for weight in load(name).model.parameters()} == {torch.float32}


def test_the_environment_alone_can_forbid_the_network(tmp_path: Path) -> None:
    program = (
        "import sys; from audiocourse import zoo\ntry: zoo.load('openai/whisper-tiny')\n"
        "except zoo.loading.AudioCourseError as error: print(error, 'torch' in sys.modules)"
    )
    environment = {**os.environ, "HF_HUB_CACHE": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert "HF_HUB_OFFLINE" in done.stdout
    assert done.stdout.strip().endswith("False"), "the sentence comes before torch is loaded"
    assert not (tmp_path / "hub").exists()


def test_without_a_network_nothing_is_taken_instead(hub: Hub, bundled: Path, toy_card: Card, chapter: Path) -> None:
    del hub, chapter
    from audiocourse.toychapter.nets import Net

    card = toy_card.model_copy(update={"name": "asr-mini", "task": "speech-recognition"})
    save(Net(), bundled / "asr-mini", card=card)
    with pytest.raises(Exception) as caught:
        load(TINY)
    for word in (TINY, "151 MB", "HF_HUB_OFFLINE", "asr-mini"):
        assert word in str(caught.value)


def test_no_network_no_bundled_model_no_advice_to_take_one(hub: Hub, bundled: Path, refuses: Refuses) -> None:
    del hub, bundled
    with refuses("585 MB", "HF_HUB_OFFLINE"):
        load("microsoft/speecht5_tts")


def test_a_download_can_be_forbidden(hub: Hub, monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    from huggingface_hub import constants

    del hub
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with refuses("download=False", "151 MB"):
        load(TINY, download=False)


@pytest.mark.parametrize("lost", ["config.json", "model.safetensors", "preprocessor_config.json"])
def test_half_a_download_is_no_model(lost: str, hub: Hub, refuses: Refuses) -> None:
    folder = hub(TINY)
    whisper(folder)
    (folder / lost).unlink()
    with refuses(TINY, "not on this machine", "151 MB"):
        load(TINY)


def test_with_a_network_the_size_is_said_and_only_what_is_needed_is_fetched(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import huggingface_hub

    folder, asked = hub(TINY), []

    def snapshot_download(name: str, *, allow_patterns: list[str], local_files_only: bool = False) -> str:
        if local_files_only:
            raise huggingface_hub.errors.LocalEntryNotFoundError("nothing")
        asked.append((name, allow_patterns))
        whisper(folder)
        return str(folder)

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    assert load(TINY).path == folder
    assert "151 MB" in capsys.readouterr().out
    assert asked == [(TINY, ["model.safetensors", "*.json", "*.txt", "*.model"])]


@pytest.mark.parametrize(
    ("error", "reason"), [(TimeoutError(), "TimeoutError"), (OSError(28, "No space left on device"), "No space left")]
)
def test_a_download_that_breaks_off_is_one_sentence(
    error: Exception, reason: str, hub: Hub, monkeypatch: pytest.MonkeyPatch, refuses: Refuses
) -> None:
    import huggingface_hub

    def snapshot_download(name: str, **options: object) -> str:
        assert name == TINY
        raise OSError if options.get("local_files_only") else error

    del hub
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    with refuses(TINY, reason, "151 MB"):
        load(TINY)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def spoil(path: Path) -> None:
    path.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")


@pytest.mark.parametrize("harm", [cut, spoil])
@pytest.mark.parametrize("name", [TINY, "microsoft/speecht5_hifigan"])
def test_damaged_weights_of_a_published_model(
    name: str, harm: Callable[[Path], None], hub: Hub, refuses: Refuses
) -> None:
    folder = hub(name)
    MINIATURES[name](folder)
    harm(folder / catalogue.card(name).weights)
    with refuses(name, str(folder), "damaged", "delete"):
        load(name)


def test_a_missing_weight_is_not_made_up(hub: Hub, refuses: Refuses) -> None:
    folder = hub(TINY)
    model = whisper(folder)
    lost = "model.encoder.conv1.weight"
    model.save_pretrained(folder, state_dict={key: value for key, value in model.state_dict().items() if key != lost})
    with refuses(TINY, "conv1.weight is missing"):
        load(TINY)


def test_weights_of_another_shape(hub: Hub, refuses: Refuses) -> None:
    folder = hub(TINY)
    whisper(folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "d_model": 32}))
    with refuses(TINY, "another version"):
        load(TINY)


def test_a_missing_package_is_named(hub: Hub, monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    whisper(hub(TINY))
    monkeypatch.setitem(sys.modules, "transformers", None)
    with refuses(TINY, "transformers", "pip install"):
        load(TINY)


def test_a_bundled_model_of_a_class_of_transformers(bundled: Path, toy_card: Card, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    model = whisper(tmp_path / "made")
    import transformers

    processor = transformers.WhisperProcessor.from_pretrained(tmp_path / "made")
    card = toy_card.model_copy(
        update={
            "name": "asr-mini",
            "model": "transformers:WhisperForConditionalGeneration",
            "processor": "transformers:WhisperProcessor",
        }
    )
    save(model, bundled / "asr-mini", card=card, processor=processor)
    loaded = load("asr-mini")
    assert torch.equal(loaded.model.proj_out.weight, model.proj_out.weight)
    assert type(loaded.processor) is transformers.WhisperProcessor
    assert transformers.WhisperForConditionalGeneration.from_pretrained(bundled / "asr-mini").config.d_model == 16


@pytest.fixture
def toy(bundled: Path, toy_card: Card, chapter: Path) -> Path:
    """The folder of a bundled toy model."""
    from audiocourse.toychapter.nets import Net, NetConfig

    del chapter
    save(Net(NetConfig(width=6)), bundled / "toy-mini", card=toy_card)
    return bundled / "toy-mini"


def test_a_bundled_model_of_the_course(toy: Path) -> None:
    loaded = load("toy-mini")
    assert loaded.path == toy
    assert loaded.processor is None
    assert not loaded.model.training
    assert loaded.model.first.out_features == 6
    assert [one.name for one in list_models(bundled=True)] == ["toy-mini"]


def test_a_model_in_any_folder(toy: Path, tmp_path: Path) -> None:
    shutil.copytree(toy, tmp_path / "mine")
    for place in (tmp_path / "mine", str(tmp_path / "mine")):
        assert load(place).path == tmp_path / "mine"


def test_a_folder_without_a_model(tmp_path: Path, refuses: Refuses) -> None:
    with refuses(str(tmp_path), CARD_FILE):
        load(tmp_path)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_damage_of_a_bundled_model(name: str, toy: Path, refuses: Refuses) -> None:
    whole = (toy / name).read_bytes()
    (toy / name).write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    with refuses("toy-mini", name, "damaged"):
        load("toy-mini")
    (toy / name).unlink()
    with refuses("toy-mini", name, "missing"):
        load("toy-mini")


def change_card(folder: Path, old: str, new: str) -> None:
    path = folder / CARD_FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_format_of_another_version(toy: Path, refuses: Refuses) -> None:
    change_card(toy, "format = 2", "format = 3")
    with refuses("another version", "format is 3"):
        load("toy-mini")


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [("licence =", "license =", "licence"), ("seed = 3", 'seed = "3"', "seed"), ("nets:Net", "nets", "model")],
)
def test_mistakes_in_a_card_are_named(old: str, new: str, word: str, toy: Path, refuses: Refuses) -> None:
    change_card(toy, old, new)
    with refuses(CARD_FILE, word):
        load("toy-mini")


def test_a_card_that_is_no_toml(toy: Path, refuses: Refuses) -> None:
    change_card(toy, "task =", "task : ")
    with refuses(CARD_FILE, "cannot be read"):
        load("toy-mini")


def test_a_card_cannot_name_a_class_from_elsewhere(toy: Path, refuses: Refuses) -> None:
    change_card(toy, "audiocourse.toychapter.nets:Net", "subprocess:Popen")
    with refuses("model"):
        load("toy-mini")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("self.last = torch.nn.Linear(width, 1)", ("extra.bias is missing",)),
        ("width: int = 4", ("unexpected keyword",)),
        ("(2, width)", ("size mismatch",)),
        ("class Net(", ("no Net",)),
    ],
)
def test_a_class_that_changed_since(code: str, words: tuple[str], toy: Path, chapter: Path, refuses: Refuses) -> None:
    assert toy.is_dir()
    changed = {
        "self.last = torch.nn.Linear(width, 1)": code + "\n        self.extra = torch.nn.Linear(1, 1)",
        "width: int = 4": "breadth: int = 4",
        "(2, width)": "(3, width)",
        "class Net(": "class Other(",
    }[code]
    source = (chapter / "nets.py").read_text().replace(code, changed)
    for name in [name for name in sys.modules if name.startswith("audiocourse.toychapter")]:
        del sys.modules[name]
    (chapter / "nets.py").write_text(source + "\n# changed\n")
    with refuses("toy-mini", "another version", *words):
        load("toy-mini")


def test_a_card_is_read_as_it_was_written(toy: Path, toy_card: Card) -> None:
    card = read_card(toy)
    assert card.training == toy_card.training
    assert (card.parameters, card.expect) == (6 * 2 + 6 + 12 + 6 + 1, toy_card.expect)
    assert card.size == (toy / "model.safetensors").stat().st_size
    assert set(card.sha256) == {"config.json", "model.safetensors"}
