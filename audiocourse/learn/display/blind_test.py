"""A blind listening test in a notebook: what the course says one hears, a student can test.

The kernel holds the order. The page gets the samples of one trial at a time, each sound with noise and a gain of its
own, so that neither the page's source nor the bytes say which one X is.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from audiocourse.learn.display.html import escape, put
from audiocourse.learn.display.listen import compare, stimuli_of
from audiocourse.learn.display.widget import can_interact, widget
from audiocourse.learn.listening.designs import DESIGNS, REFERENCE_KEY, Design, Identification, with_anchor
from audiocourse.learn.listening.results import Kind, note_result
from audiocourse.require import require_between, require_choice, require_positive
from audiocourse.signal import FloatArray

FULL_SCALE = 32767  # of 16 bits
MAX_GAIN_DB = 0.05  # a tenth of what anyone hears
SIMULATED_SEED = 0


def blind_test(
    sounds: Mapping[str, FloatArray],
    sr: int,
    *,
    kind: Kind = "abx",
    question: str = "",
    trials: int | None = None,
    equal_loudness: bool = True,
    hears: float = 0.8,
) -> None:
    """Test by ear what the course claims: in a hidden random order, with a result that says what chance would give.

    A kernel that a student works in shows the test; its result is kept in ``work/listening_tests.json`` and handed in
    with the notebook. Elsewhere (tests, CI, stored notebooks, static pages) a simulated listener takes it, which the
    output says.

    Parameters
    ----------
    sounds : Mapping[str, np.ndarray [shape=(samples,) or (channels, samples)]]
        ``abx`` and ``preference``: two sounds. ``staircase``: the reference, then the levels from the easiest to the
        hardest. ``mushra``: the reference, then the sounds to rate; an anchor is added.
    sr : int
        Samples per second of all of them.
    kind : {"abx", "preference", "staircase", "mushra"}
        The design: is X A or B; which is better; at which level does the difference become inaudible; ratings from 0 to
        100 with a hidden reference and an anchor, after ITU-R BS.1534.
    question : str
        What the listener is asked; without it, the usual question of the design. Results of a class are collected by
        question and sounds.
    trials : int, optional
        How many; without it 16, of a staircase at most 50, of ratings 1.
    equal_loudness : bool
        Whether all are brought to the RMS of the softest. False where level is the lesson.
    hears : float
        The probability with which the simulated listener of ``abx`` and ``preference`` hears the difference.

    Raises
    ------
    AudioCourseError
        If the kind is unknown, it needs another number of sounds, or one of them cannot be played.
    """
    design_of = DESIGNS[require_choice("kind of test", kind, list(DESIGNS))]
    require_between("hears", hears, 0, 1)
    trials = design_of.trials if trials is None else trials
    require_positive(trials=trials)
    question = question or design_of.question
    by_student = can_interact()
    rng = np.random.default_rng(secrets.randbits(63) if by_student else SIMULATED_SEED)
    design = design_of(list(sounds), trials=trials, rng=rng)
    played = with_anchor(sounds, sr) if kind == "mushra" else sounds
    stimuli = stimuli_of(played, sr, equal_loudness=equal_loudness)
    if by_student:
        _Page(design, stimuli, sr, question=question).display()
        return
    compare({label: played[label] for label in design.examples()}, sr, equal_loudness=equal_loudness)
    _simulate(design, rng, question=question, hears=hears)


def identify(
    sounds: Mapping[str, FloatArray],
    sr: int,
    *,
    right: Mapping[str, str],
    choices: Sequence[str],
    question: str = "",
    equal_loudness: bool = True,
    hears: float = 0.6,
) -> dict[str, str]:
    """Ask what each sound is, one after the other in a hidden order, with a button for each choice.

    As `blind_test`, it is taken by a simulated listener where no student works.

    Parameters
    ----------
    sounds : Mapping[str, np.ndarray [shape=(samples,) or (channels, samples)]]
        Each is played in one trial.
    sr : int
        Samples per second of all of them.
    right : Mapping[str, str]
        The right choice for each sound.
    choices : sequence of str
        All choices, in the order of the buttons.
    question : str
        What the listener is asked.
    equal_loudness : bool
        Whether all are brought to the RMS of the softest.
    hears : float
        The probability with which the simulated listener knows the answer.

    Returns
    -------
    dict of str to str
        The choice for each sound that is answered. It grows while the test is taken: read it in a later cell.

    Raises
    ------
    AudioCourseError
        If a right answer is missing or not one of the choices, or a sound cannot be played.
    """
    require_between("hears", hears, 0, 1)
    question = question or Identification.question
    by_student = can_interact()
    rng = np.random.default_rng(secrets.randbits(63) if by_student else SIMULATED_SEED)
    design = Identification(list(sounds), rng=rng, right=right, choices=choices)
    stimuli = stimuli_of(sounds, sr, equal_loudness=equal_loudness)
    if by_student:
        _Page(design, stimuli, sr, question=question).display()
    else:
        compare({label: sounds[label] for label in design.examples()}, sr, equal_loudness=equal_loudness)
        _simulate(design, rng, question=question, hears=hears)
    return design.answers


def _simulate(design: Design, rng: np.random.Generator, *, question: str, hears: float) -> None:
    """Take the whole test as a simulated listener, and display the result."""
    while not design.is_over:
        design.answer(design.simulated_answer(rng, hears=hears))
    who = f"A simulated listener took this test: one who {design.describe_simulation(hears=hears)}."
    lines = [*design.sentences(), f"{who} Run this cell yourself to take it with your own ears."]
    paragraphs = "".join(f"<p style='margin:0.3em 0'>{escape(line)}</p>" for line in lines)
    put(
        f"<section aria-label='listening test'><strong>{escape(question)}</strong>{paragraphs}</section>",
        "\n".join([f"[listening test] {question}", *lines]),
    )


class _Page:
    """A test in front of a student: sends one trial after the other to the page, and takes the answers."""

    def __init__(self, design: Design, stimuli: Mapping[str, FloatArray], sr: int, *, question: str) -> None:
        self._design = design
        self._stimuli = stimuli
        self._question = question
        self._outcome: list[str] = []
        self._noise = np.random.default_rng()  # not from the seed of the order: it is in what the page gets
        trials = f"at most {design.of}" if design.kind == "staircase" else str(design.of)
        self._widget = widget("parts.js", "blind_test.js", question=question, sr=sr, trials=trials)
        self._widget.on_msg(self._receive)

    def display(self) -> None:
        """Show it below the cell."""
        from IPython.display import display

        display(self._widget)

    def _receive(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        """Answer the page, which asks for the present trial (``trial`` is its number) or brings an answer to it."""
        if "answer" in message and message.get("trial") == self._design.done and not self._outcome:
            self._design.answer(message["answer"])
            self._outcome = self._finish() if self._design.is_over else []
        if self._outcome:
            self._widget.send({"result": self._outcome})
        else:
            self._send_trial()

    def _finish(self) -> list[str]:
        """Keep the result, and describe it."""
        return [*self._design.sentences(), note_result(self._design.result(self._question))]

    def _send_trial(self) -> None:
        trial = self._design.trial()
        message = {
            "trial": self._design.done,
            "keys": list(trial.plays),
            "captions": dict(trial.captions),
            "choices": list(trial.choices),
            "rated": [] if trial.choices else [key for key in trial.plays if key != REFERENCE_KEY],
            "channels": next(iter(self._stimuli.values())).shape[0],
        }
        self._widget.send(message, [as_sent(self._stimuli[label], self._noise) for label in trial.plays.values()])


def as_sent(y: FloatArray, rng: np.random.Generator) -> bytes:
    """Return a sound as 16-bit samples, one channel after the other, which are never the same twice.

    A gain within ±0.05 dB and triangular dither of one step, both inaudible, are drawn anew each time.

    y : [shape=(channels, samples)], peaks at most −6 dBFS
    """
    gain = 10 ** (rng.uniform(-MAX_GAIN_DB, MAX_GAIN_DB) / 20)
    dither = rng.triangular(-1, 0, 1, size=y.shape)
    return np.round(FULL_SCALE * gain * y + dither).astype("<i2").tobytes()
