"""Pages of the journal for people: by day, one item for each transaction, newest first.

Promises: a page has at most ITEMS transactions, LINES lines of each, and TOLD objects of a line told in full, however much was
written at once; a transaction that is longer than a page goes on on the next one. A fixed number of queries of bounded size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from launchledger.catalogue.queries.overview import names_of
from launchledger.explorer.changes import VERBS, rank_of, source_of
from launchledger.history import wording
from launchledger.history.changes import Filters, changes_at, heads_before
from launchledger.history.names import path_of
from launchledger.history.telling import Told, tell
from launchledger.journal.reading import Head

ITEMS = 20
LINES = 6
TOLD = 4  # objects of one line
NAMED = 5
FACTS = 6
READ = 250  # entries

Object = tuple[int, str, str]  # the number of a transaction, a kind and a key


@dataclass(frozen=True, slots=True)
class Subject:
    """An object that a line names, with its path below the version ("" if it has none), and what is told of it."""

    name: str
    path: str
    facts: Sequence[str] = ()
    more_facts: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What a transaction did to objects of one kind: to `subjects`, and to `more` others.

    Without a kind, `more` counts the other objects of any kind.
    """

    kind: str
    verb: str
    subjects: Sequence[Subject]
    more: int


@dataclass(frozen=True, slots=True)
class Item:
    """One transaction: `begins_before` if it has older entries that this page does not show, `source` as the journal has it."""

    at: datetime
    source: str
    lines: Sequence[Line]
    begins_before: bool


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """`older` is the serial before which the next page ends, 0 if this is the last one."""

    days: Sequence[Day]
    older: int


def journal_page(before: int, filters: Filters) -> JournalPage:
    """The transactions with the newest entries before this serial that match."""
    heads, down_to = heads_before(before, filters, READ)
    runs = [list(some) for _, some in groupby(heads, key=lambda head: head.transaction)]
    is_cut = len(heads) == READ and len(runs) <= ITEMS  # the oldest transaction may have more entries than were read
    shown = runs[:ITEMS]
    older = shown[-1][-1].serial if len(runs) > ITEMS else down_to
    lines = [_lines_of(run) for run in shown]
    subjects = _subjects([group for some in lines for group in some])
    items = [
        Item(run[0].at, source_of(run), [_line(group, subjects) for group in some], is_cut and run is shown[-1])
        for run, some in zip(shown, lines, strict=True)
    ]
    days = (Day(day, list(some)) for day, some in groupby(items, key=lambda item: item.at.astimezone(UTC).date()))
    return JournalPage(list(days), older)


@dataclass(frozen=True, slots=True)
class _Group:
    """Objects of one transaction in one line, each by its entries, newest first."""

    objects: Sequence[Sequence[Head]]
    is_mixed: bool = False

    @property
    def is_told(self) -> bool:
        return not self.is_mixed and self.objects[0][0].action == "changed" and len(self.objects) <= TOLD

    @property
    def named(self) -> Sequence[Sequence[Head]]:
        return () if self.is_mixed else self.objects[:NAMED]


def _lines_of(run: Sequence[Head]) -> list[_Group]:
    objects: dict[tuple[str, str], list[Head]] = defaultdict(list)
    for head in run:
        objects[head.kind, head.key].append(head)
    by_kind: dict[tuple[str, str], list[list[Head]]] = defaultdict(list)
    for entries in objects.values():
        by_kind[entries[0].kind, entries[-1].action].append(entries)
    groups = [_Group(some) for some in sorted(by_kind.values(), key=lambda some: rank_of(some[0][0].kind))]
    if len(groups) <= LINES:
        return groups
    rest = [entries for group in groups[LINES - 1 :] for entries in group.objects]
    return [*groups[: LINES - 1], _Group(rest, is_mixed=True)]


def _subjects(groups: Sequence[_Group]) -> Mapping[Object, Subject]:
    """The objects that lines name, by transaction."""
    told_heads = [head for group in groups if group.is_told for entries in group.objects for head in entries]
    told = tell(changes_at([head.serial for head in told_heads]), len(told_heads)) if told_heads else []
    found = {(each.transaction, each.kind, each.key): _told_subject(each) for each in told}
    named = [entries[0] for group in groups if not group.is_told for entries in group.named]
    names, deleted = names_of({(head.kind, head.key) for head in named})
    for head in named:
        is_gone = head.action == "deleted" or (head.kind, head.key) in deleted
        name = wording.shorten(names.get((head.kind, head.key)) or f"no. {head.key}")
        found[head.transaction, head.kind, head.key] = Subject(name, "" if is_gone else path_of(head.kind, head.key))
    return found


def _told_subject(told: Told) -> Subject:
    unnamed = told.name == f"{wording.kind(told.kind)} {told.key}"
    return Subject(f"no. {told.key}" if unnamed else told.name, told.path, told.facts[:FACTS], max(len(told.facts) - FACTS, 0))


def _line(group: _Group, subjects: Mapping[Object, Subject]) -> Line:
    if group.is_mixed:
        return Line("", "", (), len(group.objects))
    first = group.objects[0]
    named = [subjects[entries[0].transaction, entries[0].kind, entries[0].key] for entries in group.named]
    verb = VERBS.get(first[-1].action, first[-1].action)
    return Line(wording.kind(first[0].kind), verb, named, len(group.objects) - len(named))
