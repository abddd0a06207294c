from django.apps import AppConfig


class ExplorerConfig(AppConfig):
    name = "launchledger.explorer"
    label = "explorer"
