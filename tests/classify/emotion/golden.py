"""Agreement and concordance as two other libraries compute them: the script that writes ``golden.json`` beside it.

statsmodels and audmetric are not in the course's environment. Where both are installed, ``python
tests/classify/emotion/golden.py`` writes the file anew.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).with_name("golden.json")


def ratings(seed: int) -> np.ndarray:
    """Draw how many of R raters chose each class: (clips, classes)."""
    rng = np.random.default_rng(seed)
    clips, classes, raters = int(rng.integers(4, 30)), int(rng.integers(2, 8)), int(rng.integers(2, 12))
    opinions = rng.dirichlet(np.full(classes, rng.choice([0.2, 1.0, 5.0])), size=clips)
    return np.stack([rng.multinomial(raters, opinion) for opinion in opinions])


def scales(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw references and predictions that are shrunk, moved, reversed or unrelated: (clips,) each."""
    rng = np.random.default_rng([seed, 1])
    reference = rng.uniform(-1, 1, int(rng.integers(3, 60)))
    predicted = rng.uniform(-1.5, 1.5) * reference + rng.normal(0, 0.5) + rng.normal(0, 0.3, reference.size)
    return reference, predicted


def main() -> None:
    """Write what the other libraries return."""
    from audmetric import concordance_cc
    from statsmodels.stats.inter_rater import fleiss_kappa

    kappa = [float(fleiss_kappa(ratings(seed))) for seed in range(12)]
    concordance = []
    for seed in range(12):
        reference, predicted = scales(seed)
        concordance.append(float(concordance_cc(reference, predicted)))
    written = {
        "versions": {name: version(name) for name in ("statsmodels", "audmetric")},
        "fleiss_kappa": kappa,
        "concordance": concordance,
    }
    GOLDEN.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
