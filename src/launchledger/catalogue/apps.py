from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "launchledger.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from launchledger.catalogue.actions.texts import note_texts
        from launchledger.journal.writing import on_write

        on_write(note_texts)
