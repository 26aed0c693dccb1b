"""Snapshots: a series and everything that bears on it, read in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.holds import BLOCKING_STATES, Hold, applies
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
from scheduler.storage.neighbours import other_procedures
from scheduler.storage.rows import (
    AppointmentRow,
    ClinicRow,
    ClosureRow,
    HoldRow,
    KeepKind,
    KeepRow,
    OpeningHoursRow,
    SeriesRow,
    SessionRow,
    table,
)

A = table(AppointmentRow)
S = table(SessionRow)
SERIES = table(SeriesRow)
CLINICS = table(ClinicRow)
HOLDS = table(HoldRow)
CLOSURES = table(ClosureRow)
OPENING_HOURS = table(OpeningHoursRow)
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
_OF_SERIES = (SERIES.c.id == bindparam("series"), SERIES.c.organisation_id == bindparam("organisation"))
_PATIENT = select(SERIES.c.patient_id).where(*_OF_SERIES)
_SERIES = (
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
    .where(*_OF_SERIES)
)
_SESSIONS = (
    select(S.c.id, S.c.number, S.c.state, S.c.performed_on, S.c.continued_from, S.c.continued_until)
    .where(S.c.series_id == bindparam("series"))
    .order_by(S.c.number)
)
_HOLDS = (
    select(
        HOLDS.c.id,
        HOLDS.c.rule_id,
        HOLDS.c.code,
        HOLDS.c.scope,
        HOLDS.c.site,
        HOLDS.c.starts_on,
        HOLDS.c.ends_on,
        HOLDS.c.end_rule,
        HOLDS.c.state,
        HOLDS.c.review_on,
    )
    .where(HOLDS.c.patient_id == bindparam("patient"), HOLDS.c.state.in_(BLOCKING_STATES))
    .order_by(HOLDS.c.starts_on, HOLDS.c.id)
)
_CLOSURES = (
    select(CLOSURES.c.starts_on, CLOSURES.c.ends_on, CLOSURES.c.label)
    .where(CLOSURES.c.clinic_id == bindparam("clinic"))
    .order_by(CLOSURES.c.starts_on)
)
_OPENED = select(OPENING_HOURS.c.weekday).where(OPENING_HOURS.c.clinic_id == bindparam("clinic"))
_KEEPS = select(KEEPS.c.id).where(KEEPS.c.series_id == bindparam("series"), KEEPS.c.kind == KeepKind.KEEP)


def patient_of_series(tx: Transaction, organisation_id: UUID, series_id: UUID) -> UUID:
    """Whose series this is. Raises ``NotFound``."""
    found: UUID | None = tx.scalar(_PATIENT, {"series": series_id, "organisation": organisation_id})
    if found is None:
        raise NotFound("There is no such series.", series_id=str(series_id))
    return found


def load_snapshot(tx: Transaction, organisation_id: UUID, series_id: UUID, now: datetime) -> Snapshot:
    """Read a series of this organisation. Raises ``NotFound``."""
    row = tx.execute(_SERIES, {"series": series_id, "organisation": organisation_id}).one_or_none()
    if row is None:
        raise NotFound("There is no such series.", series_id=str(series_id))
    protocol = entries.protocol(tx, row.protocol_id)
    sessions, ids = _sessions(tx, series_id)
    series = _series(row, protocol, sessions)
    holds = blocking_holds(tx, row.patient_id)
    around = surroundings(tx, series, holds, now)
    return Snapshot(series, around, organisation_id, row.name, row.protocol_id, ids, holds, protocol.code)


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


def _sessions(tx: Transaction, series_id: UUID) -> tuple[tuple[Session, ...], dict[int, UUID]]:
    rows = tx.execute(_SESSIONS, {"series": series_id}).all()
    live, past = _appointments(tx, series_id)
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
)
_APPOINTMENTS = select(*APPOINTMENT_COLUMNS).where(A.c.series_id == bindparam("series")).order_by(A.c.changed_at)


def _appointments(tx: Transaction, series_id: UUID) -> tuple[dict[UUID, Any], dict[UUID, Any]]:
    """By session id: the live appointment, and the latest one that was released."""
    rows = tx.execute(_APPOINTMENTS, {"series": series_id}).all()
    released = (AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW)
    live = {row.session_id: row for row in rows if row.status in LIVE}
    return live, {row.session_id: row for row in rows if row.status in released}


def _session(row: Any, live: Any, past: Any) -> Session:
    return Session(
        number=row.number,
        state=row.state,
        performed_on=row.performed_on,
        booking=booking_of(live) if live else None,
        continued=(row.continued_from, row.continued_until) if row.continued_from else None,
        last_slot=slot_of(past) if past else None,
        last_on=past.on_date if past else None,
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
    return Booking(row.id, row.on_date, slot_of(row), row.status, row.at_risk, override_of(row), row.treatment_extra)


def keeps_of(tx: Transaction, series_id: UUID) -> tuple[UUID, ...]:
    """What is kept for a caller of this series, run out or not. Requests for an override are none of these."""
    return tuple(tx.scalars(_KEEPS, {"series": series_id}))


def blocking_holds(tx: Transaction, patient_id: UUID) -> tuple[Hold, ...]:
    """The patient's proposed and active holds, in every clinic, expired ones included."""
    return tuple(hold_of(tx, row) for row in tx.execute(_HOLDS, {"patient": patient_id}))


def hold_of(tx: Transaction, row: Any) -> Hold:
    """The domain's value of a hold's row."""
    rule = entries.contraindication(tx, row.rule_id)
    return Hold(
        id=row.id,
        code=row.code,
        scope=row.scope,
        site=row.site,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        end_rule=row.end_rule,
        state=row.state,
        review_on=row.review_on,
        only_modalities=rule.only_modalities,
    )


def surroundings(tx: Transaction, series: Series, holds: Sequence[Hold], now: datetime) -> Surroundings:
    """What bears on a series from outside: the patient's holds that apply, other procedures, closures."""
    sites = entries.shipped().sites
    closures, weekdays = _closed(tx, series.clinic_id)
    return Surroundings(
        today=clinic_date(now, series.zone),
        holds=tuple(h for h in holds if applies(h, series.protocol, series.sites, sites)),
        others=other_procedures(tx, series.patient_id, series.sites, leave_out=series.id),
        closures=closures,
        closed_weekdays=weekdays,
    )


def _closed(tx: Transaction, clinic_id: UUID) -> tuple[tuple[tuple[Any, Any, str], ...], frozenset[int]]:
    closures = tuple((row.starts_on, row.ends_on, row.label) for row in tx.execute(_CLOSURES, {"clinic": clinic_id}))
    opened = set(tx.scalars(_OPENED, {"clinic": clinic_id}))
    return closures, frozenset(range(7)) - opened
