"""`/statistics`: what the catalogue adds up to, one plot at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.http import HttpRequest

from launchledger import clock
from launchledger.catalogue.choices import LEFT
from launchledger.explorer.answering import Context, page
from launchledger.explorer.lists import Chosen, Field
from launchledger.explorer.navigation import json_of
from launchledger.explorer.objects import Objects
from launchledger.explorer.statistics.addresses import filters_of
from launchledger.explorer.statistics.choices import GROUPINGS, PLOTS, Choices, choices_of
from launchledger.explorer.statistics.counted import counted_launches
from launchledger.explorer.statistics.plots import plot_of
from launchledger.explorer.statistics.turnarounds import pads


class _Link(NamedTuple):
    name: str
    address: str
    is_current: bool


@page("statistics.html")
def statistics(request: HttpRequest, objects: Objects) -> Context:
    """Statistics for people: launches a year, success rates, landings, days between launches and people in space, as plots."""
    choices = choices_of(request.GET.dict())
    fields = _fields(choices)
    return {
        "choices": choices,
        "heading": PLOTS[choices.plot],
        "plots": [_Link(name, choices.but(plot=plot).address, plot == choices.plot) for plot, name in PLOTS.items()],
        "groupings": [_Link(name.capitalize(), choices.but(by=by).address, by == choices.by) for by, name in GROUPINGS.items()]
        if choices.reads("by")
        else [],
        "fields": fields,
        "chosen": list(_chosen(choices, fields)),
        "plot": plot_of(choices),
        "until": _unfinished(choices),
        "twin": json_of(f"launch/?{_filters(choices)}"),
    }


def _unfinished(choices: Choices) -> int | None:
    """The year that is not over, if the plot may show it."""
    year = clock.now().year
    return year if choices.plot != "people" and (choices.first or year) <= year <= (choices.last or year) else None


def _fields(choices: Choices) -> list[Field]:
    fields = []
    if choices.reads("provider"):
        counted = counted_launches()
        fields.append(Field("provider", "Provider", counted.provider_options, str(choices.provider or "")))
        fields.append(Field("site", "Site", counted.site_options, str(choices.site or "")))
    if choices.reads("pad"):
        fields.append(Field("pad", "Pad", pads().options, str(choices.pad or "")))
    return fields


def _chosen(choices: Choices, fields: list[Field]) -> Iterator[Chosen]:
    """What limits the plot, each with the address without it."""
    for field in fields:
        if field.value:
            yield Chosen(field.label, field.chosen, choices.but(**{field.name: None}).address)
    if choices.first:
        yield Chosen("From", str(choices.first), choices.but(first=None).address)
    if choices.last:
        yield Chosen("To", str(choices.last), choices.but(last=None).address)


def _filters(choices: Choices) -> str:
    """The parameters of the wire that find the launches behind the plot, of all its years."""
    if choices.plot == "people":
        return "is_crewed=true"
    return f"status__ids={','.join(map(str, LEFT))}{filters_of(choices)}"
