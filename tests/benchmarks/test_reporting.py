"""What is kept of a run: a page without what was refused, adding to what was there before, and naming no machine."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from benchmarks import reporting
from benchmarks.__main__ import main
from benchmarks.comparing import QUICK, Comparison, Cost
from benchmarks.findings import Findings
from benchmarks.machine import facts
from benchmarks.measuring import Figure
from benchmarks.plots import plot

COST = Cost(120.0, 800.0, 1.5, 9.0, 11_000.0, 100)
GOOD = Comparison("details", "stock", "Launchledger", COST, COST, 0.012345, 0.01, 0.02)
REFUSED = Comparison("lists", "stock", "Launchledger", refused="/x: the replies differ <at 7>")


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reporting, "RESULTS", tmp_path)
    return tmp_path


def test_a_refused_comparison_has_no_ratio(results: Path) -> None:
    """The page says what was refused and why, escaped, and shows a ratio only where there is one."""
    page = reporting.save("server", "stock", Findings([GOOD, REFUSED]), QUICK).read_text()
    assert "0.0123" in page
    assert "REFUSED: lists (stock): /x: the replies differ &lt;at 7&gt;" in page
    assert "lists" not in plot([REFUSED], "title")


def test_later_runs_add_to_earlier_ones(results: Path) -> None:
    """Another benchmark of the same label keeps what the first found; the same one replaces it."""
    reporting.save("server", "stock", Findings([GOOD]), QUICK)
    reporting.save("server", "start", Findings(figures=[Figure("start", 2.0, "s", "≤ 1.5 s", False)]), QUICK)
    page = reporting.save("server", "stock", Findings([REFUSED]), QUICK).read_text()
    stored = json.loads((results / "server.json").read_text())
    assert list(stored["groups"]) == ["stock", "start"]
    assert [each["name"] for each in stored["groups"]["stock"]["comparisons"]] == ["lists"]
    assert "MISSED" in page
    assert [figure.name for figure in reporting.bars("server")] == ["start"]


def test_a_bar_needs_a_comparison() -> None:
    """A bar over a comparison that was refused is neither met nor missed: it was not measured."""
    found = Findings()
    found.at_most("hot", REFUSED, 2.5)
    found.less_by("cold", GOOD, 100)
    assert [figure.good for figure in found.figures] == [False]
    assert found.missing == ["hot: /x: the replies differ <at 7>"]


def test_less_by_tells_how_many_times_less() -> None:
    """B at 0.012345 of A's CPU is 81 times less, which is no 100."""
    found = Findings()
    found.less_by("cold", GOOD, 80)
    assert found.figures[0].value == pytest.approx(81.0, rel=0.001)
    assert found.figures[0].good is True


def test_facts_name_no_machine() -> None:
    """The facts of a machine hold no host name and no path."""
    told = " ".join([*facts(), *facts().values()])
    assert platform.node() not in told.split()
    assert "/" not in told.replace("(R)", "")


@pytest.mark.parametrize("words", [["nothing"], ["growth", "--scale", "0"], ["--seed", "a"]])
def test_wrong_use(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What does not exist is refused before anything is measured."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: python -m benchmarks" in capsys.readouterr().err
