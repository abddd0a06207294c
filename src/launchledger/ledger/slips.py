"""The views of slips: of one launch, of the launches of a list, and of these in groups.

Promises: `slips/` and its groups take the filters, the search and the order of `launch/`, and refuse the same values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from launchledger.api.answers import parse_key, selected
from launchledger.api.paging import PageLinks, Slice, requested_slice
from launchledger.api.urls_in_bodies import address_for
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.queries.history import Step as Observed
from launchledger.catalogue.queries.listing import page_of
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.catalogue.queries.statements import rows_by_id
from launchledger.documents.renderer import Address
from launchledger.history.slips import GROUPS, Slips, groups, slips_of
from launchledger.ledger import replies
from launchledger.ledger.parameters import RESOURCES
from launchledger.ledger.views import LedgerView
from launchledger.wire.resources import LIST
from launchledger.wire.served import DEFAULT

Choices = dict[tuple[str, int], replies.Choice]

LAUNCHES = RESOURCES["launch"]
_NOTHING = Slips((), 0, 0, None)


class SlipsView(LedgerView):
    """The net of a launch over the time that it was observed: each step, and how often and how far it slipped."""

    summary = "Slips of one launch"
    reply = replies.LaunchSlips

    def get(self, request: Request, id: str) -> Response:
        key = parse_key(LAUNCHES, id)
        with snapshot():
            names = list(Launch.objects.filter(pk=key).values_list("name", flat=True))
            if key is None or not names:
                raise NotFound
            slips = slips_of([str(key)]).get(str(key), _NOTHING)
            choices = _choices(slips.steps)
        totals = _totals(str(key), names[0], slips, address_for(request, DEFAULT.version, None))
        steps = [_step(step, choices) for step in slips.steps]
        return Response(replies.as_json(replies.LaunchSlips(**replies.values_of(totals), steps=steps)))


class TotalsView(LedgerView):
    """How often and how far each launch of a list slipped."""

    summary = "Slips of launches"
    reply = replies.LaunchTotalsPage
    lists = LAUNCHES

    def get(self, request: Request) -> Response:
        page_slice = requested_slice(request.query_params.dict())
        with snapshot():
            found = page_of(_launches(request), *page_slice)
            names = dict(Launch.objects.filter(pk__in=found.keys).values_list("pk", "name"))
            slips = slips_of(found.keys)
        address = address_for(request, DEFAULT.version, None)
        results = [_totals(key, names[key], slips.get(key, _NOTHING), address) for key in found.keys]
        self.paginator = PageLinks(request, page_slice, found.count)
        links = _links(request, page_slice, found.count)
        return Response(replies.as_json(replies.LaunchTotalsPage(found.count, *links, results)))


class GroupsView(LedgerView):
    """How far launches slipped that were 1, 7, 30, 90 and 365 days before their net, by provider, configuration, pad or year.

    Of each launch that has flown, and for each of these times, the first net counts that was observed then.
    """

    summary = "Slips of launches in groups"
    reply = replies.SlipGroupsPage
    lists = LAUNCHES

    def get(self, request: Request, by: str) -> Response:
        if by not in GROUPS:
            raise NotFound
        page_slice = requested_slice(request.query_params.dict())
        with snapshot():
            found = groups(_launches(request), by)
        shown = found[page_slice.offset : page_slice.offset + page_slice.limit]
        results = [
            replies.SlipGroup(group.id, group.name, [replies.SlipFigure(**replies.values_of(figure)) for figure in group.figures])
            for group in shown
        ]
        self.paginator = PageLinks(request, page_slice, len(found))
        links = _links(request, page_slice, len(found))
        return Response(replies.as_json(replies.SlipGroupsPage(len(found), *links, results)))


def _launches(request: Request) -> Any:
    query = dict(request.query_params.lists())
    parameters = {name: values[-1] for name, values in query.items()}
    return selected(LAUNCHES, LAUNCHES.shape_in(LIST), query, parameters)


def _links(request: Request, page_slice: Slice, total: int) -> tuple[str | None, str | None]:
    url, query = request.build_absolute_uri(request.path), dict(request.query_params.lists())
    return page_slice.next_page(url, query, total), page_slice.previous_page(url, query)


def _totals(key: str, name: str | None, slips: Slips, address: Address) -> replies.LaunchTotals:
    nets = [step.value["net"] for step in slips.steps if step.value.get("net")]
    return replies.LaunchTotals(
        id=key,
        url=f"{address.base}{LAUNCHES.path}/{key}{address.end}",
        name=name,
        watched_since=slips.steps[0].first_seen if slips.steps else None,
        first_net=nets[0] if nets else None,
        net=nets[-1] if nets else None,
        slips=slips.slips if nets else None,
        scrubs=slips.scrubs if nets else None,
        days_moved=slips.days_moved,
    )


def _step(step: Observed, choices: Choices) -> replies.Step:
    value = step.value
    return replies.Step(
        net=value.get("net"),
        net_precision=choices.get(("NetPrecision", value.get("net_precision"))),
        status=choices.get(("LaunchStatus", value.get("status"))),
        window_start=value.get("window_start"),
        window_end=value.get("window_end"),
        first_seen=step.first_seen,
        last_seen=step.last_seen,
        source=step.source,
    )


def _choices(steps: Sequence[Observed]) -> Choices:
    """The precisions and statuses of these steps."""
    return {
        **_choices_of("NetPrecision", (step.value.get("net_precision") for step in steps)),
        **_choices_of("LaunchStatus", (step.value.get("status") for step in steps)),
    }


def _choices_of(kind: str, ids: Iterable[int | None]) -> Choices:
    wanted = {id for id in ids if id is not None}
    rows = rows_by_id(kind, ("name", "abbrev"), wanted)
    known = {id: (name, abbrev) for id, name, abbrev in rows}
    return {(kind, id): replies.Choice(id, *known.get(id, (None, None))) for id in wanted}
