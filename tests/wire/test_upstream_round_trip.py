"""Law 1 on real replies: what upstream sent comes back, each object from a catalogue that was empty before it."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client

from launchledger.catalogue.actions.columns import as_json
from launchledger.formats.encoding import encode_indented
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import HOST, ask_for, emptied_afterwards, get, model_of_shape, take_in
from tests.wire.comparing import copies_disagree, differences, without_country_order
from tests.wire.forms import distinct_in_form

ROOT = Path(os.environ.get("LAUNCHLEDGER_UPSTREAM", "/nowhere"))
REPLIES = ROOT / "upstream"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not REPLIES.is_dir(), reason="LAUNCHLEDGER_UPSTREAM names no folder of replies"),
]

BYTE_EXACT = {f"launch__list__{number}.json" for number in (4, 5, 7, 8, 10, 11, 13, 14, 15, 17, 18, 20, 21, 23, 24, 25, 27)}
BYTE_EXACT_LIST = "launch__list__28.json"
FLOATS_AS_SENT = {"spacecraft-flight__567__1.json", "spacecraft-flight__671__1.json"}


def _described() -> list[dict[str, str]]:
    table = REPLIES / "shapes-2.2.0.tsv"
    return list(csv.DictReader(table.read_text(encoding="utf-8").splitlines(), delimiter="\t")) if table.exists() else []


def _items(file: Path) -> list[dict[str, Any]]:
    body = json.loads(file.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = body.get("results", [body]) if isinstance(body, dict) else body
    return found


CURRENT = [(row["file"], row["schema"]) for row in _described() if row["current shape"] == "yes"]
# The dashboard is computed from the catalogue: what it shows is loaded, and comes back from its own resources.
OLDER = [
    (f"2.2.0/{row['file']}", row["schema"])
    for row in _described()
    if row["current shape"] == "no" and row["schema"] != "StarshipDashboard"
]
OLDER += [
    (f"{file.parent.name}/{file.name}", "")
    for version in ("2.0.0", "2.1.0")
    for file in sorted((REPLIES / version).glob("*.json"))
    if not file.name.startswith("dashboard")
]


@pytest.mark.parametrize(("name", "shape"), CURRENT)
def test_current_objects_come_back_equal(name: str, shape: str, client: Client) -> None:
    """Each object of the current shape comes back with the same keys in the same order and the same values.

    In one reply the copies of an agency disagree about the order of `country_code`; only there that order is left out.
    On PostgreSQL it is tried on objects that differ in keys or in the form of values.
    """
    items = _items(REPLIES / "2.2.0" / name)
    for sent in items if connection.vendor == "sqlite" else distinct_in_form(items):
        with emptied_afterwards():
            take_in(model_of_shape(shape), sent)
            expected = json.loads(json.dumps(sent).replace("lldev.thespacedevs.com", HOST)) if "url" in sent else sent
            got = json.loads(ask_for(client, shape, sent))
            if copies_disagree(sent):
                expected, got = without_country_order(expected), without_country_order(got)
            assert list(differences(expected, got)) == []


@pytest.mark.parametrize(
    ("name", "shape"), [pair for pair in CURRENT if pair[0] in BYTE_EXACT | {BYTE_EXACT_LIST} | FLOATS_AS_SENT]
)
def test_byte_exact_objects_come_back_byte_for_byte(name: str, shape: str, client: Client) -> None:
    """Where the file holds upstream's own bytes, ours are the same: floats, escapes, separators and all."""
    for sent in _items(REPLIES / "2.2.0" / name):
        with emptied_afterwards():
            take_in(model_of_shape(shape), sent)
            assert ask_for(client, shape, sent) == json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("name", sorted(BYTE_EXACT))
def test_byte_exact_pages_come_back_byte_for_byte(name: str, client: Client) -> None:
    """A page that was loaded whole, asked for again at its time and by its own query, has the same results in the same bytes."""
    page = json.loads((REPLIES / "2.2.0" / name).read_text(encoding="utf-8"))
    query = {"limit": str(len(page["results"]))}
    assert page["next"] == f"https://{HOST}/2.2.0/launch/upcoming/?limit={query['limit']}&offset={query['limit']}"
    for sent in page["results"]:
        take_in("Launch", sent)
    with time_machine.travel(page["results"][0]["net"], tick=False):
        got = get(client, "/2.2.0/launch/upcoming/", query)
    results = json.dumps(page["results"], ensure_ascii=False, separators=(",", ":")).encode()
    assert got == b'{"count":5,"next":null,"previous":null,"results":' + results + b"}"


def test_a_byte_exact_page_in_list_mode_comes_back_byte_for_byte(client: Client) -> None:
    """Its launches are known by the names of their providers, missions, pads and locations alone, and shown by them alone.

    Lists in the normal and the detailed shape leave these launches out, and their counts agree.
    """
    text = (REPLIES / "2.2.0" / BYTE_EXACT_LIST).read_text(encoding="utf-8")
    page = json.loads(text)
    assert page["next"] == f"https://{HOST}/2.2.0/launch/upcoming/?limit=10&mode=list&offset=10"
    for sent in page["results"]:
        take_in("Launch", sent)
    with time_machine.travel("2026-07-20T13:30:00Z", tick=False):
        got = get(client, "/2.2.0/launch/upcoming/", {"limit": "10", "mode": "list"})
        for mode in ("normal", "detailed"):
            others = get(client, "/2.2.0/launch/upcoming/", {"limit": "10", "mode": mode})
            assert others == b'{"count":0,"next":null,"previous":null,"results":[]}'
    assert got == b'{"count":10,"next":null,"previous":null,"results":' + text[text.index("[") :].encode()


@pytest.mark.parametrize("seed", sorted((ROOT / "seeds").glob("*.txt")), ids=lambda file: file.name[:3])
def test_seeds_come_back_byte_for_byte(seed: Path, client: Client) -> None:
    """The JSON on the two browsable pages that this project began with comes back as it stands there."""
    text = seed.read_bytes().decode()
    shown = text[text.index("\n{") + 1 :].rstrip("\n")
    sent = json.loads(shown)
    take_in("SpacecraftFlight", sent)
    got = json.loads(ask_for(client, "SpacecraftFlightDetailed", sent))
    assert encode_indented(got, 4).decode() == shown


@pytest.mark.parametrize(("name", "shape"), OLDER)
def test_every_key_of_an_older_reply_comes_back(name: str, shape: str, client: Client) -> None:
    """An older shape holds fewer keys, and some that 2.2.0 no longer shows: each comes back, or is stored as not understood.

    Tried on the objects of each page that differ in keys or in the form of values.
    """
    model = model_of_shape(shape) if shape else WIRE.model_of_path[Path(name).name.split("__")[0].replace("-", "/")]
    detail = next(resource.detail for resource in WIRE.resources.values() if resource.model == model)
    for sent in distinct_in_form(_items(REPLIES / name)):
        with emptied_afterwards():
            take_in(model, sent)
            got = json.loads(ask_for(client, detail.name, {"id": sent["id"]}))
            assert list(_missing(_as_now(sent), got, model)) == []


def _as_now(sent: Any) -> Any:
    """The same reply with its addresses as this version and this host write them, without a format."""
    text = json.dumps(sent)
    for host in ("lldev.thespacedevs.com", "spacelaunchnow.me/api"):
        text = text.replace(host, HOST)
    for version in ("2.0.0", "2.1.0"):
        text = text.replace(f"{HOST}/{version}/", f"{HOST}/2.2.0/")
    return json.loads(text.replace("/?format=json", "/").replace("/?format=api", "/"))


def _missing(sent: Any, got: Any, model: str, path: str = "$") -> Any:
    """Yield each path that was sent and is neither in the reply nor stored in its row."""
    if isinstance(sent, dict) and isinstance(got, dict):
        for key, value in sent.items():
            if key in got:
                yield from _missing(value, got[key], _model_at(got[key], model), f"{path}.{key}")
            elif not _is_stored(sent, key, value, model):
                yield f"{path}.{key}: {value!r} is gone"
    elif isinstance(sent, list) and isinstance(got, list):
        if len(sent) != len(got):
            yield f"{path}: {len(sent)} members came back as {len(got)}"
        for place, (before, after) in enumerate(zip(sent, got, strict=False)):
            yield from _missing(before, after, _model_at(after, model), f"{path}[{place}]")
    elif isinstance(sent, dict) and isinstance(got, str):
        yield f"{path}: an object came back as {got!r}"
    elif sent != got:
        yield f"{path}: {sent!r} came back as {got!r}"


def _model_at(body: Any, model: str) -> str:
    url = body.get("url") if isinstance(body, dict) else None
    if not isinstance(url, str) or "/2.2.0/" not in url:
        return model
    path = url.split("/2.2.0/")[1].rstrip("/").rpartition("/")[0]
    return WIRE.model_of_path.get(path, model)


def _is_stored(sent: dict[str, Any], key: str, value: Any, model: str) -> bool:
    """Whether any row with this id holds the key, as a column that this detail does not show or as not understood."""
    for candidate in {model, "Launch", "LauncherConfiguration", "Mission", "Location", "Program"}:
        row: Any = (
            apps.get_model("catalogue", candidate).objects.filter(pk=sent.get("id")).first() if _fits(candidate, sent) else None
        )
        if row is not None and (row.not_understood.get(key, row) == value or as_json(getattr(row, key, row)) == value):
            return True
    return key == "url"


def _fits(model: str, sent: dict[str, Any]) -> bool:
    return isinstance(sent.get("id"), str) == (model == "Launch")
