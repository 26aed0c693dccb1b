"""Preparing: what to do before a visit is said once, by its reminder or by the message that no reminder follows."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.reminders import ComingVisit, is_last_word
from scheduler.operations.messages.composing import Matter
from scheduler.operations.messages.patient_visits import PatientVisit
from scheduler.storage.rows import ClinicRow, MessageKind, OutboxRow, OutboxState, ToldRow

Preparation = Mapping[UUID, tuple[str, ...]]
"""What to do before visits, by appointment, in the words of the catalogue."""

SENDING = timedelta(minutes=15)
"""A message counts as told when it has arrived. In doubt a patient hears twice what to do, rather than never."""


def to_prepare(matter: Matter, visits: Mapping[UUID, PatientVisit]) -> Preparation:
    """What a message about these visits has to say of preparing for them.

    Only for visits to come that no reminder will follow, and where the patient has not heard it before.
    """
    coming = {id_: one for id_, one in visits.items() if not one.known.cancelled and one.known.starts_at > matter.now}
    arrives = matter.now + SENDING
    last = {
        id_: one
        for id_, one in coming.items()
        if _is_last_word(matter, one, one.view.starts_at, one.view.zone, arrives)
    }
    heard = _reminded(matter, last) | _heard_with_news(matter, last) if last else set()
    return {id_: one.care.preparation for id_, one in last.items() if one.care.preparation and id_ not in heard}


def _is_last_word(matter: Matter, visit: PatientVisit, starts_at: datetime, zone: str, told_at: datetime) -> bool:
    wish = matter.to.reminder_days
    days = visit.care.reminder_days if wish is None else wish
    return is_last_word(ComingVisit(clinic_date(starts_at, zone), starts_at, zone, days, told_at))


def _reminded(matter: Matter, ids: Collection[UUID]) -> set[UUID]:
    """Those of whom a reminder has been sent, whatever has become of them since."""
    row = OutboxRow
    query = select(row.appointment_id).where(
        row.patient_id == matter.to.id,
        row.kind == MessageKind.REMINDER,
        row.state == OutboxState.SENT,
        row.appointment_id.in_(ids),
    )
    return {id_ for id_ in matter.tx.scalars(query) if id_}


def _heard_with_news(matter: Matter, visits: Mapping[UUID, PatientVisit]) -> set[UUID]:
    """Those of whose former time the patient was told in a last word as well."""
    told = ToldRow
    query = (
        select(told.appointment_id, told.starts_at, told.told_at, ClinicRow.zone)
        .join(ClinicRow, ClinicRow.id == told.clinic_id)
        .where(told.appointment_id.in_(visits), told.cancelled.is_(False))
    )
    return {
        row.appointment_id
        for row in matter.tx.execute(query)
        if _is_last_word(matter, visits[row.appointment_id], row.starts_at, row.zone, row.told_at)
    }
