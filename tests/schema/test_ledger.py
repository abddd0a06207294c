"""Requests generated from the ledger's own document: no failure, no status, header or body that it does not contain.

Left out as for the wire: unknown and empty parameters are ignored, and an id of no object is a refusal of some filters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from launchledger.catalogue.actions import observe_starter
from launchledger.ledger.schema import document
from launchledger.ledger.urls import urlpatterns
from launchledger.site.wsgi import application
from launchledger.wire.served import WIRES
from tests.schema.test_schemathesis import EXAMPLES, IS_NIGHTLY, OF_JSON, OF_PAGES, with_our_durations
from tests.support.calls import within_the_test

pytestmark = pytest.mark.django_db

AT = "/ledger/at/{time}/2.2.0/"
LAUNCHES: list[str] = []
KNOWN: dict[str, list[Any]] = {}  # ids that are there, by the path of their details at a time

configuration = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": IS_NIGHTLY}}})
schema = schemathesis.openapi.from_dict(with_our_durations(document()), config=configuration)
schema.app = application
schema.location = "/ledger/schema/"
Case = schemathesis.Case[Any]


def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Let every other generated object be one that exists, a launch where that has no resource of its own."""
    id = (path_parameters or {}).get("id")
    if not path_parameters or id is None or len(str(id)) % 2:
        return path_parameters
    if ids := KNOWN.get(context.operation.path):
        return {**path_parameters, "id": ids[len(str(id)) // 2 % len(ids)]}
    known = {"id": LAUNCHES[len(str(id)) % len(LAUNCHES)]}
    return {**path_parameters, **known, **({"resource": "launch"} if "resource" in path_parameters else {})}


schema.hook(map_path_parameters)


@pytest.fixture(scope="module", autouse=True)
def catalogue(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The starter catalogue for all tests of this file, gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        observe_starter()
        LAUNCHES[:] = [each["id"] for each in Client().get("/2.2.0/launch/", {"limit": "100"}).json()["results"]]
        for path in document()["paths"]:
            if path.startswith(AT):
                page = Client().get(path.replace("{id}/", "").replace(AT, "/2.2.0/"), {"limit": "100"}).json()
                KNOWN[path] = [each["id"] for each in page["results"]]
        with within_the_test():
            yield
        transaction.set_rollback(True)


def test_every_route_is_an_operation() -> None:
    """Each path of the ledger, the feeds as Atom alone, and each detail of the wire at a time."""
    routes = {"/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(route.pattern)) for route in urlpatterns}
    details = {f"/ledger/at/{{time}}/2.2.0/{path}/{{id}}/" for path in WIRES["2.2.0"].resources}
    assert document()["paths"].keys() == routes - {"/ledger/at/{time}/2.2.0/{resource}/{id}/"} | details
    for path, operations in document()["paths"].items():
        (media_type,) = operations["get"]["responses"]["200"]["content"]
        assert media_type == ("application/atom+xml" if path.endswith(".atom") else "application/json")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=not IS_NIGHTLY,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_every_operation(case: Case) -> None:
    """Whatever its parameters are, an operation answers as the document declares."""
    response = case.call(headers={"Accept-Encoding": "identity"})
    is_page = any(kind.startswith("text/html") for kind in response.headers.get("content-type", []))
    case.validate_response(response, checks=OF_PAGES if is_page else OF_JSON)
