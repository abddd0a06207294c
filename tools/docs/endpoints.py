"""docs/endpoints.md: every path, with its modes, orders, search and filters, told from the resources and the declared filters."""

from __future__ import annotations

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
Everything of the wire stands under `/{WIRE.version}/`: a list at `/{WIRE.version}/launch/`, one of it at
`/{WIRE.version}/launch/{{id}}/`. Every list takes

| parameter | takes | means |
|---|---|---|
| `limit` | whole number | so many objects on a page: 10 unless told, 100 at most |
| `offset` | whole number | leave out so many before the page |
| `mode` | a mode of the list | the shape of its objects; `normal` unless told |
| `search` | words | every word stands in one of the columns, in whatever case |
| `ordering` | columns, with commas between | by these columns; `-` before one turns it round. The id completes every order |
| `format` | `json`, `api` | JSON, or the page for people; `.json` in place of the last slash does the same |

and the filters of its section, which are joined by AND. With `__gt`, `__gte`, `__lt` and `__lte` a value is compared;
`__contains` looks for a part of a text and minds the case, `__icontains` does not. A parameter that is unknown or empty is
ignored. A value that does not parse is answered with 400 and a word on each parameter; an id that the catalogue does not hold
finds nothing. What takes several values takes them with commas between, in repeated parameters, or both. Where a value is a
moment, a date alone means its beginning in UTC.

The same stands in the OpenAPI document at `/{WIRE.version}/schema/`. How to send keys is told in
[keys](keys.md), what clients lean on in [clients](clients.md), and how numbers are derived in [numbers](numbers.md).
"""

# What those filters mean whose rules have no function of their own to say it.
MEANINGS = {
    "related": "Providers asked for by `lsp__id` or `lsp__ids` stand for their related agencies too.",
    "strict_filtering": "`lsp__ids`, `location__ids` and `pad__ids` are joined by AND; else a launch needs one of them.",
    **{
        f"{column}_{part}": f"{told} of `{column}`, in UTC."
        for column in ("net", "date")
        for part, told in (("year", "The year"), ("month", "The month, 1 to 12,"), ("day", "The day of the month"))
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
    "date-time": "moment",
    "uuid": "UUID",
}


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
            _beside(),
        ]
    )


def _is_choice(resource: Resource) -> bool:
    return resource.path.startswith("config/") and not resource.filters


def _overview(resources: list[Resource]) -> str:
    rows = [(f"[`{resource.path}`]({anchor(resource.path)})", resource.summary, code(*resource.modes)) for resource in resources]
    return "## All of them\n\n" + table(
        ("path", "what it holds", "modes"), [*rows, ("`config/…`", "[Choice lists](#choice-lists)", "`normal`")]
    )


def _choices(resources: list[Resource]) -> str:
    told = "Values that others may have, by `id`; without filters. Ordered by `id`, or as `ordering` says.\n"
    rows = [(f"`{each.path}`", code(*search_fields(each)), code(*ordering_fields(each))) for each in resources]
    return f"## Choice lists\n\n{told}\n" + table(("path", "`search` looks in", "`ordering` takes"), rows)


def _section(resource: Resource) -> str:
    of_detail = f", or `?mode={'`, `'.join(resource.detail_modes)}`" if resource.detail_modes else ""
    id = "UUID" if resource.has_text_id else "whole number"
    facts = [
        f"modes: {code(*resource.modes)}; the detail is always the largest{of_detail}, and its id a {id}",
        f"default order: {code(*resource.order)}",
        f"`search` looks in: {_searched(resource)}",
        f"`ordering` takes: {code(*ordering_fields(resource))}, and every other single value of the objects",
    ]
    told = WHEN[resource.when].format(moment=resource.moment) if resource.when else ""
    return "\n".join(
        [
            f"## {resource.path}\n",
            f"{resource.description} {told}".strip() + "\n",
            *(f"- {fact}" for fact in facts),
            "",
            _filters(resource),
        ]
    )


def _searched(resource: Resource) -> str:
    columns = search_fields(resource)
    told = [_column(column.lstrip("^")) + (" (its beginning)" if column.startswith("^") else "") for column in columns]
    return ", ".join(told) or "nothing"


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
    return table(("parameter", "takes", "compares, where not itself"), rows)


def _base(each: Filter) -> tuple[str, str, str]:
    """The same for all forms of one parameter, which differ in their ends only."""
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
        raise ValueError(f"the rule {declared.rule} tells nobody what it means; give it a docstring")
    return " ".join(text.split()).split(". ")[0].removesuffix(".") + "."


def _column(path: str) -> str:
    """A column as people would name it: `pad.location` for `pad__location`."""
    return code(path.replace("__member", "").replace("__", "."))


def _beside() -> str:
    rows = [(f"`/{route}`", what) for route, what in sorted(ours())]
    return "## Beside the wire\n\n" + table(("path", "what it is"), rows)


def ours() -> Iterator[tuple[str, str]]:
    """Every route that is not of a resource, with the first paragraph of what its view says of itself."""
    for route, view in _routes(get_resolver().url_patterns, ""):
        kind = getattr(view, "view_class", view)
        if kind in (ListView, DetailView) or "(?P<format>" in route:
            continue
        if not kind.__doc__ or kind.__module__.startswith(("django.", "rest_framework.")):
            raise ValueError(f"the view at /{route} tells nobody what it is; give it a docstring")
        yield route.strip("^$").replace("\\", ""), " ".join(kind.__doc__.split("\n\n")[0].split())


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route, pattern.callback
