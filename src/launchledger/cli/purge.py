"""`launchledger purge`: purges changed replies from a cache in front of the server."""

from __future__ import annotations

import signal
from types import FrameType

import click
from django.conf import settings

from launchledger.cdn.clients import PURGE_APIS, Cache
from launchledger.cdn.follower import Follower, PurgeFailed
from launchledger.cli.preparing import prepare
from launchledger.formats.texts import printable
from launchledger.http_cache.surrogate_keys import EVERYTHING


class _Stopped(BaseException):
    """The process was asked to end. Nothing has to be finished: the next start purges everything."""


@click.command(
    epilog="""\b
Examples:
  launchledger purge --for varnish http://127.0.0.1:6081/
  launchledger purge --for varnish http://127.0.0.1:6081/ --once
  launchledger purge --for fastly https://api.fastly.com/service/ID/purge"""
)
@click.argument("url")
@click.option("--for", "kind", required=True, type=click.Choice(list(PURGE_APIS)), help="Kind of cache.")
@click.option(
    "--every",
    default=0.1,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    metavar="SECONDS",
    help="Seconds between checks for changes.",
)
@click.option("--once", is_flag=True, help="Purge everything once and exit.")
def purge(url: str, kind: str, every: float, once: bool) -> None:
    """Purge changed replies from the cache at URL, soon after each change.

    Run one for each cache, with the LAUNCHLEDGER_SURROGATE_KEYS of the server. It purges everything at startup and keeps no
    state, so it can be stopped and started at any time. A purge that fails is retried.
    Fastly and Cloudflare require LAUNCHLEDGER_PURGE_TOKEN, or its file in LAUNCHLEDGER_PURGE_TOKEN_FILE. Cloudflare's URL is
    https://api.cloudflare.com/client/v4/zones/ZONE/purge_cache.
    """
    header = PURGE_APIS[kind].header
    if header not in settings.SURROGATE_KEYS:
        raise click.UsageError(
            f"Replies have no {header}, so {kind} could not find what to purge. "
            f"Set LAUNCHLEDGER_SURROGATE_KEYS={header} here and for the server."
        )
    if PURGE_APIS[kind].token and not settings.PURGE_TOKEN:
        raise click.UsageError(f"{kind} requires a token: set LAUNCHLEDGER_PURGE_TOKEN_FILE to a file that holds it.")
    try:
        cache = Cache(kind, url, settings.PURGE_TOKEN)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'URL'") from None
    prepare()
    if once:
        _purge_everything(cache)
        return
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _stop)
    click.echo(f"Purging {kind} at {printable(url)} (Ctrl-C stops)")
    try:
        Follower(cache.purge).follow(every)
    except _Stopped:
        click.echo("Stopped.")


def _purge_everything(cache: Cache) -> None:
    try:
        cache.purge([EVERYTHING])
    except PurgeFailed as failure:
        raise click.ClickException(f"{failure}.") from None
    click.echo("Purged everything.")


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stopped
