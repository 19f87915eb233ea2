"""Checks of chapter 4c: F by segments, pooling over frames, and the detection tolerance."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_close, expect_equal, kind_of

LABELS = ("speech", "dog_bark", "rain", "siren")  # the first is no class of the notebook's detector
Events = list[tuple[float, float, str]]

# 4c.1 segment_f1 ----------------------------------------------------------------------------------------------------


def expect_f1(
    student: Student, references: list[Events], estimates: list[Events], right: float, **options: float
) -> None:
    got = student.call("segment_f1", references, estimates, **options)
    is_number = isinstance(got, (int, float, np.number)) and not isinstance(got, bool)
    expect(
        is_number or (isinstance(got, np.ndarray) and got.ndim == 0), f"You return {kind_of(got)}; a number is right."
    )
    expect_close(float(got), right, atol=1e-6)


def labels_of(rng: np.random.Generator) -> list[str]:
    return [str(label) for label in rng.permutation(LABELS)]


@check(task="segment_f1", label="the example of the text: 4 and 3 active segments, 3 of them common, F = 6/7")
def example(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    shift = float(rng.integers(0, 5))
    reference = [(shift + 0.4, shift + 3.2, label)]  # segments 0 to 3
    expect_f1(student, [reference], [[(shift + 1.6, shift + 4.0, label)]], 6 / 7)


@check(task="segment_f1", label="an event that ends on a boundary does not touch the segment that begins there")
def boundary(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    start = float(rng.integers(0, 4))
    length = int(rng.integers(2, 5))
    reference = [(start, start + length, label)]
    expect_f1(student, [reference], [[(start, start + length + 1.0, label)]], 2 * length / (2 * length + 1))
    expect_f1(student, [reference], [[(start + length, start + length + 1.0, label)]], 0.0)


@check(task="segment_f1", label="an event that reaches into a segment for half a millisecond makes it active")
def a_sliver(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    at = float(rng.integers(1, 5))
    expect_f1(student, [[(at + 0.4, at + 3.0005, label)]], [[(at + 0.4, at + 3.0, label)]], 2 * 3 / (4 + 3))
    expect_f1(student, [[(at - 0.0005, at + 1.5, label)]], [[(at, at + 1.5, label)]], 2 * 2 / (3 + 2))
    expect_f1(student, [[(at + 0.4075, at + 3.0005, label)]], [[(at + 0.4, at + 3.0, label)]], 2 * 3 / (4 + 3))


@check(task="segment_f1", label="segments have the length that is asked for")
def other_lengths(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    shift = float(rng.integers(1, 5))
    pair = [[(shift + 0.1, shift + 0.9, label)]], [[(shift + 0.6, shift + 2.4, label)]]
    for seconds, right in ((1.0, 2 / 4), (0.5, 2 * 1 / (2 + 4)), (0.25, 2 * 2 / (4 + 8)), (10.0, 1.0)):
        expect_f1(student, *pair, right, segment_seconds=seconds)


@check(task="segment_f1", label="the right time with the wrong label is no hit; overlapping classes both count")
def labels_count(student: Student, rng: np.random.Generator) -> None:
    first, second, third, _ = labels_of(rng)
    reference = [(0.0, 2.0, first), (1.0, 4.0, second)]  # 5 active cells
    expect_f1(student, [reference], [reference], 1.0)
    expect_f1(student, [reference], [[(0.0, 4.0, third)]], 0.0)
    expect_f1(student, [reference], [[(0.0, 2.0, first)]], 4 / 7)
    expect_f1(student, [reference], [[(1.0, 4.0, second), (0.0, 4.0, third)]], 6 / 12)


@check(task="segment_f1", label="two events of a label in the same segment make it active once")
def counted_once(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    at = float(rng.integers(0, 5))
    barks = [(at + 0.1, at + 0.2, label), (at + 0.5, at + 0.6, label), (at + 0.8, at + 1.1, label)]
    expect_f1(student, [barks], [[(at + 0.3, at + 0.7, label)]], 2 / 3)
    expect_f1(student, [[(at + 0.3, at + 0.7, label)]], [barks], 2 / 3)


@check(task="segment_f1", label="recordings are kept apart, and all their segments are counted together")
def over_recordings(student: Student, rng: np.random.Generator) -> None:
    label, other, *_ = labels_of(rng)
    long = int(rng.integers(5, 9))
    references = [[(0.0, float(long), label)], [(2.0, 3.0, other)], []]
    estimates: list[Events] = [[(0.0, float(long), label)], [], [(2.0, 3.0, other)]]
    expect_f1(student, references, estimates, 2 * long / (2 * long + 2))
    expect_f1(student, references[1:], estimates[1:], 0.0)
    expect_f1(student, [[(12.0, 14.0, label)], []], [[], [(2.0, 4.0, label)]], 0.0)
    late: list[Events] = [[(60.5, 64.2, label)], [(0.5, 1.5, label)]]  # recordings may last longer than ten seconds
    expect_f1(student, late, [[(61.5, 64.2, label)], [(0.5, 1.5, label), (90.2, 90.8, label)]], 2 * 6 / (7 + 7))


@check(task="segment_f1", label="a recording without any events changes nothing, wherever it stands")
def silent_recording(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    start = float(rng.integers(0, 5))
    reference, estimated = [(start, start + 2.0, label)], [(start + 1.0, start + 4.0, label)]
    for at in (0, 1):
        references, estimates = [reference], [estimated]
        references.insert(at, [])
        estimates.insert(at, [])
        expect_f1(student, references, estimates, 2 * 1 / (2 + 3))


@check(task="segment_f1", label="with no events at all F is 1; nothing found, or everything false, gives 0")
def empty(student: Student, rng: np.random.Generator) -> None:
    events = [(float(rng.integers(0, 5)), 6.5, labels_of(rng)[0])]
    expect_f1(student, [[], []], [[], []], 1.0)
    expect_f1(student, [events], [[]], 0.0)
    expect_f1(student, [[]], [events], 0.0)


# 4c.2 linear_softmax_pooling ----------------------------------------------------------------------------------------


def pooled(student: Student, probabilities: np.ndarray, lengths: list[int], right: np.ndarray) -> None:
    got = student.call("linear_softmax_pooling", probabilities, np.array(lengths))
    expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; an array (np.ndarray) is right.")
    expect_close(got, right, atol=1e-6, axis="class", row="clip")


def weighted_by_itself(p: np.ndarray) -> np.ndarray:
    """The definition for one clip (frames, classes), class by class."""
    return np.array([np.dot(column, column / column.sum()) for column in p.T])


@check(task="linear_softmax_pooling", label="the example of the text: frames of 0.8 and 0.2 give 0.68")
def two_frames(student: Student, rng: np.random.Generator) -> None:
    pooled(student, rng.permutation([0.8, 0.2]).reshape(1, 2, 1), [2], np.array([[0.68]]))


@check(task="linear_softmax_pooling", label="each class of each clip is pooled on its own")
def separately(student: Student, rng: np.random.Generator) -> None:
    p = rng.uniform(0.05, 1, (3, 7, 4))
    pooled(student, p, [7, 7, 7], np.stack([weighted_by_itself(clip) for clip in p]))


@check(task="linear_softmax_pooling", label="frames beyond the end of a clip do not count, whatever they hold")
def padding(student: Student, rng: np.random.Generator) -> None:
    p = rng.uniform(0.05, 1, (3, 8, 2))
    lengths = [int(rng.integers(2, 7)), 8, 1]  # not sorted
    right = np.stack([weighted_by_itself(clip[:n]) for clip, n in zip(p, lengths, strict=True)])
    for held in (0.9, 0.0, -3.0, np.nan):
        for clip, n in zip(p, lengths, strict=True):
            clip[n:] = held
        pooled(student, p.copy(), lengths, right)


@check(task="linear_softmax_pooling", label="a short, sure event is not diluted by a long silence")
def short_event(student: Student, rng: np.random.Generator) -> None:
    p = np.zeros((1, 100, 1))
    first = int(rng.integers(0, 95))
    p[0, first : first + 3] = 0.9
    pooled(student, p, [100], np.array([[0.9]]))


@check(task="linear_softmax_pooling", label="many unsure frames do not add up to a sure clip")
def unsure(student: Student, rng: np.random.Generator) -> None:
    level = float(rng.uniform(0.05, 0.3))
    pooled(student, np.full((1, 50, 2), level), [50], np.full((1, 2), level))


@check(task="linear_softmax_pooling", label="faint frames are pooled like strong ones, with a sum far below 1")
def faint(student: Student, rng: np.random.Generator) -> None:
    pooled(student, rng.permutation([0.003, 0.001]).reshape(1, 2, 1), [2], np.array([[0.0025]]))


@check(task="linear_softmax_pooling", label="where all frames are 0, the clip is 0, not NaN")
def silent(student: Student, rng: np.random.Generator) -> None:
    p = rng.uniform(0.1, 1, (2, 6, 3))
    p[0, :, 1] = 0
    p[1, :4] = 0
    first, _, third = (weighted_by_itself(p[0][:, [c]])[0] if c != 1 else 0 for c in range(3))
    right = np.array([[first, 0, third], [0, 0, 0]])
    pooled(student, p, [6, 4], right)


# 4c.3 detection_tolerance -------------------------------------------------------------------------------------------


def expect_met(student: Student, reference: Events, estimated: Events, right: list[bool], *, share: float) -> None:
    got = student.call("detection_tolerance", reference, estimated, share=share)
    if not isinstance(got, np.ndarray) or got.dtype != bool:
        kind = f"an array of {got.dtype}" if isinstance(got, np.ndarray) else kind_of(got)
        raise Mismatch(got, message=f"You return {kind}; an array of dtype bool is right.")
    expect_equal(got, np.array(right, dtype=bool), axis="detection")


@check(task="detection_tolerance", label="a detection counts from the share on, exactly that share included")
def from_the_share_on(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    at = float(rng.integers(1, 9))
    reference = [(at, at + 4.0, label)]
    estimated = [(at - 1.0, at + 1.0, label), (at + 3.0, at + 5.0, label), (at + 5.0, at + 6.0, label)]
    expect_met(student, reference, estimated[:1], [True], share=0.5)
    expect_met(student, reference, estimated[:1], [True], share=0.25)
    expect_met(student, reference, estimated[:1], [False], share=0.75)
    expect_met(student, reference, estimated[1:], [True, False], share=0.5)


@check(task="detection_tolerance", label="it is the share of the detection that counts, not of the reference")
def of_the_detection(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    at = float(rng.integers(1, 9))
    expect_met(student, [(at, at + 8.0, label)], [(at + 2.0, at + 2.5, label)], [True], share=0.9)
    expect_met(student, [(at, at + 1 / 128, label)], [(at - 1.0, at + 7.0, label)], [False], share=0.5)
    expect_met(student, [(at, at + 0.5, label)], [(at - 1.0, at + 7.0, label)], [False], share=0.1)


@check(task="detection_tolerance", label="neither times nor shares are rounded: just below the share is below it")
def just_below(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    at = float(rng.integers(1, 9))
    estimated = [(at, at + 8.0, label)]
    expect_met(student, [(at + 0.31, at + 0.9, label)], [(at + 0.26, at + 0.34, label)], [False], share=0.5)
    expect_met(student, [(at - 1.0, at + 6.0 - 1 / 512, label)], estimated, [False], share=0.75)
    expect_met(student, [(at - 1.0, at + 6.0 + 1 / 512, label)], estimated, [True], share=0.75)


@check(task="detection_tolerance", label="a reference of another label does not help")
def same_label(student: Student, rng: np.random.Generator) -> None:
    first, second, third, _ = labels_of(rng)
    reference = [(0.0, 5.0, first), (2.0, 6.0, second)]
    estimated = [(1.0, 4.0, third), (0.0, 2.0, second), (2.5, 4.0, first), (2.0, 6.0, second)]
    expect_met(student, reference, estimated, [False, False, True, True], share=0.5)


@check(task="detection_tolerance", label="several references of the label add up")
def together(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    reference = [(0.0, 1.0, label), (1.5, 2.5, label), (3.0, 4.0, label)]
    estimated = [(0.0, 4.0, label)]
    expect_met(student, [(0.0, 2.0, label), (3.5, 5.0, label)], estimated, [True], share=0.5)
    order = rng.permutation(3)
    shuffled = [reference[k] for k in order]
    expect_met(student, shuffled, [(0.0, 4.0, label)], [True], share=0.75)
    expect_met(student, shuffled, [(0.0, 4.0, label)], [False], share=0.8)
    expect_met(student, shuffled, [(0.5, 2.0, label), (2.4, 3.1, label)], [True, False], share=0.6)


@check(task="detection_tolerance", label="several detections in one reference all count")
def pieces(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    at = float(rng.integers(1, 9))
    found = [(at + 0.5 * k, at + 0.5 * k + 0.375, label) for k in rng.permutation(4).tolist()]
    expect_met(student, [(at, at + 2.0, label)], found, [True] * 4, share=0.7)


@check(task="detection_tolerance", label="references that do not overlap a detection take nothing away")
def far_away(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    gap = float(rng.integers(2, 9))
    reference = [(10.0, 12.0, label), (12.0 + gap, 13.0 + gap, label), (2.0, 3.0, label)]
    estimated = [(10.0, 12.0, label), (5.0, 6.0, label), (12.5, 13.0, label)]
    expect_met(student, reference, estimated, [True, False, False], share=0.6)
    expect_met(student, reference, [(11.5, 12.25, label)], [True], share=0.6)


@check(task="detection_tolerance", label="the answers are in the order of the detections, and there may be none")
def in_order(student: Student, rng: np.random.Generator) -> None:
    label = labels_of(rng)[0]
    wanted = rng.random(6) < 0.5
    wanted[:2] = (True, False)
    wanted = rng.permutation(wanted)
    starts = 10.0 * rng.permutation(6)
    estimated = [(float(start), float(start) + 1.0, label) for start in starts]
    reference = [event for event, met in zip(estimated, wanted, strict=True) if met]
    expect_met(student, reference, estimated, wanted.tolist(), share=0.7)
    expect_met(student, reference, [], [], share=0.7)
    expect_met(student, [], estimated[:2], [False, False], share=0.7)
