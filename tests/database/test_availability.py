"""One line when the database goes away, one when it is back."""

from __future__ import annotations

import logging

import pytest

from launchledger.database.availability import PAUSE, RECOVERED_AFTER, Availability
from tests.support.wsgi import Clock


def _lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records]


def test_many_failures_are_one_line_and_the_end_is_another(caplog: pytest.LogCaptureFixture) -> None:
    """However many requests fail meanwhile; the reason is logged in one line."""
    clock = Clock()
    availability = Availability(clock)
    with caplog.at_level(logging.INFO):
        availability.answered()
        for _ in range(100):
            availability.failed("the database does not answer", "connection refused\n\tIs it running?")
        clock.go_on(RECOVERED_AFTER)
        for _ in range(100):
            availability.answered()
    said = "requests are answered with 503: the database does not answer (connection refused Is it running?)"
    assert _lines(caplog) == [said, "the database answers again"]


def test_what_fails_between_answers_fills_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """Damage that some requests meet and others do not: one line in a minute, and no line each time that another one succeeds."""
    clock = Clock()
    availability = Availability(clock)
    with caplog.at_level(logging.INFO):
        for _ in range(int(PAUSE) - 1):
            availability.failed("the database is damaged", "malformed")
            availability.answered()
            clock.go_on(RECOVERED_AFTER / 2)
            availability.answered()
            clock.go_on(RECOVERED_AFTER / 2)
            availability.answered()
    assert len(_lines(caplog)) == 2
