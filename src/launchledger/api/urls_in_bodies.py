"""How a reply writes its addresses: on the host of the request, with its format.

Contract, "Rules of the wire": the `format` of the request is appended to every `url` in the body; a suffix (`.json`) replaces the
last slash, as in the framework's hyperlinks.
"""

from rest_framework.request import Request

from launchledger.documents.renderer import Address


def address_for(request: Request, version: str, suffix: str | None) -> Address:
    """How a reply of this version to a request writes its addresses."""
    base = request.build_absolute_uri(f"{request.META['SCRIPT_NAME']}/{version}/")
    return Address(base, f".{suffix}") if suffix else address_with_format(base, request.query_params.get("format"))


def address_with_format(base: str, format: str | None) -> Address:
    """Addresses below `base`, with the format from a query."""
    return Address(base, f"/?format={format}" if format else "/")
