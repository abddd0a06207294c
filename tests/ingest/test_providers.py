"""Who made the data that was received."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from launchledger.ingest.models import Provider
from launchledger.ingest.providers import provider_of, providers
from launchledger.ingest.receiving import Received, receive

NOW = datetime(2026, 7, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://ll.thespacedevs.com/2.2.0/agencies/1/", "The Space Devs"),
        ("https://lldev.thespacedevs.com/2.2.0/agencies/1/", "The Space Devs"),
        ("https://ll.thespacedevs.com:443/2.2.0/agencies/1/", "The Space Devs"),
        ("https://LL.TheSpaceDevs.com/2.2.0/agencies/1/", ""),  # no reply of theirs is written like that
        ("https://ledger.example/thespacedevs.com/2.2.0/agencies/1/", ""),
        ("https://notthespacedevs.com/2.2.0/agencies/1/", ""),
        ("https://[thespacedevs.com/2.2.0/agencies/1/", ""),
        ("/2.2.0/agencies/1/", ""),
        (5, ""),
        (None, ""),
    ],
)
def test_the_host_of_an_object_tells_who_made_it(url: Any, provider: str) -> None:
    """Those we know, and nobody for any other value."""
    assert provider_of({"id": 1, "url": url}) == provider


def test_what_is_no_object_was_made_by_nobody() -> None:
    """Input may be anything."""
    bodies: list[Any] = [[], "https://ll.thespacedevs.com/", None, {}]
    assert [provider_of(body) for body in bodies] == [""] * 4


def _agencies(host: str, *numbers: int) -> list[Received]:
    bodies = ({"id": number, "name": "A", "url": f"https://{host}/2.2.0/agencies/{number}/"} for number in numbers)
    return [Received(body, NOW, "file:a.json", "a.json") for body in bodies]


@pytest.mark.django_db
def test_a_provider_is_stored_once() -> None:
    """With the first batch of its objects that is stored; other hosts leave no row."""
    receive(_agencies("ledger.example", 1))
    assert providers() == []
    receive(_agencies("ll.thespacedevs.com", 2, 3))
    first = Provider.objects.get().first_at
    receive(_agencies("ll.thespacedevs.com", *range(4, 200)))
    assert providers() == ["The Space Devs"]
    assert Provider.objects.get().first_at == first


@pytest.mark.django_db
def test_an_object_that_is_refused_leaves_none() -> None:
    """Nothing of it is in the catalogue."""
    refused = Received({"id": "x", "url": "https://ll.thespacedevs.com/2.2.0/agencies/x/"}, NOW, "file:a.json", "a.json")
    assert receive([refused]).refusals == 1
    assert providers() == []
