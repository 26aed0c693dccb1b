"""Clinics: an organisation and its locations, set up and opened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Transaction

from scheduler.calendars.public_holidays import check_region
from scheduler.domain.access import Action, Actor, Role, require, require_fully
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid
from scheduler.domain.roster_checks import check_week
from scheduler.domain.rosters import WeeklyHours
from scheduler.operations.calendars.shown_places import show_new_place, tell_new_place
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.pages import Page, page_of
from scheduler.operations.places.affected import Affected, affected_by_hours
from scheduler.operations.places.locked_hours import locked_clinic, resources_at
from scheduler.storage.rows import ClinicRow, OpeningHoursRow, OrganisationRow, UserRoleRow, UserRow
from scheduler.storage.types import new_id

FIELDS = ("name", "address", "phone")
SHOWN = ("name", "address")
"""What calendars say of the place. A clinic keeps its zone for good."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """One location. ``opening`` is its usual week in minutes of the wall clock of ``zone``."""

    id: UUID
    name: str
    zone: str
    country: str
    region: str | None
    address: str
    phone: str
    revision: int
    opening: tuple[WeeklyHours, ...]

    @classmethod
    def of(cls, row: ClinicRow, opening: Iterable[WeeklyHours]) -> Self:
        place = (row.zone, row.country, row.region)
        return cls(row.id, row.name, *place, row.address, row.phone, row.revision, tuple(opening))


@dataclass(frozen=True, slots=True)
class ClinicChanged:
    """A clinic after a change of its hours, and the appointments that can no longer take place as they are."""

    clinic: Clinic
    affected: tuple[Affected, ...]


def set_up_organisation(tx: Transaction, *, name: str, manager: str, now: datetime) -> Actor:
    """Make an organisation with its first user, a manager, who sets up the rest."""
    organisation = OrganisationRow(id=new_id(), name=name)
    tx.add(organisation)
    tx.flush()
    user = UserRow(id=new_id(), organisation_id=organisation.id, name=manager)
    tx.add(user)
    tx.flush()
    tx.add(UserRoleRow(user_id=user.id, role=Role.MANAGER))
    tx.flush()
    actor = Actor(user.id, organisation.id, manager, frozenset({Role.MANAGER}))
    record(Context(tx, actor, now), "organisation_set_up", "organisation", organisation.id)
    return actor


def set_up_clinic(
    context: Context,
    *,
    name: str,
    zone: str,
    country: str,
    region: str | None = None,
    address: str = "",
    phone: str = "",
    opening: Sequence[WeeklyHours] = (),
) -> Clinic:
    """Make a clinic. ``zone`` is an IANA name, ``country`` an ISO 3166 code of two letters.

    Raises ``Invalid`` for an unknown zone or region and for hours that make no sense.
    """
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    if zone not in available_timezones():
        raise Invalid(
            Phrase("There is no time zone %(zone)s.", zone=zone),
            code="unknown_zone",
            remedy="Use a name such as Europe/Berlin.",
        )
    check_region(country, region)
    check_week(opening)
    place: dict[str, Any] = {"zone": zone, "country": country, "region": region, "address": address, "phone": phone}
    row = ClinicRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        name=name,
        revision=1,
        created_at=context.now,
        **place,
    )
    context.tx.add(row)
    context.tx.flush()
    _write_opening(context, row.id, opening)
    record(context, "clinic_set_up", "clinic", row.id, clinic_id=row.id, opening=_told(opening), **place)
    return Clinic.of(row, _in_order(opening))


def edit_clinic(context: Context, *, clinic_id: UUID, seen: int | None, given: Mapping[str, Any]) -> Clinic:
    """Change a clinic's ``FIELDS``; ``None`` clears one. Calendars follow. Raises ``NotFound``, ``Stale``."""
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    row = locked_clinic(context, clinic_id, seen)
    before, address = _shown(row), row.address
    for field in given.keys() & set(FIELDS):
        setattr(row, field, given[field] or "")
    row.revision += 1
    if _shown(row) != before:
        show_new_place(context, clinic_id)
    if row.address != address:
        tell_new_place(context, clinic_id, row.revision)
    record(context, "clinic_edited", "clinic", row.id, clinic_id=row.id, fields=sorted(given))
    return Clinic.of(row, _opening(context, [row.id]).get(row.id, ()))


def _shown(row: ClinicRow) -> list[str]:
    return [getattr(row, field) for field in SHOWN]


def set_opening_hours(
    context: Context, *, clinic_id: UUID, opening: Sequence[WeeklyHours], seen: int | None
) -> ClinicChanged:
    """Replace the hours at which a clinic is usually open. Raises ``NotFound``, ``Stale``, ``Invalid``."""
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    check_week(opening)
    row = locked_clinic(context, clinic_id, seen)
    context.tx.execute(delete(OpeningHoursRow).where(OpeningHoursRow.clinic_id == clinic_id))
    _write_opening(context, clinic_id, opening)
    row.revision += 1
    record(context, "opening_hours_set", "clinic", clinic_id, clinic_id=clinic_id, opening=_told(opening))
    affected = affected_by_hours(context, resources_at(context, clinic_id))
    return ClinicChanged(Clinic.of(row, _in_order(opening)), affected)


def list_clinics(context: Context, *, after: UUID | None = None, limit: int = 25) -> Page[Clinic]:
    """The organisation's clinics, a page at a time; identifiers rise with time, so the first set up comes first."""
    require(context.actor, Action.SEE_CATALOGUE)
    query = select(ClinicRow).where(ClinicRow.organisation_id == context.organisation_id).order_by(ClinicRow.id)
    if after is not None:
        query = query.where(ClinicRow.id > after)
    page = page_of(context.tx.scalars(query.limit(limit + 1)).all(), limit, lambda row: row.id)
    opening = _opening(context, [row.id for row in page.items])
    return Page(tuple(Clinic.of(row, opening.get(row.id, ())) for row in page.items), page.last)


def get_clinic(context: Context, *, clinic_id: UUID) -> Clinic:
    """One clinic. Raises ``NotFound``."""
    require(context.actor, Action.SEE_CATALOGUE)
    return Clinic.of(clinic_of(context, clinic_id), _opening(context, [clinic_id]).get(clinic_id, ()))


def _opening(context: Context, clinic_ids: Sequence[UUID]) -> dict[UUID, list[WeeklyHours]]:
    hours = OpeningHoursRow
    columns = (hours.clinic_id, hours.weekday, hours.opens_minute, hours.closes_minute)
    query = select(*columns).where(hours.clinic_id.in_(clinic_ids)).order_by(hours.weekday, hours.opens_minute)
    found: dict[UUID, list[WeeklyHours]] = {}
    for row in context.tx.execute(query):
        weekly = WeeklyHours(row.weekday, (row.opens_minute, row.closes_minute))
        found.setdefault(row.clinic_id, []).append(weekly)
    return found


def _write_opening(context: Context, clinic_id: UUID, opening: Sequence[WeeklyHours]) -> None:
    for hours in opening:
        opens, closes = hours.minutes
        owner = {"organisation_id": context.organisation_id, "clinic_id": clinic_id}
        context.tx.add(OpeningHoursRow(**owner, weekday=hours.weekday, opens_minute=opens, closes_minute=closes))
    context.tx.flush()


def _in_order(opening: Sequence[WeeklyHours]) -> list[WeeklyHours]:
    return sorted(opening, key=lambda hours: (hours.weekday, hours.minutes))


def _told(opening: Sequence[WeeklyHours]) -> list[list[int]]:
    return [[hours.weekday, *hours.minutes] for hours in _in_order(opening)]
