"""The configuration of this process, from the environment. Nothing else reads the environment.

Promises: every wrong variable is named at once, before anything starts, and no error or `repr` shows a secret. Each variable may
come from a file instead (`NAME_FILE`), as containers hand out secrets.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from environs import EnvValidationError, FileAwareEnv
from marshmallow import ValidationError, validate

from launchledger.conf.ages import DEFAULT as DEFAULT_AGES
from launchledger.conf.ages import MaxAges, parse_max_ages
from launchledger.conf.hosts import parse_hosts
from launchledger.conf.prefixes import parse_prefix
from launchledger.conf.rates import Rate, parse_rate
from launchledger.conf.surrogates import parse_surrogate_keys

LONGEST_NAME = 63  # characters of a database of PostgreSQL
MOST_MB = 65_536  # of replies and lists in memory
MOST_MS = 3_600_000  # of a statement: an hour
MOST_IDLE_SECONDS = 3600
MOST_CONNECTIONS = 65_536  # of a worker


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
    Setting(
        "LAUNCHLEDGER_ALLOWED_HOSTS",
        "*",
        "Host names the server answers to, without scheme, port or path and with commas between them; .example.org for all names "
        "below it too, * for any. /healthz and /readyz answer whatever host is asked for.",
    ),
    Setting(
        "LAUNCHLEDGER_THROTTLE_ANONYMOUS",
        "",
        "How often one address may call without a key: 15/hour, also /second, /minute or /day. Without limit if unset.",
    ),
    Setting("LAUNCHLEDGER_THROTTLE_KEYS", "", "How often a key may call that has no rate of its own. Without limit if unset."),
    Setting(
        "LAUNCHLEDGER_UNKNOWN_KEYS",
        "pass",
        "What happens to a request with an unknown key while no key was ever made and nobody is throttled: pass answers it as if "
        "it had none, refuse answers 401. In every other case an unknown key is refused.",
    ),
    Setting(
        "LAUNCHLEDGER_CACHE_URL",
        "",
        "Where calls are counted: redis://USER:PASSWORD@HOST:PORT/NUMBER, rediss://…, unix://SOCKET or sqlite:///FILE. "
        "A file on this machine if unset.",
    ),
    Setting(
        "LAUNCHLEDGER_TRUSTED_PROXIES",
        "",
        "Proxies whose X-Forwarded-For, -Proto, -Host, -Port and -Prefix, or Forwarded, are believed: addresses and networks, "
        "with commas between them.",
    ),
    Setting(
        "LAUNCHLEDGER_PATH_PREFIX",
        "",
        "The path below which clients see the server, such as /ledger. Requests may come with it or without it.",
    ),
    Setting(
        "LAUNCHLEDGER_IDLE_TIMEOUT",
        "10",
        "How many seconds a connection may take to send the head of a request, counted from its start or from the last reply. "
        "Then it is closed.",
    ),
    Setting(
        "LAUNCHLEDGER_CONNECTIONS",
        "512",
        "How many connections each worker holds at the same time; others wait until one is closed.",
    ),
    Setting(
        "LAUNCHLEDGER_RESPONSE_CACHE_MB",
        "64",
        "How many MB of replies, and of what it knows of lists, each worker keeps in memory, at most; 0 for none. Nothing kept "
        "is served after a change.",
    ),
    Setting(
        "LAUNCHLEDGER_STATEMENT_TIMEOUT_MS",
        "1000",
        "How many milliseconds one statement of a request may take: of CPU time on SQLite, of time on PostgreSQL. A request that "
        "needs more is answered with 503. 0 for no limit.",
    ),
    Setting(
        "LAUNCHLEDGER_MAX_AGE",
        ",".join(f"{kind}={seconds}" for kind, seconds in DEFAULT_AGES._asdict().items()),
        "How many seconds browsers and caches may keep a reply without asking again, by what it tells of; or one number for all. "
        "With 0 they ask each time.",
    ),
    Setting(
        "LAUNCHLEDGER_SURROGATE_KEYS",
        "",
        "Headers by which replies tell a cache in front what they are made of: Surrogate-Key, Cache-Tag, or both with a comma. "
        "Neither if unset.",
    ),
    Setting("LAUNCHLEDGER_PURGE_TOKEN", "", "What launchledger purge shows to Fastly or Cloudflare, so that they obey."),
    Setting(
        "LAUNCHLEDGER_READ_ONLY",
        "no",
        "With yes nothing is written to the database, or beside its file: the same as launchledger serve --read-only.",
    ),
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
    throttle_anonymous: Rate | None
    throttle_keys: Rate | None
    unknown_keys: str
    cache_url: str = field(repr=False)
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    path_prefix: str
    idle_timeout: int
    connections: int
    response_cache_mb: int
    statement_timeout_ms: int
    read_only: bool
    max_ages: MaxAges
    surrogate_keys: tuple[str, ...]
    purge_token: str = field(repr=False)
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
    hosts = text("LAUNCHLEDGER_ALLOWED_HOSTS", _Readable(parse_hosts, needed=True))
    anonymous = text("LAUNCHLEDGER_THROTTLE_ANONYMOUS", _Readable(parse_rate))
    keys = text("LAUNCHLEDGER_THROTTLE_KEYS", _Readable(parse_rate))
    unknown_keys = text("LAUNCHLEDGER_UNKNOWN_KEYS", validate.OneOf(["pass", "refuse"]))
    cache_url = text("LAUNCHLEDGER_CACHE_URL", _Readable(_check_cache_url))
    proxies = text("LAUNCHLEDGER_TRUSTED_PROXIES", _Readable(_networks))
    prefix = text("LAUNCHLEDGER_PATH_PREFIX", _Readable(parse_prefix))
    idle_timeout = text("LAUNCHLEDGER_IDLE_TIMEOUT", _Readable(partial(_whole_number, least=1, most=MOST_IDLE_SECONDS)))
    connections = text("LAUNCHLEDGER_CONNECTIONS", _Readable(partial(_whole_number, least=1, most=MOST_CONNECTIONS)))
    cache_mb = text("LAUNCHLEDGER_RESPONSE_CACHE_MB", _Readable(_megabytes))
    timeout_ms = text("LAUNCHLEDGER_STATEMENT_TIMEOUT_MS", _Readable(_milliseconds))
    max_ages = text("LAUNCHLEDGER_MAX_AGE", _Readable(parse_max_ages))
    surrogate_keys = text("LAUNCHLEDGER_SURROGATE_KEYS", _Readable(parse_surrogate_keys))
    purge_token = text("LAUNCHLEDGER_PURGE_TOKEN", validate.Regexp(r"[!-~]*\Z", error="Has characters that no token has."))
    read_only = text("LAUNCHLEDGER_READ_ONLY", validate.OneOf(["yes", "no"]))
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
        allowed_hosts=parse_hosts(hosts),
        throttle_anonymous=parse_rate(anonymous) if anonymous else None,
        throttle_keys=parse_rate(keys) if keys else None,
        unknown_keys=unknown_keys,
        cache_url=cache_url,
        trusted_proxies=_networks(proxies),
        path_prefix=parse_prefix(prefix),
        idle_timeout=int(idle_timeout or defaults["LAUNCHLEDGER_IDLE_TIMEOUT"]),
        connections=int(connections or defaults["LAUNCHLEDGER_CONNECTIONS"]),
        response_cache_mb=_megabytes(cache_mb or defaults["LAUNCHLEDGER_RESPONSE_CACHE_MB"]),
        read_only=read_only == "yes",
        statement_timeout_ms=_milliseconds(timeout_ms or defaults["LAUNCHLEDGER_STATEMENT_TIMEOUT_MS"]),
        max_ages=parse_max_ages(max_ages) if max_ages else DEFAULT_AGES,
        surrogate_keys=parse_surrogate_keys(surrogate_keys),
        purge_token=purge_token,
        log_format=log_format,
        log_level=log_level,
    )


class _Readable(validate.Validator):
    """Checks what is set by reading it, and that something is where it is `needed`. What `read` says of it is shown."""

    def __init__(self, read: Callable[[str], Any], *, needed: bool = False) -> None:
        self._read = read
        self._needed = needed

    def __call__(self, value: str) -> str:
        try:
            if value or self._needed:
                self._read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        return value


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks with commas between them; an address is a network of one."""
    found = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            network = ip_network(part)
        except ValueError:
            raise ValueError(f"{part} is no address and no network such as 10.0.0.0/8.") from None
        if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped and network.prefixlen >= 96:
            # Addresses of this form are taken for the IPv4 addresses in them, so a network of them matches nothing.
            meant = f"{network.network_address.ipv4_mapped}/{network.prefixlen - 96}"
            raise ValueError(f"{part} matches nothing: write {meant}.")
        found.append(network)
    return tuple(found)


def _megabytes(text: str) -> int:
    return _whole_number(text, MOST_MB)


def _milliseconds(text: str) -> int:
    return _whole_number(text, MOST_MS)


def _whole_number(text: str, most: int, least: int = 0) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or not least <= int(text) <= most:
        raise ValueError(f"Is no whole number from {least} to {most}.")
    return int(text)


def _check_cache_url(url: str) -> None:
    """Says what is wrong without showing the URL, because passwords stand in it."""
    try:
        parts = urlsplit(url)
        complete = parts.path.strip("/") if parts.scheme in ("sqlite", "unix") else parts.hostname and parts.port != 0
    except ValueError:
        raise ValueError("Is no URL; characters such as / and @ in a password are written as %2F and %40.") from None
    if parts.scheme not in ("redis", "rediss", "unix", "sqlite") or not complete:
        raise ValueError("Is none of redis://HOST:PORT/NUMBER, rediss://HOST:PORT/NUMBER, unix://SOCKET and sqlite:///FILE.")


class _DatabaseURL(validate.Validator):
    """Says what is wrong with a database's URL without showing it, because passwords stand in it."""

    SCHEMES = ("sqlite://", "postgres://", "postgresql://")

    def __call__(self, value: str) -> str:
        if not value.startswith(self.SCHEMES):
            raise ValidationError(f"Begins with none of {', '.join(self.SCHEMES)}.")
        try:
            name = str(dj_database_url.parse(value)["NAME"] or "")
        except ValueError:
            raise ValidationError("Is no URL; characters such as / and @ in a password are written as %2F and %40.") from None
        is_sqlite = value.startswith("sqlite")
        if not name.strip("/") or (name == ":memory:" and name not in value):
            raise ValidationError(f"Names no {'file: sqlite:///FILE' if is_sqlite else 'database: postgres://HOST/NAME'}.")
        if not is_sqlite and len(name) > LONGEST_NAME:
            raise ValidationError(f"Names a database with more than {LONGEST_NAME} characters, which PostgreSQL does not have.")
        return value
