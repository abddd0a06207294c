from django.apps import AppConfig


class ServingConfig(AppConfig):
    name = "launchledger.serving"
    label = "serving"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from launchledger.journal.writing import on_write
        from launchledger.serving.forgetting import forget_documents

        on_write(forget_documents)
