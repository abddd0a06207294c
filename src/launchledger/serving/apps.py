from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from launchledger.journal.models import Entry


class ServingConfig(AppConfig):
    name = "launchledger.serving"
    label = "serving"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from launchledger.journal.writing import entries_written
        from launchledger.serving.searches import declare_searches
        from launchledger.wire.served import WIRES

        for wire in WIRES.values():
            declare_searches(wire)

        entries_written.connect(_forget_documents)


def _forget_documents(entries: Sequence[Entry], **_: Any) -> None:
    from launchledger.serving.forgetting import forget_documents

    forget_documents(entries)
