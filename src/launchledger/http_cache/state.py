"""The state of the catalogue: its file, the newest entry of its journal, and up to where the journal is compacted.

Promises: while the state is the same, whatever was read from the catalogue is right; during a compaction a reply may still have
entries of the journal that are gone. Where another catalogue took its place (a file that got its name, or a restored backup),
every cache of the former one is dropped before the new state is returned.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import Error

from launchledger.database.availability import availability
from launchledger.database.files import Identity, another_file
from launchledger.database.following import follow
from launchledger.database.unavailable import why_unavailable
from launchledger.journal.compacting import newest_and_compaction
from launchledger.journal.reading import Newest


class State(NamedTuple):
    """`file` is None on PostgreSQL."""

    file: Identity | None
    newest: Newest
    compaction: object


_last: State | None = None


def state() -> State:
    """The current state. Raises what the database raises; logs once that it went away, and once that it is back."""
    global _last
    try:
        now = State(follow(), *newest_and_compaction())
    except Error as error:
        why_unavailable(error)
        raise
    availability.answered()
    if _last is not None and _is_another(_last, now):
        another_file.send(State)
    _last = now
    return now


def _is_another(before: State, now: State) -> bool:
    """Whether this is another catalogue, and not the former one with more entries."""
    serials = now.newest.serial - before.newest.serial
    return before.file != now.file or serials < 0 or (serials == 0 and before.newest.at != now.newest.at)
