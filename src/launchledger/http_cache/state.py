"""The state of the catalogue: in which file it is, and how far its journal goes.

Promises: while the state is the same, whatever was read from the catalogue is right. Where the catalogue became another one
(another file has its name, or its content was replaced by that of a copy), everything that was remembered of the former one is
dropped before the new state is given.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import Error

from launchledger.database.availability import availability
from launchledger.database.files import Identity, another_file
from launchledger.database.following import follow
from launchledger.database.unavailable import why_unavailable
from launchledger.journal.reading import Newest, newest


class State(NamedTuple):
    """`file` is None on PostgreSQL."""

    file: Identity | None
    newest: Newest


_last: State | None = None


def state() -> State:
    """The state now. Raises what the database raises; that it went away, and that it is back, is logged once."""
    global _last
    try:
        now = State(follow(), newest())
    except Error as error:
        why_unavailable(error)
        raise
    availability.answered()
    if _last is not None and _is_another(_last, now):
        another_file.send(State)
    _last = now
    return now


def _is_another(before: State, now: State) -> bool:
    """Whether the journal's newest entry shows that this is not the catalogue of before with more entries."""
    serials = now.newest.serial - before.newest.serial
    return before.file != now.file or serials < 0 or (serials == 0 and before.newest.at != now.newest.at)
