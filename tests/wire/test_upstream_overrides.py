"""Law 1 with overrides, on replies of which we have upstream's own bytes: exactly the overridden values differ."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from launchledger.catalogue.actions import end_overrides, override
from launchledger.curation.columns import column_named, subject_of, wanted
from tests.support.asking import ask_for, emptied_afterwards, model_of_shape, take_in
from tests.support.upstream import REPLIES, needs_upstream
from tests.wire.test_upstream_round_trip import BYTE_EXACT, CURRENT, FLOATS_AS_SENT

pytestmark = [pytest.mark.django_db, needs_upstream]

# Values that none of these replies has, of each kind of column, as far as a reply has the column.
OURS: dict[str, Any] = {
    "name": "Ours <é> 火",
    "net": "1957-10-04T19:28:34Z",
    "window_end": "1957-10-04T19:30:00Z",
    "probability": 33,
    "holdreason": "Ours",
    "hashtag": "#ours",
    "webcast_live": True,
    "image": "https://ledger.example/ours.png",
    "pad_launch_attempt_count": 77,
    "destination": "Ours",
    "mission_end": "1957-10-26T00:00:00Z",
}


def _bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize(("name", "shape"), [pair for pair in CURRENT if pair[0] in BYTE_EXACT | FLOATS_AS_SENT])
def test_exactly_the_overridden_values_differ(name: str, shape: str, client: Client) -> None:
    """Upstream's bytes with our values in their places; without overrides, and after the last has ended, upstream's bytes."""
    body = json.loads((REPLIES / "2.2.0" / name).read_text(encoding="utf-8"))
    subject = subject_of(model_of_shape(shape))
    for sent in body.get("results", [body]):
        ours = {column: value for column, value in OURS.items() if column in sent}
        with emptied_afterwards():
            take_in(subject.kind, sent)
            assert ask_for(client, shape, sent) == _bytes(sent)
            assert override([wanted(column_named(subject, each), sent["id"], ours[each], "Why") for each in ours]) == len(ours)
            assert ask_for(client, shape, sent) == _bytes(sent | ours)
            end_overrides({(subject.kind, str(sent["id"]), column_named(subject, each).field.column) for each in ours})
            assert ask_for(client, shape, sent) == _bytes(sent)
