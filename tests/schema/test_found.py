"""Faults that generated requests found once, each with a test of its own so that every run checks it."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_invalid_search_is_refused_by_its_name(client: Client) -> None:
    """The framework refuses it without a name; the body of a 400 is the parameter's name with the reason."""
    response = client.get("/2.2.0/agencies/", {"search": "\0"})
    assert (response.status_code, response.json()) == (400, {"search": ["Null characters are not allowed."]})


@pytest.mark.parametrize("path", ["", "launch/", "launch/1/", "config/launchstatus/", "dashboard/starship/", "api-throttle/"])
def test_an_unknown_format_is_not_found(path: str, client: Client) -> None:
    """Wherever `format` may stand, another word than json and api answers 404, which the document contains."""
    response = client.get(f"/2.2.0/{path}", {"format": "csv"})
    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("0001-01-01T00:00:00+23:00", 400),
        ("9999-12-31T23:00:00-23:00", 400),
        ("2026-01-01T00:00:00+16:27", 200),
        ("0001-01-01", 200),
    ],
)
def test_a_time_may_be_in_any_zone(moment: str, status: int, client: Client) -> None:
    """A zone that leads out of the calendar is refused, one that PostgreSQL does not know is not: all compare in UTC."""
    response = client.get("/2.2.0/launch/", {"net__gt": moment})
    assert response.status_code == status
    if status == 400:
        assert response.json() == {"net__gt": ["Enter a valid date/time."]}
