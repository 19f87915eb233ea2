"""A model of Coqui TTS (Tacotron 2, VITS, YourTTS, XTTS, …) from a folder, behind the door of this chapter.

The original package TTS is no longer maintained; its fork is installed as ``coqui-tts`` and imported as ``TTS``. It
brings some forty packages, one of which (docopt) has to be built, so the lock leaves it out: ``pip install
'audiocourse[coqui]'`` adds it, best in an environment of its own. Models can be large and have licences of their own
(that of XTTS forbids commercial use).
"""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.libraries import reason
from audiocourse.require import require_mono, require_seed
from audiocourse.signal import FloatArray, write
from audiocourse.zoo import seeded

_CONFIG = "config.json"
_SHORTEST = 0.5  # seconds of reference audio


def synthesize(
    text: str,
    *,
    model_folder: str | Path,
    speaker: str | None = None,
    language: str | None = None,
    reference: tuple[FloatArray, int] | None = None,
    seed: int = 0,
) -> tuple[FloatArray, int]:
    """Read a text with a model of Coqui TTS.

    Parameters
    ----------
    text : str
        In the language of the model, which brings its own text normalisation.
    model_folder : str or Path
        A folder with ``config.json`` and one checkpoint (``*.pth``), as `tts --model_name …` downloads it. A checkpoint
        is a pickle: load only those whose origin you trust.
    speaker, language : str, optional
        One of the model's speakers and languages, where it has several.
    reference : (np.ndarray [shape=(samples,)], int), optional
        A recording of the voice to clone and its rate, for models that clone. Ask its owner first.
    seed : int
        Of the model's dropout and noise.

    Returns
    -------
    y : np.ndarray [shape=(samples,)]
        float32 in [-1, 1].
    sr : int
        The rate of the model.

    Raises
    ------
    AudioCourseError
        If coqui-tts is not installed, the folder holds no model, the model cannot do what is asked, or it would drop a
        character of the text.

    Source: E. Gölge et al., Coqui TTS, 2021, https://github.com/idiap/coqui-ai-TTS.

    Notebook: 03e_cloning
    """
    if not isinstance(text, str) or not any(character.isalnum() for character in text):
        raise AudioCourseError(f"There is nothing to say in {text!r}: pass at least one word.")
    model = _load(_require_folder(model_folder))
    if reference is not None:
        _require_reference(reference, model)
    tokenizer = getattr(model.synthesizer.tts_model, "tokenizer", None)
    if tokenizer is not None:
        tokenizer.not_found_characters.clear()
    with seeded(require_seed(seed)), tempfile.TemporaryDirectory() as folder:
        path = str(write(Path(folder) / "reference.wav", *reference)) if reference else None
        try:
            samples = model.tts(text, speaker=speaker, language=language, speaker_wav=path)
        except Exception as error:
            raise AudioCourseError(f"The model cannot say that ({reason(error)}): check its options.") from error
    if tokenizer is not None and tokenizer.not_found_characters:
        dropped = ", ".join(map(repr, tokenizer.not_found_characters[:5]))
        raise AudioCourseError(f"The model has no sign for {dropped} and left it out: spell it in letters it knows.")
    y = np.clip(np.asarray(samples, dtype=np.float32), -1, 1)  # Griffin-Lim can overshoot a little
    return y, int(model.synthesizer.output_sample_rate)


@lru_cache(maxsize=1)
def _load(folder: Path) -> Any:
    """Load a model; the latest one is kept."""
    try:
        from TTS.api import TTS
    except Exception as error:  # beside a library that does not fit it raises RuntimeError, AttributeError, …
        raise AudioCourseError(
            f"Coqui TTS does not load ({reason(error)}): run `pip install -e '.[coqui]'` in the clone "
            "of this course, best in an environment of its own."
        ) from error
    (checkpoint,) = folder.glob("*.pth")
    try:
        return TTS(model_path=str(checkpoint), config_path=str(folder / _CONFIG), progress_bar=False)
    except Exception as error:
        raise AudioCourseError(
            f"The model in {folder} cannot be loaded ({reason(error)}): check that its files belong together."
        ) from error


def _require_folder(model_folder: str | Path) -> Path:
    """Refuse the name of a model, and a folder without exactly one checkpoint."""
    folder = Path(model_folder)
    if not folder.is_dir():
        raise AudioCourseError(
            f"There is no folder {folder}: download a model first, for example with `tts --model_name "
            "tts_models/en/ljspeech/tacotron2-DDC --text hello`, and pass its folder."
        )
    checkpoints = list(folder.glob("*.pth"))
    if not (folder / _CONFIG).is_file() or len(checkpoints) != 1:
        raise AudioCourseError(
            f"{folder} holds {len(checkpoints)} checkpoints (*.pth) and "
            f"{'a' if (folder / _CONFIG).is_file() else 'no'} {_CONFIG}, but one of each is needed."
        )
    return folder.resolve()


def _require_reference(reference: tuple[FloatArray, int], model: Any) -> None:
    """Refuse a recording that is too short, and one for a model that would ignore it."""
    y, sr = reference
    require_mono(y)
    if y.size < _SHORTEST * sr:
        raise AudioCourseError(
            f"The reference lasts {y.size / sr:.2f} s, too short to clone: pass at least {_SHORTEST} s."
        )
    network = model.synthesizer.tts_model
    if not network.config.supports_cloning:
        raise AudioCourseError(
            f"A {network.config.model} without a speaker encoder cannot clone a voice: leave out reference, or load "
            "YourTTS or XTTS."
        )
