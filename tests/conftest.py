"""What every test shares."""

import pytest
from django.db import connection

from tests.counting import counters_file, counters_url, redis_url

__all__ = ["counters_file", "counters_url", "redis_url"]  # fixtures


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which database the tests ran, so that a run cannot be taken for another."""
    terminalreporter.write_line(f"database of this run: {connection.display_name}")
