"""Patients' personal links: no password, one scope, an end; confirmed by date of birth where they show more than times.

They stand apart from calendar links, which last for years, are read by programs and show the same to whoever has them.
"""

import base64
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.domain.access import Action, Actor, Allowance, require
from scheduler.domain.patient_links import CONFIRMED_FOR, LASTS, LinkScope, is_open, may_ask_again, needs_confirmation
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.context import Context, record
from scheduler.operations.patients.patients import patient_row
from scheduler.operations.staff.hashes import digest, keyed, new_secret
from scheduler.operations.staff.operators import make_patients_user, patient_of
from scheduler.storage.rows import LinkConfirmationRow, PatientLinkRow, PatientRow
from scheduler.storage.types import new_id


@dataclass(frozen=True, slots=True)
class PatientLink:
    """A link as staff see it. ``token`` is what its address ends with; it stands nowhere in the database."""

    id: UUID
    patient_id: UUID
    scope: LinkScope
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Follower:
    """Whoever follows a link: the patient, as far as the link and the browser prove it.

    ``is_confirmed``: all that the link opens may be shown. ``is_proven``: the date of birth was given on this browser.
    """

    link_id: UUID
    scope: LinkScope
    actor: Actor
    is_confirmed: bool
    is_proven: bool = False


def patient_token(link_id: UUID, link_key: str) -> str:
    """The secret of a link: from its id, under a key that is not in the database, so that a message can name it."""
    return base64.urlsafe_b64encode(keyed(link_key, "patient link", link_id)).rstrip(b"=").decode()


def issue_patient_link(context: Context, link_key: str, *, patient_id: UUID, scope: LinkScope) -> PatientLink:
    """A new link, to be sent. Earlier ones of the patient go on. Raises ``NotFound``, ``NotAllowed``."""
    _require(context, patient_id)
    patient_row(context, patient_id)
    return _link(_made(context, link_key, patient_id, scope), link_key)


def list_patient_links(context: Context, link_key: str, *, patient_id: UUID) -> tuple[PatientLink, ...]:
    """A patient's links, oldest first, those that have ended included. Raises ``NotFound``, ``NotAllowed``."""
    _require(context, patient_id)
    patient_row(context, patient_id)
    rows = context.tx.scalars(
        select(PatientLinkRow).where(PatientLinkRow.patient_id == patient_id).order_by(PatientLinkRow.id)
    )
    return tuple(_link(row, link_key) for row in rows)


def revoke_patient_link(context: Context, *, link_id: UUID) -> None:
    """End a link at once and for good; a second time does nothing. Raises ``NotFound``, ``NotAllowed``."""
    row = context.tx.get(PatientLinkRow, link_id)
    if row is None or row.organisation_id != context.organisation_id:
        raise _unknown()
    _require(context, row.patient_id)
    if row.revoked_at is None:
        row.revoked_at = context.now
        context.tx.flush()
        record(context, "patient_link_revoked", "patient_link", row.id, patient_id=row.patient_id)


def follow_link(tx: Session, token: str, proof: str | None, now: datetime) -> Follower:
    """Who follows a link. ``proof`` is what the browser was given once the date of birth was right.

    Raises ``NotFound`` for a link that is unknown, revoked or expired: all alike, so that nobody learns of whom.
    """
    row = _row(tx, token)
    if row is None or not is_open(row.expires_at, row.revoked_at, now):
        raise _unknown()
    patient = tx.get_one(PatientRow, row.patient_id)
    proven = _is_proven(tx, row.id, proof, now)
    return Follower(row.id, row.scope, _actor(patient), proven or not needs_confirmation(row.scope), proven)


def confirm_birth(tx: Session, *, link_id: UUID, born: date, now: datetime) -> str:
    """The date of birth was given: the proof for the browser, for an hour. The caller has counted the guess.

    Raises ``Invalid`` for another date, and also when none is on file: then staff has to ask.
    """
    row = tx.get_one(PatientLinkRow, link_id)
    if tx.get_one(PatientRow, row.patient_id).date_of_birth != born:
        raise Invalid("This is not the date that we have.", code="birth_wrong", remedy="Call us if you are unsure.")
    proof = new_secret()
    confirmation = LinkConfirmationRow(id=new_id(), link_id=link_id, token_hash=digest(proof), made_at=now)
    confirmation.ends_at = now + CONFIRMED_FOR
    tx.add(confirmation)
    tx.flush()
    return proof


def renewable(tx: Session, token: str, now: datetime) -> PatientLinkRow | None:
    """The link that ran out by itself and may ask for a fresh one; ``None`` for any other, without a word why."""
    row = _row(tx, token)
    return row if row is not None and may_ask_again(row.expires_at, row.revoked_at, now) else None


def renew(tx: Session, link_key: str, old: PatientLinkRow, now: datetime) -> PatientLink:
    """A fresh link of the same scope, to be sent to the contact on file. The old one can ask no more."""
    patient = tx.get_one(PatientRow, old.patient_id)
    tx.execute(update(PatientLinkRow).where(PatientLinkRow.id == old.id).values(revoked_at=now))
    make_patients_user(tx, old.organisation_id)
    return _link(_made(Context(tx, _actor(patient), now), link_key, patient.id, old.scope), link_key)


def _made(context: Context, link_key: str, patient_id: UUID, scope: LinkScope) -> PatientLinkRow:
    row = PatientLinkRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        patient_id=patient_id,
        scope=scope,
        made_at=context.now,
        expires_at=context.now + LASTS[scope],
    )
    row.token_hash = digest(patient_token(row.id, link_key))
    context.tx.add(row)
    context.tx.flush()
    record(context, "patient_link_issued", "patient_link", row.id, patient_id=patient_id, scope=scope.value)
    return row


def _row(tx: Session, token: str) -> PatientLinkRow | None:
    return tx.scalar(select(PatientLinkRow).where(PatientLinkRow.token_hash == digest(token)))


def _is_proven(tx: Session, link_id: UUID, proof: str | None, now: datetime) -> bool:
    if not proof:
        return False
    given = (LinkConfirmationRow.link_id == link_id, LinkConfirmationRow.token_hash == digest(proof))
    return tx.scalar(select(LinkConfirmationRow.id).where(*given, LinkConfirmationRow.ends_at > now)) is not None


def _actor(patient: PatientRow) -> Actor:
    return patient_of(patient.organisation_id, patient.id, patient.name)


def _require(context: Context, patient_id: UUID) -> None:
    own = require(context.actor, Action.ISSUE_PATIENT_LINKS) is Allowance.OWN
    if own and context.actor.patient_id != patient_id:
        raise NotFound("There is no such patient.", patient_id=str(patient_id))


def _link(row: PatientLinkRow, link_key: str) -> PatientLink:
    token = patient_token(row.id, link_key)
    return PatientLink(row.id, row.patient_id, row.scope, row.made_at, row.expires_at, row.revoked_at, token)


def _unknown() -> NotFound:
    detail = "This link does not work, or does no longer."
    return NotFound(detail, code="link_unknown", remedy="Ask for a fresh one, or call us.")
