"""The espeak-ng library, called directly: text in, 16-bit samples and events out.

The library comes in the wheel ``espeakng-loader`` and is licensed under the GPL-3. It keeps its state in global
variables, so its output depends on all previous calls, down to the number of samples. `synthesize` therefore loads it
anew for each utterance, seeds its two random generators and unloads it again (1.5 ms in all), so that the samples
depend on the arguments alone. That holds as long as nothing else in the process has loaded the same file.

It does so in a thread of its own, because Ctrl-C and time limits reach the main thread only. In the main thread they
would leave the library loaded, or vanish in its callback, where an exception is printed and forgotten.

Source: espeak-ng 1.52, ``speak_lib.h`` and ``espeak_ng.h``.
"""

import ctypes
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiocourse.errors import AudioCourseError

SAMPLE_RATE = 22_050
WORD = "word"
PHONEME = "phoneme"
END = "end"

_KINDS = {1: WORD, 5: END, 7: PHONEME}
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: hand the samples over, play nothing, start no thread
_OPTIONS = 0x0001 | 0x0002 | 0x8000  # phoneme events, as IPA, and return instead of exit() when the data are missing
_UTF8 = 0x01
_SSML = 0x10
_POSITION_IN_CHARACTERS = 1
_RATE = 1
_VOLUME = 2
_PITCH = 3
_RANGE = 4
_LONGEST_PATH = 150  # bytes: the library keeps the path of its data in 160, file names included it cuts off the rest
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class EspeakEvent:
    """An event of an utterance.

    Parameters
    ----------
    kind : str
        WORD, PHONEME, or END of a clause.
    sample : int
        Where it begins, in samples of 22050 Hz.
    position, length : int
        Where in the text: the first character, counted from 1, and for a word its length.
    name : str
        Of a phoneme: in IPA, with its stress mark; empty for a pause.
    """

    kind: str
    sample: int
    position: int
    length: int
    name: str


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Samples = ctypes.POINTER(ctypes.c_short)
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, _Samples, ctypes.c_int, ctypes.POINTER(_Event))


def synthesize(
    text: str, *, voice: str, seed: int, rate: int, pitch: int, pitch_range: int, volume: int, ssml: bool
) -> tuple[NDArray[np.int16], list[EspeakEvent]]:
    """Synthesise a text with arguments that `say` has checked: int16 samples at 22050 Hz, and the events in order.

    Samples and events are a function of the arguments alone. Rate is in words per minute, pitch and range are 0–99,
    volume is 0–200 (100 is normal).
    """
    settings = {_RATE: rate, _PITCH: pitch, _RANGE: pitch_range, _VOLUME: volume}
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_synthesize, text, voice, seed, settings, ssml=ssml).result()


def _synthesize(
    text: str, voice: str, seed: int, settings: Mapping[int, int], *, ssml: bool
) -> tuple[NDArray[np.int16], list[EspeakEvent]]:
    """Do what `synthesize` says; it must not be interrupted."""
    with _loaded() as library:
        _reseed(library, seed)
        library.espeak_SetVoiceByName(voice.encode())
        for parameter, value in settings.items():
            library.espeak_SetParameter(parameter, value, 0)
        pcm, events = _speak(library, text, ssml=ssml)
        if any(pcm[begin:end].any() for begin, end in _without_name(events)):
            library.espeak_ng_SetPhonemeEvents(1, 0)  # from now on with espeak-ng's own names instead of IPA
            events = _keep_pauses(events, _speak(library, text, ssml=ssml)[1])
    return pcm, events


@cache
def voice_languages() -> dict[str, tuple[str, ...]]:
    """List the voices, each with the codes of the languages it speaks, sorted.

    Their names are those of the voice files, in lower case: only to these does the library attach a variant. Voices
    whose pronunciation dictionary the wheel lacks are left out.

    Examples
    --------
    >>> voice_languages()["en-us"]
    ('en-us', 'en')
    """
    data = _paths()[1]
    voices = {}
    for file in sorted(path for path in (data / "lang").rglob("*") if path.is_file()):
        fields = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        dictionary = next((field[1] for field in fields if field[0] == "dictionary"), file.name.partition("-")[0])
        if (data / f"{dictionary}_dict").is_file():
            codes = [field[1].lower() for field in fields if field[0] == "language"]
            voices[file.name.lower()] = tuple(codes)
    return dict(sorted(voices.items()))


@cache
def variant_names() -> tuple[str, ...]:
    """List the variants, sorted: files that change the sex, age, breath and formants of any voice."""
    return tuple(sorted(path.name for path in (_paths()[1] / "voices" / "!v").iterdir() if path.is_file()))


def _speak(library: ctypes.CDLL, text: str, *, ssml: bool) -> tuple[NDArray[np.int16], list[EspeakEvent]]:
    """Synthesise with the current settings of the library, and collect its output."""
    samples: list[bytes] = []
    events: list[EspeakEvent] = []

    def collect(wave: "ctypes._Pointer[ctypes.c_short]", count: int, batch: "ctypes._Pointer[_Event]") -> int:
        if count > 0:
            samples.append(ctypes.string_at(wave, 2 * count))
        events.extend(_read(batch))
        return 0

    callback = _Callback(collect)  # a name of its own: it must live as long as C can call it
    library.espeak_SetSynthCallback(callback)
    data = text.encode()
    flags = _UTF8 | (_SSML if ssml else 0)
    library.espeak_Synth(data, len(data) + 1, 0, _POSITION_IN_CHARACTERS, 0, flags, None, None)
    library.espeak_Synchronize()
    return np.frombuffer(b"".join(samples), dtype=np.int16), events


def _without_name(events: Sequence[EspeakEvent]) -> Iterator[tuple[int, int]]:
    """Find where phonemes without a name in IPA begin and end, across the beginning of the next word."""
    for event, following in pairwise(event for event in events if event.kind != WORD):
        if event.kind == PHONEME and not event.name:
            yield event.sample, following.sample


def _keep_pauses(events: Sequence[EspeakEvent], plain: Sequence[EspeakEvent]) -> list[EspeakEvent]:
    """Of the phonemes without a name in IPA keep the pauses, such as "_:" in espeak-ng's own names.

    The others are glides from vowel to vowel, as in "early April" (";"): they sound, and belong to the phone before.
    """
    return [
        event
        for event, other in zip(events, plain, strict=True)
        if event.kind != PHONEME or event.name or other.name.startswith("_")
    ]


def _read(batch: "ctypes._Pointer[_Event]") -> Iterator[EspeakEvent]:
    """Convert the library's events, up to the one of type 0 that ends the list."""
    index = 0
    while (event := batch[index]).type:
        kind = _KINDS.get(event.type)
        if kind is not None:
            # a name that needs more than 8 bytes is cut, possibly inside a character
            name = event.id.string.decode(errors="ignore") if kind == PHONEME else ""
            yield EspeakEvent(kind, event.sample, event.text_position, event.length, name)
        index += 1


@contextmanager
def _loaded() -> Iterator[ctypes.CDLL]:
    """Load a fresh copy of the library, and unload it with its state."""
    file, data = _paths()
    with _ONE_AT_A_TIME, _short(data) as folder:
        try:
            library = ctypes.CDLL(str(file))
        except OSError as error:
            raise AudioCourseError(_missing(f"{file.name} does not load")) from error
        try:
            _declare(library)
            if library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(folder), _OPTIONS) != SAMPLE_RATE:
                raise AudioCourseError(
                    f"espeak-ng cannot read its voices in {data}: install the wheel espeakng-loader again, or, if that "
                    f"path has more than {_LONGEST_PATH} characters, move the course to a shorter one."
                )
            yield library
            library.espeak_Terminate()
        finally:
            _unload(library)


def _declare(library: ctypes.CDLL) -> None:
    """Tell ctypes the types of speak_lib.h: by default it would cut pointers to 32 bits on some systems."""
    c_int = ctypes.c_int
    c_uint = ctypes.c_uint
    text = ctypes.c_char_p
    signatures = {
        "espeak_Initialize": (c_int, c_int, text, c_int),
        "espeak_ng_SetRandSeed": (ctypes.c_long,),
        "espeak_ng_SetPhonemeEvents": (c_int, c_int),
        "espeak_SetSynthCallback": (_Callback,),
        "espeak_SetVoiceByName": (text,),
        "espeak_SetParameter": (c_int, c_int, c_int),
        "espeak_Synth": (text, ctypes.c_size_t, c_uint, c_int, c_uint, c_uint, ctypes.POINTER(c_uint), ctypes.c_void_p),
        "espeak_Synchronize": (),
        "espeak_Terminate": (),
    }
    for name, argtypes in signatures.items():
        function = getattr(library, name)
        function.argtypes = argtypes
        function.restype = None if name == "espeak_SetSynthCallback" else c_int
        if name not in ("espeak_Initialize", "espeak_SetSynthCallback"):
            function.errcheck = _refuse_failure


def _refuse_failure(status: int, function: object, arguments: tuple[object, ...]) -> int:
    """Turn a status other than 0 into a sentence (ctypes calls this after each call)."""
    if status != 0:
        name = getattr(function, "__name__", "a call")
        raise AudioCourseError(
            f"espeak-ng reports error {status} in {name}{arguments}: please report it with the text."
        )
    return status


def _reseed(library: ctypes.CDLL, seed: int) -> None:
    """Seed both generators: the library's own, and C's rand(), from which voices on "klatt 6" draw their breath."""
    library.espeak_ng_SetRandSeed(seed)
    # elsewhere than on Windows the names that a library depends on are found through it
    c_library = ctypes.CDLL("ucrtbase") if sys.platform == "win32" else library
    c_library.srand.argtypes = (ctypes.c_uint,)
    c_library.srand.restype = None
    c_library.srand(seed)


def _unload(library: ctypes.CDLL) -> None:
    """Drop the library from the process, with its global variables."""
    import _ctypes

    if sys.platform == "win32":
        _ctypes.FreeLibrary(library._handle)
    else:
        _ctypes.dlclose(library._handle)


@contextmanager
def _short(folder: Path) -> Iterator[Path]:
    """Give a folder a short path temporarily, if its own is longer than the library can hold."""
    if len(os.fsencode(folder)) <= _LONGEST_PATH:
        yield folder
        return
    with tempfile.TemporaryDirectory() as short:
        link = Path(short, "data")
        try:
            link.symlink_to(folder, target_is_directory=True)
        except OSError:  # Windows allows links to some users only; its own limit is 230, so the long path may do
            link = folder
        yield link


def _paths() -> tuple[Path, Path]:
    """Find the library and the folder of its data inside the wheel."""
    try:
        import espeakng_loader
    except ImportError as error:
        raise AudioCourseError(_missing("it is not installed")) from error
    file = Path(espeakng_loader.get_library_path())
    data = Path(espeakng_loader.__file__).parent / "espeak-ng-data"
    if not file.is_file() or not data.is_dir():
        raise AudioCourseError(_missing(f"{file.parent} is incomplete"))
    return file, data


def _missing(why: str) -> str:
    """Write the message that the library is missing, and how to reinstall it."""
    return (
        f"The speech library espeak-ng cannot be used because {why}: reinstall it with `{sys.executable} -m pip "
        'install --force-reinstall "espeakng-loader>=0.2.4"`, and see with `audiocourse doctor` whether it speaks.'
    )
