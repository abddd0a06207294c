"""What is published of a run: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import publishing, reporting
from benchmarks.comparing import FULL, QUICK, Comparison, Cost, Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.publishing import Unfinished, publish
from benchmarks.reporting import TITLES

COST = Cost(120.0, 800.0, 1.5, 9.0, 11_000.0, 100)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (reporting, publishing):
        monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    return tmp_path


def _run(effort: Effort, *left_out: str) -> None:
    for name in TITLES.keys() - left_out:
        figures = [Figure(f"{name} hit", 1.234, "x", "≤ 1x", False), Figure(f"{name} memory", 120.0, "MB")]
        reporting.save("server", name, Findings([Comparison("details", "stock", "ours", COST, COST, 1.0)], figures), effort)


def test_a_whole_run_is_published_with_its_bars_and_plots(results: Path) -> None:
    """Every bar stands in the first table, met or missed; every benchmark has its plot and its other figures."""
    _run(FULL)
    text = publish("server", results / "speed.md", results).read_text()
    for name, title in TITLES.items():
        assert f"| {name} hit | 1.23 x | ≤ 1x | **missed** |" in text.partition("## Against")[0]
        assert f"## {title}\n" in text
        assert f"| {name} memory | 120 MB |" in text
        assert f"(pictures/speed-{name}.svg)" in text
        assert (results / f"speed-{name}.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(("effort", "left_out", "why"), [(QUICK, (), "--quick"), (FULL, ("growth",), "lacks growth")])
def test_half_a_run_is_not_published(results: Path, effort: Effort, left_out: tuple[str, ...], why: str) -> None:
    """Figures that were taken in haste, or not at all, stay where they are."""
    _run(effort, *left_out)
    with pytest.raises(Unfinished, match=why):
        publish("server", results / "speed.md", results)
    assert not (results / "speed.md").exists()


def test_without_a_run_there_is_nothing_to_publish(results: Path) -> None:
    """It says what to do first."""
    with pytest.raises(Unfinished, match="make bench"):
        publish("server", results / "speed.md", results)
