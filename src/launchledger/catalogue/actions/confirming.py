"""Batches that only confirm what is stored: their rows get newer times, and nothing else is written.

Promises: a batch that `confirm` accepts would change times and nothing else if `observing` took it in (docs/adr/0038). Costs a
SELECT for each table and each list that the batch contains, and an UPDATE for each table; it makes no instances of models.
A value that differs from the stored one, but was seen earlier, changes nothing: it is left out.
Refuses, and leaves to `observing`, the whole batch if one record changes something, or may: its row is missing or deleted, one of
its columns was never observed, or a list that it concerns was observed later on the owner.
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

from launchledger import clock
from launchledger.catalogue.actions.columns import ModelList, ReverseList, Table, from_json, owner_of, table
from launchledger.catalogue.actions.crews import INPUT_LISTS
from launchledger.catalogue.actions.lists import Lists, places_in
from launchledger.catalogue.actions.overridden import Overrides
from launchledger.catalogue.actions.rows import DELETION, SIGHTING_COLUMNS, Key, Rows
from launchledger.catalogue.actions.seen import Seen, format_observations, parse_observations
from launchledger.catalogue.actions.stored import keyed_select, update
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.records import Record
from launchledger.catalogue.statistics.flying import OPEN_ENDED, TRUSTED
from launchledger.formats.encoding import encode

_COMPARED = 4  # contents of a row with which its next record is compared
_ABSENT = object()


@dataclass(slots=True, eq=False)
class _Content:
    """What equal records of one row contain: `first` is the sighting of the first that was read, `last` the newest.

    `names` are their columns and lists that equal the stored ones; `members` the members of lists that are stored as relations
    of their members. The columns left out were all seen later than this, the first of them at `until`.
    """

    record: Record
    names: Sequence[str]
    members: Sequence[tuple[ReverseList, Sequence[Key]]]
    first: Seen
    last: Seen
    until: Seen | None


@dataclass(slots=True, eq=False)
class _Stored:
    """A row as it is stored, and the contents that the batch confirms. `is_open`: it has a begin, and no end yet."""

    values: dict[str, Any]
    is_open: bool
    observed_at: datetime | None
    seen: dict[str, Seen]
    contents: list[_Content] = default(default_factory=list)


def confirm(batch: Sequence[tuple[Sequence[Record], Seen]], rows: Rows, lists: Lists) -> bool:
    """Take in a batch whose records all equal what is stored; False, and nothing is taken in, where one does not.

    All of a batch, or nothing: a record that changes a row may decide what another record of the batch means.
    """
    confirming = _Confirming(lists, rows.overrides)
    confirming.read(record for records, _ in batch for record in records)
    if not all(confirming.accept(record, seen) for records, seen in batch for record in records):
        return False
    confirming.write(rows)
    return True


class _Confirming:
    """The rows of a batch as they are stored, by kind and key."""

    def __init__(self, lists: Lists, overrides: Overrides) -> None:
        self._lists = lists
        self._overrides = overrides
        self._rows: dict[str, dict[Key, _Stored]] = {}
        self._members: dict[ReverseList, dict[Key, dict[Key, int | None]]] = {}

    def read(self, records: Iterable[Record]) -> None:
        """Read the rows of the records, and the lists of those that exist."""
        keys: dict[str, dict[Key, None]] = defaultdict(dict)
        owners: dict[ModelList, dict[Key, None]] = defaultdict(dict)
        for record in records:
            keys[record.model][record.key] = None
            for name, model_list in table(model_of(record.model)).lists.items():
                if _members(record, name) is not None:
                    owners[model_list][record.key] = None
        for kind, of_kind in keys.items():
            self._rows[kind] = _read_rows(model_of(kind), of_kind, self._overrides)
        for model_list, of_list in owners.items():
            existing: list[Key] = [key for key in of_list if key in self._rows[owner_of(model_list).kind]]
            if isinstance(model_list, ReverseList):
                self._members[model_list] = _read_members(model_list, existing)
            else:
                self._lists.read(model_list, existing)

    def accept(self, record: Record, seen: Seen) -> bool:
        """Whether a record only confirms what is stored; if so, it is remembered for `write`."""
        row = self._rows[record.model].get(record.key)
        if row is None or DELETION in row.seen:  # a sighting may revive it
            return False
        for content in row.contents[-_COMPARED:]:
            if content.first <= seen and (content.until is None or seen < content.until) and content.record == record:
                content.last = max(content.last, seen)
                return True
        found = self._content(record, row, seen)
        if found is not None:
            row.contents.append(found)
        return found is not None

    def _content(self, record: Record, row: _Stored, seen: Seen) -> _Content | None:
        """The content of a record; None where it differs from what is stored, or may change more than times."""
        known = table(model_of(record.model))
        compared = _compare(record, row, seen, known)
        if compared is None or not self._may_claim(record, row, seen, known):
            return None
        names, until = compared
        members = []
        for name, model_list in known.lists.items():
            listed = _members(record, name)
            if listed is None:
                continue
            if name not in row.seen:
                return None
            if isinstance(model_list, ReverseList):
                if not self._list_matches(model_list, record.key, listed, row.seen, seen):
                    return None
                members.append((model_list, listed))
            elif not self._lists.matches(model_list, record.key, listed):
                return None
            names.append(name)
        return _Content(record, names, members, seen, seen, until)

    def _may_claim(self, record: Record, row: _Stored, seen: Seen, known: Table) -> bool:
        """Whether no list that the row is part of was observed later on its owner."""
        for column, model_list in known.listed_in.items():
            key = record.columns.get(column)
            if key is not None and row.seen[column] < seen:
                owner = self._rows.get(model_list.owner.kind, {}).get(key)
                if owner is None or (model_list.name in owner.seen and seen.is_before(owner.seen[model_list.name])):
                    return False
        return True

    def _list_matches(
        self, model_list: ReverseList, owner: Key, members: Sequence[Key], last: Mapping[str, Seen], seen: Seen
    ) -> bool:
        """Whether the owner's list is stored with these members in this order, no others, and was not observed later.

        `last` are the owner's sightings. A list that names rows of another owner never matches: its places would be left behind.
        """
        if seen.is_before(last[model_list.name]) or places_in(model_list, last):
            return False
        if self._overrides.of_column(model_list.member.kind, model_list.relation):  # members may be kept beneath
            return False
        if self._members[model_list].get(owner, {}) != {key: place for place, key in enumerate(members)}:
            return False
        rows = self._rows.get(model_list.member.kind, {})
        return all(key in rows and model_list.relation in rows[key].seen and DELETION not in rows[key].seen for key in members)

    def write(self, rows: Rows) -> None:
        """Write the times of what was confirmed, and load the rows whose times other values depend on."""
        advanced: dict[str, dict[Key, set[str]]] = defaultdict(lambda: defaultdict(set))
        for kind, of_kind in self._rows.items():
            for key, row in of_kind.items():
                for content in row.contents:
                    self._advance(kind, key, content, advanced)
        for kind, names_by_key in advanced.items():
            model = model_of(kind)
            _write_times(model, {key: self._rows[kind][key].seen for key in names_by_key})
            if model in OPEN_ENDED or model in INPUT_LISTS:
                self._load_for_recomputing(model, names_by_key, rows)

    def _load_for_recomputing(self, model: type[Observed], advanced: Mapping[Key, set[str]], rows: Rows) -> None:
        """Load the rows for which the time of the last sighting decides something.

        It decides numbers where a flight or docking has no end and was last seen long ago, and it decides lists of astronauts.
        """
        long_ago = clock.now() - TRUSTED
        found: dict[Key, tuple[bool, set[str]]] = {}
        for key, names in advanced.items():
            stored = self._rows[model.kind][key]
            input_lists = names & INPUT_LISTS.get(model, frozenset())
            was_unseen = stored.is_open and (stored.observed_at is None or stored.observed_at <= long_ago)
            if input_lists or was_unseen:
                found[key] = was_unseen, input_lists
        rows.read(model, found)
        for key, (was_unseen, input_lists) in found.items():
            row = rows.get(model, key)
            row.observed = was_unseen
            row.observed_lists |= input_lists

    def _advance(self, kind: str, key: Key, content: _Content, advanced: dict[str, dict[Key, set[str]]]) -> None:
        """Give the columns and lists of a content its newest time, where that is newer than the stored one."""
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
            advanced[kind][key].update(newer)
        for model_list, members in content.members:
            for member in members:
                of_member = self._rows[model_list.member.kind][member].seen
                if of_member[model_list.relation] < last:
                    of_member[model_list.relation] = last
                    advanced[model_list.member.kind][member].add(model_list.relation)


def _compare(record: Record, row: _Stored, seen: Seen, known: Table) -> tuple[list[str], Seen | None] | None:
    """The columns of a record that equal what is stored, and when the first of the others was seen; None where one is newer."""
    names, later = [], []
    for column, value in record.columns.items():
        if column not in known.attributes:
            continue
        if column not in row.seen:
            return None
        if row.values[column] == value:
            names.append(column)
        elif seen < row.seen[column] and column not in known.listed_in:
            later.append(row.seen[column])
        else:
            return None
    not_understood = row.values["not_understood"]
    for key, value in record.not_understood.items():
        if f"?{key}" not in row.seen or not_understood.get(key, _ABSENT) != value:
            return None
        names.append(f"?{key}")
    return names, min(later, default=None)


def _members(record: Record, name: str) -> Sequence[Any] | None:
    """The members of a list in a record, None without it; a relation to one row may be a list on the other side."""
    if name in record.lists:
        return record.lists[name]
    if name in record.owned:
        return record.owned[name]
    if name in record.columns:
        return [] if record.columns[name] is None else [record.columns[name]]
    return None


@cache
def _columns(model: type[Observed]) -> tuple[str, ...]:
    """The columns read of a row: its key first, and all that a record may contain."""
    key = model._meta.pk.name
    return key, *(name for name in table(model).attributes if name not in (key, "source"))


def _read_rows(model: type[Observed], keys: Collection[Key], overrides: Overrides) -> dict[Key, _Stored]:
    """The rows with these keys, with the values that they would have without overrides."""
    columns = _columns(model)
    found: dict[Key, _Stored] = {}
    for row in keyed_select(model, columns, columns[0]).rows(keys):
        values = dict(zip(columns, row, strict=True))
        lasting = OPEN_ENDED.get(model)
        is_open = lasting is not None and values[lasting.end] is None
        for override in overrides.of(model.kind, row[0]).values():
            for column in override.observed.keys() & values.keys():
                values[column] = from_json(model._meta.get_field(column), override.observed[column])
        found[row[0]] = _Stored(values, is_open, values["observed_at"], parse_observations(values["observations"]))
    return found


def _read_members(model_list: ReverseList, owners: Collection[Key]) -> dict[Key, dict[Key, int | None]]:
    """The members of these owners' lists with their places."""
    found: dict[Key, dict[Key, int | None]] = defaultdict(dict)
    columns = (model_list.relation, model_list.member._meta.pk.name, model_list.position)
    for owner, member, place in keyed_select(model_list.member, columns, model_list.relation).rows(owners):
        found[owner][member] = place
    return found


def _write_times(model: type[Observed], seen: Mapping[Key, Mapping[str, Seen]]) -> None:
    values = []
    for key, of_row in seen.items():
        newest = max(of_row.values())
        values.append((newest.source, _database_time(newest.at), encode(format_observations(of_row)).decode(), key))
    update(model, SIGHTING_COLUMNS, values)


@lru_cache(maxsize=64)
def _database_time(time: datetime) -> Any:
    """A time as the database takes it."""
    return connection.ops.adapt_datetimefield_value(time)
