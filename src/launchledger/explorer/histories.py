"""The last changes of one object, in words."""

from __future__ import annotations

from launchledger.history.changes import changes_of
from launchledger.history.telling import Told, tell
from launchledger.wire.served import DEFAULT

SHOWN = 10  # transactions
_READ = 60  # entries


def history_of(path: str, key: int | str) -> list[Told]:
    """What the last transactions did to an object of a resource, newest first; at most SHOWN of them."""
    return tell(changes_of(DEFAULT.resources[path].model, key, _READ), SHOWN)
