"""The lease: one process syncs at a time.

Promises: a holder that was killed loses the lease at once to a process of the same machine, and after DURATION to any other; a
holder that lost it, because it was stopped for longer, can write nothing more: `renew` checks it in the transaction of each
write. What the last holder recorded of its calls and replies is in the database, so whoever takes over loses none.
A clock that is set back makes a lease last DURATION from then on, and no longer.
"""

from __future__ import annotations

import os
import socket
from uuid import uuid4

from django.db import transaction

from launchledger import clock
from launchledger.formats.times import format_date_time
from launchledger.sync.budget import LONGEST_CALL
from launchledger.sync.models import Lease as Row
from launchledger.sync.processes import has_ended, this_process

DURATION = 2 * LONGEST_CALL  # a holder renews at least before and after each call


class Held(Exception):
    """Another process syncs. The text says which, and since when."""


class Lost(Exception):
    """Another process took the lease over, because this one did not renew it in time."""


class Lease:
    """The lease of this process, from `take` on."""

    def __init__(self) -> None:
        self._token = uuid4().hex

    def take(self) -> None:
        """Take the lease, or raise Held."""
        with transaction.atomic():
            now = clock.now()
            row, is_new = Row.objects.select_for_update().get_or_create(
                id=1, defaults={"token": "", "holder": "", "process": "", "since": now, "expires_at": now}
            )
            if row.expires_at > now + DURATION:  # the clock was set back
                row.expires_at = now + DURATION
                row.save(update_fields=["expires_at"])
            if is_new or row.expires_at <= now or row.token == self._token or has_ended(row.process):
                process = this_process()
                Row.objects.update(token=self._token, holder=_holder(), process=process, since=now, expires_at=now + DURATION)
                return
        since, until = (format_date_time(time.replace(microsecond=0)) for time in (row.since, row.expires_at))
        raise Held(f"{row.holder} syncs since {since}; if it was killed, another process can take over at {until}")

    def renew(self) -> None:
        """Keep the lease for DURATION from now; raises Lost. In a transaction, nobody else can take it until that ends."""
        if not Row.objects.filter(token=self._token).update(expires_at=clock.now() + DURATION):
            raise Lost("another process syncs now, because this one did not renew its lease in time")

    def release(self) -> None:
        """Let the next process have it at once."""
        Row.objects.filter(token=self._token).update(token="", expires_at=clock.now())


def _holder() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"
