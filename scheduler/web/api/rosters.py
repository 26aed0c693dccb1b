"""Rosters: a resource's usual week, single dates that differ, its published roster and its qualifications."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.operations.places.qualifications import disqualify, qualify
from scheduler.operations.places.rosters import clear_single_day, publish_roster, set_single_day, set_usual_week
from scheduler.web.api.fields import Code, Day
from scheduler.web.api.hours import MOST_HOURS, DayShiftBody, ShiftBody
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Routes
from scheduler.web.api.resources import ResourceChangedView, changed

routes = Routes("rosters")


class UsualWeek(Body):
    """All hours of the usual week; they replace the ones before. None: follow the clinic's opening hours."""

    week: Annotated[list[ShiftBody], Field(max_length=MOST_HOURS)]


class SingleDay(Body):
    """The hours of one date, whatever the usual week says. None: a day off; null: the usual week again."""

    on: Day
    shifts: Annotated[list[DayShiftBody], Field(max_length=MOST_HOURS)] | None


class PublishedRoster(Body):
    """The last date of the published roster, or null."""

    until: Day | None


class NewQualification(Body):
    """What a practitioner may perform. One that ends excludes later sessions unless its renewal is expected."""

    protocol: Code
    valid_until: Day | None = None
    renewal_expected: bool = False


@routes.post(
    "/resources/{resource_id}/hours", Action.MANAGE_RESOURCES, "Replace the usual week", revision=IfMatch.REQUIRED
)
def work_at(call: Call, resource_id: UUID, body: UsualWeek) -> Answer[ResourceChangedView]:
    week = [hours.shift for hours in body.week]
    return changed(set_usual_week(call.context, resource_id=resource_id, week=week, seen=call.seen))


@routes.post(
    "/resources/{resource_id}/days",
    Action.MANAGE_RESOURCES,
    "Say when a resource works on one date",
    revision=IfMatch.REQUIRED,
)
def work_on(call: Call, resource_id: UUID, body: SingleDay) -> Answer[ResourceChangedView]:
    if body.shifts is None:
        return changed(clear_single_day(call.context, resource_id=resource_id, on=body.on, seen=call.seen))
    shifts = [hours.shift for hours in body.shifts]
    return changed(set_single_day(call.context, resource_id=resource_id, on=body.on, shifts=shifts, seen=call.seen))


@routes.post(
    "/resources/{resource_id}/roster",
    Action.MANAGE_RESOURCES,
    "Say how far a roster is published",
    revision=IfMatch.REQUIRED,
)
def publish(call: Call, resource_id: UUID, body: PublishedRoster) -> Answer[ResourceChangedView]:
    return changed(publish_roster(call.context, resource_id=resource_id, until=body.until, seen=call.seen))


@routes.post(
    "/resources/{resource_id}/qualifications",
    Action.MANAGE_RESOURCES,
    "Say what a practitioner may perform, and until when",
    revision=IfMatch.REQUIRED,
)
def add_qualification(call: Call, resource_id: UUID, body: NewQualification) -> Answer[ResourceChangedView]:
    return changed(qualify(call.context, resource_id=resource_id, seen=call.seen, **dict(body)))


@routes.delete(
    "/resources/{resource_id}/qualifications/{protocol}",
    Action.MANAGE_RESOURCES,
    "Take a qualification away",
    revision=IfMatch.REQUIRED,
)
def remove_qualification(call: Call, resource_id: UUID, protocol: str) -> Answer[None]:
    after = disqualify(call.context, resource_id=resource_id, protocol=protocol, seen=call.seen)
    return Answer(None, revision=after.resource.revision)
