"""`api-throttle/`: how much of the allowance is used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from launchledger.access.keys import create_key
from launchledger.conf.rates import Rate

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 15, tzinfo=UTC)
PATH = "/2.2.0/api-throttle/"
KEYS = ["your_request_limit", "limit_frequency_secs", "current_use", "next_use_secs", "ident"]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def _state(client: Client, key: str = "", **extra: Any) -> list[Any]:
    response = client.get(PATH, headers={"authorization": f"Token {key}"} if key else {}, **extra)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    body: dict[str, Any] = json.loads(response.content)
    assert list(body) == KEYS
    assert [type(value) for value in body.values()] == [int, int, int, int, str]
    return list(body.values())


def test_it_shows_how_much_is_used(client: Client, settings: Settings, counters_url: str, clock: time_machine.Traveller) -> None:
    """It counts calls as they are made, until they leave the window; the wait is 0 until there is one."""
    settings.THROTTLE_ANONYMOUS = Rate(2, 3600)
    assert _state(client) == [2, 3600, 0, 0, "127.0.0.1"]
    client.get("/2.2.0/")
    assert _state(client) == [2, 3600, 1, 0, "127.0.0.1"]
    clock.shift(timedelta(seconds=10.5))
    client.get("/2.2.0/")
    assert _state(client) == [2, 3600, 2, 3590, "127.0.0.1"]
    assert client.get("/2.2.0/").headers["Retry-After"] == "3590"
    clock.move_to(NOW + timedelta(hours=1))
    assert _state(client) == [2, 3600, 1, 0, "127.0.0.1"]
    assert _state(client, REMOTE_ADDR="2001:db8::1") == [2, 3600, 0, 0, "2001:db8::/64"]


def test_it_shows_a_key_by_its_name(client: Client, counters_url: str, clock: time_machine.Traveller) -> None:
    """With a key the state is the key's, and the secret is not shown."""
    _, key = create_key("Launch board", NOW, rate="100/minute")
    client.get("/2.2.0/", headers={"authorization": f"Token {key}"})
    assert _state(client, key) == [100, 60, 1, 0, "Launch board"]


def test_without_a_limit_it_shows_the_largest(client: Client) -> None:
    """A caller without a limit gets one that no client can reach and every client can read."""
    _, key = create_key("free", NOW, rate="unlimited")
    assert _state(client) == [2**31 - 1, 3600, 0, 0, "127.0.0.1"]
    assert _state(client, key) == [2**31 - 1, 3600, 0, 0, "free"]


def test_it_is_a_page_too(client: Client) -> None:
    """In a browser it looks like everything else."""
    response = client.get(PATH, headers={"accept": "text/html"})
    assert response.status_code == 200
    assert b"<h1>Throttle</h1>" in response.content
    assert b"your_request_limit" in response.content
