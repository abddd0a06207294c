"""Lists run in the order in which upstream's own replies run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.sorting import sort_key
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import AT
from tests.support.upstream import REPLIES, needs_upstream

pytestmark = [pytest.mark.django_db, needs_upstream]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("agencies", "2.2.0/agencies__results__2"),
        ("config/launcher", "2.2.0/config-launcher__results__1"),
        ("config/spacecraft", "2.2.0/config-spacecraft__results__1"),
        ("event", "2.1.0/event__list__1"),
    ],
)
def test_names_run_as_upstream_has_them(client: Client, path: str, name: str) -> None:
    """A whole list that was saved comes back in its order. Its pages were joined in a circle: one begins in the middle."""
    saved = json.loads((REPLIES / f"{name}.json").read_text(encoding="utf-8"))
    sent = saved["results"] if isinstance(saved, dict) else saved
    observe([Observation(WIRE.reader.read(WIRE.resources[path].model, body), "test", AT) for body in reversed(sent)])
    known = {body["id"] for body in sent}
    got: list[dict[str, Any]] = []
    address = f"http://testserver/2.2.0/{path}/?limit=100"
    while address:
        page = client.get(address.removeprefix("http://testserver")).json()
        got += page["results"]
        address = page["next"]
    listed = [body["name"] for body in got if body["id"] in known]  # others were nested in these
    assert listed == _from_its_beginning([body["name"] for body in sent])


def _from_its_beginning(names: list[Any]) -> list[Any]:
    first = names.index(min(names, key=sort_key))
    return names[first:] + names[:first]


def test_updates_run_as_upstream_has_them(client: Client) -> None:
    """A page that was saved without an order comes back in its own."""
    sent = json.loads((REPLIES / "2.2.0" / "updates__list__1.json").read_text(encoding="utf-8"))["results"]
    observe([Observation(WIRE.reader.read("Update", body), "test", AT) for body in sent[::-1]])
    assert [body["id"] for body in client.get("/2.2.0/updates/?limit=100").json()["results"]] == [body["id"] for body in sent]
