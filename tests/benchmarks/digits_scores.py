"""The score board of spoken digits: made speech, a second synthesiser, and real recordings (see `LAYOUT`).

The last choices of the recipe of `digits-mini` were made on the two speakers in `LOOKED_AT`. The others are not wholly
unseen: the first drafts were judged on all four.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from audiocourse import zoo
from audiocourse.classify.clips import training_digit
from audiocourse.classify.digits.model import DIGITS, SR, digit_frames, digit_probabilities, spoken_part
from audiocourse.signal import FloatArray, read, resample

LAYOUT = "fsdd/: the Free Spoken Digit Dataset, files such as 7_jackson_32.wav (8 kHz): digit, speaker, number"
LOOKED_AT = ("jackson", "yweweler")
FLITE_VOICES = ("slt", "rms", "awb", "kal")
STRETCHES = (1.0, 1.2, 1.4, 1.6)
EARLIER = 0.789  # a network of 173 thousand weights, learned from espeak-ng only, on all six speakers: 3000 takes
Recogniser = Callable[[Sequence[FloatArray]], list[int]]


@dataclass(frozen=True, eq=False)
class Word:
    """A spoken digit at 8 kHz, which one it is, and who says it."""

    y: FloatArray
    digit: int
    who: str


def tables(data: Path | None) -> Iterator[str]:
    """Yield the table; what is not there is left out of it with a sentence.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    """
    sets = {"made speech (espeak-ng), unseen voices": made_words(500)}
    sentences = []
    if shutil.which("flite"):
        words = flite_words()
        sets |= {f"flite, {voice}": [one for one in words if one.who == voice] for voice in FLITE_VOICES}
    else:
        sentences.append("A second synthesiser is not measured: the command flite is not installed.")
    if data is not None and any((data / "fsdd").glob("?_*_*.wav")):
        sets |= real_sets(read_fsdd(data / "fsdd"))
    else:
        sentences.append(f"Real digits are measured with --data DIR, with {LAYOUT}.")
    yield "\n".join([*digit_table(sets), *sentences])


def digit_table(sets: dict[str, list[Word]]) -> list[str]:
    """Measure the share of digits that each recogniser gets right."""
    recognisers = {"digits-mini": network, "regression": baseline}
    lines = ["Spoken digits, share right; both recognisers have learned from made speech (espeak-ng) only"]
    lines.append(f"{'':<42} {'digits':>6} " + " ".join(f"{name:>11}" for name in recognisers))
    for name, words in sets.items():
        shares = (share_right(recognise, words) for recognise in recognisers.values())
        lines.append(f"{name:<42} {len(words):6d} " + " ".join(f"{share:11.3f}" for share in shares))
    return [*lines, f"{'(an earlier network) real, six speakers':<42} {3000:6d} {EARLIER:11.3f}"]


def share_right(recognise: Recogniser, words: Sequence[Word]) -> float:
    """Return how many of the words are recognised, from 0 to 1."""
    return float(np.mean(np.array(recognise([word.y for word in words])) == [word.digit for word in words]))


def network(sounds: Sequence[FloatArray]) -> list[int]:
    """Recognise digits with `digits-mini`."""
    net = zoo.load("digits-mini").model
    return [int(np.argmax(digit_probabilities(y, SR, model=net))) for y in sounds]


def baseline(sounds: Sequence[FloatArray]) -> list[int]:
    """Recognise digits with a logistic regression on the network's own pictures, in steps of 50 ms."""
    return [int(digit) for digit in _regression().predict(np.stack([_coarse(y) for y in sounds]))]


@cache
def _regression() -> LogisticRegression:
    words = made_words(1_000, split="train")
    coarse = np.stack([_coarse(word.y) for word in words])
    return LogisticRegression(C=0.01, max_iter=500).fit(coarse, [word.digit for word in words])


def _coarse(y: FloatArray) -> FloatArray:
    picture = digit_frames(spoken_part(y))
    return picture.reshape(len(picture), -1, 4).mean(axis=2).ravel()


def made_words(count: int, *, split: str = "test") -> list[Word]:
    """Make digits with the recipe's own synthesiser, of voices that it held out."""
    made = (training_digit(rng=np.random.default_rng([11, number]), split=split) for number in range(count))
    return [Word(y, digit, split) for y, digit in made]


def flite_words() -> list[Word]:
    """Let flite say each digit with each voice, at four rates: a synthesiser that no training has heard."""
    words = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "word.wav")
        for voice, stretch, digit in product(FLITE_VOICES, STRETCHES, range(10)):
            rate = ["--setf", f"duration_stretch={stretch}"]
            command = ["flite", "-voice", voice, *rate, "-t", DIGITS[digit], "-o", str(path)]
            subprocess.run(command, check=True, capture_output=True)
            clip = read(path)
            words.append(Word(resample(clip.y, clip.sr, SR), digit, voice))
    return words


def read_fsdd(folder: Path) -> list[Word]:
    """Read all takes; digit and speaker stand in the name of the file."""
    words = []
    for path in sorted(folder.glob("?_*_*.wav")):
        digit, who, _ = path.stem.split("_")
        words.append(Word(read(path).y, int(digit), who))
    return words


def real_sets(words: list[Word]) -> dict[str, list[Word]]:
    """Sort real takes: each speaker, those that the recipe was chosen on, the others, all."""
    people = sorted({word.who for word in words})
    groups = {f"real, {who}": (who,) for who in people}
    groups["real, last choices made on them"] = tuple(who for who in people if who in LOOKED_AT)
    groups["real, first drafts only"] = tuple(who for who in people if who not in LOOKED_AT)
    groups["real, all"] = tuple(people)
    sets = {name: [word for word in words if word.who in group] for name, group in groups.items()}
    return {name: chosen for name, chosen in sets.items() if chosen}
