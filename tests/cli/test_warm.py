"""`launchledger warm`: every document that is missing, and none twice."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.test import Client

from launchledger.cli import launchledger
from launchledger.documents.models import Document
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import take_in as take_in_later
from tests.support.bodies import agency, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db


def _warm() -> str:
    result = CliRunner().invoke(launchledger, ["warm"], prog_name="launchledger")
    assert result.exit_code == 0, result.output
    return result.output.strip()


def test_every_document_is_there_before_a_request(client: Client) -> None:
    """Every row in every shape that replies show; requests render no more."""
    take_in("Launch", [launch()])
    made = int(_warm().split()[1])
    assert made == Document.objects.count() > 10
    for path, resource in WIRE.resources.items():
        for mode in resource.modes:
            client.get(f"/2.2.0/{path}/?mode={mode}")
    assert Document.objects.count() == made


def test_only_missing_documents_are_rendered() -> None:
    """A second run renders nothing; after a change, the documents that it invalidated."""
    take_in("Agency", [agency(1), agency(2)])
    _warm()
    assert _warm() == "Stored 0 documents."
    take_in_later("Agency", agency(1, name="Renamed"))
    assert _warm() == "Stored 2 documents."
