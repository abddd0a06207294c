"""Bodies of tables, written in one pass: a loop of template tags over a hundred rows would cost several milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from launchledger.explorer.html import escaped


def body_of(rows: Iterable[Sequence[Any]], classes: Sequence[str]) -> SafeString:
    """The rows of a table, each value escaped unless it is HTML already; the first of each row names it.

    `classes` has the class of each column, "" for none. None is an empty cell.
    """
    opened = [f'<td class="{name}">' if name else "<td>" for name in classes]
    first = f'<th scope="row" class="{classes[0]}">' if classes[0] else '<th scope="row">'
    lines = []
    for head, *others in rows:
        cells = "".join(
            f"{tag}{'' if value is None else escaped(value)}</td>" for tag, value in zip(opened[1:], others, strict=True)
        )
        lines.append(f"<tr>{first}{escaped(head)}</th>{cells}</tr>")
    return mark_safe("\n".join(lines))  # noqa: S308  (every value in it was escaped)
