"""The outermost layer as the settings put it together: throttling, and clients behind proxies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
import time_machine
from pytest_django.fixtures import Settings

from launchledger.access.counting import use
from launchledger.conf.rates import Rate
from tests.schema.calls import within_the_test
from tests.serving.asking import Served

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 15, tzinfo=UTC)
PAD = "/2.2.0/pad/"
RATE = Rate(3, 3600)


@pytest.fixture(autouse=True)
def _on_the_tests_database() -> Iterator[None]:
    with within_the_test():
        yield


@pytest.fixture
def throttled(settings: Settings, counters_file: str) -> Iterator[Served]:
    """Three calls an hour."""
    settings.THROTTLE_ANONYMOUS = RATE
    with time_machine.travel(NOW, tick=False):
        yield Served()


def _calls(address: str = "203.0.113.7") -> int:
    return use(address, RATE, NOW.timestamp()).calls


def test_a_kept_reply_counts_as_one_call(throttled: Served) -> None:
    """Made anew or kept, whole or as a 304, each call is counted once; the one too many is Django's 429, and is not counted."""
    with throttled.django.asked(times=1):
        tag = throttled.ask(PAD).headers["etag"]
        assert _calls() == 1
        assert throttled.ask(PAD, "HEAD").status == 200
        assert throttled.ask(PAD, headers={"if-none-match": tag}).status == 304
    assert _calls() == 3
    for method in ("GET", "HEAD"):
        refused = throttled.ask(PAD, method)
        assert (refused.status, refused.headers["retry-after"]) == (429, "3600")
        assert "etag" not in refused.headers
    assert _calls() == 3
    assert throttled.ask(PAD, REMOTE_ADDR="203.0.113.8").status == 200
    with time_machine.travel(NOW.timestamp() + 3600, tick=False):
        assert throttled.ask(PAD).status == 200


def test_what_does_not_count_is_not_counted_when_kept(throttled: Served) -> None:
    """The OpenAPI document answers whoever has used up all, from what is kept too."""
    with throttled.django.asked(times=1):
        assert {throttled.ask("/2.2.0/schema/").status for _ in range(5)} == {200}
    assert _calls() == 0


def test_without_a_rate_nothing_is_counted(counters_file: str) -> None:
    """Throttling that is off costs nothing and counts nothing."""
    served = Served()
    assert {served.ask(PAD).status for _ in range(5)} == {200}
    assert _calls() == 0


def test_behind_a_proxy_the_clients_are_told_apart(settings: Settings, counters_file: str) -> None:
    """Replies are kept under the scheme and host that the client asked for, and calls count for its address."""
    settings.THROTTLE_ANONYMOUS = RATE
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)
    with time_machine.travel(NOW, tick=False):
        served = Served()
        outside = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https", "x-forwarded-host": "outside.example"}
        for _ in range(2):
            assert b'"https://outside.example/2.2.0/pad/"' in served.ask("/2.2.0/", headers=outside, REMOTE_ADDR="10.1.2.3").body
            assert b'"http://ledger.example/2.2.0/pad/"' in served.ask("/2.2.0/", REMOTE_ADDR="203.0.113.9").body
        assert len(served.django.calls) == 2
        assert (_calls(), _calls("203.0.113.9"), _calls("10.1.2.3")) == (2, 2, 0)
        # Who is no proxy of ours is not believed, and gets the reply of the host that it came to.
        liar = served.ask("/2.2.0/", headers=outside, REMOTE_ADDR="198.51.100.9")
        assert b'"http://ledger.example/2.2.0/pad/"' in liar.body
        # A client inside the trusted network stays the client, although the environment is looked at twice.
        inside = {"x-forwarded-for": "10.7.7.7, 10.8.8.8"}
        assert served.ask("/2.2.0/?x", headers=inside, REMOTE_ADDR="10.1.2.3").status == 200
        assert _calls("10.7.7.7") == 1
