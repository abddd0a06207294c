"""Undoing an entry: what it did to overrides is taken back, unless something changed since."""

from __future__ import annotations

import pytest

from launchledger.catalogue.actions import OverrideRefused, Wanted, correct, end_overrides, override
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.overrides import Override
from launchledger.curation.columns import Refused
from launchledger.curation.undoing import undo
from tests.support.bodies import agency
from tests.support.overriding import entries_after, last_serial, observe_body

pytestmark = pytest.mark.django_db

ANNA = "curator:anna"


def _override(name: str, reason: str) -> int:
    """Override the name; returns the serial of the entry."""
    override([Wanted("Agency", 66, "name", {"name": name}, reason)], ANNA)
    return last_serial()


def _undo(serial: int) -> None:
    undo("Agency", "66", serial, "curator:boris")


@pytest.fixture(autouse=True)
def _agency() -> None:
    observe_body("Agency", agency(name="Observed"))


def test_an_override_that_began_ends() -> None:
    """The value is as observed, and the entry names who undid it."""
    serial = _override("Ours", "It is wrong")
    _undo(serial)
    assert (Agency.objects.get(pk=66).name, Override.objects.count()) == ("Observed", 0)
    assert [source for source, *_ in entries_after(serial)] == ["curator:boris"]


def test_an_override_that_changed_has_its_former_value() -> None:
    """With its former reason."""
    _override("First", "It is wrong")
    _undo(_override("Second", "Better"))
    assert Agency.objects.get(pk=66).name == "First"
    assert Override.objects.get().reason == "Undone: It is wrong"


def test_an_override_that_ended_is_made_again() -> None:
    """With the value that it had."""
    _override("Ours", "It is wrong")
    end_overrides({("Agency", "66", "name")}, ANNA)
    _undo(last_serial())
    assert (Agency.objects.get(pk=66).name, Override.objects.get().reason) == ("Ours", "Undone: It is wrong")


def test_what_was_changed_again_is_not_undone() -> None:
    """The later entry comes first."""
    first = _override("First", "It is wrong")
    _override("Second", "Better")
    with pytest.raises(Refused, match="changed again since"):
        _undo(first)
    assert Agency.objects.get(pk=66).name == "Second"


@pytest.mark.parametrize("serial", [0, 1, 10**12])
def test_only_entries_of_people_are_undone(serial: int) -> None:
    """Not what was observed, and not what does not exist."""
    with pytest.raises(Refused, match="cannot be undone"):
        _undo(last_serial() if serial == 1 else serial)


def test_corrections_are_one_transaction() -> None:
    """Where one is refused nothing is written, and the place says which; otherwise all entries have one number."""
    new = [[Wanted("Event", 1_000_000_100, "name", {"name": "Open day"}, "Ours")]]
    begin = last_serial()
    wrong = [Wanted("Agency", 66, "name", {"name": "Ours"}, "Why"), Wanted("Agency", 67, "name", {"name": "Ours"}, "Why")]
    with pytest.raises(OverrideRefused, match="Agency 67 is not in the catalogue") as refused:
        correct(new, wrong, ANNA)
    assert refused.value.place == 2
    assert entries_after(begin) == []
    correct(new, wrong[:1], ANNA)
    assert [(source, kind) for source, kind, *_ in entries_after(begin)] == [(ANNA, "Event"), (ANNA, "Agency")]
