"""The cache of replies as the settings configure it: throttling, and clients behind proxies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
import time_machine
from pytest_django.fixtures import Settings

from launchledger.access.counting import use
from launchledger.conf.rates import Rate
from launchledger.http_cache.responses import RequestKey
from launchledger.site.edge import compose
from tests.support.calls import within_the_test
from tests.support.wsgi import Served, Watched, ask

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


def test_a_cached_reply_counts_as_one_call(throttled: Served) -> None:
    """Computed or cached, whole or as a 304, each call is counted once; one too many is Django's 429, and is not counted."""
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


def test_what_does_not_count_is_not_counted(throttled: Served) -> None:
    """The state of the throttle, and redirects to the address with its last slash."""
    assert {throttled.ask("/2.2.0/api-throttle/").status for _ in range(5)} == {200}
    assert {throttled.ask("/2.2.0/pad").status for _ in range(5)} == {301}
    assert _calls() == 0


def test_a_call_is_counted_before_any_work(settings: Settings, counters_file: str) -> None:
    """For a call too many no reply is computed, on either way; each call counts once, and a 429 does not."""
    settings.THROTTLE_ANONYMOUS = RATE
    made: list[str] = []

    def fast_path(asked: RequestKey) -> None:
        made.append(asked.path)

    with time_machine.travel(NOW, tick=False):
        django = Watched()
        edge = compose(django, fast_path=fast_path)
        addresses = [f"{PAD}?a", "/2.2.0/nothing/", "/2.2.0/schema/", f"{PAD}?b", "/2.2.0/schema/?c", "/2.2.0/"]
        assert [ask(edge, address).status for address in addresses] == [200, 404, 200, 429, 429, 429]
        assert made == [PAD, "/2.2.0/nothing/", "/2.2.0/schema/"]
        assert [ask(edge, PAD, method).status for method in ("HEAD", "OPTIONS", "POST")] == [429, 429, 429]
        assert ask(edge, PAD, "OPTIONS", REMOTE_ADDR="203.0.113.9").status == 204
        assert (_calls(), _calls("203.0.113.9")) == (3, 1)


@pytest.mark.parametrize("asked", ["", "?format=yaml", "?format=json"])
def test_the_document_is_one_reply_for_every_query(asked: str) -> None:
    """Other parameters change neither a byte nor a header of it, and compute nothing again; a wrong format is a 404."""
    served = Served()
    address = f"/2.2.0/schema/{asked}"
    with served.django.asked(times=1):
        first = served.ask(address)
        assert first.status == 200
        for more in ("x=1", "version=9.9", "x=2&lang=de", "%66ormat=" + (asked.partition("=")[2] or "json")):
            if asked or "ormat" not in more:
                assert served.ask(f"{address}{'&' if asked else '?'}{more}") == first
    assert [served.ask(f"/2.2.0/schema/?{wrong}").status for wrong in ("format=xml", "a&" * 2000)] == [404, 400]


@pytest.mark.parametrize("address", ["/2.2.0/schema/?format=yaml", "/2.2.0/schema/"])
def test_the_document_is_encoded_once_in_each_form(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django too, which answers requests with a key, sends the cached bytes."""
    headers = {"authorization": "Basic x"}
    first = ask(Watched(), address, headers=headers)
    monkeypatch.setattr("drf_spectacular.renderers.OpenApiYamlRenderer.render", None)
    monkeypatch.setattr("drf_spectacular.renderers.JSONRenderer.render", None)
    assert ask(Watched(), f"{address}{'&' if '?' in address else '?'}x=1", headers=headers).body == first.body


def test_without_a_rate_nothing_is_counted(counters_file: str) -> None:
    """Throttling that is off costs nothing and counts nothing."""
    served = Served()
    assert {served.ask(PAD).status for _ in range(5)} == {200}
    assert _calls() == 0


def test_behind_a_proxy_the_clients_are_told_apart(settings: Settings, counters_file: str) -> None:
    """Replies are cached by the scheme and host of the client's request, and calls count for its address."""
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
