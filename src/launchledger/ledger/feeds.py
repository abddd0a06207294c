"""Atom feeds of what changed, for feed readers: one entry for each transaction and object, newest first.

Promises: valid Atom whatever names and texts are in the catalogue; at most ENTRIES entries; an entry keeps its id. The feeds take
the same filters as `/ledger/changes/`, and whatever a reader accepts it gets Atom, or an error as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, ClassVar

from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from launchledger.api.answers import parse_key
from launchledger.api.methods import ReadView
from launchledger.api.renderers import WireRenderer
from launchledger.api.urls_in_bodies import address_for
from launchledger.formats.times import UNKNOWN
from launchledger.history.changes import Filters
from launchledger.history.objects import is_known
from launchledger.history.telling import Told, latest_changes, tell
from launchledger.ledger import parameters
from launchledger.ledger.parameters import RESOURCES, filters_of, read_parameters
from launchledger.wire.served import DEFAULT

ENTRIES = 50
EXAMINED = 1_000  # changes that are put together to entries
IN_TITLE = 3  # facts

_FILTERS = (
    parameters.RESOURCE,
    parameters.ID,
    parameters.COLUMN,
    parameters.SOURCE,
    parameters.ACTION,
    parameters.FROM,
    parameters.BEFORE,
)


class _AtomRenderer(BaseRenderer):
    media_type = "application/atom+xml"
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
    """What the feeds share: `title` names one, and `entries` are what it tells, newest first."""

    renderer_classes = (_AtomRenderer,)
    content_negotiation_class = _AlwaysTheSame
    title: ClassVar[str]

    def get(self, request: Request, **place: str) -> Response:
        told = self.entries(request, **place)
        address = address_for(request, DEFAULT.version, None)
        own = request.build_absolute_uri()
        home = request.build_absolute_uri(f"{request.META['SCRIPT_NAME']}/")
        title = f"{told[0].name}: {self.title}" if place and told else f"Launchledger: {self.title}"
        feed = _Feed(
            title=title, link=home, description=None, feed_url=own, feed_guid=own, author_name="Launchledger", language="en"
        )
        for each in told:
            feed.add_item(
                title=_title(each),
                link=f"{address.base}{each.path.removesuffix('/')}{address.end}" if each.path else home,
                description="<br>".join(escape(fact) for fact in _lines(each)),
                unique_id=get_tag_uri(request.build_absolute_uri(f"{request.META['SCRIPT_NAME']}/ledger#{each.serial}"), each.at),
                pubdate=each.at,
                updateddate=each.at,
            )
        return Response(feed.writeString("utf-8"))

    def entries(self, request: Request, **place: str) -> list[Told]:
        raise NotImplementedError

    def finalize_response(self, request: Any, response: Any, *words: Any, **named: Any) -> Any:
        if response.status_code >= 400:
            request.accepted_renderer, request.accepted_media_type = WireRenderer(), WireRenderer.media_type
        return super().finalize_response(request, response, *words, **named)


class ChangesFeed(FeedView):
    """The last changes of all objects as an Atom feed, with the filters of `changes/`."""

    title = "what changed"

    def entries(self, request: Request, **place: str) -> list[Told]:
        values = read_parameters(_FILTERS, request.query_params.dict())
        return tell(latest_changes(filters_of(values), EXAMINED), ENTRIES)


class LaunchFeed(FeedView):
    """The last changes of one launch as an Atom feed."""

    title = "what changed"

    def entries(self, request: Request, **place: str) -> list[Told]:
        launches = RESOURCES["launch"]
        key = parse_key(launches, place["id"])
        if key is None or not is_known(launches.model, key):
            raise NotFound
        return tell(latest_changes(Filters(resource=launches.path, id=str(key)), EXAMINED), ENTRIES)


class SlipsFeed(FeedView):
    """The launches that slipped last as an Atom feed: their net moved to later than its precision left open."""

    title = "launches that slipped"

    def entries(self, request: Request, **place: str) -> list[Told]:
        moved = tell(latest_changes(Filters(resource="launch", column="net", action="changed"), EXAMINED), EXAMINED)
        return [each for each in moved if each.slipped][:ENTRIES]


def _title(told: Told) -> str:
    facts = "; ".join(told.facts[:IN_TITLE])
    more = f" and {len(told.facts) - IN_TITLE} more" if len(told.facts) > IN_TITLE else ""
    return f"{told.name}: {facts}{more}{f', said {told.said}' if told.said else ''}"


def _lines(told: Told) -> Sequence[str]:
    return [*told.facts, f"Said by {told.said}."] if told.said else told.facts
