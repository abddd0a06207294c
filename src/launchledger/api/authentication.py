"""`Authorization: Token <key>`: authentication by key, with upstream's header and refusals.

A valid key costs one query, no key costs none. The texts of the refusals are the framework's own for tokens; as there, words
other than Token (Bearer, Basic) count as no key. Nothing stores or shows the key itself.

On a server without a throttle, on which no key was ever created, an unknown key counts as none: clients that have a key for
upstream change their base URL and nothing else. LAUNCHLEDGER_UNKNOWN_KEYS=refuse refuses it there too.
"""

from __future__ import annotations

from django.conf import settings
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from launchledger import clock
from launchledger.access.keys import any_key_exists, find_key, record_use
from launchledger.access.models import Key

WORD = "Token"


class KeyAuthentication(BaseAuthentication):
    """Sets `request.auth` to the key's row; there are no users here."""

    def authenticate(self, request: Request) -> tuple[None, Key] | None:
        if "HTTP_AUTHORIZATION" not in request.META:
            return None
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != WORD.lower().encode():
            return None
        if len(words) == 1:
            raise AuthenticationFailed("Invalid token header. No credentials provided.")
        if len(words) > 2:
            raise AuthenticationFailed("Invalid token header. Token string should not contain spaces.")
        try:
            text = words[1].decode()
        except UnicodeError:
            raise AuthenticationFailed("Invalid token header. Token string should not contain invalid characters.") from None
        now = clock.now()
        key = find_key(text, now)
        if key is None:
            if _may_pass():
                return None
            raise AuthenticationFailed("Invalid token.")
        record_use(key, now)
        return None, key

    def authenticate_header(self, request: Request) -> str:
        """With this in WWW-Authenticate the framework answers 401; without, it would be 403."""
        return WORD


def _may_pass() -> bool:
    """Whether an unknown key counts as none."""
    return not settings.REFUSE_UNKNOWN_KEYS and settings.THROTTLE_ANONYMOUS is None and not any_key_exists()
