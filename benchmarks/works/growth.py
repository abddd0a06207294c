"""The same questions to a catalogue ten times as large (or more: `--scale`)."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.asking import Question, Refused, Reply
from benchmarks.catalogues import catalogue_file
from benchmarks.comparing import Comparison, Effort, Side, compare_cold, compare_hot
from benchmarks.findings import Findings
from benchmarks.questions import Questions
from benchmarks.servers import Server, launchledger
from benchmarks.works.warming import warmed

DETAILS_BAR, LISTS_BAR = 1.3, 2.0


def measure(effort: Effort, scale: int = 10) -> Findings:
    found = Findings()
    small, large = Questions(catalogue_file(1)), Questions(catalogue_file(scale))
    some = 4 if effort.quick else 1
    with (
        warmed(1, small.everything(some)) as url_1,
        warmed(scale, large.everything(some)) as url_n,
        launchledger(url_1) as one,
        launchledger(url_n) as many,
    ):
        a, b = Server("1x", one.port, one.tree), Server(f"{scale}x", many.port, many.tree)

        def cold(name: str, of: str, most: int, connections: int = 1) -> Comparison:
            asked = [getattr(questions, of)(most) for questions in (small, large)]
            length = min(map(len, asked))
            sides = Side(a, asked[0][:length]), Side(b, asked[1][:length])
            return found.add(compare_cold(name, *sides, rounds=3, check=_answered, connections=connections))

        hot = compare_hot(
            "the same 100 flight details", Side(a, small.hot_details()), Side(b, large.hot_details()), effort, check=_answered
        )
        found.add(hot)
        details = cold("flight detail, each once", "details", 1_000 // some, 4)
        lists = cold("list of 100 detailed flights, each once", "lists", 60 // some)
        cold("list of 100 detailed launches, each once", "launch_lists", 60 // some)
        cold("flights of a spacecraft (?spacecraft=N), each once", "of_spacecraft", 240 // some)
        cold("launch/upcoming/?limit=10&mode=detailed, each once", "upcoming", 60 // some)
        cold("search for two words among launches, each once", "searches", 60 // some)
    found.at_most(f"growth 1x to {scale}x: hot detail", hot, DETAILS_BAR)
    found.at_most(f"growth 1x to {scale}x: cold detail", details, DETAILS_BAR)
    found.at_most(f"growth 1x to {scale}x: cold list of 100 detailed", lists, LISTS_BAR)
    return found


def _answered(a: Sequence[Reply], b: Sequence[Reply], questions: Sequence[Question]) -> None:
    """Two catalogues have different replies, so only their status is checked."""
    for one, other, question in zip(a, b, questions, strict=True):
        if (one.status, other.status) != (200, 200):
            raise Refused(f"{question.path}: status {one.status} and {other.status}")
