from typing import Any

from django.apps import AppConfig


class ExplorerConfig(AppConfig):
    name = "launchledger.explorer"
    label = "explorer"

    def ready(self) -> None:
        from launchledger.database.files import another_file

        another_file.connect(_clear_cache)


def _clear_cache(**_: Any) -> None:
    from launchledger.explorer.overview import clear_cache

    clear_cache()
