"""How caches are purged: each by its own API, over real connections, and only a confirmation counts."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import pytest

from launchledger.cdn import clients
from launchledger.cdn.clients import PURGE_APIS, Cache
from launchledger.cdn.follower import PurgeFailed
from tests.support.front import TOKEN, Front, standing


@pytest.fixture
def front() -> Iterator[Front]:
    with standing() as front:
        yield front


def test_varnish_is_purged_by_purge(front: Front) -> None:
    """A PURGE with the keys in a header, as xkey and patterns read them; no token."""
    Cache("varnish", f"{front.address}/", TOKEN).purge(["a", "b"])
    (asked,) = front.asked
    assert asked[:2] == ("PURGE", "/")
    assert asked.headers["surrogate-key"] == "a b"
    assert TOKEN not in str(asked)


def test_fastly_is_purged_by_post(front: Front) -> None:
    """As its purging API has it: the keys in a header, the token in another."""
    Cache("fastly", f"{front.address}/service/x/purge", TOKEN).purge(["a", "b"])
    (asked,) = front.asked
    assert asked[:2] == ("POST", "/service/x/purge")
    assert (asked.headers["surrogate-key"], asked.headers["fastly-key"], asked.body) == ("a b", TOKEN, b"")


def test_cloudflare_is_purged_by_json(front: Front) -> None:
    """As its API has it: the tags in JSON, the token as a bearer's."""
    Cache("cloudflare", f"{front.address}/client/v4/zones/x/purge_cache", TOKEN).purge(["a", "b"])
    (asked,) = front.asked
    assert asked[:2] == ("POST", "/client/v4/zones/x/purge_cache")
    assert (asked.headers["content-type"], asked.headers["authorization"]) == ("application/json", f"Bearer {TOKEN}")
    assert json.loads(asked.body) == {"tags": ["a", "b"]}


@pytest.mark.parametrize("kind", PURGE_APIS)
def test_many_keys_go_in_batches(front: Front, kind: str) -> None:
    """Each as large as the cache takes, none of them empty, and no key is lost."""
    most = PURGE_APIS[kind].most
    keys = [f"key{number}" for number in range(2 * most + 1)]
    Cache(kind, front.address, TOKEN).purge(keys)
    told = [
        json.loads(asked.body)["tags"] if kind == "cloudflare" else asked.headers["surrogate-key"].split()
        for asked in front.asked
    ]
    assert [len(batch) for batch in told] == [most, most, 1]
    assert [key for batch in told for key in batch] == keys
    assert all(len(asked.headers.get("surrogate-key", "")) < 8000 for asked in front.asked)


@pytest.mark.parametrize("kind", PURGE_APIS)
@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 405, 429, 500, 503])
def test_any_other_status_is_a_failure(front: Front, kind: str, status: int) -> None:
    """A redirect too, which is not followed; the text names the host and the answer, and not the token."""
    front.status, front.headers = status, {"Location": front.address}
    with pytest.raises(PurgeFailed, match=f"^127.0.0.1 answered {status} ") as failure:
        Cache(kind, front.address, TOKEN).purge(["a"])
    assert TOKEN not in str(failure.value)
    assert len(front.asked) == 1


def test_a_failure_in_a_200_is_a_failure(front: Front) -> None:
    """Cloudflare's JSON reports whether it worked; other bodies are ignored."""
    front.answer = b'{"success":false,"errors":[{"code":1}]}'
    with pytest.raises(PurgeFailed, match="answered that the purge failed"):
        Cache("cloudflare", front.address, TOKEN).purge(["a"])
    for front.answer in (b'{"success":true}', b"<html>Forgot 3</html>", b"", b"[]"):
        Cache("cloudflare", front.address, TOKEN).purge(["a"])


def test_a_cache_that_cannot_be_reached_is_a_failure() -> None:
    """A closed port, an unknown host, and a connection that is closed at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(PurgeFailed, match="refused"):
        Cache("varnish", address).purge(["a"])
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        with pytest.raises(PurgeFailed, match=r"^127\.0\.0\.1: "):
            Cache("varnish", f"http://127.0.0.1:{server.getsockname()[1]}/").purge(["a"])
        thread.join()


def test_a_timeout_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that takes the request and sends nothing is not waited for forever."""
    monkeypatch.setattr(clients, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(PurgeFailed, match="timed out"):
        Cache("varnish", f"http://127.0.0.1:{server.getsockname()[1]}/").purge(["a"])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://cache.example/", "not a valid address, such as"),
        ("file:///etc/passwd", "not a valid address, such as"),
        ("cache.example:6081", "not a valid address, such as"),
        ("http://", "not a valid address, such as"),
        ("http://cache.example:0/", "not a valid address, such as"),
        ("http://cache.example:x/", "Is not a valid address"),
        ("http://[::1/", "Is not a valid address"),
        ("http://cache.example/ a", "not a valid address, such as"),
        ("http://cache.example/\r\nX: y", "not a valid address, such as"),
        ("http://me:secret@cache.example/", "Contains a user or a password"),
        ("http://cache.example/", "everyone on the way could read the token"),
    ],
)
def test_unusable_addresses_are_refused(url: str, reason: str) -> None:
    """An address that is invalid, contains a secret, or would expose the token is refused, and not shown."""
    with pytest.raises(ValueError, match=reason) as refusal:
        Cache("fastly", url, TOKEN)
    assert "secret" not in str(refusal.value)


def test_where_a_token_may_travel() -> None:
    """Encrypted anywhere, readable on this machine; Varnish has none, and may stand anywhere."""
    for url in ("https://api.fastly.com/service/x/purge", "http://127.0.0.1:1/", "http://[::1]:1/", "http://localhost/"):
        Cache("fastly", url, TOKEN)
    Cache("varnish", "http://varnish.example:6081/")
    with pytest.raises(ValueError, match="requires a token"):
        Cache("cloudflare", "https://api.cloudflare.com/")
