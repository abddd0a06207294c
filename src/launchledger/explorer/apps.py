from typing import Any

from django.apps import AppConfig


class ExplorerConfig(AppConfig):
    name = "launchledger.explorer"
    label = "explorer"

    def ready(self) -> None:
        from launchledger.database.files import another_file

        another_file.connect(_forget_overview)


def _forget_overview(**_: Any) -> None:
    from launchledger.explorer.overview import forget

    forget()
