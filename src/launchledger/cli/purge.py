"""`launchledger purge`: a cache in front of the server forgets what has changed."""

from __future__ import annotations

import signal
from types import FrameType

import click
from django.conf import settings

from launchledger.cdn.clients import FORMS, Cache
from launchledger.cdn.follower import Failed, Follower
from launchledger.cli.preparing import prepare
from launchledger.formats.texts import printable
from launchledger.http_cache.surrogate_keys import EVERYTHING


class _Stopped(BaseException):
    """The process was asked to end. Nothing need be finished: who follows anew begins with everything."""


@click.command(
    epilog="""\b
Examples:
  launchledger purge --for varnish http://127.0.0.1:6081/
  launchledger purge --for varnish http://127.0.0.1:6081/ --once
  launchledger purge --for fastly https://api.fastly.com/service/ID/purge"""
)
@click.argument("url")
@click.option("--for", "kind", required=True, type=click.Choice(list(FORMS)), help="What stands there.")
@click.option(
    "--every",
    default=0.1,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    metavar="SECONDS",
    help="How often to look for changes.",
)
@click.option("--once", is_flag=True, help="Only have it forget everything, and end.")
def purge(url: str, kind: str, every: float, once: bool) -> None:
    """Tell the cache at URL what to forget, soon after each change.

    Runs beside the server until it is stopped, one for each cache, with the same LAUNCHLEDGER_SURROGATE_KEYS. It begins with
    everything and remembers nothing, so it may be stopped and started at any time. A cache that cannot be told is told later.
    Fastly and Cloudflare want LAUNCHLEDGER_PURGE_TOKEN, or its file in LAUNCHLEDGER_PURGE_TOKEN_FILE. Cloudflare's URL is
    https://api.cloudflare.com/client/v4/zones/ZONE/purge_cache.
    """
    header = FORMS[kind].header
    if header not in settings.SURROGATE_KEYS:
        raise click.UsageError(
            f"Replies have no {header}, so {kind} would find nothing to forget. "
            f"Set LAUNCHLEDGER_SURROGATE_KEYS={header} here and for the server."
        )
    if FORMS[kind].token and not settings.PURGE_TOKEN:
        raise click.UsageError(f"{kind} wants a token: set LAUNCHLEDGER_PURGE_TOKEN_FILE to a file that holds it.")
    try:
        cache = Cache(kind, url, settings.PURGE_TOKEN)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'URL'") from None
    prepare()
    if once:
        _forget_everything(cache)
        return
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _stop)
    click.echo(f"Tells {kind} at {printable(url)} what to forget (Ctrl-C stops)")
    try:
        Follower(cache.forget).follow(every)
    except _Stopped:
        click.echo("Stopped.")


def _forget_everything(cache: Cache) -> None:
    try:
        cache.forget([EVERYTHING])
    except Failed as failure:
        raise click.ClickException(f"{failure}.") from None
    click.echo("The cache forgot everything.")


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stopped
