"""One worker and two, on all cores: the gain of the second, while the load takes its share of the cores."""

from __future__ import annotations

from benchmarks.catalogues import catalogue_copy, catalogue_file
from benchmarks.comparing import Effort, Side, compare_hot
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.questions import Questions
from benchmarks.servers import Server, launchledger


def measure(effort: Effort) -> Findings:
    found = Findings()
    questions = Questions(catalogue_file(1))
    with (
        catalogue_copy(1) as url,
        launchledger(url, pinned=False) as one,
        launchledger(url, workers=2, pinned=False) as two,
    ):
        sides = [Server("one worker", one.port, one.tree), Server("two workers", two.port, two.tree)]
        for name, asked in (
            ("the same 100 flight details", questions.hot_details()),
            ("the same 3 lists of 100 detailed flights", questions.lists(3)),
        ):
            found_here = found.add(compare_hot(name, Side(sides[0], asked), Side(sides[1], asked), effort, connections=16))
            if found_here.cost_a and found_here.cost_b:
                found.record(
                    Figure(
                        f"{name}: requests a second, two workers over one", found_here.cost_b.rate / found_here.cost_a.rate, "x"
                    )
                )
    return found
