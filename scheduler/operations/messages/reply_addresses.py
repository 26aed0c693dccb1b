"""Reply addresses: each invitation names an address of its own, so that a reply which reaches it proves itself."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

TOKEN_BYTES = 20
"""Too long to be guessed; what stands before the @ still fits into the 64 characters of mail systems."""


def reply_address(mailbox: str, link_key: str, appointment_id: UUID) -> str:
    """The address at which a patient's calendar answers for one appointment, such as ``visits+f3k…@clinic.example``.

    It is the appointment's ORGANIZER as long as the appointment lives; only whoever has the invitation knows it.
    """
    name, _, host = mailbox.rpartition("@")
    return f"{name}+{_token(link_key, appointment_id)}@{host}"


def is_proven(addresses: Iterable[str], link_key: str, appointment_id: UUID) -> bool:
    """Whether one of the addresses of a reply is the appointment's own. The mailbox does not matter, nor does case."""
    token = _token(link_key, appointment_id).encode()
    return any(hmac.compare_digest(_tag(address), token) for address in addresses)


def _token(link_key: str, appointment_id: UUID) -> str:
    """Letters and digits of one case only, as mail systems fold case."""
    secret = hmac.digest(link_key.encode(), b"reply:" + appointment_id.bytes, hashlib.sha256)
    return base64.b32encode(secret[:TOKEN_BYTES]).decode().lower()


def _tag(address: str) -> bytes:
    """What stands between the last + and the @."""
    name, _, _ = address.rpartition("@")
    return name.rpartition("+")[2].lower().encode("utf-8", "replace")
