"""Consent: a voice is cloned only after its owner has read a phrase aloud that no old recording can hold.

The phrase ends in three random code words. A recogniser does not need to transcribe it, which a small one cannot do
for an unknown voice; it only has to find it more likely than phrases in which one
code word is another. The voice must be that
of the reference recording.

What this cannot do: it does not recognise a recording in which the phrase itself was synthesised in the victim's voice
by another program, and it is no contract.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
from pydantic.dataclasses import dataclass as pydantic_dataclass

from audiocourse.atomic import write_atomically
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_mono, require_positive, require_rng
from audiocourse.signal import FloatArray
from audiocourse.sounds.data_files import STRICT, read_toml

CODE_WORDS = 3  # 24 · 23 · 22 = 12 144 phrases
MIN_MARGIN = 2.0  # nats, for the CTC likelihoods of chapter 2
MIN_SIMILARITY = 0.6  # of `similarity.similarity`
SHORTEST_SECONDS = 1.5  # no one reads the phrase faster
QUIET = 1e-3  # of full scale: a recording whose peak is lower is silence

PhraseScores = Callable[[FloatArray, int, Sequence[str]], Sequence[float] | FloatArray]
Similarity = Callable[[FloatArray, FloatArray, int], float]


@pydantic_dataclass(frozen=True, config=STRICT)
class _Phrases:
    """The content of ``consent.toml``."""

    statement: str
    words: list[str]


@dataclass(frozen=True)
class Consent:
    """The record that a speaker has agreed: what was read and when, how sure it is, and of which recording.

    Parameters
    ----------
    phrase : str
        What was read.
    time : str
        When it was checked, in UTC.
    margin : float
        See `phrase_margin`, in nats.
    similarity : float
        How similar the voice is to the reference.
    sha256 : str
        Fingerprint of the samples of the reference, the only recording from which the voice may be cloned.

    Notebook: 03e_cloning
    """

    phrase: str
    time: str
    margin: float
    similarity: float
    sha256: str

    def covers(self, reference: FloatArray) -> bool:
        """Return whether this very recording is the one that the consent is for, (samples,) -> bool."""
        return self.sha256 == fingerprint(reference)

    def save(self, path: Path) -> None:
        """Write it as JSON; in ``work/recordings/`` it is deleted together with the recordings."""
        write_atomically(path, json.dumps(asdict(self), indent=1) + "\n")


def consent_phrase(rng: np.random.Generator) -> str:
    """Draw a phrase to read aloud: a statement, then three different code words.

    Parameters
    ----------
    rng : np.random.Generator
        Seeded with something that no one can predict, ``np.random.default_rng()``, so that the phrase is new.

    Returns
    -------
    str
        One of 12 144.

    Raises
    ------
    AudioCourseError
        If rng is not a generator.

    Examples
    --------
    >>> consent_phrase(np.random.default_rng(1))
    'I agree that this course clones my voice. Basket, window, hammer.'

    Notebook: 03e_cloning
    """
    words = require_rng(rng).permutation(_phrases().words)[:CODE_WORDS]
    return _phrase(words.tolist())


def decoy_phrases(phrase: str) -> list[str]:
    """List the phrases that differ from this one in a single code word.

    A recording of the phrase is less like most of them. Decoys in which all three words are others are the weaker test:
    against 19 of those, one in ten recordings of other speech passed, whatever the margin.

    Parameters
    ----------
    phrase : str
        From `consent_phrase`.

    Returns
    -------
    list of str
        3 · 21 phrases: those with another first word, then those with another second, then third.

    Raises
    ------
    AudioCourseError
        If the phrase is not one of `consent_phrase`.

    Examples
    --------
    >>> decoys = decoy_phrases(consent_phrase(np.random.default_rng(1)))
    >>> len(set(decoys)), decoys[0]
    (63, 'I agree that this course clones my voice. Anchor, window, hammer.')

    Notebook: 03e_cloning
    """
    words = _code_words(phrase)
    others = sorted(set(_phrases().words) - set(words))
    return [_phrase([*words[:place], other, *words[place + 1 :]]) for place in range(CODE_WORDS) for other in others]


def phrase_margin(phrase_score: float, decoy_scores: FloatArray) -> float:
    """Measure how much more likely each code word is than the likeliest other word at its place, on average.

    Λ = (1 / 3) Σ_i (log p(y | phrase) − max_j log p(y | phrase with word j at place i)). Voice, room and statement are
    common to all, so they cancel. A recogniser that mistakes one word still leaves two that speak for the phrase, while
    for speech that has nothing to do with it, each of the three is one of 22 that fit equally badly.

    Parameters
    ----------
    phrase_score : float
        log p(y | phrase) in nats.
    decoy_scores : np.ndarray [shape=(places, words)]
        log p(y | decoy) in nats.

    Returns
    -------
    float
        Λ in nats.

    Raises
    ------
    AudioCourseError
        If a score is NaN, or there is no decoy.

    Examples
    --------
    >>> phrase_margin(-100.0, np.array([[-130.0, -112.0], [-98.0, -140.0]]))
    5.0

    Source: A. Higgins, L. Bahler and J. Porter, Speaker verification using randomized phrase prompting, Digital Signal
    Processing 1, 1991.

    Notebook: 03e_cloning
    """
    if decoy_scores.ndim != 2 or decoy_scores.size == 0 or np.isnan([phrase_score, decoy_scores.min()]).any():
        raise AudioCourseError(
            "The scores hold NaN, or are not one row for each code word: look at what the recogniser returns."
        )
    return float(np.mean(phrase_score - decoy_scores.max(axis=1)))


def require_consent(
    y: FloatArray,
    sr: int,
    phrase: str,
    *,
    reference: FloatArray,
    phrase_scores: PhraseScores,
    similarity: Similarity,
    min_margin: float = MIN_MARGIN,
    min_similarity: float = MIN_SIMILARITY,
) -> Consent:
    """Check that the phrase was read, and by the speaker of the reference; otherwise refuse.

    Accepted if Λ ≥ min_margin (`phrase_margin` over `decoy_phrases`) and similarity(y, reference) ≥ min_similarity.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Recording of the phrase, mono, at least 1.5 s.
    sr : int
        Samples per second, of both recordings.
    phrase : str
        From `consent_phrase`, drawn for this recording.
    reference : np.ndarray [shape=(samples,)]
        The recording from which the voice will be cloned.
    phrase_scores : callable
        (y, sr, texts) -> log p(y | text) of each text in nats, such as the CTC likelihood of chapter 2.
    similarity : callable
        (y, reference, sr) -> float, such as `similarity.voice_similarity`.
    min_margin, min_similarity : float
        What is enough, chosen on development data for these recognisers.

    Returns
    -------
    Consent
        The record.

    Raises
    ------
    AudioCourseError
        If a recording is not mono, not finite, too short or silent; the phrase was not read; or another voice read it.

    Notebook: 03e_cloning
    """
    candidates = [phrase, *decoy_phrases(phrase)]
    _require_recording(y, sr, "phrase")
    _require_recording(reference, sr, "reference")
    scores = np.asarray(phrase_scores(y, sr, candidates), dtype=np.float64)  # (1 + 63,)
    if np.isneginf(scores).any():
        raise AudioCourseError(
            f"The recording lasts {y.size / sr:.1f} s, too short to hold the phrase: read all of it aloud: {phrase}"
        )
    margin = phrase_margin(float(scores[0]), scores[1:].reshape(CODE_WORDS, -1))
    if not margin >= min_margin:
        raise AudioCourseError(
            f"The recording does not hold the phrase ({margin:.1f} nats above other words, {min_margin:g} are "
            f"needed): read aloud, without a pause of more than a second: {phrase}"
        )
    alike = float(similarity(y, reference, sr))
    if not alike >= min_similarity:
        raise AudioCourseError(
            f"The voice that read the phrase is not that of the reference (similarity {alike:.2f}, at least "
            f"{min_similarity:g} is needed): only the owner of a voice can agree; use the same microphone for both."
        )
    time = datetime.now(UTC).isoformat(timespec="seconds")
    return Consent(phrase, time, round(margin, 2), round(alike, 3), fingerprint(reference))


def fingerprint(y: FloatArray) -> str:
    """Return the SHA-256 hash of the samples as float32, (samples,) -> 64 hexadecimal digits."""
    return hashlib.sha256(np.ascontiguousarray(y, dtype="<f4").tobytes()).hexdigest()


@cache
def _phrases() -> _Phrases:
    return read_toml(Path(__file__).with_name("consent.toml"), _Phrases)


def _phrase(words: Sequence[str]) -> str:
    return f"{_phrases().statement} {', '.join(words).capitalize()}."


def _code_words(phrase: str) -> list[str]:
    """Read the code words of a phrase, or refuse it."""
    statement, words = _phrases().statement, _phrases().words
    found = phrase.removeprefix(f"{statement} ").lower().rstrip(".").split(", ") if isinstance(phrase, str) else []
    if len(found) != CODE_WORDS or not set(found) <= set(words):
        raise AudioCourseError(f"{phrase!r} is not a consent phrase: draw one with consent_phrase(rng).")
    return found


def _require_recording(y: FloatArray, sr: int, name: str) -> None:
    require_mono(y)
    require_positive(sr=sr)
    if y.size < SHORTEST_SECONDS * sr:
        raise AudioCourseError(
            f"The recording of the {name} lasts {y.size / sr:.1f} s, but {SHORTEST_SECONDS:g} s are needed: record it "
            "again."
        )
    if np.abs(y).max() < QUIET:
        raise AudioCourseError(f"The recording of the {name} is silent: check the microphone and record it again.")
