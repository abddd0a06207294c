"""Throttling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from launchledger.access.keys import create_key
from launchledger.api.throttling import is_counted
from launchledger.conf.rates import Rate
from tests.support.calls import within_the_test
from tests.support.wsgi import Served

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 15, tzinfo=UTC)
PATH = "/2.2.0/pad/"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def three_an_hour(settings: Settings, counters_url: str, clock: time_machine.Traveller) -> Settings:
    settings.THROTTLE_ANONYMOUS = Rate(3, 3600)
    return settings


def _ask(client: Client, path: str = PATH, *, address: str = "203.0.113.7", key: str = "") -> int:
    headers = {"authorization": f"Token {key}"} if key else {}
    return client.get(path, headers=headers, REMOTE_ADDR=address).status_code


@pytest.mark.usefixtures("three_an_hour")
def test_one_call_too_many_is_a_429(client: Client, clock: time_machine.Traveller) -> None:
    """Upstream's text and header, with the seconds until the oldest call leaves the window; then one call goes through."""
    assert [_ask(client) for _ in range(3)] == [200] * 3
    clock.shift(timedelta(seconds=0.5))
    response = client.get(PATH, REMOTE_ADDR="203.0.113.7")
    assert response.status_code == 429
    assert response.content == b'{"detail":"Request was throttled. Expected available in 3600 seconds."}'
    assert response.headers["Retry-After"] == "3600"
    clock.move_to(NOW + timedelta(seconds=3598.2))
    assert client.get(PATH, REMOTE_ADDR="203.0.113.7").headers["Retry-After"] == "2"
    clock.move_to(NOW + timedelta(seconds=3599.2))
    assert client.get(PATH, REMOTE_ADDR="203.0.113.7").json()["detail"].endswith("Expected available in 1 second.")
    clock.move_to(NOW + timedelta(seconds=3600))
    assert [_ask(client) for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.usefixtures("three_an_hour")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/2.2.0/", 200),
        (PATH, 200),
        ("/2.2.0/pad/1/", 404),
        ("/2.2.0/pad.json", 200),
        ("/2.2.0/spacecraft/flight/?spacecraft=x", 400),
        ("/2.2.0/pad/?format=api", 200),
    ],
)
def test_every_call_of_the_version_counts(client: Client, path: str, status: int) -> None:
    """Found or not, well asked or not, as JSON or as a page."""
    assert [_ask(client, path) for _ in range(4)] == [status] * 3 + [429]


@pytest.mark.usefixtures("three_an_hour")
@pytest.mark.parametrize(("method", "status"), [("POST", 405), ("OPTIONS", 204), ("HEAD", 200)])
def test_every_method_counts(client: Client, method: str, status: int) -> None:
    """As upstream's framework has it, a POST is counted before it is refused."""
    assert [client.generic(method, PATH).status_code for _ in range(4)] == [status] * 3 + [429]


@pytest.mark.usefixtures("three_an_hour")
def test_the_document_counts(client: Client) -> None:
    """In each of its forms."""
    queries = ["", "?format=yaml", "?format=json", ""]
    assert [client.get(f"/2.2.0/schema/{query}").status_code for query in queries] == [200, 200, 200, 429]


@pytest.mark.usefixtures("three_an_hour")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/2.2.0/api-throttle/", 200),
        ("/2.2.0/api-throttle.json", 200),
        ("/docs/", 200),
        ("/healthz", 200),
        ("/2.2.0/pad", 301),
        ("/nothing/", 404),
    ],
)
def test_what_does_not_count(client: Client, path: str, status: int) -> None:
    """The state of the throttle, pages about the API, health and redirects do not count, and answer whoever has used up all."""
    assert [_ask(client, path) for _ in range(5)] == [status] * 5
    assert [_ask(client) for _ in range(4)] == [200, 200, 200, 429]
    assert _ask(client, path) == status


@pytest.mark.usefixtures("three_an_hour")
def test_preflights_and_refused_keys_do_not_count(client: Client) -> None:
    """A preflight is not the call, and a refused key has used nothing."""
    asked = {"origin": "https://app.example", "access-control-request-method": "GET"}
    assert [client.options(PATH, headers=asked).status_code for _ in range(5)] == [200] * 5
    assert [_ask(client, key="wrong") for _ in range(5)] == [401] * 5
    assert [_ask(client) for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.usefixtures("three_an_hour")
def test_each_address_has_its_own_rate(client: Client) -> None:
    """Another address has not used anything; all of an IPv6 /64 are one."""
    assert [_ask(client, address="203.0.113.7") for _ in range(4)] == [200, 200, 200, 429]
    assert _ask(client, address="203.0.113.8") == 200
    assert [_ask(client, address=f"2001:db8::{number}") for number in range(1, 5)] == [200, 200, 200, 429]
    assert _ask(client, address="2001:db8:0:1::1") == 200


def test_a_forwarded_address_is_believed_from_proxies_only(three_an_hour: Settings) -> None:
    """Behind a trusted proxy each client has its rate; a client that pretends to be behind one gains nothing."""
    three_an_hour.TRUSTED_PROXIES = (ip_network("10.0.0.1"),)
    served = Served()  # reads the settings of proxies when it is made

    def status(address: str, number: int) -> int:
        with within_the_test():
            headers = {"x-forwarded-for": f"198.51.100.{number}"}
            return int(served.ask(PATH, REMOTE_ADDR=address, headers=headers).status)

    assert [status("10.0.0.1", number) for number in (1, 1, 1, 2, 1)] == [200, 200, 200, 200, 429]
    assert [status("203.0.113.7", number) for number in range(4)] == [200, 200, 200, 429]


def test_a_key_has_its_own_rate(client: Client, three_an_hour: Settings) -> None:
    """A key counts by itself from whatever address: at its own rate, at the default of keys, or not at all."""
    three_an_hour.THROTTLE_KEYS = Rate(2, 60)
    keys = {rate: create_key(f"key {rate}", NOW, rate=rate)[1] for rate in ("", "1/minute", "unlimited")}
    asked = {rate: [_ask(client, key=key, address=f"203.0.113.{n}") for n in range(5)] for rate, key in keys.items()}
    assert asked == {"": [200, 200, 429, 429, 429], "1/minute": [200, 429, 429, 429, 429], "unlimited": [200] * 5}
    assert _ask(client, address="203.0.113.1") == 200
    three_an_hour.THROTTLE_KEYS = None
    assert [_ask(client, key=keys[""]) for _ in range(5)] == [200] * 5


def test_a_key_may_be_throttled_where_others_are_not(client: Client, settings: Settings, counters_file: str) -> None:
    """The rate of a key holds, whether or not others have one."""
    _, key = create_key("board", NOW, rate="1/day")
    assert [_ask(client, key=key) for _ in range(2)] == [200, 429]
    assert [_ask(client) for _ in range(5)] == [200] * 5


def test_off_it_costs_nothing(client: Client, settings: Settings, counters_file: str) -> None:
    """Without a rate no counter is opened."""
    assert [_ask(client) for _ in range(5)] == [200] * 5
    _, key = create_key("board", NOW)
    assert [_ask(client, key=key) for _ in range(5)] == [200] * 5
    assert not Path(counters_file.removeprefix("sqlite:///")).exists()


@pytest.mark.usefixtures("three_an_hour")
def test_counting_costs_no_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Counting never waits for a writer of the catalogue, because the counters are elsewhere."""
    for _ in range(4):
        with django_assert_num_queries(0):
            _ask(client, "/2.2.0/")


def test_the_path_decides_what_counts() -> None:
    """The paths that count, for the layer in front of the views."""
    assert all(map(is_counted, ("/2.2.0/", "/2.2.0/launch/upcoming/", "/2.2.0/launch.json")))
    assert not any(map(is_counted, ("/", "/2.2.0", "/docs/", "/2.2.0/pad", "/2.2.0/api-throttle/", "/2.2.0/api-throttle.json")))
