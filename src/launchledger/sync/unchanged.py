"""Recognising objects that are as they were when they were stored last, so that a page without news costs little.

An object is recognised if its digest is that of the last time, and no row that it is made of was changed since, by anyone: the
journal has no later entry of one of them. Then storing it would change no value, only the times of its last observation. An
object that was stored while one of its rows had a later observation, or was deleted, is not remembered: it may have lost.

Promises: what is recognised has the values that storing it would give, whoever wrote to the catalogue meanwhile; an upgrade
recognises nothing, because it may read more. The times that were not written are caught up with:

- of each page the REFRESHED objects that wait longest are stored as if they were new, and each object at the latest LONGEST after
  the last time. So columns are observed at most so much earlier than they were seen, and the newest observation is always that
  of the last page;
- when an object changes or goes, its watched values get the time at which they were seen last (docs/adr/0032), so that history
  has every step to its end.

Until then a file that is loaded, and is dated between the last storing and the last recognition, may win over what was seen. Its
change is in the journal, so the next page that has the object corrects it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime, timedelta
from hashlib import blake2b
from struct import pack, unpack
from typing import Any, NamedTuple

from django.db.models import F, Value
from django.db.models.functions import Greatest

from launchledger import __version__
from launchledger.catalogue.actions.history import WatchedState, see_again, watched_states
from launchledger.catalogue.actions.stored import keyed_select
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.records import Record
from launchledger.documents.references import object_hash
from launchledger.formats.encoding import encode
from launchledger.formats.times import format_date_time, parse_date_time
from launchledger.journal.compacting import complete_since
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from launchledger.sync.models import SeenObject, Server
from launchledger.sync.refused import key_of

REFRESHED = 5  # objects of a page
LONGEST = timedelta(days=7)
MOST_ENTRIES = 20_000  # of the journal that are read for a page; what was not seen since before them is stored again
_KEY = __version__.encode()[:64]


class _Seen(NamedTuple):
    id: int
    key: str
    serial: int
    stored_at: datetime
    digest: bytes
    rows: bytes


@dataclass(slots=True)
class Page:
    """The objects of one reply of a shape; `news` are those that must be stored."""

    shape: str
    at: datetime
    news: list[Any]
    recognised: int  # how many are as they were
    _digests: Mapping[str, bytes]
    _stored: list[tuple[SeenObject, Collection[tuple[str, Any]]]] = default(default_factory=list)

    def store(self, body: Any, records: Sequence[Record]) -> None:
        """Note that an object is being stored as these records; `Recogniser.remember` writes it down."""
        rows = {(record.model, record.key): object_hash(model_of(record.model).kind, record.key) for record in records}
        states = [[*each[:2], each.updated and format_date_time(each.updated), each.state] for each in watched_states(records)]
        key = key_of(body)
        seen = SeenObject(shape=self.shape, key=key, stored_at=self.at, seen_at=self.at, digest=self._digests[key], states=states)
        seen.rows = pack(f">{len(rows)}q", *rows.values())
        self._stored.append((seen, rows.keys()))


class Recogniser:
    """Recognises the objects of one upstream. Call everything inside `journal.writing()`, so that nobody writes in between."""

    def __init__(self, server: str, source: str) -> None:
        """`source` is the source of its observations."""
        self._server = server
        self._source = source
        self._touched = _Touched()

    def look(self, shape: str, bodies: Sequence[Any], at: datetime) -> Page:
        """Compare the objects of a reply of this time with those seen before."""
        by_key = {key_of(body): body for body in bodies}  # of an object that is twice on a page, the last one
        digests = {key: _digest(body) for key, body in by_key.items()}
        serial = latest_serial()
        known = self._known(shape, list(by_key))
        changed = [row for row in known if row.digest != digests[row.key]]
        self._touched.read(min((row.serial for row in known), default=serial), serial)
        same = [
            row
            for row in known
            if row.digest == digests[row.key] and at - row.stored_at < LONGEST and not self._touched.has_any_of(row)
        ]
        same.sort(key=lambda row: row.stored_at)
        recognised = same[REFRESHED:]
        self._settle(changed)
        rows = SeenObject.objects.filter(pk__in=[row.id for row in recognised])
        rows.update(seen_at=Greatest("seen_at", Value(at)), serial=serial)
        keys = {row.key for row in recognised}
        news = [body for key, body in by_key.items() if key not in keys]
        return Page(shape, at, news, len(recognised), digests)

    def remember(self, page: Page) -> None:
        """Write down what was stored of a page, after it was stored and in the same transaction."""
        serial = latest_serial()
        Server.objects.get_or_create(name=self._server)
        lost = _seen_later({row for _, rows in page._stored for row in rows}, page.at)
        winners = [seen for seen, rows in page._stored if lost.isdisjoint(rows)]
        for seen in winners:
            seen.server_id, seen.serial = self._server, serial
        SeenObject.objects.bulk_create(
            winners,
            update_conflicts=True,
            unique_fields=["server", "shape", "key"],
            update_fields=["serial", "stored_at", "seen_at", "digest", "rows", "states"],
        )

    def forget(self, shape: str, keys: Sequence[str]) -> None:
        """Forget objects that upstream no longer has."""
        rows = self._known(shape, keys)
        self._settle(rows)
        SeenObject.objects.filter(pk__in=[row.id for row in rows]).delete()

    def _known(self, shape: str, keys: Sequence[str]) -> list[_Seen]:
        rows = SeenObject.objects.filter(server=self._server, shape=shape, key__in=keys)
        return [_Seen(*row) for row in rows.values_list(*_Seen._fields)]

    def _settle(self, rows: Sequence[_Seen]) -> None:
        """Give the watched values of these objects the time at which they were seen last."""
        late = SeenObject.objects.filter(pk__in=[row.id for row in rows], seen_at__gt=F("stored_at"))
        for states, at in late.values_list("states", "seen_at"):
            see_again(
                (WatchedState(kind, key, up and parse_date_time(up), state) for kind, key, up, state in states), at, self._source
            )


def _digest(body: Any) -> bytes:
    return blake2b(encode(body), digest_size=16, key=_KEY).digest()


def _seen_later(rows: Iterable[tuple[str, Any]], at: datetime) -> set[tuple[str, Any]]:
    """Those of these rows that were observed after a time, or are deleted."""
    keys: dict[str, list[Any]] = defaultdict(list)
    for model, key in rows:
        keys[model].append(key)
    return {
        (name, key)
        for name, of_model in keys.items()
        for model in [model_of(name)]
        for key, observed_at, deleted_at in keyed_select(model, ("id", "observed_at", "deleted_at"), "id").rows(of_model)
        if deleted_at is not None or (observed_at is not None and observed_at > at)
    }


class _Touched:
    """The rows that have an entry of the journal after a serial, up to the newest. What was read is kept for the next page."""

    def __init__(self) -> None:
        self._serials: dict[int, int] = {}  # of the newest entry of each row, of those from `_begin` to `_end`
        self._begin = self._end = 0
        self._after = 0

    def read(self, oldest: int, newest: int) -> None:
        """Read the entries after `oldest`, the newest MOST_ENTRIES of them, and none from where the journal was compacted.

        Nobody, this process included, may have written some in the same transaction: if it was rolled back, others would get
        their serials.
        """
        self._after = max(oldest, newest - MOST_ENTRIES, complete_since().serial)
        if self._after < self._begin or not self._begin <= self._end <= newest or len(self._serials) > 2 * MOST_ENTRIES:
            self._begin = self._end = self._after
            self._serials = {}
        begin = max(self._end, self._begin)
        if begin < newest:
            entries = Entry.objects.filter(serial__gt=begin, serial__lte=newest).order_by("serial")
            for kind, key, serial in entries.values_list("kind", "key", "serial"):
                self._serials[object_hash(kind, key)] = serial
        self._end = newest

    def has_any_of(self, row: _Seen) -> bool:
        """Whether a row of this object was changed since, or may have been."""
        if row.serial < self._after:
            return True
        hashes = unpack(f">{len(row.rows) // 8}q", row.rows)
        return not self._serials.keys().isdisjoint(hashes) and any(self._serials.get(each, 0) > row.serial for each in hashes)
