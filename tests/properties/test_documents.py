"""Documents are never wrong: whatever is observed, each that is there afterwards is what rendering anew gives."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from launchledger.catalogue.actions import Observation, observe, refresh
from launchledger.catalogue.models.kinds import model_of
from launchledger.documents.models import Document
from launchledger.documents.reading import documents_of
from launchledger.documents.rendering import DocumentBytes, render_documents
from launchledger.documents.store import Rendered, store
from launchledger.wire.v2_2_0 import WIRE
from tests.properties.test_observing import (
    FEW,
    FEWER,
    Deleting,
    Sighting,
    events,
    let_happen,
    observations,
    of_each_family,
    sightings,
)
from tests.support.asking import emptied_afterwards
from tests.support.observed import NOW
from tests.support.records import EVERY_ROW, RECORDS

pytestmark = pytest.mark.django_db
SHAPES = {shape.label: shape for resource in WIRE.resources.values() for shape in (resource.detail, *resource.modes.values())}


def _ask_for_everything() -> None:
    """Have every row of the catalogue rendered in every shape that has replies, and stored."""
    rendered = Rendered()
    for shape in SHAPES.values():
        documents_of(shape, list(model_of(shape.model)._default_manager.values_list("pk", flat=True)), rendered)
    assert store(rendered) == len(rendered.documents)


def _assert_right() -> None:
    stored: dict[str, dict[str, DocumentBytes]] = defaultdict(dict)
    for shape, key, body, digest in Document.objects.values_list("shape", "key", "body", "digest"):
        stored[shape][key] = DocumentBytes(bytes(body), bytes(digest))
    for shape, documents in stored.items():
        anew = {str(key): built.content for key, built in render_documents(SHAPES[shape], list(documents)).items()}
        assert anew == documents, shape


@of_each_family
def test_what_is_observed_forgets_what_it_makes_wrong(names: list[str]) -> None:
    """Objects of these shapes, taken in one after another, with everything asked for in between."""

    @FEW
    @given(sightings(names))
    def check(found: list[Sighting]) -> None:
        with emptied_afterwards():
            for observation in observations(found):
                observe([observation])
                _assert_right()
                _ask_for_everything()
            assert Document.objects.exists()

    check()


@of_each_family
def test_what_is_deleted_or_revived_forgets_what_it_makes_wrong(names: list[str]) -> None:
    """Objects come, are deleted and seen again, with everything asked for in between: in details and in lists of others."""

    @FEWER
    @given(events(names))
    def check(found: list[Observation | Deleting]) -> None:
        with emptied_afterwards():
            for event in found:
                let_happen(event)
                _assert_right()
                _ask_for_everything()

    check()


def test_numbers_that_are_computed_forget_as_well() -> None:
    """Launches, flights and dockings shift numbers of objects that were not observed, and so does passing time."""

    @FEW
    @given(st.lists(st.lists(RECORDS, min_size=1, max_size=3), min_size=1, max_size=3), st.lists(st.integers(1, 500), max_size=2))
    def check(batches: list[list[object]], days: list[int]) -> None:
        with emptied_afterwards(), time_machine.travel(NOW, tick=False) as clock:
            observe([Observation(EVERY_ROW, "test", NOW - timedelta(days=1))])
            for minute, batch in enumerate(batches):
                observe([Observation([record], "test", NOW + timedelta(minutes=minute)) for record in batch])  # type: ignore[list-item]
                _assert_right()
                _ask_for_everything()
            for some in days:
                clock.shift(timedelta(days=some))
                refresh()
                _assert_right()

    check()
