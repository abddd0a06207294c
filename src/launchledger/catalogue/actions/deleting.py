"""Deleting rows: what upstream no longer has, and what should never have been there.

Promises: one call is one transaction. The row stays for the rows that lead to it, and is in no list and counts for nothing. A
sighting that is later than the deletion revives the row, an older one leaves it deleted, in whatever order they come; so a row
that is not there yet can be deleted before its first sighting. Refuses kinds and keys that no row can have.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.core.exceptions import ValidationError

from launchledger import clock
from launchledger.catalogue.actions.crews import complete_astronauts
from launchledger.catalogue.actions.recomputing import recompute_after_changes
from launchledger.catalogue.actions.rows import DELETION, Key, Rows
from launchledger.catalogue.actions.seen import NOT_SAVED, Seen
from launchledger.catalogue.models.kinds import model_of
from launchledger.journal.models import Entry
from launchledger.journal.writing import write, writing

LONGEST_REASON = 300  # characters


class Deletion(StrEnum):
    """What a deletion did: deleted the row, found it deleted, or nothing because the row was seen later."""

    DELETED = "deleted"
    SAME = "same"
    OUTDATED = "outdated"


def delete(kind: str, key: Key, at: datetime, source: str, reason: str = "") -> Deletion:
    """Delete the row of this kind and key, as of a time; the journal stores the reason.

    LookupError for a kind that the catalogue does not have, ValueError for a key that no row of the kind can have and for a
    reason longer than LONGEST_REASON.
    """
    model = model_of(kind)
    if len(reason) > LONGEST_REASON:
        raise ValueError(f"a reason has at most {LONGEST_REASON} characters; this one has {len(reason)}")
    try:
        key = model._meta.pk.to_python(key)
    except ValidationError:
        raise ValueError(f"{key} is not a valid key of {kind}") from None
    seen = Seen(at, NOT_SAVED, source, 0)
    with writing():
        rows = Rows()
        rows.read(model, [key])
        row = rows.get(model, key)
        newest = row.newest()
        if (newest and at < newest.at) or not row.accept(DELETION, seen):
            return Deletion.SAME if row.instance.deleted_at else Deletion.OUTDATED
        changed = row.update_deleted_at()
        rows.write()
        if not changed:
            rows.write_columns(model, [DELETION], [key])  # later than the stored deletion
        complete_astronauts(rows)
        now = clock.now()
        recompute_after_changes(rows, now)
        entries = rows.entries(now)
        for entry in entries:
            if entry.action == Entry.Action.DELETED and reason:
                entry.changes["reason"] = [None, reason]
        write(entries)
    return Deletion.DELETED if changed else Deletion.SAME
