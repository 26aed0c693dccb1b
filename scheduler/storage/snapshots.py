"""Snapshots: a series and everything that bears on it, read in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.holds import Hold
from scheduler.domain.protocol import Protocol, ResourceKind
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import (
    LIVE,
    AppointmentStatus,
    Booking,
    Override,
    Series,
    Session,
    Surroundings,
)
from scheduler.domain.slots import Slot
from scheduler.storage import entries
from scheduler.storage.keyed import Keyed
from scheduler.storage.rows import (
    AppointmentRow,
    ClinicRow,
    KeepKind,
    KeepRow,
    SeriesRow,
    SessionRow,
    table,
)
from scheduler.storage.surroundings import blocking_holds, surroundings

A = table(AppointmentRow)
S = table(SessionRow)
SERIES = table(SeriesRow)
CLINICS = table(ClinicRow)
KEEPS = table(KeepRow)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A series as it stands in this transaction, its surroundings, and the rows' ids that writing needs.

    A visit outside a series is read as a series of one session: the same rules then decide about it, and
    ``visit_type_id`` says what it is for. Its series' id is the appointment's, its revision the appointment's sequence.
    """

    series: Series
    around: Surroundings
    organisation_id: UUID
    clinic_name: str
    protocol_id: UUID | None
    session_ids: Mapping[int, UUID]
    all_holds: tuple[Hold, ...]
    qualification: str | None
    visit_type_id: UUID | None = None


# Statements of the hot path are built once: to build one costs more than to run it.
_OF_ORGANISATION = SERIES.c.organisation_id == bindparam("organisation")
_PATIENT = select(SERIES.c.patient_id).where(SERIES.c.id == bindparam("series"), _OF_ORGANISATION)
_SERIES = Keyed.by(
    SERIES.c.id,
    select(
        SERIES.c.id,
        SERIES.c.patient_id,
        SERIES.c.clinic_id,
        SERIES.c.protocol_id,
        SERIES.c.sites,
        SERIES.c.addons,
        SERIES.c.start_on,
        SERIES.c.state,
        SERIES.c.revision,
        CLINICS.c.zone,
        CLINICS.c.name,
    )
    .join(CLINICS, CLINICS.c.id == SERIES.c.clinic_id)
    .where(_OF_ORGANISATION),
)
_SESSIONS = Keyed.by(
    S.c.series_id,
    select(
        S.c.id, S.c.number, S.c.state, S.c.performed_on, S.c.partial, S.c.continued_from, S.c.continued_until
    ).order_by(S.c.number),
)
_KEEPS = select(KEEPS.c.id).where(KEEPS.c.series_id == bindparam("series"), KEEPS.c.kind == KeepKind.KEEP)


def patient_of_series(tx: Transaction, organisation_id: UUID, series_id: UUID) -> UUID:
    """Whose series this is. Raises ``NotFound``."""
    found: UUID | None = tx.scalar(_PATIENT, {"series": series_id, "organisation": organisation_id})
    if found is None:
        raise NotFound("There is no such series.", series_id=str(series_id))
    return found


def load_snapshot(tx: Transaction, organisation_id: UUID, series_id: UUID, now: datetime) -> Snapshot:
    """Read a series of this organisation. Raises ``NotFound``."""
    found = load_snapshots(tx, organisation_id, [series_id], now)
    if not found:
        raise NotFound("There is no such series.", series_id=str(series_id))
    return found[0]


def load_snapshots(
    tx: Transaction, organisation_id: UUID, series_ids: Sequence[UUID], now: datetime
) -> tuple[Snapshot, ...]:
    """Read series of this organisation in this order, with as many queries as for one; strangers are left out."""
    found = _SERIES.rows(tx, series_ids, organisation=organisation_id)
    rows = [row for series_id in series_ids for row in found[series_id]]
    if not rows:
        return ()
    sessions = _sessions(tx, [row.id for row in rows])
    series = [_series(row, entries.protocol(tx, row.protocol_id), sessions[row.id][0]) for row in rows]
    holds = blocking_holds(tx, {row.patient_id for row in rows})
    around = surroundings(tx, series, holds, now)
    return tuple(
        Snapshot(
            series=one,
            around=around[one.id],
            organisation_id=organisation_id,
            clinic_name=row.name,
            protocol_id=row.protocol_id,
            session_ids=sessions[row.id][1],
            all_holds=holds[one.patient_id],
            qualification=one.protocol.code,
        )
        for row, one in zip(rows, series, strict=True)
    )


def _series(row: Any, protocol: Protocol, sessions: tuple[Session, ...]) -> Series:
    return Series(
        id=row.id,
        patient_id=row.patient_id,
        clinic_id=row.clinic_id,
        zone=row.zone,
        protocol=protocol,
        sites=tuple(row.sites),
        sessions=sessions,
        start_on=row.start_on,
        state=row.state,
        revision=row.revision,
        addons=tuple(row.addons),
    )


Sessions = tuple[tuple[Session, ...], dict[int, UUID]]
"""The sessions of a series, and their rows' ids by number."""


def _sessions(tx: Transaction, series_ids: Sequence[UUID]) -> dict[UUID, Sessions]:
    """By series."""
    rows, appointments = _SESSIONS.rows(tx, series_ids), _APPOINTMENTS.rows(tx, series_ids)
    return {id_: _of_series(rows[id_], appointments[id_]) for id_ in series_ids}


def _of_series(rows: Sequence[Any], appointments: Sequence[Any]) -> Sessions:
    """A session has its live appointment, and the latest one that was released."""
    live = {row.session_id: row for row in appointments if row.status in LIVE}
    past = {row.session_id: row for row in appointments if row.status in RELEASED}
    sessions = tuple(_session(row, live.get(row.id), past.get(row.id)) for row in rows)
    return sessions, {row.number: row.id for row in rows}


APPOINTMENT_COLUMNS = (
    A.c.id,
    A.c.session_id,
    A.c.status,
    A.c.starts_at,
    A.c.on_date,
    A.c.practitioner_id,
    A.c.room_id,
    A.c.device_id,
    A.c.treatment_extra,
    A.c.at_risk,
    A.c.override_on,
    A.c.override_reference,
    A.c.override_reason,
    A.c.import_note,
)
_APPOINTMENTS = Keyed.by(A.c.series_id, select(*APPOINTMENT_COLUMNS).order_by(A.c.changed_at))
RELEASED = (AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW)


def _session(row: Any, live: Any, past: Any) -> Session:
    return Session(
        number=row.number,
        state=row.state,
        performed_on=row.performed_on,
        booking=booking_of(live) if live else None,
        continued=(row.continued_from, row.continued_until) if row.continued_from else None,
        last_slot=slot_of(past) if past else None,
        last_on=past.on_date if past else None,
        partial=row.partial,
    )


def slot_of(row: Any) -> Slot:
    """The slot of an appointment's row."""
    named = (
        (ResourceKind.PRACTITIONER, row.practitioner_id),
        (ResourceKind.ROOM, row.room_id),
        (ResourceKind.DEVICE, row.device_id),
    )
    return Slot(row.starts_at, {kind: resource for kind, resource in named if resource is not None})


def override_of(row: Any) -> Override | None:
    """The override of an appointment's row, when it has one."""
    if row.override_on is None:
        return None
    return Override(row.override_on, row.override_reference, row.override_reason)


def booking_of(row: Any) -> Booking:
    """The booking in a live appointment's row."""
    as_booked = (override_of(row), row.treatment_extra, row.import_note)
    return Booking(row.id, row.on_date, slot_of(row), row.status, row.at_risk, *as_booked)


def keeps_of(tx: Transaction, series_id: UUID) -> tuple[UUID, ...]:
    """What is kept for a caller of this series, run out or not. Requests for an override are none of these."""
    return tuple(tx.scalars(_KEEPS, {"series": series_id}))
