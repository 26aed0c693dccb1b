"""Visits: single appointments outside a series, read as a series of one session so that one set of rules decides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.protocol import Protocol, SpacingRule, VisitType
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import LIVE, Series, SeriesState, Session
from scheduler.storage import entries
from scheduler.storage.rows import AppointmentRow, ClinicRow, EntryKind
from scheduler.storage.snapshots import Snapshot, booking_of, slot_of
from scheduler.storage.surroundings import blocking_holds, surroundings


def new_visit(
    tx: Transaction,
    clinic: ClinicRow,
    patient_id: UUID,
    visit_type_id: UUID,
    sites: Sequence[str],
    appointment_id: UUID,
    on: date,
    now: datetime,
) -> Snapshot:
    """The snapshot of a visit that is about to be booked on a clinic date."""
    kind = entries.visit_type(tx, visit_type_id)
    series = Series(
        id=appointment_id,
        patient_id=patient_id,
        clinic_id=clinic.id,
        zone=clinic.zone,
        protocol=as_protocol(tx, clinic.organisation_id, kind),
        sites=tuple(sites),
        sessions=(Session(1),),
        start_on=on,
        state=SeriesState.ACTIVE,
        revision=0,
    )
    return _snapshot(tx, clinic, series, visit_type_id, kind, now)


def load_visit(tx: Transaction, organisation_id: UUID, appointment_id: UUID, now: datetime) -> Snapshot:
    """The snapshot of a visit by its appointment. Raises ``NotFound``, for a session's appointment too."""
    query = (
        select(AppointmentRow, ClinicRow)
        .join(ClinicRow, ClinicRow.id == AppointmentRow.clinic_id)
        .where(AppointmentRow.id == appointment_id, AppointmentRow.organisation_id == organisation_id)
        .execution_options(populate_existing=True)
    )
    found = tx.execute(query).one_or_none()
    visit_type_id = found[0].visit_type_id if found else None
    if found is None or visit_type_id is None:
        raise NotFound("There is no such visit.", appointment_id=str(appointment_id))
    row, clinic = found
    empty = new_visit(tx, clinic, row.patient_id, visit_type_id, row.sites, row.id, row.on_date, now)
    session = Session(1, booking=booking_of(row)) if row.status in LIVE else Session(1, last_slot=slot_of(row))
    return replace(empty, series=replace(empty.series, sessions=(session,), revision=row.sequence))


def _snapshot(
    tx: Transaction, clinic: ClinicRow, series: Series, visit_type_id: UUID, kind: VisitType, now: datetime
) -> Snapshot:
    holds = blocking_holds(tx, [series.patient_id])
    around = surroundings(tx, [series], holds, now)[series.id]
    around = replace(around, others=tuple(other for other in around.others if other.source_id != series.id))
    if not kind.treats:
        around = replace(around, holds=(), others=())
    owner = (clinic.organisation_id, clinic.name)
    return Snapshot(series, around, *owner, None, {}, holds[series.patient_id], kind.qualification, visit_type_id)


def as_protocol(tx: Transaction, organisation_id: UUID, kind: VisitType) -> Protocol:
    """The visit type as a protocol of one session. Which holds concern it, the protocol of its qualification says."""
    like = _qualifying(tx, organisation_id, kind)
    return Protocol(
        code=kind.qualification or kind.code,
        version=like.version if like else 1,
        name=kind.name,
        min_sessions=1,
        max_sessions=1,
        spacing=SpacingRule(0, 0, 0, 0, kind.after_other_min_days),
        phases=kind.phases,
        device_type=kind.device_type,
        modality=like.modality if like else "",
        exempt_codes=like.exempt_codes if like else frozenset(),
        added_codes=like.added_codes if like else frozenset(),
    )


def _qualifying(tx: Transaction, organisation_id: UUID, kind: VisitType) -> Protocol | None:
    if kind.qualification is None:
        return None
    return entries.protocol(tx, entries.current_entry(tx, organisation_id, EntryKind.PROTOCOL, kind.qualification))
