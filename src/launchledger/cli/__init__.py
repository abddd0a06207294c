"""The command `launchledger`: one file a command. Commands parse, call a layer below, and print.

Promises: exit status 0 done, 1 some input refused or a failure, 2 wrong use or wrong settings, 130 stopped by Ctrl-C; an
error is one line on standard error, without a traceback for anything that the user can fix.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from launchledger.cli.printing import printable_lines

COMMANDS = (
    "backup",
    "changes",
    "check",
    "delete",
    "deliver",
    "history",
    "hook",
    "journal",
    "key",
    "load",
    "override",
    "overrides",
    "purge",
    "restore",
    "sandbox",
    "serve",
    "statistics",
    "status",
    "sync",
    "user",
    "warm",
)
FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


class Commands(click.Group):
    """Imports a command when it is called, and reports a failure in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"launchledger.cli.{cmd_name}"), cmd_name)
        return command

    def main(self, *args: Any, **extra: Any) -> Any:
        from django.db import Error

        try:
            status = super().main(*args, **extra | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(WRONG_USE)
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "launchledger"
            message = " ".join(error.format_message().split())  # click puts each choice on its own line
            end(WRONG_USE, f"{message}{'' if message.endswith(('.', ')')) else '.'} See {command} --help.")
        except click.ClickException as error:
            end(FAILED, error.format_message())
        except (click.Abort, KeyboardInterrupt):
            end(INTERRUPTED, "stopped.")
        except Error as error:
            end(FAILED, f"the database: {' '.join(str(error).split())}")
        sys.exit(status if isinstance(status, int) else 0)


def end(status: int, reason: str) -> NoReturn:
    """End the process with a message to the user."""
    click.echo(f"launchledger: {printable_lines(reason)}", err=True)
    sys.exit(status)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog="\b\nExample:\n  launchledger serve")
@click.version_option(package_name="launchledger")
def launchledger() -> None:
    """Your own spaceflight catalogue, on the wire of Launch Library 2, version 2.2.0.

    Settings come from the environment; DATABASE_URL names the database.
    """


def main() -> NoReturn:
    """Set up Django and run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchledger.conf.settings")
    from launchledger.conf.config import ConfigurationError, load_config

    if next((word for word in sys.argv[1:] if not word.startswith("-")), "") == "sandbox":
        from launchledger.conf.isolation import isolate

        isolate()
    try:
        config = load_config()
    except ConfigurationError as error:
        end(WRONG_USE, f"wrong settings\n{error}")
    import django
    from django.core.exceptions import ImproperlyConfigured

    from launchledger.conf.logging import configure_logging

    configure_logging(config)
    try:
        django.setup()
    except ImproperlyConfigured as error:
        end(FAILED, str(error))
    launchledger()
    sys.exit(0)
