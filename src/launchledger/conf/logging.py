"""Logging for every part, set up once: readable lines for people, one JSON object a line for machines, never a secret.

Promises: of a request only the path is logged if it failed, and a host that is not allowed: no query, no key. A traceback shows
lines of code and no values. Errors of clients (4xx) are logged at DEBUG only, so that strangers cannot fill a disk.
"""

import logging
import sys
import time

import structlog

from launchledger.conf.config import Config

# The lowest level of these loggers, unless LOG_LEVEL is DEBUG: below it they report errors of clients, not of this server.
_LOWEST_LEVELS = {"django.request": "ERROR", "django.security": "CRITICAL", "django.security.DisallowedHost": "ERROR"}
_PAUSE = 60.0  # seconds


def configure_logging(config: Config) -> None:
    """Send every logger's lines to standard error in the configured format."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if config.log_format == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config.log_level)
    for name, level in _LOWEST_LEVELS.items():
        logging.getLogger(name).setLevel("NOTSET" if config.log_level == "DEBUG" else level)
    # An operator who set the allowed hosts wrong needs one line, not one a request.
    logging.getLogger("django.security.DisallowedHost").filters[:] = [OneAMinute()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


class OneAMinute(logging.Filter):
    """Passes one record, without its traceback, and drops all others for a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._silent_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now < self._silent_until:
            return False
        self._silent_until = now + _PAUSE
        record.exc_info = None
        return True
