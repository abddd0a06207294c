"""What a request may cost the database."""

from __future__ import annotations

from django.db import OperationalError

_CANCELED = "57014"  # PostgreSQL's code for a statement that was stopped


def was_stopped(error: BaseException) -> bool:
    """Whether this is what the database raises for a statement that was stopped before its end."""
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_INTERRUPT" or _code(error) == _CANCELED


def _code(error: BaseException) -> str:
    """PostgreSQL's code of an error, as either version of its driver has it."""
    cause = error.__cause__
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or "")
