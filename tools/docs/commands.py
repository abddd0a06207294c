"""docs/commands.md: every command with its arguments, options and examples, generated from the commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from launchledger.cli import launchledger
from tools.docs.markdown import code, header, table

SOURCE = "the commands, which say the same with `--help`"

INTRODUCTION = """
Installed by `make`, the command is `.venv/bin/launchledger`; installed by pip, `launchledger`. [Settings](settings.md) come from
the environment.

Every command ends with status 0 when it is done, 1 when some input was refused or something failed, 2 for wrong use or wrong
settings, and 130 when stopped by Ctrl-C. Errors are one line on standard error.
"""


def page() -> str:
    sections = [_section(command, context) for command, context in commands()]
    return "\n".join([header("Commands", SOURCE), INTRODUCTION.lstrip("\n"), *sections])


def commands() -> Iterator[tuple[click.Command, click.Context]]:
    """Every command and the commands below it, in the order of their names, first `launchledger` itself."""
    yield from _with_commands_below(launchledger, root())


def root() -> click.Context:
    """The context of `launchledger` as the command itself makes it: a command remembers the help option of the first it meets."""
    return click.Context(launchledger, info_name="launchledger", **launchledger.context_settings)


def _with_commands_below(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    yield command, context
    if isinstance(command, click.Group):
        for name in sorted(command.list_commands(context)):
            below = command.get_command(context, name)
            if below and not below.hidden:
                yield from _with_commands_below(below, click.Context(below, info_name=name, parent=context))


def _section(command: click.Command, context: click.Context) -> str:
    parameters = [row for each in command.get_params(context) if (row := _row(each, context))]
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    return "\n".join(
        [
            f"## {context.command_path}\n",
            f"```console\n$ {usage}\n```\n",
            _paragraphs(command.help or ""),
            *([table(("option", "what it does"), parameters)] if parameters else []),
            *_examples(command.epilog or ""),
        ]
    )


def _row(parameter: click.Parameter, context: click.Context) -> tuple[str, str] | None:
    record = parameter.get_help_record(context)
    if not record or isinstance(parameter, click.Argument) or "--help" in parameter.opts:
        return None
    names, help = record
    return code(names), help


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text.strip())) + "\n"


def _examples(epilog: str) -> list[str]:
    """The lines below "Examples:", as a user types them."""
    lines = [line.strip() for line in epilog.splitlines() if line.startswith("  ")]
    return ["```console", *(f"$ {line}" for line in lines), "```\n"] if lines else []
