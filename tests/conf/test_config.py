"""The configuration: read from the environment, wrong variables named together, secrets hidden."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from launchledger.conf.ages import DEFAULT, MaxAges
from launchledger.conf.config import SETTINGS, Config, ConfigurationError, load_config
from launchledger.conf.rates import Rate

SECRET = "geheim"

Read = Callable[..., Config]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read a configuration from these variables alone."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
        monkeypatch.delenv(f"{setting.name}_FILE", raising=False)

    def read(**variables: str) -> Config:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return load_config.__wrapped__()

    return read


def test_without_variables_everything_has_a_default(read: Read) -> None:
    """Nothing needs to be configured to start."""
    config = read()
    assert config.database_url == "sqlite:///launchledger.sqlite3"
    assert (config.allowed_hosts, config.log_format, config.log_level) == (("*",), "console", "INFO")


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("true", True), ("no", False), ("false", False)])
def test_yes_and_no(read: Read, text: str, value: bool) -> None:
    """May be written as true and false; anything else is refused."""
    assert read(LAUNCHLEDGER_HOOKS_PRIVATE=text).hooks_private is value
    with pytest.raises(ConfigurationError, match="LAUNCHLEDGER_HOOKS_PRIVATE: Must be one of: yes, no, true, false"):
        read(LAUNCHLEDGER_HOOKS_PRIVATE="perhaps")


def test_a_public_address(read: Read) -> None:
    """With a path or without; a slash at its end does not matter."""
    assert read().public_url == ""
    assert read(LAUNCHLEDGER_PUBLIC_URL="https://ledger.example:8443/a/").public_url == "https://ledger.example:8443/a"


@pytest.mark.parametrize(
    "url",
    [
        "ledger.example",
        "ftp://ledger.example",
        "https://",
        f"https://me:{SECRET}@h/",
        "https://h/?a=b",
        "https://h/#a",
        "https://[",
        "https://h:99999",
    ],
)
def test_what_is_no_public_address(read: Read, url: str) -> None:
    """It is refused, and not repeated."""
    with pytest.raises(ConfigurationError, match="LAUNCHLEDGER_PUBLIC_URL: Is not a web address") as error:
        read(LAUNCHLEDGER_PUBLIC_URL=url)
    assert SECRET not in str(error.value)


def test_hosts_are_separated_by_commas(read: Read) -> None:
    """Spaces and empty places between the hosts do not matter."""
    assert read(LAUNCHLEDGER_ALLOWED_HOSTS=" a.example, .b.example ,,").allowed_hosts == ("a.example", ".b.example")


@pytest.mark.parametrize(
    ("host", "suggestion"),
    [
        ("localhost:8000", "write localhost"),
        ("http://localhost", "write localhost"),
        ("https://ledger.example:8443/2.2.0/", "write ledger.example"),
        ("ledger.example/", "write ledger.example"),
        ("ledger.example.", "write ledger.example"),
        ("*.example.org", "write .example.org"),
        ("m\u00fcnchen.example", "write xn--mnchen-3ya.example"),
        ("::1", "write [::1]"),
        ("[::1]:8000", "write [::1]"),
        ("[0:0:0:0:0:0:0:1]", "write [::1]"),
        ("a.example b.example", "separate names by commas"),
        ("a..example", "without scheme, port or path"),
        ("http://", "without scheme, port or path"),
    ],
)
def test_a_host_that_matches_nothing_is_named(read: Read, host: str, suggestion: str) -> None:
    """A value that no client could ever send is refused at the start, with what to write instead."""
    with pytest.raises(ConfigurationError) as error:
        read(LAUNCHLEDGER_ALLOWED_HOSTS=f"ledger.example,{host}")
    assert str(error.value).startswith(f"LAUNCHLEDGER_ALLOWED_HOSTS: {host!r} matches nothing")
    assert suggestion in str(error.value)


@pytest.mark.parametrize(
    "host", ["localhost", "launch_library", ".example.org", "10.0.0.7", "[::1]", "Ledger.Example", "a-b", "*"]
)
def test_a_host_that_can_match_is_accepted(read: Read, host: str) -> None:
    """Names with and without underscores, addresses, and all names below one."""
    assert read(LAUNCHLEDGER_ALLOWED_HOSTS=host).allowed_hosts == (host,)


def test_a_prefix_is_a_path(read: Read) -> None:
    """With or without its last slash; a path of the server's own, or one that clients would change, is refused."""
    assert (
        read(LAUNCHLEDGER_PATH_PREFIX="/ledger/").path_prefix == read(LAUNCHLEDGER_PATH_PREFIX="/ledger").path_prefix == "/ledger"
    )
    assert read(LAUNCHLEDGER_PATH_PREFIX="/").path_prefix == read(LAUNCHLEDGER_PATH_PREFIX="").path_prefix == ""
    for wrong in ("ledger", "//ledger", "/a/../b", "/a b", "/2.2.0", "/static/x", "http://ledger.example/", "/caf\u00e9", "/a?b"):
        with pytest.raises(ConfigurationError, match="is not a path such as /ledger"):
            read(LAUNCHLEDGER_PATH_PREFIX=wrong)


def test_a_network_that_matches_nothing_is_named(read: Read) -> None:
    """Addresses of the form ::ffff:10.0.0.1 count as IPv4, so a network of them would match nobody."""
    with pytest.raises(ConfigurationError, match=r"::ffff:10\.0\.0\.0/104 matches nothing: write 10\.0\.0\.0/8\."):
        read(LAUNCHLEDGER_TRUSTED_PROXIES="::ffff:10.0.0.0/104")


def test_a_secret_may_be_in_a_file(read: Read, tmp_path: Path) -> None:
    """`NAME_FILE` names a file with the value, with or without a last line end, and it does not enter the environment."""
    file = tmp_path / "key"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    assert read(LAUNCHLEDGER_SECRET_KEY_FILE=str(file)).secret_key == SECRET
    assert "LAUNCHLEDGER_SECRET_KEY" not in os.environ


def test_every_wrong_variable_is_named_at_once(read: Read) -> None:
    """Each wrong variable has its own line, with the values that it may have."""
    with pytest.raises(ConfigurationError) as error:
        read(
            DATABASE_URL="mysql://h/x",
            LAUNCHLEDGER_LOG_LEVEL="loud",
            LAUNCHLEDGER_LOG_FORMAT="xml",
            LAUNCHLEDGER_ALLOWED_HOSTS=" , ",
            LAUNCHLEDGER_SECRET_KEY_FILE="/nowhere/key",
        )
    lines = str(error.value).split("\n")
    assert sorted(line.partition(":")[0] for line in lines) == [
        "DATABASE_URL",
        "LAUNCHLEDGER_ALLOWED_HOSTS",
        "LAUNCHLEDGER_LOG_FORMAT",
        "LAUNCHLEDGER_LOG_LEVEL",
        "LAUNCHLEDGER_SECRET_KEY_FILE",
    ]
    assert "LAUNCHLEDGER_LOG_LEVEL: Must be one of: DEBUG, INFO, WARNING, ERROR." in lines


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://u:{SECRET}@h/x",
        f"postgres://u:{SECRET}/x@h/x",
        f"postgres://u:p@h:{SECRET}/x",
        f"postgres://u:{SECRET}@[::1/x",
        f"sqlite:{SECRET}",
        SECRET,
        "",
    ],
)
def test_no_error_shows_a_secret(read: Read, url: str) -> None:
    """A wrong URL of a database is not repeated, because it may contain a password."""
    with pytest.raises(ConfigurationError) as error:
        read(DATABASE_URL=url)
    assert str(error.value).startswith("DATABASE_URL: ")
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None


def test_a_configuration_hides_its_secrets(read: Read) -> None:
    """The text of a configuration, as it may end up in a log, has neither key nor URL."""
    config = read(DATABASE_URL=f"postgres://u:{SECRET}@h/x", LAUNCHLEDGER_SECRET_KEY=SECRET)
    assert SECRET not in repr(config)
    assert "log_level='INFO'" in repr(config)


def test_rates_are_checked(read: Read) -> None:
    """A rate is read at the start; an error names a valid one. Unset and empty mean no limit."""
    config = read(LAUNCHLEDGER_THROTTLE_ANONYMOUS="15/hour", LAUNCHLEDGER_THROTTLE_KEYS="")
    assert (config.throttle_anonymous, config.throttle_keys) == (Rate(15, 3600), None)
    with pytest.raises(ConfigurationError) as error:
        read(LAUNCHLEDGER_THROTTLE_ANONYMOUS="15 an hour", LAUNCHLEDGER_THROTTLE_KEYS="0/day")
    assert sorted(str(error.value).split("\n")) == [
        "LAUNCHLEDGER_THROTTLE_ANONYMOUS: Is not a rate such as 15/hour; the periods are second, minute, hour and day.",
        "LAUNCHLEDGER_THROTTLE_KEYS: Allows 0 calls; allow from 1 to 100000, or more with a shorter period.",
    ]


def test_proxies_are_addresses_and_networks(read: Read) -> None:
    """Separated by commas; an error names only the wrong one."""
    config = read(LAUNCHLEDGER_TRUSTED_PROXIES=" 10.0.0.0/8, ::1 ,,192.0.2.1")
    assert config.trusted_proxies == tuple(map(ip_network, ("10.0.0.0/8", "::1/128", "192.0.2.1/32")))
    for wrong in ("10.0.0.1/8", "proxy.example", "*"):
        with pytest.raises(ConfigurationError) as error:
            read(LAUNCHLEDGER_TRUSTED_PROXIES=f"::1, {wrong}")
        expected = f"LAUNCHLEDGER_TRUSTED_PROXIES: {wrong} is not an address or a network such as 10.0.0.0/8."
        assert str(error.value) == expected


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1",
        "redis://me:p@h:6380/2",
        "rediss://h/0",
        "unix:///run/redis.sock?db=1",
        "sqlite:////run/counters.sqlite3",
    ],
)
def test_counters_may_be_in_redis_or_in_a_file(read: Read, url: str) -> None:
    """The URLs that the client of Redis understands, and files."""
    assert read(LAUNCHLEDGER_CACHE_URL=url).cache_url == url


@pytest.mark.parametrize(
    "url",
    [f"memcached://h/{SECRET}", f"redis://:{SECRET}/@h", f"redis://:{SECRET}", f"redis:{SECRET}", "sqlite://", "unix://", SECRET],
)
def test_a_wrong_url_of_counters_is_not_repeated(read: Read, url: str) -> None:
    """The error does not repeat the URL, which may contain a password; nor does a configuration show it."""
    with pytest.raises(ConfigurationError) as error:
        read(LAUNCHLEDGER_CACHE_URL=url)
    assert str(error.value).startswith(("LAUNCHLEDGER_CACHE_URL: Is not a valid URL", "LAUNCHLEDGER_CACHE_URL: Must have"))
    assert SECRET not in str(error.value)
    assert SECRET not in repr(read(LAUNCHLEDGER_CACHE_URL=f"redis://:{SECRET}@h"))


@pytest.mark.parametrize("file", ["/nowhere/key", "/", "a" * 5000])
def test_a_file_that_cannot_be_read_is_named(read: Read, file: str) -> None:
    """A missing file, a folder, and a name that no file system has."""
    with pytest.raises(ConfigurationError, match=r"^LAUNCHLEDGER_LOG_LEVEL_FILE: names a file that cannot be read$"):
        read(LAUNCHLEDGER_LOG_LEVEL_FILE=file)


def test_every_setting_is_described() -> None:
    """Each variable says what it does, in a sentence, has a valid default, and is named as its field."""
    assert [setting.name.removeprefix("LAUNCHLEDGER_").lower() for setting in SETTINGS] == list(Config.__dataclass_fields__)
    for setting in SETTINGS:
        setting.parse(setting.default)
    assert all(setting.help.endswith(".") for setting in SETTINGS)


def test_the_memory_for_replies_is_a_number_of_mb(read: Read) -> None:
    """Whole, not negative, and within what a machine may have; unset and empty mean the default."""
    assert [read(**each).response_cache_mb for each in ({}, {"LAUNCHLEDGER_RESPONSE_CACHE_MB": ""})] == [64, 64]
    assert read(LAUNCHLEDGER_RESPONSE_CACHE_MB="0").response_cache_mb == 0
    for wrong in ("-1", "1.5", "64 MB", "65537", "٣", "9" * 5000):
        with pytest.raises(ConfigurationError) as error:
            read(LAUNCHLEDGER_RESPONSE_CACHE_MB=wrong)
        assert str(error.value) == "LAUNCHLEDGER_RESPONSE_CACHE_MB: Must be a whole number from 0 to 65536."


def test_ages_are_checked(read: Read) -> None:
    """The default in settings.md is the default; a wrong value is refused at the start."""
    assert read().max_age == read(LAUNCHLEDGER_MAX_AGE="").max_age == DEFAULT
    assert read(LAUNCHLEDGER_MAX_AGE="0").max_age == MaxAges(0, 0, 0)
    with pytest.raises(ConfigurationError) as error:
        read(LAUNCHLEDGER_MAX_AGE="sometimes")
    assert str(error.value).startswith("LAUNCHLEDGER_MAX_AGE: 'sometimes' is not a valid age, such as ")


def test_a_cache_in_front_is_configured(read: Read) -> None:
    """Unset, replies have no surrogate keys. A token is not in any text, and has no character that could end a header."""
    assert (read().surrogate_keys, read().purge_token) == ((), "")
    config = read(LAUNCHLEDGER_SURROGATE_KEYS="cache-tag,Surrogate-Key", LAUNCHLEDGER_PURGE_TOKEN=SECRET)
    assert (config.surrogate_keys, config.purge_token) == (("Cache-Tag", "Surrogate-Key"), SECRET)
    assert SECRET not in repr(config)
    with pytest.raises(ConfigurationError) as error:
        read(LAUNCHLEDGER_SURROGATE_KEYS="xkey", LAUNCHLEDGER_PURGE_TOKEN=f"{SECRET}\r\nX: y")
    assert "LAUNCHLEDGER_SURROGATE_KEYS: 'xkey' is not one of Surrogate-Key, Cache-Tag." in str(error.value)
    assert "LAUNCHLEDGER_PURGE_TOKEN: Must consist of visible ASCII characters." in str(error.value)
    assert SECRET not in str(error.value)


def test_the_timeout_of_statements_is_bounded(read: Read) -> None:
    """A second unless set; none with 0; no more than an hour."""
    name = "LAUNCHLEDGER_STATEMENT_TIMEOUT_MS"
    assert [read(**each).statement_timeout_ms for each in ({}, {name: ""}, {name: "0"}, {name: "250"})] == [1000, 1000, 0, 250]
    for wrong in ("-1", "1s", "3600001", "1.5"):
        with pytest.raises(ConfigurationError) as error:
            read(**{name: wrong})
        assert str(error.value) == f"{name}: Must be a whole number from 0 to 3600000."


@pytest.mark.parametrize(
    "url", ["postgres://me:geheim@localhost", "postgres://me:geheim@localhost/", "postgres://h/?sslmode=disable"]
)
def test_a_url_without_a_database_is_refused(read: Read, url: str) -> None:
    """The driver would take a database named as the user, or none; the password is not shown."""
    with pytest.raises(ConfigurationError) as error:
        read(DATABASE_URL=url)
    assert str(error.value) == "DATABASE_URL: Must name a database: postgres://HOST/NAME."


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:////"])
def test_a_url_without_a_file_is_refused(read: Read, url: str) -> None:
    """It would be a database in memory, lost when the command ends; :memory: asks for one."""
    with pytest.raises(ConfigurationError) as error:
        read(DATABASE_URL=url)
    assert str(error.value) == "DATABASE_URL: Must name a file: sqlite:///FILE."
    assert read(DATABASE_URL="sqlite://:memory:").database_url == "sqlite://:memory:"


def test_a_name_that_postgresql_cannot_have_is_refused(read: Read) -> None:
    """More than 63 characters would end in a traceback at the first query."""
    with pytest.raises(ConfigurationError) as error:
        read(DATABASE_URL=f"postgres://h/{'n' * 64}")
    assert "more than 63 characters" in str(error.value)
    assert read(DATABASE_URL=f"postgres://h/{'n' * 63}").database_url


@pytest.mark.parametrize("contact", ["", "me@example.org", "https://example.org/launches?x=1"])
def test_a_contact_is_a_mail_or_web_address(read: Read, contact: str) -> None:
    """It becomes a part of a header."""
    assert read(LAUNCHLEDGER_CONTACT=contact).contact == contact


@pytest.mark.parametrize("contact", ["me", "me@example.org\r\nX: y", "me (at) example", "https://example.org/)", "ö@example.org"])
def test_what_would_break_the_header_is_no_contact(read: Read, contact: str) -> None:
    """Line ends, parentheses, letters beyond ASCII."""
    with pytest.raises(ConfigurationError, match="LAUNCHLEDGER_CONTACT: Is not a mail address or a web address"):
        read(LAUNCHLEDGER_CONTACT=contact)


def test_the_rate_of_an_upstream_is_15_an_hour(read: Read) -> None:
    """As The Space Devs allow without a key; the key itself is in no representation."""
    assert read().upstream_rate == Rate(15, 3600)
    assert SECRET not in repr(read(LAUNCHLEDGER_UPSTREAM_KEY=SECRET))


@pytest.mark.parametrize(
    ("text", "span"), [("90m", timedelta(minutes=90)), ("6h", timedelta(hours=6)), ("2d", timedelta(days=2))]
)
def test_the_age_of_a_mirror_is_a_span(read: Read, text: str, span: timedelta) -> None:
    """A number and a unit; unset, no age is too old."""
    assert read(LAUNCHLEDGER_MAX_SYNC_AGE=text).max_sync_age == span
    assert read(LAUNCHLEDGER_MAX_SYNC_AGE="").max_sync_age is None


@pytest.mark.parametrize("text", ["6", "h", "0h", "-6h", "6 h", "6w", "1.5h", "9999999h", "\u0666h"])
def test_a_span_without_a_meaning_is_refused(read: Read, text: str) -> None:
    """Nothing is guessed, and no span is empty."""
    with pytest.raises(ConfigurationError, match="LAUNCHLEDGER_MAX_SYNC_AGE: Is not a span of time such as 90m, 6h or 2d"):
        read(LAUNCHLEDGER_MAX_SYNC_AGE=text)
