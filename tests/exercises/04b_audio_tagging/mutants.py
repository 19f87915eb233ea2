"""Misconceptions about losses, augmentation, measures and thresholds, as answers that people really give."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array: TypeAlias = np.ndarray

# ---------------------------------------------------------------- 4b.1 cross-entropy


def log_softmax(logits: Array, axis: int = 1) -> Array:
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@mutant(
    task="cross_entropy",
    name="softmax before cross-entropy",
    hint="The softmax of probabilities is never near 0 or 1. How small can your loss get for a network that is right?",
)
def softmax_twice(logits: Array, targets: Array) -> float:
    return float(-np.mean(np.sum(targets * log_softmax(np.exp(log_softmax(logits))), axis=1)))


@mutant(
    task="cross_entropy",
    name="a sigmoid for each class instead of a softmax",
    hint="Sigmoids answer 'is it there?' for each class alone. Which of your probabilities add up to 1?",
)
def sigmoid_for_each(logits: Array, targets: Array) -> float:
    present = np.logaddexp(0, -logits)
    absent = np.logaddexp(0, logits)
    return float(np.mean(np.sum(targets * present + (1 - targets) * absent, axis=1)))


@mutant(
    task="cross_entropy",
    name="a mean over clips and classes",
    hint="With ten classes your loss is a tenth of the right one. Over which axis is the sum, over which the mean?",
)
def mean_of_all(logits: Array, targets: Array) -> float:
    return float(-np.mean(targets * log_softmax(logits)))


@mutant(
    task="cross_entropy",
    name="a sum over the clips",
    hint="Does your loss double if the batch is twice as large? Should it?",
)
def sum_over_clips(logits: Array, targets: Array) -> float:
    return float(-np.sum(targets * log_softmax(logits)))


@mutant(
    task="cross_entropy",
    name="a softmax over the clips instead of the classes",
    hint="Of which numbers should the probabilities add up to 1: those of a row or those of a column?",
)
def over_the_batch(logits: Array, targets: Array) -> float:
    return float(-np.mean(np.sum(targets * log_softmax(logits, axis=0), axis=1)))


@mutant(
    task="cross_entropy",
    name="the minus sign forgotten",
    hint="ln p is negative or 0. Is your loss smallest for a good network or for a bad one?",
)
def no_minus(logits: Array, targets: Array) -> float:
    return float(np.mean(np.sum(targets * log_softmax(logits), axis=1)))


@mutant(
    task="cross_entropy",
    name="exp of large logits without subtracting the largest",
    hint="What is np.exp(900)? Which constant can you subtract from all logits of a clip without changing its softmax?",
)
def overflowing(logits: Array, targets: Array) -> float:
    with np.errstate(all="ignore"):
        log_probabilities = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return float(-np.mean(np.sum(targets * log_probabilities, axis=1)))


@mutant(
    task="cross_entropy",
    name="the largest logit of the whole batch subtracted from every clip",
    hint="One clip has logits near 5000, another near 0. What is exp of the second after you subtract 5000?",
)
def one_maximum(logits: Array, targets: Array) -> float:
    with np.errstate(all="ignore"):
        shifted = logits - logits.max()
        log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return float(-np.mean(np.sum(targets * log_probabilities, axis=1)))


@mutant(
    task="cross_entropy",
    name="the logarithm of a probability that has become 0",
    hint="exp(−900) is 0 in floats, and its logarithm −∞. Can you write ln p without computing p first?",
)
def log_of_zero(logits: Array, targets: Array) -> float:
    with np.errstate(all="ignore"):
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        return float(-np.mean(np.sum(targets * np.log(p / p.sum(axis=1, keepdims=True)), axis=1)))


@mutant(
    task="cross_entropy",
    name="a small number added to the probabilities",
    hint="With 1e-9 added, no loss is ever above 20.7. How wrong may a network be before it notices no difference?",
)
def with_epsilon(logits: Array, targets: Array) -> float:
    return float(-np.mean(np.sum(targets * np.log(np.exp(log_softmax(logits)) + 1e-9), axis=1)))


@mutant(
    task="cross_entropy",
    name="mixed targets reduced to their largest class",
    hint="A target of 0.6 and 0.4 has two classes. What becomes of the second?",
)
def largest_class(logits: Array, targets: Array) -> float:
    rows = np.arange(len(targets))
    return float(-np.mean(log_softmax(logits)[rows, targets.argmax(axis=1)]))


@mutant(
    task="cross_entropy",
    name="a logarithm to base 2",
    hint="Two equal classes give ln 2 = 0.69 nats, or 1 bit. In which unit is the loss?",
)
def in_bits(logits: Array, targets: Array) -> float:
    return float(-np.mean(np.sum(targets * log_softmax(logits), axis=1)) / np.log(2))


@mutant(
    task="cross_entropy",
    name="the logarithm of the mixed probability",
    hint="Is ln(0.6 · p + 0.4 · q) the same as 0.6 · ln p + 0.4 · ln q? Which comes first, the logarithm or the sum?",
)
def log_of_mixture(logits: Array, targets: Array) -> float:
    log_p = log_softmax(logits)
    log_shares = np.where(targets > 0, np.log(np.where(targets > 0, targets, 1)), -np.inf)
    return float(-np.mean(np.logaddexp.reduce(log_p + log_shares, axis=1)))


@mutant(
    task="cross_entropy",
    name="each class of a mixed target counted in full",
    hint="You add ln p of both classes, whatever their shares. What do the targets of one clip add up to?",
)
def shares_ignored(logits: Array, targets: Array) -> float:
    return float(-np.mean(np.sum(np.where(targets > 0, log_softmax(logits), 0), axis=1)))


@mutant(
    task="cross_entropy",
    name="the Kullback–Leibler divergence, without the entropy of the targets",
    hint="Your loss of a mixed target can reach 0. Is Σ y ln y part of the formula?",
)
def divergence(logits: Array, targets: Array) -> float:
    entropy = -np.sum(targets * np.log(np.where(targets > 0, targets, 1)), axis=1)
    return float(np.mean(-np.sum(targets * log_softmax(logits), axis=1) - entropy))


@mutant(
    task="cross_entropy",
    name="logits clipped before exp",
    hint="After clipping at 500, what is the difference between the logits 900 and 903? And what was it before?",
)
def clipped(logits: Array, targets: Array) -> float:
    return float(-np.mean(np.sum(targets * log_softmax(np.clip(logits, -500, 500)), axis=1)))


@mutant(
    task="cross_entropy",
    name="the mean of the logits subtracted instead of the largest",
    hint="Logits 2000, 0 and 0: how large is the first after you subtract their mean, and what is its exp?",
)
def mean_subtracted(logits: Array, targets: Array) -> float:
    with np.errstate(all="ignore"):
        shifted = logits - logits.mean(axis=1, keepdims=True)
        log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return float(-np.mean(np.sum(targets * log_probabilities, axis=1)))


@mutant(
    task="cross_entropy",
    name="the loss of the predicted class",
    hint="A network that is sure of the wrong class has a loss of almost 0 in your version. Which class should count?",
)
def of_the_predicted(logits: Array, targets: Array) -> float:
    return float(-np.mean(log_softmax(logits).max(axis=1)))


# ---------------------------------------------------------------- 4b.2 mixup

Pair: TypeAlias = tuple[Any, Any]


@mutant(
    task="mixup",
    name="targets that are not mixed",
    hint="A clip that is 40 % dog is labelled as all siren. What does the network learn about dogs?",
)
def labels_kept(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    return lam * inputs + (1 - lam) * inputs[permutation], targets.astype(float)


@mutant(
    task="mixup",
    name="λ and 1 − λ exchanged",
    hint="With λ = 1, should you get the clip itself or its partner?",
)
def exchanged(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    return (1 - lam) * inputs + lam * inputs[permutation], (1 - lam) * targets + lam * targets[permutation]


@mutant(
    task="mixup",
    name="λ and 1 − λ exchanged in the targets only",
    hint="The clip with the larger share in the sound: does it have the larger share in the target?",
)
def targets_exchanged(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    return lam * inputs + (1 - lam) * inputs[permutation], (1 - lam) * targets + lam * targets[permutation]


@mutant(
    task="mixup",
    name="the label of the larger share only",
    hint="The sound has two sources, and your target names one. Which share has the other?",
)
def hard_labels(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    chosen = targets if lam >= 0.5 else targets[permutation]
    return lam * inputs + (1 - lam) * inputs[permutation], chosen.astype(float)


@mutant(
    task="mixup",
    name="both labels in full",
    hint="Your targets add up to 2. What do the targets of one clip add up to for a softmax?",
)
def both_labels(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    return lam * inputs + (1 - lam) * inputs[permutation], np.maximum(targets, targets[permutation]).astype(float)


@mutant(
    task="mixup",
    name="class numbers averaged",
    hint="Half of class 2 and half of class 4 is not class 3. What is between a dog and a siren?",
)
def numbers_averaged(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    numbers = targets.argmax(axis=1)
    return lam * inputs + (1 - lam) * inputs[permutation], lam * numbers + (1 - lam) * numbers[permutation]


@mutant(
    task="mixup",
    name="the permutation applied backwards",
    hint="Clip 0 has the partner permutation[0]. Which clip do you mix it with?",
)
def backwards(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    partner = np.argsort(permutation)
    return lam * inputs + (1 - lam) * inputs[partner], lam * targets + (1 - lam) * targets[partner]


@mutant(
    task="mixup",
    name="the batch in reverse order as partners",
    hint="You do not use the permutation. Who is the partner of clip i?",
)
def reversed_batch(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    return lam * inputs + (1 - lam) * inputs[::-1], lam * targets + (1 - lam) * targets[::-1]


@mutant(
    task="mixup",
    name="inputs and targets with different partners",
    hint="The sound of the partner is mixed in. Is the label that you mix in its label?",
)
def other_partner(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    return lam * inputs + (1 - lam) * inputs[permutation], lam * targets + (1 - lam) * targets[::-1]


@mutant(
    task="mixup",
    name="partners that are mixed already",
    hint="You write results over a copy, clip by clip. Is the partner of a later clip still the original?",
)
def mixed_already(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    x = inputs.astype(float)
    y = targets.astype(float)
    for i, j in enumerate(permutation):
        x[i] = lam * x[i] + (1 - lam) * x[j]
        y[i] = lam * y[i] + (1 - lam) * y[j]
    return x, y


@mutant(
    task="mixup",
    name="mixed targets stored as integers",
    hint="A copy of an integer array holds integers. What becomes of 0.7?",
)
def integers_stored(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    mixed = targets.copy()
    mixed[:] = lam * targets + (1 - lam) * targets[permutation]
    return lam * inputs + (1 - lam) * inputs[permutation], mixed


@mutant(
    task="mixup",
    name="the larger of λ and 1 − λ for the clip itself",
    hint="Some recipes do this. What should λ = 0 give, and what do you return for it?",
)
def larger_share(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    share = max(lam, 1 - lam)
    return share * inputs + (1 - share) * inputs[permutation], share * targets + (1 - share) * targets[permutation]


@mutant(
    task="mixup",
    name="shares of the power: square roots of λ and 1 − λ",
    hint="With square roots the power adds up. Which of the two does the formula mix, the power or the samples?",
)
def shares_of_power(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    x = np.sqrt(lam) * inputs + np.sqrt(1 - lam) * inputs[permutation]
    return x, lam * targets + (1 - lam) * targets[permutation]


@mutant(
    task="mixup",
    name="the originals, integers as they are, for λ = 1",
    hint="For λ = 1 you return what you were given. Which dtype have the targets then, and which for every other λ?",
)
def shortcut(inputs: Array, targets: Array, *, lam: float, permutation: Array) -> Pair:
    if lam == 1:
        return inputs, targets
    return lam * inputs + (1 - lam) * inputs[permutation], lam * targets + (1 - lam) * targets[permutation]


# ---------------------------------------------------------------- 4b.3 balanced accuracy


@mutant(
    task="balanced_accuracy",
    name="plain accuracy",
    hint="Each clip counts the same. Who decides the result if 99 of 100 clips have one class?",
)
def plain_accuracy(reference: Array, predicted: Array) -> float:
    return float(np.mean(reference == predicted))


@mutant(
    task="balanced_accuracy",
    name="precision instead of recall",
    hint="Of the clips of a class, or of the clips that were given this class: which is the denominator of recall?",
)
def precision(reference: Array, predicted: Array) -> float:
    shares = [np.mean(reference[predicted == c] == c) if np.any(predicted == c) else 0.0 for c in np.unique(reference)]
    return float(np.mean(shares))


@mutant(
    task="balanced_accuracy",
    name="absent classes counted with a recall of 0",
    hint="How large is the recall of a class that has no clip in the reference? 0 / 0 is not 0.",
)
def absent_as_zero(reference: Array, predicted: Array) -> float:
    classes = range(max(reference.max(), predicted.max()) + 1)
    recalls = [np.mean(predicted[reference == c] == c) if np.any(reference == c) else 0.0 for c in classes]
    return float(np.mean(recalls))


@mutant(
    task="balanced_accuracy",
    name="predicted classes counted although the reference lacks them",
    hint="A class that is predicted but never occurs has no recall. Which clips would be its denominator?",
)
def all_that_occur(reference: Array, predicted: Array) -> float:
    classes = np.union1d(reference, predicted)
    recalls = [np.mean(predicted[reference == c] == c) if np.any(reference == c) else 0.0 for c in classes]
    return float(np.mean(recalls))


@mutant(
    task="balanced_accuracy",
    name="classes left out that are never predicted",
    hint="A classifier that never says 'gunshot' misses every one. Should its result be better for that?",
)
def only_predicted(reference: Array, predicted: Array) -> float:
    classes = np.intersect1d(reference, predicted)
    recalls = [np.mean(predicted[reference == c] == c) for c in classes]
    return float(np.mean(recalls)) if recalls else 0.0


@mutant(
    task="balanced_accuracy",
    name="the worst recall instead of the mean",
    hint="Which of the recalls do you return, and what happens to the others?",
)
def worst_class(reference: Array, predicted: Array) -> float:
    return float(min(np.mean(predicted[reference == c] == c) for c in np.unique(reference)))


@mutant(
    task="balanced_accuracy",
    name="the F-score averaged instead of the recall",
    hint="Do false alarms of a class change its recall?",
)
def macro_f(reference: Array, predicted: Array) -> float:
    scores = [
        2 * np.sum((reference == c) & (predicted == c)) / (np.sum(reference == c) + np.sum(predicted == c))
        for c in np.unique(reference)
    ]
    return float(np.mean(scores))


@mutant(
    task="balanced_accuracy",
    name="a result in percent",
    hint="Right everywhere is 1 here. What do you return?",
)
def in_percent(reference: Array, predicted: Array) -> float:
    return float(100 * np.mean([np.mean(predicted[reference == c] == c) for c in np.unique(reference)]))


@mutant(
    task="balanced_accuracy",
    name="classes taken to be 0, 1, 2, … without a gap",
    hint="The reference holds the classes 0, 2 and 5. Which of them is not below 3, their number?",
)
def without_a_gap(reference: Array, predicted: Array) -> float:
    classes = range(len(np.unique(reference)))
    recalls = [np.mean(predicted[reference == c] == c) if np.any(reference == c) else 0.0 for c in classes]
    return float(np.mean(recalls))


@mutant(
    task="balanced_accuracy",
    name="recall and correct rejections averaged for each class",
    hint="With two classes the clips of the other one are its recall. With ten, how easy is it to say 'not a gunshot'?",
)
def each_against_the_rest(reference: Array, predicted: Array) -> float:
    shares = []
    for c in np.unique(reference):
        of_class, others = reference == c, reference != c
        rejected = np.mean(predicted[others] != c) if others.any() else 1.0
        shares.append((np.mean(predicted[of_class] == c) + rejected) / 2)
    return float(np.mean(shares))


@mutant(
    task="balanced_accuracy",
    name="rescaled so that guessing is 0",
    hint="A constant answer for two classes reaches 1/2 in the text. What do you return for it?",
)
def above_chance(reference: Array, predicted: Array) -> float:
    recalls = [np.mean(predicted[reference == c] == c) for c in np.unique(reference)]
    chance = 1 / max(len(recalls), 2)
    return float((np.mean(recalls) - chance) / (1 - chance))


@mutant(
    task="balanced_accuracy",
    name="the median of the recalls",
    hint="Three classes with recalls of 0, 1 and 1: what is their mean, and what do you return?",
)
def median_recall(reference: Array, predicted: Array) -> float:
    return float(np.median([np.mean(predicted[reference == c] == c) for c in np.unique(reference)]))


# ---------------------------------------------------------------- 4b.4 a threshold for refusing


def downwards(values: Array) -> Array:
    return np.sort(values)[::-1]


@mutant(
    task="rejection_threshold",
    name="an interpolated quantile",
    hint="np.quantile returns a value between two clips. How many clips reach it?",
)
def interpolated(top_probabilities: Array, *, keep: float) -> float:
    return float(np.quantile(top_probabilities, 1 - keep))


@mutant(
    task="rejection_threshold",
    name="the share counted from the wrong end",
    hint="If 90 % are to be kept, are there few or many clips below the threshold?",
)
def wrong_end(top_probabilities: Array, *, keep: float) -> float:
    return float(np.sort(top_probabilities)[int(np.ceil(keep * top_probabilities.size)) - 1])


@mutant(
    task="rejection_threshold",
    name="a number of clips rounded down",
    hint="85 % of 10 clips are 8.5. Do 8 clips keep *at least* that share?",
)
def rounded_down(top_probabilities: Array, *, keep: float) -> float:
    return float(downwards(top_probabilities)[max(int(keep * top_probabilities.size), 1) - 1])


@mutant(
    task="rejection_threshold",
    name="a number of clips rounded to the nearest",
    hint="72 % of 10 clips are 7.2. Do 7 clips keep *at least* that share?",
)
def rounded_to_nearest(top_probabilities: Array, *, keep: float) -> float:
    return float(downwards(top_probabilities)[max(round(keep * top_probabilities.size), 1) - 1])


@mutant(
    task="rejection_threshold",
    name="one place too far",
    hint="Indices begin at 0. At which index is the third of the sorted values?",
)
def one_too_far(top_probabilities: Array, *, keep: float) -> float:
    place = min(int(np.ceil(keep * top_probabilities.size)), top_probabilities.size - 1)
    return float(downwards(top_probabilities)[place])


@mutant(
    task="rejection_threshold",
    name="the smallest value, which keeps every clip",
    hint="Your threshold keeps all clips. Is there a larger one that keeps enough of them?",
)
def smallest(top_probabilities: Array, *, keep: float) -> float:
    return float(top_probabilities.min())


@mutant(
    task="rejection_threshold",
    name="the share itself as the threshold",
    hint="A share of clips is not a probability of a class. How many of the clips reach your value?",
)
def share_as_threshold(top_probabilities: Array, *, keep: float) -> float:
    return keep


@mutant(
    task="rejection_threshold",
    name="values that are not sorted",
    hint="The clips come in any order. Does the result change if you shuffle them?",
)
def unsorted(top_probabilities: Array, *, keep: float) -> float:
    return float(top_probabilities[int(np.ceil(keep * top_probabilities.size)) - 1])


@mutant(
    task="rejection_threshold",
    name="equal values counted once",
    hint="Three clips may have the same value. How many clips does a threshold at that value keep?",
)
def unique_values(top_probabilities: Array, *, keep: float) -> float:
    values = np.unique(top_probabilities)[::-1]
    return float(values[int(np.ceil(keep * values.size)) - 1])


@mutant(
    task="rejection_threshold",
    name="the number of refused clips as int((1 − keep) · n)",
    hint="Print (1 - 0.9) * 10. What does int make of it? Count the clips that are kept instead.",
)
def refused_counted(top_probabilities: Array, *, keep: float) -> float:
    refused = int((1 - keep) * top_probabilities.size)
    return float(np.sort(top_probabilities)[min(refused, top_probabilities.size - 1)])


@mutant(
    task="rejection_threshold",
    name="a clip too many where the share comes out even",
    hint="Of four clips 75 % are to be kept, and yours keeps four. Is 0.75 at least 0.75? (A quantile is counted from "
    "below.)",
)
def quantile_from_below(top_probabilities: Array, *, keep: float) -> float:
    return float(np.quantile(top_probabilities, 1 - keep, method="inverted_cdf"))


@mutant(
    task="rejection_threshold",
    name="a clip at the threshold taken for refused",
    hint="Is a clip with exactly the value t kept? Look for 'or more' in the docstring.",
)
def strictly_above(top_probabilities: Array, *, keep: float) -> float:
    enough = [value for value in top_probabilities.tolist() if np.mean(top_probabilities > value) >= keep]
    return float(max(enough, default=top_probabilities.min()))


@mutant(
    task="rejection_threshold",
    name="a threshold from a grid of 0.01",
    hint="Between two steps of your grid there may be several clips. Must the threshold not be one of the values?",
)
def from_a_grid(top_probabilities: Array, *, keep: float) -> float:
    return float(max(t for t in np.arange(101) / 100 if np.mean(top_probabilities >= t) >= keep))
