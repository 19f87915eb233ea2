"""The published weights of YAMNet, 521 classes of AudioSet: from the Keras file to a folder that `zoo.load` reads.

The file is ``yamnet.h5`` (15 MB, Apache-2.0) at `URL`. A student downloads it once and converts it::

    convert(Path("yamnet.h5"), Path("work/yamnet"))
    model = zoo.load(Path("work/yamnet")).model

Nothing is substituted for it: without the file there is only ``yamnet-mini``.
"""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import h5py
import numpy as np
import torch

from audiocourse.classify.yamnet.model import BLOCKS, SR, Yamnet, YamnetConfig, tag
from audiocourse.errors import AudioCourseError
from audiocourse.signal import FloatArray
from audiocourse.sounds import sine
from audiocourse.zoo import Card, save

URL = "https://storage.googleapis.com/audioset/yamnet.h5"
TOP = 10  # the publisher's own test looks for the expected class among so many
CARD = Card(
    name="google/yamnet",
    task="audio-tagging",
    model="audiocourse.classify.yamnet.model:Yamnet",
    licence="Apache-2.0",
    source="M. Plakal and D. Ellis, YAMNet, 2020, github.com/tensorflow/models/tree/master/research/audioset/yamnet",
    expect="521 kinds of sound in patches of 0.96 s at 16 kHz, trained on AudioSet; balanced mean average precision "
    "0.306 on its evaluation set, by the publisher. Scores are not calibrated: compare a class with itself only.",
    url=URL,
)

_NAME = re.compile(
    r"(?P<layer>layer\d+)/(?P<kind>conv|depthwise_conv|pointwise_conv)/"
    r"(?P<weight>kernel|depthwise_kernel|bn/beta|bn/moving_mean|bn/moving_variance)$"
)
_NORM = {"bn/beta": "bias", "bn/moving_mean": "running_mean", "bn/moving_variance": "running_var"}


def audioset_classes() -> tuple[str, ...]:
    """Return the names of the 521 classes in the order of the outputs, from the publisher's class map.

    Examples
    --------
    >>> names = audioset_classes()
    >>> len(names), names[0], names[494]
    (521, 'Speech', 'Silence')

    Source: tensorflow/models, research/audioset/yamnet/yamnet_class_map.csv, Apache-2.0.

    Notebook: 04b_audio_tagging
    """
    with Path(__file__).with_name("class_map.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["display_name"] for row in csv.DictReader(file))


def convert(path: Path, folder: Path, *, prove: bool = True) -> Card:
    """Convert the published Keras file, test the result, and save it as a model of the course.

    Kernels change their axes from (height, width, inputs, outputs) to (outputs, inputs, height, width). Batch
    normalisation has no scale in the file, so it is 1.

    Parameters
    ----------
    path : Path
        ``yamnet.h5``.
    folder : Path
        Where the model goes; afterwards ``zoo.load(folder)`` finds it.
    prove : bool
        Whether to refuse weights that do not pass the publisher's own test, see `failed_proofs`.

    Returns
    -------
    Card
        Its ``version`` holds the SHA-256 of the Keras file.

    Raises
    ------
    AudioCourseError
        If the file is not YAMNet's, is damaged, does not pass the test, or the folder cannot be written.

    Notebook: 04b_audio_tagging
    """
    path = Path(path)
    model = Yamnet(YamnetConfig(audioset_classes()))
    _load(model, _weights(path), path)
    failed = failed_proofs(model.eval()) if prove else []
    if failed:
        raise AudioCourseError(
            f"The weights of {path} have the right shapes, but do not recognise {' and '.join(failed)}: download "
            f"{URL} again."
        )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return save(model, folder, card=CARD.model_copy(update={"version": f"yamnet.h5, SHA-256 {digest}"}))


def failed_proofs(model: Yamnet) -> list[str]:
    """List what a model with the classes of AudioSet fails to recognise among silence, noise and a tone.

    These are the three clips of the publisher's test, ``yamnet_test.py``: 3 s each, and the expected class must be
    among the ten highest means over the patches.

    Returns
    -------
    list of str
        Names of classes: of "Silence", "White noise" and "Sine wave".

    Notebook: 04b_audio_tagging
    """
    names = np.array(model.config.classes)
    failed = []
    for expected, y in _proof_clips().items():
        scores = tag(y, SR, model=model).mean(axis=0)
        highest = np.argsort(scores)[-TOP:]
        if expected not in names[highest]:
            failed.append(expected)
    return failed


def _proof_clips() -> dict[str, FloatArray]:
    """Synthesise the three clips, at full scale as in the publisher's test."""
    noise = np.random.default_rng(51773).uniform(-1, 1, 3 * SR).astype(np.float32)
    return {
        "Silence": np.zeros(3 * SR, dtype=np.float32),
        "White noise": noise,
        "Sine wave": sine(440.0, seconds=3, sr=SR, peak=1.0),
    }


def _weights(path: Path) -> dict[str, FloatArray]:
    """Read all arrays of a Keras file by their full name, without the ending ``:0``."""
    arrays: dict[str, FloatArray] = {}

    def collect(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            arrays[name.removesuffix(":0")] = np.asarray(item[()], dtype=np.float32)

    try:
        with h5py.File(path, "r") as file:
            file.visititems(collect)
    except FileNotFoundError as error:
        raise AudioCourseError(f"{path} is not there: download {URL} first, 15 MB.") from error
    except (OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise AudioCourseError(f"{path} cannot be read as a Keras file (HDF5): download {URL} again.") from error
    return arrays


def _load(model: Yamnet, arrays: dict[str, FloatArray], path: Path) -> None:
    """Put the arrays of a Keras file into the model; refuse a missing, an unknown or an unsuitable one."""
    state = {name: value for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    filled = {name for name in state if name.endswith("norm.weight") or name == "norm1.weight"}  # stay 1
    for name, array in arrays.items():
        target = _target(name)
        if target not in state or target in filled:
            raise _unsuitable(path, f"{name} is not a layer of YAMNet")
        value = _transposed(array, name)
        if value.shape != state[target].shape:
            raise _unsuitable(path, f"{name} has the shape {array.shape}")
        if not np.isfinite(value).all() or (target.endswith("running_var") and value.min() < 0):
            raise _unsuitable(path, f"{name} holds impossible values")
        state[target] = torch.from_numpy(np.ascontiguousarray(value))
        filled.add(target)
    if missing := sorted(set(state) - filled):
        raise _unsuitable(path, f"nothing in it belongs to {missing[0]}")
    model.load_state_dict(state, strict=False)


def _target(name: str) -> str:
    """Return the name in our model of an array of the Keras file; the dense layer has no fixed name there."""
    found = _NAME.search(name)
    if found is None:
        weight = name.rpartition("/")[2]
        is_dense = "layer" not in name and weight in ("kernel", "bias")
        return {"kernel": "head.weight", "bias": "head.bias"}[weight] if is_dense else ""
    number = int(found["layer"].removeprefix("layer"))
    weight = _NORM.get(found["weight"], "weight")
    is_norm = found["weight"] in _NORM
    if number == 1 and found["kind"] == "conv":
        return f"{'norm1' if is_norm else 'conv1'}.{weight}"
    kind = found["kind"].removesuffix("_conv")
    is_block = 2 <= number <= len(BLOCKS) + 1 and kind != "conv"
    return f"blocks.{number - 2}.{kind}{'_norm' if is_norm else ''}.{weight}" if is_block else ""


def _transposed(array: FloatArray, name: str) -> FloatArray:
    """Change the axes of a kernel from TensorFlow's order to PyTorch's; biases stay."""
    if name.endswith("depthwise_kernel") and array.ndim == 4:
        return array.transpose(2, 3, 0, 1)  # (height, width, channels, 1) -> (channels, 1, height, width)
    if array.ndim == 4:
        return array.transpose(3, 2, 0, 1)  # (height, width, inputs, outputs) -> (outputs, inputs, height, width)
    return array.T


def _unsuitable(path: Path, detail: str) -> AudioCourseError:
    return AudioCourseError(f"{path} does not hold YAMNet's weights ({detail}): download {URL}.")
