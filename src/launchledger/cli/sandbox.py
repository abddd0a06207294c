"""`launchledger sandbox`: a server for tests, over a throw-away catalogue."""

from __future__ import annotations

import signal
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from launchledger import clock
from launchledger.cli.parameters import optional, read_time
from launchledger.cli.stdin import when_stdin_ends
from launchledger.clock import VirtualClock
from launchledger.conf.isolation import CATALOGUE, isolated_folder
from launchledger.conf.rates import Rate, parse_rate
from launchledger.database.backups import Refused
from launchledger.formats.times import format_date_time
from launchledger.ingest.reports import Complaint
from launchledger.sandbox.catalogue import Catalogue
from launchledger.sandbox.changes import Wrong
from launchledger.sandbox.control import EARLIEST, FASTEST, LATEST, Control
from launchledger.sandbox.sandbox import Sandbox
from launchledger.sandbox.scripts import read_script
from launchledger.sandbox.transport import Server

_APPLICATION = "launchledger.site.wsgi"  # named as text: `cli` and `site` must not import each other


def _time(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    at = read_time(context, parameter, value)
    if at is not None and not EARLIEST <= at <= LATEST:
        raise click.BadParameter(f"The clock goes from {EARLIEST.year} to {LATEST.year}.")
    return at


@click.command(
    epilog="""\b
Examples:
  launchledger sandbox
  launchledger sandbox --now 2026-07-20T13:30:00Z --speed 0
  launchledger sandbox replies/ --rate 15/hour --script slips.toml
  launchledger sandbox launchledger.sqlite3 --port 0"""
)
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path(path_type=Path))
@click.option("--now", callback=_time, metavar="TIME", help="Time of the clock, such as 2026-07-20T13:30:00Z; now if not given.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, FASTEST),
    help="Seconds of the sandbox's clock in a second; 0 for a clock that stands still.",
)
@click.option(
    "--rate",
    callback=optional(parse_rate),
    metavar="RATE",
    help="Rate limit for each address, such as 15/hour; none if not given.",
)
@click.option("--script", type=click.Path(path_type=Path), metavar="FILE", help="TOML file with changes and their times.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on; 0 takes a free one."
)
@click.option("--control-from-anywhere", is_flag=True, help="Let other machines use /sandbox/, too.")
@click.option("--until-stdin-ends", is_flag=True, help="End with standard input: a test runner that is killed leaves no sandbox.")
def sandbox(
    paths: tuple[Path, ...],
    now: datetime | None,
    speed: float,
    rate: Rate | None,
    script: Path | None,
    host: str,
    port: int,
    control_from_anywhere: bool,
    until_stdin_ends: bool,
) -> None:
    """Serve a throw-away catalogue for tests, with a clock of its own, faults on demand, and a reset.

    The catalogue is the starter, or that of PATH: replies, folders of them, or the file of a catalogue, which is copied.
    Nothing lasts: your own catalogue and the settings in the environment are neither read nor changed. Tests control the sandbox
    by JSON under /sandbox/: clock, reset, faults, change and requests (docs/sandbox.md).
    """
    folder = isolated_folder()
    if folder is None:
        raise click.ClickException("The sandbox has no database of its own here: run the command launchledger.")
    if missing := [str(path) for path in paths if not path.exists()]:
        raise click.ClickException(f"{missing[0]} does not exist.")
    virtual = VirtualClock(folder / "clock")
    virtual.set((now or clock.now()).timestamp(), speed)
    clock.follow(virtual)
    catalogue = Catalogue(folder / CATALOGUE)
    try:
        changes = read_script(script, clock.now()) if script else []
        running = Sandbox(catalogue, virtual, changes, rate)
        server = Server(host, port, Control(running, anywhere=control_from_anywhere).answer)
    except Wrong as wrong:
        raise click.ClickException(str(wrong)) from None
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another --port.") from None
    try:
        running.start(_application, lambda: catalogue.fill(paths, _complain))
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    if until_stdin_ends:
        when_stdin_ends(server.shutdown)
    _serve(running, server, host)


def _application() -> Any:
    return import_module(_APPLICATION).application


def _complain(complaint: Complaint) -> None:
    click.echo(str(complaint), err=True)


def _serve(running: Sandbox, server: Server, host: str) -> None:
    base = f"http://[{host}]:{server.port}" if ":" in host else f"http://{host}:{server.port}"
    speed = f"at speed {running.clock.speed:g}" if running.clock.speed else "standing still"
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        click.echo(
            f"The sandbox answers on {base}/2.2.0/ (control: {base}/sandbox/, docs: {base}/docs/, Ctrl-C stops). "
            f"Its clock is at {format_date_time(clock.now().replace(microsecond=0))}, {speed}."
        )
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
        running.stop()
