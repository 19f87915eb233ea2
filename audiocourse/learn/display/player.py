"""One component that plays: a figure or a waveform with a cursor, seeking, loops, and versions in step.

All that it needs is in its own HTML: the sounds, the time axes of the figure, a script (``player.js``). So it works
without a kernel or a server, in a stored notebook and on a static page. Where scripts are not run, as in an untrusted
notebook, plain players are left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audiocourse.learn.display.html import escape, is_new
from audiocourse.learn.display.script import on_one_line
from audiocourse.learn.display.style import THEME

STYLE = """
.ac-player { margin: 0.4em 0; max-width: 100%; outline-offset: 3px; }
.ac-stage { position: relative; display: inline-block; max-width: 100%; line-height: 0; }
.ac-stage img { max-width: 100%; } .ac-stage canvas { width: 36em; max-width: 90vw; height: 4em; }
.ac-pane { position: absolute; cursor: pointer; overflow: hidden; touch-action: none; }
.ac-cursor { position: absolute; top: 0; bottom: 0; width: 2px; margin-left: -1px; background: #d01c1f;
  box-shadow: 0 0 0 1px #fff9; } .ac-loop { position: absolute; top: 0; bottom: 0; background: #d01c1f33; }
.ac-bar { display: flex; flex-wrap: wrap; gap: 0.5em; align-items: center; margin: 0.3em 0; }
.ac-bar input { flex: 0 1 24em; }
.ac-bar button { color: inherit; background: none; border: 1px solid; border-radius: 4px; padding: 0.15em 0.7em;
  font: inherit; cursor: pointer; } .ac-bar [role=radiogroup] { display: inline-flex; flex-wrap: wrap; gap: 0.3em; }
.ac-bar [aria-checked=true] { outline: 2px solid; font-weight: bold; }
.ac-on .ac-plain { display: none; }
""".replace("\n", " ")


@dataclass(frozen=True)
class Version:
    """A sound of a player: its name, the address of its samples, what its caption says, and its peak."""

    label: str
    source: str
    caption: str
    peak: float


@dataclass(frozen=True)
class TimeAxis:
    """A time axis of a picture: its box (left, top, width, height), and places on it (0 to 1) of some times in seconds.

    All lengths are shares of the picture; places rise from left to right.
    """

    box: tuple[float, float, float, float]
    times: tuple[float, ...]
    places: tuple[float, ...]


def player_html(
    versions: Sequence[Version],
    *,
    seconds: float,
    name: str,
    picture: str = "",
    axes: Sequence[TimeAxis] = (),
    start: float = 0.0,
) -> str:
    """Return the HTML of a player.

    Parameters
    ----------
    versions : sequence of Version
        One or more sounds, which are played in step.
    seconds : float
        Length of the longest.
    name : str
        The name of the player for screen readers.
    picture : str
        HTML of an image; without one, the waveform is drawn.
    axes : sequence of TimeAxis
        Where the cursor runs over the picture.
    start : float
        The time on the axes at which the sounds begin, in seconds.
    """
    plan: Mapping[str, object] = {
        "seconds": seconds,
        "start": start,
        "labels": [version.label for version in versions],
        "peaks": [round(version.peak, 4) for version in versions],
        "axes": [{"box": axis.box, "times": axis.times, "places": axis.places} for axis in axes],
    }
    plain = "".join(f'<div class="ac-caption">{escape(version.caption)}</div>{_audio(version)}' for version in versions)
    return (
        f'<figure class="ac-player" tabindex="0" role="group" aria-label="{escape(name)}" '
        f'data-lm-suppress-shortcuts="true" data-plan="{escape(json.dumps(plan))}">'
        f"{_style()}"
        f'<div class="ac-stage">{picture}</div>{plain}'
        f"<script>{_script()}</script></figure>"
    )


def _audio(version: Version) -> str:
    """Return a plain player, or a note where an earlier output of a stored notebook has the sound."""
    sound = hashlib.sha256(version.source.encode()).hexdigest()[:12]
    if not is_new(sound):
        return f'<span class="ac-plain" data-sound="{sound}">(The player of this sound is in an earlier output.)</span>'
    return (
        f'<audio controls preload="metadata" class="ac-plain" aria-label="{escape(version.label)}" '
        f'data-sound="{sound}" src="{version.source}"></audio>'
    )


def _style() -> str:
    return f"{THEME}<style>{STYLE}</style>" if is_new("player.css") else ""


def _script() -> str:
    """Return the script, or what makes this player known to it where an earlier output has it."""
    if is_new("player.js"):
        return on_one_line("player.js")
    return "(window.audiocoursePlayers ||= []).push(document.currentScript.parentElement)"
