"""From entries of an upstream's journal to the catalogue.

Promises: entries are applied in their order, each as an observation of the columns and lists that it names, so the row has the
values that upstream's has; values are checked as those of replies are. An entry that cannot be applied, and one that revives an
object, make the object itself be asked for. What no object here can have (kinds, ids, columns) is left out.
Refuses: to revive what is deleted here by an entry that is not about that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from launchledger.catalogue.actions import Deletion, Observation, delete, observe
from launchledger.catalogue.actions.columns import OWN_COLUMNS, LinkedList, OwnedList, attributes_of, table
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import kinds, model_of
from launchledger.catalogue.records import Key, Record
from launchledger.catalogue.statistics.numbers import SINCE, running_columns
from launchledger.history.names import column_names
from launchledger.ingest.reports import Report
from launchledger.journal.models import Entry
from launchledger.sync.following import time_of
from launchledger.sync.store import moment
from launchledger.sync.upstream import JournalEntry
from launchledger.wire.fields import Kind
from launchledger.wire.reader import Refusal, read_key
from launchledger.wire.served import DEFAULT
from launchledger.wire.values import SCALAR_READERS, describe

DELETED_UPSTREAM = "Upstream deleted it."

_KINDS: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
    (models.DateTimeField, Kind.DATE_TIME),
    (models.DateField, Kind.DATE),
    (models.DurationField, Kind.DURATION),
    (models.BooleanField, Kind.BOOLEAN),
    (models.FloatField, Kind.NUMBER),
    (models.IntegerField, Kind.INTEGER),
    (models.CharField, Kind.TEXT),
    (models.TextField, Kind.TEXT),
)


@dataclass(slots=True)
class Applied:
    """What came of some entries: the outcomes by the path of the list, the objects that were deleted, and those to ask for."""

    report: Report = default(default_factory=Report)
    deleted: list[tuple[str, Key]] = default(default_factory=list)
    asked: dict[tuple[str, str], str] = default(default_factory=dict)


def apply(entries: Sequence[JournalEntry], mark: float, now: float, source: str) -> Applied:
    """Apply these entries, none of which is observed before the mark. Call it inside `journal.writing()`."""
    applied, waiting = Applied(), list[Observation]()
    known = [entry for entry in entries if entry.kind in kinds() and _is_key(model_of(entry.kind), entry.key)]
    deleted = _deleted_here(known)
    for entry in known:
        mark = time_of(entry.at.timestamp(), mark, now)
        subject = entry.kind, str(entry.key)
        if entry.action == Entry.Action.DELETED:
            _observe(waiting, applied)
            _delete(entry, moment(mark), source, applied)
            deleted[subject] = moment(mark)
        elif entry.action == Entry.Action.REVIVED:
            _ask(entry, "upstream revived it", applied)
        else:
            if _joins_a_list(entry):
                _observe(waiting, applied)
            try:
                records = records_of(entry)
            except ValueError as reason:
                _ask(entry, f"an entry of the journal was not understood: {reason}", applied)
                continue
            at = deleted.get(subject) or moment(mark)
            waiting.append(Observation(records, source, at, place=entry.serial))
    _observe(waiting, applied)
    return applied


def _observe(waiting: list[Observation], applied: Applied) -> None:
    outcomes = observe(waiting) if waiting else []
    for observation, outcome in zip(waiting, outcomes, strict=True):
        applied.report.count(DEFAULT.path_of_model.get(observation.records[0].model, ""), outcome)
    waiting.clear()


def _delete(entry: JournalEntry, at: datetime, source: str, applied: Applied) -> None:
    if delete(entry.kind, entry.key, at, source, DELETED_UPSTREAM) is Deletion.OUTDATED:
        _ask(entry, "upstream deleted it", applied)
    else:
        applied.deleted.append((entry.kind, entry.key))


def _ask(entry: JournalEntry, reason: str, applied: Applied) -> None:
    """Ask for the object itself, if it has an address."""
    path = DEFAULT.path_of_model.get(entry.kind, "")
    if path in DEFAULT.resources:
        applied.asked[path, str(entry.key)] = f"{path}: {reason}"


def _deleted_here(entries: Sequence[JournalEntry]) -> dict[tuple[str, str], datetime]:
    """When those of the objects were deleted that are deleted here: what is observed at that time does not revive them."""
    keys: dict[str, set[Any]] = defaultdict(set)
    for entry in entries:
        keys[entry.kind].add(entry.key)
    found: dict[tuple[str, str], datetime] = {}
    for kind, some in keys.items():
        model = model_of(kind)
        rows = model._default_manager.filter(pk__in=some, deleted_at__isnull=False)
        found |= {(kind, str(key)): at for key, at in rows.values_list("pk", "deleted_at") if at is not None}
    return found


def records_of(entry: JournalEntry) -> list[Record]:
    """What an entry says of its row, and the rows that it names. Raises ValueError for a value that the column cannot have."""
    model = model_of(entry.kind)
    record = Record(entry.kind, entry.key)
    known, columns = table(model), _columns(entry.kind)
    running = {name + SINCE for name in running_columns(model)}  # durations that were observed do not run
    named = {columns.get(name, name): value for name, (_, value) in entry.changes.items()}
    # A row joins a list before it gets its place there.
    for column in sorted(named, key=lambda name: name not in known.listed_in):
        value, model_list = named[column], known.lists.get(column)
        if column in known.attributes and column not in OWN_COLUMNS and column not in running:
            record.columns[column] = _value(model._meta.get_field(column), value)
        elif isinstance(model_list, LinkedList):
            link: Any = model_list.link
            member = link._meta.get_field("member")
            record.lists[column] = [_value(member, each) for each in _array(value)]
        elif isinstance(model_list, OwnedList):
            record.owned[column] = [dict(_columns_of_member(model_list, each)) for each in _array(value)]
    for relation, listed in known.listed_in.items():
        if relation in record.columns and listed.position not in record.columns:  # it keeps its place
            place = model._default_manager.filter(pk=record.key).values_list(listed.position, flat=True).first()
            record.columns[listed.position] = place
    return [record, *_named(model, record)]


def _named(model: type[Observed], record: Record) -> Iterator[Record]:
    """The rows that a record names: upstream has them, and their own entries may come later."""
    for column, value in record.columns.items():
        field: Any = model._meta.get_field(column)
        if field.is_relation and value is not None:
            yield Record(field.related_model.kind, value)
    for name, members in record.lists.items():
        link: Any = table(model).lists[name]
        yield from (Record(link.link._meta.get_field("member").related_model.kind, member) for member in members)
    for name, owned in record.owned.items():
        member: Any = table(model).lists[name]
        for columns in owned:
            for column, value in columns.items():
                field = member.member._meta.get_field(column)
                if field.is_relation and value is not None:
                    yield Record(field.related_model.kind, value)


def _joins_a_list(entry: JournalEntry) -> bool:
    columns = _columns(entry.kind)
    return any(columns.get(name, name) in table(model_of(entry.kind)).listed_in for name in entry.changes)


def _array(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"is {describe(value)}, expected an array")
    return value


def _columns_of_member(model_list: OwnedList, member: Any) -> Iterator[tuple[str, Any]]:
    """The columns of a member without an id; the journal has the names of attributes."""
    if not isinstance(member, dict):
        raise ValueError(f"is {describe(member)}, expected an object")
    names = {attribute: name for name, attribute in attributes_of(model_list.member).items()}
    for attribute, value in member.items():
        if attribute in model_list.columns and attribute != "not_understood":
            yield names[attribute], _value(model_list.member._meta.get_field(names[attribute]), value)


def _value(field: Any, value: Any) -> Any:
    """The value of a column from its wire form."""
    if value is None:
        if not field.null:
            raise ValueError("is null")
        return None
    if field.is_relation:
        if not _is_key(field.related_model, value):
            raise ValueError(f"is {describe(value)}, expected an id")
        return value
    kind = next((kind for of, kind in _KINDS if isinstance(field, of)), None)
    if kind is None:
        raise ValueError("is of a type that the journal does not tell")
    read = SCALAR_READERS[kind](value)
    try:
        field.run_validators(read)  # the range that the database has
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None
    return read


def _is_key(model: Any, value: Any) -> bool:
    """Whether a row of a model can have this key."""
    field = DEFAULT.reader.vocabularies.get(model.kind, {}).get("id")
    if field is None:  # a dashboard, or what no shape shows
        return type(value) is int and value >= 0
    try:
        read_key(field, value, "$.id")
    except Refusal:
        return False
    return True


@cache
def _columns(kind: str) -> Mapping[str, str]:
    """The columns of a kind by their names in the journal, where the two differ."""
    return {name: column for column, name in column_names(kind).items()}
