"""Writing SVG: elements with escaped texts and classes instead of colours, so that light, dark and print each have their own.

Promises: whatever a text is, it stays text; numbers have one decimal. No `style` is written: the policy of the pages refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape  # Django's takes three times as long

from django.utils.safestring import SafeString, mark_safe

MARKS = 8  # colours that the style sheet has


def number(value: float) -> str:
    """A coordinate, with no decimal that it does not need."""
    return f"{value:.1f}".removesuffix(".0")


def mark(place: int) -> str:
    """The class of the colour with this place, from 0; after the last the first comes again."""
    return f"mark-{place % MARKS + 1}"


class Drawing:
    """A drawing of this width and height, in pixels of a full-size page. What is added later lies above."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        self._parts.append(f'<path class="{kind}" d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"/>')

    def path(self, points: Iterable[tuple[float, float]], kind: str) -> None:
        """A line through points."""
        self._parts.append(f'<path class="{kind}" d="M{"L".join(f"{number(x)} {number(y)}" for x, y in points)}"/>')

    def area(self, data: str, kind: str, grain: int) -> None:
        """A shape, with holes, from the data of a path that is written in parts of a pixel, so many to one."""
        self._parts.append(f'<path class="{kind}" fill-rule="evenodd" transform="scale({1 / grain:g})" d="{data}"/>')

    def bar(self, x: float, y: float, width: float, height: float, kind: str, *, tip: str = "", href: str = "") -> None:
        """A rectangle. `tip` says what it stands for, to a pointer and to a reader of the screen; `href` leads to it."""
        shape = f'<rect class="{kind}" x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        self._add(shape, "rect", tip, href)

    def dot(self, x: float, y: float, radius: float, kind: str, *, tip: str = "", href: str = "") -> None:
        self._add(f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"', "circle", tip, href)

    def text(self, x: float, y: float, text: str, kind: str = "", *, anchor: str = "start", href: str = "") -> None:
        """A text whose line stands at `y`. `anchor` is the part of it at `x`: start, middle or end."""
        place = f' text-anchor="{anchor}"' if anchor != "start" else ""
        about = f' class="{kind}"' if kind else ""
        written = f'<text{about} x="{number(x)}" y="{number(y)}"{place}>{escape(text)}</text>'
        self._parts.append(f'<a href="{escape(href)}">{written}</a>' if href else written)

    def _add(self, shape: str, name: str, tip: str, href: str) -> None:
        whole = f"{shape}><title>{escape(tip)}</title></{name}>" if tip else f"{shape}/>"
        self._parts.append(f'<a href="{escape(href)}">{whole}</a>' if href else whole)

    def render(self, name: str, title: str, description: str) -> SafeString:
        """The whole drawing. `name` begins the ids of its title and description."""
        head = (
            f'<svg viewBox="0 0 {number(self.width)} {number(self.height)}" width="{number(self.width)}" '
            f'height="{number(self.height)}" role="{"group" if any("<a " in part for part in self._parts) else "img"}" '
            f'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{escape(title)}</title>'
            f'<desc id="{name}-desc">{escape(description)}</desc>'
        )
        return mark_safe(f"{head}{''.join(self._parts)}</svg>")  # noqa: S308  (every text in it was escaped)
