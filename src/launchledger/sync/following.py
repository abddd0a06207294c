"""The journal of an upstream that has one, such as another Launchledger: where to go on in it, and when to believe it.

Promises: pure functions. A page of the journal is used only where it goes on without a gap from what was taken in. A page that
contradicts itself is a failure. Where the journal is another one than before, or was compacted beyond the serial, all lists are
walked through again, and then it is followed from where it ended when they began. No journal is followed before that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

LARGEST_PAGE = 100  # entries
LONGEST_WAIT = 28  # seconds that upstream holds its reply; the client would wait 30 for it
TURN = 1.0  # seconds from the end of a look at the journal to the next: an upstream may not hold its replies
DAY = 86_400.0
JOURNAL = "ledger/changes"  # the path, below the root of the server


@dataclass(frozen=True, slots=True)
class Following:
    """What is known of an upstream's journal. Times are seconds since 1970, of our own clock.

    `offered` is whether it has one, None before it was `asked`. `serial` is that of the last entry that was taken in, `written`
    its time in upstream's words ("" if not known), and `newest` upstream's newest serial then. Lists that were walked through
    after `since`, together with the entries after `serial`, are everything. `checked` is whether this process has seen that the
    entry is still the same. `mark` is the newest time at which anything was observed; entries are never observed before it.
    """

    offered: bool | None = None
    asked: float | None = None
    serial: int = 0
    written: str = ""
    newest: int = 0
    since: float = 0.0
    checked: bool = False
    mark: float = 0.0

    @property
    def is_behind(self) -> bool:
        """Whether there are entries that were not taken in."""
        return self.serial < self.newest

    def is_due(self, now: float) -> bool:
        """Whether to ask if upstream has a journal."""
        return self.offered is None or (not self.offered and (self.asked or 0.0) + DAY <= now)


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry by its serial and its time in upstream's words."""

    serial: int
    written: str


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of the journal, as far as the plan needs it: its first and last entry (None where it has none), the serial after
    which the next page begins, the newest one, and the least one from which on upstream still has every entry. `newest_at` is the
    newest time of an entry of the page."""

    first: Mark | None
    last: Mark | None
    after: int
    newest: int
    complete_since: int
    newest_at: float = 0.0


def parameters(known: Following, wait: int) -> tuple[tuple[str, str], ...]:
    """The parameters of the next call. The first one of a process begins one entry earlier, to see that it is still the same."""
    if not known.offered:
        return (("limit", "1"),)
    since = known.serial if known.checked else max(known.serial - 1, 0)
    waiting = (("wait", str(wait)),) if wait >= 1 and known.checked and not known.is_behind else ()
    return (("since", str(since)), ("limit", str(LARGEST_PAGE)), *waiting)


def contradiction(call: Mapping[str, str], page: Changes) -> str:
    """Why a page cannot be what the journal has after the serial that was asked for; "" if it can."""
    since = int(call.get("since", "0"))
    if page.first is None or page.last is None:
        return "" if page.newest <= max(since, page.complete_since) else "an empty page, although there are later entries"
    if page.first.serial <= since or not page.first.serial <= page.last.serial == page.after <= page.newest:
        return f"entries {page.first.serial} to {page.last.serial} after {since}, up to {page.after} of {page.newest}"
    return ""


def continues(known: Following, call: Mapping[str, str], page: Changes) -> bool:
    """Whether the entries of a page go on from what was taken in: with none between, and in the same journal as before."""
    if not known.offered or page.newest < known.serial or page.complete_since > known.serial:
        return False
    if int(call.get("since", "0")) >= known.serial or page.complete_since == known.serial:
        return True
    return page.first is not None and page.first.serial == known.serial and known.written in ("", page.first.written)


def advanced(known: Following, call: Mapping[str, str], page: Changes, at: float) -> Following:
    """What is known after a page that does not contradict itself. `at` is when it was asked for."""
    if not continues(known, call, page):
        return Following(offered=True, asked=at, serial=page.newest, newest=page.newest, since=at, mark=max(known.mark, at))
    known = replace(known, asked=at, newest=page.newest, checked=True)
    if page.last is None or page.last.serial < known.serial:
        return known
    mark = time_of(page.newest_at, known.mark, at) if page.last.serial > known.serial else known.mark
    return replace(known, serial=page.last.serial, written=page.last.written, mark=mark)


def time_of(written: float, mark: float, now: float) -> float:
    """The time of an observation: when upstream wrote the entry, but not before the mark, nor after now.

    So what is observed later wins, also where the two clocks differ.
    """
    return max(min(written, now), mark)


def following_from_json(data: Mapping[str, object] | None) -> Following:
    """A `Following` from what `dataclasses.asdict` made of it; None is what states of before have."""
    return Following(**data) if data else Following()  # type: ignore[arg-type]
