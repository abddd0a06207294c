"""Recognising objects that did not change: never a value that storing the page would not give, and times catch up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchledger.catalogue.actions import Wanted, delete, end_overrides, override
from launchledger.catalogue.actions.history import watched_in_journal
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.history import ObservedState
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.records import Record
from launchledger.ingest.receiving import Received, receive
from launchledger.journal.compacting import Fate, compact, span_before
from launchledger.journal.writing import writing
from launchledger.sync import unchanged
from launchledger.sync.models import SeenObject
from launchledger.sync.unchanged import LONGEST, REFRESHED, Recogniser
from tests.support.observed import uuid
from tests.support.second_database import examples

NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SOURCE = "https://upstream.example/2.2.0/"
ADDRESS = "https://upstream.example/2.2.0"
SHAPES = {"launch": "LaunchDetailed", "agencies": "AgencySerializerDetailed"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def recogniser() -> Recogniser:
    """That of one upstream, which has seen nothing."""
    return Recogniser("https://upstream.example", SOURCE)


@pytest.fixture
def _nothing_refreshed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what must be is stored."""
    monkeypatch.setattr(unchanged, "REFRESHED", 0)


def _agency(key: int, name: str) -> dict[str, Any]:
    return {"id": key, "url": f"{ADDRESS}/agencies/{key}/", "name": name}


def _launch(key: int, name: str, net: str = "2026-08-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    return {"id": uuid(key), "url": f"{ADDRESS}/launch/{uuid(key)}/", "name": name, "net": net, **more}


def _take(recogniser: Recogniser | None, bodies: list[Any], at: datetime, resource: str = "launch") -> int:
    """Take in a page as the mirror does, and return how many objects were recognised; without a recogniser, none."""
    with writing():
        if recogniser is None:
            receive(_received(bodies, at, resource))
            return 0
        page = recogniser.look(SHAPES[resource], bodies, at)

        def accept(received: Received, records: Sequence[Record]) -> Sequence[Record]:
            page.store(received.body, records)
            return records

        receive(_received(page.news, at, resource), accept=accept)
        recogniser.remember(page)
        return page.recognised


def _received(bodies: Iterable[Any], at: datetime, resource: str, source: str = SOURCE) -> Iterable[Received]:
    return [Received(body, at, source, "page", f"$.results[{place}]", resource) for place, body in enumerate(bodies)]


def _load(body: Any, at: datetime, resource: str = "agencies") -> None:
    receive(_received([body], at, resource, "file:other.json"))


def _name(key: int) -> str:
    return str(Agency.objects.get(pk=key).name)


@pytest.mark.usefixtures("_nothing_refreshed")
def test_what_did_not_change_is_recognised(recogniser: Recogniser) -> None:
    """One that changed, is new, or was refused before is stored; the others are not touched."""
    bodies = [_launch(1, "One"), _launch(2, "Two"), _launch(3, "Three", net="never")]
    assert _take(recogniser, bodies, NOW) == 0
    assert _take(recogniser, bodies, NOW + MINUTE) == 2
    assert _take(recogniser, [_launch(1, "Won"), *bodies[1:], _launch(4, "Four")], NOW + 2 * MINUTE) == 1
    assert Launch.objects.get(pk=uuid(1)).name == "Won"
    assert Launch.objects.get(pk=uuid(2)).observed_at == NOW
    assert Launch.objects.count() == 3
    assert _take(recogniser, [_launch(1, "Won"), _launch(4, "Four")], NOW + 3 * MINUTE) == 2


@pytest.mark.usefixtures("_nothing_refreshed")
def test_a_change_by_another_is_corrected(recogniser: Recogniser) -> None:
    """Of the object itself, or of a row that is nested in it, by a file whose time is later than when it was stored."""
    bodies = [_launch(1, "One", launch_service_provider=_agency(5, "Five")), _launch(2, "Two")]
    _take(recogniser, bodies, NOW)
    _load(_agency(5, "Wrong"), NOW + MINUTE)
    assert _name(5) == "Wrong"
    assert _take(recogniser, bodies, NOW + 2 * MINUTE) == 1
    assert _name(5) == "Five"
    assert _take(recogniser, bodies, NOW + 3 * MINUTE) == 2


@pytest.mark.usefixtures("_nothing_refreshed")
def test_a_change_that_upstream_took_back_is_noticed(recogniser: Recogniser) -> None:
    """It was seen in one list alone, and the other list shows what it had shown before."""
    launches = [_launch(1, "One", launch_service_provider=_agency(5, "Five"))]
    _take(recogniser, [_agency(5, "Five")], NOW, "agencies")
    _take(recogniser, [_launch(1, "One", launch_service_provider=_agency(5, "Fünf"))], NOW + MINUTE)
    assert _name(5) == "Fünf"
    assert _take(recogniser, [_agency(5, "Five")], NOW + 2 * MINUTE, "agencies") == 0
    assert _name(5) == "Five"
    assert _take(recogniser, launches, NOW + 3 * MINUTE) == 0


@pytest.mark.usefixtures("_nothing_refreshed")
def test_a_file_of_the_future_wins_until_its_time(recogniser: Recogniser) -> None:
    """An object that lost against it is not recognised, and wins when its time has come."""
    bodies = [_agency(5, "Five")]
    _take(recogniser, bodies, NOW, "agencies")
    _load(_agency(5, "Future"), NOW + 5 * MINUTE)
    for minutes in (1, 2, 3):
        assert _take(recogniser, bodies, NOW + minutes * MINUTE, "agencies") == 0
        assert _name(5) == "Future"
    assert _take(recogniser, bodies, NOW + 6 * MINUTE, "agencies") == 0
    assert _name(5) == "Five"
    assert _take(recogniser, bodies, NOW + 7 * MINUTE, "agencies") == 1


@pytest.mark.usefixtures("_nothing_refreshed")
def test_a_deleted_object_is_revived(recogniser: Recogniser) -> None:
    """By the first page that shows it later than the deletion, although it is as it was."""
    bodies = [_agency(5, "Five")]
    _take(recogniser, bodies, NOW, "agencies")
    delete("Agency", 5, NOW + 5 * MINUTE, "test", "")
    assert _take(recogniser, bodies, NOW + 4 * MINUTE, "agencies") == 0
    assert Agency.objects.get(pk=5).deleted_at is not None
    assert _take(recogniser, bodies, NOW + 6 * MINUTE, "agencies") == 0
    assert Agency.objects.get(pk=5).deleted_at is None


@pytest.mark.usefixtures("_nothing_refreshed")
def test_an_older_reply_is_no_news(recogniser: Recogniser) -> None:
    """One that was kept and is taken in late changes nothing, and is not what later pages are compared with."""
    _take(recogniser, [_agency(5, "New")], NOW + MINUTE, "agencies")
    _take(recogniser, [_agency(5, "Old")], NOW, "agencies")
    assert _name(5) == "New"
    assert _take(recogniser, [_agency(5, "New")], NOW + 2 * MINUTE, "agencies") == 1
    _take(recogniser, [_agency(5, "Old")], NOW + 3 * MINUTE, "agencies")
    assert _name(5) == "Old"


@pytest.mark.usefixtures("_nothing_refreshed")
def test_after_an_upgrade_nothing_is_recognised(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new version may understand more of an object."""
    _take(recogniser, [_launch(1, "One")], NOW)
    monkeypatch.setattr(unchanged, "_KEY", b"99.0")
    assert _take(recogniser, [_launch(1, "One")], NOW + MINUTE) == 0
    assert _take(recogniser, [_launch(1, "One")], NOW + 2 * MINUTE) == 1


@pytest.mark.usefixtures("_nothing_refreshed")
def test_a_long_journal_is_not_read(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not seen since so many changes is stored again."""
    monkeypatch.setattr(unchanged, "MOST_ENTRIES", 10)
    _take(recogniser, [_launch(1, "One"), _launch(2, "Two")], NOW)
    for number in range(4):
        _load(_agency(number, "x"), NOW)
    assert _take(recogniser, [_launch(1, "One")], NOW + MINUTE) == 1
    for number in range(4, 15):
        _load(_agency(number, "x"), NOW)
    assert _take(recogniser, [_launch(1, "One"), _launch(2, "Two")], NOW + 2 * MINUTE) == 0


@pytest.mark.usefixtures("_nothing_refreshed")
def test_what_a_compaction_dropped_is_not_overlooked(recogniser: Recogniser) -> None:
    """The entry by which a change would be noticed may be gone: what was not seen since is stored again, and corrected."""
    bodies = [_launch(1, "One", launch_service_provider=_agency(5, "Five")), _launch(2, "Two")]
    _take(recogniser, bodies, NOW)
    _load(_agency(5, "Wrong"), NOW + MINUTE)
    _load(_agency(6, "Newest"), NOW + MINUTE)
    assert sum(each.entries["Agency", Fate.DROPPED] for each in compact(span_before(FUTURE), watched_in_journal())) == 1
    assert _take(recogniser, bodies, NOW + 2 * MINUTE) == 0
    assert _name(5) == "Five"
    assert _take(recogniser, bodies, NOW + 3 * MINUTE) == 2


def test_times_catch_up(recogniser: Recogniser) -> None:
    """Some objects of each page are stored, those first that wait longest, so the newest observation is of the last page."""
    bodies = [_launch(number, "Same") for number in range(3 * REFRESHED)]
    _take(recogniser, bodies, NOW)
    for number in range(1, 4):
        assert _take(recogniser, bodies, NOW + number * MINUTE) == 2 * REFRESHED
        assert Launch.objects.filter(observed_at=NOW + number * MINUTE).count() == REFRESHED
    assert not Launch.objects.filter(observed_at=NOW).exists()
    assert _take(recogniser, bodies, NOW + 2 * MINUTE + LONGEST) < 2 * REFRESHED, "and none waits for ever"


@pytest.mark.usefixtures("_nothing_refreshed")
def test_history_has_every_step_to_its_end(recogniser: Recogniser) -> None:
    """A value was seen until the last page that had it, though that one was not stored; also of what is gone."""
    first, second = "2026-08-01T00:00:00Z", "2026-08-02T00:00:00Z"
    _take(recogniser, [_launch(1, "One", first), _launch(2, "Two", first)], NOW)
    _take(recogniser, [_launch(1, "One", first), _launch(2, "Two", first)], NOW + 3 * MINUTE)
    assert set(ObservedState.objects.values_list("last", flat=True)) == {NOW}
    _take(recogniser, [_launch(1, "One", second)], NOW + 5 * MINUTE)
    recogniser.forget(SHAPES["launch"], [uuid(2)])
    steps = ObservedState.objects.order_by("key", "first").values_list("key", "first", "last", "source")
    assert list(steps) == [
        (uuid(1), NOW, NOW + 3 * MINUTE, SOURCE),
        (uuid(1), NOW + 5 * MINUTE, NOW + 5 * MINUTE, SOURCE),
        (uuid(2), NOW, NOW + 3 * MINUTE, SOURCE),
    ]
    assert list(SeenObject.objects.values_list("key", flat=True)) == [uuid(1)]


@pytest.mark.usefixtures("_nothing_refreshed")
def test_a_change_beneath_an_override_is_corrected(recogniser: Recogniser) -> None:
    """A file that was loaded meanwhile changed what the override stands over, and nobody was served that."""
    bodies = [_launch(1, "One", launch_service_provider=_agency(5, "Five"))]
    _take(recogniser, bodies, NOW)
    override([Wanted("Agency", 5, "name", {"name": "Ours"}, "Why")])
    _take(recogniser, bodies, NOW + MINUTE)
    assert _take(recogniser, bodies, NOW + 2 * MINUTE) == 1
    _load(_agency(5, "Wrong"), NOW + 3 * MINUTE)
    assert _take(recogniser, bodies, NOW + 4 * MINUTE) == 0
    assert _name(5) == "Ours"
    end_overrides({("Agency", "5", "name")})
    assert _name(5) == "Five"


KEYS, NAMES = st.integers(1, 3), st.sampled_from(["A", "B"])
STEPS = st.one_of(
    st.tuples(st.just("agency"), KEYS, NAMES),
    st.tuples(st.just("launch"), KEYS, KEYS),
    st.tuples(st.just("ask"), st.sampled_from(["launch", "agencies"]), st.none()),
    st.tuples(st.just("load"), KEYS, NAMES),
    st.tuples(st.just("delete"), KEYS, st.none()),
    st.tuples(st.just("override"), KEYS, NAMES),
    st.tuples(st.just("end"), KEYS, st.none()),
)


def _values() -> list[Any]:
    unwanted = {"observations", "observed_at", "source"}
    return [
        list(model._default_manager.order_by("pk").values(*{field.attname for field in model._meta.concrete_fields} - unwanted))
        for model in (Launch, Agency)
    ]


def _run(steps: list[tuple[str, Any, Any]], recogniser: Recogniser | None) -> list[Any]:
    """The values after each step: an upstream that changes and is asked, and others who load files, delete and override."""
    agencies, launches, found = dict.fromkeys((1, 2, 3), "A"), {1: 1, 2: 2, 3: 2}, []
    for number, (what, key, value) in enumerate(steps):
        at = NOW + number * MINUTE
        match what:
            case "agency":
                agencies[key] = value
            case "launch":
                launches[key] = value
            case "load":
                _load(_agency(key, value), at)
            case "delete":
                delete("Agency", key, at, "test", "")
            case "override" if Agency.objects.filter(pk=key, deleted_at=None).exists():
                override([Wanted("Agency", key, "name", {"name": value}, "Why")])
            case "end":
                end_overrides({("Agency", str(key), "name")})
                found.append(_values())
            case "ask":
                pages = {
                    "agencies": [_agency(*each) for each in agencies.items()],
                    "launch": [
                        _launch(key, "Same", launch_service_provider=_agency(of, agencies[of])) for key, of in launches.items()
                    ],
                }
                _take(recogniser, pages[key], at, key)
                found.append(_values())
    return found


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=4, max_size=14), refreshed=st.sampled_from([0, 1]))
def test_values_are_those_of_storing_everything(
    steps: list[tuple[str, Any, Any]], refreshed: int, recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each page, whatever upstream, files and deletions did before."""
    monkeypatch.setattr(unchanged, "REFRESHED", refreshed)
    runs = []
    for each in (None, recogniser):
        with transaction.atomic():
            runs.append(_run(steps, each))
            transaction.set_rollback(True)
    assert runs[0] == runs[1]
