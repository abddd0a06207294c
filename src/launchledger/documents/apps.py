from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from launchledger.journal.models import Entry


class DocumentsConfig(AppConfig):
    name = "launchledger.documents"
    label = "serving"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from launchledger.documents.searches import declare_searches
        from launchledger.journal.writing import entries_written
        from launchledger.wire.served import WIRES

        for wire in WIRES.values():
            declare_searches(wire)

        entries_written.connect(_invalidate)


def _invalidate(entries: Sequence[Entry], **_: Any) -> None:
    from launchledger.documents.invalidation import invalidate_documents

    invalidate_documents(entries)
