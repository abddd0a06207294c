"""The last entries of the journal as lines for people: what was added, changed or removed, and from what to what.

Promises: at most LINES lines, at most LINES_PER_TRANSACTION for each transaction, however much it changed; three queries of
bounded size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from launchledger.catalogue.actions.overridden import OBSERVED
from launchledger.catalogue.actions.rows import COMPUTED
from launchledger.catalogue.queries.overview import Named, names_of, related_model
from launchledger.history import wording
from launchledger.journal.reading import Head, changes_of, latest
from launchledger.wire.served import DEFAULT

LINES = 20
LINES_PER_TRANSACTION = 5
ENTRIES = 3_000  # to read; about as many as one transaction of `load` writes
NAMED = 3  # objects of one kind that a line names; it counts the others
COLUMNS = 4  # that a line shows; it counts the others

VERBS = {"created": "added", "changed": "changed", "deleted": "removed", "revived": "added again"}


@dataclass(frozen=True, slots=True)
class NamedObject:
    """An object by its name, and its path below the version ("" if it has none)."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Change:
    column: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one transaction did to objects of one kind: to `objects`, and to `more` others.

    Without a `kind`, `more` counts the other objects of any kind that the transaction changed. `at_least`: the transaction has
    older entries, which were not read.
    """

    kind: str
    verb: str
    objects: tuple[NamedObject, ...]
    more: int
    at_least: bool
    changes: tuple[Change, ...]
    more_changes: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """Its time, the source of most of its entries that were not computed, and its lines."""

    at: datetime
    source: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Objects of one transaction in one line, each by the head of its first entry there; `entries` are the serials of all."""

    heads: Sequence[Head]
    entries: Sequence[int]
    cut: bool  # the transaction has older entries, which were not read
    mixed: bool = False

    @property
    def named(self) -> Sequence[Head]:
        return () if self.mixed else self.heads[:NAMED]

    @property
    def shows_columns(self) -> bool:
        return len(self.heads) == 1 and not self.mixed and self.heads[0].action == "changed"


def last_changes() -> list[Transaction]:
    """What the newest transactions did, newest first."""
    groups = list(islice(_groups(latest(ENTRIES)), LINES))
    changes = _changes(groups)
    wanted: set[Named] = {(head.kind, head.key) for group in groups for head in group.named}
    for group in groups:
        for column, values in _shown_columns(changes.get(group.heads[0], {})):
            if related := related_model(group.heads[0].kind, column.removeprefix(OBSERVED)):
                wanted |= {(related, str(value)) for value in values if value is not None}
    names, deleted = names_of(wanted)
    transactions = (list(some) for _, some in groupby(groups, key=lambda group: group.heads[0].transaction))
    return [
        Transaction(
            at=some[0].heads[0].at,
            source=wording.source(source_of(head for group in some for head in group.heads)),
            lines=tuple(_line(group, changes.get(group.heads[0], {}), names, deleted) for group in some),
        )
        for some in transactions
    ]


def source_of(heads: Iterable[Head]) -> str:
    """Numbers that were computed follow from what another source said, if there is one."""
    found = Counter(head.source for head in heads)
    return max(found, key=lambda source: (source != COMPUTED, found[source]))


def _changes(groups: Sequence[_Group]) -> dict[Head, dict[str, Any]]:
    """The changes of the objects whose columns are shown, oldest entry first."""
    shown = {group.heads[0]: sorted(group.entries) for group in groups if group.shows_columns}
    changes = changes_of([serial for serials in shown.values() for serial in serials])
    return {
        head: {column: change for serial in serials for column, change in changes[serial].items()}
        for head, serials in shown.items()
    }


def _groups(heads: Sequence[Head]) -> Iterator[_Group]:
    """The groups that become lines: a few objects of a kind one by one, many together, and the rest of a transaction in one."""
    oldest = heads[-1].transaction if len(heads) == ENTRIES else None
    for number, entries in groupby(heads, key=lambda head: head.transaction):
        cut = number == oldest
        objects: dict[tuple[str, str], list[Head]] = defaultdict(list)
        for head in entries:
            objects[head.kind, head.key].append(head)
        by_kind: dict[tuple[str, str], list[list[Head]]] = defaultdict(list)
        for object_heads in objects.values():
            by_kind[object_heads[-1].kind, object_heads[-1].action].append(object_heads)
        groups: list[_Group] = []
        for some in sorted(by_kind.values(), key=lambda some: rank_of(some[0][0].kind)):
            groups += [_group([object_heads], cut) for object_heads in some] if len(some) <= NAMED else [_group(some, cut)]
        if len(groups) > LINES_PER_TRANSACTION:
            rest = [head for group in groups[LINES_PER_TRANSACTION - 1 :] for head in group.heads]
            groups = [*groups[: LINES_PER_TRANSACTION - 1], _Group(rest, (), cut, mixed=True)]
        yield from groups


def _group(objects: Sequence[Sequence[Head]], cut: bool) -> _Group:
    return _Group([heads[-1] for heads in objects], [head.serial for heads in objects for head in heads], cut)


def rank_of(kind: str) -> int:
    """Kinds with a list come before choice lists, and these before kinds that only other objects show."""
    path = DEFAULT.path_of_model.get(kind)
    return 2 if path is None else int(path.startswith("config/"))


def _shown_columns(changes: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    return islice(changes.items(), COLUMNS)


def _line(group: _Group, changes: Mapping[str, Any], names: Mapping[Named, str], deleted: Set[Named]) -> Line:
    first = group.heads[0]
    return Line(
        kind="" if group.mixed else wording.kind(first.kind),
        verb=VERBS.get(first.action, first.action),
        objects=tuple(_named_object(head, names, deleted) for head in group.named),
        more=len(group.heads) - len(group.named),
        at_least=group.cut,
        changes=tuple(_change(first.kind, column, before, now, names) for column, (before, now) in _shown_columns(changes)),
        more_changes=max(len(changes) - COLUMNS, 0),
    )


def _named_object(head: Head, names: Mapping[Named, str], deleted: Set[Named]) -> NamedObject:
    path = DEFAULT.path_of_model.get(head.kind)
    has_address = path in DEFAULT.resources and head.action != "deleted" and (head.kind, head.key) not in deleted
    name = names.get((head.kind, head.key)) or f"no. {head.key}"
    return NamedObject(wording.shorten(name), f"{path}/{head.key}/" if has_address else "")


def _change(kind: str, column: str, before: Any, now: Any, names: Mapping[Named, str]) -> Change:
    related = related_model(kind, column.removeprefix(OBSERVED))

    def written(value: Any) -> str:
        return wording.value(names.get((related, str(value)), value) if related else value)

    return Change(wording.column(column), written(before), written(now))
