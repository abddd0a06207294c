"""Two servers get the same requests in turns: what a request costs each of them.

Promises: replies are compared before and after; runs alternate, A B and B A, and each starts when the one before has finished;
a comparison with any error or difference has no figures, only the reason.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.asking import Question, Refused, Reply, ask_all, check_same
from benchmarks.servers import Server
from benchmarks.wrk import Load, each_once, stream

_MOST_HEADERS = 2_000  # bytes of headers in a reply, at most
_SLACK = 0.05  # how far the mean size of replies under load may be from that of the checked replies

Check = Callable[[Sequence[Reply], Sequence[Reply], Sequence[Question]], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """The length of a measurement: rounds of each side, and seconds of a round under steady load."""

    rounds: int
    seconds: float
    quick: bool = False


FULL, QUICK = Effort(5, 1.0), Effort(2, 1.0, quick=True)


@dataclass(frozen=True, slots=True)
class Side:
    server: Server
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians of the rounds: CPU microseconds a request, requests a second, milliseconds until half and 99 % had their reply."""

    cpu: float
    rate: float
    p50: float
    p99: float
    bytes: float
    requests: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`ratio` is the CPU of B over that of A, the median over pairs of runs, from `lowest` to `highest`."""

    name: str
    a: str
    b: str
    cost_a: Cost | None = None
    cost_b: Cost | None = None
    ratio: float = 0
    lowest: float = 0
    highest: float = 0
    refused: str = ""
    note: str = ""

    def __str__(self) -> str:
        if self.cost_a is None or self.cost_b is None:
            return f"{self.name}: REFUSED: {self.refused}"
        costs = f"{self.a} {self.cost_a.cpu:,.0f} us, {self.b} {self.cost_b.cpu:,.0f} us"
        return f"{self.name}: {costs}; {self.ratio:.4g}x ({self.lowest:.4g} to {self.highest:.4g})"


@dataclass(slots=True)
class _Runs:
    loads: list[Load] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def median(self) -> Cost:
        def of(value: Callable[[Load], float]) -> float:
            return statistics.median(map(value, self.loads))

        return Cost(
            statistics.median(self.costs),
            of(lambda load: load.requests / load.seconds),
            of(lambda load: load.p50),
            of(lambda load: load.p99),
            of(lambda load: load.bytes_each),
            sum(load.requests for load in self.loads),
        )


def same_bytes(a: Sequence[Reply], b: Sequence[Reply], questions: Sequence[Question]) -> None:
    check_same(a, b, questions, bytewise=True)


def same_json(a: Sequence[Reply], b: Sequence[Reply], questions: Sequence[Question]) -> None:
    check_same(a, b, questions, bytewise=False)


def compare_hot(
    name: str, a: Side, b: Side, effort: Effort, *, check: Check = same_bytes, connections: int = 8, note: str = ""
) -> Comparison:
    """Steady load over questions that both sides have answered before."""

    def measure() -> tuple[_Runs, _Runs]:
        sizes = []
        for _ in range(2):  # some caches store a reply at its second request
            replies_a, replies_b = _ask(a, a.questions), _ask(b, b.questions)
            check(replies_a, replies_b, a.questions)
            sizes = [statistics.mean(len(reply.body) for reply in replies) for replies in (replies_a, replies_b)]

        def run(side: Side, _round: int) -> Load:
            load = stream(side.server.port, side.questions, seconds=effort.seconds, connections=connections)
            expected = sizes[0] if side is a else sizes[1]
            if not expected * (1 - _SLACK) <= load.bytes_each <= expected * (1 + _SLACK) + _MOST_HEADERS:
                raise Refused(f"{side.server.name} sent {load.bytes_each:,.0f} bytes a reply under load, {expected:,.0f} before")
            return load

        for side in (a, b) if not effort.quick else ():
            stream(side.server.port, side.questions, seconds=1, connections=connections)
        runs = _alternate(a, b, effort.rounds, run)
        check(_ask(a, a.questions), _ask(b, b.questions), a.questions)
        return runs

    return _compared(name, a.server.name, b.server.name, measure, note)


def compare_cold(
    name: str,
    a: Side,
    b: Side,
    *,
    rounds: int,
    check: Check = same_json,
    checked: int | None = None,
    connections: int = 1,
    note: str = "",
) -> Comparison:
    """Every question once, in as many parts as rounds; `checked` ones (one in six) are asked before, and not counted.

    Replies are cold, not processes: the questions asked before warm up both servers.
    """

    sample = checked or max(6, len(a.questions) // 6)

    def measure() -> tuple[_Runs, _Runs]:
        before = set(range(0, len(a.questions), max(1, len(a.questions) // sample))[:sample])
        _check_sample(a, b, sorted(before), check)
        rest = [place for place in range(len(a.questions)) if place not in before]

        def run(side: Side, number: int) -> Load:
            return each_once(side.server.port, [side.questions[place] for place in rest[number::rounds]], connections=connections)

        runs = _alternate(a, b, rounds, run)
        _check_sample(a, b, rest[:: max(1, len(rest) // sample)][:sample], check)
        return runs

    return _compared(name, a.server.name, b.server.name, measure, note)


def measure_cold(server: Server, questions: Sequence[Question], *, rounds: int, connections: int = 1) -> Cost:
    """The cost of cold replies for one server alone; raises Refused on any error."""
    runs = _Runs()
    for number in range(rounds):
        _timed(server, lambda number=number: each_once(server.port, questions[number::rounds], connections=connections), runs)  # type: ignore[misc]
    return runs.median()


def _compared(name: str, a: str, b: str, measure: Callable[[], tuple[_Runs, _Runs]], note: str) -> Comparison:
    try:
        of_a, of_b = measure()
    except (Refused, OSError) as refused:
        return Comparison(name, a, b, refused=str(refused), note=note)
    ratios = [cost_b / cost_a for cost_a, cost_b in zip(of_a.costs, of_b.costs, strict=True)]
    return Comparison(name, a, b, of_a.median(), of_b.median(), statistics.median(ratios), min(ratios), max(ratios), note=note)


def _alternate(a: Side, b: Side, rounds: int, run: Callable[[Side, int], Load]) -> tuple[_Runs, _Runs]:
    runs = {id(a): _Runs(), id(b): _Runs()}
    for number in range(rounds):
        for side in (a, b) if number % 2 else (b, a):
            _timed(side.server, lambda side=side, number=number: run(side, number), runs[id(side)])  # type: ignore[misc]
    return runs[id(a)], runs[id(b)]


def _timed(server: Server, run: Callable[[], Load], runs: _Runs) -> None:
    server.tree.drain()
    before = server.tree.cpu()
    load = run()
    server.tree.drain()
    runs.loads.append(load)
    runs.costs.append((server.tree.cpu() - before) * 1e6 / load.requests)


def _ask(side: Side, questions: Sequence[Question]) -> list[Reply]:
    return ask_all(side.server.port, questions)


def _check_sample(a: Side, b: Side, places: Sequence[int], check: Check) -> None:
    questions_a, questions_b = ([side.questions[place] for place in places] for side in (a, b))
    check(_ask(a, questions_a), _ask(b, questions_b), questions_a)
