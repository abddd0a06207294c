"""The models by the labels of their rows (see `base.Observed.kind`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.apps import apps

from launchledger.catalogue.models.base import Observed


def model_of(kind: str) -> type[Observed]:
    """The model of the rows of this kind; LookupError where the catalogue has no such kind."""
    return kinds()[kind]


@cache
def kinds() -> Mapping[str, type[Observed]]:
    """The model of each kind."""
    models = apps.get_app_config("catalogue").get_models()
    return {model.kind: model for model in models if issubclass(model, Observed)}
