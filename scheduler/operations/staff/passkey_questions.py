"""What a browser is asked when somebody makes or shows a passkey, and whether its answer is right."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRequestOptions,
    ResidentKeyRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from scheduler.domain.refusals import Invalid
from scheduler.storage.rows import PasskeyRow

NAME = "Interval"
OWN_PORTS = {"http": 80, "https": 443}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys hold: ``host`` is what they are bound to, ``origin`` what a browser says that it has open."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Question:
    """``options`` go to the browser as JSON; ``challenge``, which is in them too, is kept for the answer. Base64url."""

    challenge: str
    options: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that a browser has made, as it is kept."""

    credential_id: str
    public_key: str
    sign_count: int
    transports: str


def site_of(public_url: str) -> Site:
    """The site that people reach at this address, spelled as browsers do: without the port that goes without saying."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port not in (None, OWN_PORTS.get(parts.scheme)) else ""
    return Site(host, f"{parts.scheme}://{host}{port}")


def new_key_question(site: Site, user_id: bytes, login: str, name: str, known: Collection[PasskeyRow]) -> Question:
    """Make a passkey for this user, on something that has none of these."""
    wanted = AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.PREFERRED)
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_id=user_id,
        user_name=login,
        user_display_name=name,
        authenticator_selection=wanted,
        exclude_credentials=_described(known),
    )
    return _question(options)


def shown_key_question(site: Site, known: Collection[PasskeyRow]) -> Question:
    """Show one of these."""
    return _question(generate_authentication_options(rp_id=site.host, allow_credentials=_described(known)))


def new_key(site: Site, challenge: str, answer: str) -> NewKey:
    """The passkey that was made. Who made the device is not asked. Raises ``Invalid``."""
    made, transports = _right(lambda: _made(site, challenge, answer))
    ways = " ".join(way.value for way in transports)
    public_key = bytes_to_base64url(made.credential_public_key)
    return NewKey(bytes_to_base64url(made.credential_id), public_key, made.sign_count, ways)


def key_named(answer: str) -> str:
    """The credential id of the passkey that was shown. Raises ``Invalid``."""
    return _right(lambda: parse_authentication_credential_json(answer).id)


def counted_by(site: Site, challenge: str, answer: str, key: PasskeyRow) -> int:
    """How often this passkey now says it was used. Raises ``Invalid``, also when it has not counted on, as a copy."""
    shown = _right(
        lambda: verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
        )
    )
    return shown.new_sign_count


def wrong_passkey() -> Invalid:
    """One answer for all that a browser may say wrong."""
    remedy = "Try again, or use a code."
    return Invalid("This passkey is not right.", code="passkey_wrong", remedy=remedy)


def _made(site: Site, challenge: str, answer: str) -> tuple[VerifiedRegistration, list[AuthenticatorTransport]]:
    credential = parse_registration_credential_json(answer)
    made = verify_registration_response(
        credential=credential,
        expected_challenge=base64url_to_bytes(challenge),
        expected_rp_id=site.host,
        expected_origin=site.origin,
    )
    return made, credential.response.transports or []


def _question(options: PublicKeyCredentialCreationOptions | PublicKeyCredentialRequestOptions) -> Question:
    return Question(bytes_to_base64url(options.challenge), options_to_json(options))


def _described(keys: Collection[PasskeyRow]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.credential_id),
            transports=[AuthenticatorTransport(way) for way in key.transports.split()],
        )
        for key in keys
    ]


def _right(look: Callable[[], T]) -> T:
    """What was found. Four libraries read what a stranger sends, and each raises errors of its own."""
    try:
        return look()
    except Exception as error:
        raise wrong_passkey() from error
