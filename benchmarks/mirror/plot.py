"""A plot of how soon changes were noticed: their share by age on a scale of powers of ten, one line for each urgency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from math import log10

from benchmarks.mirror.changes import DELETED, DETAILS, ELSE, LISTED, NEAR, TODAY

_WIDTH, _HEIGHT = 990, 330  # pixels of the axes with their labels
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 330, 30, 40
_LEAST, _MOST = 10.0, 30 * 86_400.0  # seconds
_TICKS = {60: "1 min", 600: "10 min", 3_600: "1 h", 6 * 3_600: "6 h", 86_400: "1 day", 7 * 86_400: "7 days"}
# Okabe and Ito's colours, which colour-blind readers can tell apart; dashes tell them apart without colours.
_LINES = {
    NEAR: ("#d55e00", ""),
    TODAY: ("#e69f00", "8 3"),
    LISTED: ("#009e73", "2 3"),
    ELSE: ("#0072b2", ""),
    DELETED: ("#cc79a7", "8 3"),
    DETAILS: ("#7f7f7f", "2 3"),
}
_STYLE = """text { font: 12px system-ui, sans-serif; fill: #24292f } .faint { fill: #57606a } .grid { stroke: #d0d7de }
path { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #3d444d } }"""

Ages = Mapping[str, Mapping[str, Sequence[float]]]
"""By urgency the ages in seconds of the changes that were `noticed`, and of those still `waiting`."""


def plot(runs: Mapping[str, Ages]) -> str:
    """One SVG with axes for each run, by its title. A change that nobody noticed keeps its line below 100 %."""
    title = "The share of changes that was noticed, by the age of the change"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT * len(runs)}" role="img" '
        f'aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
    ]
    for number, (name, ages) in enumerate(runs.items()):
        parts += [f'<g transform="translate(0 {number * _HEIGHT})">', *_axes(name), *_curves(ages), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axes(name: str) -> list[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    parts = [f'<text x="{_LEFT}" y="18">{escape(name)}</text>']
    for seconds, label in _TICKS.items():
        x = _x(seconds)
        parts.append(f'<line class="grid" x1="{x:.0f}" x2="{x:.0f}" y1="{_TOP}" y2="{bottom}"/>')
        parts.append(f'<text class="faint" x="{x:.0f}" y="{bottom + 18}" text-anchor="middle">{label}</text>')
    for percent in (0, 50, 100):
        y = _y(percent / 100)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.0f}" y2="{y:.0f}"/>')
        parts.append(f'<text class="faint" x="{_LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{percent} %</text>')
    return parts


def _curves(ages: Ages) -> list[str]:
    parts = []
    for place, (urgency, (colour, dashes)) in enumerate(_LINES.items()):
        some = ages.get(urgency, {"noticed": [], "waiting": []})
        noticed, total = sorted(some["noticed"]), len(some["noticed"]) + len(some["waiting"])
        line = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
        y = _TOP + 14 + 22 * place
        x = _WIDTH - _RIGHT + 20
        parts.append(f'<line x1="{x}" x2="{x + 30}" y1="{y - 4}" y2="{y - 4}" {line}/>')
        parts.append(f'<text x="{x + 38}" y="{y}">{escape(urgency)} ({total:,})</text>')
        if noticed:
            parts.append(f'<path d="{_steps(noticed, total)}" {line}/>')
    return parts


def _steps(ages: Sequence[float], total: int) -> str:
    """Steps up at each age; of many ages those alone that are a pixel apart."""
    points = [(_x(age), _y((number + 1) / total)) for number, age in enumerate(ages)]
    kept = [points[0], *(after for before, after in pairwise(points) if int(before[0]) != int(after[0])), points[-1]]
    return f"M{_LEFT} {_y(0):.0f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in kept) + f"H{_WIDTH - _RIGHT}"


def _x(seconds: float) -> float:
    share = log10(min(max(seconds, _LEAST), _MOST) / _LEAST) / log10(_MOST / _LEAST)
    return _LEFT + share * (_WIDTH - _RIGHT - _LEFT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _BOTTOM - _TOP)
