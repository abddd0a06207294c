"""`launchledger key`: the keys that clients send."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from launchledger import clock
from launchledger.access.keys import UNLIMITED, Refused, all_keys, create_key, revoke_key
from launchledger.access.models import Key
from launchledger.cli.preparing import prepare
from launchledger.cli.printing import json_text
from launchledger.conf.rates import parse_rate
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time, parse_date, parse_date_time


def _rate(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    try:
        if value and value != UNLIMITED:
            parse_rate(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return value or ""


def _time(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        if "T" in value:
            return parse_date_time(value)
        return datetime.combine(parse_date(value), datetime.min.time(), UTC)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(
    epilog="""\b
Examples:
  launchledger key create "Launch board" --rate 100/hour
  launchledger key list
  launchledger key revoke "Launch board\""""
)
def key() -> None:
    """Create, list and revoke the keys that clients send.

    A client sends "Authorization: Token KEY". Each key may have its own rate limit. A key that is unknown, expired or
    revoked is answered with 401.
    """


@key.command(
    epilog="""\b
Examples:
  launchledger key create "Launch board"
  launchledger key create archive --rate unlimited
  launchledger key create guest --rate 100/hour --expires 2027-01-01
  KEY=$(launchledger key create bot)"""
)
@click.argument("name")
@click.option(
    "--rate",
    callback=_rate,
    metavar="RATE",
    help="Rate limit such as 100/hour, or unlimited; LAUNCHLEDGER_THROTTLE_KEYS if not given.",
)
@click.option("--expires", callback=_time, metavar="TIME", help="Expiry date (UTC), such as 2027-01-01.")
@_AS_JSON
def create(name: str, rate: str, expires: datetime | None, as_json: bool) -> None:
    """Create a key and print it.

    It is shown once and never stored; if you lose it, create another. NAME identifies it in `key list`.
    """
    prepare()
    try:
        made, text = create_key(name, clock.now(), rate=rate, expires_at=expires)
    except Refused as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json_text({"key": text, **_as_dict(made)}, indent=2))
        return
    click.echo("Keep this key; it cannot be shown again. Clients send it as: Authorization: Token KEY", err=True)
    click.echo(text)


@key.command(name="list", epilog="\b\nExamples:\n  launchledger key list\n  launchledger key list --all --json")
@click.option("--all", "revoked", is_flag=True, help="Include revoked keys.")
@_AS_JSON
def list_keys(revoked: bool, as_json: bool) -> None:
    """List keys by name. Secrets are never shown."""
    prepare()
    keys = [_as_dict(each) for each in all_keys(revoked=revoked)]
    if as_json:
        click.echo(json_text(keys, indent=2))
        return
    if not keys:
        click.echo("There are no keys. Create one with: launchledger key create NAME")
        return
    table = Table("name", "state", "rate", "created", "expires", "last used (UTC)", box=None, pad_edge=False)
    for each in keys:
        created, expires, used = (each[name] or "" for name in ("created_at", "expires_at", "last_used_at"))
        table.add_row(
            printable(each["name"]), each["state"], each["rate"], created[:10], expires[:10], used[:16].replace("T", " ")
        )
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 200).print(table)


@key.command(epilog="\b\nExample:\n  launchledger key revoke guest")
@click.argument("name")
def revoke(name: str) -> None:
    """Revoke a key. It is refused from now on, and cannot be restored."""
    prepare()
    try:
        revoke_key(name, clock.now())
    except Refused as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"The key {printable(name)} is revoked.")


def _as_dict(key: Key) -> dict[str, Any]:
    """What commands print of a key, times to the second."""
    state = "revoked" if key.revoked_at else "expired" if key.expires_at and key.expires_at <= clock.now() else "active"
    times = {name: getattr(key, name) for name in ("created_at", "expires_at", "revoked_at", "last_used_at")}
    texts = {name: time and format_date_time(time.replace(microsecond=0)) for name, time in times.items()}
    return {"name": key.name, "state": state, "rate": key.rate or "default", **texts}
