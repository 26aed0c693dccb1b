"""The appointments that a feed may show, with the names that it may need, read in one query whatever their number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text, union
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import aliased

from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import AppointmentStatus
from scheduler.storage.feeds import FeedOwner, OwnerKind
from scheduler.storage.rows import (
    AppointmentRow,
    ClaimRow,
    ClinicRow,
    PatientRow,
    ResourceRow,
    SeriesRow,
    SessionRow,
)
from scheduler.storage.rows.appointments import ENDED_SQL

MOST_PAST = 2_000
"""So many past appointments a staff feed keeps at most: a large clinic's year is more than any phone would read."""

A = AppointmentRow
Spans = Mapping[UUID, tuple[datetime, datetime]]
_PRACTITIONER, _ROOM, _COUNTED = aliased(ResourceRow), aliased(ResourceRow), aliased(SessionRow)
_SESSIONS = select(func.count()).where(_COUNTED.series_id == A.series_id).scalar_subquery()
_COLUMNS: tuple[Any, ...] = (
    A.id,
    A.uid,
    A.status,
    A.at_risk,
    A.starts_at,
    A.ends_at,
    A.sequence,
    A.created_at,
    A.changed_at,
    A.visit_type_id,
    A.treatment_extra,
    SeriesRow.protocol_id,
    SeriesRow.sites,
    SeriesRow.addons,
    SessionRow.number,
    _SESSIONS.label("sessions"),
    A.clinic_id,
    ClinicRow.name.label("clinic"),
    ClinicRow.address,
    ClinicRow.phone,
    ClinicRow.zone,
    PatientRow.name.label("patient"),
    _PRACTITIONER.name.label("practitioner"),
    _ROOM.name.label("room"),
)
SHOWN = (
    select(*_COLUMNS)
    .join(ClinicRow, ClinicRow.id == A.clinic_id)
    .join(PatientRow, PatientRow.id == A.patient_id)
    .outerjoin(SessionRow, SessionRow.id == A.session_id)
    .outerjoin(SeriesRow, SeriesRow.id == A.series_id)
    .outerjoin(_PRACTITIONER, _PRACTITIONER.id == A.practitioner_id)
    .outerjoin(_ROOM, _ROOM.id == A.room_id)
    .order_by(A.starts_at, A.id)
)
"""Appointments by start, each with the names that calendars and letters show."""
PLACES = {
    ResourceKind.PRACTITIONER: A.practitioner_id,
    ResourceKind.ROOM: A.room_id,
    ResourceKind.DEVICE: A.device_id,
}


@dataclass(frozen=True, slots=True)
class FeedAppointments:
    """Rows by start, and the time that the owner itself is claimed for, where it is claimed.

    ``kind`` is a resource's.
    """

    rows: Sequence[Any]
    claimed: Spans
    kind: ResourceKind | None


def feed_appointments(
    tx: Transaction, owner: FeedOwner, since: datetime, now: datetime, uid: UUID | None = None
) -> FeedAppointments:
    """What begins at ``since`` (a UTC instant) or later; with ``uid`` only this one."""
    kind = _kind(tx, owner)
    if owner.kind is not OwnerKind.PATIENT:
        since = max(since, tx.scalar(_oldest(owner, now)) or since)
    stands = A.status != AppointmentStatus.ENTERED_IN_ERROR
    query = SHOWN.where(_belongs(owner, kind, since), A.starts_at >= since, stands)
    if uid is not None:
        query = query.where(A.uid == uid)
    rows = tx.execute(query).all()
    claimed = {} if owner.kind is OwnerKind.CLINIC else _claimed(tx, owner.id, since)
    return FeedAppointments(rows, claimed, kind)


def _kind(tx: Transaction, owner: FeedOwner) -> ResourceKind | None:
    if owner.kind is not OwnerKind.RESOURCE:
        return None
    return tx.execute(select(ResourceRow.kind).where(ResourceRow.id == owner.id)).scalar_one()


def _belongs(owner: FeedOwner, kind: ResourceKind | None, since: datetime) -> ColumnElement[bool]:
    """A resource's are found by its claims; what has ended may have given them back, and has an index of its own."""
    if owner.kind is OwnerKind.PATIENT:
        return A.patient_id == owner.id
    if kind is None:
        return A.clinic_id == owner.id
    live = select(ClaimRow.appointment_id).where(
        ClaimRow.subject_id == owner.id, ClaimRow.starts_at >= since, ClaimRow.appointment_id.is_not(None)
    )
    ended = select(A.id).where(PLACES[kind] == owner.id, A.starts_at >= since, text(ENDED_SQL))
    return A.id.in_(select(union(live, ended).subquery().c[0]))


def _oldest(owner: FeedOwner, now: datetime) -> Select[datetime]:
    """The start of the oldest past appointment that there is still room for, if there are more."""
    query = select(A.starts_at)
    order: tuple[Any, ...] = (A.on_date.desc(), A.starts_at.desc())
    if owner.kind is OwnerKind.RESOURCE:
        query = query.join(ClaimRow, ClaimRow.appointment_id == A.id)
        query = query.where(ClaimRow.subject_id == owner.id, ClaimRow.starts_at < now)
        order = (ClaimRow.starts_at.desc(),)
    else:
        query = query.where(A.clinic_id == owner.id, A.on_date <= now.date(), A.starts_at < now)
    return query.order_by(*order).limit(1).offset(MOST_PAST - 1)


def _claimed(tx: Transaction, owner_id: UUID, since: datetime) -> Spans:
    """From the first to the last claim of each appointment."""
    query = (
        select(ClaimRow.appointment_id, func.min(ClaimRow.starts_at), func.max(ClaimRow.ends_at))
        .where(ClaimRow.subject_id == owner_id, ClaimRow.starts_at >= since)
        .group_by(ClaimRow.appointment_id)
    )
    return {id_: (starts_at, ends_at) for id_, starts_at, ends_at in tx.execute(query) if id_}
