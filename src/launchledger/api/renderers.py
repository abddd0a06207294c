"""The formats of a reply: JSON with upstream's bytes, or the framework's browsable page around the same JSON."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from html import escape
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer
from rest_framework.request import Request
from rest_framework.utils.mediatypes import _MediaType

from launchledger.documents.pages import Json
from launchledger.formats.encoding import decode, encode, encode_indented

_PLACEHOLDER = secrets.token_hex(16)
# An address in escaped text, without the punctuation that ends a sentence.
_LINK = re.compile(r"https?://(?:[^\s&<>\\]|&amp;)+(?<![.,;:!?)\]])")


class WireNegotiation(DefaultContentNegotiation):
    """The framework's, except that an empty Accept accepts anything, like a missing one."""

    def get_accept_list(self, request: Request) -> list[str]:
        named: list[str] = super().get_accept_list(request)
        return named if any(named) else ["*/*"]


class WireRenderer(BaseRenderer):
    """Compact JSON; indented for the page, or where a client asks for it (`Accept: application/json; indent=4`)."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        if data is None:
            return b""
        indent = (renderer_context or {}).get("indent") or _indent_of(accepted_media_type or "")
        if not indent:
            return data.body if isinstance(data, Json) else encode(data)
        return encode_indented(decode(data.body) if isinstance(data, Json) else data, int(indent))


class BrowsablePageRenderer(BrowsableAPIRenderer):
    """The browsable page. It has no forms: the API is read-only, and a filter form would list every spacecraft.

    The template's own search for addresses takes a second for a page of a hundred detailed objects. So it gets a placeholder that
    no reply contains, which is replaced by the reply, with links, once the page is rendered.
    """

    template = "launchledger/page.html"
    _content = ""

    def get_content(self, *given: Any) -> str:
        self._content = super().get_content(*given)
        return _PLACEHOLDER

    def render(self, *given: Any, **named: Any) -> Any:
        return super().render(*given, **named).replace(_PLACEHOLDER, _with_links(self._content))

    def show_form_for_method(self, view: Any, method: str, request: Any, obj: Any) -> bool:
        return False

    def get_filter_form(self, data: Any, view: Any, request: Any) -> None:
        return None

    def get_context(self, data: Any, accepted_media_type: str | None, renderer_context: Mapping[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(data, accepted_media_type, renderer_context)
        crumbs = context["breadcrumblist"]
        if crumbs:  # the last is this page, whose name now has the object's id
            crumbs[-1] = (context["name"], crumbs[-1][1])
        return context


def _with_links(text: str) -> str:
    """Text as HTML with links."""
    return _LINK.sub(r'<a href="\g<0>" rel="nofollow">\g<0></a>', escape(text))


def _indent_of(media_type: str) -> int:
    text = _MediaType(media_type).params.get("indent", "")
    return min(int(text), 8) if text.isdecimal() else 0
