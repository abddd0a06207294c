"""The plot that was chosen. One that nothing limits is kept until something is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.urls import get_script_prefix

from launchledger.explorer.state import per_state
from launchledger.explorer.statistics.choices import Choices
from launchledger.explorer.statistics.landings import landings_plot
from launchledger.explorer.statistics.launches import launches_plot
from launchledger.explorer.statistics.people import people_plot
from launchledger.explorer.statistics.plot import Plot
from launchledger.explorer.statistics.success import success_plot
from launchledger.explorer.statistics.turnarounds import turnarounds_plot

_PLOTS: Mapping[str, Callable[[Choices], Plot]] = {
    "launches": launches_plot,
    "success": success_plot,
    "landings": landings_plot,
    "turnarounds": turnarounds_plot,
}


def plot_of(choices: Choices) -> Plot:
    """The plot of these choices."""
    if choices.plot == "people":  # which depends on the time as well
        return people_plot(choices)
    return _whole_plot(choices.plot, choices.by, get_script_prefix()) if choices.is_whole else _PLOTS[choices.plot](choices)


@per_state
def _whole_plot(plot: str, by: str, _prefix: str) -> Plot:
    return _PLOTS[plot](Choices(plot, by))
