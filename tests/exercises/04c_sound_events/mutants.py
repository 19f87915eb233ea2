"""Misconceptions about F by segments, pooling and intersections, as answers that people really give."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array = np.ndarray
Events = list[tuple[float, float, str]]
Files = list[Events]

# ---------------------------------------------------------------- 4c.1 segments


def cells(
    files: Files,
    seconds: float,
    *,
    first: Callable[[float], int] = math.floor,
    last: Callable[[float], int] = math.ceil,
) -> set[tuple[int, int, str]]:
    return {
        (number, k, label)
        for number, events in enumerate(files)
        for start, end, label in events
        for k in range(first(start / seconds), last(end / seconds))
    }


def f_of(ours: set, theirs: set) -> float:
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours or theirs else 1.0


@mutant(
    task="segment_f1",
    name="the last, partly filled segment left out",
    hint="An event ends at 3.2 s. Is the class active in the segment from 3 to 4 s?",
)
def last_segment_lost(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = (cells(files, segment_seconds, last=math.floor) for files in (references, estimates))
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="one segment too many at a boundary",
    hint="An event ends at exactly 2 s. Does any of it lie in the segment that begins at 2 s?",
)
def beyond_the_boundary(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = (cells(files, segment_seconds, last=lambda x: int(x) + 1) for files in (references, estimates))
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="the first, partly filled segment left out",
    hint="An event begins at 0.5 s. Is the class active in the segment from 0 to 1 s?",
)
def first_segment_lost(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = (cells(files, segment_seconds, first=math.ceil) for files in (references, estimates))
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="times rounded to the nearest segment",
    hint="An event from 0.6 to 1.4 s touches two segments. How many are left after rounding both ends?",
)
def rounded(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = (cells(files, segment_seconds, first=round, last=round) for files in (references, estimates))
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="segments of a second, whatever is asked for",
    hint="What does your function do with segment_seconds?",
)
def always_a_second(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    return f_of(cells(references, 1.0), cells(estimates, 1.0))


@mutant(
    task="segment_f1",
    name="labels that do not matter",
    hint="A siren is reported where it rains. Is that segment a hit?",
)
def without_labels(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = ({cell[:2] for cell in cells(files, segment_seconds)} for files in (references, estimates))
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="recordings laid on top of each other",
    hint="The dog barks in the first recording and is reported in the second, at the same time. Is that a hit?",
)
def recordings_mixed(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = ({cell[1:] for cell in cells(files, segment_seconds)} for files in (references, estimates))
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="the mean of the F of each recording",
    hint="One recording has 8 active segments, another has 1. Should both weigh the same here?",
)
def mean_of_recordings(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    values = [
        f_of(cells([reference], segment_seconds), cells([estimated], segment_seconds))
        for reference, estimated in zip(references, estimates, strict=True)
    ]
    return float(np.mean(values))


@mutant(
    task="segment_f1",
    name="the mean of the F of each class",
    hint="That is the macro-average. What does the overall F add up before it divides?",
)
def mean_of_classes(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    values = [
        f_of({cell for cell in ours if cell[2] == label}, {cell for cell in theirs if cell[2] == label})
        for label in sorted({cell[2] for cell in ours | theirs})
    ]
    return float(np.mean(values)) if values else 1.0


@mutant(
    task="segment_f1",
    name="an F by events taken for an F by segments",
    hint="A siren of ten seconds is found. Is that one hit, or ten?",
)
def events_counted(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    hits = 0
    for reference, estimated in zip(references, estimates, strict=True):
        hits += sum(
            any(other[2] == event[2] and abs(other[0] - event[0]) <= segment_seconds for other in estimated)
            for event in reference
        )
    number = sum(map(len, references)) + sum(map(len, estimates))
    return 2 * hits / number if number else 1.0


@mutant(
    task="segment_f1",
    name="two events in a segment counted twice",
    hint="A dog barks twice within one second. How often is the class 'dog' active in that segment?",
)
def counted_twice(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = (
        Counter(
            (number, k, label)
            for number, events in enumerate(files)
            for start, end, label in events
            for k in range(math.floor(start / segment_seconds), math.ceil(end / segment_seconds))
        )
        for files in (references, estimates)
    )
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0


@mutant(
    task="segment_f1",
    name="the share of the union instead of F",
    hint="Intersection over union is a different measure. Which number stands below the fraction in F?",
)
def intersection_over_union(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 1.0


@mutant(
    task="segment_f1",
    name="the recall instead of F",
    hint="A detector that reports every class all the time finds everything. Should its score be 1?",
)
def recall_alone(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    return len(ours & theirs) / len(ours) if ours else float(not theirs)


@mutant(
    task="segment_f1",
    name="the precision instead of F",
    hint="A detector that reports a single sure segment is always right. Should its score be 1?",
)
def precision_alone(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    return len(ours & theirs) / len(theirs) if theirs else float(not ours)


@mutant(
    task="segment_f1",
    name="the accuracy over segments instead of F",
    hint="Most segments hold no event. What does a detector that never reports anything score with you?",
)
def accuracy(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    labels = {cell[2] for cell in ours | theirs}
    length = max((cell[1] + 1 for cell in ours | theirs), default=1)
    total = len(references) * length * len(labels)
    return 1 - len(ours ^ theirs) / total if total else 1.0


@mutant(
    task="segment_f1",
    name="0 where there is nothing to find",
    hint="Silence, and the detector reports nothing. Was anything wrong with that?",
)
def silence_is_0(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    return 2 * len(ours & theirs) / max(1, len(ours) + len(theirs))


@mutant(
    task="segment_f1",
    name="ten seconds, however long the recording is",
    hint="A recording lasts two minutes. In which segments does your function look for events?",
)
def ten_seconds(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    def first_ten(files: Files) -> set[tuple[int, int, str]]:
        return {cell for cell in cells(files, segment_seconds) if cell[1] < math.ceil(10 / segment_seconds)}

    return f_of(first_ten(references), first_ten(estimates))


@mutant(
    task="segment_f1",
    name="nothing after the last event of the reference",
    hint="A false alarm comes after the last true event. Is there a segment for it in your table?",
)
def as_long_as_the_reference(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours = cells(references, segment_seconds)
    last = {number: max(k for n, k, _ in ours if n == number) for number in {n for n, _, _ in ours}}
    theirs = {cell for cell in cells(estimates, segment_seconds) if cell[1] <= last.get(cell[0], -1)}
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="only the classes that occur in the reference",
    hint="A siren is reported in a recording that has none. Which false alarms are missing in your sum?",
)
def classes_of_the_reference(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    labels = {label for events in references for _, _, label in events}
    known = [[event for event in events if event[2] in labels] for events in estimates]
    return f_of(cells(references, segment_seconds), cells(known, segment_seconds))


@mutant(
    task="segment_f1",
    name="seconds in common instead of segments",
    hint="An event touches a segment for a tenth of a second. Is the class active in the segment, or a tenth of it?",
)
def by_seconds(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    def seconds(files: Files) -> float:
        return sum(end - start for events in files for start, end, _ in events)

    both = sum(
        max(0.0, min(a[1], b[1]) - max(a[0], b[0]))
        for ours, theirs in zip(references, estimates, strict=True)
        for a in ours
        for b in theirs
        if a[2] == b[2]
    )
    total = seconds(references) + seconds(estimates)
    return 2 * both / total if total else 1.0


@mutant(
    task="segment_f1",
    name="only segments of which an event covers at least half",
    hint="A bark of 0.2 s lies in the middle of a segment. Does it touch the segment?",
)
def at_least_half(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    def active(files: Files) -> set[tuple[int, int, str]]:
        return {
            (number, k, label)
            for number, k, label in cells(files, segment_seconds)
            if any(
                own == label
                and min(end, (k + 1) * segment_seconds) - max(start, k * segment_seconds) >= segment_seconds / 2
                for start, end, own in files[number]
            )
        }

    return f_of(active(references), active(estimates))


@mutant(
    task="segment_f1",
    name="an end of the count at the first silent recording",
    hint="The first recording is silent and nothing is reported in it. Who looks at the recordings that follow?",
)
def ends_at_silence(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    hits = number = 0
    for reference, estimated in zip(references, estimates, strict=True):
        if not reference and not estimated:
            return 1.0
        ours, theirs = cells([reference], segment_seconds), cells([estimated], segment_seconds)
        hits += len(ours & theirs)
        number += len(ours) + len(theirs)
    return 2 * hits / number if number else 1.0


@mutant(
    task="segment_f1",
    name="a silent recording counted as a hit",
    hint="A silent recording in which nothing is reported: how many active pairs (segment, class) does it add?",
)
def silence_is_a_hit(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    silent = sum(not a and not b for a, b in zip(references, estimates, strict=True))
    return 2 * (len(ours & theirs) + silent) / (len(ours) + len(theirs) + 2 * silent)


@mutant(
    task="segment_f1",
    name="only the first recording",
    hint="How often does the body of your loop run before it returns?",
)
def first_recording(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    return f_of(cells(references[:1], segment_seconds), cells(estimates[:1], segment_seconds))


@mutant(
    task="segment_f1",
    name="recordings joined every ten seconds",
    hint="You move recording n by 10 n seconds. Where does an event at 12 s of the first recording end up?",
)
def joined(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    def one_after_another(files: Files) -> Files:
        return [[(a + 10 * n, b + 10 * n, label) for n, events in enumerate(files) for a, b, label in events]]

    ours, theirs = (cells(one_after_another(files), segment_seconds) for files in (references, estimates))
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="recordings without a reference event left out",
    hint="A detector reports a siren in a recording of silence. Where in your sum is that false alarm?",
)
def silent_references_left_out(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    asked = [number for number, events in enumerate(references) if events]
    if not asked:
        return float(not any(estimates))
    ours, theirs = (cells([files[number] for number in asked], segment_seconds) for files in (references, estimates))
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="only the classes that occur in the estimate",
    hint="The detector overlooks every siren, and never reports one. Do the missed sirens lower your F?",
)
def classes_of_the_estimate(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    labels = {label for events in estimates for _, _, label in events}
    known = [[event for event in events if event[2] in labels] for events in references]
    return f_of(cells(known, segment_seconds), cells(estimates, segment_seconds))


@mutant(
    task="segment_f1",
    name="neighbours that are only met at a boundary",
    hint="An event lasts from 2 to 3 s, and you compare with ≤. Does any of it lie in the segment from 3 to 4 s?",
)
def closed_segments(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    def active(files: Files) -> set[tuple[int, int, str]]:
        return {
            (number, k, label)
            for number, events in enumerate(files)
            for start, end, label in events
            for k in range(math.ceil(end / segment_seconds) + 1)
            if start <= (k + 1) * segment_seconds and end >= k * segment_seconds
        }

    return f_of(active(references), active(estimates))


@mutant(
    task="segment_f1",
    name="segments that begin with the event",
    hint="You walk from 0.4 to 3.2 s in steps of 1 s. Does a step fall into the segment from 3 to 4 s?",
)
def steps_from_the_onset(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    def active(files: Files) -> set[tuple[int, int, str]]:
        return {
            (number, int(at // segment_seconds), label)
            for number, events in enumerate(files)
            for start, end, label in events
            for at in np.arange(start, end, segment_seconds)
        }

    return f_of(active(references), active(estimates))


@mutant(
    task="segment_f1",
    name="an end made a millisecond earlier",
    hint="You shorten events that end on a boundary. What becomes of one that ends half a millisecond after it?",
)
def end_made_earlier(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = (
        cells([[(a, b - 1e-3, label) for a, b, label in events] for events in files], segment_seconds)
        for files in (references, estimates)
    )
    return f_of(ours, theirs)


@mutant(
    task="segment_f1",
    name="one event for each label",
    hint="A dictionary has one value for each label. The dog barks at 1 s and at 7 s: what is left of the first bark?",
)
def one_event_for_each_label(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    def one(files: Files) -> Files:
        return [list({event[2]: event for event in events}.values()) for events in files]

    return f_of(cells(one(references), segment_seconds), cells(one(estimates), segment_seconds))


@mutant(
    task="segment_f1",
    name="the mean of the F of each segment",
    hint="One segment has five active classes, another has one. Should both weigh the same here?",
)
def mean_of_segments(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    values = [
        f_of({cell for cell in ours if cell[:2] == place}, {cell for cell in theirs if cell[:2] == place})
        for place in sorted({cell[:2] for cell in ours | theirs})
    ]
    return float(np.mean(values)) if values else 1.0


@mutant(
    task="segment_f1",
    name="a hit counted once instead of twice",
    hint="A perfect detector: TP, N_ref and N_est are equal. What is TP / (N_ref + N_est) then?",
)
def without_the_two(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    return len(ours & theirs) / (len(ours) + len(theirs)) if ours or theirs else 1.0


@mutant(
    task="segment_f1",
    name="a division by 0 where nothing is hit",
    hint="Precision and recall are both 0. By what does their harmonic mean divide? And the formula with TP?",
)
def no_hit_no_number(references: Files, estimates: Files, *, segment_seconds: float = 1.0) -> float:
    ours, theirs = cells(references, segment_seconds), cells(estimates, segment_seconds)
    if not ours and not theirs:
        return 1.0
    precision = len(ours & theirs) / len(theirs) if theirs else 0.0
    recall = len(ours & theirs) / len(ours) if ours else 0.0
    return 2 * precision * recall / (precision + recall)


# ---------------------------------------------------------------- 4c.2 pooling


def without_padding(probabilities: Array, lengths: Array) -> Array:
    real = np.arange(probabilities.shape[1]) < lengths[:, None]
    return np.where(real[:, :, None], probabilities, 0.0)


def divided(a: Array, b: Array) -> Array:
    return np.divide(a, b, out=np.zeros_like(a), where=b > 0)


@mutant(
    task="linear_softmax_pooling",
    name="the mean over the frames",
    hint="A gunshot fills 3 of 250 frames. How large can the mean of its probabilities become?",
)
def mean(probabilities: Array, lengths: Array) -> Array:
    return without_padding(probabilities, lengths).sum(axis=1) / lengths[:, None]


@mutant(
    task="linear_softmax_pooling",
    name="the largest frame",
    hint="With the maximum, how many frames of a clip get a gradient? Which weights does the formula ask for?",
)
def largest(probabilities: Array, lengths: Array) -> Array:
    return without_padding(probabilities, lengths).max(axis=1)


@mutant(
    task="linear_softmax_pooling",
    name="padding that counts",
    hint="The second clip of the batch is shorter. Which frames of its row are real?",
)
def padding_counts(probabilities: Array, lengths: Array) -> Array:
    return divided(np.square(probabilities).sum(axis=1), probabilities.sum(axis=1))


@mutant(
    task="linear_softmax_pooling",
    name="padding that counts in the sum of the weights",
    hint="You leave the padding out of the numerator. And out of the denominator?",
)
def padding_in_the_denominator(probabilities: Array, lengths: Array) -> Array:
    return divided(np.square(without_padding(probabilities, lengths)).sum(axis=1), probabilities.sum(axis=1))


@mutant(
    task="linear_softmax_pooling",
    name="padding multiplied by 0",
    hint="What is 0 times NaN? np.where chooses values instead of multiplying them.",
)
def multiplied_by_the_mask(probabilities: Array, lengths: Array) -> Array:
    real = np.arange(probabilities.shape[1]) < lengths[:, None]
    p = probabilities * real[:, :, None]
    return divided(np.square(p).sum(axis=1), p.sum(axis=1))


@mutant(
    task="linear_softmax_pooling",
    name="an exponential softmax as weights",
    hint="Weights of exp(p) differ by a factor of e at most. How does the linear softmax weigh a frame?",
)
def exponential(probabilities: Array, lengths: Array) -> Array:
    real = np.arange(probabilities.shape[1]) < lengths[:, None]
    p = without_padding(probabilities, lengths)
    weights = np.exp(p) * real[:, :, None]
    return (p * weights).sum(axis=1) / weights.sum(axis=1)


@mutant(
    task="linear_softmax_pooling",
    name="a sum over the classes instead of the frames",
    hint="probabilities has the axes clip, frame, class. Which of them is time?",
)
def over_classes(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    share = divided(p, np.broadcast_to(p.sum(axis=2, keepdims=True), p.shape))
    return (share * p).sum(axis=1)


@mutant(
    task="linear_softmax_pooling",
    name="a clip pooled with the weights of all classes",
    hint="Rain lasts, a shot does not. Should the frames of the shot weigh in the pooling of the rain?",
)
def shared_weights(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    weights = p.sum(axis=2, keepdims=True)
    return divided((p * weights).sum(axis=1), np.broadcast_to(weights.sum(axis=1), (len(p), p.shape[2])).copy())


@mutant(
    task="linear_softmax_pooling",
    name="NaN where a class never sounds",
    hint="All frames are 0, and so is their sum. What does your function return for 0 / 0?",
)
def not_a_number(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    with np.errstate(invalid="ignore"):
        return np.square(p).sum(axis=1) / p.sum(axis=1)


@mutant(
    task="linear_softmax_pooling",
    name="the mean of the squares",
    hint="The weights must add up to 1. By what do you divide, the number of frames or the sum of p?",
)
def mean_square(probabilities: Array, lengths: Array) -> Array:
    return np.square(without_padding(probabilities, lengths)).sum(axis=1) / lengths[:, None]


@mutant(
    task="linear_softmax_pooling",
    name="at least one sure frame: 1 − Π(1 − p)",
    hint="A hundred frames of 0.05 give 0.99 with that formula. Is anything there?",
)
def noisy_or(probabilities: Array, lengths: Array) -> Array:
    return 1 - np.prod(1 - without_padding(probabilities, lengths), axis=1)


@mutant(
    task="linear_softmax_pooling",
    name="a last frame that is left out",
    hint="A clip of 5 frames has the frames 0 to 4. Is frame 4 among yours?",
)
def last_frame_lost(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, np.maximum(lengths - 1, 1))
    return divided(np.square(p).sum(axis=1), p.sum(axis=1))


@mutant(
    task="linear_softmax_pooling",
    name="the root of the mean square",
    hint="Three sure frames in a hundred: how large is the mean of their squares, and its root?",
)
def root_mean_square(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    return np.asarray(np.sqrt(np.square(p).sum(axis=1) / lengths[:, None]))


@mutant(
    task="linear_softmax_pooling",
    name="a sum of the weights that is at least 1",
    hint="You avoid 0 / 0 by a maximum with 1. A clip has one frame with p = 0.3: by what is 0.09 divided?",
)
def divided_by_at_least_one(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    return np.asarray(np.square(p).sum(axis=1) / np.maximum(p.sum(axis=1), 1))


@mutant(
    task="linear_softmax_pooling",
    name="one sum of weights for the whole batch",
    hint="p / p.sum() without an axis: which frames are added up there besides those of this clip and class?",
)
def sum_of_the_batch(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    return np.asarray(np.square(p).sum(axis=1) / (p.sum() or 1))


@mutant(
    task="linear_softmax_pooling",
    name="one sum of weights for all classes of a clip",
    hint="It rains all the time, and there is one sure shot. By whose sum do you divide for the shot?",
)
def sum_of_the_clip(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    total = p.sum(axis=(1, 2))[:, None]
    return divided(np.square(p).sum(axis=1), np.repeat(total, p.shape[2], axis=1))


@mutant(
    task="linear_softmax_pooling",
    name="one frame of padding that counts",
    hint="A clip of 5 frames has the frames 0 to 4. Is frame 5 among yours?",
)
def one_frame_too_many(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths + 1)
    return divided(np.square(p).sum(axis=1), p.sum(axis=1))


@mutant(
    task="linear_softmax_pooling",
    name="the last frames instead of the first",
    hint="The padding follows the real frames. Which end of the array do you keep?",
)
def last_frames(probabilities: Array, lengths: Array) -> Array:
    real = [clip[-n:] for clip, n in zip(probabilities, lengths, strict=True)]
    return np.stack([divided(np.square(clip).sum(axis=0), clip.sum(axis=0)) for clip in real])


@mutant(
    task="linear_softmax_pooling",
    name="the shortest length for every clip",
    hint="Cut to the shortest clip, the batch holds no padding. What happened to the real frames of the longer ones?",
)
def shortest_for_all(probabilities: Array, lengths: Array) -> Array:
    p = probabilities[:, : lengths.min()]
    return divided(np.square(p).sum(axis=1), p.sum(axis=1))


@mutant(
    task="linear_softmax_pooling",
    name="clips sorted by their lengths",
    hint="The first row of the result belongs to the first clip. Which clip is first after sorting by length?",
)
def sorted_by_length(probabilities: Array, lengths: Array) -> Array:
    order = np.argsort(-lengths, kind="stable")
    p = without_padding(probabilities, lengths)[order]
    return divided(np.square(p).sum(axis=1), p.sum(axis=1))


@mutant(
    task="linear_softmax_pooling",
    name="the square of the sum instead of the sum of the squares",
    hint="(Σ p)² / Σ p is just Σ p. What do you square, and what do you add up?",
)
def square_of_the_sum(probabilities: Array, lengths: Array) -> Array:
    return np.asarray(without_padding(probabilities, lengths).sum(axis=1))


@mutant(
    task="linear_softmax_pooling",
    name="a division by the square of the sum",
    hint="The weights p / Σ p add up to 1 already. How often do you divide by Σ p?",
)
def divided_twice(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    return divided(np.square(p).sum(axis=1), p.sum(axis=1) ** 2)


@mutant(
    task="linear_softmax_pooling",
    name="a floor of 0.01 below the sum of the weights",
    hint="You avoid 0 / 0 by a maximum with 0.01. By what do you divide for two frames of 0.003 and 0.001?",
)
def floor_below_the_sum(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    return np.asarray(np.square(p).sum(axis=1) / np.maximum(p.sum(axis=1), 0.01))


@mutant(
    task="linear_softmax_pooling",
    name="only the frames above 0.5",
    hint="The weight of a frame is its probability. Where does the formula leave frames out?",
)
def only_sure_frames(probabilities: Array, lengths: Array) -> Array:
    p = without_padding(probabilities, lengths)
    p = np.where(p > 0.5, p, 0.0)
    return divided(np.square(p).sum(axis=1), p.sum(axis=1))


# ---------------------------------------------------------------- 4c.3 detection tolerance


def common(a: tuple[float, float, str], b: tuple[float, float, str]) -> float:
    return max(0.0, min(a[1], b[1]) - max(a[0], b[0]))


def duration(event: tuple[float, float, str]) -> float:
    return event[1] - event[0]


@mutant(
    task="detection_tolerance",
    name="the share of the reference instead of the detection",
    hint="A detection of half a second lies inside a rain of eight. Which duration do you divide by?",
)
def of_the_reference(reference: Events, estimated: Events, *, share: float) -> Array:
    answers = []
    for event in estimated:
        own = [other for other in reference if other[2] == event[2]]
        total = sum(duration(other) for other in own)
        answers.append(bool(own) and sum(common(event, other) for other in own) >= share * total)
    return np.array(answers, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="any overlap is enough",
    hint="A detection of ten seconds touches an event of one second. How much of it is right?",
)
def any_overlap(reference: Events, estimated: Events, *, share: float) -> Array:
    return np.array(
        [any(other[2] == event[2] and common(event, other) > 0 for other in reference) for event in estimated],
        dtype=bool,
    )


@mutant(
    task="detection_tolerance",
    name="labels that do not matter",
    hint="A siren is reported while it rains. Which references may its detection lie in?",
)
def labels_ignored(reference: Events, estimated: Events, *, share: float) -> Array:
    return np.array(
        [sum(common(event, other) for other in reference) >= share * duration(event) for event in estimated],
        dtype=bool,
    )


@mutant(
    task="detection_tolerance",
    name="the best reference alone",
    hint="A detection covers three barks with short pauses between them. Do the three add up?",
)
def best_alone(reference: Events, estimated: Events, *, share: float) -> Array:
    return np.array(
        [
            max((common(event, other) for other in reference if other[2] == event[2]), default=0.0)
            >= share * duration(event)
            for event in estimated
        ],
        dtype=bool,
    )


@mutant(
    task="detection_tolerance",
    name="negative overlaps added",
    hint="Two events ten seconds apart: min(ends) − max(starts) is −10 s. How much do they have in common?",
)
def negative_overlaps(reference: Events, estimated: Events, *, share: float) -> Array:
    return np.array(
        [
            sum(min(event[1], b) - max(event[0], a) for a, b, label in reference if label == event[2])
            >= share * duration(event)
            for event in estimated
        ],
        dtype=bool,
    )


@mutant(
    task="detection_tolerance",
    name="more than the share, not at least",
    hint="Exactly half of the detection is right, and the share is 0.5. Does it meet the criterion?",
)
def strictly_more(reference: Events, estimated: Events, *, share: float) -> Array:
    return np.array(
        [
            sum(common(event, other) for other in reference if other[2] == event[2]) > share * duration(event)
            for event in estimated
        ],
        dtype=bool,
    )


@mutant(
    task="detection_tolerance",
    name="the overlap in seconds compared with the share",
    hint="0.5 s of a detection of 0.6 s, and 0.5 s of one of 6 s: is that the same share?",
)
def seconds_for_a_share(reference: Events, estimated: Events, *, share: float) -> Array:
    return np.array(
        [sum(common(event, other) for other in reference if other[2] == event[2]) >= share for event in estimated],
        dtype=bool,
    )


@mutant(
    task="detection_tolerance",
    name="the answers sorted by time",
    hint="The first answer belongs to the first detection of the list. Which detection is first after sorting?",
)
def sorted_by_time(reference: Events, estimated: Events, *, share: float) -> Array:
    return np.array(
        [
            sum(common(event, other) for other in reference if other[2] == event[2]) >= share * duration(event)
            for event in sorted(estimated)
        ],
        dtype=bool,
    )


@mutant(
    task="detection_tolerance",
    name="references asked instead of detections",
    hint="How many answers do you return for three references and two detections?",
)
def references_asked(reference: Events, estimated: Events, *, share: float) -> Array:
    return np.array(
        [
            sum(common(event, other) for other in estimated if other[2] == event[2]) >= share * duration(event)
            for event in reference
        ],
        dtype=bool,
    )


@mutant(
    task="detection_tolerance",
    name="intersection over union",
    hint="A short detection in the middle of a long event is entirely right. Does the rest lower its share?",
)
def over_the_union(reference: Events, estimated: Events, *, share: float) -> Array:
    answers = []
    for event in estimated:
        touched = [other for other in reference if other[2] == event[2] and common(event, other) > 0]
        inside = sum(common(event, other) for other in touched)
        union = duration(event) + sum(duration(other) for other in touched) - inside
        answers.append(inside >= share * union)
    return np.array(answers, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="an empty array of floats",
    hint="np.array([]) has a dtype of its own choice. Which one does the docstring ask for?",
)
def empty_floats(reference: Events, estimated: Events, *, share: float) -> Array:
    sums = [sum(common(event, other) for other in reference if other[2] == event[2]) for event in estimated]
    return np.array([total >= share * duration(event) for total, event in zip(sums, estimated, strict=True)])


@mutant(
    task="detection_tolerance",
    name="only the last reference of each label",
    hint="A dictionary has one value for each label. Where are the other events of the label?",
)
def last_of_a_label(reference: Events, estimated: Events, *, share: float) -> Array:
    last = {event[2]: event for event in reference}
    met = [event[2] in last and common(event, last[event[2]]) >= share * duration(event) for event in estimated]
    return np.array(met, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="the middle of the detection in a reference",
    hint="The middle of a detection lies in a reference, and most of the rest does not. How large is the share?",
)
def middle_inside(reference: Events, estimated: Events, *, share: float) -> Array:
    middles = [((start + end) / 2, label) for start, end, label in estimated]
    met = [any(a <= middle < b and own == label for a, b, own in reference) for middle, label in middles]
    return np.array(met, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="each reference used once",
    hint="A siren is found in two pieces, both of them inside it. Which of the two is wrong?",
)
def used_once(reference: Events, estimated: Events, *, share: float) -> Array:
    free = list(reference)
    met = []
    for event in estimated:
        inside = [other for other in free if other[2] == event[2] and common(event, other) > 0]
        met.append(sum(common(event, other) for other in inside) >= share * duration(event))
        if met[-1]:
            free = [other for other in free if other not in inside]
    return np.array(met, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="the share that may lie outside",
    hint="With a share of 0.9, may a tenth of the detection lie outside its references, or nine tenths?",
)
def share_outside(reference: Events, estimated: Events, *, share: float) -> Array:
    answers = []
    for event in estimated:
        inside = sum(common(event, other) for other in reference if other[2] == event[2])
        answers.append(duration(event) - inside <= share * duration(event))
    return np.array(answers, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="a rounded share",
    hint="0.7498 of a detection is right, and the share is 0.75. Does it meet the criterion?",
)
def rounded_share(reference: Events, estimated: Events, *, share: float) -> Array:
    answers = []
    for event in estimated:
        inside = sum(common(event, other) for other in reference if other[2] == event[2])
        answers.append(round(inside / duration(event), 2) >= share)
    return np.array(answers, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="times rounded to tenths of a second",
    hint="A bark lasts 0.08 s. How long is it after rounding its onset and offset to tenths?",
)
def rounded_times(reference: Events, estimated: Events, *, share: float) -> Array:
    ours, theirs = ([(round(a, 1), round(b, 1), label) for a, b, label in part] for part in (reference, estimated))
    sums = [sum(common(event, other) for other in ours if other[2] == event[2]) for event in theirs]
    return np.array([total >= share * duration(event) for total, event in zip(sums, theirs, strict=True)], dtype=bool)


@mutant(
    task="detection_tolerance",
    name="only the first reference of each label",
    hint="Your search stops at the first reference of the label. Where are its other events?",
)
def first_of_a_label(reference: Events, estimated: Events, *, share: float) -> Array:
    first = {event[2]: event for event in reversed(reference)}
    met = [event[2] in first and common(event, first[event[2]]) >= share * duration(event) for event in estimated]
    return np.array(met, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="pauses between references that count",
    hint="From the first onset to the last offset of the references: what is in between besides them?",
)
def pauses_filled(reference: Events, estimated: Events, *, share: float) -> Array:
    answers = []
    for event in estimated:
        own = [other for other in reference if other[2] == event[2] and common(event, other) > 0]
        hull = (min((o[0] for o in own), default=0.0), max((o[1] for o in own), default=0.0), event[2])
        inside = common(event, hull)
        answers.append(inside >= share * duration(event))
    return np.array(answers, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="the mean share over the references it meets",
    hint="Two references hold 0.25 and 0.5 of a detection. How much of it is right, 0.375 or 0.75?",
)
def mean_share(reference: Events, estimated: Events, *, share: float) -> Array:
    answers = []
    for event in estimated:
        parts = [common(event, other) for other in reference if other[2] == event[2] and common(event, other) > 0]
        answers.append(bool(parts) and sum(parts) / len(parts) >= share * duration(event))
    return np.array(answers, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="a detection entirely inside a reference",
    hint="A detection begins 10 ms before its reference. What does your function make of the share?",
)
def entirely_inside(reference: Events, estimated: Events, *, share: float) -> Array:
    met = [any(a <= start and end <= b and own == label for a, b, own in reference) for start, end, label in estimated]
    return np.array(met, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="the onset in a reference",
    hint="A detection begins inside a reference and goes on for a minute. How much of it is right?",
)
def onset_inside(reference: Events, estimated: Events, *, share: float) -> Array:
    met = [any(a <= start < b and own == label for a, b, own in reference) for start, _, label in estimated]
    return np.array(met, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="one reference covered from the share on",
    hint="Whether a *reference* is covered is the other criterion. Whose duration counts here?",
)
def a_reference_covered(reference: Events, estimated: Events, *, share: float) -> Array:
    met = [
        any(other[2] == event[2] and common(event, other) >= share * duration(other) for other in reference)
        for event in estimated
    ]
    return np.array(met, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="a search that ends at the first later reference",
    hint="You stop at a reference that begins after the detection. Are the references in the order of time?",
)
def stops_too_early(reference: Events, estimated: Events, *, share: float) -> Array:
    answers = []
    for event in estimated:
        inside = 0.0
        for other in reference:
            if other[0] >= event[1]:
                break
            inside += common(event, other) if other[2] == event[2] else 0.0
        answers.append(inside >= share * duration(event))
    return np.array(answers, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="all detections of a label judged together",
    hint="One detection of rain is right, another is not. Can a single share for the label say which?",
)
def label_together(reference: Events, estimated: Events, *, share: float) -> Array:
    inside: defaultdict[str, float] = defaultdict(float)
    total: defaultdict[str, float] = defaultdict(float)
    for event in estimated:
        inside[event[2]] += sum(common(event, other) for other in reference if other[2] == event[2])
        total[event[2]] += duration(event)
    return np.array([inside[label] >= share * total[label] for _, _, label in estimated], dtype=bool)


@mutant(
    task="detection_tolerance",
    name="a collar around the references",
    hint="The collar belongs to the F by events. How much room outside a reference does an intersection have?",
)
def with_a_collar(reference: Events, estimated: Events, *, share: float) -> Array:
    wide = [(start - 0.2, end + 0.2, label) for start, end, label in reference]
    sums = [sum(common(event, other) for other in wide if other[2] == event[2]) for event in estimated]
    met = [total >= share * duration(event) for total, event in zip(sums, estimated, strict=True)]
    return np.array(met, dtype=bool)


@mutant(
    task="detection_tolerance",
    name="detections and references paired by their positions",
    hint="The third detection is compared with the third reference. Why should these two belong together?",
)
def paired_by_position(reference: Events, estimated: Events, *, share: float) -> Array:
    met = np.zeros(len(estimated), dtype=bool)
    for k, (other, event) in enumerate(zip(reference, estimated, strict=False)):
        met[k] = other[2] == event[2] and common(event, other) >= share * duration(event)
    return met
