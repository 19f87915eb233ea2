"""Published data sets in their official layouts: cards, downloads, streams of typed items, and tiny stand-ins.

==============  =========================================================================================
``item``        one recording and what the data set says about it
``cards``       licence, citation, size, splits and known faults of each data set
``loading``     `load`: a folder becomes a stream of items, by the official split
``speech``      LibriSpeech, Common Voice, LJ Speech, FSDD
``voices``      RAVDESS, VoxCeleb1 with its pairs
``events``      UrbanSound8K, ESC-50, ESC-10
``music``       GTZAN, Saraga with its annotations
``reading``     tables, lists and the search for the right folder
``download``    archives: checked, resumed, unpacked whole or not at all
``stand_ins``   generated sets of the same layout
==============  =========================================================================================

``load(name, root)`` reads what ``download(name, folder)`` or ``stand_in(name, folder, seed=…)`` returned.
"""

from audiocourse.sounds.datasets.cards import CARDS, Archive, Card, card
from audiocourse.sounds.datasets.download import download
from audiocourse.sounds.datasets.item import Item
from audiocourse.sounds.datasets.loading import Dataset, load
from audiocourse.sounds.datasets.music import Annotations, annotations, pitch_track
from audiocourse.sounds.datasets.stand_ins import stand_in
from audiocourse.sounds.datasets.voices import Pair, verification_pairs

__all__ = [
    "CARDS",
    "Annotations",
    "Archive",
    "Card",
    "Dataset",
    "Item",
    "Pair",
    "annotations",
    "card",
    "download",
    "load",
    "pitch_track",
    "stand_in",
    "verification_pairs",
]
