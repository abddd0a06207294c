"""Sending requests to our own server as a client of upstream does, and emptying the catalogue between them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.test import Client

from launchledger.catalogue.actions import Observation, observe
from launchledger.wire.fields import Shape
from launchledger.wire.resources import Resource
from launchledger.wire.v2_2_0 import WIRE

HOST = "ll.thespacedevs.com"
AT = datetime(2026, 8, 1, tzinfo=UTC)


@contextmanager
def emptied_afterwards() -> Iterator[None]:
    """A catalogue that is as before when the block ends, whatever was observed in it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def take_in(model: str, body: Any, at: datetime = AT) -> None:
    observe([Observation(WIRE.reader.read(model, body), "test", at)])


def resource_showing(shape: Shape) -> Resource:
    """The resource that has this shape, in its detail or in a mode of its list."""
    return next(resource for resource in WIRE.resources.values() if shape in (resource.detail, *resource.modes.values()))


def ask_for(client: Client, name: str, sent: dict[str, Any]) -> bytes:
    """The JSON of one object in the shape of this name, asked for on the host and in the format of the sent object's address."""
    shape = WIRE.shapes[name]
    resource = resource_showing(shape)
    query = _query_of(sent)
    if shape == resource.detail:
        return get(client, f"/2.2.0/{resource.path}/{sent['id']}/", query)
    mode = next(mode for mode, shown in resource.modes.items() if shown is shape)
    page = get(client, f"/2.2.0/{resource.path}/", {**query, "mode": mode, "limit": "100"})
    found = [item for item in json.loads(page)["results"] if item["id"] == sent["id"]]
    assert len(found) == 1, f"{resource.path} lists {sent['id']} {len(found)} times"
    return json.dumps(found[0], ensure_ascii=False, separators=(",", ":")).encode()


def get(client: Client, path: str, query: dict[str, str]) -> bytes:
    """A reply in JSON; `format=api` is asked for as a program would, with the addresses of the browsable page."""
    asked = dict(query)
    is_api = asked.get("format") == "api"
    if is_api:
        asked["format"] = "json"
    response = client.get(path, asked, headers={"host": HOST}, secure=True)
    assert response.status_code == 200, response.content
    return response.content.replace(b"?format=json", b"?format=api") if is_api else response.content


def _query_of(sent: dict[str, Any]) -> dict[str, str]:
    url = str(sent.get("url", ""))
    return {"format": url.rpartition("?format=")[2]} if "?format=" in url else {}


def model_of_shape(shape: str) -> str:
    return WIRE.shapes[shape].model
