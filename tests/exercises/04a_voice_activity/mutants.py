"""Misconceptions about sample formats, zero crossings and detection rates, as answers that people really give."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.authoring import mutant

# ---------------------------------------------------------------- 4a.1 from float to 16 bits


@mutant(
    task="to_pcm16",
    name="samples that wrap around",
    hint="An int16 counts to 32767. What comes after that, and what would it sound like?",
)
def wraps_around(y: np.ndarray) -> np.ndarray:
    return np.round(y * 32767).astype(np.int32).astype(np.int16)  # numpy goes the same way from float to int16


@mutant(
    task="to_pcm16",
    name="digits cut off instead of rounded",
    hint="Which whole number is nearest to 0.9, and which one does astype give?",
)
def cut_off(y: np.ndarray) -> np.ndarray:
    return (np.clip(y, -1, 1) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a scale of 32768 that overflows at full scale",
    hint="Where does a sample of exactly 1.0 land, and is there such an int16?",
)
def one_too_far(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y, -1, 1) * 32768).astype(np.int32).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a scale of 32768 held at the ends of int16",
    hint="Turn a wave upside down. Do its 16-bit samples only change their sign?",
)
def uneven_ends(y: np.ndarray) -> np.ndarray:
    return np.clip(np.round(y * 32768), -32768, 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="samples held at the ends of int16 instead of at −1 and 1",
    hint="Samples of −1 and of −2 are both as low as they may get. Do they land on the same step?",
)
def held_too_late(y: np.ndarray) -> np.ndarray:
    return np.clip(np.round(y * 32767), -32768, 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a loudest sample moved to full scale",
    hint="A whisper and a shout come out equally loud. Who asked for that?",
)
def normalised(y: np.ndarray) -> np.ndarray:
    return np.round(y / np.max(np.abs(y)) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="whole numbers of another type than int16",
    hint="How many bytes does each of your samples take? Two are wanted.",
)
def type_forgotten(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y, -1, 1) * 32767)


@mutant(
    task="to_pcm16",
    name="a change of type before the scale",
    hint="Which whole numbers lie between −1 and 1? How many of your samples survive that?",
)
def type_before_scale(y: np.ndarray) -> np.ndarray:
    return np.clip(y, -1, 1).astype(np.int16) * np.int16(32767)


# ---------------------------------------------------------------- 4a.2 zero crossings


@mutant(
    task="zero_crossing_rate",
    name="a constant offset that hides the crossings",
    hint="A microphone adds 0.5 to every sample of a soft voice. Does the voice still cross zero?",
)
def offset_forgotten(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames < 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="one mean for all frames",
    hint="The offset drifts from frame to frame. Whose mean do you subtract?",
)
def mean_of_everything(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames - frames.mean() < 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a share of samples instead of a share of pairs",
    hint="Four posts, how many gaps between them? What is the rate when every sample differs from the next?",
)
def divided_by_samples(frames: np.ndarray) -> np.ndarray:
    return np.sum(np.diff(frames - frames.mean(axis=0) < 0, axis=0), axis=0) / len(frames)


@mutant(
    task="zero_crossing_rate",
    name="a count instead of a share",
    hint="The same noise in frames of twice the length: should the rate double?",
)
def count(frames: np.ndarray) -> np.ndarray:
    return np.sum(np.diff(frames - frames.mean(axis=0) < 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="crossings looked for across the frames",
    hint="A column is one frame. Do you compare a sample with the next sample, or with the next frame?",
)
def across_frames(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames - frames.mean(axis=0) < 0, axis=1), axis=1)


@mutant(
    task="zero_crossing_rate",
    name="a zero that is its own sign",
    hint="Samples 1, 0, 1: np.sign gives three answers. Has the wave crossed zero twice?",
)
def three_signs(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(np.sign(frames - frames.mean(axis=0)), axis=0) != 0, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a crossing that is lost when a sample is exactly zero",
    hint="Samples 1, 0, −1: the wave goes from plus to minus. What are the products of neighbours?",
)
def negative_products(frames: np.ndarray) -> np.ndarray:
    centred = frames - frames.mean(axis=0)
    return np.mean(centred[:-1] * centred[1:] < 0, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="half a crossing at every zero",
    hint="Samples 1, 0, 1: does the wave cross zero at all? On which side is the 0?",
)
def half_crossings(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.abs(np.diff(np.sign(frames - frames.mean(axis=0)), axis=0)) / 2, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a zero counted as negative",
    hint="A sample of exactly 0: to which side does the task count it?",
)
def zero_is_negative(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames - frames.mean(axis=0) > 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="crossings counted in one direction only",
    hint="A wave goes up through zero and down again. How many times has it crossed in one period?",
)
def upward_only(frames: np.ndarray) -> np.ndarray:
    below = frames - frames.mean(axis=0) < 0
    return np.mean(below[:-1] & ~below[1:], axis=0)


# ---------------------------------------------------------------- 4a.3 hits and false alarms


@mutant(
    task="roc_point",
    name="hits returned before false alarms",
    hint="A ROC curve has false alarms on its x axis. Which coordinate of a point comes first?",
)
def exchanged_rates(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided[truth])), float(np.mean(decided[~truth]))


@mutant(
    task="roc_point",
    name="shares of all frames",
    hint="A detector that always says yes has a hit rate of 1. What is yours when speech is rare?",
)
def shares_of_all_frames(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided & ~truth)), float(np.mean(decided & truth))


@mutant(
    task="roc_point",
    name="shares of the frames decided yes",
    hint="Ten frames hold speech, five say yes. Which of these two numbers do you divide the hits by?",
)
def shares_of_the_alarms(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(~truth[decided])), float(np.mean(truth[decided]))


@mutant(
    task="roc_point",
    name="truth and decision exchanged",
    hint="Which of the two arrays splits the frames into kinds, and in which of them do you count the yes?",
)
def exchanged_arrays(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(truth[~decided])), float(np.mean(truth[decided]))


@mutant(
    task="roc_point",
    name="misses instead of hits",
    hint="A detector that always says yes: how often does it hit, and how often does it miss?",
)
def misses(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided[~truth])), float(np.mean(~decided[truth]))


@mutant(
    task="roc_point",
    name="correct silences instead of false alarms",
    hint="Among the frames without speech, do you count those that say no or those that say yes?",
)
def correct_rejections(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(~decided[~truth])), float(np.mean(decided[truth]))


@mutant(
    task="roc_point",
    name="the share of right decisions instead of the hit rate",
    hint="Nobody speaks in most frames and the detector always says no. How many of the spoken frames does it hit?",
)
def accuracy(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided[~truth])), float(np.mean(decided == truth))


@mutant(
    task="roc_point",
    name="numbers of frames instead of shares",
    hint="A recording of twice the length with the same detector: should its rates double?",
)
def counts(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.sum(decided[~truth])), float(np.sum(decided[truth]))
