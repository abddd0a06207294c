"""Undoing one entry of the journal that a curator, or the command, made.

Promises: what the entry did to overrides is taken back, with a new entry that says so; nothing is ever removed from the journal.
Refuses entries that only observed, entries of owned lists, and what was changed again since.
"""

from __future__ import annotations

from typing import Any

from launchledger import clock
from launchledger.catalogue.actions import LONGEST_REASON, OverrideRefused, Wanted, delete, end_overrides, override
from launchledger.catalogue.actions.columns import LinkedList, table
from launchledger.catalogue.actions.overriding import is_by_hand
from launchledger.catalogue.models.kinds import model_of
from launchledger.curation.columns import Refused
from launchledger.history.telling import REASON
from launchledger.journal.models import Entry

_AGAIN = "It was changed again since; undo the later entry first, or change the value itself."


def can_be_undone(entry: Entry) -> bool:
    """Whether `undo` may take an entry back, unless something changed since."""
    return is_by_hand(entry.source) and (entry.action == Entry.Action.CREATED or bool(_columns(entry)))


def undo(kind: str, key: str, serial: int, source: str) -> None:
    """Take back what an entry of an object did. Raises Refused."""
    entry = Entry.objects.filter(kind=kind, key=key, serial=serial).first()
    if entry is None or not can_be_undone(entry):
        raise Refused("This entry cannot be undone.")
    if entry.action == Entry.Action.CREATED:
        delete(kind, key, clock.now(), source, "Undone")
        return
    columns = _columns(entry)
    if _changed_since(entry, columns):
        raise Refused(_AGAIN)
    before, _ = entry.changes[REASON]
    if before is None:
        end_overrides({(kind, key, column) for column in columns}, source)
        return
    model = model_of(kind)
    reason = f"Undone: {before}"[:LONGEST_REASON]
    row_key: Any = model._meta.pk.to_python(key)
    try:
        override([Wanted(kind, row_key, name, {name: old}, reason) for name, (old, _) in columns.items()], source)
    except OverrideRefused as refused:
        raise Refused(str(refused)) from None


def _columns(entry: Entry) -> dict[str, list[Any]]:
    """The columns of an override's entry that can be written again; none if one of them cannot."""
    if REASON not in entry.changes:
        return {}
    known = table(model_of(entry.kind))
    columns = {name: values for name, values in entry.changes.items() if name != REASON}
    can = all(name in known.attributes or isinstance(known.lists.get(name), LinkedList) for name in columns)
    return columns if can else {}


def _changed_since(entry: Entry, columns: dict[str, list[Any]]) -> bool:
    later = Entry.objects.filter(kind=entry.kind, key=entry.key, serial__gt=entry.serial)
    return any(columns.keys() & changes.keys() for changes in later.values_list("changes", flat=True))
