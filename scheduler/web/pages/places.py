"""The clinics of a visitor's organisation, and the one that this browser shows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import g
from sqlalchemy import bindparam, select

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.refusals import NotFound
from scheduler.storage.rows import ClinicRow
from scheduler.web.pages.registry import PageCall


@dataclass(frozen=True, slots=True)
class Place:
    """A clinic to choose."""

    id: UUID
    name: str
    zone: str


_CLINICS = (
    select(ClinicRow.id, ClinicRow.name, ClinicRow.zone)
    .where(ClinicRow.organisation_id == bindparam("organisation"))
    .order_by(ClinicRow.created_at, ClinicRow.id)
)


def clinics(call: PageCall) -> tuple[Place, ...]:
    """All clinics of the organisation, the first one first."""
    if "clinics" not in g:
        rows = call.tx.connection().execute(_CLINICS, {"organisation": call.somebody.organisation_id})
        g.clinics = tuple(Place(*row) for row in rows)
    found: tuple[Place, ...] = g.clinics
    return found


def chosen_clinic(call: PageCall) -> Place:
    """The clinic that was chosen on this browser, or the first one. Raises ``NotFound`` when there is none at all."""
    known = clinics(call)
    if not known:
        raise NotFound("There is no clinic yet.", code="no_clinic", remedy="Set up a clinic first.")
    return next((one for one in known if one.id == call.somebody.clinic_id), known[0])


def today_at(call: PageCall, place: Place) -> date:
    """The date on the clinic's wall."""
    return clinic_date(call.now, place.zone)
