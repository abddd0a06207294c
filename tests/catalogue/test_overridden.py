"""What is observed of an overridden row is kept beneath, and replies and pages show what is effective."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from launchledger.catalogue.actions import (
    OverrideRefused,
    Wanted,
    delete,
    override,
)
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.overrides import Override
from launchledger.documents.models import Document
from launchledger.explorer.changes import last_changes
from tests.support.bodies import EARLY, LATE, MIDDLE, VOSTOK_1, agency
from tests.support.bodies import launch as launch_body
from tests.support.observed import NOW, record, tell
from tests.support.overriding import end, entries_after, last_serial, make_overrides, observe_body

pytestmark = pytest.mark.django_db


def _get(path: str) -> Any:
    return Client().get(f"/2.2.0/{path}").json()


def _named(key: int = 66) -> Any:
    return Agency.objects.get(pk=key).name


def test_what_upstream_says_meanwhile_is_kept() -> None:
    """Older and newer observations alike; the newest comes back with its own time and source when the override ends."""
    observe_body("Agency", agency(name="First"), EARLY)
    make_overrides("Agency", 66, name="Ours")
    observe_body("Agency", agency(name="Third"), LATE, "file:b.json")
    observe_body("Agency", agency(name="Second"), MIDDLE)
    assert _named() == "Ours"
    assert Override.objects.get().observed_value == "Third"
    assert end("Agency", 66, "name") == 1
    row = Agency.objects.get()
    assert (row.name, row.source, row.observed_at) == ("Third", "file:b.json", LATE)
    assert end("Agency", 66, "name") == 0


def test_a_relation_moves_between_the_lists_of_its_owners() -> None:
    """A pad is shown by the location that the override names, and is back in its place afterwards."""
    pads = [record("Pad", key, location=1) for key in (1, 2)]
    tell(record("Location", 1, pads=[2, 1]), record("Location", 2), *pads)
    make_overrides("Pad", 2, location=2)

    def shown() -> list[list[int]]:
        return [[pad["id"] for pad in _get(f"location/{key}/")["pads"]] for key in (1, 2)]

    assert shown() == [[1], [2]]
    tell(record("Location", 1, pads=[1, 2]), *pads, at=NOW + timedelta(minutes=1))
    assert shown() == [[1], [2]]
    end("Pad", 2, "location")
    assert shown() == [[1, 2], []]


def test_a_relation_stands_over_the_name_that_is_known_of_it() -> None:
    """A launch of which only names are known shows the overridden agency, and the observed name again afterwards."""
    observe_body("Agency", agency())
    names = {"id": VOSTOK_1, "name": "Vostok", "status": {"id": 3}, "lsp_name": "RVSN", "net": "2024-01-01T00:00:00Z"}
    observe_body("Launch", names)

    def shown() -> str:
        return str(_get("launch/?mode=list")["results"][0]["lsp_name"])

    override([Wanted("Launch", VOSTOK_1, "launch_service_provider", {"launch_service_provider": 66, "lsp_name": None}, "Why")])
    observe_body("Launch", names | {"lsp_name": "VKS"}, MIDDLE)
    assert shown() == "Soviet Space Program"
    end("Launch", VOSTOK_1, "launch_service_provider")
    assert shown() == "VKS"


def test_a_confirmation_of_what_is_beneath_writes_times_alone() -> None:
    """A reply that says again what it said before the override changes nothing, and the override's own value is news."""
    observe_body("Agency", agency(name="Theirs"))
    make_overrides("Agency", 66, name="Ours")
    begin = last_serial()
    observe_body("Agency", agency(name="Theirs"), MIDDLE)
    assert (entries_after(begin), Agency.objects.get().observed_at) == ([], MIDDLE)
    observe_body("Agency", agency(name="Ours"), LATE)
    assert [changes for *_, changes in entries_after(begin)] == [{"observed.name": ["Theirs", "Ours"]}]


def test_documents_searches_and_slugs_follow() -> None:
    """A reply is never stale: neither when an override begins, nor when it ends."""
    observe_body("Launch", launch_body())
    for name in ("Wostok", "Vostok-K | Vostok 1"):
        if name == "Wostok":
            make_overrides("Launch", VOSTOK_1, name=name)
        else:
            end("Launch", VOSTOK_1, "name")
        for _ in range(2):  # rendered, and then stored
            assert _get(f"launch/{VOSTOK_1}/")["name"] == name
        assert Document.objects.filter(key=VOSTOK_1).exists()
        assert _get("launch/?search=wostok")["count"] == (name == "Wostok")


def test_pages_show_who_said_it_and_why() -> None:
    """The last changes name the override, the column and the reason, and what was observed meanwhile."""
    observe_body("Agency", agency(name="Theirs"))
    make_overrides("Agency", 66, "Renamed in 1960", name="Ours")
    observe_body("Agency", agency(name="Still theirs"), MIDDLE)
    beneath, made, _ = last_changes()
    shown = [(change.column, change.before, change.now) for change in made.lines[0].changes]
    assert (made.source, shown[0]) == ("an override", ("name", "Theirs", "Ours"))
    assert ("reason", "nothing", "Renamed in 1960") in shown
    assert [(change.column, change.now) for change in beneath.lines[0].changes] == [("observed name", "Still theirs")]


def test_a_deleted_object_keeps_its_override_for_its_revival() -> None:
    """Deleting changes no override, and a later observation revives the object as it is overridden."""
    observe_body("Agency", agency(name="Theirs"))
    make_overrides("Agency", 66, name="Ours")
    delete("Agency", 66, MIDDLE, "test")
    with pytest.raises(OverrideRefused, match="Agency 66 is deleted"):
        make_overrides("Agency", 66, abbrev="O")
    observe_body("Agency", agency(name="Later"), LATE)
    assert (_named(), Agency.objects.get().deleted_at) == ("Ours", None)
    end("Agency", 66, "name")
    assert _named() == "Later"
