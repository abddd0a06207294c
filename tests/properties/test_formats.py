"""What is written is read as the same value, for every value there is."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from launchledger.formats.times import (
    LONGEST_DURATION,
    format_date_time,
    format_duration,
    parse_date,
    parse_date_time,
    parse_duration,
)

MICROSECOND = timedelta(microseconds=1)


@given(st.integers(-LONGEST_DURATION, LONGEST_DURATION))
def test_durations_of_any_size_and_sign_round_trip(microseconds: int) -> None:
    """Whatever a database can keep as a duration is written so that it is read as the same."""
    assert parse_duration(format_duration(microseconds)) // MICROSECOND == microseconds


@given(st.integers(-(10**10), 10**10).map(lambda seconds: seconds * 1_000_000))
def test_whole_seconds_are_written_without_a_fraction(microseconds: int) -> None:
    """Upstream's durations are whole seconds, and have neither a fraction nor a part that is zero."""
    text = format_duration(microseconds)
    assert "." not in text
    assert text == "P0D" or not any(f"{before}0{unit}" in text for before in "PDTHM" for unit in "DHMS")


@given(st.dates())
def test_dates_round_trip(day: date) -> None:
    """Every day of the calendar is read from its own text."""
    assert parse_date(day.isoformat()) == day


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_round_trip(moment: datetime) -> None:
    """Every time is read back from its text."""
    assert parse_date_time(format_date_time(moment)) == moment


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),
    st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_zones_do_not_change_a_time(local: datetime, zone: timezone) -> None:
    """A text in any zone is read as the time it names."""
    moment = local.replace(tzinfo=zone)
    assert parse_date_time(moment.isoformat()) == moment


@given(
    st.one_of(st.text(), st.from_regex(r"-?P[0-9DTHMS.]{0,20}"), st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T?[0-9:.Z+-]{0,20}"))
)
def test_any_other_text_is_refused_and_nothing_else_happens(text: str) -> None:
    """A text is read or refused as ValueError; no text brings another error."""
    for parse in (parse_date, parse_date_time, parse_duration):
        with suppress(ValueError):
            parse(text)
