"""Requests generated from the served document (schemathesis): no failure, no status, header or body that it does not contain.

Left out of its checks, because upstream's wire differs: `negative_data_rejection` (unknown and empty parameters and unusable
pages are ignored) and `positive_data_acceptance` (an integer may name no choice, which is a 400). Pages for people (`format=api`)
are in no document; only their status is checked.

`make test` sends few requests, the same each time; `make nightly` many, other ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from launchledger.catalogue.actions import observe_starter
from launchledger.site.wsgi import application
from tests.support.calls import served_document, within_the_test

pytestmark = pytest.mark.django_db

FEW = 12  # of each operation: some 15 seconds of one processor
EXAMPLES = int(os.environ.get("LAUNCHLEDGER_EXAMPLES", FEW))
IS_NIGHTLY = EXAMPLES > FEW

OF_PAGES = [not_a_server_error, status_code_conformance, unsupported_method, allow_header_conformance]
OF_JSON = [*OF_PAGES, content_type_conformance, response_headers_conformance, response_schema_conformance]

# By RFC 3339 a duration has no seconds after hours without minutes between them; upstream's wire leaves out what is zero.
DURATION = r"^-?P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$"

KNOWN: dict[str, list[Any]] = {}  # ids that are there, by the path of their details


def with_our_durations(value: Any) -> Any:
    """A document with the pattern of our durations instead of their format."""
    if isinstance(value, list):
        return [with_our_durations(member) for member in value]
    if isinstance(value, dict):
        if value.get("format") == "duration":
            return {**{key: member for key, member in value.items() if key != "format"}, "pattern": DURATION}
        return {key: with_our_durations(member) for key, member in value.items()}
    return value


def _described(app: Any) -> Any:
    """The schema that schemathesis reads from our document, with requests answered by this application."""
    configuration = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": IS_NIGHTLY}}})
    described = schemathesis.openapi.from_dict(with_our_durations(served_document()), config=configuration)
    described.app = app
    described.location = "/2.2.0/schema/"
    return described


schema = _described(application)
Case = schemathesis.Case[Any]


def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Let half of the generated ids be ids that exist."""
    ids = KNOWN.get(context.operation.path)
    number = _as_number((path_parameters or {}).get("id"))
    if ids and path_parameters and number is not None and number % 2 == 0:
        return {**path_parameters, "id": ids[number // 2 % len(ids)]}
    return path_parameters


schema.hook(map_path_parameters)


def _as_number(id: Any) -> int | None:
    try:
        return id if isinstance(id, int) else int(str(id).replace("-", ""), 16)
    except ValueError:
        return None


@pytest.fixture(scope="module", autouse=True)
def catalogue(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The starter catalogue for all tests of this file, gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        observe_starter()
        for path in served_document()["paths"]:
            if "{id}" in path:
                page = Client().get(path.replace("{id}/", ""), {"limit": "100"}).json()
                KNOWN[path] = [each["id"] for each in page["results"]]
        with within_the_test():
            yield
        transaction.set_rollback(True)


def _ask(case: Case) -> None:
    response = case.call(headers={"Accept-Encoding": "identity"})  # within a process its client does not decompress replies
    is_page = any(kind.startswith("text/html") for kind in response.headers.get("content-type", []))
    case.validate_response(response, checks=OF_PAGES if is_page else OF_JSON)


@schema.parametrize()  # type: ignore[untyped-decorator]
@settings(
    max_examples=EXAMPLES,
    derandomize=not IS_NIGHTLY,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_every_operation(case: Case) -> None:
    """Whatever its parameters are, an operation answers as the document declares."""
    _ask(case)


def _spoiled(body: bytes, status: str) -> Any:
    """Our application with each of its replies replaced."""

    def spoiling(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "application/json")])
        return [body]

    return spoiling


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"detail":"Out of order."}', "500 Internal Server Error"),
        (b'{"detail":"Short and stout."}', "418 I'm a teapot"),
        (b'{"id":3,"name":"Launch Successful"}', "200 OK"),
        (b'{"id":3,"name":null,"abbrev":"","description":""}', "200 OK"),
    ],
)
def test_departures_are_found(body: bytes, status: str) -> None:
    """The test above relies on it: a failure, another status, a missing key and a null are found."""
    operation = _described(_spoiled(body, status))["/2.2.0/config/launchstatus/{id}/"]["GET"]
    with pytest.raises(FailureGroup):
        _ask(operation.Case(path_parameters={"id": 3}))
