"""Wrong answers to exercise 9 that people give, each with the hint that it gets."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import mutant

Array = np.ndarray
Folds = list[tuple[Array, Array, Array]]


# ---------------------------------------------------------------- 9.1 folds of actors


def _folds(groups: Array, folds: int, *, step: int = 1) -> Folds:
    parts = []
    for fold in range(folds):
        test, validation = groups == fold, groups == (fold + step) % folds
        parts.append((np.flatnonzero(~(test | validation)), np.flatnonzero(validation), np.flatnonzero(test)))
    return parts


def _groups(actors: list[str], folds: int, seed: int) -> Array:
    cast = np.random.default_rng(seed).permutation(sorted(set(actors))).tolist()
    return np.array([cast.index(actor) % folds for actor in actors])


@mutant(
    task="actor_folds",
    name="folds of clips instead of actors: a leak",
    hint="You deal out clips. Look at the actors of your training and test parts: how many are in both?",
)
def by_clip(actors: list[str], *, folds: int, seed: int) -> Folds:
    return _folds(np.random.default_rng(seed).permutation(len(actors)) % folds, folds)


@mutant(
    task="actor_folds",
    name="the test actors used for validation, too",
    hint="Settings that are chosen on the test actors make the test look too good. Which actors are free for it?",
)
def validated_on_test(actors: list[str], *, folds: int, seed: int) -> Folds:
    parts = _folds(_groups(actors, folds, seed), folds)
    return [(np.sort(np.append(train, validation)), test, test) for train, validation, test in parts]


@mutant(
    task="actor_folds",
    name="trained on the validation actors as well",
    hint="A setting that is chosen on actors of the training part rewards learning them by heart. Which clips does "
    "each of your actors get into?",
)
def trained_on_validation(actors: list[str], *, folds: int, seed: int) -> Folds:
    parts = _folds(_groups(actors, folds, seed), folds)
    return [(np.sort(np.append(train, validation)), validation, test) for train, validation, test in parts]


@mutant(
    task="actor_folds",
    name="not shuffled",
    hint="Actors with similar names were often recorded together. What does the seed change in your folds?",
)
def not_shuffled(actors: list[str], *, folds: int, seed: int) -> Folds:
    cast = sorted(set(actors))
    return _folds(np.array([cast.index(actor) % folds for actor in actors]) + 0 * seed, folds)


@mutant(
    task="actor_folds",
    name="the rest of the actors in the last fold",
    hint="Ten actors in four folds: 2, 2, 2 and 4 is not as equal as it could be. How does one deal cards?",
)
def rest_in_the_last(actors: list[str], *, folds: int, seed: int) -> Folds:
    cast = np.random.default_rng(seed).permutation(sorted(set(actors))).tolist()
    size = len(cast) // folds
    return _folds(np.array([min(cast.index(actor) // size, folds - 1) for actor in actors]), folds)


@mutant(
    task="actor_folds",
    name="the previous fold used for validation",
    hint="Fold f chooses its settings on group (f + 1) mod F. Which group do you take?",
)
def previous_fold(actors: list[str], *, folds: int, seed: int) -> Folds:
    return _folds(_groups(actors, folds, seed), folds, step=-1)


@mutant(
    task="actor_folds",
    name="train and test exchanged",
    hint="How many clips are in your test part, and how many in the training part? See the order of the three.",
)
def exchanged(actors: list[str], *, folds: int, seed: int) -> Folds:
    return [fold[::-1] for fold in _folds(_groups(actors, folds, seed), folds)]


# ---------------------------------------------------------------- 9.2 final states


def _halves(states: Array) -> tuple[Array, Array]:
    hidden = states.shape[2] // 2
    return states[:, :, :hidden], states[:, :, hidden:]


def _at(states: Array, frames: Array) -> Array:
    return states[np.arange(len(states)), frames]


@mutant(
    task="final_states",
    name="states[:, -1]: the last time step of both directions",
    hint="At the last frame the backward half has just begun: how many frames has it read? And what is there in a "
    "clip that is shorter than the batch?",
)
def last_step(states: Array, lengths: Array) -> Array:
    return states[:, -1] + 0 * lengths[:, None]


@mutant(
    task="final_states",
    name="both halves at the last real frame",
    hint="The forward half is right. But the backward half reads from the end to the start: where has it read "
    "everything?",
)
def both_at_the_end(states: Array, lengths: Array) -> Array:
    return _at(states, lengths - 1)


@mutant(
    task="final_states",
    name="both halves at frame 0",
    hint="The backward half is right. But the forward half has read a single frame at frame 0.",
)
def both_at_the_start(states: Array, lengths: Array) -> Array:
    return states[:, 0] + 0 * lengths[:, None]


@mutant(
    task="final_states",
    name="the forward half at the end of the batch",
    hint="The longest clip is right. In a shorter one, the last frame of the batch is padding: where does it end?",
)
def at_the_end_of_the_batch(states: Array, lengths: Array) -> Array:
    forward, backward = _halves(states)
    return np.concatenate([forward[:, -1] + 0 * lengths[:, None], backward[:, 0]], axis=1)


@mutant(
    task="final_states",
    name="the directions exchanged",
    hint="torch puts the forward half first. Which half do you take at frame 0?",
)
def exchanged_halves(states: Array, lengths: Array) -> Array:
    forward, backward = _halves(states)
    return np.concatenate([forward[:, 0], _at(backward, lengths - 1)], axis=1)


@mutant(
    task="final_states",
    name="one frame too late",
    hint="Indices start at 0: the last frame of a clip with 5 frames has the index …",
)
def one_too_late(states: Array, lengths: Array) -> Array:
    forward, backward = _halves(states)
    return np.concatenate([_at(forward, np.minimum(lengths, states.shape[1] - 1)), backward[:, 0]], axis=1)


@mutant(
    task="final_states",
    name="both directions added",
    hint="The two halves stand for different things, and the next layer should see both. Is your result as wide as "
    "the states?",
)
def added(states: Array, lengths: Array) -> Array:
    forward, backward = _halves(states)
    return _at(forward, lengths - 1) + backward[:, 0]


# ---------------------------------------------------------------- 9.3 attention pooling

Pooled = tuple[Array, Array]


def _softmax(scores: Array, axis: int = 1) -> Array:
    exponentials = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def _real(scores: Array, lengths: Array) -> Array:
    return np.arange(scores.shape[1]) < lengths[:, None]


def _weighted(states: Array, weights: Array) -> Pooled:
    return np.einsum("bm,bmf->bf", weights, np.where(weights[:, :, None] > 0, states, 0)), weights


@mutant(
    task="attention_pooling",
    name="the softmax before the mask",
    hint="The padding takes its share of the softmax before you remove it. What do the weights of a short clip sum to?",
)
def softmax_before_mask(states: Array, scores: Array, lengths: Array) -> Pooled:
    return _weighted(states, _softmax(np.nan_to_num(scores)) * _real(scores, lengths))


@mutant(
    task="attention_pooling",
    name="the softmax over the clips of the batch",
    hint="Your weights sum to 1 over the clips. Do clips compete for attention, or the frames of one clip?",
)
def over_the_batch(states: Array, scores: Array, lengths: Array) -> Pooled:
    masked = np.where(_real(scores, lengths), scores, -1e9)
    return _weighted(states, _softmax(masked, axis=0) * _real(scores, lengths))


@mutant(
    task="attention_pooling",
    name="no mask",
    hint="A clip of 3 frames in a batch of 8 has 5 frames of padding. Which weight should they get?",
)
def no_mask(states: Array, scores: Array, lengths: Array) -> Pooled:
    return _weighted(states, _softmax(scores) + 0 * lengths[:, None])


@mutant(
    task="attention_pooling",
    name="the scores of padding set to 0",
    hint="A score of 0 is not a weight of 0: exp(0) = 1. Which score has an exponential of 0?",
)
def zero_scores(states: Array, scores: Array, lengths: Array) -> Pooled:
    return _weighted(states, _softmax(np.where(_real(scores, lengths), scores, 0.0)))


@mutant(
    task="attention_pooling",
    name="the mean over the real frames, whatever the scores",
    hint="Your weights are all equal. What are the scores for?",
)
def plain_mean(states: Array, scores: Array, lengths: Array) -> Pooled:
    return _weighted(states, _real(scores, lengths) / lengths[:, None])


@mutant(
    task="attention_pooling",
    name="divided by the number of frames once more",
    hint="The weights sum to 1 already. Is a weighted sum with them still to be divided by the number of frames?",
)
def divided_twice(states: Array, scores: Array, lengths: Array) -> Pooled:
    weights = _softmax(np.where(_real(scores, lengths), scores, -np.inf))
    pooled, _ = _weighted(states, weights)
    return pooled / lengths[:, None], weights


@mutant(
    task="attention_pooling",
    name="only the frame with the highest score",
    hint="A maximum has no gradient for the other frames. A softmax gives each frame some weight.",
)
def hard_maximum(states: Array, scores: Array, lengths: Array) -> Pooled:
    best = np.where(_real(scores, lengths), scores, -np.inf).argmax(axis=1)
    return _weighted(states, np.eye(scores.shape[1])[best])


@mutant(
    task="attention_pooling",
    name="exponentials that overflow",
    hint="exp(2000) is infinite, and exp(−2000) is 0. Which number can be subtracted from all scores of a clip?",
)
def overflowing(states: Array, scores: Array, lengths: Array) -> Pooled:
    with np.errstate(all="ignore"):
        exponentials = np.exp(np.where(_real(scores, lengths), scores, -np.inf))
        return _weighted(states, exponentials / exponentials.sum(axis=1, keepdims=True))


# ---------------------------------------------------------------- 9.4 class weights


@mutant(
    task="class_weights",
    name="proportional to the frequency instead of inverse",
    hint="Which class has the largest weight in your answer: the rare one, or the frequent one?",
)
def proportional(labels: Array, *, classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes)
    return counts * (counts > 0).sum() / labels.size


@mutant(
    task="class_weights",
    name="one over the count, not scaled",
    hint="The ratios are right. But a clip weighs much less than 1 on average, so the loss depends on the size of the "
    "data set.",
)
def not_scaled(labels: Array, *, classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes)
    return np.where(counts > 0, 1 / np.maximum(counts, 1), 0.0)


@mutant(
    task="class_weights",
    name="infinite for a class without clips",
    hint="n / 0 is infinite, and a loss with it is NaN. How much can a class without clips contribute?",
)
def infinite(labels: Array, *, classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes)
    with np.errstate(divide="ignore"):
        return labels.size / ((counts > 0).sum() * counts)


@mutant(
    task="class_weights",
    name="all classes counted, not those that occur",
    hint="If a class does not occur, your weights are too small on average. Which K makes the mean weight of a clip 1?",
)
def all_classes(labels: Array, *, classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes)
    return np.where(counts > 0, labels.size / (classes * np.maximum(counts, 1)), 0.0)


@mutant(
    task="class_weights",
    name="1 minus the share",
    hint="With shares of 75 % and 25 %, your weights have the ratio 1 to 3. But how are they with 98 % and 1 %, and do "
    "all classes weigh alike?",
)
def complement(labels: Array, *, classes: int) -> Array:
    shares = np.bincount(labels, minlength=classes) / labels.size
    return np.where(shares > 0, 1 - shares, 0.0)


@mutant(
    task="class_weights",
    name="square root of the inverse frequency",
    hint="That is a compromise which some people use: rare classes weigh more, but less than frequent ones in total. "
    "The docstring asks for the full inverse.",
)
def square_root(labels: Array, *, classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes)
    return np.where(counts > 0, np.sqrt(labels.size / ((counts > 0).sum() * np.maximum(counts, 1))), 0.0)


@mutant(
    task="class_weights",
    name="weights that sum to 1",
    hint="Your weights are a distribution over the classes. Here the mean weight of a *clip* is to be 1.",
)
def sum_to_one(labels: Array, *, classes: int) -> Array:
    weights = not_scaled(labels, classes=classes)
    return weights / weights.sum()


@mutant(
    task="class_weights",
    name="a weight for each clip",
    hint="You return the weight of each clip. The loss looks it up by the label, so it needs one of each class.",
)
def of_each_clip(labels: Array, *, classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes)
    return (labels.size / ((counts > 0).sum() * np.maximum(counts, 1)))[labels]


# ---------------------------------------------------------------- 9.5 loss and gradient

Loss = tuple[float, Array]


def _log_softmax(z: Array) -> Array:
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _loss(z: Array, y: Array, w: Array, *, total: float) -> Loss:
    log_p = _log_softmax(z)
    loss = -np.sum(w[y] * log_p[np.arange(len(y)), y]) / total
    return float(loss), w[y][:, None] * (np.exp(log_p) - np.eye(z.shape[1])[y]) / total


@mutant(
    task="weighted_cross_entropy",
    name="a softmax before the cross-entropy",
    hint="Your loss stays above ln(e + C − 1) − 1, even for a network that is certain and right. How many softmaxes "
    "are there between logits and loss?",
)
def softmax_twice(logits: Array, labels: Array, weights: Array) -> Loss:
    return _loss(np.exp(_log_softmax(logits)), labels, weights, total=weights[labels].sum())


@mutant(
    task="weighted_cross_entropy",
    name="divided by the number of clips instead of the sum of their weights",
    hint="Double all weights. Should a mean change?",
)
def divided_by_clips(logits: Array, labels: Array, weights: Array) -> Loss:
    return _loss(logits, labels, weights, total=len(labels))


@mutant(
    task="weighted_cross_entropy",
    name="the sum instead of the mean",
    hint="Your loss grows with the batch. By what is it to be divided?",
)
def summed(logits: Array, labels: Array, weights: Array) -> Loss:
    return _loss(logits, labels, weights, total=1.0)


@mutant(
    task="weighted_cross_entropy",
    name="the weights multiplied with the logits",
    hint="A weight says how much a clip counts in the mean. Multiplied with a logit, it changes the probability.",
)
def weighted_logits(logits: Array, labels: Array, weights: Array) -> Loss:
    return _loss(logits * weights, labels, np.ones_like(weights), total=len(labels))


@mutant(
    task="weighted_cross_entropy",
    name="the weight of the predicted class",
    hint="Which class decides how much a clip counts: the one that it has, or the one that the network predicts?",
)
def weight_of_prediction(logits: Array, labels: Array, weights: Array) -> Loss:
    w = weights[logits.argmax(axis=1)]
    log_p = _log_softmax(logits)
    loss = -np.sum(w * log_p[np.arange(len(labels)), labels]) / w.sum()
    return float(loss), w[:, None] * (np.exp(log_p) - np.eye(logits.shape[1])[labels]) / w.sum()


@mutant(
    task="weighted_cross_entropy",
    name="exponentials that overflow",
    hint="exp(2000) is infinite. Which number can be subtracted from all logits of a clip without changing p?",
)
def overflowing_logits(logits: Array, labels: Array, weights: Array) -> Loss:
    with np.errstate(all="ignore"):
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        w = weights[labels]
        loss = -np.sum(w * np.log(p[np.arange(len(labels)), labels])) / w.sum()
        return float(loss), w[:, None] * (p - np.eye(logits.shape[1])[labels]) / w.sum()


@mutant(
    task="weighted_cross_entropy",
    name="the gradient with respect to the probabilities",
    hint="−1/p is the slope of the loss along p. The network is changed through its logits: p − [c = y].",
)
def slope_of_probabilities(logits: Array, labels: Array, weights: Array) -> Loss:
    loss, _ = _loss(logits, labels, weights, total=weights[labels].sum())
    one_hot = np.eye(logits.shape[1])[labels]
    p = np.maximum(np.exp(_log_softmax(logits)), 1e-12)
    return loss, -weights[labels][:, None] * one_hot / p / weights[labels].sum()


@mutant(
    task="weighted_cross_entropy",
    name="the gradient with the wrong sign",
    hint="One step *against* the gradient must raise the logit of the right class. Is your gradient negative there?",
)
def wrong_sign(logits: Array, labels: Array, weights: Array) -> Loss:
    loss, gradient = _loss(logits, labels, weights, total=weights[labels].sum())
    return loss, -gradient


@mutant(
    task="weighted_cross_entropy",
    name="weights in the loss, but not in the gradient",
    hint="The gradient is what trains the network. If the weights are not in it, they change nothing.",
)
def weights_in_loss_only(logits: Array, labels: Array, weights: Array) -> Loss:
    loss, _ = _loss(logits, labels, weights, total=weights[labels].sum())
    return loss, _loss(logits, labels, np.ones_like(weights), total=len(labels))[1]


# ---------------------------------------------------------------- 9.6 reading a confusion matrix

Reading = tuple[float, float, tuple[int, int], float]


def _most_confused(table: Array) -> tuple[tuple[int, int], float]:
    """The pair with the largest mean of both directions, and that mean."""
    both = np.triu((table + table.T) / 2, k=1) - np.tril(np.ones(table.shape))
    i, j = np.unravel_index(both.argmax(), both.shape)
    return (int(i), int(j)), float(both[i, j])


def _shares(counts: Array) -> Array:
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _uar(counts: Array) -> float:
    return float(np.mean(np.diag(_shares(counts))[counts.sum(axis=1) > 0]))


def _accuracy(counts: Array) -> float:
    return float(np.trace(counts) / counts.sum())


@mutant(
    task="read_confusion",
    name="accuracy instead of UAR",
    hint="If 90 % of the clips are neutral, a constant answer reaches 90 % of your UAR. What is the recall of "
    "the other classes?",
)
def accuracy_twice(counts: Array) -> Reading:
    return _accuracy(counts), _accuracy(counts), *_most_confused(_shares(counts))


@mutant(
    task="read_confusion",
    name="precision instead of recall",
    hint="Rows are references. Do you divide by the sum of a row or of a column?",
)
def precision(counts: Array) -> Reading:
    columns = counts.sum(axis=0)
    return (
        _accuracy(counts),
        float(np.mean((np.diag(counts) / np.maximum(columns, 1))[columns > 0])),
        *_most_confused(_shares(counts)),
    )


@mutant(
    task="read_confusion",
    name="a class without clips counted as recall 0",
    hint="A class that does not occur cannot be recognised. Is it the network's mistake?",
)
def absent_counts(counts: Array) -> Reading:
    return _accuracy(counts), float(np.mean(np.diag(_shares(counts)))), *_most_confused(_shares(counts))


@mutant(
    task="read_confusion",
    name="the pair with the largest counts",
    hint="Of 1000 neutral clips, 80 are taken for happy, and of 20 sad ones 7 for fearful. Which are harder to tell "
    "apart?",
)
def in_counts(counts: Array) -> Reading:
    pair, _ = _most_confused(counts)
    shares = _shares(counts)
    return _accuracy(counts), _uar(counts), pair, float((shares[pair] + shares[pair[::-1]]) / 2)


@mutant(
    task="read_confusion",
    name="one direction only",
    hint="i taken for j and j taken for i are the same confusion, seen from two sides. What is the mean of both?",
)
def one_way(counts: Array) -> Reading:
    shares = _shares(counts) * (1 - np.eye(len(counts)))
    i, j = np.unravel_index(shares.argmax(), shares.shape)
    return _accuracy(counts), _uar(counts), (int(min(i, j)), int(max(i, j))), float(shares[i, j])


@mutant(
    task="read_confusion",
    name="the sum of both directions instead of their mean",
    hint="Your share can exceed 1. Divide by the number of directions.",
)
def both_added(counts: Array) -> Reading:
    pair, share = _most_confused(_shares(counts))
    return _accuracy(counts), _uar(counts), pair, 2 * share


@mutant(
    task="read_confusion",
    name="the diagonal taken for a confusion",
    hint="The largest number of most matrices is on the diagonal, where reference and prediction are the same class.",
)
def on_the_diagonal(counts: Array) -> Reading:
    shares = _shares(counts)
    i, j = np.unravel_index(shares.argmax(), shares.shape)
    return _accuracy(counts), _uar(counts), (int(i), int(j)), float(shares[i, j])
