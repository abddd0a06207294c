"""Which tests run on both databases, and which on the first alone, SQLite.

A test that asks for no database has none on either: a connection fails in it, and the DATABASE_URL that its programs inherit
names a server that is not there. So it cannot differ, and runs on SQLite alone. `@pytest.mark.sqlite_only(reason)` says the same
of a test that has a database and would show nothing new on the second one. Where LAUNCHLEDGER_EVERYWHERE is set, as each night,
every test runs on both, so a mark that is wrong does not stay.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

EVERYWHERE = bool(os.environ.get("LAUNCHLEDGER_EVERYWHERE"))
NOWHERE = "postgres://nobody@%2Fno%2Fsuch%2Ffolder/none"
DATABASE = {"db", "transactional_db", "django_db_setup"}  # fixtures


def asks_for_a_database(item: Any) -> bool:
    """Whether a test, or any fixture of it, does."""
    return item.get_closest_marker("django_db") is not None or not DATABASE.isdisjoint(item.fixturenames)


def examples(count: int) -> int:
    """How many examples a property is tried on: on SQLite so many, and on the second database, which has to agree, a quarter."""
    return count if connection.vendor == "sqlite" or EVERYWHERE else max(3, count // 4)


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of this run what runs on SQLite alone, where this is the run on the second database."""
    if connection.vendor == "sqlite" or EVERYWHERE:
        return
    left_out = [item for item in items if not asks_for_a_database(item) or item.get_closest_marker("sqlite_only")]
    config.hook.pytest_deselected(items=left_out)
    others = {*items} - {*left_out}
    items[:] = [item for item in items if item in others]


@pytest.fixture(autouse=True)
def _no_database_unless_asked_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not asks_for_a_database(request.node):
        monkeypatch.setattr(ConnectionHandler, "__getitem__", _refuse)
        monkeypatch.setattr(ConnectionHandler, "all", _open_ones)
        monkeypatch.setenv("DATABASE_URL", NOWHERE)


def _refuse(self: ConnectionHandler, alias: str) -> Any:
    raise AssertionError(
        "a test that looks at a database must ask for one, else it does not run on the second: mark it django_db"
    )


def _open_ones(self: ConnectionHandler, initialized_only: bool = False) -> Sequence[Any]:
    return [] if initialized_only else [self[alias] for alias in self]
