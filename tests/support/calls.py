"""The calls in the served document: each operation in each mode, with the schema of its reply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One GET: `path` as the document has it, `schema` the name under `components/schemas` that its 200 has."""

    operation: str
    path: str
    schema: str
    query: dict[str, str] = field(default_factory=dict)

    @property
    def is_detail(self) -> bool:
        return "{id}" in self.path

    def __str__(self) -> str:
        return self.path + "".join(f"?{name}={value}" for name, value in self.query.items())


@contextmanager
def within_the_test() -> Iterator[None]:
    """Requests that come through WSGI see what the test wrote, as those of Django's own client do: they keep its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@cache
def served_document() -> Json:
    document: Json = Client().get("/2.2.0/schema/?format=json").json()
    return document


def calls() -> list[Call]:
    """Every operation whose reply has a schema with a name, once for each mode that it knows."""
    return [call for path, methods in served_document()["paths"].items() for call in _calls_of(path, methods["get"])]


def _calls_of(path: str, operation: Json) -> list[Call]:
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    modes: list[str] = next((each["schema"]["enum"] for each in operation["parameters"] if each["name"] == "mode"), [])
    name = operation["operationId"]
    if "anyOf" in schema:  # a schema for each mode in the same order; before them one without a mode, where none is the default
        of_mode = [{"mode": mode} for mode in modes]
        queries = of_mode if len(modes) == len(schema["anyOf"]) else [{}, *of_mode]
        return [Call(name, path, _name(one), query) for query, one in zip(queries, schema["anyOf"], strict=True)]
    if "$ref" in schema:
        return [Call(name, path, _name(schema), query) for query in ({}, *({"mode": mode} for mode in modes))]
    return []


def _name(schema: Json) -> str:
    return str(schema["$ref"].rpartition("/")[2])


def replies(client: Client, call: Call, details: int = 1, limit: int = 100) -> list[Json]:
    """What the server answers: the first page of up to `limit`, or the details of the first objects that its list has."""
    if not call.is_detail:
        return [_get(client, call.path, {**call.query, "limit": str(limit)})]
    listed = _get(client, _list_of(call), {"limit": str(details)})["results"]
    return [_get(client, call.path.replace("{id}", str(each["id"])), call.query) for each in listed]


def every_reply(client: Client, call: Call, details: int) -> Iterator[Json]:
    """All that the server answers: every page, or the details of the first so many objects that its list has."""
    if not call.is_detail:
        yield from _pages(client, call.path, call.query)
        return
    listed = chain.from_iterable(page["results"] for page in _pages(client, _list_of(call), {}))
    for each in islice(listed, details):
        yield _get(client, call.path.replace("{id}", str(each["id"])), call.query)


def _pages(client: Client, path: str, query: dict[str, str]) -> Iterator[Json]:
    page = _get(client, path, {**query, "limit": "100"})
    yield page
    while page.get("next"):
        page = _get(client, page["next"].removeprefix("http://testserver"), {})
        yield page


def _list_of(call: Call) -> str:
    return call.path.replace("{id}/", "")


def _get(client: Client, path: str, query: dict[str, str]) -> Json:
    response = client.get(path, query)
    assert response.status_code == 200, (path, query, response.content)
    body: Json = response.json()
    return body
