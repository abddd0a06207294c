"""What every test shares."""

import signal

import hypothesis
import pytest
from django.conf import settings
from django.db import connection

from launchledger.catalogue.queries.listing import forget_lists
from tests.support.counting import counters_file, counters_url, redis_url

__all__ = ["counters_file", "counters_url", "redis_url"]  # fixtures

# Property tests judge results, not speed: a busy machine is no failure.
hypothesis.settings.register_profile("launchledger", deadline=None)
hypothesis.settings.load_profile("launchledger")


def pytest_configure() -> None:
    """Have what tests start hear interruptions, and keep their database in memory on SQLite.

    Shells have what runs in their background, and what that starts, ignore interruptions. pytest-django gives each of several
    processes a file, where the backend is not Django's own.
    """
    if connection.vendor == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _lists_of_its_own() -> None:
    """Databases of tests are taken back, serials and all, which no catalogue ever is while it is served."""
    forget_lists()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which database the tests ran, so that a run cannot be taken for another."""
    terminalreporter.write_line(f"database of this run: {connection.display_name}")
