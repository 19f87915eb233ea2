"""Use every library and every bundled model once: the proof that an installation works.

A version number is not a test: a package that was built against another release of its neighbour has the right number
but does not load. The set-up and ``audiocourse doctor`` run the same list, in a process of its own, because a library
that does not fit may end the process it is loaded into. ``python -m audiocourse.setup.selfcheck`` prints one JSON
object per line.

Standard library only at the top; each check imports what it uses.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from audiocourse.errors import AudioCourseError
from audiocourse.libraries import (
    ROOT,
    cure,
    distribution_name,
    first_broken,
    installed_version,
    reason,
    requirements,
    why_not,
)

TONE_HZ = 440.0
FORMATS = ("FLAC", "OGG", "MP3")
OPTIONAL = {"sounddevice": "Only a microphone without a browser needs it; on Linux: apt install libportaudio2."}
"""Libraries the course does without, and what they are for."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found, and one sentence of advice where there is something to do."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


class WrongResult(AudioCourseError):
    """Everything loads and something comes out that is known to be wrong."""


@dataclass(frozen=True)
class Use:
    """One check: its name, the packages it needs, in the order in which they load, and what it does with the last.

    ``run`` returns what was found, in a few words, and raises if that is wrong; ``advice`` is what to do then, where
    installing the packages again is not it.
    """

    name: str
    packages: tuple[str, ...]
    run: Callable[[], str]
    advice: str = ""


def run(
    python: Path | str = sys.executable,
    *,
    only: Sequence[str] = (),
    on_start: Callable[[str], None] = lambda _: None,
) -> Iterator[Finding]:
    """Run every check in a process of its own.

    Parameters
    ----------
    python : Path or str
        The interpreter of the environment to examine.
    only : sequence of str
        Names of the checks to run; all if empty.
    on_start : callable
        Gets the name of each check before it runs.

    Yields
    ------
    Finding
        One for each check. A check that ends the process is the last one.
    """
    command = [str(python), "-m", "audiocourse.setup.selfcheck", *only]
    environment = {**os.environ, "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"), "HF_HUB_OFFLINE": "1"}
    name = "Python"
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as printed,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=printed, encoding="utf-8"
        ) as child,
    ):
        for line in child.stdout or ():
            message = json.loads(line)
            if "start" in message:
                name = message["start"]
                on_start(name)
            else:
                yield Finding(**message)
        code = child.wait()
        printed.seek(0)
        last = printed.read().strip().splitlines()[-1:]
    if code:  # not every check has run: a library has ended the process, or Python itself could not start it
        detail = f"the process that loads it ended with code {code}" + "".join(f" ({line})" for line in last)
        yield Finding(name, False, detail, "Delete the folder .venv and run `python -m audiocourse lab` again.")


def main(only: Sequence[str]) -> None:
    """Run the checks in this process and print what they found; failed ones do not end it."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints while it loads is not an answer
    for use in uses():
        if only and use.name not in only:
            continue
        print(json.dumps({"start": use.name}), file=answers, flush=True)
        print(json.dumps(asdict(examine(use))), file=answers, flush=True)


def examine(use: Use) -> Finding:
    """Load the packages of a check in turn, then run it."""
    broken = first_broken(use.packages)
    if broken:
        name, error = broken
        if name in OPTIONAL:
            return Finding(use.name, True, f"does not load ({reason(error)})", f"Optional: {OPTIONAL[name]}")
        return Finding(use.name, False, *_two_sentences(why_not(name, error)))
    try:
        detail = use.run()
    except WrongResult as error:
        return Finding(use.name, False, str(error).rstrip("."), use.advice or _sentence(cure(use.packages)))
    except AudioCourseError as error:  # a sentence of the course's own, which ends in what to do
        return Finding(use.name, False, str(error))
    except Exception as error:  # what a foreign library raises when it does not work is its own affair
        broken_use = why_not(use.packages[-1], error, what="does not work")
        return Finding(use.name, False, *_two_sentences(broken_use))
    versions = ", ".join(f"{name} {installed_version(name)}" for name in use.packages)
    return Finding(use.name, True, f"{detail} ({versions})" if detail else versions)


def _two_sentences(sentence: str) -> tuple[str, str]:
    """Part what was found from what to do about it."""
    found, _, advice = sentence.partition("): ")
    return (f"{found})", _sentence(advice)) if advice else (sentence, "")


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


# --- the list ---------------------------------------------------------------------------------------------------------


def uses() -> list[Use]:
    """List the checks: those that use a library, an import for each other requirement, and the bundled models."""
    used = [
        Use("arrays", ("numpy", "scipy"), arrays),
        Use("librosa", ("numba", "soxr", "librosa"), beats),
        Use("networks", ("torch", "torchaudio", "accelerate", "transformers"), networks),
        Use("sound files", ("soundfile",), sound_files),
        Use("espeak-ng", ("espeakng-loader",), speech),
        Use("voice activity", ("webrtcvad-wheels",), voice_activity),
        Use("songs", ("pretty_midi",), songs),
        Use("figures", ("matplotlib",), figures),
    ]
    covered = {name for use in used for name in use.packages}
    names = [distribution_name(text) for text in requirements() if _applies(text)]
    rest = [Use(name, (name,), lambda: "") for name in names if name not in covered]
    restore = "Restore its files: git checkout -- audiocourse/zoo/bundled"
    models = [Use(name, ("torch", "safetensors"), check, restore) for name, check in model_checks().items()]
    return [*used, *rest, *models]


def _applies(requirement: str) -> bool:
    """Whether a requirement counts on this machine."""
    from packaging.requirements import Requirement

    marker = Requirement(requirement).marker
    return marker is None or marker.evaluate()


def arrays() -> str:
    """Filter a tone."""
    import numpy as np
    from scipy.signal import lfilter

    filtered = lfilter([0.5, 0.5], [1.0], np.sin(np.arange(1000) / 5))
    _require(0.9 < float(np.max(filtered)) < 1.0, "a filtered sine has another peak")
    return "a filter filters"


def beats() -> str:
    """Make librosa compile its parts, resample, and find the pitch class of a tone."""
    import librosa
    import librosa.beat
    import librosa.core.audio
    import librosa.core.pitch
    import librosa.util.utils
    import numpy as np

    tone = librosa.resample(_tone(), orig_sr=16_000, target_sr=22_050)
    chroma = librosa.feature.chroma_stft(y=tone, sr=22_050, tuning=0.0).mean(axis=1)
    _require(int(np.argmax(chroma)) == librosa.note_to_midi("A4") % 12, "440 Hz is not an A")
    return "440 Hz is an A"


def networks() -> str:
    """Send a tone through torchaudio, torch and a class of transformers."""
    import torch
    import torchaudio
    from transformers import Wav2Vec2Config, Wav2Vec2ForCTC

    y = torch.from_numpy(_tone())[None]
    mel = torchaudio.transforms.MelSpectrogram(16_000, n_fft=400, n_mels=40)(y)
    _require(bool(torch.isfinite(mel).all()) and float(mel.max()) > 0, "a tone has no mel spectrum")
    config = Wav2Vec2Config(
        vocab_size=8,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        conv_dim=[16],
        conv_kernel=[10],
        conv_stride=[320],
        num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2,
    )
    net = Wav2Vec2ForCTC(config).eval()
    with torch.no_grad():
        logits = net(y).logits
    _require(logits.shape[2] == 8, "a network has another number of outputs")
    return "a network runs on " + ("CUDA or the CPU" if torch.cuda.is_available() else "the CPU")


def sound_files() -> str:
    """Write and read a short sound in each format that needs an encoder; return the formats."""
    import numpy as np
    import soundfile

    tone = _tone()
    for kind in FORMATS:
        file = io.BytesIO()
        soundfile.write(file, tone, 16000, format=kind)
        file.seek(0)
        back, sr = soundfile.read(file)
        _require(sr == 16000 and len(back) >= len(tone) and np.max(np.abs(back)) > 0.05, f"{kind} came back damaged")
    return f"writes and reads {', '.join(FORMATS)}"


def speech() -> str:
    """Make the espeak-ng library say a word; return how long it is."""
    from audiocourse.sounds import say

    spoken = say("ready")
    _require(bool(spoken.y.any()), "it speaks silence")
    return f"speaks ({len(spoken.y) / spoken.sr:.2f} s)"


def voice_activity() -> str:
    """Run WebRTC's detector on speech and on silence."""
    import numpy as np
    import webrtcvad

    from audiocourse.sounds import say

    spoken = (say("one two three four", sr=16_000).y * 32_767).astype("<i2")
    frames = spoken[: len(spoken) // 320 * 320].reshape(-1, 320)
    detector = webrtcvad.Vad(2)
    active = np.mean([detector.is_speech(frame.tobytes(), 16_000) for frame in frames])
    silent = webrtcvad.Vad(2).is_speech(bytes(640), 16_000)
    _require(active > 0.5 and not silent, "speech and silence are not distinguished")
    return "speech is speech, silence is not"


def songs() -> str:
    """Play a note of the SoundFont that pretty_midi brings."""
    from audiocourse.sounds.music.soundfont import tone

    _require(bool(tone(69, program=0, seconds=0.2).any()), "a piano is silent")
    return "a piano plays"


def figures() -> str:
    """Draw a line."""
    from matplotlib.figure import Figure

    figure = Figure()
    figure.add_subplot().plot([0, 1], [0, 1])
    file = io.BytesIO()
    figure.savefig(file, format="png")
    _require(file.getvalue().startswith(b"\x89PNG"), "a figure is not a PNG")
    return "draws"


# --- the bundled models -----------------------------------------------------------------------------------------------


def model_checks() -> dict[str, Callable[[], str]]:
    """List a check for each bundled model: it loads and gives its known output on a known sound."""
    return {
        "vad-mini": vad_mini,
        "digits-mini": digits_mini,
        "events-mini": events_mini,
        "yamnet-mini": yamnet_mini,
        "speaker-mini": speaker_mini,
        "ctc-mini": partial(recogniser, "ctc-mini"),
        "whisper-mini": partial(recogniser, "whisper-mini"),
        "fastspeech-mini": partial(synthesiser, "fastspeech-mini"),
        "hifigan-mini": partial(synthesiser, "fastspeech-mini", vocoder="hifigan-mini"),
        "tacotron-mini": partial(synthesiser, "tacotron-mini"),
        "tacotron2-mini": partial(synthesiser, "tacotron2-mini"),
    }


def synthesiser(name: str, *, vocoder: str = "griffin-lim") -> str:
    """Speak two words: not silence, and neither endless nor cut short."""
    import numpy as np

    from audiocourse.sounds import say
    from audiocourse.tts.synthesis import synthesize

    reference = (say("the teacher opens the door", sr=16_000).y, 16_000) if name == "fastspeech-mini" else None
    y, sr = synthesize("Good morning.", model=name, reference=reference, vocoder=vocoder)
    seconds = y.size / sr
    level = 10 * np.log10(np.mean(y**2))
    _require(0.4 < seconds < 4 and level > -50, f"{name} speaks for {seconds:.1f} s at {level:.0f} dB")
    return "says 'Good morning.'"


def vad_mini() -> str:
    """Tell a word from the silence before it."""
    import numpy as np

    from audiocourse.classify.vad.model import neural_score
    from audiocourse.sounds import say

    word = say("the teacher opens the door", sr=16_000).y
    score = neural_score(np.concatenate([np.zeros(16_000, np.float32), word]), 16_000, model=_model("vad-mini"))
    silence = score[10:45]
    spoken = score[60 : 50 + len(word) // 320]
    _require(float(silence.max()) < 0 < float(np.median(spoken)), "vad-mini takes silence for speech")
    return "finds a sentence after a second of silence"


def digits_mini() -> str:
    """Recognise a digit."""
    from audiocourse.classify.digits.model import digit_probabilities
    from audiocourse.sounds import say

    probabilities = digit_probabilities(say("two", sr=8_000).y, 8_000, model=_model("digits-mini"))
    _require(int(probabilities.argmax()) == 2, f"digits-mini takes 'two' for {probabilities.argmax()}")
    return "recognises 'two'"


def events_mini() -> str:
    """Find breaking glass after a second of soft noise, and nothing before it."""
    import numpy as np

    from audiocourse.classify.events.model import detect_events
    from audiocourse.sounds import event

    glass = event("glass_break", rng=np.random.default_rng(1)).y
    y = 3e-3 * np.random.default_rng(1).standard_normal(16_000 + glass.size).astype(np.float32)
    y[16_000:] += glass
    found = detect_events(y, 16_000, model=_model("events-mini"))
    kinds = [interval.label for interval in found]
    _require(kinds == ["glass_break"], f"events-mini finds {', '.join(kinds) or 'nothing'} where glass breaks")
    _require(abs(found[0].start - 1) < 0.2, f"events-mini finds glass at {found[0].start:.2f} s, but it breaks at 1 s")
    return "finds breaking glass after a second of noise"


def yamnet_mini() -> str:
    """Tag a patch with the sound that is in it."""
    import numpy as np

    from audiocourse.classify.yamnet.model import tag
    from audiocourse.sounds import event

    model = _model("yamnet-mini")
    bell = event("doorbell", rng=np.random.default_rng(2))
    best = model.config.classes[int(tag(bell.y, bell.sr, model=model)[0].argmax())]
    _require(best == "doorbell", f"yamnet-mini takes a doorbell for {best}")
    return "tags a doorbell"


def speaker_mini() -> str:
    """Accept a speaker who says something else, and reject another one."""
    from audiocourse.classify.speakers.model import embed
    from audiocourse.sounds import speaker

    model = _model("speaker-mini")
    texts = ("the teacher opens the door", "there is fresh bread on the table")
    first, same, other = (
        embed(speaker(name, "en").say(text, sr=16_000).y, 16_000, model=model)
        for name, text in (("dove-1", texts[0]), ("dove-1", texts[1]), ("bunting-1", texts[1]))
    )
    _require(first @ same >= model.config.threshold, f"speaker-mini rejects one voice ({first @ same:.2f})")
    _require(first @ other < model.config.threshold, f"speaker-mini takes two voices for one ({first @ other:.2f})")
    return "tells two voices apart"


def recogniser(name: str) -> str:
    """Recognise a sentence that is not in the training data, word by word."""
    import numpy as np

    from audiocourse.asr.utterances import SR, utterance

    spoken = utterance(np.random.default_rng([31, 3]), language="en", split="test")
    text = _recognisers()[name](spoken.y, SR)
    _require(text == spoken.text, f"{name} writes {text!r} for {spoken.text!r}")
    return f"writes {text!r}"


def _recognisers() -> dict[str, Callable[[Any, int], str]]:
    from audiocourse import zoo
    from audiocourse.asr.ctc.recogniser import CtcRecogniser
    from audiocourse.asr.whisper.published import Whisper, transcribe

    return {
        "ctc-mini": lambda y, sr: CtcRecogniser(_model("ctc-mini")).text(y, sr),
        "whisper-mini": lambda y, sr: transcribe(y, sr, whisper=Whisper.of(zoo.load("whisper-mini"))).text,
    }


def _model(name: str) -> Any:
    """Load the network of a bundled model."""
    from audiocourse import zoo

    return zoo.load(name).model


def _tone() -> Any:
    """Make a second of a 440 Hz tone at 16 kHz, peak 0.1."""
    import numpy as np

    return (0.1 * np.sin(2 * np.pi * TONE_HZ * np.arange(16_000) / 16_000)).astype(np.float32)


def _require(true: bool, otherwise: str) -> None:
    if not true:
        raise WrongResult(otherwise)


if __name__ == "__main__":
    main(sys.argv[1:])
