"""`launchledger override`: corrects columns of an object, whatever is observed later."""

from __future__ import annotations

from datetime import datetime

import click

from launchledger import clock
from launchledger.catalogue.actions import LONGEST_REASON, OverrideRefused, create, end_overrides, next_own_key
from launchledger.catalogue.actions import override as make_overrides
from launchledger.catalogue.models.overrides import Override
from launchledger.cli.parameters import read_time
from launchledger.cli.preparing import prepare
from launchledger.curation.columns import Refused, Subject, column_named, column_of, key_of, subject_named, value_in, wanted
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time
from launchledger.wire.values import read_text

NEW = "new"  # the id of an object that is to be made


def _subject(context: click.Context, parameter: click.Parameter, value: str) -> Subject:
    try:
        return subject_named(value)
    except Refused as refused:
        raise click.BadParameter(f"{printable(str(refused))}.") from None


def _reason(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    if not value.strip() or len(value) > LONGEST_REASON:
        raise click.BadParameter(f"A reason has 1 to {LONGEST_REASON} characters; this one has {len(value):,}.")
    try:
        return read_text(value)
    except ValueError as error:
        raise click.BadParameter(f"The reason {error}.") from None


@click.command(
    epilog="""\b
Examples:
  launchledger override pad 80 name="Pad 40" --reason "Its own name"
  launchledger override landing 1201 success=true --reason "It was recovered"
  launchledger override spacecraft/flight 544 launch_crew=101,102 --reason X
  launchledger override pad 8 name=X --until 2027-09-01T00:00:00Z --reason Y
  launchledger override event new name="Open day" type=5 --reason "Our own"
  launchledger override pad 80 --clear name"""
)
@click.argument("subject", metavar="RESOURCE", callback=_subject)
@click.argument("id", metavar="ID")
@click.argument("columns", nargs=-1, metavar="COLUMN=VALUE...")
@click.option("--reason", callback=_reason, metavar="TEXT", help=f"Why, for the journal; at most {LONGEST_REASON} characters.")
@click.option(
    "--until", callback=read_time, metavar="TIME", help="When the override ends by itself, such as 2027-09-01T00:00:00Z."
)
@click.option("--clear", is_flag=True, help="End the overrides of these columns, or without columns all of the object.")
def override(
    subject: Subject, id: str, columns: tuple[str, ...], reason: str | None, until: datetime | None, clear: bool
) -> None:
    """Correct columns of an object, whatever is observed later.

    RESOURCE is a path such as launch or config/launcher, or the name of an object that only others show, such as mission or
    landing; ID is the object's id. Columns have their names on the wire. A relation is given by the id or the name of the
    other object, a list by ids or names with commas between them. What is observed meanwhile is kept, and comes back when the
    override ends.

    With the ID new, an object of your own is made, with an id that upstream never gives; launchledger delete removes it.
    """
    if clear:
        if id == NEW:
            raise click.UsageError("An object that is not made has no overrides.")
        if reason is not None or until is not None:
            raise click.UsageError("--clear has neither --reason nor --until.")
        _clear(subject, id, columns)
        return
    if not columns:
        raise click.UsageError("Name a column and its value, such as net=2026-07-21T14:00:00Z.")
    if reason is None:
        raise click.UsageError("Say why with --reason TEXT: the journal records it.")
    if until is not None and until <= clock.now():
        raise click.UsageError("--until is past. Give a time to come, or none for an override without an end.")
    if id == NEW and until is not None:
        raise click.UsageError("An object of your own has no end; launchledger delete removes it.")
    prepare()
    try:
        key = next_own_key(subject.kind) if id == NEW else key_of(subject, id)
        found = {}
        for each in columns:
            name, separator, text = each.partition("=")
            if not separator:
                raise click.UsageError(f"{printable(each[:60])} has no value; write {printable(each[:60])}=VALUE.")
            column = column_named(subject, name)
            if column.name in found:
                raise click.UsageError(f"{column.name} has two values.")
            found[column.name] = wanted(column, key, value_in(column, text), reason, until)
        if id == NEW:
            create(list(found.values()))
            click.echo(f"{subject.name}/{key}/ is made.")
            return
        changed = make_overrides(list(found.values()))
    except OverrideRefused as refused:
        raise click.ClickException(f"{printable(str(refused))}; nothing is overridden.") from None
    except Refused as refused:
        reason = printable(str(refused))
        raise click.UsageError(f"{reason}{'' if reason.endswith('?') else '.'} Nothing is overridden.") from None
    what = f"{', '.join(found)} of {subject.name}/{key}/"
    end = f" until {format_date_time(until)}" if until else ""
    click.echo(f"{what} {'is' if len(found) == 1 else 'are'} overridden{end}{'' if changed else ', as before'}.")


def _clear(subject: Subject, id: str, columns: tuple[str, ...]) -> None:
    prepare()
    try:
        key = key_of(subject, id)
        wanted = [column_named(subject, name).field.column for name in columns]
    except Refused as refused:
        raise click.UsageError(f"{printable(str(refused))}. Nothing is cleared.") from None
    stored = Override.objects.filter(kind=subject.kind, key=str(key)).values_list("column", flat=True)
    ending = [column for column in stored if not wanted or column in wanted]
    if not ending or set(wanted) - set(ending):
        names = ", ".join(column_of(subject.kind, column).name for column in dict.fromkeys(wanted) if column not in ending)
        raise click.ClickException(f"{subject.name}/{key}/ has no override{f' of {names}' if names else ''}; nothing is cleared.")
    end_overrides({(subject.kind, str(key), column) for column in ending})
    names = ", ".join(sorted(column_of(subject.kind, column).name for column in ending))
    click.echo(f"{names} of {subject.name}/{key}/ {'is' if len(ending) == 1 else 'are'} as observed again.")
