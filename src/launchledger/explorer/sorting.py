"""Headings of a list's columns that order it, by the `ordering` of the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

_PLACES = ("offset", "ordering")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its label, the address of the list in its order ("" if it has none), and the order that the list has by it.

    `sorted` is ascending, descending or "".
    """

    label: str
    href: str
    sorted: str


def headings(request: HttpRequest, columns: Sequence[tuple[str, str]]) -> list[Heading]:
    """The headings of these columns: each a label, and the `ordering` that its link asks for first, "" for none.

    The link of the column that the list is ordered by reverses its order.
    """
    now = request.GET.get("ordering", "").split(",")[0].strip()
    kept = [(name, value) for name, values in request.GET.lists() if name not in _PLACES for value in values if value]
    found = []
    for label, first in columns:
        if not first:
            found.append(Heading(label, "", ""))
            continue
        is_sorted = now.removeprefix("-") == first.removeprefix("-")
        asked = _reversed(now) if is_sorted else first
        order = ("descending" if now.startswith("-") else "ascending") if is_sorted else ""
        found.append(Heading(label, f"?{urlencode([*kept, ('ordering', asked)])}", order))
    return found


def _reversed(order: str) -> str:
    return order.removeprefix("-") if order.startswith("-") else f"-{order}"
