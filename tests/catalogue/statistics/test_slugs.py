"""Slugs from names."""

from __future__ import annotations

from datetime import timedelta

import pytest

from launchledger.catalogue.models.events import Event
from launchledger.catalogue.models.launches import Launch
from tests.support.observed import NOW, launch, record, tell, uuid

pytestmark = pytest.mark.django_db


def slugs() -> dict[int, str | None]:
    return dict(Event.objects.values_list("pk", "slug"))


def test_a_name_makes_a_slug_and_an_equal_one_a_number() -> None:
    """Punctuation goes, spaces become hyphens; the second of a name gets -2, and none is given twice, observed ones included."""
    tell(record("Event", 1, name="Total Lunar Eclipse"), record("Event", 2, name="(Total) Lunar - Eclipse!"))
    tell(record("Event", 3, name="Whatever", slug="total-lunar-eclipse-3"))
    tell(record("Event", 4, name="Total Lunar Eclipse"))
    assert slugs() == {
        1: "total-lunar-eclipse", 2: "total-lunar-eclipse-2", 3: "total-lunar-eclipse-3", 4: "total-lunar-eclipse-4",
    }  # fmt: skip


def test_a_slug_stays_until_its_name_changes() -> None:
    """When the first of a name is renamed, the second keeps its number: its address was given out."""
    tell(record("Event", 1, name="Undocking"), record("Event", 2, name="Undocking"))
    tell(record("Event", 1, name="Docking"), at=NOW + timedelta(days=1))
    assert slugs() == {1: "docking", 2: "undocking-2"}


def test_a_slug_is_cut_where_upstream_cuts() -> None:
    """At 50 characters with the number, as `boeing-starliner-oft-2-pre-launch-news-conferenc-2` is."""
    name = "Boeing Starliner OFT-2 Pre-Launch News Conference 2"
    tell(record("Event", 1, name=name), record("Event", 2, name=name))
    assert slugs() == {
        1: "boeing-starliner-oft-2-pre-launch-news-conference",
        2: "boeing-starliner-oft-2-pre-launch-news-conferenc-2",
    }


def test_a_launch_known_by_its_name_only_has_no_slug() -> None:
    """It is in no list; once it is seen itself, it gets one."""
    tell(launch(1, None, None))
    assert Launch.objects.get(pk=uuid(1)).slug == ""
    tell(record("Launch", uuid(1), status=3), at=NOW + timedelta(days=1))
    assert Launch.objects.get(pk=uuid(1)).slug == "launch-1"
