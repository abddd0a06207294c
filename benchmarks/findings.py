"""The findings of a benchmark: comparisons, values with their bars, plain values, and a drawing of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.comparing import Comparison
from benchmarks.measuring import Figure


@dataclass(slots=True)
class Findings:
    """`missing` are texts about what could not be measured, with the reason. `drawing` is an SVG."""

    comparisons: list[Comparison] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    drawing: str = ""

    def add(self, comparison: Comparison) -> Comparison:
        print(f"  {comparison}", flush=True)
        self.comparisons.append(comparison)
        return comparison

    def record(self, figure: Figure) -> None:
        print(f"  {figure}", flush=True)
        self.figures.append(figure)

    def miss(self, reason: str) -> None:
        print(f"  not measured: {reason}", flush=True)
        self.missing.append(reason)

    def at_most(self, name: str, comparison: Comparison, most: float) -> None:
        """A bar on how many times the CPU of A the CPU of B may be."""
        if comparison.cost_a is None:
            self.miss(f"{name}: {comparison.refused}")
        else:
            self.record(Figure(name, comparison.ratio, "x", f"≤ {most:g}x", comparison.ratio <= most))

    def less_by(self, name: str, comparison: Comparison, least: float) -> None:
        """A bar on how many times less CPU B must use than A."""
        if comparison.cost_a is None:
            self.miss(f"{name}: {comparison.refused}")
        else:
            times = 1 / comparison.ratio
            self.record(Figure(name, times, "x less", f"≥ {least:g}x", times >= least))

    def within(self, name: str, value: float, unit: str, most: float) -> None:
        self.record(Figure(name, value, unit, f"≤ {most:g} {unit}", value <= most))

    @property
    def refused(self) -> Sequence[Comparison]:
        return [comparison for comparison in self.comparisons if comparison.cost_a is None]
