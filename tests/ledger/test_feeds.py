"""The Atom feeds: valid whatever the catalogue holds, with the filters of the changes, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.models.launches import Launch
from launchledger.ledger.feeds import ENTRIES
from tests.support.receiver import write_entries
from tests.support.wsgi import Served

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 20, 12, 0, 30, tzinfo=UTC)
KEY = "e3df2ecd-c239-472f-95e4-2b89b4f75800"
MOVE = {
    "kind": "Launch",
    "key": KEY,
    "source": "upstream:ll.thespacedevs.com",
    "observed_at": AT,
    "changes": {"net": ["2026-07-20T14:49:00Z", "2026-07-21T14:00:00Z"]},
}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _launch() -> Iterator[None]:
    Launch.objects.create(id=KEY, name="Falcon 9 | Starlink <17-39> & more")
    with time_machine.travel(AT, tick=False):
        yield


def _feed(client: Client, path: str, **headers: str) -> ElementTree.Element:
    response = client.get(path, headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(response.content)


def _texts(feed: ElementTree.Element, name: str) -> list[str]:
    return [entry.findtext(f"{ATOM}{name}") or "" for entry in feed.iter(f"{ATOM}entry")]


def test_an_entry_is_a_sentence(client: Client) -> None:
    """Who, what, from what to what, said by whom; it leads to the object, and has the time of the change."""
    write_entries([MOVE])
    feed = _feed(client, "/ledger/changes.atom")
    (entry,) = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == (
        "Falcon 9 | Starlink <17-39> & more: net moved from 2026-07-20 14:49 UTC to 2026-07-21 14:00 UTC (+23 h 11 min), "
        "said Launch Library 2"
    )
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib == {"href": f"http://testserver/2.2.0/launch/{KEY}/", "rel": "alternate"}
    assert entry.findtext(f"{ATOM}updated") == "2026-07-20T12:00:30+00:00"


def test_filters_are_those_of_the_changes(client: Client) -> None:
    """A value that cannot be read is refused as there, with JSON; whatever a reader accepts it gets Atom."""
    write_entries([MOVE, {"key": "5"}])
    assert len(_texts(_feed(client, "/ledger/changes.atom", accept="application/rss+xml, text/html"), "title")) == 2
    assert len(_texts(_feed(client, "/ledger/changes.atom?resource=launch&column=net"), "title")) == 1
    assert _texts(_feed(client, "/ledger/changes.atom?action=created"), "title") == []
    refused = client.get("/ledger/changes.atom?resource=rocket", headers={"accept": "application/atom+xml"})
    assert (refused.status_code, refused.headers["Content-Type"]) == (400, "application/json")
    assert list(refused.json()) == ["resource"]


def test_slips_are_moves_to_later(client: Client) -> None:
    """A launch that moves to earlier has not slipped, nor one of which something else changed, nor one that is overridden."""
    earlier = {"net": MOVE["changes"]["net"][::-1]}  # type: ignore[index]
    write_entries([MOVE])
    ids = _texts(_feed(client, "/ledger/slips.atom"), "id")
    assert len(ids) == 1
    write_entries([MOVE | {"changes": earlier}], [MOVE | {"changes": {"name": ["a", "b"]}}], [MOVE | {"source": "override"}])
    assert _texts(_feed(client, "/ledger/slips.atom"), "id") == ids


def test_a_feed_is_bounded(client: Client) -> None:
    """The newest entries are there."""
    write_entries(*([MOVE | {"changes": {"name": [str(n), "b"]}}] for n in range(ENTRIES + 5)))
    summaries = _texts(_feed(client, "/ledger/changes.atom"), "summary")
    assert [int(text.split()[3]) for text in summaries] == [*range(ENTRIES + 4, 4, -1)]


@pytest.mark.parametrize("id", ["nothing", "00000000-0000-0000-0000-000000000000"])
def test_a_launch_that_does_not_exist(client: Client, id: str) -> None:
    """Has no feed."""
    response = client.get(f"/ledger/launch/{id}/history.atom")
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/json")


def test_a_reader_can_revalidate(served: Served) -> None:
    """A feed has an ETag like every reply, and is a new one after a change."""
    write_entries([MOVE])
    etag = served.ask("/ledger/changes.atom").headers["etag"]
    assert served.ask("/ledger/changes.atom", headers={"If-None-Match": etag}).status == 304
