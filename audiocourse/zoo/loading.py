"""Loading models: published ones from the Hub or its cache, the course's own from their folders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocourse.errors import AudioCourseError
from audiocourse.libraries import first_broken, installed_version, why_not
from audiocourse.zoo import catalogue
from audiocourse.zoo.cards import CARD_FILE, Card, read_card, readable_size

if TYPE_CHECKING:
    import torch

_SMALL_FILES = ("*.json", "*.txt", "*.model")  # beside the weights: options, alphabets, tokenizers
_LIBRARIES = ("torch", "torchaudio", "safetensors", "tokenizers", "transformers")  # in the order in which they load
_ONLY_FOR_TRAINING = ("masked_spec_embed",)  # facebook/wav2vec2-base-960h was published without it


@dataclass(frozen=True)
class Loaded:
    """A model that is ready to use.

    ``model`` is in evaluation mode, on the CPU, with weights of 32 bits; ``processor`` turns sound or text into its
    input and its output into text, and is ``None`` if the model needs none; ``path`` is the folder it came from.
    """

    model: torch.nn.Module
    processor: Any
    card: Card
    path: Path


def load(name: str | Path, *, download: bool = True) -> Loaded:
    """Load a model by name.

    A published model comes from the Hub's cache on this machine, else from the network, after its size is printed. No
    other model is ever substituted.

    Parameters
    ----------
    name : str or Path
        A name from `list_models`, or a folder that `save` or ``audiocourse train`` wrote.
    download : bool
        Whether a published model may be downloaded.

    Raises
    ------
    AudioCourseError
        If there is no such model, it is published and neither here nor available now, or its files are incomplete,
        damaged or of another version of the course.
    """
    if isinstance(name, Path) or (Path(name) / CARD_FILE).is_file():
        path = Path(name)
        return _from_folder(read_card(path), path)
    card = catalogue.card(name)
    return _from_folder(card, catalogue.bundled_folder(card.name) or _from_hub(card, download=download))


def _from_hub(card: Card, *, download: bool) -> Path:
    """Return the folder of a published model in the Hub's cache; download what is missing."""
    try:
        import huggingface_hub as hub
    except ImportError as error:
        raise _missing_package(card, error) from error
    wanted = [card.weights, *_SMALL_FILES]
    try:
        folder = Path(hub.snapshot_download(card.name, allow_patterns=wanted, local_files_only=True))
    except OSError:
        folder = None
    if folder is not None and _is_whole(card, folder):
        return folder
    if hub.constants.HF_HUB_OFFLINE or not download:
        raise _not_here(card, "HF_HUB_OFFLINE forbids the network" if download else "download=False was asked for")
    print(f"Downloading {card.name}: {readable_size(card.size)} into {hub.constants.HF_HUB_CACHE}")
    try:
        return Path(hub.snapshot_download(card.name, allow_patterns=wanted))
    except hub.errors.LocalEntryNotFoundError as error:
        raise _not_here(card, "the Hub cannot be reached") from error
    except Exception as error:  # a download can break off in many ways, each with its own exception
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise _not_here(card, f"the download broke off: {reason}") from error


def _is_whole(card: Card, folder: Path) -> bool:
    """Whether the cache has all files that loading needs; a broken download leaves only some of them."""
    needed = ["config.json", card.weights, *(["preprocessor_config.json"] if card.processor else [])]
    return all((folder / name).is_file() for name in needed)


def _not_here(card: Card, reason: str) -> AudioCourseError:
    instead = [bundled.name for bundled in catalogue.bundled_cards() if bundled.task == card.task]
    advice = f", or ask for {' or '.join(instead)}, which comes with the course" if instead else ""
    return AudioCourseError(
        f"{card.name} is not on this machine and cannot be downloaded ({reason}): load it once with network access, "
        f"{readable_size(card.size)}{advice}."
    )


@contextmanager
def without_bars() -> Iterator[None]:
    """Hide transformers' progress bars, which would stay in the notebook after a second of reading a local file."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _from_folder(card: Card, folder: Path) -> Loaded:
    """Load a model and its processor from the files of a folder."""
    _require_unharmed(card, folder)
    if card.model.startswith("transformers:"):
        with without_bars():
            model = _pretrained(card, folder)
            processor = _processor(card, folder)
    else:
        model = _own(card, folder)
        processor = None
    return Loaded(model.eval(), processor, card, folder)


def _require_unharmed(card: Card, folder: Path) -> None:
    """Compare the files with the checksums on the card; cards of published models have none."""
    for name, expected in card.sha256.items():
        path = folder / name
        if not path.is_file():
            raise AudioCourseError(f"{card.name} is incomplete: {path} is missing, so copy or train the model again.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise AudioCourseError(
                f"{card.name} is damaged: {path} is not the file its card describes, so copy or train the model again."
            )


def _pretrained(card: Card, folder: Path) -> torch.nn.Module:
    """Load a model of a class of transformers; refuse a file without all weights, because the rest would be random."""
    import torch

    model_class = _class(card, card.model)
    try:
        model, found = model_class.from_pretrained(
            folder,
            dtype=torch.float32,  # the file may have 16 bits, with which a CPU is slow or cannot compute at all
            local_files_only=True,
            output_loading_info=True,
        )
    except Exception as error:  # any error of reading a file: JSON, safetensors, pickle, shapes
        raise _broken_library(card) or _misfit(card, folder, _first_line(error)) from error
    missing = sorted(name for name in found["missing_keys"] if not name.endswith(_ONLY_FOR_TRAINING))
    if missing:
        raise _misfit(card, folder, f"{missing[0]} is missing")
    return model  # type: ignore[no-any-return]


def _processor(card: Card, folder: Path) -> Any:
    if card.processor is None:
        return None
    processor_class = _class(card, card.processor)
    try:
        return processor_class.from_pretrained(folder, local_files_only=True)
    except ImportError as error:
        raise _broken_library(card) or _missing_package(card, error) from error
    except Exception as error:  # as above
        raise _broken_library(card) or _misfit(card, folder, _first_line(error)) from error


def _own(card: Card, folder: Path) -> torch.nn.Module:
    """Build a class of the course from ``config.json``, which holds the fields of its config, and load its weights."""
    model_class = _class(card, card.model)
    from safetensors import SafetensorError
    from safetensors.torch import load_model

    try:
        fields = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        config = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
        model = model_class(model_class.config_class(**config))
        missing, unexpected = load_model(model, folder / card.weights, strict=False)
    except (OSError, ValueError, AttributeError, TypeError, RuntimeError, SafetensorError) as error:
        raise _misfit(card, folder, _first_line(error)) from error
    if odd := [*(f"{name} is missing" for name in sorted(missing)), *(f"{name} is unknown" for name in unexpected)]:
        raise _misfit(card, folder, odd[0])
    return model  # type: ignore[no-any-return]


def _class(card: Card, where: str) -> Any:
    """Import the class that the card names: the zoo itself knows no chapter."""
    module, _, name = where.partition(":")
    try:
        return getattr(import_module(module), name)
    except AttributeError as error:
        raise AudioCourseError(
            f"{card.name} is of another version of the course or of transformers: {module} has no {name}."
        ) from error
    except Exception as error:  # a library that does not fit its neighbour raises OSError or RuntimeError too
        raise _broken_library(card) or _missing_package(card, error) from error


def _broken_library(card: Card) -> AudioCourseError | None:
    """Find a library that is installed and does not load; the files of the model are not to blame then."""
    installed = [name for name in _LIBRARIES if installed_version(name)]
    broken = first_broken(installed)
    return AudioCourseError(f"{card.name} cannot be loaded because {why_not(*broken)}.") if broken else None


def _missing_package(card: Card, error: Exception) -> AudioCourseError:
    return AudioCourseError(
        f"{card.name} needs a package that is not installed ({_first_line(error)}): "
        'install the course with its models, pip install -e ".[models]".'
    )


def _misfit(card: Card, folder: Path, detail: str) -> AudioCourseError:
    advice = "train it again" if card.training else "delete that folder and load it again"
    return AudioCourseError(
        f"The files of {card.name} in {folder} are damaged or of another version ({detail}): {advice}."
    )


def _first_line(error: Exception) -> str:
    """Return the first line of an exception, as part of a sentence."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    first = lines[1] if lines[0].startswith("Error(s) in loading") and len(lines) > 1 else lines[0]
    return first.split(". ")[0].rstrip(".:")
