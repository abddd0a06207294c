from importlib import import_module

from django.apps import AppConfig


class ConfConfig(AppConfig):
    name = "launchledger.conf"
    label = "conf"

    def ready(self) -> None:
        import_module("launchledger.conf.checks")  # registers them
