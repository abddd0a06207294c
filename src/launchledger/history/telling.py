"""What transactions did to objects, in sentences for people: one for each transaction and object.

Promises: a sentence is one line of bounded length, plain text; a net is never more exact than it was known then. However many
changes there are, the names and precisions of all are read in a few queries.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from launchledger.catalogue.actions.overridden import OBSERVED
from launchledger.catalogue.actions.overriding import is_by_hand
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.queries.overview import Named, names_of, related_model
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.catalogue.queries.statements import rows_by_id, rows_of
from launchledger.formats.spans import span
from launchledger.formats.texts import printable
from launchledger.formats.times import parse_date_time
from launchledger.history import wording
from launchledger.history.changes import EXAMINED, Change, Filters, matching, read_page
from launchledger.history.names import columns_named
from launchledger.history.slips import open_until
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from launchledger.web.the_space_devs import is_the_space_devs

COLUMNS = 20  # of one object that are told of; the others are counted
MOST_PRECISIONS = 2_000  # changes of net precisions that are read
REASON = "reason"  # of a deletion or an override, among the columns of its entry
UPSTREAM, UPSTREAM_NAME = "upstream:", "Launch Library 2"

_ABBREVIATIONS = 'SELECT "id", "abbrev" FROM "catalogue_netprecision"'

_VERBS = {"created": "added", "deleted": "removed", "revived": "added again"}
_SPANS = {None, "SEC", "MIN", "HR", "DAY"}  # precisions of nets between which a span means something


@dataclass(frozen=True, slots=True)
class Told:
    """What one transaction, written `at` that time, did to one object. `path` is that below the version of the wire ("" if it has
    none), `slipped` whether its net moved to later than its precision left open; an override is no slip."""

    transaction: int
    at: datetime
    kind: str
    key: str
    name: str
    path: str
    facts: Sequence[str]
    said: str
    slipped: bool


@dataclass(frozen=True, slots=True)
class _Move:
    """A change of net, with the ids of its precisions."""

    old: str | None
    new: str | None
    old_precision: int | None
    new_precision: int | None


def latest_changes(filters: Filters, limit: int) -> list[Change]:
    """The last `limit` entries that match, newest first; without an id only the last EXAMINED of the journal are looked at.

    Raises LookupError for a resource or a column that does not exist.
    """
    rows = matching(filters)
    with snapshot():
        newest = latest_serial()
        if not filters.id:
            rows = rows.filter(serial__gt=newest - EXAMINED)
        serials = list(rows.order_by("-serial").values_list("serial", flat=True)[:limit])
        if not serials:
            return []
        return read_page(rows, serials[-1] - 1, serials[0], newest, newest, limit).entries[::-1]


def tell(changes: Sequence[Change], limit: int) -> list[Told]:
    """The first `limit` objects of these changes, in their order; entries of one transaction and object are told together."""
    groups: dict[tuple[int, str, str], list[Change]] = defaultdict(list)
    for change in changes:
        key = change.transaction, change.kind, change.id
        if key in groups or len(groups) < limit:
            groups[key].append(change)
    with snapshot():
        names, _ = names_of(_named(groups.values()))
        precisions = _Precisions({id for (_, kind, id), some in groups.items() if kind == Launch.kind and _move_in(some)})
    return [_tell(sorted(some, key=lambda change: change.serial), names, precisions) for some in groups.values()]


def _tell(changes: Sequence[Change], names: dict[Named, str], precisions: _Precisions) -> Told:
    first, last = changes[0], changes[-1]
    columns = {name: values for change in changes for name, values in change.changes.items()}
    move = precisions.move(first.id, last.serial, columns) if first.kind == Launch.kind and _moves(columns) else None
    facts = list(_facts(last, columns, move, names, precisions))
    sources = dict.fromkeys(_source(change.source) for change in changes if change.observed_at is not None)
    return Told(
        transaction=first.transaction,
        at=first.at,
        kind=first.kind,
        key=first.id,
        name=printable(wording.shorten(names.get((first.kind, first.id)) or f"{wording.kind(first.kind)} {first.id}")),
        path=first.path,
        facts=[printable(fact) for fact in facts],
        said=printable(", ".join(sources)),
        slipped=move is not None and _is_slip(move) and not is_by_hand(last.source),
    )


def _facts(
    last: Change, columns: dict[str, list[Any]], move: _Move | None, names: dict[Named, str], precisions: _Precisions
) -> Iterator[str]:
    reason = columns.get(REASON, [None, None])[1]
    if last.action in _VERBS:
        yield _VERBS[last.action] + (f": {wording.shorten(str(reason))}" if reason else "")
        return
    if move is not None:
        yield precisions.in_words(move)
    others = [name for name in columns if name != REASON and (move is None or name not in ("net", "net_precision"))]
    for name in others[:COLUMNS]:
        related = _related(last.kind, name)
        old, new = (
            wording.value(names.get((related, str(value)), value) if related and value is not None else value)
            for value in columns[name]
        )
        what = wording.column(name.rpartition(".")[2]) + (" beneath an override" if name.startswith(OBSERVED) else "")
        yield f"{what} stays {new}" if old == new else f"{what} changed from {old} to {new}"
    if len(others) > COLUMNS:
        yield f"{len(others) - COLUMNS:,} other changes"
    if REASON in columns:
        yield f"because: {wording.shorten(str(reason))}" if reason else "as observed again"


def _is_slip(move: _Move) -> bool:
    if not move.old or not move.new:
        return False
    return parse_date_time(move.new) > open_until(parse_date_time(move.old), move.old_precision)


class _Precisions:
    """The precisions of the nets of some launches as they were, and their abbreviations."""

    def __init__(self, keys: Collection[str]) -> None:
        self._abbreviations: dict[int, str] = {}
        self._now: dict[str, int | None] = {}
        self._changes: dict[str, list[tuple[int, int | None]]] = defaultdict(list)  # serials, and the precision before each
        if not keys:
            return
        self._abbreviations = {key: abbrev or "" for key, abbrev in rows_of(_ABBREVIATIONS)}
        self._now = {str(key): now for key, now in rows_by_id(Launch.kind, ("net_precision",), keys)}
        entries = Entry.objects.filter(kind=Launch.kind, key__in=keys, changes__has_key="net_precision").order_by("-serial")
        for serial, key, changes in entries.values_list("serial", "key", "changes")[:MOST_PRECISIONS]:
            self._changes[key].insert(0, (serial, changes["net_precision"][0]))

    def move(self, key: str, serial: int, columns: dict[str, list[Any]]) -> _Move:
        """The move of a net in a transaction whose last entry for the launch is `serial`."""
        changes = self._changes[key]
        later = changes[bisect_right([each for each, _ in changes], serial) :]
        new = later[0][1] if later else self._now.get(key)
        old, new = columns.get("net_precision", [new, new])
        return _Move(columns["net"][0], columns["net"][1], old, new)

    def in_words(self, move: _Move) -> str:
        old, new = (
            self._abbreviations.get(each) if each is not None else None for each in (move.old_precision, move.new_precision)
        )
        before, now = self._net(move.old, old), self._net(move.new, new)
        if not move.old or not move.new:
            return f"net changed from {before} to {now}"
        seconds = (parse_date_time(move.new) - parse_date_time(move.old)).total_seconds()
        moved = f" ({'+' if seconds > 0 else '-'}{span(abs(seconds))})" if seconds and {old, new} <= _SPANS else ""
        return f"net moved from {before} to {now}{moved}"

    def _net(self, text: str | None, precision: str | None) -> str:
        return wording.net(parse_date_time(text), precision) if text and precision else wording.value(text)


def _move_in(changes: Sequence[Change]) -> bool:
    return any(_moves(change.changes) for change in changes)


def _moves(columns: Mapping[str, list[Any]]) -> bool:
    """Whether net has another value; an override may give it the one that it had."""
    return "net" in columns and columns["net"][0] != columns["net"][1]


def _named(groups: Collection[Sequence[Change]]) -> set[Named]:
    """The objects, and the related ones that their changes name."""
    wanted: set[Named] = set()
    for some in groups:
        wanted.add((some[0].kind, some[0].id))
        for change in some:
            for name, values in list(change.changes.items())[:COLUMNS]:
                if related := _related(change.kind, name):
                    wanted |= {(related, str(value)) for value in values if value is not None}
    return wanted


def _related(kind: str, name: str) -> str:
    """The kind of the rows that a column, by its name on the wire, leads to; "" if it leads to none."""
    columns = sorted(columns_named(name.removeprefix(OBSERVED)))
    return next((related for column in columns if (related := related_model(kind, column))), "")


def _source(name: str) -> str:
    host = name.removeprefix(UPSTREAM).partition(":")[0] if name.startswith(UPSTREAM) else ""
    return UPSTREAM_NAME if host and is_the_space_devs(host) else wording.source(name)
