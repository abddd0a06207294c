from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig, apps

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

    def create_indexes(self, editor: Any) -> None:
        """Create what the migrations create and no model declares (see `database.tables`)."""
        from launchledger.catalogue.migrations import _descending, _trigrams

        _descending.create(apps, editor)
        _trigrams.index(apps, editor)


def _update_texts(entries: Sequence[Entry], **_: Any) -> None:
    from launchledger.catalogue.actions.texts import update_texts

    update_texts(entries)


def _forget_lists(**_: Any) -> None:
    from launchledger.catalogue.queries.listing import forget_lists

    forget_lists()
