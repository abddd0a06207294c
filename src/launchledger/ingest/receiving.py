"""Receiving objects from any source, not only files, in batches that are each stored whole or not at all.

Promises: a bad object is refused alone, and the rest is stored; receiving the same again changes nothing. Memory is bounded by
one batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.actions.seen import NOT_SAVED
from launchledger.catalogue.records import Record
from launchledger.ingest.objects import identify
from launchledger.ingest.providers import note_provider, provider_of
from launchledger.ingest.reports import Complaint, Report
from launchledger.wire.reader import Refusal

BATCH_OBJECTS = 100
BATCH_RECORDS = 3_000
BATCH_CHARACTERS = 4 * 1024 * 1024  # whichever comes first; a batch is one transaction, and writers wait for each other

Complain = Callable[[Complaint], None]
Accept = Callable[["Received", Sequence[Record]], Sequence[Record]]
"""Called with an object and its records; returns those to store."""


@dataclass(slots=True)
class Received:
    """One object as received from a source, or the reason why it cannot be read.

    `at` is when it was observed, and `source` is where: both are stored with it. `origin` names the reply in reports: a file or
    an address, in which the object is at the JSON path `path`. `resource` is that of an object without `url`, such as
    `config/launchstatus`. Of two with the same `at`, the one `saved` later wins, and then the one with the higher `place` in its
    reply. `size` is in characters.
    """

    body: Any
    at: datetime
    source: str
    origin: str
    path: str = "$"
    resource: str = ""
    saved: datetime = NOT_SAVED
    place: int = 0
    size: int = 0
    refusal: Refusal | None = None


def receive(
    objects: Iterable[Received],
    complain: Complain = lambda complaint: None,
    accept: Accept = lambda received, records: records,
) -> Report:
    """Store objects as they come, and report the outcomes; `complain` is called for each that is refused, `accept` for others.

    An exception of the iterable is passed on; the batches before it are stored.
    """
    receiver = Receiver(complain, accept)
    for received in objects:
        receiver.add(received)
    receiver.flush()
    return receiver.report


class Receiver:
    """Receives objects one after another; `flush` stores those of the last batch."""

    def __init__(self, complain: Complain, accept: Accept = lambda received, records: records) -> None:
        self._complain = complain
        self._accept = accept
        self._batch: list[tuple[str, Observation]] = []
        self._records = 0
        self._characters = 0
        self._providers = dict[str, bool]()  # who made the objects, and whether that is stored
        self.report = Report()

    def add(self, received: Received) -> bool:
        """Receive one object, and return whether it was accepted."""
        resource = received.resource
        try:
            if received.refusal:
                raise received.refusal
            wire, model = identify(received.body, resource)
            resource = wire.path_of_model[model]
            records: Sequence[Record] = wire.reader.read(model, received.body)
        except Refusal as refusal:
            path = refusal.path if received.refusal else received.path + refusal.path.removeprefix("$")
            self.refuse(received.origin, path, refusal.reason, resource)
            return False
        if provider := provider_of(received.body):
            self._providers.setdefault(provider, False)
        records = self._accept(received, records)
        self.report.count_unknown_keys(f"{received.origin}: {received.path}", records)
        observation = Observation(records, received.source, received.at, received.saved, received.place)
        self._batch.append((resource, observation))
        self._records += len(records)
        self._characters += received.size
        if len(self._batch) >= BATCH_OBJECTS or self._records >= BATCH_RECORDS or self._characters >= BATCH_CHARACTERS:
            self.flush()
        return True

    def refuse(self, origin: str, path: str, reason: str, resource: str = "") -> None:
        self.report.count_refusal(resource)
        self._complain(Complaint(origin, path, reason))

    def flush(self) -> None:
        """Store the objects that were added since the last batch."""
        outcomes = observe([observation for _, observation in self._batch]) if self._batch else []
        for (resource, _), outcome in zip(self._batch, outcomes, strict=True):
            self.report.count(resource, outcome)
        for provider, is_noted in self._providers.items():
            if not is_noted:
                note_provider(provider)
                self._providers[provider] = True
        self._batch.clear()
        self._records = self._characters = 0
