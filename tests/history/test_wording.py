"""Values in words for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from launchledger.history import wording

NET = datetime(2026, 11, 30, 13, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("precision", "written"),
    [
        (None, "2026-11-30 13:05 UTC"),
        ("", "2026-11-30 13:05 UTC"),
        ("SEC", "2026-11-30 13:05:09 UTC"),
        ("MIN", "2026-11-30 13:05 UTC"),
        ("HR", "2026-11-30, about 13:00 UTC"),
        ("DAY", "2026-11-30"),
        ("M", "November 2026"),
        ("Q4", "fourth quarter of 2026"),
        ("H2", "second half of 2026"),
        ("Y", "2026"),
        ("FY", "fiscal year 2026"),
        ("DEC", "the 2020s"),
        ("WEEK", "2026-11-30 13:05 UTC (precision WEEK)"),
    ],
)
def test_a_net_is_never_more_exact_than_it_is_known(precision: str | None, written: str) -> None:
    """A launch that is known to the month is due in a month, not on a day at midnight."""
    assert wording.net(NET, precision) == written


def test_times_are_in_utc() -> None:
    """A time of another zone is converted to UTC."""
    assert wording.minute(datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))) == "2025-12-31 23:30 UTC"


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        (None, "nothing"),
        ("", "nothing"),
        ([], "nothing"),
        ([3], "1 entry"),
        (list(range(1200)), "1,200 entries"),
        ({"a": 1, "b": 2}, "2 entries"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (7.0, "7.0"),
        ("2026-05-24T18:45:00Z", "2026-05-24 18:45 UTC"),
        ("2026-05-24T18:45:09Z", "2026-05-24 18:45:09 UTC"),
        ("2026-05-24", "2026-05-24"),
        ("P15DT18H13M38S", "15 d 18 h 13 min 38 s"),
        ("-PT6.36S", "-6.36 s"),
        ("P0D", "0 d"),
        ("P", "P"),
        ("PT", "PT"),
        ("Pegasus", "Pegasus"),
        ("two\r\n lines ", "two lines"),
        ("9999-99-99T99:99:99Z", "9999-99-99T99:99:99Z"),
    ],
)
def test_values_are_one_short_line(stored: Any, written: str) -> None:
    """Values that the journal stores in wire form are written in words; text stays as it is, on one line."""
    assert wording.value(stored) == written


def test_long_text_is_cut() -> None:
    """However long a text is, its line is bounded and says that it was cut."""
    cut = wording.value("word " * 1000)
    assert len(cut) <= wording.LONGEST_TEXT
    assert cut.endswith("…")


@pytest.mark.parametrize(
    ("model", "written"),
    [
        ("Launch", "launch"),
        ("SpacecraftFlight", "spacecraft flight"),
        ("InfoURLType", "info URL type"),
        ("NetPrecision", "net precision"),
    ],
)
def test_kinds_are_words(model: str, written: str) -> None:
    """Names of models are written as people write them."""
    assert wording.kind(model) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("starter", "the starter catalogue"),
        ("file:launch.json", "file launch.json"),
        ("https://ll.example/2.2.0/", "https://ll.example/2.2.0/"),
        ("", "only named by others"),
    ],
)
def test_sources_are_words(name: str, written: str) -> None:
    """A source is written as people write it."""
    assert wording.source(name) == written


@pytest.mark.parametrize(
    ("seconds", "past", "ahead"),
    [
        (-5, "less than a minute ago", "0 s"),
        (59, "less than a minute ago", "1 min"),
        (61, "1 min ago", "2 min"),
        (9659, "2 h 40 min ago", "2 h 41 min"),
        (200_000, "2 d 8 h ago", "2 d 8 h"),
    ],
)
def test_spans_are_written_to_the_minute(seconds: float, past: str, ahead: str) -> None:
    """What is past is rounded down and what is ahead up, so the page changes once a minute and promises nothing too early."""
    now = datetime(2026, 11, 29, tzinfo=UTC)
    assert (wording.ago(now - timedelta(seconds=seconds), now), wording.left(seconds)) == (past, ahead)
