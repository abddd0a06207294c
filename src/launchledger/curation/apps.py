from django.apps import AppConfig


class CurationConfig(AppConfig):
    """The desk's templates; installed only where LAUNCHLEDGER_CURATION is on."""

    name = "launchledger.curation"
    label = "curation"
