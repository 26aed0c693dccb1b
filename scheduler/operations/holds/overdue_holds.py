"""Overdue holds: those whose review is due, with the appointments of the next days that wait for it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.holds import Hold, applies
from scheduler.domain.protocol import Protocol
from scheduler.domain.series import LIVE
from scheduler.operations.context import Context
from scheduler.operations.holds.hold_sheets import HoldFilter, HoldSheet, list_holds
from scheduler.operations.pages import Page
from scheduler.operations.places.organisation_days import earliest_today
from scheduler.storage import entries
from scheduler.storage.rows import AppointmentRow, ClinicRow, HoldRow, SeriesRow
from scheduler.storage.surroundings import hold_of
from scheduler.storage.visits import as_protocol

DAYS_AHEAD = 3
A = AppointmentRow


@dataclass(frozen=True, slots=True)
class Touched:
    """An appointment that cannot take place unless the hold ends first: UTC start, clinic date, the clinic's zone."""

    appointment_id: UUID
    clinic_id: UUID
    starts_at: datetime
    on_date: date
    zone: str


@dataclass(frozen=True, slots=True)
class OverdueHold:
    """A hold whose review is due, and what it touches today and in the next three days, by start."""

    sheet: HoldSheet
    appointments: tuple[Touched, ...]


def overdue_holds(
    context: Context, *, patient_id: UUID | None = None, after: UUID | None = None, limit: int = 25
) -> Page[OverdueHold]:
    """The holds that a practitioner has to look at, newest first."""
    page = list_holds(context, states=(HoldFilter.OVERDUE,), patient_id=patient_id, after=after, limit=limit)
    holds = _holds(context, [sheet.id for sheet in page.items])
    ahead = _ahead(context, {sheet.patient_id for sheet in page.items})
    return Page(
        tuple(
            OverdueHold(sheet, tuple(_touched(context, holds[sheet.id], sheet.patient_id, ahead)))
            for sheet in page.items
        ),
        page.last,
    )


def _holds(context: Context, ids: Collection[UUID]) -> dict[UUID, Hold]:
    rows = context.tx.scalars(select(HoldRow).where(HoldRow.id.in_(ids)))
    return {row.id: hold_of(context.tx, row) for row in rows}


COLUMNS: tuple[Any, ...] = (
    A.id,
    A.patient_id,
    A.clinic_id,
    A.starts_at,
    A.on_date,
    A.visit_type_id,
    A.sites.label("visit_sites"),
    SeriesRow.protocol_id,
    SeriesRow.sites.label("series_sites"),
    ClinicRow.zone,
)


def _ahead(context: Context, patients: Collection[UUID]) -> list[Any]:
    """What these patients have booked for the next days."""
    today = earliest_today(context)
    query = (
        select(*COLUMNS)
        .join(ClinicRow, ClinicRow.id == A.clinic_id)
        .outerjoin(SeriesRow, SeriesRow.id == A.series_id)
        .where(A.patient_id.in_(patients), A.status.in_(LIVE))
        .where(A.on_date.between(today, today + timedelta(DAYS_AHEAD)))
        .order_by(A.starts_at, A.id)
    )
    return list(context.tx.execute(query))


def _touched(context: Context, hold: Hold, patient_id: UUID, ahead: Collection[Any]) -> Iterator[Touched]:
    tree = entries.shipped().sites
    for row in ahead:
        protocol = _protocol(context, row)
        sites = row.series_sites if row.visit_type_id is None else row.visit_sites
        if row.patient_id == patient_id and protocol and applies(hold, protocol, sites, tree):
            yield Touched(row.id, row.clinic_id, row.starts_at, row.on_date, row.zone)


def _protocol(context: Context, row: Any) -> Protocol | None:
    """The protocol that decides which holds concern an appointment; ``None`` for a visit that does not treat."""
    if row.visit_type_id is None:
        return entries.protocol(context.tx, row.protocol_id)
    kind = entries.visit_type(context.tx, row.visit_type_id)
    return as_protocol(context.tx, context.organisation_id, kind) if kind.treats else None
