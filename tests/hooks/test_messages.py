"""What a hook gets: the entries that are for it, of one transaction, within bounds, and each time the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from launchledger.hooks import messages
from launchledger.hooks.keeping import add_hook
from launchledger.hooks.messages import MOST_BYTES, MOST_ENTRIES, Message, next_message
from launchledger.hooks.models import Hook
from launchledger.journal.reading import latest_serial
from tests.support.receiver import write_entries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 20, 12, 0, 0, 500_000, tzinfo=UTC)
LAUNCH = {"kind": "Launch", "key": "e3df2ecd-c239-472f-95e4-2b89b4f75800", "changes": {"net": ["2026-07-20T14:49:00Z", None]}}


@pytest.fixture(autouse=True)
def _stopped_clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def _hook(**filters: list[str]) -> Hook:
    return add_hook("http://127.0.0.1:9/", NOW, **filters)[0]


def _messages(hook: Hook) -> list[Message]:
    """All messages for a hook, as if it accepted each."""
    found: list[Message] = []
    while True:
        message, examined = next_message(hook, latest_serial())
        if message is None and examined <= hook.delivered:
            return found
        if message:
            found.append(message)
        hook.delivered = message.last if message else examined


def _entries(message: Message) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(message.body)["data"]["entries"]
    return entries


def _serials(hook: Hook) -> list[list[int]]:
    return [[entry["serial"] for entry in _entries(message)] for message in _messages(hook)]


def test_a_message_has_the_entries_of_one_transaction() -> None:
    """In the order of their serials, with the number and the time of the transaction."""
    hook = _hook()
    first, second, third = write_entries([LAUNCH | {"observed_at": NOW, "source": "upstream:ll"}, {}], [{}])
    message, _ = _messages(hook)
    entry = _entries(message)[0]
    transaction = entry["transaction"]
    assert json.loads(message.body) == {
        "type": "changes",
        "timestamp": "2026-07-20T12:00:00.500000Z",
        "data": {
            "serial": second,
            "transaction": transaction,
            "at": "2026-07-20T12:00:00.500000Z",
            "entries": [
                {
                    "serial": first,
                    "transaction": transaction,
                    "at": "2026-07-20T12:00:00.500000Z",
                    "observed_at": "2026-07-20T12:00:00.500000Z",
                    "source": "upstream:ll",
                    "kind": "Launch",
                    "resource": "launch",
                    "id": LAUNCH["key"],
                    "url": f"/2.2.0/launch/{LAUNCH['key']}/",
                    "action": "changed",
                    "changes": {"net": ["2026-07-20T14:49:00Z", None]},
                },
                _entries(message)[1],
            ],
        },
    }
    assert (message.first, message.last, message.entries) == (first, second, 2)
    hook = _hook()
    hook.delivered = first - 1
    assert _serials(hook) == [[first, second], [third]]


def test_entries_are_those_of_the_ledger(client: Client, settings: Settings) -> None:
    """The same keys and values as in /ledger/changes/, whose host is LAUNCHLEDGER_PUBLIC_URL."""
    settings.PUBLIC_URL = "http://testserver"
    hook = _hook()
    write_entries([LAUNCH, {}, {"kind": "Mission", "key": "7"}, {"action": "deleted", "changes": {"deleted_at": [None, "x"]}}])
    (message,) = _messages(hook)
    listed = client.get(f"/ledger/changes/?since={hook.delivered - 4}").json()["results"]
    assert _entries(message) == listed
    assert len(listed) == 4


@pytest.mark.parametrize(
    ("filters", "which"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"resources": ["launch"]}, [0, 1]),
        ({"resources": ["launch", "pad"]}, [0, 1, 2, 3]),
        ({"resources": ["pad"], "ids": ["2", "3"]}, [3]),
        ({"columns": ["name"]}, [1, 2, 4]),
        ({"columns": ["name", "net"]}, [0, 1, 2, 4]),
        ({"columns": ["rocket.configuration"]}, [3]),
        ({"resources": ["launch"], "columns": ["name"]}, [1]),
        ({"resources": ["event"]}, []),
    ],
)
def test_filters(filters: dict[str, list[str]], which: list[int]) -> None:
    """One value of each filter must match; columns have their names of the wire."""
    hook = _hook(**filters)
    serials = write_entries(
        [LAUNCH],
        [LAUNCH | {"changes": {"name": [None, None]}}],
        [{"kind": "Pad", "key": "1", "changes": {"name": ["a", "b"], "latitude": ["1", "2"]}}],
        [{"kind": "Pad", "key": "2", "changes": {"configuration": [1, 2]}}],
        [{"kind": "Mission", "key": "2"}],
    )
    assert [serial for some in _serials(hook) for serial in some] == [serials[number] for number in which]


def test_a_long_transaction_comes_in_parts() -> None:
    """Each part has at most MOST_ENTRIES; together they have every entry once."""
    hook = _hook()
    serials = write_entries([{}] * (2 * MOST_ENTRIES + 1), [{}])
    parts = _serials(hook)
    assert [len(part) for part in parts] == [MOST_ENTRIES, MOST_ENTRIES, 1, 1]
    assert [serial for part in parts for serial in part] == serials


def test_a_message_is_not_larger_than_its_bound() -> None:
    """As many entries as fit; one that alone is too large has the address of its changes instead of them."""
    hook = _hook()
    half = {"changes": {"description": ["", "x" * (MOST_BYTES // 2 - 1_000)]}}
    large = {"changes": {"description": ["", "x" * MOST_BYTES]}}
    serials = write_entries([half, half, half, large, {}])
    found = _messages(hook)
    assert [[entry["serial"] for entry in _entries(message)] for message in found] == [serials[:2], serials[2:]]
    assert all(len(message.body) < MOST_BYTES + 1_000 for message in found)
    (truncated,) = [entry for entry in _entries(found[1]) if "truncated" in entry]
    assert truncated["changes"] is None
    assert truncated["truncated"] == f"/ledger/changes/?since={serials[3] - 1}&limit=1"


def test_the_same_entries_are_the_same_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much was written meanwhile, so that a receiver can tell what it got twice. Others have other ids."""
    hook, other = _hook(), _hook()
    write_entries([{}, {}])
    first, _ = next_message(hook, latest_serial())
    write_entries([{}])
    again, _ = next_message(Hook.objects.get(pk=hook.pk), latest_serial())
    assert first == again
    ids = [message.id for each in (hook, other) for message in _messages(each)]
    assert len({*ids}) == len(ids) == 4


def test_a_long_journal_is_read_in_windows(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A look examines a bounded number of entries in one query, and says how far it came."""
    monkeypatch.setattr(messages, "WINDOW", 3)
    (begin,) = write_entries([{}])
    hook = _hook(resources=["event"])
    serials = write_entries([{}] * 8, [{"kind": "Event"}])
    with django_assert_num_queries(1):
        assert next_message(hook, serials[-1]) == (None, begin + 3)
    assert _serials(hook) == [[serials[-1]]]
    with django_assert_num_queries(0):
        assert next_message(hook, serials[-1]) == (None, serials[-1])
