from typing import Any

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "launchledger.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from launchledger.catalogue.actions.texts import note_texts
        from launchledger.database.files import another_file
        from launchledger.journal.writing import on_write

        on_write(note_texts)
        another_file.connect(_forget_lists)


def _forget_lists(**_: Any) -> None:
    from launchledger.catalogue.queries.listing import forget_lists

    forget_lists()
