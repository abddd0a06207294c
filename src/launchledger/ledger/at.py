"""The details of the wire as the catalogue knew them at a time.

Promises: each detail of each served version, in the shape of the wire. Addresses of objects lead to the same time, as a
reader expects who walks through it; pictures are where they are.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError as Refused
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from launchledger.api.answers import parse_key
from launchledger.api.methods import ReadView
from launchledger.api.urls_in_bodies import address_for, address_with_format
from launchledger.formats.times import format_date_time
from launchledger.history.at import detail_at
from launchledger.history.past import TooMuch
from launchledger.ledger.parameters import read_time
from launchledger.wire.served import DEFAULT
from launchledger.wire.wire import Wire


class AtView(ReadView):
    """One object of the wire as this catalogue knew it at a time.

    A time that is still to come counts as now. The addresses of objects in the reply lead to the same time.
    """

    wire: Wire = DEFAULT

    def get_view_name(self) -> str:
        return "At a time"

    def get(self, request: Request, time: str, resource: str, id: str) -> Response:
        found = self.wire.resources.get(resource)
        key = parse_key(found, id) if found else None
        if found is None or key is None:
            raise NotFound
        at, query = _time(time), request.query_params
        address = address_for(request, self.wire.version, None)
        base = request.build_absolute_uri(f"{request.META['SCRIPT_NAME']}/ledger/at/{format_date_time(at)}{self.wire.root}")
        shape = found.detail_modes.get(query.get("mode", ""), found.detail)
        try:
            data = detail_at(at, found, key, shape, address_with_format(base, query.get("format")), address.base)
        except TooMuch as error:
            raise ValidationError({"time": [str(error)]}) from None
        if data is None:
            raise NotFound
        return Response(data)


def _time(text: str) -> datetime:
    try:
        return read_time(text)
    except Refused as refused:
        raise ValidationError({"time": refused.messages}) from None
