"""What the page of an object says beside its values: their sources and overrides, and its last changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from launchledger.catalogue.actions.seen import parse_observations
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.queries.overview import names_of
from launchledger.curation.columns import Subject, column_of, written
from launchledger.curation.undoing import can_be_undone
from launchledger.curation.values import columns_of, text_of
from launchledger.formats.times import UNKNOWN
from launchledger.history import wording
from launchledger.history.changes import Filters
from launchledger.history.telling import Told, latest_changes, tell
from launchledger.journal.models import Entry
from launchledger.wire.served import DEFAULT

_MOST_NAMED = 20  # members of a list
HISTORY = 15  # transactions
_READ = 60  # entries


def related_names(subject: Subject, values: Mapping[str, Any]) -> dict[str, str]:
    """By the name of a column, the names of the objects to which its relation or list leads."""
    columns = [column for column in columns_of(subject) if column.has_ids]
    keys = {column.name: _keys(values.get(column.name)) for column in columns}
    names, _ = names_of({(column.member, key) for column in columns for key in keys[column.name]})
    return {
        column.name: ", ".join(names.get((column.member, key), f"number {key}") for key in keys[column.name])
        for column in columns
        if keys[column.name]
    }


def _keys(value: Any) -> list[str]:
    return [str(each) for each in (value if isinstance(value, list) else [value]) if each is not None][:_MOST_NAMED]


@dataclass(frozen=True, slots=True)
class Change:
    """What one transaction did to the object; `serial` is its entry if it can be undone, else 0."""

    told: Told
    serial: int


def notes_on(subject: Subject, row: Observed) -> dict[str, dict[str, Any]]:
    """By the name of a column, where its value comes from; for an override also what was observed, and why it was made."""
    notes: dict[str, dict[str, Any]] = {}
    for name, sighting in parse_observations(row.observations).items():
        try:
            column = column_of(subject.kind, name)
        except LookupError:
            continue
        at = "" if sighting.at <= UNKNOWN else wording.minute(sighting.at)
        notes[column.name] = {"source": wording.source(sighting.source), "at": at}
    for each in Override.objects.filter(kind=subject.kind, key=str(row.pk)):
        column = column_of(subject.kind, each.column)
        of_override = {
            "observed": text_of(column, written(column, each.observed_value)),
            "reason": each.reason,
            "until": each.until,
            "address": f"{each.kind} {each.key} {each.column}",
        }
        notes[column.name] = {"source": "never observed", "at": "", **notes.get(column.name, {}), **of_override}
    return notes


def history_of(subject: Subject, row: Observed) -> list[Change]:
    """The last changes of an object, newest first; none of a kind that has no address."""
    path = DEFAULT.path_of_model.get(subject.kind, "")
    if not path:
        return []
    told = tell(latest_changes(Filters(resource=path, id=str(row.pk)), _READ), HISTORY)
    entries = Entry.objects.filter(kind=row.kind, key=str(row.pk), transaction__in=[each.transaction for each in told])
    undoable = {each.transaction: each.serial for each in entries if can_be_undone(each)}
    return [Change(each, undoable.get(each.transaction, 0)) for each in told]
