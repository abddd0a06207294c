"""What changed, in sentences for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.models.launches import Launch, NetPrecision
from launchledger.history import telling
from launchledger.history.changes import ALL, Filters
from launchledger.history.telling import COLUMNS, Told, latest_changes, tell
from tests.support.receiver import write_entries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
KEY = "e3df2ecd-c239-472f-95e4-2b89b4f75800"
LAUNCH = {"kind": "Launch", "key": KEY, "observed_at": AT, "source": "upstream:ll.thespacedevs.com"}
OLD, NEW = "2026-07-20T14:49:00Z", "2026-07-21T14:00:00Z"


@pytest.fixture(autouse=True)
def _launch() -> None:
    NetPrecision.objects.bulk_create(
        NetPrecision(id=id, abbrev=abbrev, name=abbrev) for id, abbrev in ((1, "MIN"), (5, "DAY"), (7, "M"))
    )
    Launch.objects.create(id=KEY, name="Falcon 9 | Starlink 17-39", net_precision_id=1)


def _told(*transactions: list[dict[str, Any]]) -> list[Told]:
    write_entries(*transactions)
    return tell(latest_changes(ALL, 100), 50)


def _facts(*transactions: list[dict[str, Any]]) -> list[list[str]]:
    return [list(told.facts) for told in _told(*transactions)]


def test_a_move_of_a_net() -> None:
    """From what to what, by how much, and who said so."""
    (told,) = _told([LAUNCH | {"changes": {"net": [OLD, NEW]}}])
    assert (told.name, told.path, told.said) == ("Falcon 9 | Starlink 17-39", f"launch/{KEY}/", "Launch Library 2")
    assert told.facts == ["net moved from 2026-07-20 14:49 UTC to 2026-07-21 14:00 UTC (+23 h 11 min)"]
    assert told.slipped


def test_a_net_without_a_precision_is_told_to_the_second() -> None:
    """Else a move by seconds would be from a time to itself."""
    Launch.objects.filter(pk=KEY).update(net_precision=None)
    told = _told([LAUNCH | {"changes": {"net": ["1957-10-04T19:28:34Z", "1957-10-04T19:28:00Z"]}}])
    assert told[0].facts == ["net moved from 1957-10-04 19:28:34 UTC to 1957-10-04 19:28 UTC (-34 s)"]


def test_a_net_is_as_exact_as_it_was_known_then() -> None:
    """Its precision then, and not that of today; a span between two months means nothing."""
    month = LAUNCH | {"changes": {"net": ["2026-06-30T00:00:00Z", "2026-07-31T00:00:00Z"]}}
    exact = LAUNCH | {"changes": {"net": ["2026-07-31T00:00:00Z", OLD], "net_precision": [7, 1]}}
    earlier = LAUNCH | {"changes": {"net": [NEW, OLD]}}
    told = _told([month], [exact], [earlier])
    assert [each.facts for each in told] == [
        ["net moved from 2026-07-21 14:00 UTC to 2026-07-20 14:49 UTC (-23 h 11 min)"],
        ["net moved from July 2026 to 2026-07-20 14:49 UTC"],
        ["net moved from June 2026 to July 2026"],
    ]
    assert [each.slipped for each in told] == [False, False, True]


@pytest.mark.parametrize(
    ("entry", "facts"),
    [
        ({"action": "created", "changes": {"name": [None, "x"]}}, ["added"]),
        ({"action": "deleted", "changes": {"deleted_at": [None, "x"], "reason": [None, "twice"]}}, ["removed: twice"]),
        ({"action": "revived", "changes": {"deleted_at": ["x", None]}}, ["added again"]),
        ({"changes": {"net": [None, OLD]}}, ["net changed from nothing to 2026-07-20 14:49 UTC"]),
        (
            {"changes": {"name": ["a", "b\x07"], "vid_urls": [[], [1, 2]]}},
            ["name changed from a to b\\x07", "vidURLs changed from nothing to 2 entries"],
        ),
        ({"changes": {"net_precision": [7, 1]}}, ["net precision changed from M to MIN"]),
    ],
)
def test_facts(entry: dict[str, Any], facts: list[str]) -> None:
    """Related objects by their names; nothing that could disturb a terminal or a feed."""
    assert _facts([LAUNCH | entry]) == [facts]


def test_entries_of_one_transaction_are_told_together() -> None:
    """With all who said something; what was computed nobody said."""
    name, other = {"changes": {"name": ["a", "b"]}}, {"changes": {"infographic": ["", "x"]}, "source": "file:a.json"}
    computed = {"changes": {"agency_launch_attempt_count": [1, 2]}, "observed_at": None}
    first, second, third = _told([LAUNCH | name, LAUNCH | other, {"kind": "Pad", "key": "5"}], [LAUNCH | computed])
    assert (first.facts, first.said) == (["agency launch attempt count changed from 1 to 2"], "")
    assert {second.name, third.name} == {"Falcon 9 | Starlink 17-39", "pad 5"}
    (launch,) = [each for each in (second, third) if each.path.startswith("launch/")]
    assert launch.facts == ["name changed from a to b", "infographic changed from nothing to x"]
    assert launch.said == "Launch Library 2, file a.json"


def test_many_columns_are_counted() -> None:
    """The first are told of."""
    changes = {f"column_{number}": [1, 2] for number in range(COLUMNS + 3)}
    ((*_, last),) = _facts([LAUNCH | {"changes": changes}])
    assert last == "3 other changes"


def test_the_newest_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as are wanted, of those that match; without an id from the end of the journal alone."""
    first, *_, last = write_entries([{}], [LAUNCH | {"changes": {"net": [OLD, NEW]}}], [{}], [{}])
    assert [change.serial for change in latest_changes(ALL, 2)] == [last, last - 1]
    assert [change.serial for change in latest_changes(Filters(resource="launch"), 9)] == [first + 1]
    monkeypatch.setattr(telling, "EXAMINED", 2)
    assert latest_changes(Filters(resource="launch"), 9) == []
    assert len(latest_changes(Filters(resource="launch", id=KEY), 9)) == 1


def test_the_number_of_queries_does_not_grow() -> None:
    """The serials and the entries; the names of objects and related ones; precisions: their names, those of now and of before."""
    counts = []
    moved = LAUNCH | {"changes": {"net": [OLD, NEW], "net_precision": [7, 1]}}
    for number in (1, 20):
        for each in range(number):
            write_entries([moved, {"key": str(each)}])
        with CaptureQueriesContext(connection) as queries:
            tell(latest_changes(ALL, 100), 50)
        counts.append(len([query for query in queries if "journal_entry" in query["sql"] or "catalogue" in query["sql"]]))
    assert counts[0] == counts[1] <= 8
