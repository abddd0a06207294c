"""Why a request cannot be answered, where the reason is the database and not the request or the program."""

from __future__ import annotations

from django.db import Error, OperationalError, ProgrammingError

from launchledger.database.availability import availability
from launchledger.database.failing import failure
from launchledger.database.readiness import readiness


def why_unavailable(error: BaseException) -> str:
    """The reason for which no request can be answered now, or "" if this exception is no sign of that. Logs it once.

    A table or a column that is not there is a mistake of the program, unless the whole database is of another version.
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
