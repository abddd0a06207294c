"""Every reply against the contract: keys, their order, types and nulls, by the contract's own checker."""

from __future__ import annotations

import csv
import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from launchledger.catalogue.actions import observe_starter
from launchledger.ingest.loading import Instructions, Loader
from tests.support.calls import calls, every_reply
from tests.support.differences import FURTHER_REPLIES

ROOT = Path(os.environ.get("LAUNCHLEDGER_UPSTREAM", "/nowhere"))
CHECKER = ROOT / "contract" / "check.py"
pytestmark = [
    pytest.mark.sqlite_only("replies are the same bytes on both: test_same_bytes.py"),
    pytest.mark.django_db,
    pytest.mark.skipif(not CHECKER.is_file(), reason="LAUNCHLEDGER_UPSTREAM names no folder with the contract and its checker"),
]

Findings = Callable[[Any, dict[str, Any]], Iterator[str]]


@pytest.fixture(scope="module")
def findings() -> Findings:
    """The contract's own checker: what in a body departs from a schema, one sentence each."""
    specification = importlib.util.spec_from_file_location("contract_check", CHECKER)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    found: Findings = module.findings
    return found


def _departures(client: Client, findings: Findings, details: int) -> set[str]:
    """What departs in every page of every mode, and in so many details of each resource."""
    return {
        found
        for call in calls()
        if call.schema not in FURTHER_REPLIES.values()  # which the contract does not describe
        for reply in every_reply(client, call, details)
        for found in findings(reply, {"$ref": f"#/components/schemas/{call.schema}"})
    }


def test_the_starter_catalogue_keeps_the_contract(client: Client, findings: Findings) -> None:
    """Every path, every mode of every list and every detail answer from the starter catalogue without any departure."""
    observe_starter()
    assert _departures(client, findings, details=1000) == set()


def test_loaded_replies_keep_the_contract(client: Client, findings: Findings) -> None:
    """The same, with ten details of each, from all real replies of the current shape."""
    table = (ROOT / "upstream" / "shapes-2.2.0.tsv").read_text(encoding="utf-8").splitlines()
    loader = Loader(Instructions(), complain=lambda complaint: pytest.fail(str(complaint)))
    for row in csv.DictReader(table, delimiter="\t"):
        if row["current shape"] == "yes":
            loader.load(ROOT / "upstream" / "2.2.0" / row["file"])
    assert _departures(client, findings, details=10) == set()


def test_the_checker_finds_what_departs(findings: Findings) -> None:
    """The two tests above rely on it: it finds a missing key, a wrong type and a null."""
    schema = {"$ref": "#/components/schemas/LaunchStatus"}
    right = {"id": 3, "name": "Launch Successful", "abbrev": "Success", "description": ""}
    assert list(findings(right, schema)) == []
    for key in right:
        assert list(findings({name: value for name, value in right.items() if name != key}, schema))
        assert list(findings({**right, key: []}, schema))
    assert list(findings({**right, "id": None}, schema))
