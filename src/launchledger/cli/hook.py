"""`launchledger hook`: the webhooks, and what came of delivering to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import click
from rich.table import Table

from launchledger import clock
from launchledger.cli.preparing import prepare
from launchledger.cli.printing import json_text, print_table
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time
from launchledger.hooks.delivering import deliver_test
from launchledger.hooks.keeping import Refused, add_hook, all_hooks, attempts_of, find_hook, remove_hook
from launchledger.hooks.models import Attempt, Hook
from launchledger.hooks.signing import NoKey
from launchledger.ingest.objects import resource_named
from launchledger.journal.reading import latest_serial

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_NUMBER = click.argument("number", type=click.IntRange(1, 2**63 - 1))


@click.group(
    epilog="""\b
Examples:
  launchledger hook add https://example.org/launches --resource launch
  launchledger hook list
  launchledger hook test 1
  launchledger hook log 1
  launchledger hook remove 1"""
)
def hook() -> None:
    """Add, list, test and remove webhooks.

    A webhook is an address that gets every change of the catalogue, or some, soon after it: a POST with JSON, signed by the
    Standard Webhooks convention. `launchledger serve` delivers, and so does `launchledger deliver`. See docs/webhooks.md.
    """


@hook.command(
    epilog="""\b
Examples:
  launchledger hook add https://example.org/everything
  launchledger hook add https://example.org/net --resource launch --column net
  launchledger hook add https://example.org/crew --resource astronaut --id 276"""
)
@click.argument("url")
@click.option("--resource", "names", multiple=True, metavar="RESOURCE", help="Only changes of these, such as launch.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="Only changes of the objects with this id.")
@click.option("--column", "columns", multiple=True, metavar="COLUMN", help="Only changes that concern this column, such as net.")
@_AS_JSON
def add(url: str, names: tuple[str, ...], ids: tuple[str, ...], columns: tuple[str, ...], as_json: bool) -> None:
    """Add a webhook for what changes from now on, and print its secret.

    The secret is shown once, and the receiver needs it to verify signatures; if you lose it, add the webhook again. Each option
    may be given several times; a change must match one value of each option that is given. An --id needs a --resource.
    """
    prepare()
    resources = [resource_named(name) or name for name in names]
    try:
        made, secret = add_hook(url, clock.now(), resources=resources, ids=ids, columns=columns)
    except Refused as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json_text({"secret": secret, **_as_dict(made, latest_serial())}, indent=2))
        return
    click.echo(f"Added webhook {made.pk}. Keep its secret; it cannot be shown again:", err=True)
    click.echo(secret)


@hook.command(name="list", epilog="\b\nExamples:\n  launchledger hook list\n  launchledger hook list --json")
@_AS_JSON
def list_hooks(as_json: bool) -> None:
    """List the webhooks, how far each is, and which of them fail or are paused. Secrets are never shown."""
    prepare()
    newest = latest_serial()
    hooks = [_as_dict(each, newest) for each in all_hooks()]
    if as_json:
        click.echo(json_text(hooks, indent=2))
        return
    if not hooks:
        click.echo("There are no webhooks. Add one with: launchledger hook add URL")
        return
    table = Table("no.", "url", "for", "state", "behind", "last accepted (UTC)", "last failure", box=None, pad_edge=False)
    for each in hooks:
        table.add_row(
            str(each["number"]),
            printable(each["url"]),
            printable(_selection(each)),
            _state_in_words(each),
            f"{each['behind']:,}",
            _minute(each["delivered_at"]),
            printable(each["reason"]),
        )
    print_table(table)


@hook.command(epilog="\b\nExample:\n  launchledger hook remove 1")
@_NUMBER
def remove(number: int) -> None:
    """Remove a webhook and its log."""
    prepare()
    try:
        removed = remove_hook(number)
    except Refused as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Removed webhook {number}, {printable(_shown(removed.url))}.")


@hook.command(epilog="\b\nExample:\n  launchledger hook test 1")
@_NUMBER
def test(number: int) -> None:
    """Send a message without changes to a webhook, and report what came of it.

    If it is accepted, a webhook that failed or was paused goes on at once, with all that it missed.
    """
    prepare()
    try:
        found = find_hook(number)
        outcome = deliver_test(found)
    except (Refused, NoKey) as error:
        raise click.ClickException(str(error)) from None
    if not outcome.accepted:
        raise click.ClickException(f"The test failed after {outcome.seconds:.1f} s: {printable(outcome.reason)}.")
    resumed = " The webhook goes on." if found.failures else ""
    click.echo(f"Accepted with {outcome.status} after {outcome.seconds:.1f} s.{resumed}")


@hook.command(epilog="\b\nExamples:\n  launchledger hook log 1\n  launchledger hook log 1 --limit 5 --json")
@_NUMBER
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200), help="How many attempts.")
@_AS_JSON
def log(number: int, limit: int, as_json: bool) -> None:
    """Show the last attempts to deliver to a webhook, newest first. The last 200 are kept."""
    prepare()
    try:
        attempts = [_attempt_as_dict(each) for each in attempts_of(find_hook(number), limit)]
    except Refused as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json_text(attempts, indent=2))
        return
    table = Table("at (UTC)", "message", "entries", "serials", "took", "came of it", box=None, pad_edge=False)
    for each in attempts:
        serials = f"{each['first']}-{each['last']}" if each["entries"] else "test"
        outcome = printable(each["reason"]) or f"accepted with {each['status']}"
        table.add_row(each["at"], each["message"], str(each["entries"]), serials, f"{each['seconds']:.2f} s", outcome)
    print_table(table)


def _as_dict(hook: Hook, newest: int) -> dict[str, Any]:
    """What commands print of a hook, times to the second. `behind` is how many entries of the journal it has not yet got."""
    times = ("created_at", "delivered_at", "failing_since", "next_at", "paused_at")
    return {
        "number": hook.pk,
        "url": _shown(hook.url),
        "resources": hook.resources,
        "ids": hook.ids,
        "columns": hook.columns,
        "state": "paused" if hook.paused_at else "failing" if hook.failures else "active",
        "delivered": hook.delivered,
        "behind": max(newest - hook.delivered, 0),
        "failures": hook.failures,
        "reason": hook.reason,
        **{name: _second(getattr(hook, name)) for name in times},
    }


def _attempt_as_dict(attempt: Attempt) -> dict[str, Any]:
    names = ("message", "first", "last", "entries", "status", "reason", "seconds")
    return {"at": _second(attempt.at), **{name: getattr(attempt, name) for name in names}}


def _shown(url: str) -> str:
    """An address without its query, which may hold a secret of the receiver."""
    return urlsplit(url)._replace(query="", fragment="").geturl() + ("?…" if "?" in url else "")


def _selection(hook: dict[str, Any]) -> str:
    """What a hook gets, in a few words."""
    words = [", ".join(some) for some in (hook["resources"], hook["ids"], hook["columns"]) if some]
    return "; ".join(words) or "everything"


def _state_in_words(hook: dict[str, Any]) -> str:
    if hook["state"] == "failing":
        return f"failing, next attempt {_minute(hook['next_at'])}"
    return f"paused since {_minute(hook['paused_at'])}" if hook["state"] == "paused" else "active"


def _second(at: datetime | None) -> str | None:
    return format_date_time(at.replace(microsecond=0)) if at else None


def _minute(text: str | None) -> str:
    return (text or "")[:16].replace("T", " ")
