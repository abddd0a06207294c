"""`launchledger serve`: the server, ready to use from the first start."""

from __future__ import annotations

import errno
import os
import socket
import sys
from contextlib import ExitStack
from importlib import import_module

import click
from django.conf import settings
from django.db import connection, connections

from launchledger import clock
from launchledger.catalogue.actions import Refresher, refresh
from launchledger.cli.preparing import prepare
from launchledger.database.checkpoints import FileWatcher, checkpoint
from launchledger.database.read_only import begin_read_only
from launchledger.documents.store import store_in_background
from launchledger.hooks.databases import BetweenForks
from launchledger.hooks.delivering import Deliverer
from launchledger.hooks.keeping import all_hooks
from launchledger.hooks.signing import NoKey, require_key
from launchledger.server.companions import Companion
from launchledger.server.workers import room_for_connections, run
from launchledger.sync.upstream import THE_SPACE_DEVS, Upstream

_APPLICATION = "launchledger.site.wsgi"  # named as text: `cli` and `site` must not import each other

WITHOUT_HOOKS = 15.0  # seconds between two looks whether there are webhooks now


def _cores() -> int:
    """How many processes can run at the same time on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@click.command(
    epilog="""\b
Examples:
  launchledger serve
  launchledger serve --host 0.0.0.0 --port 80 --workers 4
  launchledger serve --sync
  DATABASE_URL=sqlite:////media/ll.sqlite3 launchledger serve --read-only
  DATABASE_URL=postgres://me:secret@db/launchledger launchledger serve"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option(
    "--workers", default=_cores, show_default="one per core", type=click.IntRange(1, 256), help="Number of worker processes."
)
@click.option("--empty", is_flag=True, help="Do not load the starter into an empty catalogue.")
@click.option("--sync", is_flag=True, help="Run launchledger sync --forever as well. Implies --empty.")
@click.option(
    "--upstream", default=THE_SPACE_DEVS, show_default=True, metavar="URL", help="Root of a version at the server to sync with."
)
@click.option("--no-deliver", is_flag=True, help="Send no webhooks: launchledger deliver does, in a process of its own.")
@click.option("--read-only", is_flag=True, help="Write nothing, neither to the database nor next to its file.")
def serve(host: str, port: int, workers: int, empty: bool, sync: bool, upstream: str, no_deliver: bool, read_only: bool) -> None:
    """Serve the catalogue over HTTP.

    Creates or upgrades the tables first, and loads the starter into an empty catalogue: some forty spacecraft flights from Vostok
    to today. While it runs, it refreshes the numbers that depend on the time, and sends webhooks.

    With --sync the catalogue is filled from an upstream and kept like it, by a process beside the workers (docs/sync.md). Of
    several servers on one database one syncs, and another one takes over when it ends.

    With --read-only the catalogue is served as it is, even from a read-only medium: no starter, no upgrades, and the numbers of
    the last refresh; only times in space go on.
    """
    if clock.timestamp() < 0:  # granian's workers would end at their first reply
        raise click.ClickException("The clock is before 1970, and HTTP has no such dates: set the clock.")
    if sync and read_only:
        raise click.UsageError("--sync writes to the catalogue, and --read-only does not: use one of them.")
    companions = [_mirror(upstream)] if sync else []
    if read_only:
        begin_read_only()
    if ":memory:" in str(connection.settings_dict["NAME"]):
        raise click.ClickException("A database in memory cannot be served: each worker would have its own. Change DATABASE_URL.")
    address = _free_address(host, port)
    _check_open_files()
    rows = prepare(starter=not (empty or sync))
    if rows:
        click.echo(f"The catalogue was empty: loaded the starter catalogue ({rows:,} rows).")
    if not settings.READ_ONLY:
        refresh()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchledger.conf.settings")
    import_module(_APPLICATION)  # once, here; the workers are copies of this process
    if not settings.READ_ONLY:
        store_in_background()
    connections.close_all()  # the copies must not share them
    base = (f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}") + settings.PATH_PREFIX
    click.echo(f"Launchledger answers on {base}/2.2.0/ (docs: {base}/docs/, Ctrl-C stops)")
    with ExitStack() as beside:
        beside.enter_context(FileWatcher())
        if not settings.READ_ONLY:
            beside.enter_context(Refresher())
            if not no_deliver and _can_deliver():
                beside.enter_context(Deliverer(BetweenForks(), WITHOUT_HOOKS))
        for companion in companions:
            beside.enter_context(companion)
        run(
            f"{_APPLICATION}:application",
            address,
            port,
            workers=workers,
            connections=settings.CONNECTIONS,
            patience=settings.IDLE_TIMEOUT,
        )
    checkpoint()


def _mirror(upstream: str) -> Companion:
    """What syncs with this upstream while the server runs."""
    try:
        Upstream(upstream, key=settings.UPSTREAM_KEY).close()
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--upstream") from None
    words = ("sync", "--forever", "--until-stdin-ends", "--upstream", upstream)
    return Companion("launchledger sync", [sys.executable, "-m", "launchledger", *words])


def _can_deliver() -> bool:
    """Whether there is a key to sign webhooks with; says so if there are webhooks and none."""
    try:
        require_key()
    except NoKey as error:
        if all_hooks().exists():
            click.echo(f"No webhooks are sent: {error}", err=True)
        return False
    return True


def _check_open_files() -> None:
    room = room_for_connections(settings.CONNECTIONS)
    if room < settings.CONNECTIONS:
        raise click.ClickException(
            f"The system lets a process open too few files for LAUNCHLEDGER_CONNECTIONS={settings.CONNECTIONS}: "
            f"raise the limit (ulimit -n), or set at most {room}."
        )


def _free_address(host: str, port: int) -> str:
    """The numeric address to listen on. Checked here, because granian would share a port that is in use."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            return str(place[0])
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}, port {port}: {error.strerror}.{_advice(error)}") from None


def _advice(error: OSError) -> str:
    """What the user can do about an address that cannot be used."""
    if error.errno == errno.EADDRINUSE:
        return " Another program listens there, perhaps another launchledger serve: stop it, or choose another --port."
    if error.errno in (errno.EACCES, errno.EPERM):
        return " Ports below 1024 need a right that this user lacks: choose another --port."
    return ""
