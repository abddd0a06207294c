"""`/changes`: the journal, by day and transaction, filtered and page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from launchledger.explorer.answering import Context, page
from launchledger.explorer.html import linked_to, rows_of
from launchledger.explorer.journal import Item, Line, Subject, journal_page
from launchledger.explorer.journal_filters import NAMES, action_options, before_in, filters_in, resource_options
from launchledger.explorer.lists import Chosen
from launchledger.explorer.navigation import address_of
from launchledger.explorer.objects import Objects
from launchledger.history import wording

_LABELS = {"resource": "Of", "id": "Object", "action": "Kind of change", "column": "Column", "source": "Source"}


@page("changes.html")
def changes(request: HttpRequest, objects: Objects) -> Context:
    """What changed in the catalogue, for people: by day and transaction, with the filters of `/ledger/changes/` and `before`."""
    query = {name: values[-1] for name, values in request.GET.lists() if values[-1]}
    filters, before = filters_in(query), before_in(query)
    given = {name: query[name] for name in NAMES if name in query}
    found = journal_page(before, filters)
    text = urlencode(given)
    return {
        "days": [{"date": day.date, "items": _items(day.items, given)} for day in found.days],
        "older": f"?{urlencode({**given, 'before': found.older})}" if found.older > 1 else "",
        "newest": f"?{text}" if "before" in query else "",
        "given": given,
        "chosen": [_chosen(name, given) for name in given],
        "resource_options": resource_options().html(given.get("resource", "")),
        "action_options": action_options().html(given.get("action", "")),
        "twin": f"{reverse('ledger_changes')}?{text}",
        "feed": f"{reverse('ledger_changes_feed')}?{text}",
    }


def _chosen(name: str, given: Mapping[str, str]) -> Chosen:
    names = {"resource": resource_options().names, "action": action_options().names}.get(name, {})
    gone = {name, "id"} if name == "resource" else {name}
    value = wording.source(given[name]) if name == "source" else names.get(given[name], wording.shorten(given[name]))
    return Chosen(_LABELS[name], value, f"?{urlencode({other: of for other, of in given.items() if other not in gone})}")


def _items(items: Any, given: Mapping[str, str]) -> SafeString:
    """The transactions of a day as items of a list. Made here: template tags would take several times as long."""
    return rows_of("<li>{} <div>{}{}</div></li>", ((_time(item), _lines(item), _source(item, given)) for item in items))


def _time(item: Item) -> SafeString:
    at = item.at.astimezone(UTC)
    return format_html('<time datetime="{}" class="exact">{} UTC</time>', f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at:%H:%M}")


def _source(item: Item, given: Mapping[str, str]) -> SafeString:
    cut = "; this transaction goes on with the older changes" if item.begins_before else ""
    name = wording.source(item.source)
    if item.source == given.get("source"):
        return format_html("<small>{}{}</small>", name, cut)
    address = urlencode({**given, "source": item.source})
    return format_html('<small><a href="?{}">{}</a>{}</small>', address, name, cut)


def _lines(item: Item) -> SafeString:
    return rows_of("<p>{}</p>", ((_line(line),) for line in item.lines))


def _line(line: Line) -> SafeString:
    if not line.kind:
        return format_html("and {} of other kinds", _others(line.more))
    if any(subject.facts for subject in line.subjects):
        return format_html_join(
            SafeString("<br>"),
            '<span class="kind">{}</span> {}: {}',
            ((line.kind, _link(each), _facts(each)) for each in line.subjects),
        )
    named = format_html_join(", ", "{}", ((_link(each),) for each in line.subjects))
    more = f" and {_others(line.more)}" if line.more else ""
    return format_html('<span class="kind">{}</span> {}{} {}', line.kind, named, more, line.verb)


def _others(count: int) -> str:
    return "1 other" if count == 1 else f"{wording.count(count)} others"


def _link(subject: Subject) -> SafeString | str:
    if not subject.path:
        return format_html("<b>{}</b>", subject.name)
    return linked_to(address_of(subject.path), subject.name)


def _facts(subject: Subject) -> str:
    more = f"; and {subject.more_facts} more" if subject.more_facts else ""
    return "; ".join(subject.facts) + more
