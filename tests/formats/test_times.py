"""Dates, times and durations: the texts that upstream was seen to send, and those that must be refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from launchledger.formats.texts import printable, shorten
from launchledger.formats.times import (
    LONGEST_DURATION,
    format_date_time,
    format_duration,
    parse_date,
    parse_date_time,
    parse_duration,
)

MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P15DT18H13M38S", timedelta(days=15, hours=18, minutes=13, seconds=38)),
        ("P0D", timedelta(0)),
        ("PT15M", timedelta(minutes=15)),
        ("P213DT6H20M", timedelta(days=213, hours=6, minutes=20)),
        ("-PT18H", timedelta(hours=-18)),
        ("-PT6.36S", timedelta(seconds=-6, microseconds=-360_000)),
        ("P201DT17H7S", timedelta(days=201, hours=17, seconds=7)),
        ("P192DT10H30M30S", timedelta(days=192, hours=10, minutes=30, seconds=30)),
        ("PT0.000001S", MICROSECOND),
        ("-PT0.000001S", -MICROSECOND),
    ],
)
def test_real_durations_come_back_as_they_were(text: str, span: timedelta) -> None:
    """Zero parts are left out, zero itself is P0D, a minus comes first: as seen on upstream's wire."""
    assert parse_duration(text) == span
    assert format_duration(span // MICROSECOND) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [("PT0S", "P0D"), ("-P0D", "P0D"), ("PT90M", "PT1H30M"), ("P0DT25H", "P1DT1H"), ("PT1.50S", "PT1.5S"), ("P001D", "P1D")],
)
def test_unusual_durations_are_understood(text: str, same: str) -> None:
    """A duration in another form than upstream's is read, and written in upstream's form."""
    assert format_duration(parse_duration(text) // MICROSECOND) == same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "-P",
        "P1DT",
        "1D",
        "P1Y",
        "P1M",
        "P1W",
        "PT1S2M",
        "PT.5S",
        "PT1.S",
        "P1.5D",
        "PT1.1234567S",
        "P-1D",
        "P1D ",
        "p1d",
        "P\u0661D",
        "+PT1H",
        "P1D\n",
    ],
)
def test_invalid_durations_are_refused(text: str) -> None:
    """No months or years, which have no length; no empty parts; digits are ASCII."""
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


def test_the_longest_duration_is_the_longest_that_a_database_stores() -> None:
    """Up to 63 bits of microseconds either way; one more is refused."""
    longest = format_duration(LONGEST_DURATION)
    assert parse_duration(longest) // MICROSECOND == LONGEST_DURATION
    assert parse_duration(f"-{longest}") // MICROSECOND == -LONGEST_DURATION
    for text in ("P106751991DT4H54.775808S", "P999999999DT999999999H"):
        with pytest.raises(ValueError, match="too long to store"):
            parse_duration(text)


@pytest.mark.parametrize("text", ["1978-08-23", "2024-02-29", "0001-01-01", "9999-12-31"])
def test_dates_of_the_calendar_are_read(text: str) -> None:
    """Every day from year 1 to year 9999, leap days where they are."""
    assert parse_date(text).isoformat() == text


@pytest.mark.parametrize(
    "text", ["1978-02-30", "2023-02-29", "1900-02-29", "0000-01-01", "2024-13-01", "2024-00-10", "2024-04-31"]
)
def test_days_that_do_not_exist_are_refused(text: str) -> None:
    """The reason differs from that of a text without the form of a date."""
    with pytest.raises(ValueError, match=r"is not a valid date$"):
        parse_date(text)


@pytest.mark.parametrize(
    "text",
    ["", "2024", "2024-1-1", "20240101", "2024-W01-1", "2024-01-01T00:00:00Z", "\uff12\uff10\uff12\uff14-01-01", " 2024-01-01"],
)
def test_other_forms_of_dates_are_refused(text: str) -> None:
    """Only YYYY-MM-DD with ASCII digits, though the standard library would take more."""
    with pytest.raises(ValueError, match="is not a date"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("1978-08-23T16:45:00Z", datetime(1978, 8, 23, 16, 45, tzinfo=UTC)),
        ("2024-01-01T00:30:00+02:00", datetime(2023, 12, 31, 22, 30, tzinfo=UTC)),
        ("2024-01-01T00:30:00-0230", datetime(2024, 1, 1, 3, tzinfo=UTC)),
        ("2024-01-01T00:30Z", datetime(2024, 1, 1, 0, 30, tzinfo=UTC)),
        ("2024-01-01T00:00:00.5Z", datetime(2024, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("0001-01-01T01:00:00+01:00", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_any_zone(text: str, time: datetime) -> None:
    """A time with a zone becomes the same time in UTC."""
    assert parse_date_time(text) == time
    assert parse_date_time(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30T00:00:00Z",
        "2024-01-01T23:60:00Z",
        "2024-01-01T23:59:60Z",
        "2024-01-01T00:00:00+24:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "0000-01-01T00:00:00Z",
        "2024-01-01T25:00:00Z",
    ],
)
def test_times_that_do_not_exist_are_refused(text: str) -> None:
    """Neither impossible days and times, nor what a zone moves out of years 1 to 9999."""
    with pytest.raises(ValueError, match=r"is not a valid date-time$"):
        parse_date_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-01-01",
        "2024-01-01T00:00:00",
        "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00z",
        "2024-01-01T00:00:00.1234567Z",
        "2024-01-01T00:00:00,5Z",
        "2024-01-01T0\u0660:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:00:00 Z",
        "1704067200",
    ],
)
def test_other_forms_of_times_are_refused(text: str) -> None:
    """A time without a zone is ambiguous: there are some forty zones."""
    with pytest.raises(ValueError, match="is not a date-time with a zone"):
        parse_date_time(text)


@pytest.mark.parametrize("text", ["1978-08-23T16:45:00Z", "2024-01-01T00:00:00.500000Z", "0001-01-01T00:00:00Z"])
def test_times_are_written_as_upstream_does(text: str) -> None:
    """UTC with a Z, seconds always, a fraction of six digits only where there is one."""
    assert format_date_time(parse_date_time(text)) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a\nb\x1b[31m", r"'a\nb\x1b[31m'"), ("é", "'é'"), (12, "12"), ("\ud800", r"'\ud800'"), (date(2024, 1, 1), None)],
)
def test_values_in_messages_stay_on_their_line(value: Any, shown: str | None) -> None:
    """What comes from outside cannot break the line of a message or reach the terminal as a command."""
    assert shorten(value) == (shown or repr(value))


def test_long_values_in_messages_are_cut() -> None:
    """A message stays one readable line whatever was sent."""
    assert len(shorten("x" * 100_000)) == 60


@pytest.mark.parametrize(
    ("text", "shown"), [("Sławosz 1/5", "Sławosz 1/5"), ("a\nb\x1b\x7f\x9b\udce9\u202e", r"a\nb\x1b\x7f\x9b\udce9\u202e")]
)
def test_what_could_change_a_terminal_is_escaped(text: str, shown: str) -> None:
    """Everything else is shown as it is."""
    assert printable(text) == shown
