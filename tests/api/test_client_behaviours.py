"""What real clients of version 2.2.0 do, one behaviour a test. Each docstring names what was seen of clients, and what they get.

Where the details of a rule are proved elsewhere in this folder (paging, filters, formats), here stands the call as clients
make it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.support.bodies import VOSTOK_1, VOSTOK_6, flight, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PATHS = ["/2.2.0/", "/2.2.0/launch/", f"/2.2.0/launch/{VOSTOK_1}/", "/2.2.0/spacecraft/flight.json", "/2.2.0/pad/404/"]


@pytest.fixture(autouse=True)
def _launches(db: None) -> None:
    take_in("Launch", [launch(VOSTOK_1), launch(VOSTOK_6, status={"id": 4, "name": "Launch Failure"})])
    take_in("Pad", [{"id": number} for number in range(100, 205)])


def _next_launches(client: Client, query: str) -> list[str]:
    with time_machine.travel(NOW, tick=False):
        response = client.get(f"/2.2.0/launch/upcoming/{query}")
    assert response.status_code == 200
    return [item["name"] for item in response.json()["results"]]


@pytest.mark.parametrize("path", ["/2.2.0/launch", "/2.2.0/launch/upcoming", f"/2.2.0/launch/{VOSTOK_1}", "/2.2.0", "/docs"])
def test_the_last_slash_may_be_missing(client: Client, path: str) -> None:
    """16 of 125 recorded calls have no last slash. They are sent to the address with one, their query kept to the letter."""
    query = "?limit=5&mode=list&search=a%20b%2Bc&net__gte=2024-01-01T00:00:00Z"
    response = client.get(path + query)
    assert (response.status_code, response.headers["Location"]) == (301, f"{path}/{query}")
    assert client.get(path + query, follow=True).status_code == 200


def test_the_last_slash_may_be_missing_in_a_browsers_script(client: Client) -> None:
    """Scripts of other sites make the same calls: the redirect may be read by them, and the preflight before it is no redirect,
    which browsers would refuse."""
    origin = {"origin": "https://app.example"}
    assert client.get("/2.2.0/launch?limit=5", headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    asked = origin | {"access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    assert client.options("/2.2.0/launch?limit=5", headers=asked).status_code == 200


@pytest.mark.parametrize("path", ["/2.2.0/launch.json", f"/2.2.0/launch/{VOSTOK_1}.json", "/2.2.0/launch/upcoming.json"])
def test_a_path_may_end_in_json(client: Client, path: str) -> None:
    """Some clients write `.json` for the last slash. They get JSON, whatever they accept, with a query too."""
    response = client.get(f"{path}?limit=1", headers={"accept": BROWSER})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("path", ["/2.2.0/launch/", f"/2.2.0/launch/{VOSTOK_1}/", "/2.2.0/"])
def test_the_format_may_be_a_parameter(client: Client, path: str) -> None:
    """`?format=json` is what people paste into browsers and examples. It is JSON for a browser as well."""
    response = client.get(f"{path}?format=json", headers={"accept": BROWSER})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize(
    ("query", "count"),
    [("status__ids=3&status__ids=4", 2), ("status__ids=3,4", 2), ("status__ids=4", 1), ("limit=1&limit=2", 2), ("a=1&a=2", 2)],
)
def test_a_parameter_may_be_repeated(client: Client, query: str, count: int) -> None:
    """HTTP libraries write a list as the same name again and again. Lists take all of them, other parameters the last."""
    page = client.get(f"/2.2.0/launch/?{query}").json()
    assert len(page["results"]) == count


@pytest.mark.parametrize("limit", [105, 200, 500, 1000, 3000])
def test_a_limit_may_be_too_large(client: Client, limit: int) -> None:
    """Limits of 105 to 3000 were seen. Each gets a page of 100 and a `next` that goes on with 100, never an error."""
    page = client.get(f"/2.2.0/pad/?limit={limit}").json()
    assert len(page["results"]) == 100
    assert page["next"] == "http://testserver/2.2.0/pad/?limit=100&offset=100"


def test_a_browsers_script_may_send_a_key(client: Client) -> None:
    """Apps in browsers send `Authorization: Token …` from another origin, so the browser asks first, and is told that it may."""
    asked = {
        "origin": "https://app.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization",
    }
    response = client.options("/2.2.0/launch/upcoming/", headers=asked)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "authorization" in response.headers["Access-Control-Allow-Headers"].lower()
    assert "GET" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("host", ["testserver", "ledger.example", "127.0.0.1:8000", "[::1]:8000"])
def test_next_is_an_absolute_address_on_the_host_asked(client: Client, host: str) -> None:
    """Clients follow `next` as it stands. It leads back to where they asked, by name, number and port, and walks every row."""
    address: str | None = f"http://{host}/2.2.0/pad/?limit=50"
    seen: list[int] = []
    while address:
        assert address.startswith(f"http://{host}/2.2.0/pad/?")
        page = client.get(address.removeprefix(f"http://{host}"), headers={"host": host}).json()
        seen += [item["id"] for item in page["results"]]
        address = page["next"]
    assert seen == [32, *range(100, 205)]


@pytest.mark.parametrize("path", ["/2.2.0/launch/?mode=list", "/2.2.0/launch/", f"/2.2.0/launch/{VOSTOK_1}/"])
def test_times_end_in_z(client: Client, path: str) -> None:
    """Clients parse `net` by the pattern `yyyy-MM-ddTHH:mm:ssZ`, some of them by cutting off the last letter."""
    body = client.get(path).json()
    for item in body.get("results", [body]):
        for key in ("net", "window_start", "window_end"):
            if key in item:
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item[key])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Flown", "Ahead"]),
        ("?hide_recent_previous=true", ["Ahead"]),
        ("?hide_recent_previous=True", ["Ahead"]),
        ("?hide_recent_previous=false", ["Flown", "Ahead"]),
        ("?hide_recent_previous=False", ["Flown", "Ahead"]),
        ("?limit=1&mode=list&hide_recent_previous=True", ["Ahead"]),
    ],
)
def test_the_last_day_may_be_left_out_in_python_or_in_javascript(client: Client, query: str, names: list[str]) -> None:
    """The next launch is asked for with `hide_recent_previous`, as `True` by clients in Python and `true` by others."""
    for number, (name, hours) in enumerate((("Flown", -3), ("Ahead", 3), ("Long flown", -30))):
        net = f"{NOW + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"
        take_in("Launch", [launch(f"00000000-0000-4000-8000-{number:012}", name=name, net=net)])
    assert _next_launches(client, query) == names


def test_a_query_with_two_question_marks_is_answered(client: Client) -> None:
    """`mode=list?limit=10` is a mistake that shipped: the mode is no known word, so it is the normal one, and a page comes."""
    response = client.get("/2.2.0/launch/?mode=list?limit=10")
    assert response.status_code == 200
    assert response.content == client.get("/2.2.0/launch/").content


def test_a_get_may_say_that_its_body_is_json(client: Client) -> None:
    """Python clients set `Content-Type: application/json` on every call; a GET without a body is none the worse for it."""
    sent: dict[str, Any] = {"content-type": "application/json", "accept": "application/json", "user-agent": "python/client"}
    assert client.get("/2.2.0/launch/upcoming/?limit=1", headers=sent).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_a_body(client: Client, path: str) -> None:
    """Monitors, link checkers and `curl -I` ask with HEAD. Status and headers are those of GET, the length of its body too."""
    take_in("SpacecraftFlight", [flight(1)])
    asked, shown = client.head(path), client.get(path)
    assert (asked.status_code, asked.content) == (shown.status_code, b"")
    assert dict(asked.headers) == dict(shown.headers)
    assert int(asked.headers["Content-Length"]) == len(shown.content)


@pytest.mark.parametrize("path", PATHS)
def test_options_says_what_may_be_asked(client: Client, path: str) -> None:
    """Some load balancers ask with OPTIONS. The answer has what may be asked and no body; that is not in what GET says of itself,
    which is upstream's `Allow: GET` to the letter."""
    response = client.options(path)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(path).headers["Allow"] == "GET"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_health_may_be_asked_in_any_way(client: Client, path: str, method: str) -> None:
    """Load balancers ask for health with GET, HEAD or OPTIONS, each by its habit, and take any status from 200 to 399."""
    assert client.generic(method, path).status_code == (204 if method == "OPTIONS" else 200)
