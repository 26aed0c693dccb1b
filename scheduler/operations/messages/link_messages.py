"""Link messages: a patient's personal link on its way to the contact on file, and to nowhere else."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.patient_links import LinkScope, is_open
from scheduler.messages.link_letter import Sender, link_letter
from scheduler.operations.context import Context, home_clinic
from scheduler.operations.messages.composing import Matter, Said
from scheduler.operations.messages.patient_visits import clinics_of
from scheduler.operations.messages.personal_links import link_address
from scheduler.operations.patients.patient_links import (
    PatientLink,
    issue_patient_link,
    renew,
    renewable,
)
from scheduler.operations.staff.operators import patient_of
from scheduler.storage.rows import AppointmentRow, MessageKind, OutboxRow, PatientLinkRow


def send_patient_link(context: Context, link_key: str, *, patient_id: UUID, scope: LinkScope) -> PatientLink:
    """Issue a link and send it. Raises ``NotFound``, ``NotAllowed``."""
    link = issue_patient_link(context, link_key, patient_id=patient_id, scope=scope)
    _put(context, link)
    return link


def send_fresh_link(tx: Session, link_key: str, *, token: str, now: datetime) -> None:
    """Send a fresh link in place of one that ran out by itself, to the contact on file.

    Nothing happens for any other token, and the caller is told the same: nobody learns who is a patient. The caller has
    counted the attempt.
    """
    old = renewable(tx, token, now)
    if old is not None:
        link = renew(tx, link_key, old, now)
        _put(Context(tx, patient_of(old.organisation_id, old.patient_id, ""), now), link)


def say_link(matter: Matter) -> Said | None:
    """The link, as long as it opens anything."""
    row = matter.tx.get(PatientLinkRow, UUID(matter.row.payload["link_id"]))
    if row is None or not is_open(row.expires_at, row.revoked_at, matter.now):
        return None
    clinic = clinics_of(matter.tx, [matter.row.clinic_id])[matter.row.clinic_id]
    letter = link_letter(
        Sender(clinic.name, clinic.address, clinic.phone),
        name=matter.to.name,
        language=matter.to.language,
        link=link_address(matter.post, row.id),
        until=clinic_date(row.expires_at, clinic.zone) - timedelta(days=1),
    )
    return Said(letter, {"link": str(row.id)})


def _put(context: Context, link: PatientLink) -> None:
    """The outbox keeps the identifier; the secret is made when the message is written."""
    context.tx.add(
        OutboxRow(
            organisation_id=context.organisation_id,
            clinic_id=_clinic_of(context, link.patient_id),
            dedupe_key=f"link:{link.id}",
            kind=MessageKind.LINK,
            patient_id=link.patient_id,
            payload={"link_id": str(link.id)},
            due_at=context.now,
            created_at=context.now,
        )
    )
    context.tx.flush()


def _clinic_of(context: Context, patient_id: UUID) -> UUID:
    """Where the patient was seen last or will be, else the organisation's first clinic."""
    visits = select(AppointmentRow.clinic_id).where(AppointmentRow.patient_id == patient_id)
    return context.tx.scalar(visits.order_by(AppointmentRow.starts_at.desc()).limit(1)) or home_clinic(context)
