"""The fast path gives what the views give, to the byte and the header, or leaves the request to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from launchledger.api.fast_path import answer
from launchledger.api.ordering import ordering_fields
from launchledger.documents.models import Document
from launchledger.http_cache.responses import RequestKey
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.filters import FILTERS
from tests.api.test_filters_declared import GOOD
from tests.support.bodies import agency
from tests.support.whole import NOW, key, take_in, whole

pytestmark = pytest.mark.django_db
HOST = "ll.example:8000"


@pytest.fixture(autouse=True)
def _while_everything_is_upcoming_and_previous() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def _ask(path: str, query: str = "", accept: str | None = None, host: str | None = HOST) -> tuple[dict[str, str], bytes] | None:
    made = answer(RequestKey("https", host, path, query, accept))
    return made and ({name.lower(): value for name, value in made.headers}, made.body)


def _assert_same(client: Client, path: str, query: str) -> None:
    response = client.get(f"{path}?{query}" if query else path, headers={"host": HOST}, secure=True)
    made = _ask(path, query)
    assert made is not None
    assert response.status_code == 200
    assert made[1] == response.content
    assert made[0] == {name.lower(): value for name, value in response.items() if name != "Content-Length"}


@pytest.mark.parametrize("path", WIRE.resources)
def test_pages_and_details_are_those_of_the_views(client: Client, path: str) -> None:
    """Whole objects, in every mode, with and without a format, from a document and from rows."""
    resource = WIRE.resources[path]
    take_in(resource.model, [whole(resource.detail, number) for number in (1, 2, 3)])
    queries = ["", "format=json", *(f"mode={mode}" for mode in resource.modes), "limit=1", "limit=1&offset=1", "mode=nonsense"]
    for query in queries:
        Document.objects.all().delete()
        _assert_same(client, f"/2.2.0/{path}/", query)
        _assert_same(client, f"/2.2.0/{path}/", query)
    if not resource.when:
        for query in ("", "format=json", "mode=launchlist", "limit=2"):
            _assert_same(client, f"/2.2.0/{path}/{key(resource, 1)}/", query)


@pytest.mark.parametrize(
    "query",
    [
        *(
            "limit=2",
            "limit=2&offset=1",
            "offset=1&limit=2",
            "limit=2&offset=2",
            "limit=2&offset=4",
            "limit=2&offset=5",
            "offset=99",
        ),
        *("limit=105", "limit=3000", "limit=100&offset=0", "format=json&limit=1&mode=detailed&offset=2", "limit=9999"),
    ],
)
def test_pages_have_the_same_rows_and_links(client: Client, query: str) -> None:
    """`count`, `next` and `previous` too, at the beginning, in the middle, at the end and beyond it."""
    take_in("Agency", [agency(number, name=f"Agency {number}") for number in range(1, 6)])
    _assert_same(client, "/2.2.0/agencies/", query)


@pytest.mark.parametrize("path", ["/2.2.0/agencies/", "/2.2.0/agencies/1/"])
@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=x", "limit=", "limit=+2", "limit=%32", "limit=1&limit=2", f"limit={'9' * 4000}"),
        *("offset=-1", "offset=x", f"offset={2**63}", "offset=1&offset=2&limit=1", "offset=1&limit=1&zebra=%C3%A9&a=2&a=1&b="),
        *("nothing=a", "mode=list&mode=detailed", "format=api&format=json", "format=json&format=json&limit=1"),
        *(
            "search=a&search=b",
            "search=a&limit=0",
            "ordering=id&ordering=-id",
            "featured=true&featured=false",
            "format=json&limit=1",
        ),
    ],
)
def test_unusual_values_mean_the_same(client: Client, path: str, query: str) -> None:
    """Invalid numbers, unknown and repeated parameters change the rows, links and addresses in the same way."""
    take_in("Agency", [agency(number, name=f"Agency {number}") for number in range(1, 6)])
    _assert_same(client, path, query)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *(
            (f"/2.2.0/{path}", query)
            for path in ("agencies/", "agencies/1/")
            for query in ("format=api", "format=xml", "format=", "format=json&format=api", "format=xml&search=a")
        ),
        *(("/2.2.0/agencies/", query) for query in ("&", "limit=1&", "search=%00", "search=a/b", "search")),
        *(("/2.2.0/agencies/", query) for query in ("search=a&search=%00", "&".join(["search=a"] * 1100))),
        *(
            ("/2.2.0/launch/", "net__gte=x"),
            ("/2.2.0/launch/", "net__gte=2020-01-01&net__gte=x"),
            ("/2.2.0/launch/", "status=x"),
            ("/2.2.0/launch/", "program=1,x"),
        ),
        *(
            (path, "")
            for path in ("/2.2.0/agencies", "/2.2.0/agencies/9/", "/2.2.0/agencies/x/", "/2.2.0/agencies.json", "/2.2.0/")
        ),
        *(
            (path, "")
            for path in ("/2.2.0/agencies/1", "/2.2.0/nothing/1/", "/2.2.0/api-throttle/", "/2.2.0/dashboard/starship/")
        ),
        *((f"/2.2.0/agencies/{id}/", "") for id in ("01x", "-1", "1.json", "9" * 30, "%31", "1/1")),
    ],
)
def test_doubtful_requests_are_left_to_the_views(path: str, query: str) -> None:
    """Values that filters and searches refuse, other formats and spellings, unknown objects."""
    take_in("Agency", [agency(1)])
    assert _ask(path, query) is None


@pytest.mark.parametrize("path", WIRE.resources)
def test_filters_searches_and_orders_select_the_same(client: Client, path: str) -> None:
    """Every filter with a value that it takes, a search and every order, by themselves and together."""
    resource = WIRE.resources[path]
    take_in(resource.model, [whole(resource.detail, number) for number in (1, 2, 3)])
    filters = [(each.name, "1" if each.choice_of else GOOD[each.kind]) for each in FILTERS.get(path, ())]
    queries = [f"{name}={value}" for name, value in filters]
    queries += ["search=a+b", "search=%C3%A9x%2C1", "search=", "ordering=nothing", "ordering=-id&search=1&limit=1&offset=1"]
    queries += [f"ordering=-{name}" for name in ordering_fields(resource)]
    answered = 0
    for query in queries:
        if _ask(f"/2.2.0/{path}/", query) is not None:  # else a choice that is not there, which the views refuse
            answered += 1
            _assert_same(client, f"/2.2.0/{path}/", query)
            _assert_same(client, f"/2.2.0/{path}/", f"{query}&format=json&limit=2&offset=1" if "limit" not in query else query)
        else:
            assert client.get(f"/2.2.0/{path}/?{query}").status_code == 400, query
    assert answered >= len(queries) // 2


@pytest.mark.parametrize("accept", ["text/html", "text/html,*/*;q=0.8", "application/json; indent=4", "application/xml", "x"])
def test_another_accept_is_left_to_the_views(accept: str) -> None:
    """Only requests that surely want plain JSON are answered."""
    take_in("Agency", [agency(1)])
    assert _ask("/2.2.0/agencies/1/", accept=accept) is None


@pytest.mark.parametrize("accept", [None, "", "*/*", "application/json"])
def test_requests_for_json_are_answered(client: Client, accept: str | None) -> None:
    """No Accept, any type, or JSON."""
    take_in("Agency", [agency(1)])
    assert _ask("/2.2.0/agencies/1/", accept=accept) is not None


@pytest.mark.parametrize("host", ["", None, "a b", "evil.example", "x/../y", "ll.example\r\nx", "@", "ll.example:port"])
def test_a_host_that_is_not_allowed_is_left_to_the_views(settings: object, host: str | None) -> None:
    """They refuse it."""
    from launchledger.api import fast_path

    take_in("Agency", [agency(1)])
    settings.ALLOWED_HOSTS = ["ll.example"]  # type: ignore[attr-defined]
    fast_path._is_allowed_host.cache_clear()
    try:
        assert _ask("/2.2.0/agencies/1/", host=host) is None
        assert _ask("/2.2.0/agencies/1/", host="ll.example") is not None
    finally:
        fast_path._is_allowed_host.cache_clear()
