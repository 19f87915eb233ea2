"""Models and their cards: loading of bundled and published ones, saving, training.

Nothing here imports torch, transformers or accelerate before a model is loaded, saved or trained.
"""

from audiocourse.zoo.cards import Card, Training, read_card
from audiocourse.zoo.catalogue import card, list_models
from audiocourse.zoo.fitting import fit
from audiocourse.zoo.history import History
from audiocourse.zoo.loading import Loaded, load
from audiocourse.zoo.recipes import Trained
from audiocourse.zoo.saving import save
from audiocourse.zoo.schedules import warm_up_then_cosine
from audiocourse.zoo.seeds import seeded

__all__ = [
    "Card",
    "History",
    "Loaded",
    "Trained",
    "Training",
    "card",
    "fit",
    "list_models",
    "load",
    "read_card",
    "save",
    "seeded",
    "warm_up_then_cosine",
]
