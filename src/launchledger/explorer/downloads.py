"""The list of launches to take away: the rows that a page of it would show, as a table.

Promises: the same filters, search and order as `/launches/`, refused alike; at most MOST rows, from `offset` on; no cell is a
formula of a spreadsheet, whatever the catalogue has in it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from django.http import HttpRequest

from launchledger.api.paging import requested_slice
from launchledger.catalogue.queries.listing import stored_values
from launchledger.explorer.lists import chosen_rows
from launchledger.explorer.navigation import page_of_named
from launchledger.formats.times import format_date_time

MOST = 1_000  # launches

# The name of each column of the table, and where its values are.
_COLUMNS = {
    "id": "id",
    "name": "name",
    "net": "net",
    "net_precision": "net_precision__name",
    "window_start": "window_start",
    "window_end": "window_end",
    "status": "status__name",
    "provider": "launch_service_provider__name",
    "vehicle": "configuration__full_name",
    "mission": "mission__name",
    "mission_type": "mission__type",
    "orbit": "mission__orbit__name",
    "pad": "pad__name",
    "site": "pad__location__name",
    "last_updated": "last_updated",
}
_TIMES = frozenset({"net", "window_start", "window_end", "last_updated"})

# What a spreadsheet takes for the beginning of a formula, also behind a tab or a line break, which it drops.
# The last four are the same signs in their wide forms.
_FORMULA = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")


@dataclass(frozen=True, slots=True)
class Table:
    """Launches as rows of texts below the names of their columns; `following` is the offset at which the rest begins, or None."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    following: int | None


def launches_table(request: HttpRequest, path: str, own: Sequence[str], base: str) -> Table:
    """The launches that the parameters of a request choose; `base` is the absolute address of the first page. Raises Refused."""
    _, offset = requested_slice(request.GET.dict())
    found = stored_values(chosen_rows(request, path, own)[offset : offset + MOST + 1], *_COLUMNS.values(), "slug")
    following = offset + MOST if len(found) > MOST else None
    return Table([*_COLUMNS, "address"], [list(_cells(row, base)) for row in found[:MOST]], following)


def _cells(row: Sequence[Any], base: str) -> Iterator[str]:
    *values, slug = row
    for name, value in zip(_COLUMNS, values, strict=True):
        yield _moment(value) if name in _TIMES and value else str(value or "")
    yield base + page_of_named("launch", values[0], slug, "")


def _moment(stored: str | datetime) -> str:
    """A time as the wire has it; the driver of SQLite gives texts in UTC, with a space."""
    return f"{stored.replace(' ', 'T')}Z" if isinstance(stored, str) else format_date_time(stored)


def as_csv(table: Table) -> str:
    """The table by RFC 4180."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(table.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return written.getvalue()


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet shows as it is: an apostrophe is before what it would compute."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
