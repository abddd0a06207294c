"""The cache of complete replies over WSGI, with Django behind it: what is cached, for whom, and for how long."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from pytest_django.fixtures import Settings

from launchledger.access.keys import create_key
from launchledger.http_cache.edge import LONGEST
from launchledger.site.edge import compose
from tests.support.observed import NOW, launch, record, tell, uuid
from tests.support.wsgi import Answer, Served, ask

PAD = "/2.2.0/pad/1/"
JSON, PAGE = "application/json", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


def _name(name: str, *, edit: int = 0, pad: int = 1) -> None:
    """Give the pad a name; a later edit wins."""
    tell(record("Pad", pad, name=name), at=NOW + timedelta(seconds=edit))


def _shown(answer: Answer) -> str:
    assert answer.status == 200
    text: str = json.loads(answer.body)["name"]
    return text


@pytest.mark.parametrize("accept", [JSON, PAGE])
@pytest.mark.parametrize(
    "path", ["/2.2.0/", "/2.2.0/pad/", PAD, "/2.2.0/pad/1.json", "/2.2.0/schema/?format=json", "/2.2.0/config/orbit/"]
)
def test_a_cached_reply_is_the_one_that_django_gave(served: Served, path: str, accept: str) -> None:
    """The first reply and the second have Django's bytes and headers; Django is called once. Two headers are new, and Vary."""
    _name("Site 1")
    there = ask(served.django, path, headers={"accept": accept})
    with served.django.asked(times=1):
        first, second = (served.ask(path, headers={"accept": accept}) for _ in range(2))
    assert first == second
    assert (first.status, first.body) == (there.status, there.body)
    assert (first.headers.pop("vary"), there.headers.pop("vary")) == ("Accept, Accept-Encoding", "Accept")
    assert all(first.headers.pop(name) for name in ("etag", "cache-control"))
    assert first.headers == there.headers


def test_two_states_of_the_catalogue(served: Served) -> None:
    """A reply is cached until the journal is read again, a tenth of a second later, and a change is seen."""
    _name("Before")
    assert _shown(served.ask(PAD)) == "Before"
    _name("After", edit=1)
    served.clock.go_on(0.09)
    assert _shown(served.ask(PAD)) == "Before"
    served.clock.go_on(0.02)
    assert _shown(served.ask(PAD)) == "After"
    served.clock.go_on(60)
    with served.django.asked(times=0):
        assert _shown(served.ask(PAD)) == "After"


def test_cached_replies_cost_ten_queries_of_the_journal_a_second(
    served: Served, django_assert_num_queries: Callable[[int], Any]
) -> None:
    """A cached reply costs no query but the one for the serial, once for all requests of a tenth of a second."""
    _name("Site 1")
    served.ask(PAD)
    with django_assert_num_queries(0):
        for _ in range(10):
            served.ask(PAD)
    served.clock.go_on()
    with django_assert_num_queries(1):
        for _ in range(10):
            served.ask(PAD)


def test_a_change_of_anything_drops_everything(served: Served) -> None:
    """Replies contain other objects: an agency that changes may be in any of them."""
    tell(
        record("Agency", 1, name="Old"),
        record("Pad", 1, name="Site 1"),
        launch(1, "2024-01-01T00:00:00", launch_service_provider=1),
    )
    address = f"/2.2.0/launch/{uuid(1)}/"
    assert json.loads(served.ask(address).body)["launch_service_provider"]["name"] == "Old"
    tell(record("Agency", 1, name="New"), at=NOW + timedelta(seconds=1))
    served.clock.go_on()
    assert json.loads(served.ask(address).body)["launch_service_provider"]["name"] == "New"


@pytest.mark.parametrize(
    "changes", [{"headers": {"host": "other.example"}}, {"wsgi.url_scheme": "https"}, {"headers": {"accept": PAGE}}]
)
def test_what_a_reply_depends_on_keeps_replies_apart(served: Served, changes: dict[str, Any]) -> None:
    """Host, scheme and Accept are parts of the cache key."""
    _name("Site 1")
    one = {served.ask(PAD).body for _ in range(2)}
    other = {served.ask(PAD, **changes).body for _ in range(2)}
    assert (len(one), len(other)) == (1, 1)
    assert one != other
    assert {served.ask(PAD).body} == one


def test_queries_and_formats_keep_replies_apart(served: Served) -> None:
    """Addresses in a body carry the format that was asked for, as a parameter or as a suffix."""
    _name("Site 1")
    _name("Site 2", pad=2)
    addresses = [
        "/2.2.0/pad/",
        "/2.2.0/pad/?limit=1",
        "/2.2.0/pad/?limit=1&offset=1",
        "/2.2.0/pad/?format=json",
        "/2.2.0/pad.json",
    ]
    bodies = [{served.ask(address).body for _ in range(2)} for address in addresses]
    assert [len(each) for each in bodies] == [1] * len(addresses)
    assert len(set.union(*bodies)) == len(addresses)


@pytest.mark.parametrize("headers", [{}, {"authorization": "Basic x"}])
def test_an_accept_that_is_empty_takes_anything(served: Served, headers: dict[str, str]) -> None:
    """Like a missing one, on every way: cached, by the fast path, and with an API key, which Django answers."""
    _name("Site 1")
    missing = served.ask(PAD, headers=headers)
    assert missing.status == 200
    assert [served.ask(PAD, headers={**headers, "accept": empty}) for empty in ("", "", " ")] == [missing] * 3
    assert ask(compose(served.django), PAD, headers={**headers, "accept": ""}).body == missing.body


def test_a_reply_to_a_request_with_a_key_is_never_cached(served: Served) -> None:
    """A request with Authorization goes to Django each time, and its reply is not cached."""
    _name("Site 1")
    _, secret = create_key("board", NOW)
    key = {"authorization": f"Token {secret}"}
    with served.django.asked(times=3):
        with_key = [served.ask(PAD, headers=key) for _ in range(2)]
        without = served.ask(PAD)
    assert "etag" not in with_key[0].headers
    assert with_key[0].body == without.body
    with served.django.asked(times=1):
        assert served.ask(PAD, headers={"authorization": "Token wrong"}).status == 401


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/2.2.0/pad/9/", 404),
        ("/2.2.0/nothing/", 404),
        ("/2.2.0/spacecraft/flight/?spacecraft=x", 400),
        ("/2.2.0/pad/?format=xml", 404),
        ("/2.2.0/pad", 301),
        ("/2.2.0/api-throttle/", 200),
        ("/2.2.0/%ff/", 404),
    ],
)
def test_errors_and_replies_for_one_client_are_never_cached(served: Served, address: str, status: int) -> None:
    """They pass unchanged, each time from Django."""
    there = ask(served.django, address)
    with served.django.asked(times=2):
        answers = [served.ask(address) for _ in range(2)]
    assert answers == [there, there]
    assert there.status == status
    with served.django.asked(times=1):
        assert served.ask(address, "HEAD")[::2] == (status, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_pass(served: Served, method: str) -> None:
    """Only GET and HEAD are answered from the cache."""
    _name("Site 1")
    served.ask(PAD)
    assert served.ask(PAD, method, CONTENT_LENGTH="0").status == (204 if method == "OPTIONS" else 405)


@pytest.mark.parametrize("address", ["/docs/", "/healthz", "/static/launchledger/icon.svg", "/2.2.0", "/2.3.0/pad/"])
def test_other_addresses_pass(served: Served, address: str) -> None:
    """An address outside the version and the pages goes to Django each time, and its reply passes unchanged."""
    with served.django.asked(times=2):
        answers = [served.ask(address, headers={"accept-encoding": "gzip"}) for _ in range(2)]
    assert answers[0] == answers[1]
    assert "content-encoding" not in answers[0].headers
    assert len(served.edge._responses) == 0


@pytest.mark.parametrize(
    ("query", "headers"),
    [(f"x={'x' * LONGEST}", {}), ("", {"accept": f"*/*, {'x' * LONGEST}/*"}), ("", {"host": f"{'x' * LONGEST}.example"})],
)
def test_a_request_with_a_long_cache_key_passes(served: Served, query: str, headers: dict[str, str]) -> None:
    """Made-up requests must not fill the memory with keys."""
    with served.django.asked(times=2):
        assert len({served.ask(f"/2.2.0/?{query}", headers=headers).status for _ in range(2)}) == 1
    assert served.edge._responses.size == 0


def test_a_host_that_is_not_ours_has_no_reply(served: Served, settings: Settings) -> None:
    """Django refuses it, so nothing is cached for it; our own host is answered from the cache."""
    settings.ALLOWED_HOSTS = ["ledger.example"]
    assert served.ask("/2.2.0/").status == 200
    with served.django.asked(times=2):
        for _ in range(2):
            assert served.ask("/2.2.0/", headers={"host": "evil.example"}).status == 400
    with served.django.asked(times=0):
        assert served.ask("/2.2.0/").status == 200


@pytest.mark.parametrize("first", ["GET", "HEAD"])
def test_head_is_get_without_a_body(served: Served, first: str) -> None:
    """The same headers, and one cached reply for both, whichever came first."""
    _name("Site 1")
    with served.django.asked(times=1):
        answers = {method: served.ask(PAD, method) for method in (first, "GET", "HEAD")}
    assert answers["GET"].headers == answers["HEAD"].headers
    assert answers["HEAD"].body == b""
    assert int(answers["HEAD"].headers["content-length"]) == len(answers["GET"].body)


def test_no_cached_reply_is_served_while_the_database_is_away(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the state cannot be read, Django answers 503; cached replies are fresh again afterwards."""
    _name("Site 1")
    served.ask(PAD)
    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", _raise)
        away.setattr(connection, "ensure_connection", _raise)
        served.clock.go_on()
        with served.django.asked(times=2):
            for _ in range(2):
                answer = served.ask(PAD)
                assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    served.clock.go_on()
    with served.django.asked(times=0):
        assert served.ask(PAD).status == 200


def _raise(*_: Any) -> None:
    raise OperationalError("the server is gone")


def test_a_reply_of_before_a_commit_is_not_cached_after_it(served: Served) -> None:
    """The race: Django reads the old rows, a writer commits, another request sees the commit, and then the old reply comes to be
    stored. The client that asked before the commit gets it, and no other."""
    _name("Before")

    def slow(environ: Any, start_response: Any) -> Any:
        content = served.django(environ, start_response)
        served.edge._application = served.django
        _name("After", edit=1)
        served.clock.go_on()
        assert served.ask("/2.2.0/").status == 200  # the other request
        return content

    served.edge._application = slow
    assert _shown(served.ask(PAD)) == "Before"
    assert _shown(served.ask(PAD)) == "After"
    with served.django.asked(times=0):
        assert _shown(served.ask(PAD)) == "After"


def test_a_reply_of_after_an_unseen_commit_is_dropped_with_the_commit(served: Served) -> None:
    """Cached under the serial from before the commit, it is right, and is computed again when the commit is seen."""
    _name("Before")
    served.ask("/2.2.0/")
    _name("After", edit=1)
    assert _shown(served.ask(PAD)) == "After"
    served.clock.go_on()
    with served.django.asked(times=1):
        assert _shown(served.ask(PAD)) == "After"


def test_without_memory_no_reply_is_cached(served: Served, settings: Settings) -> None:
    """Without memory for replies they are the same, headers and all."""
    _name("Site 1")
    kept = served.ask(PAD)
    settings.RESPONSE_CACHE_BYTES = 0
    other = Served()
    with other.django.asked(times=2):
        assert [other.ask(PAD) for _ in range(2)] == [kept, kept]
