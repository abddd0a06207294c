from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from launchledger.journal.models import Entry


class CatalogueConfig(AppConfig):
    name = "launchledger.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from launchledger.database.files import another_file
        from launchledger.journal.writing import entries_written

        entries_written.connect(_update_texts)
        another_file.connect(_forget_lists)


def _update_texts(entries: Sequence[Entry], **_: Any) -> None:
    from launchledger.catalogue.actions.texts import update_texts

    update_texts(entries)


def _forget_lists(**_: Any) -> None:
    from launchledger.catalogue.queries.listing import forget_lists

    forget_lists()
