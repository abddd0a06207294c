"""`launchledger user`: the people who may use the desk."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from launchledger import clock
from launchledger.access.models import User
from launchledger.access.users import Refused, add_user, all_users, change_password, remove_user
from launchledger.cli.preparing import prepare
from launchledger.cli.printing import json_text
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time


@click.group(
    epilog="""\b
Examples:
  launchledger user add anna --curator
  launchledger user list
  launchledger user password anna
  launchledger user remove anna"""
)
def user() -> None:
    """Add, list and remove the people who may use the desk.

    A curator corrects and adds, a reader looks. The desk is at /desk/ where LAUNCHLEDGER_CURATION is on.
    """


@user.command(
    epilog="""\b
Examples:
  launchledger user add anna --curator
  launchledger user add boris --reader
  launchledger user add anna --curator < password.txt"""
)
@click.argument("name")
@click.option("--curator", "is_curator", flag_value=True, type=bool, help="May correct and add.")
@click.option("--reader", "is_curator", flag_value=False, type=bool, default=False, help="May look; this is the default.")
def add(name: str, is_curator: bool) -> None:
    """Add a user. The password is asked for, or read from standard input where that is no terminal.

    NAME has small letters, digits and ._- and is in the journal with each change that a curator makes.
    """
    prepare()
    try:
        made = add_user(name, _password(), clock.now(), is_curator=is_curator)
    except Refused as refused:
        raise click.ClickException(printable(str(refused))) from None
    click.echo(f"The {made.role} {made.name} is added.")


@user.command(name="list", epilog="\b\nExamples:\n  launchledger user list\n  launchledger user list --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_users(as_json: bool) -> None:
    """List users by name."""
    prepare()
    users = [_as_dict(each) for each in all_users()]
    if as_json:
        click.echo(json_text(users, indent=2))
        return
    if not users:
        click.echo("There are no users. Add one with: launchledger user add NAME --curator")
        return
    table = Table("name", "role", "added", "last login (UTC)", box=None, pad_edge=False)
    for each in users:
        table.add_row(each["name"], each["role"], each["created_at"][:10], (each["last_login"] or "")[:16].replace("T", " "))
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 200).print(table)


@user.command(epilog="\b\nExample:\n  launchledger user password anna")
@click.argument("name")
def password(name: str) -> None:
    """Give a user another password, and end the user's sessions."""
    prepare()
    try:
        change_password(name, _password())
    except Refused as refused:
        raise click.ClickException(printable(str(refused))) from None
    click.echo(f"The password of {printable(name)} is changed.")


@user.command(epilog="\b\nExample:\n  launchledger user remove anna")
@click.argument("name")
def remove(name: str) -> None:
    """Remove a user, and end the user's sessions. The journal keeps the name."""
    prepare()
    try:
        remove_user(name)
    except Refused as refused:
        raise click.ClickException(printable(str(refused))) from None
    click.echo(f"The user {printable(name)} is removed.")


def _password() -> str:
    if sys.stdin.isatty():
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    return sys.stdin.readline(2_000).rstrip("\r\n")


def _as_dict(each: User) -> dict[str, Any]:
    """What commands print of a user, times to the second."""
    times = {"created_at": each.created_at, "last_login": each.last_login}
    texts = {name: time and format_date_time(time.replace(microsecond=0)) for name, time in times.items()}
    return {"name": each.name, "role": each.role, **texts}
