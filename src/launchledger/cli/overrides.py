"""`launchledger overrides`: lists, exports, imports and prunes overrides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from launchledger import clock
from launchledger.catalogue.actions import end_overrides
from launchledger.catalogue.models.base import Origin
from launchledger.cli.preparing import prepare
from launchledger.cli.printing import json_text
from launchledger.curation.columns import Refused
from launchledger.curation.files import LARGEST_FILE, export, import_file
from launchledger.curation.listing import Listed
from launchledger.curation.listing import overrides as overrides_of
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time

LONGEST_SHOWN = 60  # characters of a value in the list; --json has it whole


@click.command(
    epilog="""\b
Examples:
  launchledger overrides
  launchledger overrides --agreed
  launchledger overrides --prune
  launchledger overrides --export overrides.json
  launchledger overrides --import overrides.json"""
)
@click.option("--agreed", is_flag=True, help="Only those to which upstream has come to agree.")
@click.option("--prune", is_flag=True, help="End those to which upstream has come to agree.")
@click.option("--json", "as_text", is_flag=True, help="Print everything as JSON.")
@click.option("--export", "target", metavar="FILE", help="Write the overrides to a file, or - for standard output.")
@click.option("--import", "source", metavar="FILE", help="Make the overrides of a file, or of - for standard input.")
def overrides(agreed: bool, prune: bool, as_text: bool, target: str | None, source: str | None) -> None:
    """List the overrides, each beside what was observed.

    An exported file has a stable order and can live in git. Importing makes all overrides of a file or, where one is wrong, none;
    overrides that the file does not have stay, and those whose time is over are left out.
    """
    if sum((prune, as_text or agreed, bool(target), bool(source))) > 1:
        raise click.UsageError("--prune, --export and --import exclude each other, and --agreed and --json.")
    prepare()
    if source:
        _import(source)
        return
    found = overrides_of(clock.now())
    if target:
        _export(found, target)
    elif prune:
        ended = end_overrides({each.address for each in found if each.agrees})
        click.echo(f"{_count(ended)} ended, to which upstream has come to agree.")
    else:
        shown = [each for each in found if each.agrees or not agreed]
        _print(shown, as_text, "No override agrees with upstream." if agreed else "There are no overrides.")


def _print(found: Sequence[Listed], as_text: bool, nothing: str) -> None:
    if as_text:
        click.echo(json_text([_as_json(each) for each in found], indent=1))
        return
    if not found:
        click.echo(nothing)
        return
    for path, some in groupby(found, key=lambda each: f"{each.column.subject.name}/{each.key}/"):
        own = list(some)
        click.echo(printable(f"{path} {own[0].name}".rstrip()))
        for each in own:
            click.echo(printable(f"  {_line(each)}"))


def _line(each: Listed) -> str:
    """An override, the observed value, its end and its reason."""
    if each.agrees:
        beneath = "observed as well" if each.origin is Origin.OBSERVED else "computed as well"
    elif each.origin is Origin.OBSERVED:
        beneath = f"observed: {_value(each.observed)}"
    else:
        beneath = f"not observed: {_value(each.observed)}"
    where = f", {each.source}" if each.source else ""
    when = f", {format_date_time(each.observed_at)}" if each.observed_at else ""
    until = f"; until {format_date_time(each.until)}" if each.until else ""
    return f"{each.column.name} = {_value(each.value)} ({beneath}{where}{when}){until}; {each.reason}"


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json_text(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def _as_json(each: Listed) -> dict[str, Any]:
    return {
        "resource": each.column.subject.name,
        "id": each.key,
        "name": each.name,
        "column": each.column.name,
        "value": each.value,
        "observed": each.observed,
        "origin": each.origin.value,
        "observed_at": each.observed_at and format_date_time(each.observed_at),
        "source": each.source,
        "agrees": each.agrees,
        "reason": each.reason,
        "at": format_date_time(each.at),
        "until": each.until and format_date_time(each.until),
    }


def _export(found: Sequence[Listed], target: str) -> None:
    text = export(found)
    if target == "-":
        click.echo(text, nl=False)
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{printable(target)} cannot be written: {error.strerror or error}.") from None
    click.echo(f"Exported {_count(len(found))} to {printable(target)}.")


def _import(source: str) -> None:
    try:
        with click.open_file(source, "rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
        had, changed, over = import_file(content, clock.now())
    except OSError as error:
        raise click.ClickException(f"{printable(source)} cannot be read: {error.strerror or error}.") from None
    except Refused as refused:
        raise click.ClickException(f"{printable(source)}: {printable(str(refused))}. Nothing is imported.") from None
    ended = f", and {over:,} {'is' if over == 1 else 'are'} over" if over else ""
    click.echo(f"Imported {_count(had)}: {changed:,} new or changed{ended}.")


def _count(number: int) -> str:
    return f"{number:,} {'override' if number == 1 else 'overrides'}"
