"""Against nested serializers over the same tables: each reply once, and the same few replies again and again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext

from benchmarks.asking import Question
from benchmarks.catalogues import catalogue_copy, catalogue_file
from benchmarks.comparing import Comparison, Effort, Side, compare_cold, measure_cold
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.questions import Questions
from benchmarks.servers import Server, launchledger, stock
from benchmarks.works.warming import warmed

LISTS_BAR, DETAILS_BAR = 100, 200  # times less CPU
ROWS_BAR = 600  # microseconds of CPU for a detail rendered from rows
PAGES_BAR = 2.0  # milliseconds of CPU for a filtered or searched page of 10


def measure(effort: Effort) -> Findings:
    found = Findings()
    questions = Questions(catalogue_file(1))
    with warmed(1, questions.everything(_part(effort))) as url, launchledger(url) as ours, stock(url) as theirs:
        against_stock(found, questions, ours, theirs, effort)
    from_rows(found, questions, effort)
    return found


def against_stock(found: Findings, questions: Questions, ours: Server, theirs: Server, effort: Effort, prefix: str = "") -> None:
    """All questions that the stock server answers too; both run on one database."""
    some = 3 if prefix and not effort.quick else _part(effort)

    def cold(name: str, asked: Sequence[Question], connections: int = 1) -> Comparison:
        sides = Side(theirs, asked), Side(ours, asked)
        return found.add(compare_cold(f"{prefix}{name}", *sides, rounds=3, connections=connections))

    details = cold("flight detail, each once", questions.details(1_200 // some), connections=4)
    lists = cold("list of 100 detailed flights, each once", questions.lists(90 // some + 6))
    if not prefix:
        found.less_by("cold list of 100 detailed, against stock", lists, LISTS_BAR)
        found.less_by("cold detail, against stock", details, DETAILS_BAR)
    spacecraft = cold("flights of a spacecraft (?spacecraft=N), each once", questions.of_spacecraft(240 // some))
    if prefix and effort.quick:
        return
    cold("launch detail, each once", questions.launch_details(240 // some), connections=4)
    cold("list of 100 detailed launches, each once", questions.launch_lists(18 // some + 6))
    cold("launch/upcoming/?limit=10&mode=detailed, each once", questions.upcoming(60 // some))
    searches = cold("search for two words among launches, each once", questions.searches(120 // some))
    hot = questions.hot_details()
    cold("the same 100 flight details again", hot * 3, connections=4)
    cold("the same 3 lists of 100 detailed flights again", questions.lists(3) * (6 if some == 1 else 3))
    if not prefix:
        for name, comparison in (("filter", spacecraft), ("search", searches)):
            if comparison.cost_b is not None:
                found.within(f"{name}: a page of 10, cold", comparison.cost_b.cpu / 1e3, "ms CPU", PAGES_BAR)


def _part(effort: Effort) -> int:
    return 4 if effort.quick else 1


def from_rows(found: Findings, questions: Questions, effort: Effort) -> None:
    """The cost of a detail without a document: the whole request, and the same with storing the document."""
    first, asked = questions.details()[:100], questions.details(1_200 // _part(effort))[100:]
    costs = []
    for can_store in (False, True):
        with catalogue_copy(1) as url, launchledger(url) as ours, nullcontext() if can_store else _write_lock_held(url):
            measure_cold(ours, first, rounds=1)  # warms up the process
            costs.append(measure_cold(ours, asked, rounds=3, connections=4))
    found.within("cold detail rendered from rows, the whole request", costs[0].cpu, "us CPU", ROWS_BAR)
    found.record(Figure("cold detail rendered from rows, and its document stored", costs[1].cpu, "us CPU"))


@contextmanager
def _write_lock_held(url: str) -> Iterator[None]:
    """While a writer holds the lock, no document can be stored."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")
