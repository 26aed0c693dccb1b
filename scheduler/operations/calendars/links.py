"""Calendar links: one per device, shown again when asked, revoked singly."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.access import Action, Allowance, require
from scheduler.domain.contact import CalendarBy
from scheduler.domain.refusals import NotAllowed, NotFound, RuleBroken
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.patients.patients import patient_row
from scheduler.operations.places.locked_hours import resource_of
from scheduler.storage.feeds import OwnerKind, hash_of
from scheduler.storage.rows import LinkRow
from scheduler.storage.types import new_id


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """Whose appointments a link shows: one patient's, one practitioner's, room's or device's, or a whole clinic's."""

    kind: OwnerKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Link:
    """A calendar link of one device. ``token`` opens the feed; it stands nowhere in the database.

    ``privacy`` is a staff link's level, ``None`` for a patient's, which follows the patient's own choice.
    """

    id: UUID
    owner: LinkOwner
    privacy: PrivacyLevel | None
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
    """A new link for one of the patient's devices.

    Raises ``NotFound``, ``NotAllowed``, and ``RuleBroken`` (``calendar_by_mail``) for a patient who gets invitations.
    """
    owner = LinkOwner(OwnerKind.PATIENT, patient_id)
    _require(context, owner)
    if patient_row(context, patient_id).calendar_by is CalendarBy.INVITATIONS:
        raise RuleBroken(
            "This patient gets invitations by mail, and a link would show every visit twice.",
            code="calendar_by_mail",
            remedy="Change how appointments reach the patient's calendar to the feed, then issue the link.",
            patient_id=str(patient_id),
        )
    return _issue(context, link_key, owner, device, None)


def issue_staff_link(
    context: Context,
    link_key: str,
    *,
    owner: LinkOwner,
    device: str,
    privacy: PrivacyLevel = PrivacyLevel.DISCREET,
) -> Link:
    """A new link to the calendar of a resource or a clinic.

    Raises ``NotFound``, ``NotAllowed``, and ``RuleBroken`` (``resource_not_active``).
    """
    _require(context, owner)
    if owner.kind is OwnerKind.RESOURCE and not resource_of(context, owner.id).active:
        detail, remedy = "This calendar takes no new appointments any more.", "Activate it first."
        raise RuleBroken(detail, code="resource_not_active", remedy=remedy, resource_id=str(owner.id))
    return _issue(context, link_key, owner, device, privacy)


def list_links(context: Context, link_key: str, *, owner: LinkOwner) -> tuple[Link, ...]:
    """Its links, oldest first, revoked ones included. Raises ``NotFound``, ``NotAllowed``."""
    _require(context, owner)
    rows = context.tx.scalars(select(LinkRow).where(COLUMNS[owner.kind] == owner.id).order_by(LinkRow.id))
    return tuple(_link(row, link_key) for row in rows)


def get_link(context: Context, link_key: str, *, link_id: UUID) -> Link:
    """One link, to be shown again. Raises ``NotFound``, ``NotAllowed``."""
    return _link(_row(context, link_id), link_key)


def revoke_link(context: Context, *, link_id: UUID) -> None:
    """End a link at once and for good; a second time does nothing. Raises ``NotFound``, ``NotAllowed``."""
    row = _row(context, link_id)
    if row.revoked_at is None:
        _revoke(context, row)


def revoke_links_to(context: Context, resource_id: UUID) -> None:
    """End every link to the calendar of a resource that is no longer active: who has left sees nobody's visits."""
    mine = (LinkRow.resource_id == resource_id, LinkRow.revoked_at.is_(None))
    for row in context.tx.scalars(select(LinkRow).where(*mine).order_by(LinkRow.id)).all():
        _revoke(context, row)


def _revoke(context: Context, row: LinkRow) -> None:
    row.revoked_at = context.now
    context.tx.flush()
    _record(context, "link_revoked", row)


COLUMNS = {
    OwnerKind.PATIENT: LinkRow.patient_id,
    OwnerKind.RESOURCE: LinkRow.resource_id,
    OwnerKind.CLINIC: LinkRow.clinic_id,
}


def _row(context: Context, link_id: UUID) -> LinkRow:
    """A link that the actor could have issued. Raises ``NotFound``, ``NotAllowed``."""
    row = context.tx.get(LinkRow, link_id)
    if row is None or row.organisation_id != context.organisation_id:
        raise NotFound("There is no such link.", link_id=str(link_id))
    _require(context, _owner(row))
    return row


def _require(context: Context, owner: LinkOwner) -> None:
    """Raise ``NotAllowed`` or ``NotFound`` unless the owner is there and the actor may have links to it."""
    match owner.kind:
        case OwnerKind.PATIENT:
            _require_patient(context, owner.id)
            patient_row(context, owner.id)
        case OwnerKind.RESOURCE:
            _require_staff(context, owner)
            resource_of(context, owner.id)
        case OwnerKind.CLINIC:
            _require_staff(context, owner)
            clinic_of(context, owner.id)


def _require_patient(context: Context, patient_id: UUID) -> None:
    own = require(context.actor, Action.ISSUE_PATIENT_LINKS) is Allowance.OWN
    if own and context.actor.patient_id != patient_id:
        raise NotFound("There is no such patient.", patient_id=str(patient_id))


def _require_staff(context: Context, owner: LinkOwner) -> None:
    own = require(context.actor, Action.ISSUE_RESOURCE_LINKS) is Allowance.OWN
    if own and (owner.kind is not OwnerKind.RESOURCE or context.actor.resource_id != owner.id):
        raise NotAllowed("You may have links to your own calendar only.", code="not_your_own", remedy="Ask a manager.")


def _issue(context: Context, link_key: str, owner: LinkOwner, device: str, privacy: PrivacyLevel | None) -> Link:
    row = LinkRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        device=device,
        privacy=privacy,
        token_hash="",
        created_at=context.now,
        **{COLUMNS[owner.kind].key: owner.id},
    )
    row.token_hash = hash_of(token_of(row.id, link_key))
    context.tx.add(row)
    context.tx.flush()
    _record(context, "link_issued", row)
    return _link(row, link_key)


def _record(context: Context, action: str, row: LinkRow) -> None:
    owner = _owner(row)
    record(
        context,
        action,
        "link",
        row.id,
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        owner=owner.kind.value,
        owner_id=str(owner.id),
    )


def _owner(row: LinkRow) -> LinkOwner:
    kind, id_ = next((kind, id_) for kind, column in COLUMNS.items() if (id_ := getattr(row, column.key)))
    return LinkOwner(kind, id_)


def _link(row: LinkRow, link_key: str) -> Link:
    token = token_of(row.id, link_key)
    return Link(row.id, _owner(row), row.privacy, row.device, token, row.created_at, row.revoked_at)
