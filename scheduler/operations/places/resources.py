"""Resources: the practitioners, rooms and devices that an appointment occupies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import aliased

from scheduler.domain.access import Action, require, require_fully
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid
from scheduler.domain.rosters import WeeklyHours
from scheduler.operations.calendars.links import revoke_links_to
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.pages import Page, page_of
from scheduler.operations.places.affected import Affected, affected_by_hours
from scheduler.operations.places.locked_hours import locked_resource, resource_of
from scheduler.storage.feeds import mark_staff_feeds
from scheduler.storage.rows import QualificationRow, ResourceRow, WorkingHoursRow
from scheduler.storage.types import new_id

FIELDS = ("name", "type", "active")


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of the usual week at one clinic."""

    clinic_id: UUID
    hours: WeeklyHours


@dataclass(frozen=True, slots=True)
class Qualified:
    """What a practitioner may perform, and until which clinic date; ``None`` does not end."""

    protocol: str
    valid_until: date | None
    renewal_expected: bool


@dataclass(frozen=True, slots=True)
class Resource:
    """Somebody or something that can be booked. ``type`` narrows devices ("laser").

    Without ``week`` it follows the opening hours of its clinic. ``roster_until`` is the last date of its published
    roster; beyond it plans rest on the usual week.
    """

    id: UUID
    clinic_id: UUID
    kind: ResourceKind
    name: str
    type: str | None
    active: bool
    roster_until: date | None
    revision: int
    week: tuple[Shift, ...]
    qualifications: tuple[Qualified, ...]

    @classmethod
    def of(cls, row: ResourceRow, week: Iterable[Shift] = (), qualifications: Iterable[Qualified] = ()) -> Self:
        facts = (row.clinic_id, row.kind, row.name, row.type, row.active, row.roster_until, row.revision)
        return cls(row.id, *facts, tuple(week), tuple(qualifications))


@dataclass(frozen=True, slots=True)
class ResourceChanged:
    """A resource after a change, and the appointments that can no longer take place as they are."""

    resource: Resource
    affected: tuple[Affected, ...]


def add_resource(
    context: Context, *, clinic_id: UUID, kind: ResourceKind, name: str, device_type: str | None = None
) -> Resource:
    """Add a practitioner, room or device to a clinic. Raises ``NotFound``, and ``Invalid`` for a type of no device."""
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    clinic_of(context, clinic_id)
    _check_type(kind, device_type)
    row = ResourceRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        clinic_id=clinic_id,
        kind=kind,
        name=name,
        type=device_type,
        active=True,
        revision=1,
    )
    context.tx.add(row)
    context.tx.flush()
    record(context, "resource_added", "resource", row.id, clinic_id=clinic_id, kind=kind.value, type=device_type)
    return Resource.of(row)


def change_resource(
    context: Context, *, resource_id: UUID, seen: int | None, given: Mapping[str, Any]
) -> ResourceChanged:
    """Change a resource's ``FIELDS``. One that is no longer active keeps its past and takes no new appointments.

    The links to its calendar end with that. Raises ``NotFound``, ``Stale``, and ``Invalid`` for a type of no device.
    """
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    row = locked_resource(context, resource_id, seen)
    _check_type(row.kind, given.get("type"))
    for field in FIELDS:
        setattr(row, field, given.get(field, getattr(row, field)))
    row.revision += 1
    if "name" in given:
        mark_staff_feeds(context.tx, context.organisation_id)
    if not row.active:
        revoke_links_to(context, resource_id)
    told = {field: given[field] for field in ("type", "active") if field in given}
    record(context, "resource_changed", "resource", row.id, clinic_id=row.clinic_id, fields=sorted(given), **told)
    return changed(context, row)


def changed(context: Context, row: ResourceRow) -> ResourceChanged:
    """A locked resource as it stands after a change of its hours, with the appointments that fell outside of them."""
    return ResourceChanged(as_it_stands(context, row), affected_by_hours(context, [row.id]))


def as_it_stands(context: Context, row: ResourceRow) -> Resource:
    """A resource with its hours, what this transaction has changed included."""
    context.tx.flush()
    return _with_hours(context, [row])[0]


def get_resource(context: Context, *, resource_id: UUID) -> Resource:
    """One resource. Raises ``NotFound``."""
    require(context.actor, Action.SEE_CATALOGUE)
    return as_it_stands(context, resource_of(context, resource_id))


@dataclass(frozen=True, slots=True)
class ResourceFilter:
    """Which resources: of a kind, at home in a clinic, in use or not."""

    kind: ResourceKind | None = None
    clinic_id: UUID | None = None
    active: bool | None = None


def list_resources(
    context: Context, wanted: ResourceFilter, *, limit: int = 25, after: UUID | None = None
) -> Page[Resource]:
    """The resources that fit, by name, a page at a time; ``after`` is the last one of the page before."""
    require(context.actor, Action.SEE_CATALOGUE)
    query = select(ResourceRow).where(ResourceRow.organisation_id == context.organisation_id, *_conditions(wanted))
    if after is not None:
        before = aliased(ResourceRow)
        name = select(before.name).where(before.id == after).scalar_subquery()
        query = query.where(tuple_(ResourceRow.name, ResourceRow.id) > tuple_(name, after))
    rows = context.tx.scalars(query.order_by(ResourceRow.name, ResourceRow.id).limit(limit + 1)).all()
    page = page_of(rows, limit, lambda row: row.id)
    return Page(tuple(_with_hours(context, page.items)), page.last)


def _conditions(wanted: ResourceFilter) -> list[Any]:
    pairs = (
        (wanted.kind, ResourceRow.kind == wanted.kind),
        (wanted.clinic_id, ResourceRow.clinic_id == wanted.clinic_id),
        (wanted.active, ResourceRow.active.is_(wanted.active)),
    )
    return [condition for given, condition in pairs if given is not None]


def _check_type(kind: ResourceKind, device_type: str | None) -> None:
    if device_type is not None and kind is not ResourceKind.DEVICE:
        raise Invalid("Only a device has a type.", code="type_of_no_device", kind=kind.value)


def _with_hours(context: Context, rows: Sequence[ResourceRow]) -> list[Resource]:
    ids = [row.id for row in rows]
    weeks, qualified = _weeks(context, ids), _qualifications(context, ids)
    return [Resource.of(row, weeks.get(row.id, ()), qualified.get(row.id, ())) for row in rows]


def _weeks(context: Context, ids: Sequence[UUID]) -> dict[UUID, list[Shift]]:
    row = WorkingHoursRow
    minutes = (row.starts_minute, row.ends_minute)
    columns = (row.resource_id, row.clinic_id, row.weekday, *minutes, row.valid_from, row.valid_until)
    query = select(*columns).where(row.resource_id.in_(ids)).order_by(row.weekday, row.starts_minute, row.id)
    found: dict[UUID, list[Shift]] = {}
    for one in context.tx.execute(query):
        hours = WeeklyHours(one.weekday, (one.starts_minute, one.ends_minute), one.valid_from, one.valid_until)
        found.setdefault(one.resource_id, []).append(Shift(one.clinic_id, hours))
    return found


def _qualifications(context: Context, ids: Sequence[UUID]) -> dict[UUID, list[Qualified]]:
    row = QualificationRow
    columns = (row.resource_id, row.protocol_code, row.valid_until, row.renewal_expected)
    query = select(*columns).where(row.resource_id.in_(ids)).order_by(row.protocol_code)
    found: dict[UUID, list[Qualified]] = {}
    for one in context.tx.execute(query):
        qualified = Qualified(one.protocol_code, one.valid_until, one.renewal_expected)
        found.setdefault(one.resource_id, []).append(qualified)
    return found
