"""Logging for every part, set up once: readable lines for people, one JSON object a line for machines, never a secret.

Promises: of what a client sent only the path of a request that failed is logged, and a host that is not ours: no query, no key. A
traceback shows lines of code and no values. What clients do wrong (4xx) is their business and is logged at DEBUG only, so that
strangers cannot fill a disk.
"""

import logging
import sys
import time

import structlog

from launchledger.conf.config import Config

# The level from which on these are logged, when it is not DEBUG: below it they tell of clients and not of us.
_LEAST = {"django.request": "ERROR", "django.security": "CRITICAL", "django.security.DisallowedHost": "ERROR"}
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
    for name, least in _LEAST.items():
        logging.getLogger(name).setLevel("NOTSET" if config.log_level == "DEBUG" else least)
    # Worth a line for whoever set the allowed hosts wrong, and not one a request.
    logging.getLogger("django.security.DisallowedHost").filters[:] = [Seldom()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


class Seldom(logging.Filter):
    """Lets one record through, without its traceback, and the next after a pause."""

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
