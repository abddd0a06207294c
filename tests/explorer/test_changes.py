"""The last entries of the journal as lines: few, readable, and in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, delete, observe, observe_starter
from launchledger.explorer.changes import (
    COLUMNS,
    ENTRIES,
    LINES,
    LINES_PER_TRANSACTION,
    NAMED,
    Change,
    Line,
    NamedObject,
    last_changes,
)
from launchledger.journal.models import Entry
from launchledger.journal.writing import write, writing
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, LATE, MIDDLE, VOSTOK_1, launch
from tests.support.receiver import write_entries

pytestmark = pytest.mark.django_db

WHY = ("the heads of the last entries", "the changes of those told in full", "the names of all that is told")


def _observe(model: str, bodies: Iterable[dict[str, Any]], at: datetime = LATE, source: str = "file:new.json") -> None:
    observe([Observation(WIRE.reader.read(model, body), source, at) for body in bodies])


def _lines() -> list[Line]:
    return [line for transaction in last_changes() for line in transaction.lines]


def _enter(*entries: tuple[str, str, str, dict[str, Any]], at: datetime = LATE) -> None:
    with writing():
        write(
            Entry(at=at, source="file:made.json", kind=kind, key=key, action=action, changes=changes)
            for kind, key, action, changes in entries
        )


def test_a_change_has_names_and_the_values_before_and_now() -> None:
    """A launch that slips and gets another status: its name, its address, times in words, statuses by their names."""
    _observe("Launch", [launch(status={"id": 8, "name": "To Be Confirmed"}, net="2026-11-30T00:00:00Z")], EARLY)
    _observe("Launch", [launch(status={"id": 1, "name": "Go for Launch"}, net="2026-12-02T13:05:00Z", probability=90)])
    (transaction, *_) = last_changes()
    line = next(line for line in transaction.lines if line.verb == "changed")
    assert transaction.source == "file new.json"
    assert (line.kind, line.objects) == ("launch", (NamedObject("Vostok-K | Vostok 1", f"launch/{VOSTOK_1}/"),))
    assert set(line.changes) == {
        Change("net", "2026-11-30 00:00 UTC", "2026-12-02 13:05 UTC"),
        Change("status", "To Be Confirmed", "Go for Launch"),
        Change("probability", "nothing", "90"),
    }
    assert (line.more, line.more_changes) == (0, 0)


def test_what_is_deleted_has_its_name_and_no_address() -> None:
    """Neither where it was deleted nor in earlier lines; when it is seen again it has one."""
    _observe("Launch", [launch()], EARLY)
    delete("Launch", VOSTOK_1, MIDDLE, "command:delete")
    (line, *_) = (line for line in _lines() if line.kind == "launch")
    assert (line.verb, line.objects, line.changes) == ("removed", (NamedObject("Vostok-K | Vostok 1", ""),), ())
    assert all(thing.path != f"launch/{VOSTOK_1}/" for line in _lines() for thing in line.objects)
    _observe("Launch", [launch()])
    (line, *_) = (line for line in _lines() if line.kind == "launch")
    assert (line.verb, line.objects) == ("added again", (NamedObject("Vostok-K | Vostok 1", f"launch/{VOSTOK_1}/"),))


def test_of_many_columns_a_few_are_shown() -> None:
    """A change of many columns shows the first and counts the rest."""
    changes = {f"column_{number}": [None, number] for number in range(COLUMNS + 3)}
    _enter(("Pad", "1", "changed", changes))
    (line,) = _lines()
    assert [change.column for change in line.changes] == [f"column {number}" for number in range(COLUMNS)]
    assert line.more_changes == 3


def test_many_objects_of_a_kind_are_one_line() -> None:
    """What one transaction did to many objects of a kind names the newest few and counts the others."""
    _observe("Pad", [{"id": number, "name": f"Pad {number}"} for number in range(1, 41)])
    (line,) = _lines()
    assert line == Line(
        kind="pad",
        verb="added",
        objects=tuple(NamedObject(f"Pad {number}", f"pad/{number}/") for number in (40, 39, 38)),
        more=37,
        at_least=False,
        changes=(),
        more_changes=0,
    )


def test_computed_numbers_are_of_whoever_changed_what_they_follow_from() -> None:
    """However many there are; a transaction that computed alone has no other source."""
    write_entries([{"source": "statistics", "key": str(number)} for number in range(3)] + [{"source": "override", "key": "9"}])
    write_entries([{"source": "statistics"}])
    assert [transaction.source for transaction in last_changes()] == ["statistics", "an override"]


def test_a_transaction_never_floods_the_page() -> None:
    """Of all that the starter brought a few lines are shown; the last counts the rest, so that nothing is hidden."""
    made = observe_starter()
    (transaction,) = last_changes()
    assert len(transaction.lines) == LINES_PER_TRANSACTION
    assert transaction.source == "the starter catalogue"
    assert sum(len(line.objects) + line.more for line in transaction.lines) == made
    rest = transaction.lines[-1]
    assert (rest.kind, rest.objects) == ("", ())


def test_kinds_with_a_list_come_first() -> None:
    """Launches come before statuses, and these before parts that have no address."""
    _enter(*[(kind, "1", "created", {}) for kind in ("FirstStage", "LaunchStatus", "Launch", "Landing")])
    assert [line.kind for line in _lines()] == ["launch", "launch status", "landing", "first stage"]


def test_there_are_at_most_so_many_lines() -> None:
    """However many transactions there were, the newest lines are shown, newest first, and no more."""
    for day in range(LINES + 10):
        _enter(("Pad", str(day), "created", {}), at=LATE + timedelta(days=day))
    transactions = last_changes()
    assert len(transactions) == LINES
    assert [transaction.at for transaction in transactions] == sorted((item.at for item in transactions), reverse=True)
    assert transactions[0].lines[0].objects == (NamedObject(f"no. {LINES + 9}", f"pad/{LINES + 9}/"),)


def test_a_transaction_that_was_not_read_whole_says_so() -> None:
    """Where not every entry of a transaction was read, its number is "or more"."""
    _enter(*[("Pad", str(number), "created", {}) for number in range(ENTRIES + 5)])
    (line,) = _lines()
    assert (line.more, line.at_least) == (ENTRIES - NAMED, True)


def test_the_number_of_queries_is_fixed() -> None:
    """One line or many, of any kinds: three queries."""
    observe_starter()
    for day, kind in enumerate(("Launch", "Pad", "Agency", "Astronaut", "Event", "Orbit", "Launcher")):
        key = VOSTOK_1 if kind == "Launch" else "1"
        changes = {"status": [1, 3], "type": [2, 3], "agency": [44, 66], "launcher_config": [1, 2], "location": [11, 12]}
        _enter((kind, key, "changed", changes), at=datetime(2026, 1, 1 + day, tzinfo=UTC))
    with CaptureQueriesContext(connection) as queries:
        last_changes()
    assert len(queries) == len(WHY), WHY


def test_a_deleted_object_has_no_address() -> None:
    """A deleted object without a name has its number and no link; so has a kind that this version does not know."""
    _enter(("Pad", "7", "deleted", {"name": ["1/5", None]}), ("Forgotten", "7", "changed", {"name": ["a", "b"]}))
    gone, forgotten = _lines()
    assert (gone.kind, gone.verb, gone.objects) == ("pad", "removed", (NamedObject("no. 7", ""),))
    assert (forgotten.kind, forgotten.objects, forgotten.changes) == (
        "forgotten",
        (NamedObject("no. 7", ""),),
        (Change("name", "a", "b"),),
    )


def test_an_empty_journal_has_no_lines() -> None:
    """Without entries there is nothing to show."""
    assert last_changes() == []
