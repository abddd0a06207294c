"""Atom feeds of what changed, for feed readers: one entry for each transaction and object, newest first.

Promises: valid Atom (RFC 4287) whatever names and texts are in the catalogue; at most ENTRIES entries. An entry has the same id
in every feed, under every address of the server and in every copy of the catalogue; a feed keeps its own where PUBLIC_URL is set.
`changes.atom` takes the same filters as `/ledger/changes/`, and whatever a reader accepts it gets Atom, or an error as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from launchledger.api.answers import parse_key
from launchledger.api.methods import ReadView
from launchledger.api.renderers import WireRenderer
from launchledger.api.urls_in_bodies import address_with_format
from launchledger.formats.times import UNKNOWN
from launchledger.history.changes import Filters
from launchledger.history.objects import is_known
from launchledger.history.telling import Told, latest_changes, tell
from launchledger.ledger import parameters
from launchledger.ledger.parameters import RESOURCES, Parameter, filters_of, read_parameters
from launchledger.wire.served import DEFAULT

ENTRIES = 50
EXAMINED = 1_000  # changes that are put together to entries
IN_TITLE = 3  # facts
MEDIA_TYPE = "application/atom+xml"

_IDS = UUID("aed09713-697e-4944-8064-71fb5e6d8994")  # the namespace of the ids of entries; another would make all entries new


class _AtomRenderer(BaseRenderer):
    media_type = MEDIA_TYPE
    format = "atom"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return str(data).encode()


class _AlwaysTheSame(BaseContentNegotiation):
    """Readers of feeds name many types, and sometimes not that of Atom."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """The time of the newest entry; a feed without any has one as well, and always the same."""
        return max((item["updateddate"] for item in self.items), default=UNKNOWN)


class FeedView(ReadView):
    """What the feeds share: `summary` and `parameters` are as of a LedgerView, and `entries` are what one tells, newest first."""

    renderer_classes = (_AtomRenderer,)
    content_negotiation_class = _AlwaysTheSame
    summary: ClassVar[str]
    title: ClassVar[str] = "what changed"
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    def get(self, request: Request, **place: str) -> Response:
        told = self.entries(request, **place)
        home = request.build_absolute_uri(f"{request.META['SCRIPT_NAME']}/")
        address = address_with_format(f"{home}{DEFAULT.version}/", None)
        title = f"{told[0].name}: {self.title}" if place and told else f"Launchledger: {self.title}"
        feed = _Feed(
            title=title,
            link=home,
            description=None,
            feed_url=request.build_absolute_uri(),
            feed_guid=self._id(request),
            author_name="Launchledger",
            language="en",
        )
        for each in told:
            feed.add_item(
                title=_title(each),
                link=f"{address.base}{each.path.removesuffix('/')}{address.end}" if each.path else home,
                description="<br>".join(escape(fact) for fact in _lines(each)),
                unique_id=_id(each),
                pubdate=each.at,
                updateddate=each.at,
            )
        return Response(feed.writeString("utf-8"))

    def _id(self, request: Request) -> str:
        """The address of the feed with the parameters that it reads, each once and in order, so that no other text changes it."""
        url = settings.PUBLIC_URL + request.path_info if settings.PUBLIC_URL else request.build_absolute_uri(request.path)
        names = sorted(parameter.name for parameter in self.parameters)
        query = urlencode([(name, request.query_params[name]) for name in names if request.query_params.get(name)])
        return f"{url}?{query}" if query else url

    def entries(self, request: Request, **place: str) -> list[Told]:
        raise NotImplementedError

    def finalize_response(self, request: Any, response: Any, *words: Any, **named: Any) -> Any:
        if response.status_code >= 400:
            request.accepted_renderer, request.accepted_media_type = WireRenderer(), WireRenderer.media_type
        return super().finalize_response(request, response, *words, **named)


class ChangesFeed(FeedView):
    """The last changes of all objects as an Atom feed, with the filters of `changes/`."""

    summary = "Changes of all objects as an Atom feed"
    parameters = parameters.FILTERS

    def entries(self, request: Request, **place: str) -> list[Told]:
        values = read_parameters(self.parameters, request.query_params.dict())
        return tell(latest_changes(filters_of(values), EXAMINED), ENTRIES)


class LaunchFeed(FeedView):
    """The last changes of one launch as an Atom feed."""

    summary = "Changes of one launch as an Atom feed"

    def entries(self, request: Request, **place: str) -> list[Told]:
        launches = RESOURCES["launch"]
        key = parse_key(launches, place["id"])
        if key is None or not is_known(launches.model, key):
            raise NotFound
        return tell(latest_changes(Filters(resource=launches.path, id=str(key)), EXAMINED), ENTRIES)


class SlipsFeed(FeedView):
    """The launches that slipped last as an Atom feed: their net moved to later than its precision left open."""

    summary = "Launches that slipped as an Atom feed"
    title = "launches that slipped"

    def entries(self, request: Request, **place: str) -> list[Told]:
        moved = tell(latest_changes(Filters(resource="launch", column="net", action="changed"), EXAMINED), EXAMINED)
        return [each for each in moved if each.slipped][:ENTRIES]


def _id(told: Told) -> str:
    """Made of what no other entry of any catalogue has, and what neither a filter nor a newer change of the object alters."""
    return uuid5(_IDS, f"{told.transaction} {told.at.isoformat()} {told.kind} {told.key}").urn


def _title(told: Told) -> str:
    facts = "; ".join(told.facts[:IN_TITLE])
    more = f" and {len(told.facts) - IN_TITLE} more" if len(told.facts) > IN_TITLE else ""
    return f"{told.name}: {facts}{more}{f', said {told.said}' if told.said else ''}"


def _lines(told: Told) -> Sequence[str]:
    return [*told.facts, f"Said by {told.said}."] if told.said else told.facts
