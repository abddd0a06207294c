"""From a reply of upstream to the catalogue.

Promises: the objects of a reply, what the plan knows after it, and the mark that the reply is done are one transaction, so a kill
loses nothing and repeats nothing. A bad object is set aside with its reason, and the rest of its page is taken in. Objects that
did not change cost no more than a comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from launchledger.catalogue.actions import Deletion, Outcome, delete
from launchledger.catalogue.records import Record
from launchledger.formats.times import parse_date_time
from launchledger.ingest.receiving import Received, receive
from launchledger.ingest.reports import Complaint, Report
from launchledger.sync import following
from launchledger.sync.advancing import absent, advance, asking, settles
from launchledger.sync.applying import apply
from launchledger.sync.following import Changes, Following, Mark
from launchledger.sync.gone import GoneObjects
from launchledger.sync.refused import key_of, set_aside, taken_in
from launchledger.sync.state import Call, Failed, Found, Gone, Known, Page, Reply, Single, What
from launchledger.sync.store import Store, key_from, moment
from launchledger.sync.targets import targets
from launchledger.sync.unchanged import Recogniser
from launchledger.sync.upstream import ChangesReply, FailedReply, GoneReply, ObjectReply, PageReply

FUTURE = timedelta(hours=1)  # by which upstream's clock may be ahead of ours
_DETAIL = "detail"  # the mode of objects that are asked for alone

Answer: TypeAlias = PageReply | ObjectReply | ChangesReply | GoneReply | FailedReply


@dataclass(slots=True)
class Taken:
    """What a reply brought: the report of its objects, whether an object was deleted, and why the reply was not used, if so."""

    report: Report
    deleted: bool = False
    failed: str = ""


class Taker:
    """Takes in the replies of one upstream. `source` is its name as a source of observations."""

    def __init__(self, server: str, source: str, store: Store) -> None:
        self._server = server
        self._source = source
        self._store = store
        self._recogniser = Recogniser(server, source)
        self._gone = GoneObjects(server)

    def take_in(self, call: Call, request: str, at: datetime, answer: Answer) -> Taken:
        """Take in the reply to a call that was made at `at`. Call it inside `writing()`."""
        taken = Taken(Report())
        known = self._store.load_saved()
        if isinstance(answer, PageReply | ObjectReply):
            objects = answer.objects if isinstance(answer, PageReply) else [answer.body]
            taken.report = self._receive(call.path, _mode(call), request, at, objects)
        asked: list[Single] = []
        if isinstance(answer, ChangesReply):
            reply: Reply = self._follow(call, answer, known.following, at, taken, asked)
        else:
            reply = self._reply(call, answer)
        if isinstance(reply, Gone) and call.key:
            taken.deleted = self._delete(call, at)
        if call.what is What.DETAIL and settles(known, call, reply):
            self._store.note_asked(call.path, call.key, at)
        before = known.failures.get(call.name)
        known = asking(advance(known, call, reply, at.timestamp()), asked)
        after = known.failures.get(call.name)
        taken.failed = after.reason if after is not None and after != before else ""
        self._store.save(self._compare(known, at), at, answered=not isinstance(answer, FailedReply))
        return taken

    def _follow(
        self, call: Call, answer: ChangesReply, known: Following, at: datetime, taken: Taken, asked: list[Single]
    ) -> Changes:
        """Apply the entries that come after those that were applied; `asked` gets the objects to ask for."""
        marks = [Mark(entry.serial, entry.written) for entry in answer.entries]
        newest_at = max((entry.at.timestamp() for entry in answer.entries), default=0.0)
        first, last = (marks[0], marks[-1]) if marks else (None, None)
        page = Changes(first, last, answer.after, answer.newest, answer.complete_since, newest_at)
        parameters = dict(call.parameters)
        if not following.contradiction(parameters, page) and following.continues(known, parameters, page):
            entries = [entry for entry in answer.entries if entry.serial > known.serial]
            applied = apply(entries, known.mark, at.timestamp(), self._source)
            for kind, key in applied.deleted:
                self._gone.add(kind, str(key), at)
            asked += (Single(path, key, reason) for (path, key), reason in applied.asked.items())
            taken.report, taken.deleted = applied.report, bool(applied.deleted)
        return page

    def take_again(self, resource: str, request: str, at: datetime, body: Any) -> None:
        """Try again an object that was set aside. Call it inside `writing()`."""
        self._receive(resource, _DETAIL, request, at, [body])

    def _receive(self, path: str, mode: str, request: str, at: datetime, objects: Sequence[Any]) -> Report:
        """Store the objects that are not as they were, and set aside those that are refused."""
        resource = targets()[path].whole if path in targets() else path
        if path in targets():
            self._gone.remove(targets()[path].model, [key_of(body) for body in objects])
        page = self._recogniser.look(f"{resource} {mode}", objects, at)
        refused: dict[int, Complaint] = {}

        def complain(complaint: Complaint) -> None:
            refused[int(complaint.path.partition("]")[0].removeprefix("$["))] = complaint

        def accept(received: Received, records: Sequence[Record]) -> Sequence[Record]:
            records = self._gone.leave_out(records)
            page.store(received.body, records)
            return records

        received = (
            Received(body, _observed_at(body, at), self._source, request, f"$[{place}]", resource, place=place)
            for place, body in enumerate(page.news)
        )
        report = receive(received, complain, accept)
        self._recogniser.remember(page)
        for place, complaint in refused.items():
            where = "$" + complaint.path.partition("]")[2]
            set_aside(self._server, resource, page.news[place], request=request, at=at, path=where, reason=complaint.reason)
        taken_in(self._server, resource, [body for place, body in enumerate(page.news) if place not in refused])
        report.outcomes[resource][Outcome.SAME] += page.recognised
        return report

    def _reply(self, call: Call, answer: PageReply | ObjectReply | GoneReply | FailedReply) -> Reply:
        """The reply as the plan needs it."""
        match answer:
            case FailedReply():
                return Failed(answer.reason)
            case GoneReply():
                return Gone()
            case ObjectReply():
                return Found()
        keys = tuple(key_of(body) for body in answer.objects)
        page = Page(answer.count, answer.more, keys, 0, tuple(_stamp(body) for body in answer.objects))
        if call.what is What.SWEEP:
            page = replace(page, fresh=self._store.note_walked(call.path, call.number, keys))
        return page

    def _delete(self, call: Call, at: datetime) -> bool:
        """Delete the object that upstream does not have; returns whether it was there."""
        target = targets()[call.path]
        for mode in {_mode(replace(call, key="")), _DETAIL}:
            self._recogniser.forget(f"{target.whole} {mode}", [call.key])
        key = key_from(target, call.key)
        self._gone.add(target.model, call.key, at)
        return delete(target.model, key, at, self._source, "Upstream does not have it any more.") is Deletion.DELETED

    def _compare(self, known: Known, now: datetime) -> Known:
        """Compare the walks that have ended with the catalogue."""
        for path, sweep in known.sweeps.items():
            if sweep.compare:
                began = moment(sweep.last_began or 0.0)
                known = absent(known, path, self._store.end_walk(targets()[path], sweep.number, began, now))
        return known


def _mode(call: Call) -> str:
    """The mode in which a call shows its objects: those of one mode can be compared."""
    return _DETAIL if call.key else dict(call.parameters).get("mode", "")


def _stamp(body: dict[str, Any]) -> float | None:
    """The `last_updated` of an object in seconds; None if it has none that can be read."""
    value = body.get("last_updated")
    try:
        return parse_date_time(value).timestamp() if isinstance(value, str) else None
    except ValueError:
        return None


def _observed_at(body: dict[str, Any], at: datetime) -> datetime:
    """When an object was as the reply has it: when it was asked for, or a little later if upstream's clock is ahead."""
    stamp = _stamp(body)
    return moment(stamp) if stamp is not None and at.timestamp() < stamp <= (at + FUTURE).timestamp() else at
