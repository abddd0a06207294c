"""The reason why a request cannot be answered, where it is the database and not the request or the program."""

from __future__ import annotations

from django.db import Error, OperationalError, ProgrammingError

from launchledger.database.availability import availability
from launchledger.database.failing import failure
from launchledger.database.readiness import readiness


def why_unavailable(error: BaseException) -> str:
    """The reason why no request can be answered now, or "" if this exception has another cause. Logs it once.

    A missing table or column is a bug, unless the whole database is of another version.
    """
    reason = failure(error)
    if not reason and isinstance(error, OperationalError | ProgrammingError):
        try:
            reason = readiness()
        except Error as other:
            reason = failure(other)
    if reason:
        availability.failed(reason, str(error))
    return reason
