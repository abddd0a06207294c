"""What the plan of calls knows, what it answers, and what it needs of a reply.

Promises: frozen values, made of numbers, texts, tuples and mappings alone. `dataclasses.asdict` of a `Known` is JSON, and
`known_from_json` gives back an equal one. Nothing here reads a clock, a database or the network.

Times are seconds since 1970, as of `clock.timestamp()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeAlias

from launchledger.sync.following import Changes, Following, following_from_json
from launchledger.wire.resources import LARGEST_LIMIT


class What(StrEnum):
    """The kinds of call."""

    USE = "use"  # how much of the allowance upstream says is used; does not count
    NEWS = "news"  # the objects that changed last
    SWEEP = "sweep"  # the next page of a walk through a whole list
    ABSENT = "absent"  # one object that a whole list did not have
    DETAIL = "detail"  # one object, for facts that no list shows
    CHANGES = "changes"  # the next page of the journal of an upstream that has one


@dataclass(frozen=True, slots=True)
class Call:
    """A call to upstream, not before `at`.

    `path` is below the root of the version and without slashes at its ends. `key` is the id of the object for `absent` and
    `detail`, and "" otherwise. `reason` is a sentence for people. `number` is that of the sweep that a page belongs to.
    """

    what: What
    path: str
    at: float
    reason: str
    parameters: tuple[tuple[str, str], ...] = ()
    key: str = ""
    number: int = 0

    @property
    def counts(self) -> bool:
        """Whether it uses up the allowance."""
        return self.what is not What.USE

    @property
    def name(self) -> str:
        """What the failures of this call are counted under: the next page of the same walk has the same name."""
        return f"{self.what} {self.path}/{self.key}".rstrip("/")

    @property
    def offset(self) -> int:
        return int(dict(self.parameters).get("offset", "0"))

    @property
    def limit(self) -> int:
        return int(dict(self.parameters).get("limit", str(LARGEST_LIMIT)))


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many calls upstream allows in `seconds`, and when calls were made.

    `limit` is None if upstream does not throttle. `calls` are the times of those that count and are less than `seconds` +
    `margin` old, the oldest first; a larger use that upstream reports is added to them. `margin` is added to the window, because
    calls reach upstream a little after they are recorded, some later than others.
    """

    limit: int | None
    seconds: float = 3600.0
    calls: tuple[float, ...] = ()
    margin: float = 5.0

    @property
    def window(self) -> float:
        return self.seconds + self.margin


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, as far as the plan needs it.

    `more` is whether it has a `next`. `keys` are the ids in the order of the page. `fresh` is how many of these keys the sweep of
    the call had not seen; the caller remembers the keys seen by each running sweep. `stamps` are the `last_updated` of the
    objects in the same order, where they have one that can be read.
    """

    count: int
    more: bool
    keys: tuple[str, ...]
    fresh: int = 0
    stamps: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One object."""


@dataclass(frozen=True, slots=True)
class Gone:
    """404: the object does not exist, or the whole list is not offered."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """429. `wait` is how many seconds upstream says to wait."""

    wait: float


@dataclass(frozen=True, slots=True)
class Failed:
    """No usable reply, or one that contradicts itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class Use:
    """The reply about the allowance; it belongs to the budget, and tells the plan only that upstream was asked."""


Reply: TypeAlias = Page | Changes | Found | Gone | Throttled | Failed | Use


@dataclass(frozen=True, slots=True)
class Sweep:
    """A walk through a whole list, page by page, and what the last walks found.

    Of the running walk: `began` (None if none is running), `walked` (how many rows of the list lie behind), `tail` (the last keys
    behind, which the next page must begin with), `seen` (different keys so far), `slack` (how many rows fewer than walked were
    seen, as far as asking again did not find them), `back_to` (where to go on after a page that is asked again; None otherwise),
    `back_from` (where that page begins), `backs` (how often it went back), `limit` and `limit_until` (smaller pages
    until so many rows are walked, because of one that makes pages fail), `skipped` (rows that were left out for that reason).

    Of the last walk that ended: `last_began`, `last_ended`, `last_seen` (different keys), `short` (how many rows it must have
    missed), and `shorts` (how many walks in a row were short). `compare` is true from its end until `absent` was told what it
    did not see. `count` is upstream's. `number` is that of the running or last walk.
    """

    path: str
    number: int = 0
    began: float | None = None
    walked: int = 0
    tail: tuple[str, ...] = ()
    seen: int = 0
    slack: int = 0
    back_to: int | None = None
    back_from: int = 0
    backs: int = 0
    limit: int = LARGEST_LIMIT
    limit_until: int = 0
    skipped: int = 0
    count: int | None = None
    last_began: float | None = None
    last_ended: float | None = None
    last_seen: int = 0
    short: int = 0
    shorts: int = 0
    compare: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What changed last in a list with `last_updated`.

    `mark` is a `last_updated` up to which every change was taken in; None before the first sweep. `asked` is when the last whole
    walk began. A walk that needs several pages has `began`, the `top` that becomes the mark when it is whole, `walked`, `tail`.
    """

    path: str
    mark: float | None = None
    asked: float | None = None
    began: float | None = None
    top: float | None = None
    walked: int = 0
    tail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ahead:
    """A launch or an event near its time: `at` is its net or date. `precision` and `status` are ids, None if not known."""

    path: str
    key: str
    at: float
    precision: int | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Single:
    """One object to ask for by its id. `asked` is when it was asked for last, None for never."""

    path: str
    key: str
    reason: str
    asked: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """How often a call failed in a row, why last, and when it may be tried again."""

    times: int
    not_before: float
    reason: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is asked before `until`."""

    until: float
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the plan knows. The caller keeps it; `next_call` reads it and `advance` gives the next one.

    Two parts do not follow from replies alone, and are read from the catalogue before each call: `ahead`, the launches and events
    within some days of now, and `details`, some objects that have facts in their details alone, least recently asked first.

    `sweeps` and `news` are by path, `failures` by the name of the call. `singles` are objects to ask for once, such as those that
    whole lists did not have. `following` is upstream's journal, if it has one. `failed_in_a_row` counts failures of any call.
    `detail_asked` is when any detail was asked for last. `ask_use` is whether to ask upstream how much of the allowance is used.
    `seed` is what the random parts of waiting times are drawn from.
    """

    seed: int = 0
    sweeps: Mapping[str, Sweep] = field(default_factory=dict)
    news: Mapping[str, News] = field(default_factory=dict)
    ahead: tuple[Ahead, ...] = ()
    singles: tuple[Single, ...] = ()
    details: tuple[Single, ...] = ()
    failures: Mapping[str, Failure] = field(default_factory=dict)
    failed_in_a_row: int = 0
    detail_asked: float | None = None
    pause: Pause | None = None
    ask_use: bool = True
    following: Following = field(default_factory=Following)

    def sweep(self, path: str) -> Sweep:
        return self.sweeps.get(path) or Sweep(path)

    def news_of(self, path: str) -> News:
        return self.news.get(path) or News(path)

    def with_sweep(self, sweep: Sweep) -> Known:
        return replace(self, sweeps={**self.sweeps, sweep.path: sweep})

    def with_news(self, news: News) -> Known:
        return replace(self, news={**self.news, news.path: news})


def known_from_json(data: Mapping[str, Any]) -> Known:
    """A `Known` from what `dataclasses.asdict` made of it, also after a way through JSON."""
    pause = data["pause"]
    return Known(
        seed=data["seed"],
        sweeps={path: Sweep(**_with_tail(value)) for path, value in data["sweeps"].items()},
        news={path: News(**_with_tail(value)) for path, value in data["news"].items()},
        ahead=tuple(Ahead(**value) for value in data["ahead"]),
        singles=tuple(Single(**value) for value in data["singles"]),
        details=tuple(Single(**value) for value in data["details"]),
        failures={name: Failure(**value) for name, value in data["failures"].items()},
        failed_in_a_row=data["failed_in_a_row"],
        detail_asked=data["detail_asked"],
        pause=None if pause is None else Pause(**pause),
        ask_use=data["ask_use"],
        following=following_from_json(data.get("following")),
    )


def _with_tail(value: Mapping[str, Any]) -> dict[str, Any]:
    return {**value, "tail": tuple(value["tail"])}
