"""A course on audio and speech: what the notebooks import, and the reference implementations behind them.

Names are loaded when first used, so that ``import audiocourse`` costs next to nothing and works before the course's
libraries are installed (``python -m audiocourse lab`` depends on that).
"""

from importlib import import_module

_HOMES = {
    "AudioCourseError": "audiocourse.errors",
    "blind_test": "audiocourse.learn",
    "check": "audiocourse.learn",
    "compare": "audiocourse.learn",
    "explore": "audiocourse.learn",
    "hint": "audiocourse.learn",
    "listen": "audiocourse.learn",
    "mine_or_reference": "audiocourse.learn",
    "predict": "audiocourse.learn",
    "show": "audiocourse.learn",
    "status": "audiocourse.learn",
}

__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Load a public name from its home on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"audiocourse has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> "list[str]":
    """List the public names for tab completion, without loading them."""
    return [*__all__, "__version__"]
