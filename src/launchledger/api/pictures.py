"""The neutral picture of our own rows (`catalogue.pictures`), drawn for this project, at the address that replies contain.

It is below the version, as every `url` is, so that proxies and prefixes in front need no further rule. It does not count as a
call.
"""

from functools import cache
from importlib import resources

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

A_DAY = 86_400  # seconds


@require_safe
@cache_control(public=True, max_age=A_DAY)
def neutral_picture(request: HttpRequest) -> HttpResponse:
    """The neutral picture of the starter's rows."""
    return HttpResponse(_bytes(), content_type="image/png")


@cache
def _bytes() -> bytes:
    return resources.files("launchledger.api").joinpath("static/launchledger/no-picture.png").read_bytes()
