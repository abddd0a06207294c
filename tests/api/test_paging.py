"""Pages: `limit`, `offset`, and the links to the next and the previous one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

ADDRESS = "http://testserver/2.2.0/pad/"


@pytest.fixture(autouse=True)
def _pads(db: None) -> None:
    take_in("Pad", [{"id": number} for number in range(1, 121)])


def _page(client: Client, query: str) -> dict[str, Any]:
    response = client.get(f"/2.2.0/pad/{query}")
    assert response.status_code == 200, query
    page: dict[str, Any] = response.json()
    return page


def _ids(page: dict[str, Any]) -> list[int]:
    return [item["id"] for item in page["results"]]


def test_a_page_has_ten_rows_by_default(client: Client) -> None:
    """Without a limit the first ten rows come, with the count of all and a link onwards."""
    page = _page(client, "")
    assert (page["count"], _ids(page)) == (120, list(range(1, 11)))
    assert (page["next"], page["previous"]) == (f"{ADDRESS}?limit=10&offset=10", None)


@pytest.mark.parametrize(("limit", "rows"), [("1", 1), ("100", 100), ("101", 100), ("3000", 100), ("9" * 400, 100), ("+7", 7)])
def test_a_limit_is_at_most_a_hundred(client: Client, limit: str, rows: int) -> None:
    """A larger limit is taken for 100, in the rows and in the link, however large it is."""
    page = _page(client, f"?limit={limit}")
    assert len(page["results"]) == rows
    assert page["next"] == f"{ADDRESS}?limit={rows}&offset={rows}"


@pytest.mark.parametrize("limit", ["0", "-1", "ten", "", "1.5", "%00", "9" * 5000])
def test_an_unusable_limit_is_ten(client: Client, limit: str) -> None:
    """Zero, negative numbers, text and empty values mean the default, and are no error."""
    assert len(_page(client, f"?limit={limit}")["results"]) == 10


@pytest.mark.parametrize("offset", ["0", "-1", "ten", "", "%00", "9" * 5000])
def test_an_unusable_offset_is_the_beginning(client: Client, offset: str) -> None:
    """An offset that is no positive number starts with the first row."""
    assert _ids(_page(client, f"?limit=1&offset={offset}")) == [1]


@pytest.mark.parametrize("offset", ["120", "121", str(2**31), str(2**63), "9" * 400])
def test_an_offset_behind_the_end_is_an_empty_page(client: Client, offset: str) -> None:
    """Behind the last row there is an empty page with a way back, also where no database could count so far."""
    page = _page(client, f"?offset={offset}")
    assert (page["count"], page["results"], page["next"]) == (120, [], None)
    assert page["previous"].startswith(f"{ADDRESS}?limit=10&offset=")


def test_the_links_walk_over_every_row_once(client: Client) -> None:
    """Following `next` from the first page gives every row once and in order."""
    seen: list[int] = []
    query: str | None = "?limit=50"
    while query is not None:
        page = _page(client, query)
        seen += _ids(page)
        query = page["next"] and page["next"].removeprefix(ADDRESS)
    assert seen == list(range(1, 121))


@pytest.mark.parametrize(
    ("offset", "previous"), [("20", f"{ADDRESS}?limit=10&offset=10"), ("10", f"{ADDRESS}?limit=10"), ("5", f"{ADDRESS}?limit=10")]
)
def test_an_offset_of_zero_is_left_out_of_links(client: Client, offset: str, previous: str) -> None:
    """The link back to the first page has a limit and no offset, as a real page of upstream has it."""
    assert _page(client, f"?offset={offset}")["previous"] == previous


def test_links_keep_every_parameter_and_sort_them(client: Client) -> None:
    """Parameters that mean nothing, are empty or stand twice are kept, in the order of their names."""
    page = _page(client, "?zebra=1&format=json&mode=list&a=2&a=1&empty=&offset=20&nick=S%C5%82awosz+%26+co")
    kept = "a=2&a=1&empty=&format=json&limit=10&mode=list&nick=S%C5%82awosz+%26+co{}&zebra=1"
    assert page["next"] == f"{ADDRESS}?{kept.format('&offset=30')}"
    assert page["previous"] == f"{ADDRESS}?{kept.format('&offset=10')}"
