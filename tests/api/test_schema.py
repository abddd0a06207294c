"""The OpenAPI document that is served: valid, and the contract's but for what `openapi_differences.toml` lists."""

from __future__ import annotations

import os
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from drf_spectacular.validation import validate_schema

from launchledger.wire.v2_2_0 import WIRE
from tests.support.differences import (
    FURTHER_PARAMETERS,
    FURTHER_PATHS,
    FURTHER_PROPERTIES,
    FURTHER_REPLIES,
    FURTHER_STATUSES,
    NOT_SERVED_YET,
    NULLABLE,
    PARAMETERS_TO_COME,
    never_null,
)

Json = dict[str, Any]


@cache
def _served_document() -> Json:
    document: Json = Client().get("/2.2.0/schema/?format=json").json()
    return document


@pytest.fixture
def served() -> Json:
    return _served_document()


@pytest.fixture
def contract() -> Json:
    folder = os.environ.get("LAUNCHLEDGER_UPSTREAM")
    if not folder:
        pytest.skip("LAUNCHLEDGER_UPSTREAM names no folder with the contract")
    document: Json = yaml.safe_load((Path(folder) / "contract" / "ll2-2.2.0.openapi.yaml").read_text(encoding="utf-8"))
    return document


def test_the_document_is_valid(served: Json) -> None:
    """It is OpenAPI 3, and every reference in it leads somewhere."""
    validate_schema(served)
    names = set(served["components"]["schemas"])
    assert {reference.rpartition("/")[2] for reference in _references(served)} <= names


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for member in value for found in _references(member)]
    if isinstance(value, dict):
        return [value["$ref"]] if "$ref" in value else [found for member in value.values() for found in _references(member)]
    return []


def test_every_resource_has_its_two_operations(served: Json) -> None:
    """The list and the detail of each resource, and the index, stand in the document, each with an id of its own."""
    paths = {f"/2.2.0/{path}/{id}" for path in WIRE.resources for id in ("", "{id}/")} | {"/2.2.0/"}
    assert paths <= set(served["paths"])
    assert set(served["paths"]) - paths <= {"/2.2.0/dashboard/starship/", "/2.2.0/api-throttle/"}
    assert all(set(operations) == {"get"} for operations in served["paths"].values())
    ids = [operations["get"]["operationId"] for operations in served["paths"].values()]
    assert len(ids) == len(set(ids))


def test_the_document_is_json_or_yaml(client: Client, served: Json) -> None:
    """JSON without a word, YAML where it is asked for, and the same in both."""
    assert client.get("/2.2.0/schema/").json() == served
    assert yaml.safe_load(client.get("/2.2.0/schema/?format=yaml").content) == served


def test_filters_are_declared(served: Json) -> None:
    """Every filter that a list has is a parameter of its operation."""
    for path, resource in WIRE.resources.items():
        names = {parameter["name"] for parameter in served["paths"][f"/2.2.0/{path}/"]["get"]["parameters"]}
        assert {each.name for each in resource.filters} <= names


def test_it_serves_the_contracts_paths(served: Json, contract: Json) -> None:
    """Paths that only one of the two has are listed."""
    assert set(contract["paths"]) - set(served["paths"]) == NOT_SERVED_YET
    assert set(served["paths"]) - set(contract["paths"]) == set(FURTHER_PATHS)


def test_operations_are_the_contracts(served: Json, contract: Json) -> None:
    """Each operation has the contract's id, summary, tags, parameters and replies, but for what is listed."""
    missing, further = set(), set()
    for path in set(served["paths"]) - set(FURTHER_PATHS):
        ours, theirs = _plain(served["paths"][path]["get"], served), _plain(contract["paths"][path]["get"], contract)
        for name in set(theirs["parameters"]) - set(ours["parameters"]):
            missing.add((path, name))
            del theirs["parameters"][name]
        for name in set(ours["parameters"]) - set(theirs["parameters"]):
            further.add((path, name))
            del ours["parameters"][name]
        for status in (set(ours["responses"]) - set(theirs["responses"])) & FURTHER_STATUSES:
            del ours["responses"][status]
        if path in FURTHER_REPLIES:
            reply = theirs["responses"]["200"]["content"]["application/json"]
            reply["schema"] = {"anyOf": [reply["schema"], {"$ref": f"#/components/schemas/{FURTHER_REPLIES[path]}"}]}
        assert ours == theirs, path
    assert (missing, further) == (PARAMETERS_TO_COME, FURTHER_PARAMETERS)


def test_schemas_are_the_contracts(served: Json, contract: Json) -> None:
    """Each schema has the contract's name and form, and none is missing but those of paths that are not served yet.

    A property is null in ours and not in the contract's where that is listed, and nowhere else.
    """
    ours, theirs = deepcopy(served["components"]["schemas"]), contract["components"]["schemas"]
    assert set(ours) - set(theirs) == {*FURTHER_REPLIES.values(), *(name for names in FURTHER_PATHS.values() for name in names)}
    nullable, further = set(), set()
    for name in set(ours) & set(theirs):
        for key in set(ours[name].get("properties", {})) - set(theirs[name].get("properties", {})):
            further.add(f"{name}.{key}")
            del ours[name]["properties"][key]
            ours[name]["required"].remove(key)
        for key, property in ours[name].get("properties", {}).items():
            if property.get("nullable") and not theirs[name]["properties"].get(key, {}).get("nullable"):
                nullable.add(f"{name}.{key}")
                ours[name]["properties"][key] = never_null(property)
        assert _plain(ours[name], served) == _plain(theirs[name], contract), name
        assert list(ours[name].get("properties", {})) == list(theirs[name].get("properties", {})), f"the order of {name}"
    assert (nullable, further) == (NULLABLE, FURTHER_PROPERTIES)
    assert set(theirs) - set(ours) == _reachable_only_from(contract, NOT_SERVED_YET)


def _reachable_only_from(contract: Json, paths: set[str]) -> set[str]:
    """The schemas that no other path leads to."""
    known: set[str] = set()
    waiting = [contract["paths"][path] for path in contract["paths"] if path not in paths]
    while waiting:
        names = {reference.rpartition("/")[2] for reference in _references(waiting.pop()) if "/schemas/" in reference} - known
        known |= names
        waiting += [contract["components"]["schemas"][name] for name in names]
    return set(contract["components"]["schemas"]) - known


def _plain(value: Any, document: Json) -> Any:
    """What a client depends on: references to parameters followed, parameters by name, words left out."""
    if isinstance(value, list):
        return [_plain(member, document) for member in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("$ref", "")).startswith("#/components/parameters/"):
        return _plain(document["components"]["parameters"][value["$ref"].rpartition("/")[2]], document)
    plain = {key: _plain(member, document) for key, member in value.items() if not _is_note(key, member)}
    if "parameters" in plain and isinstance(plain["parameters"], list):
        plain["parameters"] = {parameter["name"]: parameter for parameter in plain["parameters"]}
    return plain


def _is_note(key: str, member: Any) -> bool:
    return key.startswith("x-") or (key == "description" and isinstance(member, str))
