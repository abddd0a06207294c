"""Using the database from the threads of a deliverer, which make no request meanwhile.

Promises: a database that cannot be used now is an `Away`, whose reason was logged once; a file that was replaced is followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.db import Error, connection

from launchledger.database.following import follow
from launchledger.database.unavailable import why_unavailable


class Away(Exception):
    """The database cannot be used now."""


@contextmanager
def following() -> Iterator[None]:
    """Use this thread's connection, which stays open. Raises Away."""
    try:
        follow()
        yield
    except Error as error:
        away = why_unavailable(error)
        connection.close()  # the next query opens another
        if away:
            raise Away from None
        raise


class BetweenForks:
    """The same in a process that forks: one thread at a time, on a connection that is closed afterwards.

    A fork waits for the end of a use, so that no child has a copy of a connection.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        os.register_at_fork(before=self._lock.acquire, after_in_parent=self._lock.release, after_in_child=self._lock.release)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            try:
                with following():
                    yield
            finally:
                connection.close()
