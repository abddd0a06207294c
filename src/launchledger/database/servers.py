"""PostgreSQL's own commands for backups of this database, ready to type. They contain no password: PGPASSWORD has it."""

from __future__ import annotations

import shlex

from django.db import connections


def dump_command(file: str) -> str:
    """The command that writes a backup."""
    return shlex.join(["pg_dump", "--format=custom", f"--file={file}", *_where()])


def restore_command(file: str) -> str:
    """The command that restores it, all or nothing. Servers may run meanwhile, and wait for it."""
    words = ["pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner"]
    return shlex.join([*words, *_where(), file])


def _where() -> list[str]:
    settings = connections["default"].settings_dict
    options = {"host": settings["HOST"], "port": settings["PORT"], "username": settings["USER"], "dbname": settings["NAME"]}
    return [f"--{name}={value}" for name, value in options.items() if value]
