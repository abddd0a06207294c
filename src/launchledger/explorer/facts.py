"""Facts of an object: the values of its columns with their sources.

Promises: every column asked for is on the page: with its value; among those that are reported to be empty; or among those that
were never reported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from launchledger.explorer.html import rows_of
from launchledger.explorer.objects import Shown
from launchledger.explorer.sources import Source, Sources
from launchledger.formats.times import DATE, DATE_TIME, DURATION
from launchledger.history import wording


def plain(value: Any) -> str:
    """A value of the wire in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, dict):
        return plain(value.get("name") or value.get("role") or "unnamed")
    text = str(value)
    return wording.value(text) if DATE_TIME.fullmatch(text) or DATE.fullmatch(text) or DURATION.fullmatch(text) else text


class Column(NamedTuple):
    """A column to show: its label, its key on the wire, and how its value is written."""

    label: str
    key: str
    write: Callable[[Any], Any] = plain


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: Any
    source: Source | None

    @property
    def mark(self) -> str:
        """The footnote of its source, "" if it has none."""
        return self.source.mark if self.source else ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts with a value; those that are reported to be empty; and the labels of those that were never reported."""

    given: Sequence[Fact]
    empty: Sequence[Fact]
    unseen: Sequence[str]

    @property
    def list(self) -> SafeString:
        """The facts with a value, as items of a list of descriptions."""
        facts = ((fact.label, fact.value, fact.mark) for fact in self.given)
        return rows_of("<div><dt>{}</dt> <dd>{}{}</dd></div>\n", facts)

    @property
    def empty_ones(self) -> SafeString:
        """The labels of those that are reported to be empty, with their sources."""
        return format_html_join(", ", "{}{}", ((_in_a_sentence(fact.label), fact.mark) for fact in self.empty))


def facts_of(shown: Shown, sources: Sources, columns: Sequence[Column]) -> Facts:
    """The facts of an object, in the order of the columns."""
    given, empty, unseen = [], [], []
    for label, key, write in columns:
        value, source = shown.get(key), sources.of(key)
        if value not in (None, "", []) and (source is not None or value):
            given.append(Fact(label, write(value), source))
        elif source is None:
            unseen.append(_in_a_sentence(label))
        else:
            empty.append(Fact(label, "", source))
    return Facts(given, empty, unseen)


def _in_a_sentence(label: str) -> str:
    """A label without its first capital; those of abbreviations stay: `capacity to GTO`."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"
