"""The confusion matrix beside scikit-learn's."""

from __future__ import annotations

import numpy as np
from sklearn import metrics

from audiocourse.classify import confusion_matrix


def matrices() -> float:
    rng = np.random.default_rng(51)
    differing = 0.0
    for num_classes in range(2, 12):
        reference, predicted = rng.integers(num_classes, size=(2, 5 * num_classes))
        reference[reference == 1] = 0  # a class that does not occur
        for normalise in (False, True):
            ours = confusion_matrix(reference, predicted, num_classes=num_classes, normalise=normalise)
            peer = metrics.confusion_matrix(
                reference, predicted, labels=range(num_classes), normalize="true" if normalise else None
            )
            differing = max(differing, float(np.abs(ours - peer).max()))
    return differing


PEERS = [("confusion_matrix", "sklearn.metrics.confusion_matrix", 1e-12, "of a count", matrices)]
