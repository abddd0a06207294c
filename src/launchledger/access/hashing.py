"""How passwords are hashed."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MB of memory, the least that OWASP recommends (Password Storage, 2023).

    Django's own parameters take 100 MB for each attempt to log in, which strangers may make.
    """

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
