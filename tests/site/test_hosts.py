"""Which hosts the whole server answers to, on the fast path and on the framework's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from launchledger.api import fast_path
from tests.support.calls import within_the_test
from tests.support.wsgi import Served

pytestmark = pytest.mark.django_db

WAYS = ("/2.2.0/pad/?limit=1", "/2.2.0/pad/?limit=1&format=api", "/2.2.0/", "/2.2.0/pad")  # the first is the fast path's


@pytest.fixture(autouse=True)
def _on_the_tests_database() -> Iterator[None]:
    fast_path._is_allowed_host.cache_clear()
    with within_the_test():
        yield
    fast_path._is_allowed_host.cache_clear()


def _statuses(host: str) -> set[int]:
    served = Served()
    return {served.ask(path, headers={"host": host}).status for path in WAYS}


@pytest.mark.parametrize("host", ["launch_library:8000", "Launch_Library", "ledger.example.", "[::1]:8000", "10.0.0.7"])
def test_any_host_is_answered_by_default(host: str) -> None:
    """Names of containers have underscores; a name may end with a dot, and an address is a host too."""
    assert _statuses(host) == {200, 301}


@pytest.mark.parametrize(
    ("host", "is_allowed"),
    [
        ("launch_library:8000", True),
        ("LAUNCH_LIBRARY", True),
        ("a.ledger.example", True),
        ("a_b.ledger.example", True),
        ("ledger.example", True),
        ("launch-library", False),
        ("ledger.example.evil.example", False),
        ("x_ledger.example", False),
        ("a b", False),
        ("launch_library/x", False),
        ("launch_library:x", False),
    ],
)
def test_hosts_with_underscores_are_allowed_like_others(settings: Settings, host: str, is_allowed: bool) -> None:
    """By name, and as a name below one that begins with a dot."""
    settings.ALLOWED_HOSTS = ["launch_library", ".ledger.example"]
    assert _statuses(host) == ({200, 301} if is_allowed else {400})


def test_addresses_in_replies_name_the_host(settings: Settings) -> None:
    """With its underscore and port, on both ways."""
    for way in ("/2.2.0/", "/2.2.0/?format=json"):
        reply = Served().ask(way, headers={"host": "launch_library:8000"})
        assert b'"http://launch_library:8000/2.2.0/pad/' in reply.body
