"""The configuration of this process, from the environment. Nothing else reads the environment.

Promises: every wrong variable is named at once, before anything starts. A secret may come from a file (`NAME_FILE`).
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from environs import Env, EnvValidationError
from marshmallow import validate


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its name, what it is when unset (as one would write it), and what it does."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("DATABASE_URL", "sqlite:///launchledger.sqlite3", "Where the catalogue is kept: sqlite:///FILE or postgres://USER:PASSWORD@HOST/NAME."),
    Setting("LAUNCHLEDGER_SECRET_KEY", "", "Signs what the server hands out to be brought back. Made anew at each start when unset."),
    Setting("LAUNCHLEDGER_ALLOWED_HOSTS", "*", "Host names the server answers to, with commas between them; * for any."),
    Setting("LAUNCHLEDGER_LOG_FORMAT", "console", "How log lines are written: console for people, json for machines."),
    Setting("LAUNCHLEDGER_LOG_LEVEL", "INFO", "The least level that is logged: DEBUG, INFO, WARNING or ERROR."),
)
_SECRETS = ("DATABASE_URL", "LAUNCHLEDGER_SECRET_KEY")
_SCHEMES = ("sqlite", "postgres", "postgresql", "pgsql")


class ConfigurationError(Exception):
    """Some variables are wrong; the text has one line for each."""


@dataclass(frozen=True, slots=True)
class Config:
    database_url: str
    secret_key: str
    allowed_hosts: tuple[str, ...]
    log_format: str
    log_level: str


@cache
def load_config() -> Config:
    """Read the environment; ConfigurationError names every variable that is wrong."""
    _read_secret_files()
    env = Env(eager=False)
    defaults = {setting.name: setting.default for setting in SETTINGS}

    def text(name: str, *checks: validate.Validator) -> str:
        return str(env.str(name, defaults[name], validate=list(checks)) or "")

    database_url = text("DATABASE_URL", validate.Regexp(rf"({'|'.join(_SCHEMES)}):", error="begins with none of: " + ", ".join(_SCHEMES)))
    secret_key = text("LAUNCHLEDGER_SECRET_KEY")
    hosts = text("LAUNCHLEDGER_ALLOWED_HOSTS")
    log_format = text("LAUNCHLEDGER_LOG_FORMAT", validate.OneOf(["console", "json"]))
    log_level = text("LAUNCHLEDGER_LOG_LEVEL", validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
    try:
        env.seal()
    except EnvValidationError as error:
        wrong = [f"{name}: {' '.join(messages)}" for name, messages in error.error_messages.items()]
        raise ConfigurationError("\n".join(wrong)) from error
    return Config(
        database_url=database_url,
        secret_key=secret_key or secrets.token_urlsafe(50),
        allowed_hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        log_format=log_format,
        log_level=log_level,
    )


def _read_secret_files() -> None:
    for name in _SECRETS:
        file = os.environ.get(f"{name}_FILE")
        if not file or name in os.environ:
            continue
        try:
            os.environ[name] = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigurationError(f"{name}_FILE: cannot read {file}: {error.strerror}") from error
