"""docs/endpoints.md: every path with its modes, orders, search and filters, generated from the declared resources and filters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from launchledger.api.filter_rules import RULES
from launchledger.api.ordering import ordering_fields
from launchledger.api.searching import search_fields
from launchledger.api.time_windows import WHEN
from launchledger.api.views import DetailView, ListView
from launchledger.wire.filters import Filter
from launchledger.wire.resources import Resource
from launchledger.wire.v2_2_0 import WIRE
from tools.docs.markdown import anchor, code, header, table

SOURCE = "`wire/v2_2_0/` and the routes"

INTRODUCTION = f"""
All lists are below `/{WIRE.version}/`, such as `/{WIRE.version}/launch/`, and their objects at
`/{WIRE.version}/launch/{{id}}/`. Every list takes

| parameter | takes | means |
|---|---|---|
| `limit` | whole number | objects on a page: 10 by default, at most 100 |
| `offset` | whole number | objects to skip before the page |
| `mode` | a mode of the list | the size of its objects; `normal` by default |
| `search` | words | only objects that have every word in one of the columns, ignoring case |
| `ordering` | columns, separated by commas | the order; `-` before a column reverses it. Every order ends with the id |
| `format` | `json`, `api` | JSON, or the browsable page; `.json` in place of the trailing slash does the same |

and the filters of its section, which are joined by AND. `__gt`, `__gte`, `__lt` and `__lte` compare; `__contains` matches a
part of a text, case-sensitive, and `__icontains` ignores case. Unknown and empty parameters are ignored. A value that does not
parse is answered with 400 and a message for each wrong parameter; an id that the catalogue lacks finds nothing. A parameter
that takes several values takes them separated by commas, repeated, or both. For a time, a date alone means its beginning in UTC.

The OpenAPI document at `/{WIRE.version}/schema/` has the same information. [Keys](keys.md) describes how to send keys,
[clients](clients.md) what clients may rely on, and [numbers](numbers.md) how derived numbers are computed.
"""

# The meaning of filters whose rules have no function with a docstring.
MEANINGS = {
    "related": "`lsp__id` and `lsp__ids` also match the related agencies of these providers.",
    "strict_filtering": "`lsp__ids`, `location__ids` and `pad__ids` are joined by AND; otherwise one of them must match.",
    **{
        f"{column}_{part}": f"{part_name} of `{column}`, in UTC."
        for column in ("net", "date")
        for part, part_name in (("year", "The year"), ("month", "The month, 1 to 12,"), ("day", "The day of the month"))
    },
    "launches_from_now": "True begins the list now instead of 24 hours ago.",
    "events_from_now": "True begins the list now instead of 24 hours ago.",
}

_TAKES = {
    "integer": "whole number",
    "number": "number",
    "text": "text",
    "boolean": "`true`, `false`",
    "date": "date",
    "date-time": "time",
    "uuid": "UUID",
}


_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def page() -> str:
    choices = [resource for resource in WIRE.resources.values() if _is_choice(resource)]
    others = [resource for resource in WIRE.resources.values() if not _is_choice(resource)]
    sections = [_section(resource) for resource in others]
    return "\n".join(
        [
            header("Endpoints", SOURCE),
            INTRODUCTION.lstrip("\n"),
            _overview(others),
            _choices(choices),
            *sections,
            _other_paths(),
        ]
    )


def _is_choice(resource: Resource) -> bool:
    return resource.path.startswith("config/") and not resource.filters


def _overview(resources: list[Resource]) -> str:
    rows = [(f"[`{resource.path}`]({anchor(resource.path)})", resource.summary, code(*resource.modes)) for resource in resources]
    return "## All lists\n\n" + table(
        ("path", "what it holds", "modes"), [*rows, ("`config/…`", "[Choice lists](#choice-lists)", "`normal`")]
    )


def _choices(resources: list[Resource]) -> str:
    text = "Values that fields of other objects may have, by `id`. No filters. Ordered by `id`, or by `ordering`.\n"
    rows = [(f"`{each.path}`", code(*search_fields(each)), code(*ordering_fields(each))) for each in resources]
    return f"## Choice lists\n\n{text}\n" + table(("path", "`search` looks in", "`ordering` takes"), rows)


def _section(resource: Resource) -> str:
    of_detail = f", or `?mode={'`, `'.join(resource.detail_modes)}`" if resource.detail_modes else ""
    id = "UUID" if resource.has_text_id else "whole number"
    facts = [
        f"modes: {code(*resource.modes)}; the detail is always the largest{of_detail}, and its id a {id}",
        f"default order: {code(*resource.order)}",
        f"`search` looks in: {_searched(resource)}",
        f"`ordering` takes: {code(*ordering_fields(resource))}, and every other single value of the objects",
    ]
    when = WHEN[resource.when].format(moment=resource.time_column) if resource.when else ""
    return "\n".join(
        [
            f"## {resource.path}\n",
            f"{resource.description} {when}".strip() + "\n",
            *(f"- {fact}" for fact in facts),
            "",
            _filters(resource),
        ]
    )


def _searched(resource: Resource) -> str:
    columns = search_fields(resource)
    names = [_column(column.lstrip("^")) + (" (its beginning)" if column.startswith("^") else "") for column in columns]
    return ", ".join(names) or "nothing"


def _filters(resource: Resource) -> str:
    declared = resource.filters
    if resource.when:
        whole = WIRE.resources[resource.whole].filters
        link = f"All filters of [`{resource.whole}`]({anchor(resource.whole)})"
        declared = tuple(each for each in declared if each not in whole)
        if not declared:
            return f"{link}.\n"
        return f"{link}, and\n\n{_filter_table(declared)}"
    return _filter_table(declared) if declared else "No filters.\n"


def _filter_table(declared: tuple[Filter, ...]) -> str:
    rows = [_row(list(forms)) for _, forms in groupby(sorted(declared, key=_base), key=_base)]
    return table(("parameter", "takes", "compares, if not the column of that name"), rows)


def _base(each: Filter) -> tuple[str, str, str]:
    """A key that is the same for all forms of one parameter, which differ only in their suffix."""
    base = each.name if each.lookup == "exact" else each.name.removesuffix(f"__{each.lookup}")
    return (base, each.kind, each.several)


def _row(forms: list[Filter]) -> tuple[str, str, str]:
    first = forms[0]
    base = _base(first)[0]
    has_plain = any(each.name == base for each in forms)
    names = [each.name if each.name == base or not has_plain else f"…{each.name.removeprefix(base)}" for each in forms]
    return code(*names), _takes(first), _meaning(first).replace(f"`{base}`", "" if first.path == base else f"`{base}`")


def _takes(declared: Filter) -> str:
    takes = f"id of {_linked(declared.choice_of)}" if declared.choice_of else _TAKES[declared.kind]
    return f"{takes}, several" if declared.several else takes


def _linked(model: str) -> str:
    path = WIRE.path_of_model.get(model, "")
    if not path:
        return f"a {model}"
    return f"`{path}`" if _is_choice(WIRE.resources[path]) else f"[`{path}`]({anchor(path)})"


def _meaning(declared: Filter) -> str:
    if not declared.rule:
        return _column(declared.path)
    text = MEANINGS.get(declared.rule) or RULES[declared.rule].__doc__
    if not text:
        raise ValueError(f"the filter rule {declared.rule} has no docstring to document it; write one")
    return " ".join(text.split()).split(". ")[0].removesuffix(".") + "."


def _column(path: str) -> str:
    """A column as people would name it: `pad.location` for `pad__location`."""
    return code(path.replace("__member", "").replace("__", "."))


def _other_paths() -> str:
    rows = [(f"`/{route}`", description) for route, description in sorted(other_routes())]
    return "## Other paths\n\n" + table(("path", "what it is"), rows)


def other_routes() -> Iterator[tuple[str, str]]:
    """Every route that belongs to no resource, with the first paragraph of its view's docstring."""
    for route, view in _routes(get_resolver().url_patterns, ""):
        kind = getattr(view, "view_class", view)
        if kind in (ListView, DetailView) or "(?P<format>" in route:
            continue
        if not kind.__doc__ or kind.__module__.startswith(("django.", "rest_framework.")):
            raise ValueError(f"the view at /{route} has no docstring to document it; write one")
        yield _PARAMETER.sub(r"{\1}", route.strip("^$").replace("\\", "")), " ".join(kind.__doc__.split("\n\n")[0].split())


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route, pattern.callback
