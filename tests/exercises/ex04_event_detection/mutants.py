"""Misconceptions about sound event detection, as answers that people really give."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain, pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from audiocourse.intervals import LabelledSegment
from audiocourse.learn.checking.authoring import mutant

Array = np.ndarray
Events = list[LabelledSegment]
Files = list[Events]

# ---------------------------------------------------------------- 4.1 from events to frames


def _marked(
    events: Events,
    classes: Sequence[str],
    frames: int,
    span: Callable[[float, float], tuple[int, int]],
) -> Array:
    """Set frames span(start, end) to 1."""
    targets = np.zeros((frames, len(classes)))
    for start, end, label in events:
        first, stop = span(start, end)
        targets[max(first, 0) : max(stop, 0), list(classes).index(label)] = 1
    return targets


@mutant(
    task="frame_targets",
    name="times cut down to whole frames",
    hint="int(start / d) is the frame in which the event starts. Does the centre of that frame lie in the event?",
)
def cut_down(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _marked(events, classes, frames, lambda a, b: (int(a / frame_seconds), int(b / frame_seconds)))


@mutant(
    task="frame_targets",
    name="every frame that the event touches",
    hint="An event reaches into a frame by a tenth. Where is the centre of that frame?",
)
def touched(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _marked(events, classes, frames, lambda a, b: (math.floor(a / frame_seconds), math.ceil(b / frame_seconds)))


@mutant(
    task="frame_targets",
    name="only frames that lie wholly in the event",
    hint="An event covers nine tenths of a frame, and its centre. Is the frame a 0?",
)
def wholly_inside(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _marked(events, classes, frames, lambda a, b: (math.ceil(a / frame_seconds), math.floor(b / frame_seconds)))


@mutant(
    task="frame_targets",
    name="times rounded to the nearest frame, ties to even",
    hint="round(0.5) is 0 and round(1.5) is 2. What happens to a start that lies exactly on a centre?",
)
def rounded(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _marked(events, classes, frames, lambda a, b: (round(a / frame_seconds), round(b / frame_seconds)))


@mutant(
    task="frame_targets",
    name="a slice that includes the frame of the end",
    hint="Your last frame begins where the event ends. Does the event sound in it?",
)
def one_too_many(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _marked(events, classes, frames, lambda a, b: (int(a / frame_seconds), int(b / frame_seconds) + 1))


def _by_times(
    events: Events, classes: Sequence[str], times: Array, inside: Callable[[float, float], Array] | None = None
) -> Array:
    """Set the frames whose times lie in an event to 1."""
    targets = np.zeros((len(times), len(classes)))
    for start, end, label in events:
        active = (start <= times) & (times < end) if inside is None else inside(start, end)
        targets[active, list(classes).index(label)] = 1
    return targets


def _centres(frames: int, frame_seconds: float) -> Array:
    return (np.arange(frames) + 0.5) * frame_seconds


@mutant(
    task="frame_targets",
    name="the start of a frame instead of its centre",
    hint="m · d is where frame m begins. How far away is its centre?",
)
def starts_of_frames(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _by_times(events, classes, np.arange(frames) * frame_seconds)


@mutant(
    task="frame_targets",
    name="the end of a frame instead of its centre",
    hint="Are your frames numbered from 1? Where is the centre of frame 0?",
)
def ends_of_frames(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _by_times(events, classes, (np.arange(frames) + 1) * frame_seconds)


@mutant(
    task="frame_targets",
    name="frames numbered from 1",
    hint="The first frame is number 0, and its centre lies at d / 2. Where do you put it?",
)
def numbered_from_one(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _by_times(events, classes, (np.arange(frames) + 1.5) * frame_seconds)


@mutant(
    task="frame_targets",
    name="an end that belongs to the event",
    hint="start ≤ centre < end: which of the two comparisons includes equality?",
)
def end_included(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    times = _centres(frames, frame_seconds)
    return _by_times(events, classes, times, lambda a, b: np.asarray((a <= times) & (times <= b)))


@mutant(
    task="frame_targets",
    name="a start that does not belong to the event",
    hint="start ≤ centre < end: which of the two comparisons includes equality?",
)
def start_excluded(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    times = _centres(frames, frame_seconds)
    return _by_times(events, classes, times, lambda a, b: np.asarray((a < times) & (times < b)))


@mutant(
    task="frame_targets",
    name="one class per frame",
    hint="It rains while the dog barks. How many ones does that frame have in your matrix? With a softmax there is "
    "room for only one.",
)
def single_label(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    targets = np.zeros((frames, len(classes)))
    times = _centres(frames, frame_seconds)
    for start, end, label in events:
        active = (start <= times) & (times < end)
        targets[active] = 0
        targets[active, classes.index(label)] = 1
    return targets


@mutant(
    task="frame_targets",
    name="a clip tag in every frame",
    hint="A tag says what occurs somewhere in the clip. What does your target say about the frames before the event?",
)
def tag_everywhere(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    targets = np.zeros((frames, len(classes)))
    for _, _, label in events:
        targets[:, classes.index(label)] = 1
    return targets


@mutant(
    task="frame_targets",
    name="only the frame of the onset",
    hint="The event sounds from start to end. How many of its frames are 1 in your matrix?",
)
def onsets_only(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _marked(events, classes, frames, lambda a, _: (int(a / frame_seconds), int(a / frame_seconds) + 1))


@mutant(
    task="frame_targets",
    name="classes in alphabetical order",
    hint="Column c belongs to classes[c]. Did you sort the classes?",
)
def alphabetical(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _by_times(events, sorted(classes), _centres(frames, frame_seconds))


@mutant(
    task="frame_targets",
    name="columns for frames and rows for classes",
    hint="The shape is (frames, classes). Which axis of yours is time?",
)
def transposed(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _by_times(events, classes, _centres(frames, frame_seconds)).T


@mutant(
    task="frame_targets",
    name="the number of the class instead of a column for each",
    hint="A class number per frame has no room for two classes at once. Which shape is asked for?",
)
def class_numbers(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _by_times(events, classes, _centres(frames, frame_seconds)).argmax(axis=1)


@mutant(
    task="frame_targets",
    name="yes or no for all classes together",
    hint="That something sounds is not enough. Which class is it?",
)
def any_class(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _by_times(events, classes, _centres(frames, frame_seconds)).max(axis=1)


@mutant(
    task="frame_targets",
    name="times rounded to the nearest frame, halves up",
    hint="int(t / d + 0.5) rounds a centre up. Does your event then contain the frame that it starts in the centre of?",
)
def rounded_up(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _marked(events, classes, frames, lambda a, b: (int(a / frame_seconds + 0.5), int(b / frame_seconds + 0.5)))


def _covered(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    """The share of each frame that an event of each class covers."""
    share = np.zeros((frames, len(classes)))
    edges = np.arange(frames + 1) * frame_seconds
    for start, end, label in events:
        inside = np.minimum(end, edges[1:]) - np.maximum(start, edges[:-1])
        share[:, classes.index(label)] += np.maximum(inside, 0) / frame_seconds
    return share


@mutant(
    task="frame_targets",
    name="frames of which an event covers at least half",
    hint="An event of a fifth of a frame lies around a centre. It covers less than half of the frame. Which of the two "
    "rules does the formula state?",
)
def at_least_half(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    share = _covered(events, classes=classes, frames=frames, frame_seconds=frame_seconds)
    return np.asarray(share >= 0.5, dtype=float)


@mutant(
    task="frame_targets",
    name="the share of the frame that the event covers",
    hint="Your targets at the edges of an event are 0.3 or 0.7. Which two values may a target have here?",
)
def covered_share(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _covered(events, classes=classes, frames=frames, frame_seconds=frame_seconds)


@mutant(
    task="frame_targets",
    name="only the last event of each class kept",
    hint="A dog barks three times. Does the second bark overwrite the column that holds the first?",
)
def last_event_of_a_class(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    last = {label: (start, end, label) for start, end, label in events}
    return _at_centres(list(last.values()), classes, (np.arange(frames) + 0.5) * frame_seconds)


@mutant(
    task="frame_targets",
    name="at least one frame for every event",
    hint="An event lies between two centres. How many 1s does the formula give it?",
)
def never_lost(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    def span(start: float, end: float) -> tuple[int, int]:
        first, stop = (math.ceil(time / frame_seconds - 0.5) for time in (start, end))
        return first, max(stop, first + 1)

    return _marked(events, classes, frames, span)


@mutant(
    task="frame_targets",
    name="frames that are spread until the end of the clip",
    hint="np.linspace(0, T, frames) places its last value at T itself. How far apart are your frames?",
)
def spread_until_the_end(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    centres = np.linspace(0, frames * frame_seconds, frames) + frame_seconds / 2
    return _at_centres(events, classes, centres)


@mutant(
    task="frame_targets",
    name="0.04 s, whatever frame_seconds is",
    hint="The frames of another network last 0.5 s. Which name holds their duration inside your function?",
)
def always_the_same_frames(events: Events, *, classes: list[str], frames: int, frame_seconds: float) -> Array:
    return _at_centres(events, classes, (np.arange(frames) + 0.5) * 0.04)


def _at_centres(events: Events, classes: Sequence[str], centres: Array) -> Array:
    """1 where a centre lies in an event."""
    targets = np.zeros((len(centres), len(classes)))
    for start, end, label in events:
        targets[(start <= centres) & (centres < end), list(classes).index(label)] = 1
    return targets


# ---------------------------------------------------------------- 4.2 the loss


def _bce(z: Array, t: Array) -> Array:
    return np.asarray(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))


def _real(lengths: Array, frames: int) -> Array:
    return np.asarray(np.arange(frames) < lengths[:, None])


@mutant(
    task="masked_binary_cross_entropy",
    name="padding counted in the loss",
    hint="A logit of 0 in the padding costs ln 2. How does the loss of a short clip change when its neighbour gets "
    "longer?",
)
def padding_counted(logits: Array, targets: Array, lengths: Array) -> float:
    return float(_bce(logits, targets).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="a sum over real frames divided by all frames",
    hint="You left the padding out of the sum. Is it also left out of the number you divide by?",
)
def divided_by_all(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    return float(_bce(logits[real], targets[real]).sum() / logits.size)


@mutant(
    task="masked_binary_cross_entropy",
    name="padding set to 0 and counted",
    hint="A logit of 0 is a probability of ½, not silence. What does it cost?",
)
def padding_zeroed(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])[..., None]
    return float(_bce(np.where(real, logits, 0), np.where(real, targets, 0)).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="a mask that multiplies the loss",
    hint="0 · NaN is NaN. Select the real frames before you compute.",
)
def multiplied_mask(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])[..., None]
    return float((_bce(logits, targets) * real).sum() / (real.sum() * logits.shape[2]))


@mutant(
    task="masked_binary_cross_entropy",
    name="a mean of the clips' means",
    hint="A clip of one frame and a clip of a hundred: does one frame of each weigh the same in your loss?",
)
def mean_of_means(logits: Array, targets: Array, lengths: Array) -> float:
    means = [_bce(z[:n], t[:n]).mean() for z, t, n in zip(logits, targets, lengths, strict=True) if n]
    return float(np.mean(means))


@mutant(
    task="masked_binary_cross_entropy",
    name="a sum over the classes",
    hint="You divide by the number of real frames. How many numbers did you add up per frame?",
)
def summed_classes(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    return float(_bce(logits[real], targets[real]).sum(axis=-1).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="a sum instead of a mean",
    hint="Twice as many clips, each as good as before. Should the loss be twice as large?",
)
def sum_of_all(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    return float(_bce(logits[real], targets[real]).sum())


@mutant(
    task="masked_binary_cross_entropy",
    name="a softmax over the classes",
    hint="The probabilities of a softmax add up to 1. What is the best that it can do where two classes sound at once?",
)
def softmax_loss(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    z, t = logits[real], targets[real]
    log_p = z - z.max(axis=-1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=-1, keepdims=True))
    return float(-(t * log_p).sum(axis=-1).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="only the frames in which a class sounds",
    hint="A false alarm costs nothing in your loss. Where is the second half of the formula, for the targets 0?",
)
def positives_only(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    return float((targets[real] * np.logaddexp(0, -logits[real])).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="logits taken for probabilities",
    hint="A logit can be −5 or 3. What has to happen before its logarithm is taken?",
)
def no_sigmoid(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    p, t = np.clip(logits[real], 1e-7, 1 - 1e-7), targets[real]
    return float(-(t * np.log(p) + (1 - t) * np.log(1 - p)).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="the logarithm of a sigmoid that has become 0 or 1",
    hint="σ(1000) is exactly 1 in floating point. What is ln(1 − 1)? The second form of the formula avoids it.",
)
def overflows(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    p, t = 1 / (1 + np.exp(-logits[real])), targets[real]
    return float(-(t * np.log(p) + (1 - t) * np.log(1 - p)).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="probabilities clipped before the logarithm",
    hint="A logit of 1000 on the wrong side costs 1000. What does it cost after clipping to 10⁻⁷, and what is its "
    "gradient?",
)
def clipped(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    p, t = np.clip(1 / (1 + np.exp(-logits[real])), 1e-7, 1 - 1e-7), targets[real]
    return float(-(t * np.log(p) + (1 - t) * np.log(1 - p)).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="logarithms to base 2",
    hint="At a logit of 0 the loss is 0.693. Which is yours, and to which base is it?",
)
def in_bits(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    return float(_bce(logits[real], targets[real]).mean() / np.log(2))


@mutant(
    task="masked_binary_cross_entropy",
    name="a loss with the wrong sign",
    hint="Logarithms of probabilities are negative. Is your loss 0 or more?",
)
def negative_loss(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    return float(-_bce(logits[real], targets[real]).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="the squared error of the probabilities",
    hint="A confident mistake costs at most 1 in your loss. What does the cross-entropy charge for it?",
)
def squared_error(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    return float(np.mean((1 / (1 + np.exp(-logits[real])) - targets[real]) ** 2))


@mutant(
    task="masked_binary_cross_entropy",
    name="one frame of padding counted",
    hint="A clip of n frames has the frames 0 to n − 1. Is frame n real?",
)
def one_frame_more(logits: Array, targets: Array, lengths: Array) -> float:
    real = np.arange(logits.shape[1]) <= lengths[:, None]
    return float(_bce(logits[real], targets[real]).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="targets rounded to 0 or 1",
    hint="With mixup a target can be 0.7. Which of its two terms do you drop?",
)
def hard_targets(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    return float(_bce(logits[real], (targets[real] >= 0.5).astype(float)).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="every clip cut to the shortest",
    hint="The frames of the longer clips are real. Where are they in your loss?",
)
def cut_to_the_shortest(logits: Array, targets: Array, lengths: Array) -> float:
    n = max(int(lengths.min()), 1)
    return float(_bce(logits[:, :n], targets[:, :n]).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="targets in the padding that are not masked",
    hint="You replace the logits of the padding. What is 0 · T where the target there is NaN?",
)
def targets_not_masked(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])[..., None]
    loss = _bce(np.where(real, logits, 0.0), targets) * real
    return float(loss.sum() / (real.sum() * logits.shape[2]))


@mutant(
    task="masked_binary_cross_entropy",
    name="the mean of a clip without frames",
    hint="You weight the mean of each clip by its length. What is the mean of no frames, and what is 0 times that?",
)
def mean_of_nothing(logits: Array, targets: Array, lengths: Array) -> float:
    clips = zip(logits, targets, lengths, strict=True)
    return float(sum(_bce(z[:n], t[:n]).mean() * n for z, t, n in clips) / lengths.sum())


@mutant(
    task="masked_binary_cross_entropy",
    name="e to the power of a large logit",
    hint="ln(1 + e^z) for z = 1000 asks for e to the power of 1000. Which form has an exponent that is never positive?",
)
def overflowing_exponent(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    z, t = logits[real], targets[real]
    return float((np.log1p(np.exp(z)) - z * t).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="logits clipped before the loss",
    hint="A logit of 1000 on the wrong side costs 1000. What does it cost after clipping?",
)
def clipped_logits(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    z, t = logits[real], targets[real]
    return float(_bce(np.clip(z, -50, 50), t).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="a small number added inside the logarithm",
    hint="A logit of 1000 on the wrong side costs 1000. What is the largest loss that ln(p + 10⁻¹²) allows?",
)
def small_number_inside(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    z, t = logits[real], targets[real]
    p = 1 / (1 + np.exp(-z))
    return float(-(t * np.log(p + 1e-12) + (1 - t) * np.log(1 - p + 1e-12)).mean())


@mutant(
    task="masked_binary_cross_entropy",
    name="an exponent without its absolute value",
    hint="For z = −3, how large is e^(−z), and how large is e^(−|z|)?",
)
def no_absolute_value(logits: Array, targets: Array, lengths: Array) -> float:
    real = _real(lengths, logits.shape[1])
    z, t = logits[real], targets[real]
    return float((np.maximum(z, 0) - z * t + np.log1p(np.exp(-z))).mean())


# ---------------------------------------------------------------- 4.3 the median filter


def _windows(padded: Array, size: int) -> Array:
    return np.lib.stride_tricks.sliding_window_view(padded, size, axis=0)


@mutant(
    task="median_filter",
    name="a mean instead of a median",
    hint="One frame of flicker: what is left of it after your filter, and what has become of the edges of a long "
    "event?",
)
def moving_mean(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.pad(scores, ((half, half), (0, 0)), mode="symmetric")
    return np.asarray(_windows(padded, size).mean(axis=-1))


@mutant(
    task="median_filter",
    name="zeros beyond the ends of the clip",
    hint="An event lasts to the last frame of the clip. How many zeros does your window see there, and what do they "
    "do?",
)
def zero_padding(scores: Array, *, size: int) -> Array:
    half = size // 2
    return np.asarray(np.median(_windows(np.pad(scores, ((half, half), (0, 0))), size), axis=-1))


@mutant(
    task="median_filter",
    name="the first and last frame repeated beyond the ends",
    hint="Flicker in frame 0 fills more than half of your first window. What is its median?",
)
def edge_padding(scores: Array, *, size: int) -> Array:
    half = size // 2
    return np.asarray(np.median(_windows(np.pad(scores, ((half, half), (0, 0)), mode="edge"), size), axis=-1))


@mutant(
    task="median_filter",
    name="a mirror image without the frame at the end",
    hint='The mirror image begins with the last frame itself: x[1], x[0] | x[0], x[1]. np.pad calls that "symmetric".',
)
def reflect_padding(scores: Array, *, size: int) -> Array:
    half = size // 2
    return np.asarray(np.median(_windows(np.pad(scores, ((half, half), (0, 0)), mode="reflect"), size), axis=-1))


@mutant(
    task="median_filter",
    name="windows that wrap around from the end to the start",
    hint="The last frame of the clip is not a neighbour of the first. What does np.roll do at the ends?",
)
def wraps_around(scores: Array, *, size: int) -> Array:
    half = size // 2
    return np.asarray(np.median([np.roll(scores, lag, axis=0) for lag in range(-half, half + 1)], axis=0))


@mutant(
    task="median_filter",
    name="windows cut off at the ends",
    hint="The window of frame 0 has only half of its frames in your filter. What does the task put in place of the "
    "rest?",
)
def cut_windows(scores: Array, *, size: int) -> Array:
    half = size // 2
    rows = [np.median(scores[max(0, m - half) : m + half + 1], axis=0) for m in range(len(scores))]
    return np.array(rows)


@mutant(
    task="median_filter",
    name="only frames with a whole window",
    hint="Your result has fewer frames than the input. To which times do they belong?",
)
def whole_windows(scores: Array, *, size: int) -> Array:
    return np.asarray(np.median(_windows(scores, size), axis=-1))


@mutant(
    task="median_filter",
    name="a window of past frames only",
    hint="Your window ends at the frame instead of lying around it. By how much are the events late?",
)
def causal(scores: Array, *, size: int) -> Array:
    padded = np.pad(scores, ((size - 1, 0), (0, 0)), mode="symmetric")
    return np.asarray(np.median(_windows(padded, size), axis=-1))


@mutant(
    task="median_filter",
    name="size taken for the frames on each side",
    hint="size is the number of frames in the window. How many are there in yours?",
)
def twice_as_wide(scores: Array, *, size: int) -> Array:
    padded = np.pad(scores, ((size, size), (0, 0)), mode="symmetric")
    return np.asarray(np.median(_windows(padded, 2 * size + 1), axis=-1))


@mutant(
    task="median_filter",
    name="an even window of size − 1 frames",
    hint="padded[m : m + n] has n frames. How many does a window with a centre need?",
)
def one_frame_short(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.pad(scores, ((half, half), (0, 0)), mode="symmetric")
    rows = [np.median(padded[m : m + max(2 * half, 1)], axis=0) for m in range(len(scores))]
    return np.array(rows)


@mutant(
    task="median_filter",
    name="a window over the classes too",
    hint="What do rain and a siren have in common? Each column is filtered on its own.",
)
def across_classes(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.pad(scores, half, mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
    return np.asarray(np.median(windows, axis=(-2, -1)))


@mutant(
    task="median_filter",
    name="a filter along the classes",
    hint="The frames are the rows. Along which axis does your window move?",
)
def along_classes(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.pad(scores, ((0, 0), (half, half)), mode="symmetric")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, size, axis=1), axis=-1))


@mutant(
    task="median_filter",
    name="one median for all classes",
    hint="np.median without an axis mixes all columns of the window. Which axis is time?",
)
def mixed_classes(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.pad(scores, ((half, half), (0, 0)), mode="symmetric")
    medians = [np.median(padded[m : m + size]) for m in range(len(scores))]
    return np.repeat(np.array(medians)[:, None], scores.shape[1], axis=1)


@mutant(
    task="median_filter",
    name="the maximum of the window",
    hint="One frame of flicker becomes a whole window of yes. Which value of the sorted window is the median?",
)
def maximum_filter(scores: Array, *, size: int) -> Array:
    half = size // 2
    return np.asarray(_windows(np.pad(scores, ((half, half), (0, 0)), mode="symmetric"), size).max(axis=-1))


@mutant(
    task="median_filter",
    name="windows of frames that are filtered already",
    hint="You write into the array that you read from. Which values does the next window see?",
)
def recursive(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.pad(scores, ((half, half), (0, 0)), mode="symmetric")
    for m in range(len(scores)):
        padded[m + half] = np.median(padded[m : m + size], axis=0)
    return padded[half : half + len(scores)]


@mutant(
    task="median_filter",
    name="the middle of a window that is not sorted",
    hint="The median is the middle value in order of size. What do you get from the middle of the window in time?",
)
def not_sorted(scores: Array, *, size: int) -> Array:
    return scores.copy()


def _moving(padded: Array, size: int, frames: int) -> Array:
    return np.array([np.median(padded[m : m + size], axis=0) for m in range(frames)])


@mutant(
    task="median_filter",
    name="a mirror image no longer than the clip",
    hint="scores[:half] has at most as many frames as the clip. What do your windows hold if half is larger than that?",
)
def short_mirror(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.concatenate([scores[:half][::-1], scores, scores[::-1][:half]])
    return _moving(padded, size, len(scores))


@mutant(
    task="median_filter",
    name="scores[-half:] where half is 0",
    hint="With a window of 1 frame, half is 0. What is scores[-0:]?",
)
def minus_zero(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.concatenate([scores[:half][::-1], scores, scores[-half:][::-1]])
    return np.asarray(np.median(_windows(padded, size), axis=-1))


@mutant(
    task="median_filter",
    name="a window shortened to the clip",
    hint="The window is longer than the clip. What does the text say that the sequence is continued by?",
)
def shortened_window(scores: Array, *, size: int) -> Array:
    size = min(size, len(scores) - 1 + len(scores) % 2)
    half = size // 2
    return _moving(np.pad(scores, ((half, half), (0, 0)), mode="symmetric"), size, len(scores))


@mutant(
    task="median_filter",
    name="the classes mirrored too",
    hint="np.pad(scores, half) extends both axes. How many classes does your result have?",
)
def classes_mirrored(scores: Array, *, size: int) -> Array:
    return _moving(np.pad(scores, size // 2, mode="symmetric"), size, len(scores))


@mutant(
    task="median_filter",
    name="the ends left as they were",
    hint="Flicker in the first frames of the clip is still there. Which frames does your loop visit?",
)
def ends_not_filtered(scores: Array, *, size: int) -> Array:
    half = size // 2
    result = scores.copy()
    for m in range(half, len(scores) - half):
        result[m] = np.median(scores[m - half : m + half + 1], axis=0)
    return result


@mutant(
    task="median_filter",
    name="the neighbours without the frame itself",
    hint="A window of 3 frames has a middle. How many values do you take the median of?",
)
def without_itself(scores: Array, *, size: int) -> Array:
    half = size // 2
    padded = np.pad(scores, ((half, half), (0, 0)), mode="symmetric")
    windows = [np.delete(padded[m : m + size], half, axis=0) if half else padded[[m]] for m in range(len(scores))]
    return np.array([np.median(window, axis=0) for window in windows])


# ---------------------------------------------------------------- 4.4 a threshold for each class


def _counts(p: Array, t: Array, candidates: Array) -> tuple[Array, Array, Array, Array]:
    """TP, FP, FN and TN of each candidate and class [shape=(candidates, classes)]."""
    active = p[None] >= candidates[:, None, None]
    sounds = (t == 1)[None]
    tp = (active & sounds).sum(axis=1).astype(float)
    fp = (active & ~sounds).sum(axis=1).astype(float)
    fn = (~active & sounds).sum(axis=1).astype(float)
    return tp, fp, fn, (~active & ~sounds).sum(axis=1).astype(float)


def _f1(p: Array, t: Array, candidates: Array) -> Array:
    tp, fp, fn, _ = _counts(p, t, candidates)
    return np.asarray(2 * tp / np.maximum(2 * tp + fp + fn, 1))


def _highest(scores: Array, candidates: Array) -> Array:
    """The highest of the best candidates of each class."""
    return np.asarray(candidates[len(candidates) - 1 - scores[::-1].argmax(axis=0)])


@mutant(
    task="class_thresholds",
    name="one threshold for all classes",
    hint="The probabilities of one class are all below 0.4, and those of another all above 0.6. Which single threshold "
    "suits both?",
)
def one_for_all(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    tp, fp, fn, _ = (count.sum(axis=1) for count in _counts(probabilities, targets, candidates))
    best = _highest((2 * tp / np.maximum(2 * tp + fp + fn, 1))[:, None], candidates)
    return np.full(probabilities.shape[1], best[0])


@mutant(
    task="class_thresholds",
    name="the best mean F, one threshold for all classes",
    hint="You average F over the classes before you choose. How many thresholds can that give?",
)
def best_mean(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    mean = _f1(probabilities, targets, candidates).mean(axis=1, keepdims=True)
    return np.full(probabilities.shape[1], _highest(mean, candidates)[0])


@mutant(
    task="class_thresholds",
    name="the share of right frames instead of F",
    hint="A class sounds in 5 % of the frames. How often is a detector right that always says no?",
)
def accuracy(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    tp, _, _, tn = _counts(probabilities, targets, candidates)
    return _highest(tp + tn, candidates)


@mutant(
    task="class_thresholds",
    name="the best recall",
    hint="A detector that always says yes misses nothing. Which threshold has the best recall?",
)
def recall(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    tp, _, fn, _ = _counts(probabilities, targets, candidates)
    return _highest(tp / np.maximum(tp + fn, 1), candidates)


@mutant(
    task="class_thresholds",
    name="the best precision",
    hint="A detector that says yes only when it is certain is always right. How much does it miss?",
)
def precision(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    tp, fp, _, _ = _counts(probabilities, targets, candidates)
    return _highest(tp / np.maximum(tp + fp, 1), candidates)


@mutant(
    task="class_thresholds",
    name="the largest hit rate minus false alarm rate",
    hint="That is Youden's index, a point of the ROC curve. For a rare class, how many false alarms per hit does it "
    "allow?",
)
def youden(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    tp, fp, fn, tn = _counts(probabilities, targets, candidates)
    return _highest(tp / np.maximum(tp + fn, 1) - fp / np.maximum(fp + tn, 1), candidates)


@mutant(
    task="class_thresholds",
    name="the lowest of equally good candidates",
    hint="argmax returns the first of several maxima, and so does a comparison with >. Which candidate does the task "
    "ask for?",
)
def lowest(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    return np.asarray(candidates[_f1(probabilities, targets, candidates).argmax(axis=0)])


@mutant(
    task="class_thresholds",
    name="a frame exactly at the threshold that is not active",
    hint="Active means p ≥ θ. Which comparison do you use?",
)
def strictly_above(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    active = probabilities[None] > candidates[:, None, None]
    twice = 2.0 * (active & (targets == 1)).sum(axis=1)
    return _highest(twice / np.maximum(active.sum(axis=1) + (targets == 1).sum(axis=0), 1), candidates)


@mutant(
    task="class_thresholds",
    name="0.5 for every class",
    hint="What does 0.5 mean for a class whose probabilities never exceed 0.4?",
)
def always_half(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    return np.full(probabilities.shape[1], 0.5)


@mutant(
    task="class_thresholds",
    name="the number of the candidate instead of its value",
    hint="argmax returns a position. Which threshold stands at this position?",
)
def positions(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    scores = _f1(probabilities, targets, candidates)
    return len(candidates) - 1 - scores[::-1].argmax(axis=0)


@mutant(
    task="class_thresholds",
    name="the best F instead of the threshold that reaches it",
    hint="You return how good the threshold is. Which number does the detector need?",
)
def the_score_itself(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    return np.asarray(_f1(probabilities, targets, candidates).max(axis=0))


@mutant(
    task="class_thresholds",
    name="0 / 0 that became NaN",
    hint="Nothing is active at the highest threshold, so precision is 0 / 0. What does argmax make of NaN?",
)
def not_a_number(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    tp, fp, fn, _ = _counts(probabilities, targets, candidates)
    with np.errstate(all="ignore"):
        precise, hit = tp / (tp + fp), tp / (tp + fn)
        return _highest(2 * precise * hit / (precise + hit), candidates)


@mutant(
    task="class_thresholds",
    name="precision and recall averaged without weighing",
    hint="Precision 1 and recall 0 have a mean of ½. What is their harmonic mean, F?",
)
def arithmetic_mean(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    tp, fp, fn, _ = _counts(probabilities, targets, candidates)
    return _highest(tp / np.maximum(tp + fp, 1) + tp / np.maximum(tp + fn, 1), candidates)


@mutant(
    task="class_thresholds",
    name="the mean between the two groups of frames",
    hint="Halfway between two means is not where F is best, and it is not one of the candidates. What was to be "
    "maximised?",
)
def halfway(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    with np.errstate(all="ignore"):
        inside = (probabilities * targets).sum(axis=0) / targets.sum(axis=0)
        outside = (probabilities * (1 - targets)).sum(axis=0) / (1 - targets).sum(axis=0)
    return np.asarray((inside + outside) / 2)


@mutant(
    task="class_thresholds",
    name="0.5 for a class that never sounds",
    hint="All candidates are equally good for this class: F is 0 for each. Which of equals does the text ask for?",
)
def half_for_silence(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    chosen = _highest(_f1(probabilities, targets, candidates), candidates)
    return np.where(targets.any(axis=0), chosen, 0.5)


@mutant(
    task="class_thresholds",
    name="the lowest candidate where F is 0 everywhere",
    hint="Your search starts from the first candidate and moves only if F is above 0. Which of equals is the highest?",
)
def lowest_for_silence(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    scores = _f1(probabilities, targets, candidates)
    return np.where(scores.max(axis=0) > 0, _highest(scores, candidates), candidates[0])


@mutant(
    task="class_thresholds",
    name="a probability of the data instead of a candidate",
    hint="Your threshold is the p of some frame. Which thresholds were you given to try?",
)
def thresholds_of_the_data(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    columns = zip(probabilities.T[:, :, None], targets.T[:, :, None], strict=True)
    return np.array([_highest(_f1(p, t, np.unique(p)), np.unique(p))[0] for p, t in columns])


@mutant(
    task="class_thresholds",
    name="the mean of two Fs, of active and of inactive frames",
    hint="average='macro' also counts how well silence is found. Which frames does TP count?",
)
def macro_f1(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    tp, fp, fn, tn = _counts(probabilities, targets, candidates)
    silent = 2 * tn / np.maximum(2 * tn + fp + fn, 1)
    return _highest(2 * tp / np.maximum(2 * tp + fp + fn, 1) + silent, candidates)


@mutant(
    task="class_thresholds",
    name="F rounded before the comparison",
    hint="Two candidates have an F of 0.571 and 0.574. Are they equally good?",
)
def rounded_f1(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    return _highest(_f1(probabilities, targets, candidates).round(2), candidates)


@mutant(
    task="class_thresholds",
    name="the middle one of equally good candidates",
    hint="Several candidates reach the best F. Which of them does the text ask for, and why?",
)
def middle_of_the_best(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    scores = _f1(probabilities, targets, candidates)
    best = [np.flatnonzero(column == column.max()) for column in scores.T]
    return np.array([candidates[indices[len(indices) // 2]] for indices in best])


@mutant(
    task="class_thresholds",
    name="a search that ends where F falls for the first time",
    hint="F falls and then rises again. How many candidates have you not tried?",
)
def first_fall(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    chosen = []
    for column in _f1(probabilities, targets, candidates).T:
        falls = np.flatnonzero(np.diff(column) < 0)
        chosen.append(candidates[falls[0] if falls.size else -1])
    return np.array(chosen)


@mutant(
    task="class_thresholds",
    name="as many active frames as sounding frames",
    hint="Precision and recall are equal at your threshold. Is F largest there?",
)
def break_even(probabilities: Array, targets: Array, *, candidates: Array) -> Array:
    _, fp, fn, _ = _counts(probabilities, targets, candidates)
    return _highest(-np.abs(fp - fn), candidates)


# ---------------------------------------------------------------- 4.5 from frames to events


def _runs(decisions: Array) -> list[tuple[int, int]]:
    """First frame and last frame of each run."""
    runs: list[list[int]] = []
    for m in np.flatnonzero(decisions).tolist():
        if runs and runs[-1][1] == m - 1:
            runs[-1][1] = m
        else:
            runs.append([m, m])
    return [(first, last) for first, last in runs]


def _events(active: Array, classes: Sequence[str], times: Callable[[int, int], tuple[float, float]]) -> Events:
    """Events of all classes by what times(first, last) gives, sorted by start."""
    events = [(*times(*run), label) for label, column in zip(classes, active.T, strict=True) for run in _runs(column)]
    return sorted(events, key=lambda event: event[0])


@mutant(
    task="events_from_frames",
    name="an end at the beginning of the last frame",
    hint="One active frame lasts 40 ms. How long is the event that you make of it?",
)
def ends_too_early(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return _events(active, classes, lambda m, n: (m * frame_seconds, n * frame_seconds))


@mutant(
    task="events_from_frames",
    name="times of the frames' centres",
    hint="Frame m lasts from m · d to (m + 1) · d. From where to where does an event of one frame last?",
)
def centres_of_frames(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return _events(active, classes, lambda m, n: ((m + 0.5) * frame_seconds, (n + 0.5) * frame_seconds))


@mutant(
    task="events_from_frames",
    name="a start one frame late",
    hint="np.diff at position m compares frame m with frame m + 1. In which of the two does the event begin?",
)
def late_start(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return _events(active, classes, lambda m, n: ((m + 1) * frame_seconds, (n + 1) * frame_seconds))


@mutant(
    task="events_from_frames",
    name="an end one frame late",
    hint="The event ends where the first inactive frame begins. Which frame is that?",
)
def late_end(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return _events(active, classes, lambda m, n: (m * frame_seconds, (n + 2) * frame_seconds))


@mutant(
    task="events_from_frames",
    name="numbers of frames instead of seconds",
    hint="Frame 100 is not at 100 s. How long is a frame?",
)
def frame_numbers(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return _events(active, classes, lambda m, n: (m, n + 1))


@mutant(
    task="events_from_frames",
    name="a duration instead of an end",
    hint="The second number is the time at which the event ends. What is yours?",
)
def durations(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return _events(active, classes, lambda m, n: (m * frame_seconds, (n + 1 - m) * frame_seconds))


@mutant(
    task="events_from_frames",
    name="an event that touches the end of the clip lost",
    hint="After the last frame there is no change from active to inactive. Who closes the event?",
)
def end_lost(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    events = _events(active, classes, lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds))
    return [event for event in events if event[1] < len(active) * frame_seconds - 1e-9]


@mutant(
    task="events_from_frames",
    name="an event that touches the start of the clip lost",
    hint="Before frame 0 there is no change from inactive to active. Who opens the event?",
)
def start_lost(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    events = _events(active, classes, lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds))
    return [event for event in events if event[0] > 0]


@mutant(
    task="events_from_frames",
    name="events that touch an end of the clip lost",
    hint="np.diff sees only changes inside the clip. Which change is there at an event that lasts from its first "
    "frame?",
)
def both_ends_lost(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    events = _events(active, classes, lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds))
    return [event for event in events if event[0] > 0 and event[1] < len(active) * frame_seconds - 1e-9]


@mutant(
    task="events_from_frames",
    name="only one class per frame",
    hint="argmax leaves one class per frame. What becomes of rain during a siren?",
)
def argmax_per_frame(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    first = np.zeros_like(active)
    first[np.arange(len(active)), active.argmax(axis=1)] = True
    return _events(first & active, classes, lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds))


@mutant(
    task="events_from_frames",
    name="overlapping events of different classes merged",
    hint="Two classes sound at once. How many events are these, and which label does yours have?",
)
def classes_merged(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return [
        (m * frame_seconds, (n + 1) * frame_seconds, classes[int(active[m].argmax())])
        for m, n in _runs(active.any(axis=1))
    ]


@mutant(
    task="events_from_frames",
    name="events class by class, not sorted",
    hint="Your events come one class after the other. In which order does a listener hear them?",
)
def not_in_order(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return [
        (m * frame_seconds, (n + 1) * frame_seconds, label)
        for label, decisions in zip(classes, active.T, strict=True)
        for m, n in _runs(decisions)
    ]


@mutant(
    task="events_from_frames",
    name="events sorted by their label or end where they start together",
    hint="sorted compares the ends, then the labels, where the starts are equal. Which order does the task ask for?",
)
def sorted_as_tuples(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return sorted(_events(active, classes, lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds)))


@mutant(
    task="events_from_frames",
    name="one event per class, from its first frame to its last",
    hint="The dog barks at the beginning and at the end. Does it bark in between?",
)
def first_to_last(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    events = []
    for label, decisions in zip(classes, active.T, strict=True):
        frames = np.flatnonzero(decisions)
        if frames.size:
            events.append((float(frames[0] * frame_seconds), float((frames[-1] + 1) * frame_seconds), label))
    return sorted(events, key=lambda event: event[0])


@mutant(
    task="events_from_frames",
    name="one event per class, as long as the clip",
    hint="You return tags: what occurs in the clip. When does it occur?",
)
def tags_as_events(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    seconds = len(active) * frame_seconds
    return [(0.0, seconds, label) for label, decisions in zip(classes, active.T, strict=True) if decisions.any()]


@mutant(
    task="events_from_frames",
    name="a gap of one frame closed",
    hint="Closing gaps is the task of the median filter. What does this stage do with a single inactive frame?",
)
def gaps_closed(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    closed = active.copy()
    closed[1:-1] |= active[:-2] & active[2:]
    return _events(closed, classes, lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds))


@mutant(
    task="events_from_frames",
    name="single frames dropped",
    hint="Dropping flicker is the task of the median filter. What does this stage do with a single active frame?",
)
def single_frames_dropped(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    events = _events(active, classes, lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds))
    return [event for event in events if event[1] - event[0] > 1.5 * frame_seconds]


@mutant(
    task="events_from_frames",
    name="the number of the class instead of its name",
    hint="A reader cannot know what class 2 is. Where are the names?",
)
def numbers_for_names(active: Array, *, classes: list[str], frame_seconds: float) -> list[tuple[float, float, int]]:
    events = _events(active, classes, lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds))
    return [(start, end, classes.index(label)) for start, end, label in events]


@mutant(
    task="events_from_frames",
    name="runs that go from one class into the next",
    hint="A flattened matrix puts the first frame of the next class right after the last one of this class. Is that "
    "one event?",
)
def flattened(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    frames = len(active)
    events = []
    for m, n in _runs(active.T.ravel()):
        c = m // frames
        events.append(((m - c * frames) * frame_seconds, (n + 1 - c * frames) * frame_seconds, classes[c]))
    return sorted(events, key=lambda event: event[0])


@mutant(
    task="events_from_frames",
    name="times rounded to hundredths of a second",
    hint="A frame of another network lasts 11.6 ms. What becomes of its edges in hundredths of a second?",
)
def rounded_times(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return _events(active, classes, lambda m, n: (round(m * frame_seconds, 2), round((n + 1) * frame_seconds, 2)))


@mutant(
    task="events_from_frames",
    name="an event cut where another class starts or ends",
    hint="It rains, and a dog barks meanwhile. Does the rain start again when the dog stops?",
)
def cut_by_others(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    changes = np.flatnonzero((active[1:] != active[:-1]).any(axis=1)) + 1
    edges = [0, *changes.tolist(), len(active)]
    return [
        (m * frame_seconds, n * frame_seconds, label)
        for m, n in pairwise(edges)
        if m < n
        for label, sounds in zip(classes, active[m], strict=True)
        if sounds
    ]


@mutant(
    task="events_from_frames",
    name="classes in alphabetical order",
    hint="Column 0 belongs to classes[0]. Do you sort the names, and not the columns?",
)
def sorted_names(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    return _events(active, sorted(classes), lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds))


@mutant(
    task="events_from_frames",
    name="a start in frame 0 taken for no start",
    hint="`if start:` is false for start = 0. What do you set it to while nothing sounds?",
)
def zero_is_nothing(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    events = []
    for label, column in zip(classes, active.T.tolist(), strict=True):
        start = 0
        for m, sounds in enumerate([*column, False]):
            if sounds and not start:
                start = m
            elif start and not sounds:
                events.append((start * frame_seconds, m * frame_seconds, label))
                start = 0
    return sorted(events, key=lambda event: event[0])


@mutant(
    task="events_from_frames",
    name="events sorted by their end",
    hint="A long event starts before a short one and ends after it. Which of them comes first?",
)
def sorted_by_end(active: Array, *, classes: list[str], frame_seconds: float) -> Events:
    events = _events(active, classes, lambda m, n: (m * frame_seconds, (n + 1) * frame_seconds))
    return sorted(events, key=lambda event: event[1])


# ---------------------------------------------------------------- 4.6 event-based F


def _may_match(reference: LabelledSegment, event: LabelledSegment, collar: float, share: float) -> bool:
    start, end, label = reference
    late = max(collar, share * (end - start))
    return event[2] == label and abs(event[0] - start) <= collar and abs(event[1] - end) <= late


Fits = Callable[[LabelledSegment, LabelledSegment, float, float], bool]


def _matched(reference: Events, estimated: Events, collar: float, share: float, fits: Fits = _may_match) -> int:
    """The largest number of pairs."""
    matrix = np.array([[fits(r, e, collar, share) for e in estimated] for r in reference], dtype=float)
    matrix = matrix.reshape(len(reference), len(estimated))
    return int(matrix[linear_sum_assignment(matrix, maximize=True)].sum())


def _micro(references: Files, estimates: Files, collar: float, share: float, fits: Fits = _may_match) -> float:
    matched = sum(_matched(r, e, collar, share, fits) for r, e in zip(references, estimates, strict=True))
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="greedy matching in the order of the lists",
    hint="The first that fits is taken from another event that has nothing else. How many pairs are possible?",
)
def greedy(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = 0
    for reference, estimated in zip(references, estimates, strict=True):
        free = list(estimated)
        for event in reference:
            partner = next((each for each in free if _may_match(event, each, collar, share)), None)
            if partner is not None:
                free.remove(partner)
                matched += 1
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="greedy matching with the nearest start",
    hint="Three shots, all found 0.13 s early: the nearest to the first shot is the second one found. What is left "
    "for the last?",
)
def greedy_nearest(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = 0
    for reference, estimated in zip(references, estimates, strict=True):
        free = list(estimated)
        for event in sorted(reference):
            fitting = [each for each in free if _may_match(event, each, collar, share)]
            if fitting:
                free.remove(min(fitting, key=lambda each: abs(each[0] - event[0])))
                matched += 1
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="one estimated event matched to two references",
    hint="Two shots, one found event between them. How many shots were found?",
)
def matched_twice(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = sum(
        any(_may_match(event, each, collar, share) for each in estimated)
        for reference, estimated in zip(references, estimates, strict=True)
        for event in reference
    )
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="two estimated events matched to one reference",
    hint="One shot, found twice. How many of the two are right?",
)
def counted_from_estimates(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = sum(
        any(_may_match(event, each, collar, share) for event in reference)
        for reference, estimated in zip(references, estimates, strict=True)
        for each in estimated
    )
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="every pair that fits counted",
    hint="Two shots and two found events close to each other give four pairs that fit. How many events are there?",
)
def all_pairs(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = sum(
        _may_match(event, each, collar, share)
        for reference, estimated in zip(references, estimates, strict=True)
        for event in reference
        for each in estimated
    )
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="F averaged over the files",
    hint="A file with one event and a file with twenty: how much does one event weigh in each? Add up first.",
)
def mean_over_files(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    return float(np.mean([_micro([r], [e], collar, share) for r, e in zip(references, estimates, strict=True)]))


@mutant(
    task="event_f1",
    name="events matched across files",
    hint="An event at 1 s in one file was not found by an estimate at 1 s in another. Which lists may be compared?",
)
def files_mixed(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    return _micro([list(chain(*references))], [list(chain(*estimates))], collar, share)


@mutant(
    task="event_f1",
    name="labels that do not matter",
    hint="A siren was found where it rained, at the right time. Is that right?",
)
def any_label(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        return _may_match(r, (e[0], e[1], r[2]), collar, share)

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="ends that do not matter",
    hint="An event of one second was found as one of a minute, with the right start. Is that right?",
)
def starts_only(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        return e[2] == r[2] and abs(e[0] - r[0]) <= collar

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="starts that do not matter",
    hint="The end of the event was found, but its start was missed by seconds. Is that right?",
)
def ends_only(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        return e[2] == r[2] and abs(e[1] - r[1]) <= max(collar, share * (r[1] - r[0]))

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="only the collar for the end",
    hint="Rain fades out for seconds. How exactly can anyone say when it ends? The tolerance grows with the duration.",
)
def collar_only(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    return _micro(references, estimates, collar, 0.0)


@mutant(
    task="event_f1",
    name="only the share of the duration for the end",
    hint="Half of a shot of 0.1 s is 0.05 s. Which of the two tolerances applies when the event is short?",
)
def share_only(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        return e[2] == r[2] and abs(e[0] - r[0]) <= collar and abs(e[1] - r[1]) <= share * (r[1] - r[0])

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="the smaller of the two tolerances for the end",
    hint="max or min: which of the two makes the tolerance of a long event larger?",
)
def smaller_tolerance(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        late = min(collar, share * (r[1] - r[0]))
        return e[2] == r[2] and abs(e[0] - r[0]) <= collar and abs(e[1] - r[1]) <= late

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="a share of the estimated event's duration",
    hint="A system that reports longer events would get more tolerance. Which of the two durations is given, and not "
    "claimed?",
)
def share_of_the_estimate(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        late = max(collar, share * (e[1] - e[0]))
        return e[2] == r[2] and abs(e[0] - r[0]) <= collar and abs(e[1] - r[1]) <= late

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="the tolerance of the end for the start too",
    hint="An event of ten seconds, found five seconds late. How large is the tolerance of the start?",
)
def wide_start(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        late = max(collar, share * (r[1] - r[0]))
        return e[2] == r[2] and abs(e[0] - r[0]) <= late and abs(e[1] - r[1]) <= late

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="starts that may be early but not late",
    hint="The difference has a sign in your comparison. Where is the absolute value?",
)
def early_only(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        late = max(collar, share * (r[1] - r[0]))
        return e[2] == r[2] and r[0] - e[0] <= collar and abs(e[1] - r[1]) <= late and e[0] <= r[0]

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="exactly the collar taken for too late",
    hint="|Δ start| ≤ collar: does a start that is late by exactly the collar count?",
)
def strictly_within(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        late = max(collar, share * (r[1] - r[0]))
        return e[2] == r[2] and abs(e[0] - r[0]) < collar and abs(e[1] - r[1]) < late

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="any overlap taken for a match",
    hint="An event that was found two seconds late still overlaps. What does the collar ask for?",
)
def overlap_is_enough(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        return e[2] == r[2] and min(r[1], e[1]) > max(r[0], e[0])

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="recall instead of F",
    hint="You divide by the events of the reference. What do false alarms cost?",
)
def recall_of_events(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = sum(_matched(r, e, collar, share) for r, e in zip(references, estimates, strict=True))
    events = sum(map(len, references))
    return matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="precision instead of F",
    hint="You divide by the estimated events. What do missed events cost?",
)
def precision_of_events(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = sum(_matched(r, e, collar, share) for r, e in zip(references, estimates, strict=True))
    events = sum(map(len, estimates))
    return matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="TP / (TP + FP + FN)",
    hint="That is the share of right events among all that exist or were reported. How often does F count TP?",
)
def jaccard(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = sum(_matched(r, e, collar, share) for r, e in zip(references, estimates, strict=True))
    events = sum(map(len, references)) + sum(map(len, estimates))
    return matched / (events - matched) if events else 1.0


@mutant(
    task="event_f1",
    name="0 where there are no events at all",
    hint="Nothing was to be found, and nothing was reported. What was wrong about that?",
)
def silence_is_zero(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    events = sum(map(len, references)) + sum(map(len, estimates))
    return _micro(references, estimates, collar, share) if events else 0.0


@mutant(
    task="event_f1",
    name="a division by the number of no events",
    hint="No event in the reference and none reported: what is 0 / 0?",
)
def divides_by_zero(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = sum(_matched(r, e, collar, share) for r, e in zip(references, estimates, strict=True))
    return 2 * matched / (sum(map(len, references)) + sum(map(len, estimates)))


@mutant(
    task="event_f1",
    name="durations compared instead of ends",
    hint="A shot of the right duration is found 0.15 s late, and another ends 0.3 s late. Which differences does the "
    "text bound?",
)
def durations_compared(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        late = max(collar, share * (r[1] - r[0]))
        right = abs((e[1] - e[0]) - (r[1] - r[0])) <= late
        return e[2] == r[2] and abs(e[0] - r[0]) <= collar and right

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="the two tolerances of the end added",
    hint="“Whichever is more”: what does max do that + does not?",
)
def added_tolerances(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        late = collar + share * (r[1] - r[0])
        return e[2] == r[2] and abs(e[0] - r[0]) <= collar and abs(e[1] - r[1]) <= late

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="intersection over union",
    hint="Half of the union is enough for you, however late the start is. Which two differences does the text bound?",
)
def intersection_over_union(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def fits(r: LabelledSegment, e: LabelledSegment, collar: float, share: float) -> bool:
        common = min(r[1], e[1]) - max(r[0], e[0])
        return e[2] == r[2] and common >= share * (max(r[1], e[1]) - min(r[0], e[0]))

    return _micro(references, estimates, collar, share, fits)


@mutant(
    task="event_f1",
    name="0.2 s and one half, whatever collar and share are",
    hint="Someone asks for a collar of 0.25 s. Where does your function use the collar that it was given?",
)
def fixed_tolerances(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    return _micro(references, estimates, 0.2, 0.5)


@mutant(
    task="event_f1",
    name="F averaged over the classes",
    hint="A class with one event and a class with twenty: how much does one event weigh in each? Add up first.",
)
def mean_over_classes(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    def only(files: Files, label: str) -> Files:
        return [[event for event in events if event[2] == label] for events in files]

    labels = sorted({event[2] for events in [*references, *estimates] for event in events})
    each = [_micro(only(references, label), only(estimates, label), collar, share) for label in labels]
    return float(np.mean(each)) if each else 1.0


@mutant(
    task="event_f1",
    name="files left out in which one list is empty",
    hint="Nothing was found in one file. Its events were missed: where are they in your sum?",
)
def empty_files_left_out(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    files = [(r, e) for r, e in zip(references, estimates, strict=True) if r and e]
    return _micro([r for r, _ in files], [e for _, e in files], collar, share)


@mutant(
    task="event_f1",
    name="a division by the number of estimated events",
    hint="Nothing was found, so precision is 0 / 0. Does the formula with 2 TP need precision?",
)
def precision_of_nothing(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = sum(_matched(r, e, collar, share) for r, e in zip(references, estimates, strict=True))
    precision = matched / sum(map(len, estimates))
    recall = matched / sum(map(len, references))
    return 2 * precision * recall / (precision + recall)


@mutant(
    task="event_f1",
    name="first with first, second with second",
    hint="One false alarm at the beginning shifts all the others. With which events may an estimate be matched?",
)
def in_pairs(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = sum(
        _may_match(r, e, collar, share)
        for reference, estimated in zip(references, estimates, strict=True)
        for r, e in zip(sorted(reference), sorted(estimated), strict=False)
    )
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="pairs with the smallest differences, tested afterwards",
    hint="The assignment with the smallest sum of differences pairs rain with a siren. What must a pair fulfil before "
    "it enters the assignment?",
)
def assigned_then_tested(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = 0
    for reference, estimated in zip(references, estimates, strict=True):
        late = [[abs(e[0] - r[0]) for e in estimated] for r in reference]
        costs = np.array(late, dtype=float).reshape(len(reference), len(estimated))
        pairs = zip(*linear_sum_assignment(costs), strict=True)
        matched += sum(_may_match(reference[i], estimated[j], collar, share) for i, j in pairs)
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0


@mutant(
    task="event_f1",
    name="an event given up after the first estimate that does not fit",
    hint="An event is found in two pieces, and only the second ends near enough. Which pieces do you try?",
)
def given_up(references: Files, estimates: Files, *, collar: float = 0.2, share: float = 0.5) -> float:
    matched = 0
    for reference, estimated in zip(references, estimates, strict=True):
        for label in {event[2] for event in reference}:
            waiting = sorted(event for event in reference if event[2] == label)
            found = sorted(event for event in estimated if event[2] == label)
            while waiting and found:
                fits = _may_match(waiting[0], found[0], collar, share)
                matched += fits
                early = found[0][0] < waiting[0][0]
                if fits or not early:
                    waiting.pop(0)
                if fits or early:
                    found.pop(0)
    events = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * matched / events if events else 1.0
