"""The item of every data set: one recording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audiocourse.signal import FloatArray, read


@dataclass(frozen=True)
class Item:
    """A recording of a data set and its labels; None where the data set has none.

    Parameters
    ----------
    id : str
        The data set's name for it, unique.
    path : Path
        The sound file.
    split : str, optional
        The split, in the data set's words: train, test-clean, …
    fold : int, optional
        Of cross-validation, as published.
    text : str, optional
        The transcript, as the data set writes it.
    label : str, optional
        The class: a genre, an emotion, an event, a digit, a rāga.
    speaker : str, optional
        The speaker, singer or player.
    gender : str, optional
        Of the speaker, in the data set's words, in lower case.
    language : str, optional
        A code such as en.
    recording : str, optional
        The longer recording it was cut from: never put two cuts of one recording into different splits.
    start, end : float, optional
        The interval it was cut from, in seconds of that recording. The file holds the cut only.
    details : mapping of str to str
        All other labels, under the data set's own names.

    Examples
    --------
    >>> Item(id="7_theo_3", path=Path("recordings/7_theo_3.wav"), label="7", speaker="theo").text is None
    True
    """

    id: str
    path: Path
    split: str | None = None
    fold: int | None = None
    text: str | None = None
    label: str | None = None
    speaker: str | None = None
    gender: str | None = None
    language: str | None = None
    recording: str | None = None
    start: float | None = None
    end: float | None = None
    details: Mapping[str, str] = field(default_factory=dict, hash=False)

    def audio(self) -> tuple[FloatArray, int]:
        """Read the sound file, with its own rate and channels.

        Returns
        -------
        y : np.ndarray [shape=(samples,) or (channels, samples)]
            The sound, float32 in [-1, 1].
        sr : int
            Sampling rate in Hz.
        """
        recording = read(self.path)
        return recording.y, recording.sr
