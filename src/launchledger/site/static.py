"""Addresses of static files, below the prefix of the request that they are written for."""

from __future__ import annotations

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.urls import get_script_prefix


class PrefixedStorage(StaticFilesStorage):
    """Django settles the prefix when the first address is written, and every request has its own here."""

    def url(self, name: str | None) -> str:
        return get_script_prefix().rstrip("/") + super().url(name)
