"""The memory of complete replies: bounded in bytes, the least recently used dropped first."""

from __future__ import annotations

import gc
import math
import tracemalloc
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest

from launchledger.http_cache.compression import CODINGS, IDENTITY
from launchledger.http_cache.reply import RawReply, Reply
from launchledger.http_cache.responses import PART, RequestKey, Responses

MB = 1024 * 1024
HEADERS = (("Content-Type", "application/json"), ("Allow", "GET"), ("Vary", "Accept, Accept-Encoding"))


def _key(number: int) -> RequestKey:
    # Made anew each time as a server makes them, so that nothing is shared between two keys.
    scheme, host, accept = (str(bytes(text, "ascii"), "ascii") for text in ("http", "ledger.example", "application/json"))
    return RequestKey(scheme, host, str(b"/2.2.0/launch/", "ascii"), f"limit=5&x={number}", accept)


def _reply(body: bytes) -> Reply:
    return Reply(RawReply([(str(name), str(value)) for name, value in HEADERS], body), 60, 0.0, math.inf)


def _filled(size: int, count: int, limit: int = MB) -> Responses:
    responses = Responses(limit)
    responses.get(_key(0), 1)
    for number in range(count):
        responses.put(_key(number), _reply(b"x" * size), 1)
    return responses


@pytest.mark.parametrize("codings", [[], ["br"], list(CODINGS)])
def test_what_is_counted_is_no_less_than_what_is_taken(codings: list[str]) -> None:
    """Bodies, forms, keys, headers and the places of all of them: measured by Python itself, for small replies, where the objects
    around the bytes weigh most."""
    chance = Random(1)
    bodies = [chance.randbytes(700) + b"x" * 800 for _ in range(2000)]
    _reply(bodies[0]).in_coding("br")
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        responses = Responses(64 * MB)
        responses.get(_key(0), 1)
        for number, body in enumerate(bodies):
            key, reply = _key(number), _reply(bytes(bytearray(body)))
            responses.put(key, reply, 1)
            for coding in codings:
                responses.add_form(key, reply, coding, reply.in_coding(coding))
        del key, reply
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(responses) == len(bodies)
    assert taken <= responses.size <= 1.4 * taken


def test_a_hundred_thousand_queries_stay_within_the_bound() -> None:
    """Whatever the requests, the bytes counted (by the test above, those taken) stay below the bound, and near it."""
    chance = Random(2)
    limit = 8 * MB
    responses = Responses(limit)
    responses.get(_key(0), 1)
    most = 0
    for number in range(100_000):
        key, reply = _key(number), _reply(bytes(min(int(chance.paretovariate(1) * 500), MB)))
        responses.put(key, reply, 1)
        if number % 10 == 0:
            responses.add_form(key, reply, "zstd", reply.in_coding("zstd"))
        most = max(most, responses.size)
    assert 0.8 * limit < responses.size <= most <= limit
    assert responses.size == sum(reply.size for reply in responses._entries.values())


def test_the_least_recently_used_is_dropped_first() -> None:
    """A reply that is used again and again outlasts thousands of replies that were used once."""
    responses = Responses(MB)
    responses.get(_key(0), 1)
    for number in range(5000):
        responses.put(_key(number), _reply(b"x" * 2000), 1)
        assert responses.get(_key(0), 1) is not None
    assert responses.get(_key(1), 1) is None
    assert responses.get(_key(4999), 1) is not None


def test_a_reply_takes_only_a_part_of_the_limit() -> None:
    """A larger one is not cached, nor is a form that would make it larger; the others stay."""
    responses = _filled(MB // PART - 4000, 3)
    assert len(responses) == 3
    responses.put(_key(9), _reply(b"x" * (MB // PART)), 1)
    assert (len(responses), responses.get(_key(9), 1)) == (3, None)
    reply = responses.get(_key(0), 1)
    assert reply is not None
    responses.add_form(_key(0), reply, "br", _reply(b"y" * 4000).forms[IDENTITY])
    assert list(reply.forms) == [IDENTITY]
    assert len(_filled(1, 10, limit=0)) == 0


def test_a_form_of_a_reply_that_is_gone_is_not_counted() -> None:
    """A thread may still send a reply that another has driven out."""
    responses = _filled(2000, 1)
    reply = responses.get(_key(0), 1)
    assert reply is not None
    responses.get(_key(0), 2)
    responses.add_form(_key(0), reply, "br", reply.in_coding("br"))
    assert (responses.size, len(responses)) == (0, 0)


def test_a_newer_revision_drops_all_older_ones() -> None:
    """Also those that are cached after the newer revision was seen; and a request for the older revision finds nothing."""
    responses = _filled(100, 10)
    assert responses.get(_key(1), 1) is not None
    assert responses.get(_key(1), 2) is None
    assert (responses.size, len(responses)) == (0, 0)
    responses.put(_key(1), _reply(b"old"), 1)
    assert responses.get(_key(1), 2) is None
    responses.put(_key(1), _reply(b"new"), 2)
    assert responses.get(_key(1), 1) is None
    kept = responses.get(_key(1), 2)
    assert kept is not None
    assert kept.forms[IDENTITY].body == b"new"


def test_a_reply_stored_twice_counts_once() -> None:
    """Two requests for the same reply may both find nothing and both cache it."""
    once, twice = _filled(1000, 1), _filled(1000, 1)
    twice.put(_key(0), _reply(b"x" * 1000), 1)
    assert (twice.size, len(twice)) == (once.size, 1)


def test_many_threads_keep_the_count_right() -> None:
    """Eight threads that put, get, compress and move on: the count is that of the cached replies, and never above the bound."""
    responses, barrier, failures = Responses(MB), Barrier(8), []

    def work(seed: int) -> None:
        chance = Random(seed)
        barrier.wait()
        try:
            for step in range(1500):
                key, revision = _key(chance.randrange(300)), 1 + step // 500
                reply: Any = responses.get(key, revision)
                if reply is None:
                    reply = _reply(b"x" * chance.randrange(1, 20_000))
                    responses.put(key, reply, revision)
                responses.add_form(key, reply, "gzip", reply.in_coding("gzip"))
        except Exception as failure:
            failures.append(failure)

    threads = [Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert responses.size == sum(reply.size for reply in responses._entries.values()) <= MB
