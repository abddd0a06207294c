"""The configuration of this process, from the environment. Nothing else reads the environment.

Promises: every wrong variable is named at once, before anything starts, and no error or `repr` shows a secret. Each variable may
be read from a file instead (`NAME_FILE`), as containers provide secrets.

To add a setting, add a field to `Config`: docs/settings.md and the errors are derived from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

from environs import FileAwareEnv

from launchledger.conf import parsing
from launchledger.conf.ages import DEFAULT as DEFAULT_AGES
from launchledger.conf.ages import MaxAges, parse_max_ages
from launchledger.conf.hosts import parse_hosts
from launchledger.conf.parsing import Parse
from launchledger.conf.prefixes import parse_prefix
from launchledger.conf.rates import Rate, parse_rate
from launchledger.conf.surrogates import parse_surrogate_keys

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its name, its default as a user would write it, its parser, and its help.

    An empty text counts as unset, unless a value is `required`.
    """

    name: str
    default: str
    parse: Parse[Any]
    help: str
    required: bool


def _setting(
    default: str, parse: Parse[_Value], help: str, *, prefix: str = "LAUNCHLEDGER_", secret: bool = False, required: bool = False
) -> _Value:
    """Declare a field of `Config` and its variable, named `prefix` and the name of the field; `repr` hides a secret."""
    declared: Any = field(
        repr=not secret, metadata={"setting": lambda name: Setting(prefix + name.upper(), default, parse, help, required)}
    )
    return declared  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Config:
    database_url: str = _setting(
        "sqlite:///launchledger.sqlite3",
        parsing.parse_database_url,
        "The database of the catalogue: sqlite:///FILE or postgres://USER:PASSWORD@HOST/NAME.",
        prefix="",
        secret=True,
        required=True,
    )
    secret_key: str = _setting(
        "",
        str,
        "The key from which the secrets of webhooks are derived, and by which sessions at the desk are known: 32 characters or "
        "more, and the same in all processes. Without one no webhook can be added or sent, and there is no desk.",
        secret=True,
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "*",
        parse_hosts,
        "Host names that the server answers to, separated by commas, without scheme, port or path; .example.org includes all "
        "names below it, * allows every name. /healthz and /readyz answer for every host.",
        required=True,
    )
    throttle_anonymous: Rate | None = _setting(
        "",
        parsing.optional(parse_rate),
        "Rate limit for each address that calls without a key: 15/hour; also /second, /minute or /day. No limit if unset.",
    )
    throttle_keys: Rate | None = _setting(
        "", parsing.optional(parse_rate), "Rate limit for each key without its own. No limit if unset."
    )
    unknown_keys: str = _setting(
        "pass",
        parsing.one_of("pass", "refuse"),
        "How a request with an unknown key is answered while no key has been created and anonymous calls are not limited: as "
        "if it had no key (pass), or with 401 (refuse). In all other cases the answer is 401.",
        required=True,
    )
    cache_url: str = _setting(
        "",
        parsing.parse_cache_url,
        "Where calls are counted: redis://USER:PASSWORD@HOST:PORT/NUMBER, rediss://…, unix://SOCKET or sqlite:///FILE. "
        "A file on this machine if unset.",
        secret=True,
    )
    trusted_proxies: parsing.Networks = _setting(
        "",
        parsing.parse_networks,
        "Proxies whose X-Forwarded-For, -Proto, -Host, -Port and -Prefix, or Forwarded, headers are trusted: addresses and "
        "networks, separated by commas.",
    )
    path_prefix: str = _setting(
        "",
        parse_prefix,
        "The path under which clients see the server, such as /ledger. Requests are accepted with and without it.",
    )
    idle_timeout: int = _setting(
        "10",
        parsing.whole_number(1, 3600),
        "How many seconds a connection may take to send the head of a request, counted from its start or from the last reply. "
        "Then it is closed.",
    )
    connections: int = _setting(
        "512",
        parsing.whole_number(1, 65_536),
        "How many connections each worker serves at the same time; others wait until one is closed.",
    )
    response_cache_mb: int = _setting(
        "64",
        parsing.whole_number(0, 65_536),
        "How many MB of memory each worker may use to cache replies and lists; 0 for no cache. "
        "No cached reply is served after a change of its data.",
    )
    statement_timeout_ms: int = _setting(
        "1000",
        parsing.whole_number(0, 3_600_000),
        "How many milliseconds one SQL statement of a request may take: of CPU time on SQLite, of elapsed time on PostgreSQL. "
        "A request that needs more is answered with 503. 0 for no limit.",
    )
    max_age: MaxAges = _setting(
        ",".join(f"{kind}={seconds}" for kind, seconds in DEFAULT_AGES._asdict().items()),
        parse_max_ages,
        "How many seconds browsers and caches may reuse a reply without asking again, by what the reply is about; or one number "
        "for all. With 0 they ask each time.",
    )
    surrogate_keys: tuple[str, ...] = _setting(
        "",
        parse_surrogate_keys,
        "Headers in which replies give their surrogate keys to a cache in front: Surrogate-Key, Cache-Tag, or both with a comma. "
        "Neither if unset.",
    )
    purge_token: str = _setting(
        "",
        parsing.parse_token,
        "API token with which launchledger purge authenticates to Fastly or Cloudflare.",
        secret=True,
    )
    upstream_key: str = _setting(
        "",
        parsing.parse_token,
        "Key of the upstream, with which launchledger sync calls it. Without one it calls anonymously.",
        secret=True,
    )
    upstream_rate: Rate = _setting(
        "15/hour",
        parse_rate,
        "Rate limit of the calls to an upstream that throttles: of all processes together, in any such period. If the upstream "
        "allows less, less is used.",
    )
    contact: str = _setting(
        "",
        parsing.parse_contact,
        "A mail address or a web address that launchledger sync gives the upstream in its User-Agent, so that its operators can "
        "reach you.",
    )
    kept_replies_days: int = _setting(
        "7",
        parsing.whole_number(0, 3650),
        "How many days the replies of an upstream are kept after their objects were stored, to look at.",
    )
    kept_replies_mb: int = _setting(
        "64",
        parsing.whole_number(0, 1_000_000),
        "How many MB, compressed, these replies may take; the oldest are deleted first.",
    )
    public_url: str = _setting(
        "",
        parsing.parse_public_url,
        "The address under which clients see the server, such as https://ledger.example, for the addresses in webhooks, which "
        "are paths alone if unset, and the ids of feeds, which follow the address of the request if unset.",
    )
    hooks_private: bool = _setting(
        "no",
        parsing.parse_yes_or_no,
        "With yes webhooks may be sent to this machine and to private networks, and over http:// too; else to public addresses "
        "over https:// alone.",
        required=True,
    )
    curation: bool = _setting(
        "off",
        parsing.parse_on_or_off,
        "With on curators and readers log in at /desk/, to correct and add; launchledger user adds them. It needs "
        "LAUNCHLEDGER_SECRET_KEY.",
        required=True,
    )
    remote_pictures: bool = _setting(
        "yes",
        parsing.parse_yes_or_no,
        "With no the pages for people show no pictures from other hosts: those that the catalogue names are left where they are.",
        required=True,
    )
    max_sync_age: timedelta | None = _setting(
        "",
        parsing.optional(parsing.parse_span),
        "With a span of time such as 6h, /readyz answers 503 while the last reply of the upstream is older than that, or nothing "
        "was ever synced. Off if unset.",
    )
    read_only: bool = _setting(
        "no",
        parsing.parse_yes_or_no,
        "With yes nothing is written to the database, or next to its file: the same as launchledger serve --read-only.",
        required=True,
    )
    log_format: str = _setting(
        "console",
        parsing.one_of("console", "json"),
        "The format of log lines: console for people, json for machines.",
        required=True,
    )
    log_level: str = _setting(
        "INFO",
        parsing.one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "The lowest level that is logged: DEBUG, INFO, WARNING or ERROR.",
        required=True,
    )


SETTINGS: tuple[Setting, ...] = tuple(each.metadata["setting"](each.name) for each in fields(Config))


class ConfigurationError(Exception):
    """Some variables are wrong; the text has one line for each."""


@cache
def load_config() -> Config:
    """Read the environment; ConfigurationError names every variable that is wrong."""
    env = FileAwareEnv(strip_whitespace=True)
    values: list[Any] = []
    wrong: list[str] = []
    for setting in SETTINGS:
        try:
            text = env.str(setting.name, setting.default)
        except (ValueError, OSError):
            wrong.append(f"{setting.name}_FILE: names a file that cannot be read")
            continue
        try:
            values.append(setting.parse(text if text or setting.required else setting.default))
        except ValueError as error:
            wrong.append(f"{setting.name}: {error}")
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    return Config(*values)
