"""The rows and lists of the catalogue as they were at a time: as they are now, with the later entries of the journal undone.

Promises: values in wire form, as of the last entry that was written at that time or before; a row is known as absent before its
first entry. Whatever is wanted is noted, and read for all objects at once, so that the number of queries does not grow with a
list. Refuses (TooMuch) to read more than MOST_ROWS rows, MOST_ENTRIES later entries of them, or MOST_EXAMINED later entries of
one kind in search of rows that left a list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from launchledger.catalogue.actions.columns import (
    LinkedList,
    ModelList,
    OwnedList,
    ReverseList,
    as_json,
    attributes_of,
    table,
)
from launchledger.catalogue.actions.rows import COMPUTED
from launchledger.catalogue.actions.stored import KeyedSelect, keyed_select
from launchledger.catalogue.models.base import CompletedLink, Link, Observed, Owned
from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.statements import rows_of
from launchledger.formats.encoding import decode
from launchledger.formats.times import format_date_time
from launchledger.history.changes import last_serial_before
from launchledger.journal.compacting import complete_since
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial

MOST_ROWS = 3_000  # a detail of upstream has some hundred
MOST_ENTRIES = 50_000
MOST_EXAMINED = 50_000

_NEVER_SHOWN = frozenset({"source", "observed_at", "observations", "not_understood"})
_MICROSECOND = timedelta(microseconds=1)
_CREATED, _CHANGED, _DELETED = Entry.Action.CREATED.value, Entry.Action.CHANGED.value, Entry.Action.DELETED.value

Key = int | str
Changes = Mapping[str, list[Any]]


class TooMuch(ValueError):
    """Too much changed since the time, or the object has too many parts; the text says what, for the client."""


class State(Protocol):
    """A row as it was: its model, its key, and its columns by name, in wire form."""

    @property
    def model(self) -> Any: ...

    @property
    def key(self) -> Any: ...

    def value(self, column: str) -> Any: ...


class PastRow:
    """A row with an id. `existed` is false before its first entry. Deleted rows existed, and `deleted_at` has a value."""

    __slots__ = ("_now", "before", "existed", "key", "model")

    def __init__(self, model: type[Observed], key: Key, now: Mapping[str, Any]) -> None:
        self.model = model
        self.key = key
        self.existed = True
        self.before: dict[str, Any] = {}  # the columns and lists that changed later
        self._now = now

    def value(self, column: str) -> Any:
        return self.before[column] if column in self.before else as_json(self._now[column])

    @property
    def is_shown(self) -> bool:
        return self.existed and self.value("deleted_at") is None


class _Member:
    """A row without an id, in the form in which the journal has it."""

    __slots__ = ("_values", "model")
    key = None

    def __init__(self, model: type[Owned], values: Mapping[str, Any]) -> None:
        self.model, self._values = model, values

    def value(self, column: str) -> Any:
        return as_json(self._values.get(attributes_of(self.model)[column]))


class Past:
    """The catalogue at a time. Give what `row` and `list_of` give None for by calling `read`, which reads all that was wanted.

    Raises TooMuch for a time after which entries are missing that a compaction dropped.
    """

    def __init__(self, at: datetime) -> None:
        self.wanted = 0  # how often something was asked for that is not read yet
        compacted = complete_since().at
        if compacted is not None and at < compacted:
            raise TooMuch(f"The journal is compacted up to {format_date_time(compacted)}; ask for a time from then on.")
        self._serial = last_serial_before(at + _MICROSECOND, latest_serial())
        self._rows: dict[tuple[type[Observed], Key], PastRow] = {}
        self._lists: dict[tuple[ModelList, Key], list[Any]] = {}
        self._wanted_rows: dict[type[Observed], dict[Key, None]] = defaultdict(dict)
        self._wanted_lists: dict[ModelList, dict[Key, None]] = defaultdict(dict)
        self._entries = 0

    def row(self, model: type[Observed], key: Key) -> PastRow | None:
        """The row with this key; None if it is not read yet."""
        row = self._rows.get((model, key))
        if row is None:
            self.wanted += 1
            self._wanted_rows[model][key] = None
        return row

    def list_of(self, model_list: ModelList, owner: PastRow) -> list[Any] | None:
        """The members that the owner's list had, in their order: keys, or for members without an id their states.

        None if that is not read yet. Deleted members are among them.
        """
        members = self._lists.get((model_list, owner.key))
        if members is None and not isinstance(model_list, ReverseList) and model_list.name in owner.before:
            members = _members(model_list, owner.before[model_list.name])
            self._lists[model_list, owner.key] = members
        if members is None:
            self.wanted += 1
            self._wanted_lists[model_list][owner.key] = None
        return members

    def read(self) -> bool:
        """Read what was wanted; false if nothing was. Raises TooMuch."""
        rows, lists = self._wanted_rows, self._wanted_lists
        self._wanted_rows, self._wanted_lists = defaultdict(dict), defaultdict(dict)
        reverse = {model_list: owners for model_list, owners in lists.items() if isinstance(model_list, ReverseList)}
        candidates = {model_list: self._candidates(model_list, owners) for model_list, owners in reverse.items()}
        for reverse_list, keys in candidates.items():
            rows[reverse_list.member].update((key, None) for key in keys if (reverse_list.member, key) not in self._rows)
        for model, wanted in rows.items():
            self._read_rows(model, wanted)
        for model_list, owners in lists.items():
            if isinstance(model_list, ReverseList):
                self._list_rows(model_list, owners, candidates[model_list])
            else:
                self._read_lists(model_list, owners)
        return bool(rows or lists)

    def _read_rows(self, model: type[Observed], keys: Collection[Key]) -> None:
        if not keys:
            return
        if len(self._rows) + len(keys) > MOST_ROWS:
            raise TooMuch(f"It has more than {MOST_ROWS:,} parts.")
        columns = _columns(model)
        found = {row[0]: PastRow(model, row[0], dict(zip(columns, row, strict=True))) for row in _rows(model, keys)}
        undecided = self._undo(model, found)
        for key in undecided.difference(self._seen_before(model, undecided)):
            found[key].existed = False
        for key in keys:
            if key not in found:  # no row of this id was ever there
                found[key] = PastRow(model, key, {})
                found[key].existed = False
        self._rows.update(((model, key), row) for key, row in found.items())

    def _undo(self, model: type[Observed], rows: Mapping[Key, PastRow]) -> set[Key]:
        """Undo the later entries of these rows; gives the keys of those that were perhaps deleted before they were first seen."""
        sql = f"""SELECT "key", "action", "changes" FROM "journal_entry" WHERE "kind" = %s AND "serial" > %s
            AND "key" {dialect().among} ORDER BY "serial" LIMIT {MOST_ENTRIES + 1}"""  # noqa: S608  (our names)
        by_text = {str(key): row for key, row in rows.items()}
        entries = rows_of(sql, [model.kind, self._serial, dialect().keys(list(by_text))])
        self._entries += len(entries)
        if self._entries > MOST_ENTRIES:
            raise TooMuch(f"It and its parts changed more than {MOST_ENTRIES:,} times since then.")
        undecided: set[Key] = set()
        touched: set[str] = set()
        for key, action, changes in entries:
            row = by_text[key]
            if key not in touched:
                touched.add(key)
                row.existed = action != _CREATED
                if action == _DELETED:
                    undecided.add(row.key)
            for column, (before, _) in decode(changes).items():
                row.before.setdefault(column, before)
        return undecided

    def _seen_before(self, model: type[Observed], keys: Collection[Key]) -> set[Key]:
        """Those of these rows that had an entry already."""
        if not keys:
            return set()
        known = Entry.objects.filter(kind=model.kind, key__in=[str(key) for key in keys], serial__lte=self._serial)
        return {model._meta.pk.to_python(key) for key in known.values_list("key", flat=True).distinct()}

    def _read_lists(self, model_list: LinkedList | OwnedList, owners: Collection[Key]) -> None:
        """Read lists that did not change later: as they are."""
        for owner in owners:
            self._lists[model_list, owner] = []
        if isinstance(model_list, LinkedList):
            for owner, member in _select_of(model_list).rows(owners):
                self._lists[model_list, owner].append(member)
            return
        for owner, *values in _select_of(model_list).rows(owners):
            self._lists[model_list, owner].append(_Member(model_list.member, dict(zip(model_list.columns, values, strict=True))))

    def _candidates(self, model_list: ReverseList, owners: Collection[Key]) -> set[Key]:
        """The rows that lead to these owners, and those that did when they were changed."""
        model = model_list.member
        found = {row[0] for row in keyed_select(model, (model._meta.pk.name,), model_list.relation).rows(owners)}
        later = Entry.objects.filter(kind=model.kind, serial__gt=self._serial)
        if later.order_by()[: MOST_EXAMINED + 1].count() > MOST_EXAMINED:
            raise TooMuch(f"More than {MOST_EXAMINED:,} changes since then may have changed its parts.")
        moved = later.filter(action=_CHANGED).exclude(source=COMPUTED)  # most entries, and cheap to tell: no number is a list
        left = moved.filter(**{f"changes__{model_list.relation}__0__in": sorted(owners)})
        return found | {model._meta.pk.to_python(key) for key in left.values_list("key", flat=True)}

    def _list_rows(self, model_list: ReverseList, owners: Iterable[Key], candidates: Iterable[Key]) -> None:
        """Put rows into the lists of those that they led to, each at its place; those without one last, as in a plan."""
        members: dict[Key, list[PastRow]] = {owner: [] for owner in owners}
        for key in candidates:
            row = self._rows[model_list.member, key]
            owner = row.value(model_list.relation)
            if row.existed and owner in members:
                members[owner].append(row)
        for owner, some in members.items():
            some.sort(key=lambda row: (_place(row, model_list), row.key))
            self._lists[model_list, owner] = [row.key for row in some]


def _place(row: PastRow, model_list: ReverseList) -> tuple[bool, int]:
    place = row.value(model_list.position)
    return place is None, place or 0


def _members(model_list: LinkedList | OwnedList, stored: list[Any] | None) -> list[Any]:
    """The members of a list as an entry has them."""
    if isinstance(model_list, LinkedList):
        return list(stored or ())
    return [_Member(model_list.member, values) for values in stored or ()]


@cache
def _columns(model: type[Observed]) -> tuple[str, ...]:
    key = model._meta.pk.name
    return key, *(name for name in table(model).attributes if name != key and name not in _NEVER_SHOWN)


def _rows(model: type[Observed], keys: Collection[Key]) -> Iterable[Any]:
    columns = _columns(model)
    return keyed_select(model, columns, columns[0]).rows(keys)


@cache
def _select_of(model_list: LinkedList | OwnedList) -> KeyedSelect:
    """The SELECT of the members of lists, in the order of a plan."""
    model: type[Link] | type[Owned] = model_list.link if isinstance(model_list, LinkedList) else model_list.member
    columns = ("owner", "member") if isinstance(model_list, LinkedList) else ("owner", *model_list.columns)
    follows = '"follows", ' if issubclass(model, CompletedLink) else ""
    return keyed_select(model, columns, "owner", "", f' ORDER BY "owner_id", {follows}"position"')
