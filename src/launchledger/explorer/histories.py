"""The last changes of one object, in words."""

from __future__ import annotations

from launchledger.history.changes import Filters
from launchledger.history.telling import Told, latest_changes, tell

SHOWN = 10  # transactions
_READ = 60  # entries


def history_of(path: str, key: int | str) -> list[Told]:
    """What the last transactions did to an object of a resource, newest first; at most SHOWN of them."""
    return tell(latest_changes(Filters(resource=path, id=str(key)), _READ), SHOWN)
