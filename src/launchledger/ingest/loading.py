"""Loading files into the catalogue, in batches that are each whole or not there at all.

Promises: what is bad is refused by itself, and the rest goes on; loading the same again changes nothing; killed at any moment,
the catalogue holds whole batches, and loading again completes it. Memory is bounded whatever the files hold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.records import Record
from launchledger.contract.formats import UNKNOWN, printable
from launchledger.contract.reader import Refusal
from launchledger.ingest.ages import DatesInNames, FileTimes, newest
from launchledger.ingest.finding import Found, LeftOut
from launchledger.ingest.objects import resource_of_file, resource_of_request, what_is
from launchledger.ingest.opening import Opened, opened
from launchledger.ingest.reading import Item, read_items

BATCH_OBJECTS = 50
BATCH_RECORDS = 3_000
BATCH_CHARACTERS = 4 * 1024 * 1024  # whichever comes first; a batch is one transaction, and writers wait for each other
REFUSED = "refused"
OTHER_KEYS = "..."
MOST_KEYS = 1_000
FILE_TIMES_REFUSED = (
    "{reason}, so file times do not say when the replies were saved. Objects without last_updated are dated by the newest past "
    "event they mention. To set the time, use --observed-at TIME, or --dates-in-names PATTERN if file names contain dates"
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One object, or one file, that was refused."""

    file: str
    path: str
    reason: str

    def __str__(self) -> str:
        return printable(f"{self.file}: {self.path}: {self.reason}")


@dataclass(slots=True)
class Report:
    """What loading did: outcomes counted by resource, and the keys that were not understood with an example of where.

    At most MOST_KEYS are told apart; those beyond are counted under OTHER_KEYS of their model.
    """

    outcomes: defaultdict[str, Counter[str]] = default(default_factory=lambda: defaultdict(Counter))
    not_understood: dict[tuple[str, str], str] = default(default_factory=dict)
    not_understood_counts: Counter[tuple[str, str]] = default(default_factory=Counter)
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Instructions:
    """How to load: `resource` speaks for objects without an address, `observed_at` replaces the time that replies tell, and
    `dates_in_names` tells it for each file; `file_times` knows whether the files' own times may.
    """

    resource: str = ""
    observed_at: datetime | None = None
    dates_in_names: DatesInNames | None = None
    file_times: FileTimes = default(default_factory=FileTimes)


class Loader:
    """Loads files one after another.

    `complain` is called for each refusal as it is met, `note` with each line about what was left out on purpose, `progress` with
    the place in the file that reading has come to.
    """

    def __init__(
        self,
        instructions: Instructions,
        complain: Callable[[Complaint], None] = lambda complaint: None,
        progress: Callable[[int], None] = lambda place: None,
        note: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._instructions = instructions
        self._complain = complain
        self._progress = progress
        self._note = note
        self._file_times_refused = False
        self._batch: list[tuple[str, Observation]] = []
        self._records = 0
        self._characters = 0
        self.report = Report()

    def load(self, file: Found, standard_input: BinaryIO | None = None) -> None:
        """Load one file; what cannot be opened is a complaint like any other."""
        if isinstance(file, LeftOut):
            self._leave_out(file)
            return
        name = "standard input" if isinstance(file, str) else printable(str(file))
        try:
            with opened(file, standard_input) as opening:
                self._load_stream(name, opening, "" if isinstance(file, str) else resource_of_file(file))
                if opening.content.reason:
                    self._refuse(name, "$", opening.content.reason, "")
        except OSError as error:
            self._refuse(name, "$", f"cannot be read: {error.strerror or error}", "")
        self._flush()

    def _load_stream(self, name: str, opening: Opened, resource_of_name: str) -> None:
        content = opening.content
        named = self._named_time(opening)
        source = f"file:{Path(name).name}"
        for place, item in zip(count(), read_items(content.stream)):
            self._progress(int(content.stream.tell() * content.scale))
            resource = self._instructions.resource or resource_of_request(item.request) or resource_of_name
            try:
                if item.refusal:
                    raise item.refusal
                wire, model = what_is(item.body, resource)
                resource = wire.path_of_model[model]
                records = wire.reader.read(model, item.body)
            except Refusal as refusal:
                path = refusal.path if item.refusal else item.path + refusal.path.removeprefix("$")
                self._refuse(name, path, refusal.reason, resource)
                continue
            self._remember_unknown_keys(f"{name}: {item.path}", records)
            observation = Observation(records, source, self._observed_at(item, opening, named), named or opening.saved, place)
            self._batch.append((resource, observation))
            self._records += len(records)
            self._characters += item.size
            if len(self._batch) >= BATCH_OBJECTS or self._records >= BATCH_RECORDS or self._characters >= BATCH_CHARACTERS:
                self._flush()

    def _named_time(self, opening: Opened) -> datetime | None:
        """The time that the name of the file holds, where it was asked for."""
        dates, file = self._instructions.dates_in_names, opening.file
        if self._instructions.observed_at or not dates or not file:
            return None
        found = dates.find(file)
        if not found:
            self._note(printable(f"{file}: its name holds no date like {dates.pattern}"))
        return found

    def _observed_at(self, item: Item, opening: Opened, named: datetime | None) -> datetime:
        updated, happened = item.times
        if self._instructions.observed_at:
            return self._instructions.observed_at
        if named or updated:
            return newest(named, updated) or UNKNOWN
        if opening.file and (reason := self._instructions.file_times.doubt(opening.file)):
            if not self._file_times_refused:
                self._file_times_refused = True
                self._note(printable(f"{opening.file}: {FILE_TIMES_REFUSED.format(reason=reason)}"))
            return happened or UNKNOWN
        saved = min(opening.saved, datetime.now(UTC)).replace(microsecond=0)
        return newest(saved, happened) or saved

    def _leave_out(self, left: LeftOut) -> None:
        if left.refused:
            self._refuse(str(left.path), "$", left.reason, "")
        else:
            self._note(printable(f"{left.path}: {left.reason}"))

    def _flush(self) -> None:
        outcomes = observe([observation for _, observation in self._batch]) if self._batch else []
        for (resource, _), outcome in zip(self._batch, outcomes, strict=True):
            self.report.outcomes[resource][outcome] += 1
        self._batch.clear()
        self._records = self._characters = 0

    def _refuse(self, name: str, path: str, reason: str, resource: str) -> None:
        self.report.refusals += 1
        self.report.outcomes[resource or "?"][REFUSED] += 1
        self._complain(Complaint(name, path, reason))

    def _remember_unknown_keys(self, place: str, records: Sequence[Record]) -> None:
        examples, counts = self.report.not_understood, self.report.not_understood_counts
        for record in records:
            for key in _unknown_keys(record):
                told = (record.model, key)
                if told not in examples and len(examples) >= MOST_KEYS:
                    told = (record.model, OTHER_KEYS)
                examples.setdefault(told, place)
                counts[told] += 1


def _unknown_keys(record: Record) -> Iterator[str]:
    yield from record.not_understood
    for name, members in record.owned.items():
        for member in members:
            yield from (f"{name}.{key}" for key in member.get("not_understood", ()))
