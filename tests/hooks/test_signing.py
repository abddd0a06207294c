"""Secrets and signatures."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime

import pytest
import time_machine
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook, WebhookVerificationError

from launchledger.hooks.signing import NoKey, fingerprint, secret_of, signed_headers

NOW = datetime(2026, 7, 20, 12, 0, 0, 999_999, tzinfo=UTC)


def test_a_signature_is_that_of_the_convention() -> None:
    """The example of the Standard Webhooks specification has these headers and this signature."""
    secret, id, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'
    headers = signed_headers(secret, id, datetime.fromtimestamp(1614265330, UTC), body)
    assert headers == {
        "webhook-id": id,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_receiver_can_verify_it() -> None:
    """With the secret that was shown, and no other; any letter beyond ASCII counts as its bytes."""
    body = '{"name": "Löwe"}'.encode()
    with time_machine.travel(NOW, tick=False):
        headers = signed_headers(secret_of("a"), "msg_1", NOW, body)
        assert Webhook(secret_of("a")).verify(body, headers) == {"name": "Löwe"}
        with pytest.raises(WebhookVerificationError):
            Webhook(secret_of("b")).verify(body, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(secret_of("a")).verify(body.replace(b"L", b"l"), headers)


def test_a_secret_depends_on_the_key_and_the_salt(settings: Settings) -> None:
    """It is always the same, and has 256 bits; a digest tells two apart."""
    secret = secret_of("a")
    assert secret == secret_of("a") != secret_of("b")
    assert len(b64decode(secret.removeprefix("whsec_"))) == 32
    settings.HOOKS_KEY = "another key of forty characters or more than that"
    assert secret_of("a") != secret
    assert fingerprint(secret_of("a")) != fingerprint(secret)


@pytest.mark.parametrize(("key", "problem"), [("", "is not set"), ("x" * 31, "has fewer than 32 characters")])
def test_a_key_that_could_be_guessed_is_refused(settings: Settings, key: str, problem: str) -> None:
    """Whoever sees a signature could try such keys; the error does not repeat it."""
    settings.HOOKS_KEY = key
    with pytest.raises(NoKey, match=f"LAUNCHLEDGER_SECRET_KEY {problem}") as refused:
        secret_of("a")
    assert "xxx" not in str(refused.value)
