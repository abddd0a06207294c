"""The feeds by the rules of Atom (RFC 4287), whatever is in the catalogue and under whatever address they are asked for.

Sections: 2 well-formed XML, 3.1 texts, 3.2.1 persons, 3.3 times, 4.1.1 feeds, 4.1.2 entries, 4.2.6 ids, 4.2.7 links, 4.2.15
`updated`. The times of several entries may be equal: what one transaction did was done at one time.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.models.launches import Launch
from launchledger.wire.v2_2_0 import WIRE
from tests.support.receiver import write_entries
from tests.support.upstream import needs_upstream
from tests.support.wsgi import Served

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 20, 12, 0, 30, 5000, tzinfo=UTC)
KEY = "e3df2ecd-c239-472f-95e4-2b89b4f75800"
MOVE = {"kind": "Launch", "key": KEY, "changes": {"net": ["2026-07-20T14:49:00Z", "2026-07-21T14:00:00Z"]}}
FEEDS = ("/ledger/changes.atom", "/ledger/slips.atom", f"/ledger/launch/{KEY}/history.atom")
REPLIES = Path(os.environ.get("LAUNCHLEDGER_UPSTREAM", "/nowhere")) / "upstream" / "2.2.0"
HOSTILE = (
    "\x01\x08\x0b\x1b[31m",
    "]]></title><script>alert(1)</script>&nbsp;&#0;",
    "<![CDATA[ & <!-- -- '\" <?xml ?>",
    "\u202e\u05e9\u05dc\u05d5\u05dd\u2066 \ufeff",
    "\ufffe\uffff\U0001ffff \U0001f680",
    "\r\n\t \u2028\u2029\x85\x7f",
    "n" * 400,
)

ATOM = "{http://www.w3.org/2005/Atom}"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|\\\\^`\x7f-\x9f]+", re.ASCII)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


def faults(content: bytes, address: str) -> list[str]:
    """What breaks a rule in a feed that was got from this address."""
    try:
        feed = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        return [f"2: {error}"]
    entries = feed.findall(f"{ATOM}entry")
    found = [] if feed.tag == f"{ATOM}feed" else ["2: not a feed"]
    for part in (feed, *entries):
        found += _of_both(part)
    if not feed.findall(f"{ATOM}author") and not all(entry.findall(f"{ATOM}author") for entry in entries):
        found.append("4.1.1: no author")
    if [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"] != [address]:
        found.append("4.1.1: not its own address")
    found += [f"4.1.2: {id} twice" for id, count in Counter(_texts(entries, "id")).items() if count > 1]
    times = [datetime.fromisoformat(text) for text in _texts(entries, "updated") if _TIME.fullmatch(text)]
    if times != sorted(times, reverse=True):
        found.append("not newest first")
    if times and feed.findtext(f"{ATOM}updated") not in _texts(entries, "updated")[:1]:
        found.append("4.2.15: the feed is not of its newest entry")
    return found


def _of_both(part: ElementTree.Element) -> Iterator[str]:
    """The rules for a feed and for an entry."""
    for name in ("id", "title", "updated"):
        if len(part.findall(f"{ATOM}{name}")) != 1 or not (part.findtext(f"{ATOM}{name}") or "").strip():
            yield f"4.1: not one {name}"
    for name in ("updated", "published"):
        for time in part.findall(f"{ATOM}{name}"):
            if not _TIME.fullmatch(time.text or ""):
                yield f"3.3: {time.text}"
    for author in part.findall(f"{ATOM}author"):
        if [(name.text or "").strip() != "" for name in author.findall(f"{ATOM}name")] != [True]:
            yield "3.2.1: an author without a name"
    for text in (*part.findall(f"{ATOM}title"), *part.findall(f"{ATOM}summary")):
        tags = _Tags()
        tags.feed((text.text or "") if text.get("type") == "html" else "")
        if len(text) or tags.found - {"br"}:
            yield f"3.1: elements in {text.tag}"
    links = part.findall(f"{ATOM}link")
    for iri in (part.findtext(f"{ATOM}id") or "", *(link.get("href") or "" for link in links)):
        if not _IRI.fullmatch(iri):
            yield f"4.2.6, 4.2.7: {iri!r} is no IRI"
    if len([link for link in links if link.get("rel", "alternate") == "alternate"]) != 1:
        yield "4.1: not one alternate"


def _texts(entries: list[ElementTree.Element], name: str) -> list[str]:
    return [entry.findtext(f"{ATOM}{name}") or "" for entry in entries]


def _ids(content: bytes) -> list[str]:
    return _texts(ElementTree.fromstring(content).findall(f"{ATOM}entry"), "id")


def _feed_id(client: Client, path: str, **headers: str) -> str | None:
    return ElementTree.fromstring(client.get(path, headers=headers).content).findtext(f"{ATOM}id")


@pytest.fixture(autouse=True)
def _launch() -> Iterator[None]:
    Launch.objects.create(id=KEY, name="Falcon 9 | Starlink 17-39")
    with time_machine.travel(AT, tick=False):
        yield


@pytest.mark.parametrize("path", FEEDS)
def test_with_and_without_entries(client: Client, path: str) -> None:
    """A feed without any is one as well, and the same each time."""
    for transactions in (0, 3):
        write_entries(*([MOVE] for _ in range(transactions)))
        content = client.get(path).content
        assert faults(content, f"http://testserver{path}") == []
        assert len(_ids(content)) == transactions
        assert client.get(path).content == content


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_texts(client: Client, number: int) -> None:
    """Names, values, sources, reasons and parameters, with what XML and HTML forbid, mark up or turn around."""
    text = HOSTILE[number]
    Launch.objects.filter(pk=KEY).update(name=text)
    changes = {"name": [text, text[::-1]], "net": MOVE["changes"]["net"], "reason": [None, text]}  # type: ignore[index]
    write_entries([MOVE | {"changes": changes, "source": f"file:{text}", "observed_at": AT}])
    for path in FEEDS:
        response = client.get(path, {"format": text, "utm": text})
        own = response.wsgi_request.build_absolute_uri()
        assert (response.status_code, faults(response.content, own)) == (200, []), path
        assert len(_ids(response.content)) == 1
    titles = ElementTree.fromstring(response.content).iter(f"{ATOM}title")
    assert all(title.text and title.text.isprintable() and len(title.text) < 500 for title in titles)


@needs_upstream
def test_real_replies(client: Client) -> None:
    """Launch lists as they were on many days: what was added, and what changed and slipped from one to the next."""
    pages = []
    for file in REPLIES.glob("launch__list__*.json"):
        bodies = json.loads(file.read_text(encoding="utf-8"))["results"]
        at = max(datetime.fromisoformat(body["last_updated"]) for body in bodies)
        pages.append((at, [Observation(WIRE.reader.read("Launch", body), "upstream:ll.thespacedevs.com", at) for body in bodies]))
    for at, page in sorted(pages, key=lambda page: page[0])[12:17]:
        with time_machine.travel(at, tick=False):
            observe(page)
    for path in ("/ledger/changes.atom", "/ledger/slips.atom", "/ledger/changes.atom?resource=launch&column=net"):
        content = client.get(path).content
        assert faults(content, f"http://testserver{path}") == []
        assert _ids(content)


def test_an_entry_keeps_its_id(client: Client) -> None:
    """In every feed, with every filter that leaves a part of it, under every address, and whatever comes later."""
    name = {"kind": "Launch", "key": KEY, "changes": {"name": ["a", "b"]}, "source": "file:a.json"}
    write_entries([name, MOVE])
    (id,) = _ids(client.get("/ledger/changes.atom").content)
    assert id.startswith("urn:uuid:")
    write_entries(*([{"key": str(number)}] for number in range(3)))
    for path in (*FEEDS, "/ledger/changes.atom?column=net", "/ledger/changes.atom?resource=launch&column=name&x=1"):
        response = client.get(path, headers={"host": "127.0.0.1:8000"})
        assert _ids(response.content)[-1] == id, path


def test_entries_of_other_objects_and_transactions_have_other_ids(client: Client) -> None:
    """Each transaction and object has one."""
    write_entries([MOVE, {"key": "1"}, {"key": "1", "kind": "Location"}], [MOVE])
    ids = _ids(client.get("/ledger/changes.atom").content)
    assert len(set(ids)) == len(ids) == 4


def test_a_feed_keeps_its_id(client: Client, settings: object) -> None:
    """It has the parameters that it reads, in order; under the public address it is the same for every host."""
    path = "/ledger/changes.atom"
    assert _feed_id(client, f"{path}?x=1&resource=launch&column=net&id=") == f"http://testserver{path}?column=net&resource=launch"
    assert _feed_id(client, f"{FEEDS[2]}?column=net") == f"http://testserver{FEEDS[2]}"
    settings.PUBLIC_URL = "https://ledger.example/space"  # type: ignore[attr-defined]
    for host in ("127.0.0.1:8000", "testserver"):
        assert _feed_id(client, f"{path}?column=net", host=host) == f"https://ledger.example/space{path}?column=net"


def test_a_reader_revalidates(served: Served) -> None:
    """A feed that did not change is not sent again; it has no Last-Modified, like every reply."""
    write_entries([MOVE])
    for path in FEEDS:
        reply = served.ask(path)
        assert reply.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert "last-modified" not in reply.headers
        unchanged = served.ask(path, headers={"If-None-Match": reply.headers["etag"]})
        assert (unchanged.status, unchanged.body) == (304, b"")
    write_entries([MOVE])
    served.clock.go_on()
    assert served.ask(path, headers={"If-None-Match": reply.headers["etag"]}).status == 200


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("</title>", "</title", "2:"),
        ("Starlink", "&#11;", "2:"),
        ("<author>", "<author><name> </name>", "3.2.1:"),
        ("2026-07-20T12:00:30.005000+00:00", "2026-07-20 12:00:30Z", "3.3:"),
        ("<id>urn:uuid:", "<id>", "4.2.6,"),
        ('rel="self"', 'rel="related"', "4.1.1:"),
        ('rel="alternate"', 'rel="via"', "4.1:"),
        ("&lt;br&gt;", "&lt;script&gt;", "3.1:"),
        ("<updated>2026-07-20T12:00:30.005", "<updated>2026-07-20T12:00:31.005", "4.2.15:"),
        ("<entry>", "<entry><id>urn:x:y</id>", "4.1: not one id"),
    ],
)
def test_faults_are_found(client: Client, before: str, after: str, fault: str) -> None:
    """The tests above rely on it."""
    write_entries([MOVE | {"observed_at": AT}])
    content = client.get(FEEDS[0]).content.decode()
    assert before in content
    (spoiled, address) = (content.replace(before, after, 1), f"http://testserver{FEEDS[0]}")
    assert any(each.startswith(fault) for each in faults(spoiled.encode(), address))
