"""Reading values of options and arguments that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from launchledger.formats.texts import printable
from launchledger.formats.times import parse_date_time
from launchledger.ingest.objects import resource_named
from launchledger.wire.resources import Resource
from launchledger.wire.served import DEFAULT

_Value = TypeVar("_Value")


def optional(
    parse: Callable[[str], _Value], end: str = ""
) -> Callable[[click.Context, click.Parameter, str | None], _Value | None]:
    """The callback of an option that `parse` reads, or refuses with a ValueError; `end` is added to its text."""

    def read(context: click.Context, parameter: click.Parameter, value: str | None) -> _Value | None:
        try:
            return parse(value) if value else None
        except ValueError as error:
            raise click.BadParameter(f"{error}{end}") from None

    return read


read_time = optional(parse_date_time, ".")
"""The callback of an option TIME."""


def read_resource(context: click.Context, parameter: click.Parameter, value: str) -> Resource:
    """The callback of an argument RESOURCE."""
    path = resource_named(value)
    if not path:
        raise click.BadParameter(
            f"{printable(value)} is not a resource of version {DEFAULT.version}, such as launch or config/launcher."
        )
    return DEFAULT.resources[path]
