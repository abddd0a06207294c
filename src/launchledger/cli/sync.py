"""`launchledger sync`: fills the catalogue from an upstream, and keeps it like it."""

from __future__ import annotations

import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import click
from django.conf import settings
from rich.console import Console
from rich.progress import Progress, TaskID

from launchledger import clock
from launchledger.cli.parameters import optional, read_resource
from launchledger.cli.preparing import prepare
from launchledger.cli.progress import progress_bar
from launchledger.cli.stdin import when_stdin_ends
from launchledger.conf.parsing import parse_span
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time
from launchledger.sync.forecast import forecast
from launchledger.sync.lease import Held, Lost
from launchledger.sync.plan import pages_left
from launchledger.sync.running import Made, Syncer
from launchledger.sync.state import Call, What
from launchledger.sync.store import moment
from launchledger.sync.upstream import THE_SPACE_DEVS, Upstream

DRY_RUN = timedelta(hours=3)
TURN = 5.0  # seconds between two looks whether another process still syncs
ONCE, FOREVER = "once", "forever"


def _only(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(read_resource(context, parameter, name).path for name in value)


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
@click.option("--once", "mode", flag_value=ONCE, default=ONCE, help="Make the calls that are due, and end. The default.")
@click.option("--forever", "mode", flag_value=FOREVER, help="Make calls as they become due, until stopped.")
@click.option(
    "--for", "length", callback=optional(parse_span), metavar="TIME", help="Make calls for so long, such as 90m, 2h or 3d."
)
@click.option("--only", multiple=True, callback=_only, metavar="RESOURCE", help="Sync this list alone; may be given again.")
@click.option("--no-journal", is_flag=True, help="Walk through the lists, also where the upstream has a journal to follow.")
@click.option("--dry-run", is_flag=True, help="Print the calls of the next three hours with their reasons, and make none.")
@click.option("--until-stdin-ends", is_flag=True, help="End with standard input: a program that is killed leaves no sync.")
def sync(
    upstream: str,
    mode: str,
    length: timedelta | None,
    only: tuple[str, ...],
    no_journal: bool,
    dry_run: bool,
    until_stdin_ends: bool,
) -> None:
    """Fill the catalogue from an upstream, and keep it like it.

    The upstream is asked within its limit, 15 calls an hour if it does not say otherwise: first for all of its lists, then for
    what changed, most often near a launch, and for each list again, to find deletions. One process syncs at a time: with
    --forever a second one waits until the first ends, otherwise it is refused. It may be stopped, or killed, at any time, and the
    next one goes on from there. An upstream without a limit, such as another Launchledger, is asked as fast as it answers. Its
    journal, if it has one, is followed once every list was read: --once catches up with it, --forever waits for each change. Of
    an upstream without one, --once reads every list again.
    """
    try:
        asked = Upstream(upstream, key=settings.UPSTREAM_KEY, contact=settings.CONTACT)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--upstream") from None
    prepare()
    syncer = Syncer(asked, only, journal=not no_journal)
    if dry_run:
        _print_forecast(syncer, only, journal=not no_journal)
        return
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        syncer.interrupt()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())
    if until_stdin_ends:
        when_stdin_ends(stop)
    queue = _Queue(stopped, is_patient=mode == FOREVER)
    try:
        with syncer.running(queue.wait), _Progress(syncer, only) as progress:
            left = _sync(syncer, mode, length, lambda seconds: not stopped.wait(seconds), progress.note)
    except (Held, Lost) as error:
        if stopped.is_set():
            return
        raise click.ClickException(f"{error}.") from None
    _print_left(left)


def _sync(
    syncer: Syncer, mode: str, length: timedelta | None, wait: Callable[[float], bool], note: Callable[[Made], None]
) -> Call | None:
    """Sync as the options say; returns the first call that is left."""
    if mode == ONCE and length is None:
        return syncer.sync_once(wait, note)
    syncer.sync(wait, note, None if length is None else clock.now() + length)
    return syncer.next()


class _Queue:
    """Waits until no other process syncs."""

    def __init__(self, stopped: threading.Event, *, is_patient: bool) -> None:
        self._stopped = stopped
        self._is_patient = is_patient
        self._is_told = False

    def wait(self, held: Held) -> bool:
        """Wait a little, if that is wanted; returns whether to try again."""
        if self._is_patient and not self._is_told:
            click.echo(f"{held}. Waiting until it ends.", err=True)
            self._is_told = True
        return self._is_patient and not self._stopped.wait(TURN)


class _Progress:
    """A line for each call, and on a terminal a bar while the lists are read for the first time."""

    def __init__(self, syncer: Syncer, only: tuple[str, ...]) -> None:
        self._syncer = syncer
        self._only = only
        self._bar: Progress = progress_bar(Console(stderr=True), with_time=False)
        self._task: TaskID | None = None
        self._pages = 0

    def __enter__(self) -> _Progress:
        self._pages = self._left()
        if self._pages and sys.stderr.isatty():
            self._bar.start()
            self._task = self._bar.add_task(self._description(self._pages), total=self._pages)
        return self

    def __exit__(self, *reason: object) -> None:
        self._bar.stop()

    def note(self, made: Made) -> None:
        """Print what a call brought; a journal that has nothing new is not worth a line."""
        if made.call.what is What.CHANGES and made.outcome == "0 entries":
            return
        line = printable(f"{format_date_time(clock.now().replace(microsecond=0))} {made.call.reason}: {_told(made)}")
        if self._task is None:
            click.echo(line)
            return
        self._bar.console.print(line, markup=False, highlight=False)
        left = self._left()
        self._pages = max(self._pages, left)
        self._bar.update(self._task, total=self._pages, completed=self._pages - left, description=self._description(left))

    def _left(self) -> int:
        return pages_left(self._syncer.known(), only=self._only)

    def _description(self, pages: int) -> str:
        """How much is left of the first walks, and how long it takes at upstream's rate."""
        allowance = self._syncer.allowance()
        left = f"First sync: {pages:,} pages left"
        if not allowance.limit or not pages:
            return left
        minutes = round(pages * allowance.seconds / allowance.limit / 60)
        return f"{left}, about {minutes // 60} h {minutes % 60} min"


def _told(made: Made) -> str:
    """What a call brought, in a few words."""
    if made.taken is None or made.outcome.startswith("failed"):
        return made.outcome
    counts = sum(made.taken.report.outcomes.values(), Counter[str]())
    told = [f"{counts[name]:,} {name}" for name in ("new", "changed", "refused") if counts[name]]
    told += ["deleted"] if made.taken.deleted else []
    told += [f"not used: {made.taken.failed}"] if made.taken.failed else []
    return f"{made.outcome} ({', '.join(told)})" if told else made.outcome


def _print_left(call: Call | None) -> None:
    if call is not None:
        click.echo(printable(f"Next: {call.reason}, at {format_date_time(moment(call.at).replace(microsecond=0))}."))


def _print_forecast(syncer: Syncer, only: tuple[str, ...], *, journal: bool) -> None:
    length = DRY_RUN.total_seconds()
    calls = forecast(syncer.known(), syncer.allowance(), clock.timestamp(), length, only=only, journal=journal)
    for call in calls:
        at = format_date_time(moment(call.at).replace(microsecond=0))
        click.echo(printable(f"{at} {syncer.request(call)}  {call.reason}"))
