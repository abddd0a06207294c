"""The OpenAPI document as a pure function of a version; `tests.api.test_schema` compares the served one with the contract."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from drf_spectacular.validation import validate_schema

from launchledger.wire.openapi import document
from launchledger.wire.v2_2_0 import WIRE as FIRST
from launchledger.wire.wire import Wire
from tests.support.small_2_3_0 import WIRE as SECOND

EACH = pytest.mark.parametrize("wire", [FIRST, SECOND], ids=["2.2.0", "2.3.0"])


@EACH
def test_the_document_of_a_version_is_valid(wire: Wire) -> None:
    """By the rules of OpenAPI 3.0, and everything that it names is in it."""
    made = document(wire, {}, {})
    validate_schema(made)
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(made)))
    assert named <= set(made["components"]["schemas"])


@EACH
def test_every_path_of_a_version_is_described(wire: Wire) -> None:
    """A list and a detail for each resource, the single pages and the index, all below the version's root."""
    paths = {""} | {f"{path}/{id}" for path in wire.resources for id in ("", "{id}/")} | {f"{path}/" for path in wire.pages}
    assert set(document(wire, {}, {})["paths"]) == {f"{wire.root}{path}" for path in paths}


def test_what_the_server_adds_is_in_its_place() -> None:
    """Operations by their path, schemas by their name, among those of the wire."""
    operation: dict[str, Any] = {"operationId": "more", "responses": {}}
    made = document(SECOND, {"more/": operation}, {"More": {"type": "object"}})
    assert made["paths"]["/2.3.0/more/"] == {"get": operation}
    assert made["components"]["schemas"]["More"] == {"type": "object"}
