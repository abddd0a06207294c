"""What the plan of calls knows, kept in the database between two calls.

Promises: what is saved in one transaction with the objects of a reply is loaded again after a kill. Two parts are read from the
catalogue instead, each time: the launches and events near their time, and the objects whose details are due.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast

from launchledger.catalogue.models.events import Event
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import is_not_deleted
from launchledger.documents.listed import listed
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from launchledger.sync.models import AskedObject, PlanState, Server, WalkedObject
from launchledger.sync.state import Ahead, Known, Single, known_from_json
from launchledger.sync.targets import Target, facts_of_details
from launchledger.wire.resources import NORMAL
from launchledger.wire.served import DEFAULT

REACH = timedelta(days=3)  # before and after now: launches and events in it decide how often news are asked for
LATER = timedelta(hours=1)  # much less than REACH
MOST_AHEAD = 500
MOST_DETAILS = 5  # that the plan chooses from
CHUNK = 500  # keys in one query
RECENT = timedelta(days=1)  # that upcoming/ shows of the past


@dataclass(frozen=True, slots=True)
class _FromCatalogue:
    """What was read from the catalogue, at which of its states, and when."""

    serial: int
    at: datetime
    ahead: tuple[Ahead, ...]
    details: tuple[Single, ...]


class Store:
    """The store for one upstream; a process that syncs has one. `source` is the upstream's name as a source of observations."""

    def __init__(self, server: str, source: str) -> None:
        self._server = server
        self._source = source
        self._read: _FromCatalogue | None = None

    def load(self, now: datetime) -> Known:
        """What is known now. What is read from the catalogue is up to LATER old, if nothing in it has changed."""
        known = self.load_saved()
        serial, read = latest_serial(), self._read
        if read is None or read.serial != serial or not read.at <= now < read.at + LATER:
            read = self._read = _FromCatalogue(serial, now, tuple(_ahead(now)), tuple(self._details()))
        return replace(known, ahead=read.ahead, details=read.details)

    def load_saved(self) -> Known:
        """What is known without the parts that are read from the catalogue: enough to go on from a reply."""
        row = PlanState.objects.filter(server=self._server).first()
        return known_from_json(row.known) if row else Known(seed=SystemRandom().randrange(2**31))

    def save(self, known: Known, now: datetime, *, answered: bool = False) -> None:
        """Keep what is known. `answered` is whether it follows from a reply that was taken in, in the same transaction."""
        Server.objects.get_or_create(name=self._server)
        new: dict[str, Any] = {"known": asdict(replace(known, ahead=(), details=()))}
        if answered:
            new["answered_at"] = now
        PlanState.objects.update_or_create(server_id=self._server, defaults=new, create_defaults={**new, "began_at": now})

    def note_walked(self, path: str, number: int, keys: Collection[str]) -> int:
        """Note that a walk has seen these objects; returns how many of them it had not seen before."""
        of_walk = WalkedObject.objects.filter(server=self._server, path=path, number=number)
        known = set(of_walk.filter(key__in=keys).values_list("key", flat=True))
        fresh = set(keys) - known
        Server.objects.get_or_create(name=self._server)
        WalkedObject.objects.bulk_create(
            WalkedObject(server_id=self._server, path=path, number=number, key=key) for key in sorted(fresh)
        )
        return len(fresh)

    def end_walk(self, target: Target, number: int, began: datetime, now: datetime) -> list[str]:
        """The ids of the objects that should have been in a list, and were not seen by the walk through it.

        These are the rows that the list has here, and those that the last walk saw: a row may have lost what its list needs. What
        was seen by earlier walks is forgotten. Left out are rows that never came from an upstream, which cannot know them, and
        those that are here only since the walk began. That another object showed one meanwhile proves nothing: an upstream may
        show there what it deleted.
        """
        rows = listed(DEFAULT.resources[target.path].shape_in(NORMAL)).filter(self._from_upstream())
        if target.is_upcoming:
            rows = rows.filter(**{f"{DEFAULT.resources[target.path].time_column}__gte": now - RECENT})
        seen = WalkedObject.objects.filter(server=self._server, path=target.path)
        walked = set(seen.filter(number=number).values_list("key", flat=True))
        before = set(seen.exclude(number=number).values_list("key", flat=True))
        seen.exclude(number=number).delete()
        missing = [str(key) for key in rows.order_by("pk").values_list("pk", flat=True) if str(key) not in walked]
        if not target.is_upcoming:  # what is upcoming leaves that list by itself
            missing += self._not_deleted(target, before.difference(walked, missing))
        new = _here_since(target.model, missing, began)
        return [key for key in missing if key not in new]

    def _not_deleted(self, target: Target, keys: Collection[str]) -> list[str]:
        """Those of these objects that are not deleted here."""
        model = model_of(target.model)
        rows = model._default_manager.filter(self._from_upstream(), is_not_deleted(model))
        wanted = sorted(keys)
        chunks = ([key_from(target, key) for key in wanted[start : start + CHUNK]] for start in range(0, len(wanted), CHUNK))
        return [str(key) for chunk in chunks for key in rows.filter(pk__in=chunk).order_by("pk").values_list("pk", flat=True)]

    def note_asked(self, path: str, key: str, at: datetime) -> None:
        """Note that the detail of an object was asked for."""
        Server.objects.get_or_create(name=self._server)
        AskedObject.objects.update_or_create(server_id=self._server, path=path, key=key, defaults={"at": at})
        self._read = None

    def _from_upstream(self) -> Q:
        """Rows that were last seen at this upstream, or in a file of its replies."""
        return Q(source=self._source) | Q(source__startswith="file:")

    def _details(self) -> Iterator[Single]:
        """Some objects that have facts in their details alone, the least recently asked first."""
        for path in facts_of_details():
            resource = DEFAULT.resources[path]
            asked = AskedObject.objects.filter(server=self._server, path=path, key=OuterRef("text"))
            rows = listed(resource.shape_in(NORMAL)).filter(self._from_upstream()).annotate(text=Cast("pk", CharField()))
            new = rows.filter(~Exists(asked)).values_list("pk", flat=True)[:MOST_DETAILS]
            found: list[tuple[Any, datetime | None]] = [(key, None) for key in new]
            if len(found) < MOST_DETAILS:
                old = rows.annotate(asked=Subquery(asked.values("at")[:1])).filter(asked__isnull=False).order_by("asked")
                found += old.values_list("pk", "asked")[:MOST_DETAILS]
            for key, at in found:
                yield Single(path, str(key), f"{path}: facts that no list shows", at.timestamp() if at else None)


def _here_since(kind: str, keys: Sequence[str], began: datetime) -> set[str]:
    """Those of these objects that were created or revived here since a time."""
    begins = Entry.objects.filter(kind=kind, action__in=(Entry.Action.CREATED, Entry.Action.REVIVED), at__gte=began)
    chunks = (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
    return {key for chunk in chunks for key in begins.filter(key__in=chunk).values_list("key", flat=True)}


def _ahead(now: datetime) -> Iterator[Ahead]:
    """The launches and events within some days of now."""
    reach = (now - REACH, now + REACH)
    launches = Launch.objects.filter(net__range=reach, deleted_at__isnull=True).order_by("net", "id")
    for key, at, precision, status in launches.values_list("id", "net", "net_precision_id", "status_id")[:MOST_AHEAD]:
        yield Ahead("launch", str(key), at.timestamp(), precision, status)
    events = Event.objects.filter(date__range=reach, deleted_at__isnull=True).order_by("date", "id")
    for number, at, precision in events.values_list("id", "date", "date_precision_id")[:MOST_AHEAD]:
        yield Ahead("event", str(number), at.timestamp(), precision)


def moment(seconds: float) -> datetime:
    """A time of the plan as the catalogue has it."""
    return datetime.fromtimestamp(seconds, UTC)


def key_from(target: Target, text: str) -> int | str:
    """The key of an object from its id as text."""
    return text if DEFAULT.resources[target.path].has_text_id else int(text)
