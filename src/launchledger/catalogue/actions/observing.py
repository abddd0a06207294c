"""Taking in what was observed: the records of whole objects become rows, lists and journal entries.

Promises: one call is one transaction; an object is taken in whole; nothing that a record leaves out is touched; older
observations never overwrite newer ones, column by column; observing again what is known writes no journal entry. What
follows from it (lists of astronauts, derived numbers) is updated in the same transaction. Overridden values stay, and what is
observed is kept beneath them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from launchledger import clock
from launchledger.catalogue.actions.columns import LinkedList, OwnedList, ReverseList, table
from launchledger.catalogue.actions.confirming import confirm
from launchledger.catalogue.actions.crews import complete_astronauts
from launchledger.catalogue.actions.history import History
from launchledger.catalogue.actions.lists import Lists
from launchledger.catalogue.actions.recomputing import recompute_after_changes
from launchledger.catalogue.actions.rows import Row, Rows
from launchledger.catalogue.actions.seen import NOT_SAVED, Seen
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.records import Record
from launchledger.formats.encoding import checksum
from launchledger.journal.models import Entry
from launchledger.journal.writing import write, writing


class Outcome(StrEnum):
    """What an observation did: created its object, changed something (the object or what is nested in it), or neither."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Observation:
    """One object as it was seen: its records (its own first), where it was seen, and when.

    `saved` is when that reply was saved, and `place` counts the objects of its file.
    """

    records: Sequence[Record]
    source: str
    at: datetime
    saved: datetime = NOT_SAVED
    place: int = 0

    def seen(self) -> Seen:
        return Seen(self.at, self.saved, self.source, self.place << 32 | checksum(self.records))


def observe(batch: Sequence[Observation], reason: str = "") -> list[Outcome]:
    """Take in a batch in one transaction; returns the outcome of each observation. The entries of new rows have the reason."""
    with writing():
        rows = Rows(observing=True)
        lists = Lists(rows)
        seen = [observation.seen() for observation in batch]
        history = History()
        for observation, when in zip(batch, seen, strict=True):
            history.note(observation.records, when)
        if confirm([(observation.records, when) for observation, when in zip(batch, seen, strict=True)], rows, lists):
            outcomes = [Outcome.SAME] * len(batch)
        else:
            _read_all(batch, rows, lists)
            outcomes = [_take_in(*each, rows, lists) for each in zip(batch, seen, strict=True)]
        rows.write()
        history.write()
        lists.write()
        rows.overrides.write()
        complete_astronauts(rows)
        now = clock.now()
        recompute_after_changes(rows, now)
        entries = rows.entries(now)
        for entry in entries if reason else ():
            if entry.action == Entry.Action.CREATED:
                entry.changes["reason"] = [None, reason]
        write(entries)
    return outcomes


def _read_all(batch: Sequence[Observation], rows: Rows, lists: Lists) -> None:
    """Read the rows and lists of the batch: one query for each model, and one for each list."""
    keys: dict[type[Observed], list[Any]] = defaultdict(list)
    owners: dict[tuple[type[Observed], str], list[Any]] = defaultdict(list)
    for observation in batch:
        for record in observation.records:
            model = model_of(record.model)
            keys[model].append(record.key)
            for name in _lists_of(record, model):
                owners[model, name].append(record.key)
    for model, model_keys in keys.items():
        rows.read(model, model_keys)
    for (model, name), owner_keys in owners.items():
        lists.read(table(model).lists[name], owner_keys)


def _lists_of(record: Record, model: type[Observed]) -> list[str]:
    """The lists of a record; a relation to one row that is stored on the other side is a list of at most one."""
    known = table(model).lists
    return [name for name in (*record.lists, *record.owned, *record.columns) if name in known]


def _take_in(observation: Observation, seen: Seen, rows: Rows, lists: Lists) -> Outcome:
    first = observation.records[0]
    own = rows.get(model_of(first.model), first.key)
    is_new = own.created and not own.seen
    changed = False
    for record in observation.records:
        row = rows.get(model_of(record.model), record.key)
        row.sightings[seen] = record.columns.get("last_updated")
        changed |= row.created and not row.seen
        changed |= _take_in_columns(record, row, seen, lists)
        changed |= _take_in_lists(record, row, seen, lists)
        changed |= row.update_deleted_at()
    if is_new:
        return Outcome.NEW
    return Outcome.CHANGED if changed else Outcome.SAME


def _take_in_columns(record: Record, row: Row, seen: Seen, lists: Lists) -> bool:
    changed = False
    known = table(row.model)
    for column, value in record.columns.items():
        if column in known.listed_in:
            changed |= lists.claim(known.listed_in[column], row, value, seen)
        elif column in known.attributes and row.accept(column, seen):
            changed |= row.set(column, known.attributes[column], value, seen)
    return _keep_unknown(record, row, seen) or changed


def _keep_unknown(record: Record, row: Row, seen: Seen) -> bool:
    """Take in the keys that no shape knows, all at once: an object may have 100,000 of them."""
    before = row.instance.not_understood
    items = record.not_understood.items()
    now = {key: value for key, value in items if row.accept(f"?{key}", seen) and before.get(key, row) != value}
    if now:
        row.instance.not_understood = {**before, **now}
        row.note_change("not_understood", before, row.instance.not_understood, seen)
    return bool(now)


def _take_in_lists(record: Record, row: Row, seen: Seen, lists: Lists) -> bool:
    changed = False
    known = table(row.model).lists
    for name in _lists_of(record, row.model):
        model_list = known[name]
        if isinstance(model_list, ReverseList):
            changed |= lists.set_reverse(model_list, row, _members(record, name), seen)
        elif row.accept(name, seen):
            match model_list:
                case LinkedList():
                    changed |= lists.set_linked(model_list, row, record.lists[name], seen)
                case OwnedList():
                    changed |= lists.set_owned(model_list, row, record.owned[name], seen)
    return changed


def _members(record: Record, name: str) -> Sequence[Any]:
    if name in record.lists:
        return record.lists[name]
    member = record.columns[name]
    return [] if member is None else [member]
