"""The door to the published encoder, with a stand-in for its package, which the course does not install."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from conftest import Refuses

from audiocourse.classify.speakers import published
from audiocourse.signal import FloatArray

SR = 16_000
NOISE = (0.1 * np.random.default_rng(1).standard_normal(SR)).astype(np.float32)


@pytest.fixture(autouse=True)
def unloaded() -> Iterator[None]:
    published._encoder.cache_clear()
    yield
    published._encoder.cache_clear()


def stand_in(**functions: Any) -> SimpleNamespace:
    class VoiceEncoder:
        def __init__(self, *_: object, **__: object) -> None:
            print("a library that prints")

        def embed_utterance(self, *_: object) -> FloatArray:
            return np.full(256, 1 / 16, dtype=np.float32)

    package = {
        "VoiceEncoder": VoiceEncoder,
        "normalize_volume": lambda y, *_, **__: y,
        "trim_long_silences": lambda y: y,
    }
    return SimpleNamespace(**{**package, **functions})


def installed(monkeypatch: pytest.MonkeyPatch, package: SimpleNamespace) -> None:
    monkeypatch.setattr(published, "is_installed", lambda: True)
    monkeypatch.setitem(sys.modules, published.PACKAGE, package)


def test_an_embedding_comes_out_silently(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    installed(monkeypatch, stand_in())
    assert np.linalg.norm(published.embed_published(NOISE, SR)) == pytest.approx(1.0)
    assert capsys.readouterr().out == ""


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    monkeypatch.setattr(published, "is_installed", lambda: False)
    with refuses("pip install --no-deps resemblyzer", "speaker-mini"):
        published.embed_published(NOISE, SR)


def test_a_package_that_does_not_load(monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no weights")

    installed(monkeypatch, stand_in(VoiceEncoder=broken))
    with refuses("no weights", "speaker-mini"):
        published.embed_published(NOISE, SR)


def test_recordings_without_a_voice(monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    installed(monkeypatch, stand_in(trim_long_silences=lambda y: y[:0]))
    with refuses("No speech", "remove_pauses=False"):
        published.embed_published(NOISE, SR)
    assert published.embed_published(NOISE, SR, remove_pauses=False).shape == (256,)
    with refuses("8000"):
        published.embed_published(NOISE, 8_000)
    with refuses("silent"):
        published.embed_published(0 * NOISE, SR)
