"""Objects that an upstream does not have any more, although it may still show them within others.

An upstream that keeps what it deletes, such as another Launchledger (docs/adr/0034), shows a deleted event in the spacewalk that
it belonged to. Such a copy would revive the object here, and the next walk delete it again.

Promises: what is gone is revived by its own address or its list alone; its copies in others are left out, but for their ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from launchledger.catalogue.records import Record
from launchledger.sync.models import GoneObject, Server


class GoneObjects:
    """What is gone of one upstream. They are read once: one process syncs at a time."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._read: set[tuple[str, str]] | None = None

    def add(self, kind: str, key: str, at: datetime) -> None:
        """Note that the address of an object was answered with 404."""
        Server.objects.get_or_create(name=self._server)
        GoneObject.objects.update_or_create(server_id=self._server, kind=kind, key=key, defaults={"at": at})
        self._objects().add((kind, key))

    def remove(self, kind: str, keys: Collection[str]) -> None:
        """Note that these objects are there, because a list or their own address shows them."""
        back = {key for key in keys if (kind, key) in self._objects()}
        if back:
            GoneObject.objects.filter(server=self._server, kind=kind, key__in=back).delete()
            self._objects().difference_update((kind, key) for key in back)

    def leave_out(self, records: Sequence[Record]) -> Sequence[Record]:
        """These records without those of objects that are gone."""
        gone = self._objects()
        return [each for each in records if (each.model, str(each.key)) not in gone] if gone else records

    def _objects(self) -> set[tuple[str, str]]:
        if self._read is None:
            self._read = set(GoneObject.objects.filter(server=self._server).values_list("kind", "key"))
        return self._read
