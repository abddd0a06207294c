"""The secrets of hooks, and the headers that sign a message, by the Standard Webhooks convention.

Promises: a secret has 256 bits, is derived with HMAC-SHA-256 from LAUNCHLEDGER_SECRET_KEY and a random salt of the hook, and is
stored nowhere; a backup of the database without that key contains no secret. Refuses to derive one from a key that is missing or
so short that it could be guessed from a signature.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from standardwebhooks import Webhook

from launchledger.conf.checks import SHORTEST_KEY

_PURPOSE = b"launchledger.hooks:"  # so that nothing else that may be derived from the key is a secret of a hook


class NoKey(Exception):
    """There is no key to derive secrets from; the text says what to do."""


def require_key() -> None:
    """Raise NoKey unless LAUNCHLEDGER_SECRET_KEY is set and long enough."""
    if len(settings.HOOKS_KEY) < SHORTEST_KEY:
        problem = f"has fewer than {SHORTEST_KEY} characters" if settings.HOOKS_KEY else "is not set"
        raise NoKey(
            f"LAUNCHLEDGER_SECRET_KEY {problem}: the secrets of hooks are derived from it. Set it to a random text, such as the "
            "output of `openssl rand -base64 48`, for every process, and keep it."
        )


def secret_of(salt: str) -> str:
    """The secret of the hook with this salt, as its receiver needs it. Raises NoKey."""
    require_key()
    derived = hmac.digest(settings.HOOKS_KEY.encode("utf-8", "surrogateescape"), _PURPOSE + salt.encode(), "sha256")
    return f"whsec_{b64encode(derived).decode()}"


def fingerprint(secret: str) -> str:
    """Tells whether two secrets are the same, and nothing else about them."""
    return sha256(secret.encode()).hexdigest()[:32]


def signed_headers(secret: str, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a message that is sent now; `at` is in UTC and counts to the second."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, at, body.decode()),
    }
