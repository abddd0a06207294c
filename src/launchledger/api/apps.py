from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "launchledger.api"
    label = "api"
