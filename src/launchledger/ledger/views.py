"""The views of entries: all changes, and the history of one object."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from launchledger.api.answers import parse_key
from launchledger.api.methods import ReadView
from launchledger.api.paging import PageLinks, requested_slice
from launchledger.api.urls_in_bodies import address_for
from launchledger.catalogue.queries.limits import limited
from launchledger.documents.renderer import Address
from launchledger.formats.encoding import encode
from launchledger.history.changes import Page, changes_after
from launchledger.history.objects import history_of, is_known
from launchledger.journal.compacting import complete_since
from launchledger.ledger import parameters
from launchledger.ledger.parameters import RESOURCES, Parameter, filters_of, read_parameters
from launchledger.ledger.replies import Entries, as_json, entry_of
from launchledger.server.holding import HOLD
from launchledger.wire.resources import Resource
from launchledger.wire.served import DEFAULT

Query = Mapping[str, list[str]]


class LedgerView(ReadView):
    """What the ledger's views share: `parameters` and `reply` say what they take and give, `summary` what they are."""

    summary: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    reply: ClassVar[type]
    lists: ClassVar[Resource | None] = None  # the resource whose filters, search and order it takes
    paginator: PageLinks | None = None  # of this page; the framework's browsable page reads it

    def get_view_name(self) -> str:
        return self.summary

    def values(self, request: Request) -> dict[str, Any]:
        """The values of the parameters, by name. Raises ValidationError."""
        return read_parameters(self.parameters, request.query_params.dict())


class ChangesView(LedgerView):
    """Entries of the journal in commit order, after the serial in `since`, as far as they match all filters.

    `next` is always there, to go on from. A page may have fewer entries than its limit, or none, although later ones match: each
    page examines a part of the journal. With `wait` the reply to a request for what is not there yet is held until it comes, at
    most so many seconds; a server with too many such requests answers at once.
    """

    summary = "Changes of all objects"
    parameters = (parameters.SINCE, *parameters.FILTERS, parameters.LIMIT, parameters.WAIT)
    reply = Entries

    def get(self, request: Request) -> Response:
        values = self.values(request)
        filters, since = filters_of(values), values.get("since", 0)
        limit = requested_slice(request.query_params.dict()).limit
        address, body = address_for(request, DEFAULT.version, None), _body_of(request, limit)
        page = changes_after(since, filters, limit)
        wait = values.get("wait", 0)
        if not wait:
            return Response(body(page, address))
        if not page.entries and page.after >= page.newest and _may_wait(request):
            until = time.monotonic() + wait

            def again(after: int, is_last: bool) -> tuple[bytes | None, int]:
                with limited(settings.STATEMENT_TIMEOUT):
                    later = changes_after(after, filters, limit)
                return (encode(body(later, address)) if later.entries or is_last else None), later.after

            request.META[HOLD](again, page.after, until)
        # No cache may store a reply that was waited for, not even our own.
        return Response(body(page, address), headers={"Cache-Control": "no-store"})


class HistoryView(LedgerView):
    """The entries of one object in commit order, with `nested=true` also those of its parts: crew, dockings, landings, stages."""

    summary = "History of one object"
    parameters = (parameters.SINCE, parameters.NESTED, *parameters.OF_ENTRIES, parameters.LIMIT)
    reply = Entries

    def get(self, request: Request, resource: str, id: str) -> Response:
        values, found = self.values(request), RESOURCES.get(resource)
        key = parse_key(found, id) if found else None
        if found is None or key is None or not is_known(found.model, key):
            raise NotFound
        limit = requested_slice(request.query_params.dict()).limit
        page = history_of(
            found,
            key,
            values.get("since", 0),
            nested=values.get("nested", False),
            filters=filters_of(values),
            limit=limit,
        )
        return Response(_body_of(request, limit)(page, address_for(request, DEFAULT.version, None)))


def _may_wait(request: Request) -> bool:
    """Whether the server can hold the reply, and it would be plain JSON."""
    is_plain = request.accepted_renderer.format == "json" and "indent" not in (request.accepted_media_type or "")
    return HOLD in request.META and request.method == "GET" and is_plain


def _body_of(request: Request, limit: int) -> Callable[[Page, Address], Any]:
    """A function that writes a page as the body of a reply to this request."""
    url, query = request.build_absolute_uri(request.path), dict(request.query_params.lists())

    def body(page: Page, address: Address) -> Any:
        entries = [entry_of(change, address) for change in page.entries]
        since = complete_since().serial  # after the page was read: what it lacks was marked before it went
        return as_json(Entries(_address_of_next(url, query, limit, page.after), page.newest, since, entries))

    return body


def _address_of_next(url: str, query: Query, limit: int, after: int) -> str:
    """The request's own parameters by name, always with `limit` and `since`."""
    parameters = {**query, "limit": [str(limit)], "since": [str(after)]}
    return f"{url}?{urlencode([(name, value) for name in sorted(parameters) for value in parameters[name]])}"
