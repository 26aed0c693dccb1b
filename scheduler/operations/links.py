"""Calendar links: one per device, shown again when asked, revoked singly."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, Allowance, require
from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context, record
from scheduler.operations.patients import patient_row
from scheduler.storage.feeds import hash_of
from scheduler.storage.rows import LinkRow
from scheduler.storage.types import new_id


@dataclass(frozen=True, slots=True)
class Link:
    """A calendar link of one device. ``token`` opens the feed; it stands nowhere in the database."""

    id: UUID
    patient_id: UUID
    device: str
    token: str
    created_at: datetime
    revoked_at: datetime | None


def token_of(link_id: UUID, link_key: str) -> str:
    """The secret of a link: 256 bits from its id under a key that is not in the database.

    So a link can be shown again, and a stolen database opens no feed.
    """
    secret = hmac.digest(link_key.encode(), b"calendar:" + link_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def issue_link(context: Context, link_key: str, *, patient_id: UUID, device: str) -> Link:
    """A new link for one of the patient's devices. Raises ``NotFound``, ``NotAllowed``."""
    _require_own(context, patient_id)
    patient_row(context, patient_id)
    row = LinkRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        patient_id=patient_id,
        device=device,
        token_hash="",
        created_at=context.now,
    )
    row.token_hash = hash_of(token_of(row.id, link_key))
    context.tx.add(row)
    context.tx.flush()
    record(context, "link_issued", "link", row.id, patient_id=patient_id)
    return _link(row, link_key)


def list_links(context: Context, link_key: str, *, patient_id: UUID) -> tuple[Link, ...]:
    """The patient's links, oldest first, revoked ones included. Raises ``NotFound``, ``NotAllowed``."""
    _require_own(context, patient_id)
    patient_row(context, patient_id)
    rows = context.tx.scalars(select(LinkRow).where(LinkRow.patient_id == patient_id).order_by(LinkRow.id))
    return tuple(_link(row, link_key) for row in rows)


def revoke_link(context: Context, *, link_id: UUID) -> None:
    """End a link at once and for good; a second time does nothing. Raises ``NotFound``, ``NotAllowed``."""
    row = context.tx.get(LinkRow, link_id)
    if row is None or row.organisation_id != context.organisation_id:
        raise NotFound("There is no such link.", link_id=str(link_id))
    _require_own(context, row.patient_id)
    if row.revoked_at is None:
        row.revoked_at = context.now
        context.tx.flush()
        record(context, "link_revoked", "link", link_id, patient_id=row.patient_id)


def _require_own(context: Context, patient_id: UUID) -> None:
    own = require(context.actor, Action.ISSUE_PATIENT_LINKS) is Allowance.OWN
    if own and context.actor.patient_id != patient_id:
        raise NotFound("There is no such patient.", patient_id=str(patient_id))


def _link(row: LinkRow, link_key: str) -> Link:
    return Link(row.id, row.patient_id, row.device, token_of(row.id, link_key), row.created_at, row.revoked_at)
