"""Plots as plain SVG: bars of CPU time for a request on a scale of powers of ten, one pair for each comparison."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from benchmarks.comparing import Comparison

_WIDTH, _LEFT, _RIGHT = 990, 390, 80  # pixels
_ROW, _BAR = 46, 15
_STYLE = """text { font: 12px system-ui, sans-serif; fill: #24292f } .faint { fill: #57606a } .grid { stroke: #d0d7de }
.a { fill: #8c959f } .b { fill: #0969da }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #3d444d }
.a { fill: #656c76 } .b { fill: #4493f8 } }"""


def plot(comparisons: Sequence[Comparison], title: str) -> str:
    """One SVG, without refused comparisons; "" if all were refused."""
    shown = [each for each in comparisons if each.cost_a and each.cost_b]
    if not shown:
        return ""
    costs = [cost.cpu for each in shown for cost in (each.cost_a, each.cost_b) if cost]
    lowest, highest = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)))
    span = max(1, highest - lowest)
    room = _WIDTH - _LEFT - _RIGHT
    height = 30 + _ROW * len(shown) + 24

    def width(microseconds: float) -> float:
        return max(1.0, (math.log10(microseconds) - lowest) / span * room)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
    ]
    for power in range(lowest, lowest + span + 1):
        x = _LEFT + (power - lowest) / span * room
        parts.append(f'<line class="grid" x1="{x:.0f}" x2="{x:.0f}" y1="8" y2="{height - 22}"/>')
        parts.append(f'<text class="faint" x="{x:.0f}" y="{height - 6}" text-anchor="middle">{_time(10.0**power)}</text>')
    for number, each in enumerate(shown):
        y = 16 + number * _ROW
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(_short(each.name))}</text>')
        sides = f'{escape(each.a)}, <tspan class="b">{escape(each.b)}</tspan>'
        parts.append(f'<text class="faint" x="{_LEFT - 8}" y="{y + 28}" text-anchor="end">{sides}</text>')
        for line, (cost, kind) in enumerate(((each.cost_a, "a"), (each.cost_b, "b"))):
            assert cost is not None
            top = y + line * (_BAR + 2)
            parts.append(f'<rect class="{kind}" x="{_LEFT}" y="{top}" width="{width(cost.cpu):.1f}" height="{_BAR}" rx="2"/>')
            parts.append(f'<text x="{_LEFT + width(cost.cpu) + 5:.0f}" y="{top + 12}">{_time(cost.cpu)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _short(text: str) -> str:
    return text if len(text) <= 52 else text[:51] + "…"


def _time(microseconds: float) -> str:
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= size:
            return f"{microseconds / size:.3g} {unit}"
    return f"{microseconds:.3g} µs"
