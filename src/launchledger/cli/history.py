"""`launchledger history`: what changed in one object, from what to what, when, and who said so."""

from __future__ import annotations

import click

from launchledger.cli.changes import PAGE, note_compaction, print_entries, read_column, require_tables
from launchledger.cli.delete import read_key
from launchledger.cli.parameters import read_resource
from launchledger.history.changes import Filters
from launchledger.history.objects import history_of, is_known
from launchledger.wire.resources import Resource
from launchledger.wire.values import LARGEST_INTEGER


@click.command(
    epilog="""\b
Examples:
  launchledger history launch e3df2ecd-c239-472f-95e4-2b89b4f75800
  launchledger history event 57 --column date
  launchledger history spacestation 4 --nested --json"""
)
@click.argument("resource", callback=read_resource)
@click.argument("id", metavar="ID")
@click.option("--column", default="", callback=read_column, help="Only entries that change this column, such as net.")
@click.option("--nested", is_flag=True, help="Also what changed in its parts: crew, dockings, landings, stages.")
@click.option("--json", "as_lines", is_flag=True, help="Print each entry as a line of JSON, as the history over HTTP gives it.")
def history(resource: Resource, id: str, column: str, nested: bool, as_lines: bool) -> None:
    """Show the history of one object.

    RESOURCE is a path such as launch or config/launcher, ID the object's id. Deleted objects have a history too.
    """
    require_tables()
    key = read_key(resource, id)
    if (isinstance(key, int) and abs(key) > LARGEST_INTEGER) or not is_known(resource.model, key):
        raise click.ClickException(f"{resource.path}/{key}/ is not in the catalogue. Look in /2.2.0/{resource.path}/.")
    note_compaction(0)
    after, shown = 0, False
    while True:
        page = history_of(resource, key, after, nested=nested, filters=Filters(column=column), limit=PAGE)
        if page.entries:
            print_entries(page.entries, as_lines=as_lines, with_header=not shown, with_object=nested)
            shown = True
        after = page.after
        if after >= page.newest:
            break
    if not shown and not as_lines:
        click.echo("Nothing changed.")
