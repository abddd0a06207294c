from typing import Any

from django.apps import AppConfig


class CurationConfig(AppConfig):
    """The desk's templates; installed only where LAUNCHLEDGER_CURATION is on."""

    name = "launchledger.curation"
    label = "curation"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.connect(_forget_ended_sessions)


def _forget_ended_sessions(**_: Any) -> None:
    """Nothing else deletes the rows of sessions that have ended."""
    from django.contrib.sessions.backends.db import SessionStore

    SessionStore.clear_expired()
