"""Hashes: how secrets are kept. What people choose is hashed slowly; what was drawn at random needs a digest only."""

import hashlib
import hmac
import secrets
from threading import BoundedSemaphore
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from scheduler.domain.passwords import typed

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id at 19 MiB, the first choice of OWASP's sheet on storing passwords."""

AT_ONCE = 4
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$5lsNDg6agB/pr/qQNi8/oQ$iVx2Zeb3v1F3L8cwTnfK99brni63qvwTVijvHum9FjI"
"""The hash of a password that nobody knows: an unknown name costs the same time as a known one."""

SECRET_BYTES = 32
_hashing = BoundedSemaphore(AT_ONCE)


def slow_hash(secret: str) -> str:
    """The hash to keep of a password or PIN. So many at once as a small machine has memory for."""
    with _hashing:
        return HASHER.hash(typed(secret))


def is_right(kept: str | None, secret: str) -> bool:
    """Whether this is the secret behind a hash; with none it takes as long, and is not."""
    with _hashing:
        try:
            HASHER.verify(kept or NOBODYS, typed(secret))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def new_secret() -> str:
    """256 random bits, for a cookie or an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """What is kept of a random secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def keyed(key: str, purpose: str, *parts: str | UUID) -> bytes:
    """256 bits that only the holder of the key can make. A stolen database alone tells nothing of what went in."""
    told = "\0".join((purpose, *map(str, parts)))
    return hmac.digest(key.encode(), told.encode("utf-8", "surrogatepass"), hashlib.sha256)
