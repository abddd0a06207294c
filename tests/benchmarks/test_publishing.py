"""What is published of a run: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import publishing, reporting
from benchmarks.comparing import FULL, QUICK, Comparison, Cost, Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.publishing import PAGES, Unfinished, publish, publish_some
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
    assert publish("server", results, results) == [results / f"{page.name}.md" for page in PAGES]
    for page in PAGES:
        text = (results / f"{page.name}.md").read_text()
        for name in page.groups:
            assert f"| {name} hit | 1.23 x | ≤ 1x | **missed** |" in text.partition(TITLES[page.groups[0]])[0]
            assert f"## {TITLES[name]}\n" in text
            assert f"| {name} memory | 120 MB |" in text
            assert f"(pictures/{page.name}-{name}.svg)" in text
            assert (results / f"{page.name}-{name}.svg").read_text().startswith("<svg")
    assert sorted(name for page in PAGES for name in page.groups) == sorted(TITLES)


def test_a_page_is_published_whose_figures_are_all_there(results: Path) -> None:
    """The other is left as it is."""
    _run(FULL, "growth")
    assert [page.name for page in publish("server", results, results)] == ["freshness.md"]
    assert not (results / "speed.md").exists()


@pytest.mark.parametrize(
    ("effort", "left_out", "why"), [(QUICK, (), "--quick"), (FULL, ("growth", "plan"), "lacks growth(?s:.)+lacks plan")]
)
def test_half_a_run_is_not_published(results: Path, effort: Effort, left_out: tuple[str, ...], why: str) -> None:
    """Figures that were taken in haste, or not at all, stay where they are."""
    _run(effort, *left_out)
    with pytest.raises(Unfinished, match=why):
        publish("server", results, results)
    assert not list(results.glob("*.md"))


def test_without_a_run_there_is_nothing_to_publish(results: Path) -> None:
    """It says what to do first."""
    with pytest.raises(Unfinished, match="make bench"):
        publish("server", results, results)


def test_one_benchmark_is_published_alone(results: Path) -> None:
    """Its bars and its section are renewed, also where the page did not have them yet, and nothing else changes."""
    _run(FULL)
    publish("server", results, results)
    whole = (results / "speed.md").read_text()
    figures = [Figure("ledger hit", 9.0, "x", "≤ 1x", False), Figure("ledger memory", 7.0, "MB")]
    reporting.save("server", "ledger", Findings([], figures), FULL)
    for page in (whole, _without_ledger(whole)):
        (results / "speed.md").write_text(page)
        assert publish_some("server", ["ledger"], results, results) == [results / "speed.md"]
        text = (results / "speed.md").read_text()
        assert (text.count("| ledger hit | 9 x | ≤ 1x |"), text.count("| ledger memory | 7 MB |")) == (1, 1)
        assert text.count(f"## {TITLES['ledger']}\n") == 1
        assert _without_ledger(text) == _without_ledger(whole)
        assert text.index(TITLES["widest"]) < text.index(TITLES["ledger"]) < text.index("## Measured on")


def _without_ledger(page: str) -> str:
    sections = page.split("\n\n## ")
    kept = [each for each in sections if not each.startswith(TITLES["ledger"])]
    return (
        "\n".join(line for line in "\n\n## ".join(kept).rstrip("\n").splitlines() if not line.startswith("| ledger hit")) + "\n"
    )


def test_what_was_measured_in_haste_is_not_published_alone(results: Path) -> None:
    """The page stays as it is."""
    _run(FULL)
    publish("server", results, results)
    whole = (results / "speed.md").read_text()
    _run(QUICK)
    with pytest.raises(Unfinished, match="ledger"):
        publish_some("server", ["ledger"], results, results)
    assert (results / "speed.md").read_text() == whole


def test_figures_of_many_things_are_one_table(results: Path) -> None:
    """Where each thing has the same figures: a row of each thing, a column of each figure."""
    figures = [
        Figure(f"{page}: {what}", 1.5, unit) for page in ("site", "event") for what, unit in (("CPU", "ms"), ("gzip", "kB"))
    ]
    _run(FULL)
    reporting.save("server", "pages", Findings([], [Figure("the slowest", 1.5, "ms", "≤ 5 ms", True), *figures]), FULL)
    publish("server", results, results)
    text = (results / "speed.md").read_text()
    assert "| | CPU, ms | gzip, kB |\n|---|---|---|\n| site | 1.5 | 1.5 |\n| event | 1.5 | 1.5 |\n" in text
