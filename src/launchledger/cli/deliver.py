"""`launchledger deliver`: sends webhooks."""

from __future__ import annotations

import signal
import threading

import click
from django.conf import settings

from launchledger.cli.preparing import prepare
from launchledger.hooks.delivering import Deliverer
from launchledger.hooks.signing import NoKey, require_key


@click.command(epilog="\b\nExamples:\n  launchledger deliver --forever\n  launchledger deliver")
@click.option("--forever", is_flag=True, help="Deliver what changes, until stopped.")
def deliver(forever: bool) -> None:
    """Deliver to webhooks what changed.

    Without --forever, deliver what is due now, and end. `launchledger serve` does the same as --forever, unless it is started
    with --no-deliver. Any number may run at the same time, on any machines: they share the work. Each may be stopped, or killed,
    at any moment; what it had not finished is delivered by the next one, half a minute later.
    """
    if settings.READ_ONLY:
        raise click.ClickException("Delivering records what was delivered, which read-only mode does not allow.")
    try:
        require_key()
    except NoKey as error:
        raise click.ClickException(str(error)) from None
    prepare()
    if not forever:
        accepted = Deliverer().deliver_due()
        click.echo("1 message was accepted." if accepted == 1 else f"{accepted:,} messages were accepted.")
        return
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    click.echo("Delivering to webhooks (Ctrl-C stops)")
    with Deliverer():
        stopped.wait()
    click.echo("Stopped.")
