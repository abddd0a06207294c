"""What every test shares."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.urls import clear_script_prefix

from launchledger.catalogue.queries.listing import forget_lists
from tests.support.counting import counters_file, counters_url, redis_url
from tests.support.second_database import _no_database_unless_asked_for, leave_out
from tests.support.served import served
from tests.support.shared import starter
from tests.support.tables import share_a_folder, tables_file, tables_template

__all__ = [
    "_no_database_unless_asked_for",
    "counters_file",
    "counters_url",
    "redis_url",
    "served",
    "starter",
]

# Property tests judge results, not speed: a busy machine is no failure.
hypothesis.settings.register_profile("launchledger", deadline=None)
hypothesis.settings.load_profile("launchledger")


def pytest_configure(config: pytest.Config) -> None:
    """Have what tests start hear interruptions, and keep their database in memory on SQLite.

    Shells have what runs in their background, and what that starts, ignore interruptions. pytest-django gives each of several
    processes a file, where the backend is not Django's own.
    """
    if connection.vendor == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    share_a_folder(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has nothing to show on this database, and begin with journeys, which take longest.

    Of a file those that commit come first, because what a module shares is in a transaction, which lasts until its last test.
    """
    leave_out(config, items)
    items.sort(key=lambda item: ("journeys" not in item.path.parts, not _commits(item)))


def _commits(item: Any) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Have the database of these tests begin as a copy of tables that were made once, so that no migration is left to do."""
    test = settings.DATABASES["default"]["TEST"]
    if connection.vendor == "postgresql":
        test["TEMPLATE"] = tables_template(os.environ["DATABASE_URL"].rpartition("/")[0])
        yield
        return
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with closing(sqlite3.connect(name, uri=True)) as memory:  # which is there while any connection to it is
        with closing(sqlite3.connect(tables_file())) as tables:
            tables.backup(memory)
        yield


@pytest.fixture(autouse=True)
def _lists_of_its_own() -> None:
    """Databases of tests are taken back, serials and all, which no catalogue ever is while it is served."""
    forget_lists()


@pytest.fixture(autouse=True)
def _no_prefix() -> None:
    """The server sets the prefix of its paths at each request; Django's test client would keep that of another test."""
    clear_script_prefix()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which database the tests ran, so that a run cannot be taken for another."""
    terminalreporter.write_line(f"database of this run: {connection.display_name}")
