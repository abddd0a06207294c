"""Loading files into the catalogue.

Promises: a bad object is refused alone, and the rest is loaded; loading the same again changes nothing; killed at any time, the
catalogue holds whole batches, and loading again completes it. Memory is bounded whatever the files contain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

from launchledger import clock
from launchledger.formats.texts import printable
from launchledger.formats.times import UNKNOWN
from launchledger.ingest.dating import DatesInNames, FileTimes, newest
from launchledger.ingest.finding import Found, LeftOut
from launchledger.ingest.objects import resource_of_file, resource_of_request
from launchledger.ingest.opening import Opened, opened
from launchledger.ingest.reading import Item, read_items
from launchledger.ingest.receiving import Complain, Received, Receiver
from launchledger.ingest.reports import Report

FILE_TIMES_REFUSED = (
    "{reason}, so file times do not say when the replies were saved. Objects without last_updated are dated by the newest past "
    "event they mention. To set the time, use --observed-at TIME, or --dates-in-names PATTERN if file names contain dates"
)


@dataclass(frozen=True, slots=True)
class Instructions:
    """How to load: `resource` is that of objects without a url, `observed_at` replaces the time of replies, `dates_in_names`
    finds it in the names of files, and `file_times` decides whether the times of files count.
    """

    resource: str = ""
    observed_at: datetime | None = None
    dates_in_names: DatesInNames | None = None
    file_times: FileTimes = default(default_factory=FileTimes)


class Loader:
    """Loads files one after another.

    `complain` is called with each refusal at once, `note` with each line about what was left out on purpose, `progress` with the
    place in the file that was read.
    """

    def __init__(
        self,
        instructions: Instructions,
        complain: Complain = lambda complaint: None,
        progress: Callable[[int], None] = lambda place: None,
        note: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._instructions = instructions
        self._progress = progress
        self._note = note
        self._reason_against = ""  # why the time of the file was not used for the current object
        self._is_noted = False  # whether that reason was noted
        self._receiver = Receiver(complain)

    @property
    def report(self) -> Report:
        return self._receiver.report

    def load(self, file: Found, standard_input: BinaryIO | None = None) -> None:
        """Load one file; one that cannot be opened is a complaint like any other."""
        if isinstance(file, LeftOut):
            self._leave_out(file)
            return
        name = "standard input" if isinstance(file, str) else printable(str(file))
        try:
            with opened(file, standard_input) as opening:
                for received in self._objects_in(name, opening, "" if isinstance(file, str) else resource_of_file(file)):
                    if self._receiver.add(received) and self._reason_against and not self._is_noted:
                        self._is_noted = True
                        self._note(printable(f"{file}: {FILE_TIMES_REFUSED.format(reason=self._reason_against)}"))
                if opening.content.reason:
                    self._receiver.refuse(name, "$", opening.content.reason)
        except OSError as error:
            self._receiver.refuse(name, "$", f"cannot be read: {error.strerror or error}")
        self._receiver.flush()

    def _objects_in(self, name: str, opening: Opened, resource_of_name: str) -> Iterator[Received]:
        content = opening.content
        named = self._named_time(opening)
        source = f"file:{Path(name).name}"
        for place, item in zip(count(), read_items(content.stream)):
            self._progress(int(content.stream.tell() * content.scale))
            resource = self._instructions.resource or resource_of_request(item.request) or resource_of_name
            at = UNKNOWN if item.refusal else self._observed_at(item, opening, named)
            yield Received(
                item.body, at, source, name, item.path, resource, named or opening.saved, place, item.size, item.refusal
            )

    def _named_time(self, opening: Opened) -> datetime | None:
        """The time in the name of the file, if `dates_in_names` is set."""
        dates, file = self._instructions.dates_in_names, opening.file
        if self._instructions.observed_at or not dates or not file:
            return None
        found = dates.find(file)
        if not found:
            self._note(printable(f"{file}: its name has no date like {dates.pattern}"))
        return found

    def _observed_at(self, item: Item, opening: Opened, named: datetime | None) -> datetime:
        updated, happened = item.times
        self._reason_against = ""
        if self._instructions.observed_at:
            return self._instructions.observed_at
        if named or updated:
            return newest(named, updated) or UNKNOWN
        self._reason_against = self._instructions.file_times.reason_against(opening.file) if opening.file else ""
        if self._reason_against:
            return happened or UNKNOWN
        saved = min(opening.saved, clock.now()).replace(microsecond=0)
        return newest(saved, happened) or saved

    def _leave_out(self, left: LeftOut) -> None:
        if left.refused:
            self._receiver.refuse(str(left.path), "$", left.reason)
        else:
            self._note(printable(f"{left.path}: {left.reason}"))
