"""A security key that the tests play: it makes a passkey and shows it, as a browser would hand it on."""

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

from scheduler.operations.staff.passkey_questions import Question, Site
from scheduler.storage.types import new_id

PRESENT, HAS_KEY = 0x01, 0x40
SITE = Site("clinic.example", "https://clinic.example")


@dataclass(frozen=True)
class SecurityKey:
    """A key with one passkey for one site. ``count`` is how often it was used; 0 for one that does not count."""

    site: Site = SITE
    count: int = 0
    secret: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    id: bytes = field(default_factory=lambda: new_id().bytes)

    def counting(self, count: int) -> "SecurityKey":
        return replace(self, count=count)

    def made(self, question: Question) -> str:
        """What the browser says when the passkey is made."""
        point = self.secret.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(public)
        told = {"fmt": "none", "attStmt": {}, "authData": self._data(PRESENT | HAS_KEY) + attested}
        said = self._said("webauthn.create", question)
        return self._answer(clientDataJSON=said, attestationObject=encode_cbor(told), transports=["usb"])

    def shown(self, question: Question) -> str:
        """What the browser says when it is shown."""
        said, data = self._said("webauthn.get", question), self._data(PRESENT)
        signature = self.secret.sign(data + sha256(said).digest(), ECDSA(SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _said(self, kind: str, question: Question) -> bytes:
        return json.dumps({"type": kind, "challenge": question.challenge, "origin": self.site.origin}).encode()

    def _data(self, flags: int) -> bytes:
        return sha256(self.site.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: Any) -> str:
        coded = {name: bytes_to_base64url(it) if isinstance(it, bytes) else it for name, it in response.items()}
        own = bytes_to_base64url(self.id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": coded})
