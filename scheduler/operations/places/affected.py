"""Affected appointments: what an absence, a closure or new hours leave without its people, room or open doors.

Nothing is cancelled for it. Whoever changes the hours gets the list, to call these patients and to move each visit.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.intervals import contains, joined, meets
from scheduler.domain.series import LIVE, AppointmentStatus
from scheduler.operations.context import Context
from scheduler.storage.overlap import LONGEST_CLAIM
from scheduler.storage.rows import (
    AppointmentRow,
    CatalogueEntryRow,
    ClaimRow,
    ClinicRow,
    PatientRow,
    SeriesRow,
    SessionRow,
)
from scheduler.storage.working_time import working_stretches

A = AppointmentRow


@dataclass(frozen=True, slots=True)
class Affected:
    """One live appointment that can no longer take place as it is, and whom to call about it.

    ``treatment`` is the protocol's or visit type's name. ``revision`` is what a move of it must name: the series'
    revision, or a visit's sequence.
    """

    appointment_id: UUID
    patient_id: UUID
    patient: str
    phone: str | None
    series_id: UUID | None
    session: int | None
    treatment: str
    status: AppointmentStatus
    starts_at: datetime
    on_date: date
    zone: str
    revision: int


def affected_by_absence(
    context: Context, resource_id: UUID, starts_at: datetime, ends_at: datetime
) -> tuple[Affected, ...]:
    """Live appointments that claim the resource between two UTC instants and are not over yet, by start."""
    begin = max(starts_at, context.now)
    claimed = select(ClaimRow.appointment_id).where(*_claims(resource_id, begin, ends_at))
    return _found(context, _live(context).where(A.id.in_(claimed)))


def affected_by_stretches(
    context: Context, resource_id: UUID, stretches: Iterable[tuple[datetime, datetime]]
) -> tuple[Affected, ...]:
    """The same for any number of stretches, in UTC, with two queries however many they are."""
    busy = joined(stretches)
    if not busy:
        return ()
    begin, end = max(busy[0][0], context.now), busy[-1][1]
    columns = (ClaimRow.appointment_id, ClaimRow.starts_at, ClaimRow.ends_at)
    query = select(*columns).where(ClaimRow.appointment_id.is_not(None), *_claims(resource_id, begin, end))
    met = {row.appointment_id for row in context.tx.execute(query) if meets(busy, row.starts_at, row.ends_at)}
    found = affected_by_absence(context, resource_id, begin, end) if met else ()
    return tuple(one for one in found if one.appointment_id in met)


def affected_by_closures(context: Context, clinic_id: UUID, spans: Sequence[tuple[date, date]]) -> tuple[Affected, ...]:
    """Live appointments at a clinic that are not over yet, by start; spans are clinic dates, both ends inclusive."""
    closed = or_(false(), *(A.on_date.between(first, last) for first, last in spans))
    return _found(context, _live(context).where(A.clinic_id == clinic_id, A.ends_at > context.now, closed))


def affected_by_hours(context: Context, resource_ids: Collection[UUID]) -> tuple[Affected, ...]:
    """Live appointments to come that claim one of these resources outside its working time, by start."""
    outside = set(_outside_hours(context, resource_ids))
    return _found(context, _live(context).where(A.id.in_(outside))) if outside else ()


def affected_by_qualification(
    context: Context, resource_id: UUID, code: str, valid_until: date
) -> tuple[Affected, ...]:
    """Live sessions under a protocol that its practitioner may no longer perform on their dates, by start."""
    coming = select(ClaimRow.appointment_id).where(ClaimRow.subject_id == resource_id, ClaimRow.ends_at > context.now)
    bounded = coming.where(ClaimRow.starts_at > context.now - LONGEST_CLAIM)
    sessions = _live(context).where(A.id.in_(bounded), A.series_id.is_not(None))
    return _found(context, sessions.where(CatalogueEntryRow.code == code, A.on_date > valid_until))


def _claims(resource_id: UUID, begin: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    """Claims of the resource that share time with this stretch."""
    return (
        ClaimRow.subject_id == resource_id,
        ClaimRow.starts_at > begin - LONGEST_CLAIM,
        ClaimRow.starts_at < end,
        ClaimRow.ends_at > begin,
    )


COLUMNS = (
    A.id,
    A.patient_id,
    PatientRow.name,
    PatientRow.phone,
    A.series_id,
    SessionRow.number,
    CatalogueEntryRow.definition["name"].as_string(),
    A.status,
    A.starts_at,
    A.on_date,
    ClinicRow.zone,
    func.coalesce(SeriesRow.revision, A.sequence),
)


def _live(context: Context) -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(PatientRow, PatientRow.id == A.patient_id)
        .join(ClinicRow, ClinicRow.id == A.clinic_id)
        .outerjoin(SessionRow, SessionRow.id == A.session_id)
        .outerjoin(SeriesRow, SeriesRow.id == A.series_id)
        .join(CatalogueEntryRow, CatalogueEntryRow.id == func.coalesce(SeriesRow.protocol_id, A.visit_type_id))
        .where(A.organisation_id == context.organisation_id, A.status.in_(LIVE))
        .order_by(A.starts_at, A.id)
    )


def _found(context: Context, query: Select[Any]) -> tuple[Affected, ...]:
    return tuple(Affected(*row) for row in context.tx.execute(query))


def _outside_hours(context: Context, resource_ids: Collection[UUID]) -> Iterator[UUID]:
    """The appointments with a claim to come that lies outside the claimed resource's working time at its clinic."""
    columns = (ClaimRow.clinic_id, ClaimRow.subject_id, ClaimRow.starts_at, ClaimRow.ends_at, ClaimRow.appointment_id)
    query = select(*columns, ClinicRow.zone).join(ClinicRow, ClinicRow.id == ClaimRow.clinic_id)
    coming = (
        ClaimRow.subject_id.in_(resource_ids),
        ClaimRow.ends_at > context.now,
        ClaimRow.starts_at > context.now - LONGEST_CLAIM,
        ClaimRow.appointment_id.is_not(None),
    )
    at_clinic = defaultdict(list)
    for row in context.tx.execute(query.where(*coming)):
        at_clinic[row.clinic_id, row.zone].append(row)
    for (clinic_id, zone), claims in at_clinic.items():
        days = [clinic_date(instant, zone) for row in claims for instant in (row.starts_at, row.ends_at)]
        working = working_stretches(context.tx, clinic_id, resource_ids, min(days), max(days))
        for row in claims:
            if not contains(working[row.subject_id], row.starts_at, row.ends_at):
                yield row.appointment_id
