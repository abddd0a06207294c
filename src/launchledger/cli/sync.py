"""`launchledger sync`: fills the catalogue from an upstream, and keeps it like it."""

from __future__ import annotations

import re
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
from django.conf import settings
from rich.console import Console

from launchledger import clock
from launchledger.cli.preparing import prepare
from launchledger.cli.progress import progress_bar
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time
from launchledger.ingest.objects import resource_named
from launchledger.sync.forecast import forecast
from launchledger.sync.lease import Held, Lost
from launchledger.sync.running import Made, Syncer
from launchledger.sync.state import Call
from launchledger.sync.store import moment
from launchledger.sync.upstream import THE_SPACE_DEVS, Upstream

_LENGTH = re.compile(r"(\d{1,6})([smhd])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
DRY_RUN = timedelta(hours=3)


def _only(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for name in value:
        path = resource_named(name)
        if not path:
            raise click.BadParameter(f"{printable(name)} is not a resource of version 2.2.0, such as launch or config/launcher.")
        found.append(path)
    return tuple(found)


def _length(context: click.Context, parameter: click.Parameter, value: str | None) -> timedelta | None:
    if value is None:
        return None
    found = _LENGTH.fullmatch(value)
    if not found:
        raise click.BadParameter(f"{printable(value)} is not a duration such as 90m, 2h or 3d.")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


@click.command(
    epilog="""\b
Examples:
  launchledger sync
  launchledger sync --forever
  launchledger sync --for 2h --only launch --only event
  launchledger sync --upstream http://127.0.0.1:8000/2.2.0/
  launchledger sync --dry-run"""
)
@click.option(
    "--upstream", default=THE_SPACE_DEVS, show_default=True, metavar="URL", help="Root of a version at the server to sync with."
)
@click.option("--once", "mode", flag_value="once", default=True, help="Make the calls that are due, and end. The default.")
@click.option("--forever", "mode", flag_value="forever", help="Make calls as they become due, until stopped.")
@click.option("--for", "length", callback=_length, metavar="TIME", help="Make calls for so long, such as 90m, 2h or 3d.")
@click.option("--only", multiple=True, callback=_only, metavar="RESOURCE", help="Sync this list alone; may be given again.")
@click.option("--dry-run", is_flag=True, help="Print the calls of the next three hours with their reasons, and make none.")
def sync(upstream: str, mode: str, length: timedelta | None, only: tuple[str, ...], dry_run: bool) -> None:
    """Fill the catalogue from an upstream, and keep it like it.

    The upstream is asked within its limit, 15 calls an hour if it does not say otherwise: first for all of its lists, then for
    what changed, most often near a launch, and for each list again, to find deletions. One process syncs at a time; it may be
    stopped, or killed, at any moment, and the next one goes on from there. An upstream without a limit, such as another
    Launchledger, is asked as fast as it answers, and --once then syncs everything.
    """
    try:
        asked = Upstream(upstream, key=settings.UPSTREAM_KEY, contact=settings.CONTACT)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--upstream") from None
    prepare()
    syncer = Syncer(asked, only)
    if dry_run:
        _print_forecast(syncer, only)
        return
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    try:
        with syncer.running():
            left = _sync(syncer, mode, length, lambda seconds: not stopped.wait(seconds))
    except (Held, Lost) as error:
        raise click.ClickException(f"{error}.") from None
    if left is not None:
        click.echo(f"Left: {left.reason}, at {format_date_time(moment(left.at).replace(microsecond=0))}.")


def _sync(syncer: Syncer, mode: str, length: timedelta | None, wait: Callable[[float], bool]) -> Call | None:
    """Sync as the options say; returns the first call that is left after `--once`."""
    if mode == "once" and length is None:
        return syncer.sync_once(wait, _print_made)
    syncer.sync(wait, _print_made, None if length is None else clock.now() + length)
    return None


def _print_made(made: Made) -> None:
    line = f"{format_date_time(clock.now().replace(microsecond=0))} {made.call.reason}: {made.outcome}"
    taken = made.taken
    if taken is not None:
        total = sum((counts for counts in taken.report.outcomes.values()), start=_nothing())
        told = [f"{total[name]:,} {name}" for name in ("new", "changed", "refused") if total[name]]
        line += f" ({', '.join(told)})" if told else ""
        line += " (deleted)" if taken.deleted else ""
        line += f" (not used: {taken.failed})" if taken.failed and not made.outcome.startswith("failed") else ""
    click.echo(printable(line))


def _nothing() -> Any:
    from collections import Counter

    return Counter()


def _print_forecast(syncer: Syncer, only: tuple[str, ...]) -> None:
    for call in forecast(syncer.known(), syncer.allowance(), clock.timestamp(), DRY_RUN.total_seconds(), only=only):
        click.echo(f"{format_date_time(moment(call.at).replace(microsecond=0))} {syncer.request(call)}  {call.reason}")


__all__ = ["Console", "progress_bar", "sync", "sys"]
