"""What every data set gives: one typed item a recording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audiocourse.signal import FloatArray, read


@dataclass(frozen=True)
class Item:
    """One recording of a data set and what the data set says about it; None where it does not say.

    audio() = (y, sr)

    Parameters
    ----------
    id : str
        What the data set calls it, once in the data set.
    path : Path
        The sound file.
    split : str, optional
        The part of the data set, in its own words: train, test-clean, …
    fold : int, optional
        Of cross-validation, as published.
    text : str, optional
        What is said, as the data set writes it.
    label : str, optional
        The class: a genre, an emotion, an event, a digit, a rāga.
    speaker : str, optional
        Who speaks, sings or plays.
    gender : str, optional
        Of the speaker, in the data set's words, in lower case.
    language : str, optional
        What is spoken, as a code such as en.
    recording : str, optional
        The longer recording it was cut from: never put two cuts of one recording on two sides of a split.
    start, end : float, optional
        From where to where it was cut, in seconds of that recording. The file holds the cut only.
    details : mapping of str to str
        What else the data set says, under its own names.

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
        """Read the sound: now, and not before.

        Returns
        -------
        y : np.ndarray [shape=(samples,) or (channels, samples)]
            The sound, float32 in [-1, 1], with the rate and the channels that the file has.
        sr : int
            Sampling rate in Hz.

        Raises
        ------
        AudioCourseError
            If the file is missing or damaged.
        """
        recording = read(self.path)
        return recording.y, recording.sr
