"""Requests do not fill the memory, however long and however many they are."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler

from launchledger.http_cache.edge import Application
from launchledger.site.edge import compose
from tests.support.calls import within_the_test
from tests.support.wsgi import ask

pytestmark = pytest.mark.django_db

REQUESTS = 100
MB = 1024 * 1024


@pytest.fixture(autouse=True)
def _on_the_tests_database() -> Iterator[None]:
    with within_the_test():
        yield


def _ask(edge: Application, number: int) -> None:
    """Send a new request: of 7 kB and some 250 values, deep in a list."""
    values = ",".join(str(10**12 + number * 1000 + each) for each in range(250))
    address = f"/2.2.0/launch/?offset=1000&name={number}{'x' * 3000}&status__ids={values}"
    assert ask(edge, address).status == 200


def test_long_requests_are_not_cached() -> None:
    """Of each only some hundred bytes stay, whatever its length: the text, the parameters and the query would be a hundred kB."""
    edge = compose(WSGIHandler())
    for number in range(5):  # what is loaded when it is first needed
        _ask(edge, number)
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(5, REQUESTS):
            _ask(edge, number)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert taken < 3 * MB, f"{taken:,} bytes after {REQUESTS} requests"
