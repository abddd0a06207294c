"""Compacting the journal keeps the whole history of what is watched, whatever happened to the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from launchledger.catalogue.actions import Observation, OverrideRefused, Wanted, end_overrides, override
from launchledger.catalogue.actions.history import watched_in_journal
from launchledger.catalogue.models.history import ObservedState
from launchledger.catalogue.models.kinds import kinds
from launchledger.catalogue.models.overrides import Override
from launchledger.journal.compacting import compact, complete_since, span_before
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from tests.properties.test_observing import Deleting, catalogue, events, let_happen
from tests.support.asking import emptied_afterwards
from tests.support.second_database import examples

pytestmark = pytest.mark.django_db
BEGIN = datetime(2024, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOME = settings(
    max_examples=examples(12),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WATCHED_FAMILIES = pytest.mark.parametrize(
    "names",
    [
        ["LaunchDetailed", "LaunchSerializerCommon", "Pad"],
        ["SpacecraftFlightDetailed", "AstronautDetailed", "DockingEventDetailed"],
        ["Events", "Update", "Agency"],
    ],
    ids="+".join,
)


@st.composite
def _lives(draw: st.DrawFn, names: list[str]) -> list[Observation | Deleting | Wanted | None]:
    """Observations and deletions, between them overrides of what is watched, and None where all overrides end."""
    happened = draw(events(names))
    records = [record for each in happened if isinstance(each, Observation) for record in each.records]
    columns = [
        Wanted(record.model, record.key, column, {column: None}, "It is wrong")
        for record in records
        for column in kinds()[record.model].watched
    ]
    wanted = draw(st.lists(st.sampled_from(columns), max_size=3)) if columns else []
    return draw(st.permutations([*happened, *wanted, *draw(st.lists(st.none(), max_size=1))]))


def _let_happen(step: Observation | Deleting | Wanted | None) -> None:
    if step is None:
        end_overrides([(each.kind, each.key, each.column) for each in Override.objects.all()])
    elif isinstance(step, Wanted):
        try:
            override([step])
        except OverrideRefused:
            return  # of an object that was not observed yet
    else:
        let_happen(step)


def _entries(**which: Any) -> list[dict[str, Any]]:
    return [dict(entry) for entry in Entry.objects.filter(**which).order_by("serial").values()]


def _watched(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What these entries say of watched columns, and of objects that came and went."""
    found = []
    for entry in entries:
        names = kinds()[entry["kind"]].watched
        changes = {name: values for name, values in entry["changes"].items() if name.removeprefix("observed.") in names}
        if changes or entry["action"] != "changed":
            found.append(entry | {"changes": changes})
    return found


@WATCHED_FAMILIES
def test_the_history_of_what_is_watched_is_the_same(names: list[str]) -> None:
    """Every change of a watched column stays with its serial, transaction, times and source; what is newer stays whole."""

    @SOME
    @given(st.data())
    def check(data: st.DataObject) -> None:
        with emptied_afterwards():
            for number, step in enumerate(data.draw(_lives(names))):
                with time_machine.travel(BEGIN + number * HOUR, tick=False):
                    _let_happen(step)
            span = span_before(BEGIN + data.draw(st.integers(0, 9)) * HOUR)
            old, new = _entries(serial__lte=span.until), _entries(serial__gt=span.until)
            states, rows, newest = list(ObservedState.objects.order_by("pk").values()), catalogue(), latest_serial()
            for _ in compact(span, watched_in_journal()):
                pass
            kept = _entries(serial__lte=span.until)
            assert _watched(kept) == _watched(old)
            assert len(kept) == len(_watched(kept))
            assert {name for each in kept for name in each["changes"].keys() - _watched([each])[0]["changes"].keys()} <= {
                "deleted_at",
                "reason",
            }
            assert _entries(serial__gt=span.until) == new
            assert (list(ObservedState.objects.order_by("pk").values()), catalogue(), latest_serial()) == (states, rows, newest)
            assert complete_since().serial == (span.until if span.entries else 0)

    check()
