"""The configuration of this process, from the environment. Nothing else reads the environment.

Promises: every wrong variable is named at once, before anything starts, and no error or `repr` shows a secret. Each variable may
come from a file instead (`NAME_FILE`), as containers hand out secrets.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import dj_database_url
from environs import EnvValidationError, FileAwareEnv
from marshmallow import ValidationError, validate


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its name, what it is when unset (as one would write it), and what it does."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting(
        "DATABASE_URL",
        "sqlite:///launchledger.sqlite3",
        "Where the catalogue is kept: sqlite:///FILE or postgres://USER:PASSWORD@HOST/NAME.",
    ),
    Setting(
        "LAUNCHLEDGER_SECRET_KEY", "", "Signs what the server hands out to be brought back. Made anew at each start if unset."
    ),
    Setting("LAUNCHLEDGER_ALLOWED_HOSTS", "*", "Host names the server answers to, with commas between them; * for any."),
    Setting("LAUNCHLEDGER_LOG_FORMAT", "console", "How log lines are written: console for people, json for machines."),
    Setting("LAUNCHLEDGER_LOG_LEVEL", "INFO", "The least level that is logged: DEBUG, INFO, WARNING or ERROR."),
)


class ConfigurationError(Exception):
    """Some variables are wrong; the text has one line for each."""


@dataclass(frozen=True, slots=True)
class Config:
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    allowed_hosts: tuple[str, ...]
    log_format: str
    log_level: str


@cache
def load_config() -> Config:
    """Read the environment; ConfigurationError names every variable that is wrong."""
    env = FileAwareEnv(eager=False, strip_whitespace=True)
    defaults = {setting.name: setting.default for setting in SETTINGS}
    unreadable: list[str] = []

    def text(name: str, *checks: validate.Validator) -> str:
        try:
            return str(env.str(name, defaults[name], validate=list(checks)) or "")
        except ValueError:  # environs lets this one through instead of gathering it
            unreadable.append(f"{name}_FILE: names a file that cannot be read")
            return ""

    database_url = text("DATABASE_URL", _DatabaseURL())
    secret_key = text("LAUNCHLEDGER_SECRET_KEY")
    hosts = text("LAUNCHLEDGER_ALLOWED_HOSTS", validate.Regexp(r".*[^,\s]", error="Names no host."))
    log_format = text("LAUNCHLEDGER_LOG_FORMAT", validate.OneOf(["console", "json"]))
    log_level = text("LAUNCHLEDGER_LOG_LEVEL", validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
    try:
        env.seal()
    except EnvValidationError as error:
        messages: Any = error.error_messages  # a mapping, once gathered
        raise ConfigurationError(
            "\n".join([*unreadable, *(f"{name}: {' '.join(messages[name])}" for name in messages)])
        ) from None
    if unreadable:
        raise ConfigurationError("\n".join(unreadable))
    return Config(
        database_url=database_url,
        secret_key=secret_key or secrets.token_urlsafe(50),
        allowed_hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        log_format=log_format,
        log_level=log_level,
    )


class _DatabaseURL(validate.Validator):
    """Says what is wrong with a database's URL without showing it, because passwords stand in it."""

    SCHEMES = ("sqlite://", "postgres://", "postgresql://")

    def __call__(self, value: str) -> str:
        if not value.startswith(self.SCHEMES):
            raise ValidationError(f"Begins with none of {', '.join(self.SCHEMES)}.")
        try:
            dj_database_url.parse(value)
        except ValueError:
            raise ValidationError("Is no URL; characters such as / and @ in a password are written as %2F and %40.") from None
        return value
