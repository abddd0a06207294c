"""Law 1 on bodies of our own: each file of `golden/`, one a shape, is loaded and comes back byte for byte.

The bodies are rows of the starter catalogue in upstream's shapes; what the starter lacks, such as a timeline, is made up. Between
them they hold every kind of field, null where null may stand, floats with `.0`, negative durations and fractions of seconds, line
ends within text, and letters beyond ASCII.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import ask_for, get, model_of_shape, take_in

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_a_golden_body_comes_back_byte_for_byte(file: Path, client: Client) -> None:
    """An object loaded into an empty catalogue is served as the same bytes: keys, order, nulls, floats and text."""
    sent = json.loads(file.read_text(encoding="utf-8"))
    take_in(model_of_shape(file.stem), sent)
    assert ask_for(client, file.stem, sent) == json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_page_comes_back_byte_for_byte(client: Client) -> None:
    """A list asked for as it was loaded gives the bytes of its page: count, links and results."""
    sent = json.loads((Path(__file__).parent / "golden" / "Pad.json").read_text(encoding="utf-8"))
    page = {"count": 1, "next": None, "previous": None, "results": [sent]}
    take_in("Pad", sent)
    assert get(client, "/2.2.0/pad/", {}) == json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()


def test_every_shape_with_an_address_has_a_golden_body() -> None:
    """Every detail of a resource has one, except the choices, which are an id and a name."""
    details = {resource.detail.name for resource in WIRE.resources.values() if not resource.is_choice_list}
    assert details <= {file.stem for file in GOLDEN}
