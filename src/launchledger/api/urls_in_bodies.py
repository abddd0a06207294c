"""How one reply writes its addresses: on the host that was asked, carrying the format that was asked for.

Contract, "Rules of the wire": whatever `format` the request had is appended to every `url` in the body; a suffix (`.json`)
is carried as the framework's hyperlinks carry it, in place of the last slash.
"""

from rest_framework.request import Request

from launchledger.documents.renderer import Address


def address_for(request: Request, version: str, suffix: str | None) -> Address:
    """How a reply of this version to a request writes its addresses."""
    base = request.build_absolute_uri(f"{request.META['SCRIPT_NAME']}/{version}/")
    return Address(base, f".{suffix}") if suffix else carrying(base, request.query_params.get("format"))


def carrying(base: str, format: str | None) -> Address:
    """Addresses below `base`, with the format that a query asked for."""
    return Address(base, f"/?format={format}" if format else "/")
