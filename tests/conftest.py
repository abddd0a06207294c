"""What every test shares."""

import pytest
from django.db import connection


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which database the tests ran, so that a run cannot be taken for another."""
    terminalreporter.write_line(f"database of this run: {connection.display_name}")
