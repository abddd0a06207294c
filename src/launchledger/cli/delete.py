"""`launchledger delete`: removes an object from every list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import click

from launchledger import clock
from launchledger.catalogue.actions import LONGEST_REASON, Deletion
from launchledger.catalogue.actions import delete as delete_row
from launchledger.catalogue.models.kinds import model_of
from launchledger.cli.parameters import read_resource, read_time
from launchledger.cli.preparing import prepare
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time
from launchledger.wire.resources import Resource

SOURCE = "command:delete"
LONGEST_ID = 36  # characters


def _time(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime:
    now = clock.now()
    at = read_time(context, parameter, value) or now
    if at > now:
        raise click.BadParameter(f"{value} is in the future. Give a past time, or none for now.")
    return at


def _reason(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if len(value) > LONGEST_REASON:
        raise click.BadParameter(f"A reason has at most {LONGEST_REASON} characters; this one has {len(value):,}.")
    return printable(value)


@click.command(
    epilog="""\b
Examples:
  launchledger delete launch e3df2ecd-c239-472f-95e4-2b89b4f75800
  launchledger delete agencies 1234 --reason "Entered twice, see 121"
  launchledger delete event 57 --observed-at 2026-07-15T00:00:00Z"""
)
@click.argument("resource", callback=read_resource)
@click.argument("id", metavar="ID")
@click.option(
    "--observed-at", callback=_time, metavar="TIME", help="Time of the deletion, such as 2026-07-15T00:00:00Z; now if not given."
)
@click.option(
    "--reason",
    callback=_reason,
    default="",
    metavar="TEXT",
    help=f"Reason to record in the journal, at most {LONGEST_REASON} characters.",
)
def delete(resource: Resource, id: str, observed_at: datetime, reason: str) -> None:
    """Delete an object from the catalogue.

    RESOURCE is a path such as launch or config/launcher, ID the object's id. No list shows the object, its own address answers
    404, and no number counts it. Objects that refer to it still show it. A reply that was observed later restores it; one that
    was observed earlier does not. An object that was observed after TIME is not deleted.
    """
    prepare()
    key = _key(resource, id)
    match delete_row(resource.model, key, observed_at, SOURCE, reason):
        case Deletion.DELETED:
            click.echo(f"{resource.path}/{key}/ is deleted.")
        case Deletion.SAME:
            click.echo(f"{resource.path}/{key}/ was deleted already.")
        case Deletion.OUTDATED:
            raise click.ClickException(
                f"{resource.path}/{key}/ was observed after {format_date_time(observed_at)} and is not deleted."
                " Give a later --observed-at, or none."
            )


def read_key(resource: Resource, text: str) -> int | str:
    """The key that an argument ID names; UsageError if the resource has no such ids."""
    try:
        return str(UUID(text)) if resource.has_text_id else int(text[:LONGEST_ID])
    except ValueError:
        kind = "a UUID" if resource.has_text_id else "a number"
        raise click.UsageError(f"{printable(text[:LONGEST_ID])} is not an id of {resource.path}, which is {kind}.") from None


def _key(resource: Resource, text: str) -> int | str:
    """The key of the object with this id, which must be in the catalogue."""
    key = read_key(resource, text)
    if not model_of(resource.model)._default_manager.filter(pk=key).exists():
        raise click.ClickException(
            f"{resource.path}/{key}/ is not in the catalogue; nothing is deleted. Look in /2.2.0/{resource.path}/."
        )
    return key
