"""Objects by their names: what a curator may write in place of an id."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from launchledger.catalogue.actions import delete
from launchledger.curation.columns import MOST_NAMES, Refused, column_named, subject_named, value_in
from launchledger.curation.finding import LONGEST_NAME, called, with_name_like
from tests.support.bodies import VOSTOK_1, agency, launch
from tests.support.whole import take_in, uuid

pytestmark = pytest.mark.django_db

LATER = datetime(2027, 1, 1, tzinfo=UTC)  # than the objects of take_in


def _agencies(*names: str) -> None:
    take_in("Agency", [agency(number, name=name, abbrev="") for number, name in enumerate(names, 1)])


def _value(resource: str, column: str, text: str) -> Any:
    return value_in(column_named(subject_named(resource), column), text)


def test_a_name_means_the_only_object_that_has_it() -> None:
    """In any case of its letters, and with spaces around it; an id still means itself."""
    _agencies("Agency of Herons", "Agency of Cranes")
    take_in("Launch", [launch(VOSTOK_1, name="Vostok-K | Vostok 1"), launch(uuid(2), slug="2", name="44")])
    assert _value("launch", "launch_service_provider", " agency of herons ") == 1
    assert _value("launch", "launch_service_provider", "2") == 2
    assert _value("event", "launches", f"{uuid(2)}, vostok-k | vostok 1") == [uuid(2), VOSTOK_1]
    assert _value("event", "agencies", "Agency of Cranes, 1") == [2, 1]


def test_an_abbreviation_means_it_too() -> None:
    """As people write them: status=Go."""
    take_in("Launch", [launch(VOSTOK_1, status={"id": 1, "name": "Go for Launch", "abbrev": "Go", "description": ""})])
    assert _value("launch", "status", "Go") == 1
    with pytest.raises(Refused, match=r"no launch status has the id or the name 'Launch'; is it 'Go for Launch' \(1\)"):
        _value("launch", "status", "Launch")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Heron", "no agency has the id or the name 'Heron'; is it 'Heron Works' (2) or 'Herons' (1)?"),
        ("Albatross", "no agency has the id or the name 'Albatross'"),
        ("Crane", "several have the name 'Crane'; write the id of one, such as 3, 4, 5 or another one"),
        ("{}", "no agency has the id or the name '{}'"),
        ("%", "no agency has the id or the name '%'"),
        ("\0", "no agency has the id or the name"),
        ("x" * 100_000, "no agency has the id or the name 'xxx"),
    ],
)
def test_other_names_are_refused(text: str, reason: str) -> None:
    """With what they may mean, in one line of bounded length."""
    _agencies("Herons", "Heron Works", "Crane", "Crane", "crane", "CRANE")
    with pytest.raises(Refused) as refused:
        _value("launch", "launch_service_provider", text)
    assert str(refused.value).startswith("launch_service_provider: ")
    assert reason in str(refused.value)
    assert len(str(refused.value)) < 400


def test_the_names_in_a_list_are_bounded() -> None:
    """Each is looked for; ids are not."""
    _agencies("Herons")
    names = ", ".join(["herons"] * MOST_NAMES)
    assert _value("event", "agencies", f"{names}, 7") == [1] * MOST_NAMES + [7]
    with pytest.raises(Refused, match="agencies has more than 100 names; write ids"):
        _value("event", "agencies", f"{names}, herons")


def test_deleted_objects_are_not_meant() -> None:
    """Nor are kinds without names searched."""
    _agencies("Herons")
    delete("Agency", 1, LATER, "command:delete")
    assert (called("Agency", "Herons", 5), with_name_like("Agency", "Her", 5)) == ([], [])
    assert with_name_like("Landing", "x", 5) == []


def test_the_nearest_come_first() -> None:
    """Exactly this name, then names that begin with it, then others; no more than are asked for."""
    _agencies("A heron", "Heron works", "HERON", "Old herons")
    assert with_name_like("Agency", "heron", 3) == [(3, "HERON"), (2, "Heron works"), (1, "A heron")]
    assert with_name_like("Agency", f"heron{'x' * LONGEST_NAME}", 3) == []
