"""Batches that only confirm what is known: their rows get newer times, and nothing else is written.

Promises: a batch that `confirm` takes would change times and nothing else if `observing` took it in (docs/adr/0038). Costs a
SELECT for each table and each list that the batch speaks of, and an UPDATE for each table; it makes no instances of models.
Refuses, and leaves to `observing`, the whole batch if one record of it would change something, or may: it speaks of a row that is
not there or deleted, of a column that was never observed, or of a list of which the owner says something later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from launchledger.catalogue.actions.columns import Linked, Listed, Owning, Table, table
from launchledger.catalogue.actions.crews import FOLLOWED
from launchledger.catalogue.actions.lists import Lists
from launchledger.catalogue.actions.rows import DELETION, OF_SIGHTINGS, Key, Rows
from launchledger.catalogue.actions.seen import Seen, format_observations, parse_observations
from launchledger.catalogue.actions.stored import reading, update
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.records import Record
from launchledger.catalogue.statistics.flying import OPEN_ENDED, TRUSTED
from launchledger.formats.encoding import encode

_COMPARED = 4  # contents of a row that the next record about it is compared with
_ABSENT = object()


@dataclass(slots=True, eq=False)
class _Content:
    """What records about one row say: `first` is the first of them that was met, `last` the newest.

    `names` are the columns and lists that it speaks of, and `members` those of lists that are kept as relations of their members.
    """

    record: Record
    names: Sequence[str]
    members: Sequence[tuple[Listed, Sequence[Key]]]
    first: Seen
    last: Seen


@dataclass(slots=True, eq=False)
class _Stored:
    """A row as it is stored, and what the batch confirms of it."""

    values: dict[str, Any]
    observed_at: datetime | None
    seen: dict[str, Seen]
    contents: list[_Content] = default(default_factory=list)


def confirm(batch: Sequence[tuple[Sequence[Record], Seen]], rows: Rows, lists: Lists) -> bool:
    """Take in a batch of which all records are what is stored; False, and nothing is taken in, where one is not.

    All of a batch, or nothing: a record that changes a row may decide what another one of the batch means.
    """
    confirming = _Confirming(lists)
    confirming.read(record for records, _ in batch for record in records)
    if not all(confirming.takes(record, seen) for records, seen in batch for record in records):
        return False
    confirming.write(rows)
    return True


class _Confirming:
    """The rows that a batch speaks of as they are stored, by kind and key."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._rows: dict[str, dict[Key, _Stored]] = {}
        self._members: dict[Listed, dict[Key, dict[Key, int | None]]] = {}

    def read(self, records: Iterable[Record]) -> None:
        """Read the rows that the records speak of, and the lists of those that exist."""
        keys: dict[str, dict[Key, None]] = defaultdict(dict)
        owners: dict[Linked | Listed | Owning, dict[Key, None]] = defaultdict(dict)
        for record in records:
            keys[record.model][record.key] = None
            for name, kept in table(model_of(record.model)).lists.items():
                if _members(record, name) is not None:
                    owners[kept][record.key] = None
        for kind, of_kind in keys.items():
            self._rows[kind] = _read_rows(model_of(kind), of_kind)
        for kept, of_list in owners.items():
            existing: list[Key] = [key for key in of_list if key in self._rows[_owner(kept).kind]]
            if isinstance(kept, Listed):
                self._members[kept] = _read_members(kept, existing)
            else:
                self._lists.read(kept, existing)

    def takes(self, record: Record, seen: Seen) -> bool:
        """Whether a record only confirms what is known; if so, it is remembered for `write`."""
        row = self._rows[record.model].get(record.key)
        if row is None or DELETION in row.seen:  # a sighting may revive it
            return False
        for content in row.contents[-_COMPARED:]:
            if content.first <= seen and content.record == record:
                content.last = max(content.last, seen)
                return True
        found = self._content(record, row, seen)
        if found is not None:
            row.contents.append(found)
        return found is not None

    def _content(self, record: Record, row: _Stored, seen: Seen) -> _Content | None:
        """What a record says; None where it is not what is stored, or may change more than times."""
        known = table(model_of(record.model))
        if not _says_what_is_stored(record, row, known) or not self._may_claim(record, row, seen, known):
            return None
        names = [name for name in record.columns if name in known.attributes]
        names += [f"?{key}" for key in record.not_understood]
        members = []
        for name, kept in known.lists.items():
            listed = _members(record, name)
            if listed is None:
                continue
            if name not in row.seen:
                return None
            if isinstance(kept, Listed):
                if not self._is_listed(kept, record.key, listed, row.seen[name], seen):
                    return None
                members.append((kept, listed))
            elif not self._lists.holds(kept, record.key, listed):
                return None
            names.append(name)
        return _Content(record, names, members, seen, seen)

    def _may_claim(self, record: Record, row: _Stored, seen: Seen, known: Table) -> bool:
        """Whether the owners of the lists that the row is part of say nothing later about these lists."""
        for column, kept in known.listings.items():
            key = record.columns.get(column)
            if key is not None and row.seen[column] < seen:
                owner = self._rows.get(kept.owner.kind, {}).get(key)
                if owner is None or (kept.name in owner.seen and seen.is_before(owner.seen[kept.name])):
                    return False
        return True

    def _is_listed(self, kept: Listed, owner: Key, members: Sequence[Key], last: Seen, seen: Seen) -> bool:
        """Whether the owner's list is stored with these members in this order, and no others, and was observed no later."""
        if seen.is_before(last) or self._members[kept].get(owner, {}) != {key: place for place, key in enumerate(members)}:
            return False
        rows = self._rows.get(kept.member.kind, {})
        return all(key in rows and kept.relation in rows[key].seen and DELETION not in rows[key].seen for key in members)

    def write(self, rows: Rows) -> None:
        """Write the times of what was confirmed, and bring in the rows of which something follows from their times."""
        moved: dict[str, dict[Key, set[str]]] = defaultdict(lambda: defaultdict(set))
        for kind, of_kind in self._rows.items():
            for key, row in of_kind.items():
                for content in row.contents:
                    self._move(kind, key, content, moved)
        for kind, of_moved in moved.items():
            model = model_of(kind)
            _write_times(model, {key: self._rows[kind][key].seen for key in of_moved})
            if model in OPEN_ENDED or model in FOLLOWED:
                self._bring_in(model, of_moved, rows)

    def _bring_in(self, model: type[Observed], moved: Mapping[Key, set[str]], rows: Rows) -> None:
        """Bring in the rows of which something follows from when they were last seen.

        Numbers follow where something has no end and was last seen long ago, and lists of astronauts from crews and their own.
        """
        lasting, long_ago = OPEN_ENDED.get(model), timezone.now() - TRUSTED
        found: dict[Key, tuple[bool, set[str]]] = {}
        for key, names in moved.items():
            stored = self._rows[model.kind][key]
            told = names & FOLLOWED.get(model, frozenset())
            is_open = lasting is not None and stored.values[lasting.end] is None
            was_forgotten = is_open and (stored.observed_at is None or stored.observed_at <= long_ago)
            if told or was_forgotten:
                found[key] = was_forgotten, told
        rows.read(model, found)
        for key, (was_forgotten, told) in found.items():
            row = rows.get(model, key)
            row.observed = was_forgotten
            row.told |= told

    def _move(self, kind: str, key: Key, content: _Content, moved: dict[str, dict[Key, set[str]]]) -> None:
        """Give what a content speaks of its newest time, where that is newer than what is stored."""
        seen, last = self._rows[kind][key].seen, content.last
        before, is_newer, newer = None, False, []
        for name in content.names:
            if seen[name] is not before:  # most columns were last seen together
                before = seen[name]
                is_newer = before < last
            if is_newer:
                newer.append(name)
        if newer:
            seen.update(dict.fromkeys(newer, last))
            moved[kind][key].update(newer)
        for kept, members in content.members:
            for member in members:
                of_member = self._rows[kept.member.kind][member].seen
                if of_member[kept.relation] < last:
                    of_member[kept.relation] = last
                    moved[kept.member.kind][member].add(kept.relation)


def _says_what_is_stored(record: Record, row: _Stored, known: Table) -> bool:
    """Whether every column that the record speaks of was observed before, and has this value."""
    for column, value in record.columns.items():
        if column in known.attributes and (column not in row.seen or row.values[column] != value):
            return False
    not_understood = row.values["not_understood"]
    return all(
        f"?{key}" in row.seen and not_understood.get(key, _ABSENT) == value for key, value in record.not_understood.items()
    )


def _members(record: Record, name: str) -> Sequence[Any] | None:
    """The members of a list that a record speaks of; a relation to one row may be a list on the other side."""
    if name in record.lists:
        return record.lists[name]
    if name in record.owned:
        return record.owned[name]
    if name in record.columns:
        return [] if record.columns[name] is None else [record.columns[name]]
    return None


def _owner(kept: Linked | Listed | Owning) -> Any:
    if isinstance(kept, Listed):
        return kept.owner
    model: Any = kept.link if isinstance(kept, Linked) else kept.member
    return model._meta.get_field("owner").related_model


@cache
def _columns(model: type[Observed]) -> tuple[str, ...]:
    """What is read of a row: its key first, and all that records may speak of."""
    key = model._meta.pk.name
    return key, *(name for name in table(model).attributes if name not in (key, "source"))


def _read_rows(model: type[Observed], keys: Collection[Key]) -> dict[Key, _Stored]:
    columns = _columns(model)
    found: dict[Key, _Stored] = {}
    for row in reading(model, columns, columns[0]).rows(keys):
        values = dict(zip(columns, row, strict=True))
        found[row[0]] = _Stored(values, values["observed_at"], parse_observations(values["observations"]))
    return found


def _read_members(kept: Listed, owners: Collection[Key]) -> dict[Key, dict[Key, int | None]]:
    """The members of these owners' lists with their places."""
    found: dict[Key, dict[Key, int | None]] = defaultdict(dict)
    columns = (kept.relation, kept.member._meta.pk.name, kept.position)
    for owner, member, place in reading(kept.member, columns, kept.relation).rows(owners):
        found[owner][member] = place
    return found


def _write_times(model: type[Observed], seen: Mapping[Key, Mapping[str, Seen]]) -> None:
    values = []
    for key, of_row in seen.items():
        newest = max(of_row.values())
        values.append((newest.source, _adapted(newest.at), encode(format_observations(of_row)).decode(), key))
    update(model, OF_SIGHTINGS, values)


@lru_cache(maxsize=64)
def _adapted(moment: datetime) -> Any:
    """A time as the database takes it."""
    return connection.ops.adapt_datetimefield_value(moment)
